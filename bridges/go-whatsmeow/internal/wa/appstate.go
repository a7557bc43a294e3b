package wa

import (
	"context"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/types/events"
)

// whatsmeow saves the version of app state before it hands out the events
// (appstate.go:FetchAppState) and never repeats them. So messages.db notes
// whether all of a burst was stored: after a crash in between, everything is
// fetched anew.
const (
	appStateNote  = "wm_app_state"
	appStateClean = "clean"
	appStateDirty = "dirty"
	// burstQuiet is how long no event comes after the last one of a burst.
	burstQuiet = 3 * time.Second
)

// appStateWatch notes bursts of app-state events. Safe for concurrent use.
type appStateWatch struct {
	store Store

	mu     sync.Mutex
	dirty  bool
	failed bool
	quiet  *time.Timer
}

// begin notes a burst, before its first event is stored.
func (w *appStateWatch) begin(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.quiet != nil {
		w.quiet.Stop()
	}
	w.quiet = time.AfterFunc(burstQuiet, w.end)
	if w.dirty {
		return nil
	}
	if err := w.store.Note(ctx, appStateNote, appStateDirty); err != nil {
		return err
	}
	w.dirty = true
	return nil
}

// fail keeps the burst from ever being noted as stored.
func (w *appStateWatch) fail() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failed = true
}

func (w *appStateWatch) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failed || !w.dirty {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), storeLimit)
	defer cancel()
	if w.store.Note(ctx, appStateNote, appStateClean) == nil {
		w.dirty = false
	}
}

// stop ends the watch; a burst that runs stays noted as not stored.
func (w *appStateWatch) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failed = true
	if w.quiet != nil {
		w.quiet.Stop()
	}
}

// isAppState says whether an event comes from app state, and so comes once only.
func isAppState(event any) bool {
	switch event.(type) {
	case *events.Pin, *events.Mute, *events.Archive, *events.MarkChatAsRead, *events.Star, *events.DeleteForMe, *events.Contact:
		return true
	default:
		return false
	}
}

// catchUp fetches the app state that is missing: all of it where a burst was not
// stored, else the collections that were never fetched.
func (a *Account) catchUp(ctx context.Context, client *whatsmeow.Client) {
	key, err := client.Store.AppStateKeys.GetLatestAppStateSyncKeyID(ctx)
	if err != nil || key == nil {
		return // the phone hands the keys out later, and whatsmeow then fetches all
	}
	noted, err := a.store.Noted(ctx, appStateNote)
	if err != nil {
		a.log.Warn("read note on app state", "error", err)
		return
	}
	all := noted != appStateClean
	for _, name := range appstate.AllPatchNames {
		if err := client.FetchAppState(ctx, name, all, !all); err != nil {
			a.log.Warn("fetch app state", "collection", name, "error", err)
			return
		}
	}
}
