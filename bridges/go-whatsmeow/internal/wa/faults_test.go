package wa

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	iq := func(code int) error { return fmt.Errorf("ask: %w", &whatsmeow.IQError{Code: code, Text: "text"}) }
	ack := func(code int) error { return fmt.Errorf("%w %d", whatsmeow.ErrServerReturnedError, code) }
	cut := &whatsmeow.DisconnectedError{Action: "info query"}
	tests := []struct {
		name  string
		err   error
		safe  contract.Code
		never contract.Code
	}{
		{"named before", contract.Faultf(contract.Disconnected, "not sent"), contract.Disconnected, contract.Disconnected},
		{"not connected proves nothing", whatsmeow.ErrNotConnected, contract.Disconnected, contract.OutcomeUnknown},
		{"cut off", cut, contract.Disconnected, contract.OutcomeUnknown},
		{"ack did not come", whatsmeow.ErrMessageTimedOut, contract.Timeout, contract.OutcomeUnknown},
		{"request timed out", whatsmeow.ErrIQTimedOut, contract.Timeout, contract.OutcomeUnknown},
		{"deadline", context.DeadlineExceeded, "", contract.OutcomeUnknown},
		{"caller gone", context.Canceled, "", contract.OutcomeUnknown},
		{"unheard of", errors.New("surprise"), "", contract.OutcomeUnknown},
		{"not a member", whatsmeow.ErrNotInGroup, contract.NotAllowed, contract.NotAllowed},
		{"revoked link", whatsmeow.ErrInviteLinkRevoked, contract.Expired, contract.Expired},
		{"forbidden", iq(403), contract.NotAllowed, contract.NotAllowed},
		{"missing", iq(404), contract.NotFound, contract.NotFound},
		{"gone", iq(410), contract.Expired, contract.Expired},
		{"too often", iq(429), contract.RateLimited, contract.RateLimited},
		{"unknown refusal", iq(599), contract.WhatsappError, contract.WhatsappError},
		{"time lock", ack(463), contract.Restricted, contract.Restricted},
		{"refused message", ack(479), contract.WhatsappError, contract.WhatsappError},
		{"media gone", whatsmeow.ErrMediaDownloadFailedWith410, contract.Expired, contract.Expired},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for replay, want := range map[contract.Replay]contract.Code{
				contract.ReplaySafe: test.safe, contract.ReplayByID: test.never, contract.ReplayNever: test.never,
			} {
				got := Classify(test.err, replay)
				var fault *contract.Fault
				errors.As(got, &fault)
				switch {
				case want == "" && !errors.Is(got, test.err):
					t.Errorf("%s: got %v, want the error itself", replay, got)
				case want != "" && (fault == nil || fault.Code != want):
					t.Errorf("%s: got %v, want %s", replay, got, want)
				}
			}
		})
	}
}

func TestMexFault(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]contract.Code{404: contract.NotFound, 403: contract.NotAllowed, 500: contract.WhatsappError} {
		err := mexFault(types.GraphQLErrors{{Extensions: types.GraphQLErrorExtensions{ErrorCode: code}}})
		var fault *contract.Fault
		if !errors.As(err, &fault) || fault.Code != want {
			t.Errorf("%d: got %v, want %s", code, err, want)
		}
	}
	if err := mexFault(nil); err != nil {
		t.Errorf("got %v for no error", err)
	}
}
