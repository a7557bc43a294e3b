package wa

import (
	"context"
	"os"
	"runtime/debug"
	"time"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// SessionStatus serves session.status. It works in every state.
func (a *Account) SessionStatus(ctx context.Context, _ contract.SessionStatusInput) (contract.BridgeStatus, error) {
	history, err := a.store.HistoryStatus(ctx)
	if err != nil {
		return contract.BridgeStatus{}, storeFault(err)
	}
	status := a.describe(a.board.read())
	status.History = history
	return status, nil
}

// describe gives the status without its history, which needs the store.
func (a *Account) describe(f facts) contract.BridgeStatus {
	status := contract.BridgeStatus{
		Bridge: contract.Whatsmeow, Version: a.options.Version, Library: "whatsmeow " + libraryVersion(),
		Pid: int64(os.Getpid()), Simulated: a.simulator != nil, Mode: contract.BridgeStatusModeAlways,
		State: f.phase.state, Reason: optional(f.phase.reason), Paired: f.phase.paired,
		OwnPn: optional(f.ownPN), OwnLid: optional(f.ownLID), OwnName: optional(f.ownName),
		ConnectedSince: millis(f.connectedSince), LastEventAt: millis(f.lastEvent), NextAttemptAt: millis(f.phase.retryAt),
		Passkey: f.passkey,
	}
	if f.restriction != nil {
		status.Restrictions = append(status.Restrictions, *f.restriction)
	}
	if f.phase.state == contract.BridgeStatusStateBanned {
		status.Restrictions = append(status.Restrictions, contract.Restriction{Kind: contract.TemporaryBan, Until: millis(f.phase.bannedUntil), Reason: f.phase.reason})
	}
	if status.State == "" {
		status.State = contract.BridgeStatusStateStarting
	}
	return status
}

// publish tells listeners that the status changed.
func (a *Account) publish(f facts) {
	status := a.describe(f)
	ctx, cancel := context.WithTimeout(context.Background(), storeLimit)
	defer cancel()
	history, err := a.store.HistoryStatus(ctx)
	if err != nil {
		a.log.Warn("count history", "error", err)
	}
	status.History = history
	a.options.Feed.Publish(contract.BridgeEvent{Type: contract.BridgeEventTypeStatus, Status: &status})
}

// AnnounceHistory tells listeners how far history has come.
func (a *Account) AnnounceHistory() { a.publish(a.board.read()) }

func libraryVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "of unknown version"
	}
	for _, module := range info.Deps {
		if module.Path == "go.mau.fi/whatsmeow" {
			return module.Version
		}
	}
	return "of unknown version"
}

// optional gives nil for the zero value.
func optional[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}

// millis gives milliseconds since 1970; nil for the zero time and times before 1970.
func millis(moment time.Time) *contract.Millis {
	if moment.IsZero() || moment.Unix() <= 0 {
		return nil
	}
	ms := moment.UnixMilli()
	return &ms
}
