package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"
)

//go:embed sql/migrations/*.sql sql/merge/*.sql
var shared embed.FS

// migration is one file of sql/migrations, NNNN_name.sql.
type migration struct {
	version  int
	name     string
	checksum string
	sql      string
}

func readMigrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "sql/migrations/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	var found []migration
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read migration: %w", err)
		}
		base := strings.TrimSuffix(path.Base(name), ".sql")
		number, _, _ := strings.Cut(base, "_")
		version, err := strconv.Atoi(number)
		if err != nil {
			return nil, fmt.Errorf("migration %s must begin with its number: %w", name, err)
		}
		sum := sha256.Sum256(content)
		found = append(found, migration{version: version, name: base, checksum: hex.EncodeToString(sum[:]), sql: string(content)})
	}
	return found, nil
}

// migrate brings the schema up to date in one transaction, and refuses a
// database that this program does not know.
func migrate(ctx context.Context, db *sql.DB) (err error) {
	known, err := readMigrations(shared)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin migration: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	var version int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if err := compare(ctx, tx, known, version); err != nil {
		return err
	}
	for _, step := range known {
		if step.version <= version {
			continue
		}
		if err := apply(ctx, tx, step); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// compare refuses a newer database, and one whose history differs.
func compare(ctx context.Context, tx *sql.Tx, known []migration, version int) error {
	latest := known[len(known)-1].version
	if version > latest {
		return fmt.Errorf("messages.db has schema version %d, this program knows up to %d: update the whatsmeow bridge (make build)", version, latest)
	}
	for _, step := range known {
		if step.version > version {
			break
		}
		var checksum string
		if err := tx.QueryRowContext(ctx, "SELECT checksum FROM schema_migrations WHERE version = ?", step.version).Scan(&checksum); err != nil {
			return fmt.Errorf("read schema history: %w", err)
		}
		if checksum != step.checksum {
			return fmt.Errorf("messages.db was made by another version of migration %s: update the older program (make build), or move the file away", step.name)
		}
	}
	return nil
}

func apply(ctx context.Context, tx *sql.Tx, step migration) error {
	if _, err := tx.ExecContext(ctx, step.sql); err != nil {
		return fmt.Errorf("apply migration %s: %w", step.name, err)
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)",
		step.version, step.name, step.checksum, time.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("record migration %s: %w", step.name, err)
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", step.version)); err != nil {
		return fmt.Errorf("set schema version: %w", err)
	}
	return nil
}
