package wa

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// codeLasts is how long WhatsApp keeps a code for linking by phone number.
const codeLasts = 160 * time.Second

// defaultQRWait is how long get_pairing_qr waits when the caller says nothing.
const defaultQRWait = 20 * time.Second

// SessionPairQr serves session.pair_qr: it starts pairing, or goes on with it,
// and answers with the code of the moment.
func (a *Account) SessionPairQr(ctx context.Context, in contract.SessionPairQrInput) (contract.SessionPairQrOutput, error) {
	wait := defaultQRWait
	if in.WaitMs != nil {
		wait = time.Duration(*in.WaitMs) * time.Millisecond
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	if !a.board.read().phase.paired {
		a.signal(nil, signal{kind: sigPairingWanted})
	}
	known, err := a.board.wait(ctx, func(f facts) bool {
		code, _ := f.qr.current(time.Now())
		return f.phase.paired || f.passkey != nil || code != "" || f.phase.state == contract.BridgeStatusStateClientOutdated
	})
	if err != nil {
		return contract.SessionPairQrOutput{}, pairingFault(known, err)
	}
	return qrOutput(known, time.Now())
}

func qrOutput(f facts, now time.Time) (contract.SessionPairQrOutput, error) {
	if f.phase.paired {
		return contract.SessionPairQrOutput{State: contract.SessionPairQrOutputStatePaired, OwnJid: optional(f.ownPN)}, nil
	}
	if f.passkey != nil {
		return contract.SessionPairQrOutput{State: contract.SessionPairQrOutputStatePasskey, Passkey: f.passkey}, nil
	}
	code, until := f.qr.current(now)
	if code == "" {
		return contract.SessionPairQrOutput{}, contract.Faultf(contract.ClientOutdated, "%s", f.phase.reason)
	}
	return contract.SessionPairQrOutput{State: contract.SessionPairQrOutputStateQr, Qr: &code, ExpiresAt: millis(until)}, nil
}

// pairingFault names what kept a code from coming.
func pairingFault(f facts, err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	if f.phase.reason != "" {
		return contract.Faultf(contract.Disconnected, "no code yet: %s", f.phase.reason)
	}
	return contract.Faultf(contract.Timeout, "WhatsApp has sent no code yet; call again")
}

// SessionPairCode serves session.pair_code.
func (a *Account) SessionPairCode(ctx context.Context, in contract.SessionPairCodeInput) (contract.SessionPairCodeOutput, error) {
	if a.board.read().phase.paired {
		return contract.SessionPairCodeOutput{}, contract.Faultf(contract.AlreadyPaired, "this bridge is linked to %s", a.board.read().ownPN)
	}
	a.signal(nil, signal{kind: sigPairingWanted})
	// PairPhone works once the server has sent codes for the QR picture (whatsmeow pair-code.go).
	known, err := a.board.wait(ctx, func(f facts) bool { return f.phase.paired || f.passkey != nil || len(f.qr.codes) > 0 })
	if err != nil {
		return contract.SessionPairCodeOutput{}, pairingFault(known, err)
	}
	if known.phase.paired {
		return contract.SessionPairCodeOutput{}, contract.Faultf(contract.AlreadyPaired, "this bridge has just been linked to %s", known.ownPN)
	}
	if known.passkey != nil {
		return contract.SessionPairCodeOutput{}, contract.Faultf(contract.PasskeyRequired, "WhatsApp asks for a passkey; call get_pairing_qr to go on")
	}
	// The phone refuses display names that are not "Browser (OS)".
	code, err := a.current().PairPhone(ctx, in.PhoneNumber, true, whatsmeow.PairClientChrome, "Chrome (Linux)")
	if err != nil {
		return contract.SessionPairCodeOutput{}, err
	}
	return contract.SessionPairCodeOutput{Code: code, ExpiresAt: time.Now().Add(codeLasts).UnixMilli()}, nil
}

// passkeyEvent follows WhatsApp's demand for a passkey (whatsmeow pair-passkey.go).
func (a *Account) passkeyEvent(client *whatsmeow.Client, event any) {
	step := contract.PasskeyStep{}
	switch e := event.(type) {
	case *events.PairPasskeyRequest:
		request, err := json.Marshal(e.PublicKey)
		if err != nil {
			a.log.Error("encode passkey request", "error", err)
			return
		}
		text := string(request)
		step = contract.PasskeyStep{Stage: contract.Request, Request: &text, Message: "WhatsApp asks for the passkey of this account: answer the request with navigator.credentials.get() on web.whatsapp.com and hand the result to session.passkey_response."}
	case *events.PairPasskeyConfirmation:
		if e.SkipHandoffUX {
			a.confirmPasskey(client)
			return
		}
		step = contract.PasskeyStep{Stage: contract.Confirm, Code: optional(e.Code), Message: `Compare the code with the one on the phone; if they are equal, call session.passkey_response with {"confirmed":true}.`}
	case *events.PairPasskeyError:
		step = contract.PasskeyStep{Stage: contract.Failed, Message: "The passkey did not work: " + e.Error.Error()}
	}
	a.board.update(func(f *facts) { f.passkey = &step })
	a.signal(client, signal{kind: sigPasskeyAsked})
}

func (a *Account) confirmPasskey(client *whatsmeow.Client) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := client.SendPasskeyConfirmation(ctx); err != nil {
		a.log.Error("confirm passkey", "error", err)
		a.board.update(func(f *facts) {
			f.passkey = &contract.PasskeyStep{Stage: contract.Failed, Message: "The passkey could not be confirmed: " + err.Error()}
		})
	}
}

// SessionPasskeyResponse serves session.passkey_response: the WebAuthn answer,
// or {"confirmed":true} after the codes were compared.
func (a *Account) SessionPasskeyResponse(ctx context.Context, in contract.SessionPasskeyResponseInput) (contract.Done, error) {
	known := a.board.read()
	if known.phase.paired {
		return contract.Done{}, contract.Faultf(contract.AlreadyPaired, "this bridge is linked to %s", known.ownPN)
	}
	if known.passkey == nil {
		return contract.Done{}, contract.Faultf(contract.NotPaired, "WhatsApp has not asked for a passkey; call get_pairing_qr first")
	}
	if known.passkey.Stage == contract.Confirm {
		var answer struct {
			Confirmed bool `json:"confirmed"`
		}
		if err := json.Unmarshal([]byte(in.Response), &answer); err != nil || !answer.Confirmed {
			return contract.Done{}, contract.Faultf(contract.InvalidArgument, `field "response": expected {"confirmed":true} once the codes are equal`)
		}
		return contract.Done{}, a.current().SendPasskeyConfirmation(ctx)
	}
	var response types.WebAuthnResponse
	if err := json.Unmarshal([]byte(in.Response), &response); err != nil || response.ID == "" {
		return contract.Done{}, contract.Faultf(contract.InvalidArgument, `field "response": expected the JSON of navigator.credentials.get() with id, rawId, type and response`)
	}
	return contract.Done{}, a.current().SendPasskeyResponse(ctx, &response)
}

// SessionLogout serves session.logout. It needs the connection: a link that
// only this side has forgotten would stay in the phone's list.
func (a *Account) SessionLogout(ctx context.Context, _ contract.SessionLogoutInput) (contract.Done, error) {
	if !a.board.read().phase.paired {
		return contract.Done{}, nil
	}
	client, err := a.connected()
	if err != nil {
		return contract.Done{}, err
	}
	if err := client.Logout(ctx); err != nil {
		return contract.Done{}, err
	}
	a.signal(client, signal{kind: sigUnlinked})
	_, err = a.board.wait(ctx, func(f facts) bool { return !f.phase.paired })
	return contract.Done{}, err
}

// connected gives the client when it can serve; else the fault that says why
// not. It is the one check that may answer "disconnected": nothing was sent yet.
func (a *Account) connected() (*whatsmeow.Client, error) {
	known := a.board.read()
	switch known.phase.state {
	case contract.BridgeStatusStateConnected:
		client := a.current()
		if client.IsLoggedIn() && client.IsConnected() {
			return client, nil
		}
		return nil, contract.Faultf(contract.Disconnected, "the connection was just lost")
	case contract.BridgeStatusStateBanned:
		return nil, contract.Faultf(contract.Banned, "%s", known.phase.reason)
	case contract.BridgeStatusStateClientOutdated:
		return nil, contract.Faultf(contract.ClientOutdated, "%s", known.phase.reason)
	}
	if known.passkey != nil {
		return nil, contract.Faultf(contract.PasskeyRequired, "linking waits for a passkey")
	}
	if !known.phase.paired {
		return nil, contract.Faultf(contract.NotPaired, "the whatsmeow bridge is not linked (%s)", known.phase.state)
	}
	return nil, contract.Faultf(contract.Disconnected, "the whatsmeow bridge is %s: %s", known.phase.state, known.phase.reason)
}
