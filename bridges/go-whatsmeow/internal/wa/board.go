package wa

import (
	"context"
	"sync"
	"time"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// board is what the bridge knows of its connection, for everyone to read and to
// wait on. Safe for concurrent use.
type board struct {
	mu      sync.Mutex
	facts   facts
	changed chan struct{}
}

// facts is one state of the board.
type facts struct {
	phase          phase
	ownPN, ownLID  string
	ownName        string
	connectedSince time.Time
	lastEvent      time.Time
	qr             qrCodes
	passkey        *contract.PasskeyStep
	restriction    *contract.Restriction
}

func newBoard() *board { return &board{changed: make(chan struct{})} }

func (b *board) read() facts {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.facts
}

// update changes the facts and wakes those who wait.
func (b *board) update(change func(*facts)) facts {
	b.mu.Lock()
	defer b.mu.Unlock()
	change(&b.facts)
	close(b.changed)
	b.changed = make(chan struct{})
	return b.facts
}

// touch notes that WhatsApp was heard; it wakes nobody.
func (b *board) touch(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.facts.lastEvent = now
}

// wait returns when the facts are as wanted, or with the context's error and
// the facts of that moment.
func (b *board) wait(ctx context.Context, wanted func(facts) bool) (facts, error) {
	for {
		b.mu.Lock()
		now, changed := b.facts, b.changed
		b.mu.Unlock()
		if wanted(now) {
			return now, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return b.read(), ctx.Err()
		}
	}
}

// qrCodes are the codes of one pairing attempt: the first is shown for a
// minute, the others for 20 seconds each (whatsmeow qrchan.go:emitQRs).
type qrCodes struct {
	codes []string
	since time.Time
}

const (
	firstQRLasts = 60 * time.Second
	otherQRLasts = 20 * time.Second
)

// current gives the code of the moment and its end; empty when all are used up.
func (q qrCodes) current(now time.Time) (code string, until time.Time) {
	until = q.since
	for i, code := range q.codes {
		until = until.Add(lasts(i))
		if now.Before(until) {
			return code, until
		}
	}
	return "", until
}

func lasts(index int) time.Duration {
	if index == 0 {
		return firstQRLasts
	}
	return otherQRLasts
}
