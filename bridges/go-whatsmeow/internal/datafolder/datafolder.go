// Package datafolder holds what processes share in the account's data folder:
// its mode, the lock of this bridge, the bearer token and the run file.
package datafolder

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// ErrLocked says that another process holds the bridge's lock.
var ErrLocked = errors.New("the data folder is in use")

// Folder is the opened data folder. Close releases its lock.
type Folder struct {
	path string
	lock *sql.DB
	held *sql.Conn
}

// RunFile is what a listening bridge tells other processes.
type RunFile struct {
	Bridge string `json:"bridge"`
	PID    int    `json:"pid"`
	Port   int    `json:"port"`
	// StartedAt is in milliseconds since 1970.
	StartedAt int64 `json:"started_at"`
}

// Open makes the folder (mode 0700) and takes the lock of this bridge. A second
// process gets ErrLocked, wrapped in a sentence that says who holds it.
func Open(ctx context.Context, path string) (*Folder, error) {
	if err := os.MkdirAll(filepath.Join(path, filepath.Dir(contract.FileWhatsmeowRun)), 0o700); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	if err := os.Chmod(path, 0o700); err != nil {
		return nil, fmt.Errorf("close data folder to others: %w", err)
	}
	folder := &Folder{path: path}
	if err := folder.takeLock(ctx); err != nil {
		return nil, err
	}
	return folder, nil
}

// Path gives the absolute path of a file of the folder; name is one of contract.File….
func (f *Folder) Path(name string) string { return filepath.Join(f.path, filepath.FromSlash(name)) }

// takeLock begins an exclusive SQLite transaction that stays open for life:
// the kernel drops it when the process dies, however it dies.
func (f *Folder) takeLock(ctx context.Context) error {
	db, err := sql.Open("sqlite", "file:"+f.Path(contract.FileWhatsmeowLock)+"?_pragma=busy_timeout(0)")
	if err != nil {
		return fmt.Errorf("open lock: %w", err)
	}
	held, err := db.Conn(ctx)
	if err != nil {
		return errors.Join(fmt.Errorf("open lock: %w", err), db.Close())
	}
	if _, err := held.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		var code *sqlite.Error
		if errors.As(err, &code) && code.Code()&0xff == sqlite3.SQLITE_BUSY {
			err = fmt.Errorf("%w: %s", ErrLocked, f.holder())
		}
		return errors.Join(err, held.Close(), db.Close())
	}
	f.lock, f.held = db, held
	return nil
}

func (f *Folder) holder() string {
	content, err := os.ReadFile(f.Path(contract.FileWhatsmeowRun))
	var run RunFile
	if err != nil || json.Unmarshal(content, &run) != nil {
		return fmt.Sprintf("another whatsmeow bridge that is just starting holds %s", f.path)
	}
	return fmt.Sprintf("the whatsmeow bridge with process id %d (port %d) holds %s; stop it first, or use it", run.PID, run.Port, f.path)
}

// Token gives the bearer token of both bridges and makes it when it is missing.
func (f *Folder) Token() (string, error) {
	path := f.Path(contract.FileToken)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return readToken(path)
	}
	if err != nil {
		return "", fmt.Errorf("make token: %w", err)
	}
	token := newToken()
	_, err = file.WriteString(token + "\n")
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return "", fmt.Errorf("write token: %w", err)
	}
	return token, nil
}

func newToken() string {
	secret := make([]byte, 32)
	rand.Read(secret)
	return hex.EncodeToString(secret)
}

// tokenWait bounds the wait for the other bridge, which may be between making
// the file and writing to it.
const tokenWait = 2 * time.Second

func readToken(path string) (string, error) {
	for deadline := time.Now().Add(tokenWait); ; {
		content, err := os.ReadFile(path)
		if err != nil {
			return "", fmt.Errorf("read token: %w", err)
		}
		token := strings.TrimSpace(string(content))
		if len(token) == 64 {
			return token, nil
		}
		if time.Now().After(deadline) {
			return "", fmt.Errorf("%s must hold 64 hex digits; delete it and start again", path)
		}
		// The file system tells nobody when the other process has written it.
		time.Sleep(10 * time.Millisecond)
	}
}

// WriteRunFile tells other processes where the bridge listens.
func (f *Folder) WriteRunFile(run RunFile) error {
	content, err := json.Marshal(run)
	if err != nil {
		return fmt.Errorf("encode run file: %w", err)
	}
	path := f.Path(contract.FileWhatsmeowRun)
	draft := fmt.Sprintf("%s.%d", path, run.PID)
	if err := os.WriteFile(draft, append(content, '\n'), 0o600); err != nil {
		return fmt.Errorf("write run file: %w", err)
	}
	if err := os.Rename(draft, path); err != nil {
		return fmt.Errorf("publish run file: %w", err)
	}
	return nil
}

// Close removes the run file and releases the lock.
func (f *Folder) Close() error {
	err := os.Remove(f.Path(contract.FileWhatsmeowRun))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, f.held.Close(), f.lock.Close())
}
