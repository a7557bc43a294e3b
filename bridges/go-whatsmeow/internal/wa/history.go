package wa

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/record"
)

// ErrHistoryGone says that the server no longer has a chunk.
var ErrHistoryGone = errors.New("the chunk is no longer on the server")

// queueHistory makes a notification durable, then tells the phone that it came:
// without that receipt the phone uploads the chunk again.
func (a *Account) queueHistory(ctx context.Context, client *whatsmeow.Client, info types.MessageInfo, notification *waE2E.HistorySyncNotification) bool {
	// Only the phone of the account may say so.
	if !info.IsFromMe || info.Sender.Device != 0 {
		a.log.Warn("a history notification from elsewhere was ignored", "message", info.ID)
		return true
	}
	content, err := proto.Marshal(notification)
	if err != nil {
		a.log.Error("encode history notification", "error", err)
		return true
	}
	queued := HistoryNotification{ID: info.ID, Proto: content, SyncType: notification.GetSyncType().String(), ReceivedAt: time.Now().UnixMilli()}
	if notification.ChunkOrder != nil {
		queued.ChunkOrder = optionalInt(notification.GetChunkOrder())
	}
	if notification.Progress != nil {
		queued.Progress = optionalInt(notification.GetProgress())
	}
	if err := a.store.QueueHistory(ctx, queued); err != nil {
		a.log.Error("queue history", "error", err)
		return false
	}
	a.options.WakeHistory()
	if err := client.SendProtocolMessageReceipt(ctx, info.ID, types.ReceiptTypeHistorySync); err != nil {
		a.log.Warn("acknowledge history to the phone", "error", err)
	}
	return true
}

// optionalInt keeps 0, which is a value here.
func optionalInt(value uint32) *int {
	number := int(value)
	return &number
}

// HistoryChunk is one downloaded chunk of history.
type HistoryChunk struct {
	Chunk contract.ChunkRecord
	// Answer is set where the chunk answers a request; ID and At are not set.
	Answer *contract.BridgeEvent
	// Pages yields the chunk's records: what tells who is who first.
	Pages func(yield func(record.Batch) bool)
}

// DownloadHistory fetches and reads the chunk of a notification. ErrHistoryGone
// proves that it cannot be had any more; any other error may pass.
func (a *Account) DownloadHistory(ctx context.Context, content []byte, receivedAt int64) (*HistoryChunk, error) {
	var notification waE2E.HistorySyncNotification
	if err := proto.Unmarshal(content, &notification); err != nil {
		return nil, fmt.Errorf("%w: decode notification: %w", ErrHistoryGone, err)
	}
	client, err := a.connected()
	if err != nil {
		return nil, err
	}
	// Synchronous: mappings and secrets are stored before a record depends on them.
	chunk, err := client.DownloadHistorySync(ctx, &notification, true)
	if gone(err) {
		return nil, fmt.Errorf("%w: %w", ErrHistoryGone, err)
	}
	if err == nil {
		// whatsmeow only logs when it could not store the chunk's secrets.
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	read := a.readChunk(chunk, notification.GetPeerDataRequestSessionID(), receivedAt)
	read.Pages = func(yield func(record.Batch) bool) { a.pages(ctx, client, chunk, yield) }
	return read, nil
}

func (a *Account) readChunk(chunk *waHistorySync.HistorySync, requestID string, receivedAt int64) *HistoryChunk {
	told := contract.ChunkRecord{
		SyncType: contract.ChunkRecordSyncType(chunk.GetSyncType().String()), RequestID: optional(requestID),
		ReceivedAt: receivedAt, Chats: len(chunk.GetConversations()), Messages: len(chunk.GetStatusV3Messages()),
	}
	if chunk.ChunkOrder != nil {
		told.ChunkOrder = optionalInt(chunk.GetChunkOrder())
	}
	if chunk.Progress != nil {
		told.Progress = optionalInt(min(chunk.GetProgress(), 100))
	}
	for _, conversation := range chunk.GetConversations() {
		told.Messages += len(conversation.GetMessages())
	}
	read := &HistoryChunk{Chunk: told}
	if told.RequestID != nil {
		read.Answer = a.historyAnswer(told, chunk.GetConversations())
	}
	return read
}

func (a *Account) historyAnswer(told contract.ChunkRecord, conversations []*waHistorySync.Conversation) *contract.BridgeEvent {
	answer := &contract.BridgeEvent{Type: contract.BridgeEventTypeHistoryAnswer, RequestID: told.RequestID, Messages: &told.Messages}
	answer.Chat = optional(a.requests.take(*told.RequestID))
	if len(conversations) > 0 {
		if answer.Chat == nil {
			answer.Chat = optional(canonicalJID(conversations[0].GetID()))
		}
		if conversations[0].EndOfHistoryTransferType != nil {
			answer.EndOfHistory = optionalInt(uint32(conversations[0].GetEndOfHistoryTransferType()))
		}
	}
	return answer
}

// pageSize is how many messages share a transaction.
const pageSize = 500

// pages yields the records of a chunk, who is who first.
func (a *Account) pages(ctx context.Context, client *whatsmeow.Client, chunk *waHistorySync.HistorySync, yield func(record.Batch) bool) {
	if !yield(a.batch(record.History, func(b *record.Batch) { chunkFacts(b, chunk) })) {
		return
	}
	batch := a.batch(record.History, func(*record.Batch) {})
	empty := batch
	add := func(chat string, web *waWeb.WebMessageInfo) bool {
		a.convertHistory(ctx, client, chat, web).addTo(&batch)
		if len(batch.Messages)+len(batch.Ops)+len(batch.Events) < pageSize {
			return true
		}
		full := batch
		batch = empty
		return yield(full)
	}
	for _, web := range chunk.GetStatusV3Messages() {
		if !add(types.StatusBroadcastJID.String(), web) {
			return
		}
	}
	for _, conversation := range chunk.GetConversations() {
		for _, one := range conversation.GetMessages() {
			if !add(conversation.GetID(), one.GetMessage()) {
				return
			}
		}
	}
	yield(batch)
}

func (a *Account) convertHistory(ctx context.Context, client *whatsmeow.Client, chat string, web *waWeb.WebMessageInfo) converted {
	s := fromWeb(a.own(), chat, web)
	found := canonical(s, a.secrets(ctx, client, s.parsed(client)))
	if found.unreadable {
		a.log.Warn("a message of history cannot be read", "message", s.id)
	}
	return found
}

// ForgetHistory deletes a chunk from the server.
func (a *Account) ForgetHistory(ctx context.Context, content []byte) error {
	var notification waE2E.HistorySyncNotification
	if err := proto.Unmarshal(content, &notification); err != nil {
		return fmt.Errorf("%w: decode notification: %w", ErrHistoryGone, err)
	}
	client, err := a.connected()
	if err != nil {
		return err
	}
	return client.DeleteMedia(ctx, whatsmeow.MediaHistory, notification.GetDirectPath(), notification.GetFileEncSHA256(), notification.GetEncHandle())
}

// AskHistoryAgain asks the phone to upload a chunk again that was lost.
func (a *Account) AskHistoryAgain(ctx context.Context, id string, content []byte) error {
	var notification waE2E.HistorySyncNotification
	if err := proto.Unmarshal(content, &notification); err != nil {
		return fmt.Errorf("%w: decode notification: %w", ErrHistoryGone, err)
	}
	if len(notification.GetMediaKey()) == 0 {
		return nil // an inline chunk, which the phone does not upload
	}
	client, err := a.connected()
	if err != nil {
		return err
	}
	return client.SendHistorySyncServerErrorReceipt(ctx, id, notification.GetMediaKey())
}

// historyRequests remembers which chat was asked for, because an answer without
// messages does not name it. Safe for concurrent use.
type historyRequests struct {
	mu    sync.Mutex
	chats map[string]string
	order []string
}

// requestsKept bounds the memory; older requests get no answer any more.
const requestsKept = 1000

func newHistoryRequests() *historyRequests { return &historyRequests{chats: map[string]string{}} }

func (r *historyRequests) note(id, chat string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.chats[id] = chat
	r.order = append(r.order, id)
	if len(r.order) > requestsKept {
		delete(r.chats, r.order[0])
		r.order = r.order[1:]
	}
}

// take gives the chat of a request; empty where it is not known.
func (r *historyRequests) take(id string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.chats[id]
}
