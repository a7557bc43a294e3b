package ingest

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/feed"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/record"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/store"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/wa"
)

const chat = "15550100@s.whatsapp.net"

// phone is an account that has one chunk of two pages.
type phone struct {
	downloads, deletes, asks int
	// failures are what the next downloads end with.
	failures []error
	deleted  error
	settled  chan struct{}
}

func (p *phone) DownloadHistory(context.Context, []byte, int64) (*wa.HistoryChunk, error) {
	p.downloads++
	if len(p.failures) > 0 {
		err := p.failures[0]
		p.failures = p.failures[1:]
		if err != nil {
			return nil, err
		}
	}
	request := "R1"
	return &wa.HistoryChunk{
		Chunk:  contract.ChunkRecord{SyncType: "ON_DEMAND", RequestID: &request, Messages: 2, Chats: 1},
		Answer: &contract.BridgeEvent{Type: contract.BridgeEventTypeHistoryAnswer, RequestID: &request},
		Pages: func(yield func(record.Batch) bool) {
			for _, id := range []string{"A", "B"} {
				text := "x"
				batch := record.Batch{Origin: record.History, Messages: []contract.MessageRecord{{Chat: chat, ID: id, Timestamp: 1, Kind: "text", Text: &text}}}
				if !yield(batch) {
					return
				}
			}
		},
	}, nil
}

func (p *phone) ForgetHistory(context.Context, []byte) error {
	p.deletes++
	err := p.deleted
	p.deleted = nil
	return err
}

func (p *phone) AskHistoryAgain(context.Context, string, []byte) error {
	p.asks++
	return nil
}

func (p *phone) AnnounceHistory() { p.settled <- struct{}{} }

// hasty plans every attempt for now, so that a test need not wait.
type hasty struct {
	*store.Store

	history *History
}

func (h hasty) RetryHistory(ctx context.Context, id string, _ time.Time, reason string) error {
	defer h.history.Wake()
	return h.Store.RetryHistory(ctx, id, time.UnixMilli(0), reason)
}

func TestHistory(t *testing.T) {
	t.Parallel()
	offline := contract.Faultf(contract.Disconnected, "no connection")
	tests := []struct {
		name      string
		phone     phone
		downloads int
		deletes   int
		asks      int
		stored    int
		lost      int
	}{
		{"stored and deleted", phone{}, 1, 1, 0, 1, 0},
		{"again after a broken download", phone{failures: []error{errors.New("cut")}}, 2, 1, 0, 1, 0},
		{"again when there is a connection", phone{failures: []error{offline, offline}}, 3, 1, 0, 1, 0},
		{"deleting alone is repeated", phone{deleted: errors.New("cut")}, 1, 2, 0, 1, 0},
		{"gone", phone{failures: []error{wa.ErrHistoryGone}}, 1, 0, 1, 0, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := test.phone
			p.settled = make(chan struct{}, 1)
			events := feed.New(time.Now)
			messages := settle(t, &p, events)
			status, err := messages.HistoryStatus(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if p.downloads != test.downloads || p.deletes != test.deletes || p.asks != test.asks || status.FailedDownloads != test.lost {
				t.Errorf("got %d downloads, %d deletions, %d questions, %d lost; want %d, %d, %d, %d",
					p.downloads, p.deletes, p.asks, status.FailedDownloads, test.downloads, test.deletes, test.asks, test.lost)
			}
			if len(status.Progress) != test.stored {
				t.Errorf("%d chunks are stored, want %d", len(status.Progress), test.stored)
			}
			if told, _ := events.After(0); len(told) != test.stored {
				t.Errorf("%d answers were announced for %d chunks", len(told), test.stored)
			}
			if status.PendingDownloads != 0 {
				t.Errorf("%d downloads are pending", status.PendingDownloads)
			}
		})
	}
}

// settle runs a worker on one notification until it is done or lost.
func settle(t *testing.T, p *phone, events *feed.Feed) *store.Store {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	messages, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "messages.db"), log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { messages.Close() })
	if err := messages.QueueHistory(t.Context(), store.Notification{ID: "N1", Proto: []byte{1}, SyncType: "ON_DEMAND", ReceivedAt: 1}); err != nil {
		t.Fatal(err)
	}
	history := NewHistory(nil, events, log)
	history.queue = hasty{Store: messages, history: history}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		history.Run(ctx, p)
		close(ended)
	}()
	<-p.settled
	cancel()
	<-ended
	return messages
}
