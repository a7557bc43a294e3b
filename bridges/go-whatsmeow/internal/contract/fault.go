package contract

import (
	"errors"
	"fmt"
)

// Fault is a failure that the contract names. It is made where the failure is
// found and becomes an answer in package httpapi.
type Fault struct {
	Code    Code
	Message string
	// Details are facts for the reader, JSON values only; nil for none.
	Details map[string]any
	// Err is the cause, for the log; nil for none.
	Err error
}

// Error gives the code, the message and the cause.
func (f *Fault) Error() string {
	if f.Err == nil {
		return fmt.Sprintf("%s: %s", f.Code, f.Message)
	}
	return fmt.Sprintf("%s: %s: %v", f.Code, f.Message, f.Err)
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Err }

// Faultf makes a Fault from a code and a formatted message. A cause is set with %w.
func Faultf(code Code, format string, args ...any) *Fault {
	wrapped := fmt.Errorf(format, args...)
	return &Fault{Code: code, Message: wrapped.Error(), Err: errors.Unwrap(wrapped)}
}
