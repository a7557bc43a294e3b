package wa

import (
	"fmt"
	"log/slog"

	waBinary "go.mau.fi/whatsmeow/binary"
	waLog "go.mau.fi/whatsmeow/util/log"
)

// libraryLog hands whatsmeow's warnings and errors to slog. Its debug and info
// lines show whole stanzas, so they are dropped; of a stanza in a warning only
// the tag is kept.
type libraryLog struct {
	log *slog.Logger
}

var _ waLog.Logger = libraryLog{}

func (l libraryLog) Warnf(format string, args ...any) {
	l.log.Warn(fmt.Sprintf(format, redact(args)...))
}
func (l libraryLog) Errorf(format string, args ...any) {
	l.log.Error(fmt.Sprintf(format, redact(args)...))
}
func (l libraryLog) Infof(string, ...any)  {}
func (l libraryLog) Debugf(string, ...any) {}

// Sub names the part of the library that speaks.
func (l libraryLog) Sub(module string) waLog.Logger {
	return libraryLog{log: l.log.With("part", module)}
}

func redact(args []any) []any {
	safe := make([]any, len(args))
	for i, arg := range args {
		switch value := arg.(type) {
		case *waBinary.Node:
			safe[i] = "<" + value.Tag + ">"
		case waBinary.Node:
			safe[i] = "<" + value.Tag + ">"
		case []byte:
			safe[i] = fmt.Sprintf("%d bytes", len(value))
		default:
			safe[i] = arg
		}
	}
	return safe
}
