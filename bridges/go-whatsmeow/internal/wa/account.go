// Package wa is the account at WhatsApp: the connection, what comes in and what
// is asked of it. It is the only package that knows whatsmeow; it speaks the
// contract's types to everybody else.
package wa

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"go.mau.fi/whatsmeow"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/feed"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/record"
)

// Store is what the account needs of messages.db. Every method returns after
// the data is durable.
type Store interface {
	Apply(ctx context.Context, batch record.Batch) error
	QueueHistory(ctx context.Context, notification HistoryNotification) error
	HistoryStatus(ctx context.Context) (contract.HistoryStatus, error)
	// Note keeps a small fact for the next start; Noted gives it, empty for none.
	Note(ctx context.Context, key, value string) error
	Noted(ctx context.Context, key string) (string, error)
}

// HistoryNotification says that the phone has uploaded a chunk of history.
type HistoryNotification struct {
	ID         string
	Proto      []byte
	SyncType   string
	ChunkOrder *int
	Progress   *int
	ReceivedAt int64
}

// Options is what an account is made of.
type Options struct {
	// SessionPath is the absolute path of whatsmeow.db.
	SessionPath string
	// Simulator is invalid when the real WhatsApp is meant.
	Simulator  netip.AddrPort
	DeviceName string
	Version    string
	Store      Store
	Feed       *feed.Feed
	// WakeHistory is called when a notification was queued, and when a connection
	// makes downloads possible; it must not block.
	WakeHistory func()
	Log         *slog.Logger
}

// Account is the linked account. It implements contract.Server and is safe for
// concurrent use. Run does the work; Close ends what Run has left open.
type Account struct {
	options   Options
	store     Store
	log       *slog.Logger
	simulator *simulator
	devices   *devices
	board     *board
	signals   chan envelope
	retries   *mediaRetries
	requests  *historyRequests
	appState  *appStateWatch
	// background is what runs beside the keeper; Run waits for it.
	background sync.WaitGroup
	stopping   atomic.Bool

	mu     sync.RWMutex
	client *whatsmeow.Client
}

var _ contract.Server = (*Account)(nil)

// Open reads the session database; it connects to nothing yet.
func Open(ctx context.Context, options Options) (*Account, error) {
	a := &Account{
		options: options, store: options.Store, log: options.Log, board: newBoard(),
		signals: make(chan envelope, 256), retries: newMediaRetries(), requests: newHistoryRequests(),
		appState: &appStateWatch{store: options.Store},
	}
	if options.Simulator.IsValid() {
		a.simulator = newSimulator(options.Simulator)
	}
	describeDevice(options.DeviceName)
	mirror := newLIDMirror(a.storeMappings, options.Log)
	devices, err := openDevices(ctx, options.SessionPath, mirror, libraryLog{log: options.Log})
	if err != nil {
		return nil, err
	}
	a.devices = devices
	device, err := devices.first(ctx)
	if err != nil {
		return nil, errors.Join(err, devices.close())
	}
	a.adopt(device)
	return a, nil
}

// Run keeps the account connected until the context ends.
func (a *Account) Run(ctx context.Context) {
	paired := a.board.read().ownPN != ""
	(&keeper{account: a}).keep(ctx, paired)
	a.background.Wait()
}

// Close closes the session database; Run must have returned.
func (a *Account) Close() error { return a.devices.close() }

func (a *Account) current() *whatsmeow.Client {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.client
}

func (a *Account) signal(client *whatsmeow.Client, s signal) {
	a.signals <- envelope{signal: s, client: client}
}

func (a *Account) storeMappings(ctx context.Context, mappings []contract.MappingRecord) error {
	return a.store.Apply(ctx, a.batch(record.Live, func(b *record.Batch) { b.Mappings = mappings }))
}

// batch makes a batch of this account and lets fill put records into it.
func (a *Account) batch(origin record.Origin, fill func(*record.Batch)) record.Batch {
	known := a.board.read()
	batch := record.Batch{Origin: origin, ReceivedAt: time.Now().UnixMilli(), OwnPN: known.ownPN, OwnLID: known.ownLID}
	fill(&batch)
	return batch
}
