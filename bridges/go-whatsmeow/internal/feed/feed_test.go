package feed

import (
	"testing"
	"time"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

func TestFeed_Resume(t *testing.T) {
	t.Parallel()
	feed := New(func() time.Time { return time.UnixMilli(7) })
	for range 3 {
		feed.Publish(contract.BridgeEvent{Type: contract.BridgeEventTypeStored})
	}
	tests := []struct {
		name  string
		after int64
		want  []int64
	}{
		{"all", 0, []int64{1, 2, 3}},
		{"rest", 2, []int64{3}},
		{"none", 3, nil},
		{"id of an earlier run", 900, []int64{1, 2, 3}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			events, _ := feed.After(test.after)
			if len(events) != len(test.want) {
				t.Fatalf("got %d events, want %d", len(events), len(test.want))
			}
			for i, event := range events {
				if event.ID != test.want[i] || event.At != 7 {
					t.Errorf("event %d: got id %d at %d, want id %d at 7", i, event.ID, event.At, test.want[i])
				}
			}
		})
	}
}

func TestFeed_BoundedAndWoken(t *testing.T) {
	t.Parallel()
	feed := New(time.Now)
	_, wake := feed.After(0)
	for range 5 * Kept {
		feed.Publish(contract.BridgeEvent{Type: contract.BridgeEventTypeStored})
	}
	<-wake
	events, _ := feed.After(0)
	if len(events) < Kept || len(events) > 2*Kept {
		t.Errorf("kept %d events, want %d to %d", len(events), Kept, 2*Kept)
	}
	feed.Close()
	if _, wake := feed.After(0); wake != nil {
		t.Error("a closed feed still offers to wait")
	}
}
