// Package ingest brings history into the store: a durable queue of the phone's
// notifications, one worker, one chunk after the other.
package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/feed"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/record"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/store"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/wa"
)

// Queue is what the worker needs of the store.
type Queue interface {
	NextHistory(ctx context.Context, now int64) (*store.Notification, int64, error)
	Apply(ctx context.Context, batch record.Batch) error
	FinishHistory(ctx context.Context, id string, batch record.Batch) error
	ForgetHistory(ctx context.Context, id string, done bool, reason string) error
	RetryHistory(ctx context.Context, id string, next time.Time, reason string) error
}

// Phone is what the worker needs of the account.
type Phone interface {
	DownloadHistory(ctx context.Context, notification []byte, receivedAt int64) (*wa.HistoryChunk, error)
	ForgetHistory(ctx context.Context, notification []byte) error
	AskHistoryAgain(ctx context.Context, id string, notification []byte) error
	AnnounceHistory()
}

// History is the worker. Wake may be called from anywhere; Run once.
type History struct {
	queue Queue
	phone Phone
	feed  *feed.Feed
	log   *slog.Logger
	wake  chan struct{}
}

// NewHistory makes a worker that Run starts.
func NewHistory(queue Queue, events *feed.Feed, log *slog.Logger) *History {
	return &History{queue: queue, feed: events, log: log, wake: make(chan struct{}, 1)}
}

// Wake says that there may be work; it never blocks.
func (h *History) Wake() {
	select {
	case h.wake <- struct{}{}:
	default: // it is awake
	}
}

// idleWait bounds a wait that nothing ends, so that a planned attempt of another
// process or an error of the store is noticed.
const idleWait = time.Minute

// Run works until the context ends. A crash at any point repeats at most a
// chunk, and a repeated chunk changes nothing.
func (h *History) Run(ctx context.Context, phone Phone) {
	h.phone = phone
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.wake:
		case <-timer.C:
		}
		timer.Reset(h.drain(ctx))
	}
}

// drain handles what is due and gives the time to the next attempt.
func (h *History) drain(ctx context.Context) time.Duration {
	for ctx.Err() == nil {
		next, due, err := h.queue.NextHistory(ctx, time.Now().UnixMilli())
		if err != nil {
			h.log.Error("read history queue", "error", err)
			return idleWait
		}
		if next == nil {
			if due == 0 {
				return idleWait
			}
			return min(idleWait, max(time.Until(time.UnixMilli(due)), 0))
		}
		h.handle(ctx, *next)
	}
	return idleWait
}

const (
	retryFirst = 2 * time.Second
	retryMost  = 30 * time.Minute
	// attemptsMost is where a chunk that is there but cannot be read counts as lost.
	attemptsMost = 20
)

func (h *History) handle(ctx context.Context, n store.Notification) {
	err := h.step(ctx, n)
	if err == nil || ctx.Err() != nil {
		return
	}
	if errors.Is(err, wa.ErrHistoryGone) || n.Attempts >= attemptsMost {
		h.lose(ctx, n, err)
		return
	}
	wait := min(retryFirst<<min(n.Attempts, 16), retryMost)
	var fault *contract.Fault
	if errors.As(err, &fault) && fault.Code != contract.Internal {
		// Without a connection no attempt was made; Wake comes with the next one.
		wait = retryFirst
	}
	wait = wait/2 + rand.N(wait/2)
	h.log.Warn("history chunk", "id", n.ID, "error", err, "retry_ms", wait.Milliseconds())
	if err := h.queue.RetryHistory(ctx, n.ID, time.Now().Add(wait), err.Error()); err != nil {
		h.log.Error("plan history", "error", err)
	}
}

// step stores the chunk, or deletes one from the server that is stored.
func (h *History) step(ctx context.Context, n store.Notification) error {
	if !n.Stored {
		if err := h.fetch(ctx, n); err != nil {
			return err
		}
	}
	if err := h.phone.ForgetHistory(ctx, n.Proto); err != nil {
		return fmt.Errorf("delete from server: %w", err)
	}
	if err := h.queue.ForgetHistory(ctx, n.ID, true, ""); err != nil {
		return err
	}
	h.phone.AnnounceHistory()
	return nil
}

func (h *History) fetch(ctx context.Context, n store.Notification) error {
	chunk, err := h.phone.DownloadHistory(ctx, n.Proto, n.ReceivedAt)
	if err != nil {
		return fmt.Errorf("download: %w", err)
	}
	for page := range chunk.Pages {
		began := time.Now()
		if err := h.queue.Apply(ctx, page); err != nil {
			return fmt.Errorf("store: %w", err)
		}
		if err := yield(ctx, time.Since(began)); err != nil {
			return err
		}
	}
	last := record.Batch{Origin: record.History, ReceivedAt: n.ReceivedAt, Chunk: &chunk.Chunk, ChunkID: n.ID}
	if err := h.queue.FinishHistory(ctx, n.ID, last); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	h.log.Info("history stored", "type", chunk.Chunk.SyncType, "messages", chunk.Chunk.Messages, "chats", chunk.Chunk.Chats)
	if chunk.Answer != nil {
		h.feed.Publish(*chunk.Answer)
	}
	return nil
}

// yield leaves the database to other processes for half of the time that a
// page took: SQLite's waiting writers are not served in order.
func yield(ctx context.Context, took time.Duration) error {
	timer := time.NewTimer(took / 2)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *History) lose(ctx context.Context, n store.Notification, cause error) {
	h.log.Error("history chunk is lost; the phone is asked for it again", "id", n.ID, "error", cause)
	if err := h.phone.AskHistoryAgain(ctx, n.ID, n.Proto); err != nil {
		h.log.Warn("ask for history again", "error", err)
	}
	if err := h.queue.ForgetHistory(ctx, n.ID, false, cause.Error()); err != nil {
		h.log.Error("mark history as lost", "error", err)
	}
	h.phone.AnnounceHistory()
}
