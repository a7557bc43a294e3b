package wa

import (
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

func TestPhase(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_700_000_000_000)
	paired := phase{state: contract.BridgeStatusStateConnected, paired: true}
	tests := []struct {
		name   string
		from   phase
		signal signal
		state  contract.BridgeStatusState
		action action
		wait   [2]time.Duration
	}{
		{"dropped", paired, signal{kind: sigDropped}, "disconnected", doDisconnect, [2]time.Duration{time.Second / 2, time.Second}},
		{"dropped for the tenth time", phase{paired: true, state: "connecting", failures: 9}, signal{kind: sigDropped}, "disconnected", doDisconnect, [2]time.Duration{time.Minute, 2 * time.Minute}},
		{"replaced stays away for minutes", paired, signal{kind: sigReplaced}, "replaced", doDisconnect, [2]time.Duration{2 * time.Minute, 5 * time.Minute}},
		{"drop after replaced changes nothing", phase{paired: true, state: "replaced"}, signal{kind: sigDropped}, "replaced", doNothing, [2]time.Duration{}},
		{"logged out", paired, signal{kind: sigLoggedOut, failure: events.ConnectFailureLoggedOut}, "logged_out", doRenew, [2]time.Duration{}},
		{"locked account", paired, signal{kind: sigLoggedOut, failure: events.ConnectFailureMainDeviceGone}, "banned", doRenew, [2]time.Duration{}},
		{"banned for an hour", paired, signal{kind: sigBanned, lasts: time.Hour}, "banned", doDisconnect, [2]time.Duration{time.Hour, time.Hour + time.Minute}},
		{"outdated does not retry", paired, signal{kind: sigOutdated}, "client_outdated", doDisconnect, [2]time.Duration{}},
		{"pairing", phase{state: "unpaired"}, signal{kind: sigPairingWanted}, "pairing", doConnect, [2]time.Duration{}},
		{"pairing again after a logout", phase{state: "logged_out"}, signal{kind: sigPairingWanted}, "pairing", doConnect, [2]time.Duration{}},
		{"pairing wanted twice", phase{state: "pairing"}, signal{kind: sigPairingWanted}, "pairing", doNothing, [2]time.Duration{}},
		{"pairing wanted while linked", paired, signal{kind: sigPairingWanted}, "connected", doNothing, [2]time.Duration{}},
		{"dial failed while pairing", phase{state: "pairing"}, signal{kind: sigDialFailed}, "pairing", doNothing, [2]time.Duration{time.Second / 2, time.Second}},
		{"codes used up", phase{state: "pairing"}, signal{kind: sigPairingOver}, "unpaired", doRenew, [2]time.Duration{}},
		{"restart after pairing", phase{state: "connecting", paired: true}, signal{kind: sigLoginRestart}, "connecting", doConnect, [2]time.Duration{}},
		{"timer", phase{state: "disconnected", paired: true, retryAt: now}, signal{kind: sigTimer}, "connecting", doConnect, [2]time.Duration{}},
		{"timer too early", phase{state: "disconnected", paired: true, retryAt: now.Add(time.Second)}, signal{kind: sigTimer}, "disconnected", doNothing, [2]time.Duration{time.Second, time.Second}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, jitter := range []float64{0, 1} {
				got, act := test.from.next(test.signal, now, jitter)
				if got.state != test.state || act != test.action {
					t.Errorf("got %s and action %d, want %s and %d", got.state, act, test.state, test.action)
				}
				var wait time.Duration
				if !got.retryAt.IsZero() {
					wait = got.retryAt.Sub(now)
				}
				if wait < test.wait[0] || wait > test.wait[1] {
					t.Errorf("next attempt in %v, want %v to %v", wait, test.wait[0], test.wait[1])
				}
			}
		})
	}
}
