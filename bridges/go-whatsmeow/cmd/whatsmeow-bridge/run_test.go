package main

import (
	"errors"
	"io"
	"testing"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/datafolder"
)

func TestRun_SecondIsRefused(t *testing.T) {
	dir := t.TempDir()
	folder, err := datafolder.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	getenv := func(name string) string { return map[string]string{"WHATSAPP_DATA_DIR": dir}[name] }
	if err := run(t.Context(), getenv, io.Discard); !errors.Is(err, datafolder.ErrLocked) {
		t.Errorf("got %v, want ErrLocked", err)
	}
}

func TestRun_WrongSetting(t *testing.T) {
	getenv := func(name string) string {
		return map[string]string{"WHATSAPP_SIMULATOR": "ws://192.0.2.1:1/ws/chat"}[name]
	}
	var wrong settingsError
	if err := run(t.Context(), getenv, io.Discard); !errors.As(err, &wrong) {
		t.Errorf("got %v, want a settingsError", err)
	}
}
