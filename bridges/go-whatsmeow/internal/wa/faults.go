package wa

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"go.mau.fi/whatsmeow"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// faults says which code of the contract an error of whatsmeow is; the first
// match wins. What proves that WhatsApp refused stands before what proves nothing.
var faults = []struct {
	is   error
	code contract.Code
}{
	{whatsmeow.ErrNotLoggedIn, contract.NotPaired},
	{whatsmeow.ErrProfilePictureUnauthorized, contract.NotAllowed},
	{whatsmeow.ErrProfilePictureNotSet, contract.NotFound},
	{whatsmeow.ErrGroupInviteLinkUnauthorized, contract.NotAllowed},
	{whatsmeow.ErrNotInGroup, contract.NotAllowed},
	{whatsmeow.ErrGroupNotFound, contract.NotFound},
	{whatsmeow.ErrInviteLinkInvalid, contract.NotFound},
	{whatsmeow.ErrInviteLinkRevoked, contract.Expired},
	{whatsmeow.ErrInvalidImageFormat, contract.UnsupportedType},
	{whatsmeow.ErrInvalidDisappearingTimer, contract.InvalidArgument},
	{whatsmeow.ErrPhoneNumberTooShort, contract.InvalidArgument},
	{whatsmeow.ErrPhoneNumberIsNotInternational, contract.InvalidArgument},
	{whatsmeow.ErrBroadcastListUnsupported, contract.UnsupportedByBackend},
	{whatsmeow.ErrUnknownServer, contract.InvalidArgument},
	{whatsmeow.ErrMediaNotAvailableOnPhone, contract.Expired},
	{whatsmeow.ErrMediaDownloadFailedWith403, contract.Expired},
	{whatsmeow.ErrMediaDownloadFailedWith404, contract.Expired},
	{whatsmeow.ErrMediaDownloadFailedWith410, contract.Expired},
	{whatsmeow.ErrNothingDownloadableFound, contract.NotFound},
	{whatsmeow.ErrNoURLPresent, contract.NotFound},
	{whatsmeow.ErrAppStateUpdate, contract.WhatsappError},
}

// iqCodes maps the status of a refused request.
var iqCodes = map[int]contract.Code{
	400: contract.WhatsappError,
	401: contract.NotAllowed,
	403: contract.NotAllowed,
	404: contract.NotFound,
	405: contract.NotAllowed,
	406: contract.NotAllowed,
	410: contract.Expired,
	419: contract.RateLimited,
	429: contract.RateLimited,
	463: contract.Restricted,
}

// Classify names an error of an operation. A fault that was named before stays.
// What proves neither success nor failure is outcome_unknown unless the
// operation is safe to repeat: whatsmeow's ErrNotConnected, for one, also comes
// after a first write (request.go:retryFrame).
func Classify(err error, replay contract.Replay) error {
	var named *contract.Fault
	if errors.As(err, &named) {
		return err
	}
	for _, row := range faults {
		if errors.Is(err, row.is) {
			return &contract.Fault{Code: row.code, Message: err.Error(), Err: err}
		}
	}
	var refused *whatsmeow.IQError
	if errors.As(err, &refused) && refused.Code != 0 {
		return iqFault(refused)
	}
	if code, ok := ackError(err); ok {
		return ackFault(code, err)
	}
	if replay != contract.ReplaySafe {
		return &contract.Fault{Code: contract.OutcomeUnknown, Message: "it is not known whether WhatsApp did it: " + err.Error(), Err: err}
	}
	return unclear(err)
}

// unclear names what ended a repeatable operation.
func unclear(err error) error {
	var cut *whatsmeow.DisconnectedError
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, whatsmeow.ErrNotConnected), errors.As(err, &cut):
		return &contract.Fault{Code: contract.Disconnected, Message: "the connection to WhatsApp was lost", Err: err}
	case errors.Is(err, whatsmeow.ErrIQTimedOut), errors.Is(err, whatsmeow.ErrMessageTimedOut):
		return &contract.Fault{Code: contract.Timeout, Message: "WhatsApp did not answer in time", Err: err}
	}
	var missing *whatsmeow.ElementMissingError
	if errors.As(err, &missing) {
		return &contract.Fault{Code: contract.WhatsappError, Message: "WhatsApp's answer is incomplete: " + err.Error(), Err: err}
	}
	return err
}

func iqFault(refused *whatsmeow.IQError) error {
	code, known := iqCodes[refused.Code]
	if !known {
		code = contract.WhatsappError
	}
	return &contract.Fault{Code: code, Message: fmt.Sprintf("WhatsApp refused with %d %s", refused.Code, refused.Text), Err: refused}
}

// ackError gives the number in the ack of a message. whatsmeow has it only in
// the error's text (send.go:SendMessage, "%w %d").
func ackError(err error) (int, bool) {
	if !errors.Is(err, whatsmeow.ErrServerReturnedError) {
		return 0, false
	}
	text := err.Error()
	code, parseErr := strconv.Atoi(text[strings.LastIndexByte(text, ' ')+1:])
	return code, parseErr == nil
}

func ackFault(code int, err error) error {
	named, known := iqCodes[code]
	if !known {
		named = contract.WhatsappError
	}
	message := fmt.Sprintf("WhatsApp refused the message with error %d", code)
	if code == 463 {
		message = "WhatsApp does not let this account write to this person for now (error 463: new contact without a privacy token, or a time lock)"
	}
	return &contract.Fault{Code: named, Message: message, Err: err}
}

// storeFault names a failure of messages.db.
func storeFault(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &contract.Fault{Code: contract.StoreUnavailable, Message: "messages.db cannot be used: " + err.Error(), Err: err}
}
