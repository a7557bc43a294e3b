package datafolder

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func open(t *testing.T, path string) *Folder {
	t.Helper()
	folder, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestOpen_SecondIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "account")
	first := open(t, path)
	if err := first.WriteRunFile(RunFile{Bridge: "whatsmeow", PID: 4711, Port: 8080}); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), path)
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), "4711") {
		t.Errorf("second Open: got %v, want ErrLocked that names process 4711", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(path, "run/whatsmeow.json")); !os.IsNotExist(err) {
		t.Errorf("run file after Close: got %v, want none", err)
	}
	again := open(t, path)
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestFolder_Token(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	folder := open(t, path)
	defer folder.Close()
	first, err := folder.Token()
	if err != nil {
		t.Fatal(err)
	}
	second, err := folder.Token()
	if err != nil || first != second || len(first) != 64 {
		t.Errorf("got %d digits, then equal %v, error %v; want the same 64 digits", len(first), first == second, err)
	}
	for name, want := range map[string]os.FileMode{"token": 0o600, ".": 0o700} {
		info, err := os.Stat(filepath.Join(path, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: got mode %v, %v; want %v", name, info.Mode().Perm(), err, want)
		}
	}
}
