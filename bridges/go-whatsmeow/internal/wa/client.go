package wa

import (
	"context"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// adopt makes a client for a device the current one.
func (a *Account) adopt(device *store.Device) {
	client := whatsmeow.NewClient(device, libraryLog{log: a.log})
	// The keeper reconnects: with jitter, and never against WhatsApp's will.
	client.EnableAutoReconnect = false
	client.DisableLoginAutoReconnect = true
	// An ack is sent after the handlers are done, and not at all when one fails;
	// the plaintext of what was decrypted waits for the next delivery.
	client.SynchronousAck = true
	client.EnableDecryptedEventBuffer = true
	client.ManualHistorySyncDownload = true
	client.DisableManualHistorySyncReceipt = true
	client.UseRetryMessageStore = true
	client.AutomaticMessageRerequestFromPhone = true
	client.EmitAppStateEventsOnFullSync = true
	if a.simulator != nil {
		a.simulator.lead(client)
	}
	client.AddEventHandlerWithSuccessStatus(func(event any) bool { return a.handle(client, event) })
	a.mu.Lock()
	a.client = client
	a.mu.Unlock()
	if device.ID != nil {
		a.identify(*device.ID, device.LID, device.PushName)
	}
}

// renew forgets the credentials and makes a client that can be linked.
func (a *Account) renew(ctx context.Context) error {
	device, err := a.devices.fresh(ctx)
	if err != nil {
		return err
	}
	a.adopt(device)
	return nil
}

func (a *Account) identify(pn, lid types.JID, name string) {
	a.board.update(func(f *facts) {
		f.ownPN, f.ownLID, f.ownName = plain(pn), plain(lid), name
	})
}

// handle is whatsmeow's event handler. False keeps whatsmeow from
// acknowledging, so that the server delivers again.
func (a *Account) handle(client *whatsmeow.Client, event any) bool {
	a.board.touch(time.Now())
	if s, ok := connectionSignal(event); ok {
		a.signal(client, s)
	}
	switch e := event.(type) {
	case *events.QR:
		a.publish(a.board.update(func(f *facts) { f.qr = qrCodes{codes: e.Codes, since: time.Now()} }))
	case *events.PairSuccess:
		a.identify(e.ID, e.LID, "")
		a.signal(client, signal{kind: sigPaired})
	case *events.Connected:
		a.registerName(client)
		a.options.WakeHistory()
	case *events.PushNameSetting:
		a.board.update(func(f *facts) { f.ownName = e.Action.GetName() })
		a.registerName(client)
	case *events.PairPasskeyRequest, *events.PairPasskeyConfirmation, *events.PairPasskeyError:
		a.passkeyEvent(client, event)
	case *events.NotifyAccountReachoutTimelock:
		a.restrict(e)
	case *events.MediaRetry:
		a.retries.answer(e)
	default:
		return a.ingest(client, event)
	}
	return true
}

// connectionSignal maps what whatsmeow says of the connection.
func connectionSignal(event any) (signal, bool) {
	switch e := event.(type) {
	case *events.Connected:
		return signal{kind: sigConnected}, true
	case *events.Disconnected:
		return signal{kind: sigDropped, reason: "the connection was cut"}, true
	case *events.StreamReplaced:
		return signal{kind: sigReplaced}, true
	case *events.LoggedOut:
		return signal{kind: sigLoggedOut, failure: e.Reason}, true
	case *events.TemporaryBan:
		return signal{kind: sigBanned, lasts: e.Expire, reason: e.String()}, true
	case *events.ClientOutdated:
		return signal{kind: sigOutdated}, true
	case *events.ConnectFailure:
		return signal{kind: sigRefused, failure: e.Reason}, true
	case *events.StreamError:
		return signal{kind: sigDropped, reason: "WhatsApp ended the stream with code " + e.Code}, true
	case *events.ManualLoginReconnect:
		return signal{kind: sigLoginRestart}, true
	case *events.PairError:
		return signal{kind: sigPairingOver, reason: "linking failed: " + e.Error.Error()}, true
	case *events.KeepAliveTimeout:
		// Two pings in a row without an answer: the socket is open but dead.
		return signal{kind: sigDropped, reason: "WhatsApp stopped answering"}, e.ErrorCount >= 2
	default:
		return signal{}, false
	}
}

// registerName tells WhatsApp the push name. "Unavailable" keeps the phone's
// notifications on; without any presence, others see no name.
func (a *Account) registerName(client *whatsmeow.Client) {
	name := client.Store.PushName
	a.board.update(func(f *facts) {
		if name != "" {
			f.ownName = name
		}
	})
	if name == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := client.SendPresence(ctx, types.PresenceUnavailable); err != nil {
		a.log.Warn("register push name", "error", err)
	}
}

// restrict notes that WhatsApp forbids writing to new contacts for a while.
func (a *Account) restrict(event *events.NotifyAccountReachoutTimelock) {
	a.publish(a.board.update(func(f *facts) {
		f.restriction = nil
		if !event.IsActive {
			return
		}
		f.restriction = &contract.Restriction{Kind: contract.ReachoutTimelock, Reason: "WhatsApp: no messages to new contacts (" + event.EnforcementType + ")"}
		if ends := event.TimeEnforcementEnds.Time; !ends.IsZero() {
			until := ends.UnixMilli()
			f.restriction.Until = &until
		}
	}))
}
