// Package store is messages.db as the bridge writes it: opening and migrating,
// the shared merge rules, the queue of history notifications. What a record
// does to the database is decided in bridges/contract/store/merge, of which
// sql/ is a copy that the build embeds.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// oldestSQLite: older ones can lose committed pages when two connections write
// and checkpoint at once (sqlite.org/wal.html#walresetbug).
var oldestSQLite = [3]int{3, 51, 3}

// Store writes messages.db. Safe for concurrent use; Close waits for writes
// that have begun.
type Store struct {
	writer *sql.DB
	reader *sql.DB
	merge  statements
	mapped mappedPairs
	log    *slog.Logger

	requests chan request
	done     chan struct{}
	stop     context.CancelFunc
}

// dsn opens connections as bridges/contract/store/README.md wants them.
func dsn(path string, readOnly bool) string {
	pragmas := []string{
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
		"temp_store(MEMORY)", "trusted_schema(0)", "journal_size_limit(67108864)",
	}
	if readOnly {
		pragmas = append(pragmas, "query_only(1)")
	}
	query := url.Values{"_pragma": pragmas, "_txlock": {"immediate"}}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query.Encode()
}

// readers is how many connections read at once.
const readers = 4

// Open opens messages.db, makes it (mode 0600) where there is none, and brings
// its schema up to date. The caller closes it.
func Open(ctx context.Context, path string, log *slog.Logger) (*Store, error) {
	if err := makePrivate(path); err != nil {
		return nil, err
	}
	store := &Store{log: log, mapped: mappedPairs{}, requests: make(chan request), done: make(chan struct{})}
	var err error
	if store.writer, err = sql.Open("sqlite", dsn(path, false)); err != nil {
		return nil, fmt.Errorf("open messages.db: %w", err)
	}
	// One connection: writes never wait for each other inside this process.
	store.writer.SetMaxOpenConns(1)
	if err := store.prepare(ctx, path); err != nil {
		return nil, errors.Join(err, store.closeConnections())
	}
	working, stop := context.WithCancel(context.Background())
	store.stop = stop
	go store.work(working)
	return store, nil
}

func makePrivate(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("make messages.db: %w", err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("make messages.db: %w", err)
	}
	return nil
}

func (s *Store) prepare(ctx context.Context, path string) error {
	if err := checkSQLite(ctx, s.writer); err != nil {
		return err
	}
	if err := migrate(ctx, s.writer); err != nil {
		return err
	}
	merge, err := prepareStatements(ctx, s.writer)
	if err != nil {
		return err
	}
	s.merge = merge
	if s.reader, err = sql.Open("sqlite", dsn(path, true)); err != nil {
		return fmt.Errorf("open messages.db for reading: %w", err)
	}
	s.reader.SetMaxOpenConns(readers)
	return nil
}

func checkSQLite(ctx context.Context, db *sql.DB) error {
	var text string
	if err := db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&text); err != nil {
		return fmt.Errorf("ask SQLite for its version: %w", err)
	}
	var version [3]int
	if _, err := fmt.Sscanf(text, "%d.%d.%d", &version[0], &version[1], &version[2]); err != nil {
		return fmt.Errorf("read SQLite version %q: %w", text, err)
	}
	for i, least := range oldestSQLite {
		if version[i] != least {
			if version[i] < least {
				return fmt.Errorf("this program runs with SQLite %s, which can lose messages; it needs %v or later", text, oldestSQLite)
			}
			return nil
		}
	}
	return nil
}

// Close ends the writer after its current transaction and closes the file.
func (s *Store) Close() error {
	s.stop()
	<-s.done
	_, err := s.writer.ExecContext(context.Background(), "PRAGMA optimize")
	return errors.Join(err, s.closeConnections())
}

func (s *Store) closeConnections() error {
	var err error
	if s.merge != nil {
		err = s.merge.close()
	}
	if s.reader != nil {
		err = errors.Join(err, s.reader.Close())
	}
	return errors.Join(err, s.writer.Close())
}
