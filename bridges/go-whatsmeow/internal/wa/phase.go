package wa

import (
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// signal is something that happened to the connection.
type signal struct {
	kind signalKind
	// reason is for people; empty where the kind says it all.
	reason string
	// lasts is how long a ban holds; 0 where WhatsApp does not say.
	lasts time.Duration
	// failure is WhatsApp's reason for refusing a login.
	failure events.ConnectFailureReason
}

type signalKind int

const (
	sigStartPaired signalKind = iota
	sigPairingWanted
	sigPasskeyAsked
	sigPairingOver
	sigPaired
	sigLoginRestart
	sigDialFailed
	sigConnected
	sigDropped
	sigReplaced
	sigLoggedOut
	sigBanned
	sigOutdated
	sigRefused
	sigUnlinked
	sigTimer
)

// phase is where the connection stands. It changes only through next.
type phase struct {
	state    contract.BridgeStatusState
	reason   string
	paired   bool
	failures int
	// bannedUntil is zero where unknown.
	bannedUntil time.Time
	// retryAt is when the next attempt is made; zero: none is planned.
	retryAt time.Time
}

// action is what the keeper does after a change.
type action int

const (
	doNothing action = iota
	doConnect
	doDisconnect
	// doRenew closes the client, whose credentials are gone, and makes a fresh one.
	doRenew
)

const (
	backoffFirst = time.Second
	backoffMost  = 2 * time.Minute
	// replacedWait leaves the account to the client that took over: answering at
	// once would make the two throw each other out for ever.
	replacedWait = 5 * time.Minute
	refusedWait  = time.Minute
	banWait      = time.Hour
)

// next gives the phase after a signal. jitter is from 0 to 1.
func (p phase) next(s signal, now time.Time, jitter float64) (phase, action) {
	rule, known := transitions[s.kind]
	if !known {
		return p, doNothing
	}
	return rule(p, s, now, jitter)
}

type transition func(p phase, s signal, now time.Time, jitter float64) (phase, action)

var transitions = map[signalKind]transition{
	sigStartPaired: func(phase, signal, time.Time, float64) (phase, action) {
		return phase{state: contract.BridgeStatusStateConnecting, paired: true}, doConnect
	},
	sigPairingWanted: pairingWanted,
	sigPasskeyAsked: func(p phase, _ signal, _ time.Time, _ float64) (phase, action) {
		p.state = contract.BridgeStatusStatePasskey
		return p, doNothing
	},
	sigPairingOver: func(p phase, s signal, _ time.Time, _ float64) (phase, action) {
		if p.paired {
			return p, doNothing
		}
		return phase{state: contract.BridgeStatusStateUnpaired, reason: s.reason}, doRenew
	},
	sigPaired: func(phase, signal, time.Time, float64) (phase, action) {
		return phase{state: contract.BridgeStatusStateConnecting, paired: true}, doNothing
	},
	sigLoginRestart: func(p phase, _ signal, _ time.Time, _ float64) (phase, action) {
		return phase{state: contract.BridgeStatusStateConnecting, paired: p.paired}, doConnect
	},
	sigDialFailed: func(p phase, s signal, now time.Time, jitter float64) (phase, action) {
		return p.later(s.reason, now, jitter), doNothing
	},
	sigConnected: func(phase, signal, time.Time, float64) (phase, action) {
		return phase{state: contract.BridgeStatusStateConnected, paired: true}, doNothing
	},
	sigDropped: dropped,
	sigReplaced: func(p phase, _ signal, now time.Time, jitter float64) (phase, action) {
		return phase{
			state: contract.BridgeStatusStateReplaced, paired: true, failures: p.failures + 1,
			reason:  "another program connected with the same linked device; stop it, or unlink this one",
			retryAt: now.Add(spread(replacedWait, jitter)),
		}, doDisconnect
	},
	sigLoggedOut: loggedOut,
	sigBanned:    banned,
	sigOutdated: func(p phase, _ signal, _ time.Time, _ float64) (phase, action) {
		return phase{state: contract.BridgeStatusStateClientOutdated, paired: p.paired, reason: "WhatsApp refuses this version of the library (405)"}, doDisconnect
	},
	sigRefused: func(p phase, s signal, now time.Time, jitter float64) (phase, action) {
		return phase{
			state: contract.BridgeStatusStateDisconnected, paired: p.paired, failures: p.failures + 1,
			reason: "WhatsApp refused the login: " + s.failure.String(), retryAt: now.Add(spread(refusedWait, jitter)),
		}, doDisconnect
	},
	sigUnlinked: func(phase, signal, time.Time, float64) (phase, action) {
		return phase{state: contract.BridgeStatusStateUnpaired, reason: "unlinked on request"}, doRenew
	},
	sigTimer: timer,
}

func pairingWanted(p phase, _ signal, _ time.Time, _ float64) (phase, action) {
	if p.paired || p.state == contract.BridgeStatusStatePairing || p.state == contract.BridgeStatusStatePasskey {
		return p, doNothing
	}
	return phase{state: contract.BridgeStatusStatePairing}, doConnect
}

func dropped(p phase, s signal, now time.Time, jitter float64) (phase, action) {
	switch p.state {
	case contract.BridgeStatusStateReplaced, contract.BridgeStatusStateBanned, contract.BridgeStatusStateClientOutdated,
		contract.BridgeStatusStateLoggedOut, contract.BridgeStatusStateUnpaired:
		return p, doNothing
	default:
		return p.later(s.reason, now, jitter), doDisconnect
	}
}

// later plans the next attempt, each one further away than the one before.
func (p phase) later(reason string, now time.Time, jitter float64) phase {
	state := contract.BridgeStatusStateDisconnected
	if !p.paired {
		state = contract.BridgeStatusStatePairing
	}
	wait := min(backoffFirst<<min(p.failures, 16), backoffMost)
	return phase{state: state, paired: p.paired, reason: reason, failures: p.failures + 1, retryAt: now.Add(spread(wait, jitter))}
}

// spread moves a wait to between a half and the whole of it, so that clients
// that were cut off together do not come back together.
func spread(wait time.Duration, jitter float64) time.Duration {
	return wait/2 + time.Duration(float64(wait/2)*jitter)
}

// loggedOut: whatsmeow has deleted the credentials by now (connectionevents.go:handleConnectFailure),
// for 403 and 406 too, which WhatsApp names LOCKED and BANNED.
func loggedOut(_ phase, s signal, _ time.Time, _ float64) (phase, action) {
	state := contract.BridgeStatusStateLoggedOut
	if s.failure == events.ConnectFailureMainDeviceGone || s.failure == events.ConnectFailureUnknownLogout {
		state = contract.BridgeStatusStateBanned
	}
	return phase{state: state, reason: fmt.Sprintf("WhatsApp ended the link (%s); link again with get_pairing_qr", s.failure)}, doRenew
}

func banned(p phase, s signal, now time.Time, jitter float64) (phase, action) {
	next := phase{state: contract.BridgeStatusStateBanned, paired: p.paired, reason: s.reason, retryAt: now.Add(spread(banWait, jitter))}
	if s.lasts > 0 {
		next.bannedUntil = now.Add(s.lasts)
		next.retryAt = next.bannedUntil.Add(spread(time.Minute, jitter))
	}
	return next, doDisconnect
}

func timer(p phase, _ signal, now time.Time, _ float64) (phase, action) {
	if p.retryAt.IsZero() || now.Before(p.retryAt) {
		return p, doNothing
	}
	p.retryAt = time.Time{}
	if p.paired {
		p.state = contract.BridgeStatusStateConnecting
	}
	return p, doConnect
}
