// Package feed is the bridge's stream of events: numbered, kept in a bounded
// buffer for resuming, and fanned out to whoever listens.
package feed

import (
	"sync"
	"time"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// Kept is how many events a listener may have missed and still resume.
const Kept = 4096

// Feed numbers events from 1. Safe for concurrent use.
type Feed struct {
	mu     sync.Mutex
	now    func() time.Time
	next   int64
	kept   []contract.BridgeEvent
	wake   chan struct{}
	closed bool
}

// New makes an empty feed; now gives the time of events.
func New(now func() time.Time) *Feed {
	return &Feed{now: now, next: 1, wake: make(chan struct{})}
}

// Publish numbers and dates the event and hands it to all listeners.
func (f *Feed) Publish(event contract.BridgeEvent) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return
	}
	event.ID = f.next
	event.At = f.now().UnixMilli()
	f.next++
	f.kept = append(f.kept, event)
	if len(f.kept) > 2*Kept {
		f.kept = append([]contract.BridgeEvent(nil), f.kept[len(f.kept)-Kept:]...)
	}
	close(f.wake)
	f.wake = make(chan struct{})
}

// After gives the kept events with an id above the given one, and a channel
// that is closed when there are more. The feed is over when the channel is nil.
// An id from before a restart, above all ids of this feed, starts at the beginning.
func (f *Feed) After(id int64) ([]contract.BridgeEvent, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if id >= f.next {
		id = 0
	}
	var events []contract.BridgeEvent
	for i, event := range f.kept {
		if event.ID > id {
			events = append(events, f.kept[i:]...)
			break
		}
	}
	if f.closed {
		return events, nil
	}
	return events, f.wake
}

// Last is the id of the newest event; 0 when there is none.
func (f *Feed) Last() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.next - 1
}

// Close ends all listeners.
func (f *Feed) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return
	}
	f.closed = true
	close(f.wake)
}
