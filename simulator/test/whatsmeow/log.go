package main

import (
	"fmt"
	"os"

	waLog "go.mau.fi/whatsmeow/util/log"
)

// stderrLogger keeps standard output free for the protocol.
type stderrLogger struct {
	module string
	level  string
}

func (l stderrLogger) write(level, format string, args []any) {
	if (level == "DEBUG" || level == "INFO") && l.level != "DEBUG" {
		return
	}
	fmt.Fprintf(os.Stderr, "%s %s %s\n", level, l.module, fmt.Sprintf(format, args...))
}

func (l stderrLogger) Warnf(format string, args ...any)  { l.write("WARN", format, args) }
func (l stderrLogger) Errorf(format string, args ...any) { l.write("ERROR", format, args) }
func (l stderrLogger) Infof(format string, args ...any)  { l.write("INFO", format, args) }
func (l stderrLogger) Debugf(format string, args ...any) { l.write("DEBUG", format, args) }
func (l stderrLogger) Sub(module string) waLog.Logger {
	return stderrLogger{module: l.module + "/" + module, level: l.level}
}
