package ingest

import (
	"context"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/store"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/wa"
)

// Sink is the store as the account sees it.
type Sink struct{ *store.Store }

var _ wa.Store = Sink{}

// QueueHistory puts a notification into the queue.
func (s Sink) QueueHistory(ctx context.Context, n wa.HistoryNotification) error {
	return s.Store.QueueHistory(ctx, store.Notification{
		ID: n.ID, Proto: n.Proto, SyncType: n.SyncType, ChunkOrder: n.ChunkOrder, Progress: n.Progress, ReceivedAt: n.ReceivedAt,
	})
}
