// Package fakewa is an account for tests of the HTTP edge: it serves what a test
// sets and nothing else.
package fakewa

import (
	"context"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// Account serves session.status and message.send_text; other operations panic,
// as a defect would.
type Account struct {
	contract.Server

	Status   contract.BridgeStatus
	SendText func(context.Context, contract.MessageSendTextInput) (contract.SentMessage, error)
}

var _ contract.Server = (*Account)(nil)

// SessionStatus gives the status that was set.
func (a *Account) SessionStatus(context.Context, contract.SessionStatusInput) (contract.BridgeStatus, error) {
	return a.Status, nil
}

// MessageSendText calls what was set.
func (a *Account) MessageSendText(ctx context.Context, in contract.MessageSendTextInput) (contract.SentMessage, error) {
	return a.SendText(ctx, in)
}
