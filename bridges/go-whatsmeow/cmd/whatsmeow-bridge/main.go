// Command whatsmeow-bridge links one WhatsApp account through whatsmeow and
// serves it to programs on this machine. Settings are environment variables;
// docs/configuration.md lists them.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/datafolder"
)

// Exit codes. A wrong setting is 2, so that a supervisor does not try again.
const (
	exitFailed   = 1
	exitSettings = 2
	exitLocked   = 3
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := run(ctx, os.Getenv, os.Stderr)
	stop()
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "whatsmeow-bridge:", err)
	var wrong settingsError
	switch {
	case errors.As(err, &wrong):
		os.Exit(exitSettings)
	case errors.Is(err, datafolder.ErrLocked):
		os.Exit(exitLocked)
	default:
		os.Exit(exitFailed)
	}
}
