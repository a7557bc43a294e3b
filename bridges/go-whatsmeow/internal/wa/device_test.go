package wa

import (
	"os"
	"path/filepath"
	"testing"
)

func TestMakePrivate(t *testing.T) {
	t.Parallel()
	fresh := filepath.Join(t.TempDir(), "fresh.db")
	open := filepath.Join(t.TempDir(), "open.db")
	if err := os.WriteFile(open, []byte("kept"), 0o644); err != nil { //nolint:gosec // What an older version left behind.
		t.Fatal(err)
	}
	for _, path := range []string{fresh, open} {
		if err := makePrivate(path); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != privateMode {
			t.Errorf("%s has mode %v, want %v", filepath.Base(path), info.Mode().Perm(), os.FileMode(privateMode))
		}
	}
	if content, err := os.ReadFile(open); err != nil || string(content) != "kept" {
		t.Errorf("content is %q (%v), want it kept", content, err)
	}
}
