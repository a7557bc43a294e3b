package wa

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"go.mau.fi/whatsmeow"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

const (
	// dialLimit bounds one attempt: TCP, TLS, websocket and Noise.
	dialLimit = 45 * time.Second
	// loginLimit bounds the time from an open socket to the login's end.
	loginLimit = 60 * time.Second
	// passkeyLimit is how long the person has for WebAuthn.
	passkeyLimit = 5 * time.Minute
)

// envelope is a signal and the client that it is about; nil: any.
type envelope struct {
	signal

	client *whatsmeow.Client
}

// keeper owns the connection: the only one who connects, disconnects and
// replaces the client. It lives in keep.
type keeper struct {
	account *Account
	// hangUp ends the context of the newest connection.
	hangUp context.CancelFunc
	// loginBy is when an unfinished login counts as dead; zero: no login runs.
	loginBy time.Time
	// pairBy is when the pairing attempt is given up; zero: none runs.
	pairBy time.Time
}

func (k *keeper) keep(ctx context.Context, paired bool) {
	a := k.account
	if paired {
		k.apply(ctx, signal{kind: sigStartPaired})
	} else {
		a.publish(a.board.update(func(f *facts) { f.phase = phase{state: contract.BridgeStatusStateUnpaired} }))
	}
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		timer.Reset(k.untilNext(time.Now()))
		select {
		case <-ctx.Done():
			a.stopping.Store(true)
			a.appState.stop()
			a.current().Disconnect()
			k.cancel()
			return
		case letter := <-a.signals:
			if letter.client == nil || letter.client == a.current() {
				k.apply(ctx, letter.signal)
			}
		case <-timer.C:
			k.elapse(ctx, time.Now())
		}
	}
}

func (k *keeper) cancel() {
	if k.hangUp != nil {
		k.hangUp()
	}
}

// untilNext is the time to the first of the planned moments.
func (k *keeper) untilNext(now time.Time) time.Duration {
	wait := time.Hour
	for _, moment := range []time.Time{k.loginBy, k.pairBy, k.account.board.read().phase.retryAt} {
		if !moment.IsZero() {
			wait = min(wait, max(moment.Sub(now), 0))
		}
	}
	return wait
}

func (k *keeper) elapse(ctx context.Context, now time.Time) {
	switch {
	case !k.pairBy.IsZero() && !now.Before(k.pairBy):
		k.apply(ctx, signal{kind: sigPairingOver, reason: "nobody scanned the code in time; call get_pairing_qr for a new one"})
	case !k.loginBy.IsZero() && !now.Before(k.loginBy):
		k.apply(ctx, signal{kind: sigDropped, reason: "WhatsApp did not answer the login"})
	default:
		k.apply(ctx, signal{kind: sigTimer})
	}
}

func (k *keeper) apply(ctx context.Context, s signal) {
	before := k.account.board.read().phase
	after, act := before.next(s, time.Now(), rand.Float64())
	k.schedule(s, after)
	seen := k.account.board.update(func(f *facts) { enter(f, before, after) })
	if before != after {
		k.account.log.Info("connection", "state", after.state, "reason", after.reason)
		k.account.publish(seen)
	}
	if s.kind == sigConnected {
		client := k.account.current()
		k.account.background.Go(func() { k.account.catchUp(ctx, client) })
	}
	k.perform(ctx, act)
}

// enter sets the facts that go with a phase.
func enter(f *facts, before, after phase) {
	f.phase = after
	if after.state == contract.BridgeStatusStateConnected && before.state != after.state {
		f.connectedSince = time.Now()
	}
	if after.state != contract.BridgeStatusStateConnected {
		f.connectedSince = time.Time{}
	}
	if after.state != contract.BridgeStatusStatePairing && after.state != contract.BridgeStatusStatePasskey {
		f.qr, f.passkey = qrCodes{}, nil
	}
	if !after.paired {
		f.ownPN, f.ownLID, f.ownName = "", "", ""
	}
}

// schedule sets the moments that end a login or a pairing attempt.
func (k *keeper) schedule(s signal, after phase) {
	k.loginBy = time.Time{}
	switch after.state {
	case contract.BridgeStatusStatePairing:
		if s.kind == sigPairingWanted {
			k.pairBy = time.Now().Add(firstQRLasts + 5*otherQRLasts + dialLimit)
		}
	case contract.BridgeStatusStatePasskey:
		k.pairBy = time.Now().Add(passkeyLimit)
	case contract.BridgeStatusStateConnecting:
		k.pairBy = time.Time{}
		k.loginBy = time.Now().Add(loginLimit)
	default:
		k.pairBy = time.Time{}
	}
}

func (k *keeper) perform(ctx context.Context, act action) {
	switch act {
	case doConnect:
		if err := k.connect(ctx); err != nil && ctx.Err() == nil {
			k.apply(ctx, signal{kind: sigDialFailed, reason: "cannot reach WhatsApp: " + err.Error()})
		}
	case doDisconnect:
		k.account.current().Disconnect()
	case doRenew:
		k.account.current().Disconnect()
		if err := k.account.renew(ctx); err != nil {
			k.account.log.Error("make a fresh device", "error", err)
		}
	}
}

func (k *keeper) connect(ctx context.Context) error {
	client := k.account.current()
	client.Disconnect()
	k.cancel()
	if sim := k.account.simulator; sim != nil {
		if err := sim.trust(ctx); err != nil {
			return err
		}
	}
	// whatsmeow uses the context for the connection's whole life, so it gets a
	// limit for dialling only.
	connection, hangUp := context.WithCancel(ctx)
	k.hangUp = hangUp
	limit := time.AfterFunc(dialLimit, hangUp)
	err := client.ConnectContext(connection)
	if !limit.Stop() && err == nil {
		err = context.DeadlineExceeded
	}
	if errors.Is(err, whatsmeow.ErrAlreadyConnected) {
		err = nil
	}
	return err
}
