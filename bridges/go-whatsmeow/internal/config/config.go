// Package config reads the settings of the bridge from the environment and from
// config.json of the data folder. The settings themselves are declared in
// bridges/contract; only cmd uses this package.
package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// Config is what the bridge needs to know before it starts.
type Config struct {
	// DataDir is the absolute path of the account's folder.
	DataDir string
	// Port on 127.0.0.1; 0 means any free one.
	Port int
	// Simulator is the loopback address of a simulated WhatsApp; invalid when the real one is meant.
	Simulator netip.AddrPort
	// DeviceName is what the phone shows in its list of linked devices.
	DeviceName string
	LogLevel   slog.Level
}

// Simulated says whether the bridge talks to a simulator.
func (c Config) Simulated() bool { return c.Simulator.IsValid() }

// maxConfigBytes bounds config.json, which a person writes by hand.
const maxConfigBytes = 1 << 20

// Load reads the settings; the environment wins over config.json. Every error
// names the setting, what was expected and what came.
func Load(getenv func(string) string, home string) (Config, error) {
	dataDir, err := dataDir(getenv, home)
	if err != nil {
		return Config{}, err
	}
	file, err := readFile(filepath.Join(dataDir, contract.FileConfig))
	if err != nil {
		return Config{}, err
	}
	values := make(map[string]string, len(contract.Settings))
	for _, setting := range contract.Settings {
		value, err := resolve(setting, getenv, file)
		if err != nil {
			return Config{}, err
		}
		values[setting.Key] = value
	}
	return parse(dataDir, values)
}

func parse(dataDir string, values map[string]string) (Config, error) {
	simulator, err := simulatorAddress(values["simulator"])
	if err != nil {
		return Config{}, err
	}
	port, err := strconv.Atoi(values["whatsmeow_port"])
	if err != nil || port < 0 || port > 65535 {
		return Config{}, fmt.Errorf("WHATSAPP_WHATSMEOW_PORT must be a port from 0 to 65535, not %q", values["whatsmeow_port"])
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(values["log_level"])); err != nil {
		return Config{}, fmt.Errorf("WHATSAPP_LOG_LEVEL: %w", err)
	}
	return Config{DataDir: dataDir, Port: port, Simulator: simulator, DeviceName: values["device_name"], LogLevel: level}, nil
}

func dataDir(getenv func(string) string, home string) (string, error) {
	var setting contract.Setting
	for _, one := range contract.Settings {
		if one.Key == "data_dir" {
			setting = one
		}
	}
	value, err := resolve(setting, getenv, nil)
	if err != nil {
		return "", err
	}
	if rest, ok := strings.CutPrefix(value, "~"); ok {
		value = filepath.Join(home, rest)
	}
	return filepath.Abs(value)
}

func resolve(setting contract.Setting, getenv func(string) string, file map[string]json.RawMessage) (string, error) {
	value := getenv(setting.Env)
	if raw, ok := file[setting.Key]; ok && value == "" {
		value = scalar(raw)
	}
	if value == "" {
		value = setting.Default
	}
	if len(setting.Choices) == 0 {
		return value, nil
	}
	if slices.Contains(setting.Choices, value) {
		return value, nil
	}
	return "", fmt.Errorf("%s must be one of %s, not %q", setting.Env, strings.Join(setting.Choices, ", "), value)
}

// scalar gives a JSON string, number or boolean as the environment would write it.
func scalar(raw json.RawMessage) string {
	var text string
	if err := json.Unmarshal(raw, &text); err == nil {
		return text
	}
	return string(raw)
}

func readFile(path string) (map[string]json.RawMessage, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for %s: %w", path, err)
	}
	if info.Size() > maxConfigBytes {
		return nil, fmt.Errorf("%s has %d bytes, more than the %d that are read", path, info.Size(), maxConfigBytes)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	var values map[string]json.RawMessage
	if err := json.Unmarshal(content, &values); err != nil {
		return nil, fmt.Errorf("%s must hold one JSON object: %w", path, err)
	}
	for key := range values {
		if _, known := contract.SettingKeys[key]; !known {
			return nil, fmt.Errorf("%s has the unknown key %q; docs/configuration.md lists the keys", path, key)
		}
	}
	return values, nil
}

// simulatorAddress accepts loopback addresses only: the simulator has no TLS.
func simulatorAddress(value string) (netip.AddrPort, error) {
	if value == "" {
		return netip.AddrPort{}, nil
	}
	refused := fmt.Errorf("WHATSAPP_SIMULATOR must be ws://127.0.0.1:PORT/ws/chat on a loopback address, not %q", value)
	address, err := url.Parse(value)
	if err != nil || address.Scheme != "ws" || address.Path != "/ws/chat" {
		return netip.AddrPort{}, refused
	}
	host := address.Hostname()
	if host == "localhost" {
		host = "127.0.0.1"
	}
	parsed, err := netip.ParseAddrPort(net.JoinHostPort(host, address.Port()))
	if err != nil || !parsed.Addr().IsLoopback() || parsed.Port() == 0 {
		return netip.AddrPort{}, refused
	}
	return parsed, nil
}
