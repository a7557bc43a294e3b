package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/record"
)

// Notification is a row of the history queue.
type Notification struct {
	ID         string
	Proto      []byte
	SyncType   string
	ChunkOrder *int
	Progress   *int
	// ReceivedAt is in milliseconds since 1970.
	ReceivedAt int64
	// Stored: the rows are in messages.db, the blob is still on the server.
	Stored   bool
	Attempts int
}

// QueueHistory makes a notification durable; a repeated one changes nothing.
func (s *Store) QueueHistory(ctx context.Context, n Notification) error {
	return s.write(ctx, func(t *transaction) error {
		_, err := t.tx.ExecContext(t.ctx, `INSERT INTO wm_history_queue
			(id, notification, sync_type, chunk_order, progress, status, next_attempt_at, received_at, updated_at)
			VALUES (?, ?, ?, ?, ?, 'pending', ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
			n.ID, n.Proto, n.SyncType, value(n.ChunkOrder), value(n.Progress), t.now, n.ReceivedAt, t.now)
		if err != nil {
			return fmt.Errorf("queue history: %w", err)
		}
		return nil
	})
}

// NextHistory gives the notification that is due first; nil when none is due,
// with the time (ms) of the next one, 0 for none.
func (s *Store) NextHistory(ctx context.Context, now int64) (*Notification, int64, error) {
	var n Notification
	var status string
	var due int64
	var order, progress sql.NullInt64
	err := s.reader.QueryRowContext(ctx, `SELECT id, notification, sync_type, chunk_order, progress, received_at, status, attempts, next_attempt_at
		FROM wm_history_queue WHERE status IN ('pending', 'stored') ORDER BY next_attempt_at, received_at, id LIMIT 1`).
		Scan(&n.ID, &n.Proto, &n.SyncType, &order, &progress, &n.ReceivedAt, &status, &n.Attempts, &due)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read history queue: %w", err)
	}
	if due > now {
		return nil, due, nil
	}
	n.Stored = status == "stored"
	n.ChunkOrder, n.Progress = whole(order), whole(progress)
	return &n, due, nil
}

func whole(number sql.NullInt64) *int {
	if !number.Valid {
		return nil
	}
	converted := int(number.Int64)
	return &converted
}

// FinishHistory merges the last batch of a chunk and marks its notification as
// stored, in one transaction.
func (s *Store) FinishHistory(ctx context.Context, id string, batch record.Batch) error {
	return s.write(ctx, func(t *transaction) error {
		if err := t.apply(batch); err != nil {
			return err
		}
		if batch.Chunk != nil {
			if err := t.chunk(id, *batch.Chunk); err != nil {
				return err
			}
		}
		return t.mark(id, "stored", nil)
	})
}

// ForgetHistory marks a notification whose blob was deleted; done says whether
// its rows are stored, else it is lost for the given reason.
func (s *Store) ForgetHistory(ctx context.Context, id string, done bool, reason string) error {
	return s.write(ctx, func(t *transaction) error {
		if done {
			return t.mark(id, "done", nil)
		}
		return t.mark(id, "lost", &reason)
	})
}

func (t *transaction) mark(id, status string, reason *string) error {
	_, err := t.tx.ExecContext(t.ctx, "UPDATE wm_history_queue SET status = ?, error = ?, updated_at = ? WHERE id = ?", status, value(reason), t.now, id)
	if err != nil {
		return fmt.Errorf("mark history as %s: %w", status, err)
	}
	return nil
}

// RetryHistory plans the next attempt.
func (s *Store) RetryHistory(ctx context.Context, id string, next time.Time, reason string) error {
	return s.write(ctx, func(t *transaction) error {
		_, err := t.tx.ExecContext(t.ctx, "UPDATE wm_history_queue SET attempts = attempts + 1, next_attempt_at = ?, error = ?, updated_at = ? WHERE id = ?",
			next.UnixMilli(), reason, t.now, id)
		if err != nil {
			return fmt.Errorf("plan history: %w", err)
		}
		return nil
	})
}

// HistoryStatus counts what the phone has pushed to this bridge.
func (s *Store) HistoryStatus(ctx context.Context) (contract.HistoryStatus, error) {
	source := Source
	status := contract.HistoryStatus{SourceUUID: &source}
	err := s.reader.QueryRowContext(ctx, `SELECT count(*) FILTER (WHERE status = 'pending'), count(*) FILTER (WHERE status = 'lost') FROM wm_history_queue`).
		Scan(&status.PendingDownloads, &status.FailedDownloads)
	if err != nil {
		return status, fmt.Errorf("count history queue: %w", err)
	}
	// A phone numbers the chunks of one kind without holes.
	err = s.reader.QueryRowContext(ctx, `SELECT coalesce(sum(missing), 0) FROM (
		SELECT max(chunk_order) - min(chunk_order) + 1 - count(DISTINCT chunk_order) AS missing FROM wm_history_queue
		WHERE chunk_order IS NOT NULL AND sync_type IN ('FULL', 'RECENT') GROUP BY sync_type)`).Scan(&status.ChunkGaps)
	if err != nil {
		return status, fmt.Errorf("count chunk gaps: %w", err)
	}
	return status, s.historyProgress(ctx, &status)
}

func (s *Store) historyProgress(ctx context.Context, status *contract.HistoryStatus) (err error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT sync_type, count(*), max(progress), max(merged_at) FROM history_chunks
		WHERE source_uuid = ? GROUP BY sync_type ORDER BY sync_type`, Source)
	if err != nil {
		return fmt.Errorf("read history progress: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	status.Progress = status.Progress[:0]
	for rows.Next() {
		var one struct {
			Chunks      int             `json:"chunks"`
			LastChunkAt contract.Millis `json:"last_chunk_at"`
			Progress    *int            `json:"progress,omitempty"`
			SyncType    string          `json:"sync_type"`
		}
		var progress sql.NullInt64
		if err := rows.Scan(&one.SyncType, &one.Chunks, &progress, &one.LastChunkAt); err != nil {
			return fmt.Errorf("read history progress: %w", err)
		}
		one.Progress = whole(progress)
		status.Progress = append(status.Progress, one)
	}
	return rows.Err()
}

// Note keeps a small fact of this bridge; keys begin with "wm_".
func (s *Store) Note(ctx context.Context, key, value string) error {
	return s.write(ctx, func(t *transaction) error {
		if _, err := t.tx.ExecContext(t.ctx, "INSERT INTO meta (k, v) VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v", key, value); err != nil {
			return fmt.Errorf("note %s: %w", key, err)
		}
		return nil
	})
}

// Noted gives a fact that Note kept; empty for none.
func (s *Store) Noted(ctx context.Context, key string) (value string, err error) {
	err = s.reader.QueryRowContext(ctx, "SELECT coalesce((SELECT v FROM meta WHERE k = ?), '')", key).Scan(&value)
	if err != nil {
		return "", fmt.Errorf("read note %s: %w", key, err)
	}
	return value, nil
}
