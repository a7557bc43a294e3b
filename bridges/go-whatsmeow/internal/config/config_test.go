package config

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func environment(pairs ...string) func(string) string {
	values := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return values[name] }
}

func TestLoad(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	got, err := Load(environment(), home)
	if err != nil {
		t.Fatal(err)
	}
	if got.DataDir != filepath.Join(home, ".whatsapp-mcp") || got.Port != 8080 || got.Simulated() || got.LogLevel != slog.LevelInfo {
		t.Errorf("defaults: got %+v", got)
	}
}

func TestLoad_FileAndEnvironment(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte(`{"whatsmeow_port": 9000, "device_name": "Desk", "confirm": "off"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := Load(environment("WHATSAPP_DATA_DIR", dir, "WHATSAPP_DEVICE_NAME", "Lamp"), "/")
	if err != nil {
		t.Fatal(err)
	}
	if got.Port != 9000 || got.DeviceName != "Lamp" {
		t.Errorf("got port %d and name %q, want 9000 from the file and Lamp from the environment", got.Port, got.DeviceName)
	}
}

func TestLoad_Refuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, env, value, want string }{
		{"public simulator", "WHATSAPP_SIMULATOR", "ws://192.0.2.1:80/ws/chat", "loopback"},
		{"simulator name", "WHATSAPP_SIMULATOR", "ws://example.org:80/ws/chat", "loopback"},
		{"simulator over TLS", "WHATSAPP_SIMULATOR", "wss://127.0.0.1:80/ws/chat", "ws://127.0.0.1"},
		{"simulator without port", "WHATSAPP_SIMULATOR", "ws://127.0.0.1/ws/chat", "PORT"},
		{"port", "WHATSAPP_WHATSMEOW_PORT", "70000", "0 to 65535"},
		{"log level", "WHATSAPP_LOG_LEVEL", "loud", "debug, info"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(environment("WHATSAPP_DATA_DIR", t.TempDir(), test.env, test.value), "/")
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestLoad_UnknownKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte(`{"colour": "blue"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(environment("WHATSAPP_DATA_DIR", dir), "/"); err == nil || !strings.Contains(err.Error(), `"colour"`) {
		t.Errorf("got %v, want an error that names the key", err)
	}
}
