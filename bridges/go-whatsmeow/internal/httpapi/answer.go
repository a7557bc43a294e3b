package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

type success struct {
	OK     bool `json:"ok"`
	Result any  `json:"result"`
}

type failure struct {
	OK    bool        `json:"ok"`
	Error failureBody `json:"error"`
}

type failureBody struct {
	Code    contract.Code `json:"code"`
	Message string        `json:"message"`
	Details *string       `json:"details,omitempty"`
}

// maxMessageRunes is the contract's limit of an error message.
const maxMessageRunes = 4000

// faultOf gives the fault behind an error; what nobody named is a defect, and
// its text stays in the log.
func faultOf(err error) *contract.Fault {
	var fault *contract.Fault
	switch {
	case errors.As(err, &fault):
		return fault
	case errors.Is(err, context.DeadlineExceeded):
		return &contract.Fault{Code: contract.Timeout, Message: "it took longer than the deadline", Err: err}
	case errors.Is(err, context.Canceled):
		return &contract.Fault{Code: contract.Cancelled, Message: "the caller went away", Err: err}
	default:
		return &contract.Fault{Code: contract.Internal, Message: "an unexpected error; the log of the bridge has the details", Err: err}
	}
}

func writeFault(w http.ResponseWriter, log *slog.Logger, fault *contract.Fault) {
	row, known := contract.Failures[fault.Code]
	if !known {
		row = contract.Failures[contract.Internal]
	}
	body := failure{Error: failureBody{Code: fault.Code, Message: clip(fault.Message)}}
	if len(fault.Details) > 0 {
		if text, err := json.Marshal(fault.Details); err == nil {
			details := string(text)
			body.Error.Details = &details
		}
	}
	writeJSON(w, log, row.Status, body)
}

func clip(message string) string {
	if runes := []rune(message); len(runes) > maxMessageRunes {
		return string(runes[:maxMessageRunes])
	}
	return message
}

func writeJSON(w http.ResponseWriter, log *slog.Logger, status int, body any) {
	content, err := encode(body)
	if err != nil {
		log.Error("encode answer", "error", err)
		status, content = http.StatusInternalServerError, []byte(`{"ok":false,"error":{"code":"internal","message":"the answer cannot be written as JSON"}}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// A caller that is gone cannot be told.
	_, _ = w.Write(content)
}
