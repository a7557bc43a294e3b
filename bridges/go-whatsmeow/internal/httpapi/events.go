package httpapi

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// heartbeat keeps a listener able to tell a quiet stream from a dead one.
const heartbeat = 15 * time.Second

// writeLimit bounds how long a listener may leave events unread before it is dropped.
const writeLimit = 10 * time.Second

// events streams the feed as server-sent events. Without Last-Event-ID it
// starts with what happens from now on.
func (a *API) events(w http.ResponseWriter, r *http.Request) {
	last := a.Feed.Last()
	if header := r.Header.Get("Last-Event-ID"); header != "" {
		id, err := strconv.ParseInt(header, 10, 64)
		if err != nil || id < 0 {
			writeFault(w, a.Log, contract.Faultf(contract.InvalidArgument, "header Last-Event-ID: expected a number from 0, came %.40q", header))
			return
		}
		last = id
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	a.stream(w, r, last)
}

func (a *API) stream(w http.ResponseWriter, r *http.Request, last int64) {
	control := http.NewResponseController(w)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	text := ": connected\n\n"
	for {
		events, more := a.Feed.After(last)
		for _, event := range events {
			text += frame(event)
			last = event.ID
		}
		if text != "" && send(w, control, text) != nil {
			return
		}
		if more == nil {
			return
		}
		text = ""
		select {
		case <-more:
		case <-beat.C:
			text = ": alive\n\n"
		case <-r.Context().Done():
			return
		}
	}
}

func frame(event contract.BridgeEvent) string {
	// BridgeEvent has no field that JSON cannot hold.
	content, _ := encode(event)
	return fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", event.ID, event.Type, content)
}

func send(w http.ResponseWriter, control *http.ResponseController, text string) error {
	if err := control.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return err
	}
	if _, err := w.Write([]byte(text)); err != nil {
		return err
	}
	return control.Flush()
}
