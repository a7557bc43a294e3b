// Command whatsmeow-client is a black-box client for the simulator's tests: the
// real whatsmeow, driven by one JSON command a line on standard input. It answers
// each command and reports each event as one JSON line on standard output.
package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"

	_ "modernc.org/sqlite" // registers the database driver "sqlite"
)

// maxLine bounds one command: a test sends short texts and codes only.
const maxLine = 1 << 20

// command is one line of input. Which fields are read depends on Do.
type command struct {
	Do     string   `json:"do"`
	Ref    int      `json:"ref"`
	To     string   `json:"to"`
	Text   string   `json:"text"`
	ID     string   `json:"id"`
	IDs    []string `json:"ids"`
	Phone  string   `json:"phone"`
	Count  int      `json:"count"`
	From   string   `json:"from"`
	Time   int64    `json:"time"`
	FromMe bool     `json:"from_me"`
	Method string   `json:"method"`
	Bytes  []byte   `json:"bytes"`

	Args []json.RawMessage `json:"args"`
}

// printer writes JSON lines; events and answers come from several goroutines.
type printer struct {
	mu  sync.Mutex
	out *json.Encoder
}

func (p *printer) print(line map[string]any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.out.Encode(line); err != nil {
		fmt.Fprintln(os.Stderr, "print:", err)
	}
}

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 3 {
		return errors.New("usage: whatsmeow-client ADDRESS NOISE_ROOT_HEX DATABASE")
	}
	root, err := hex.DecodeString(args[1])
	if err != nil || len(root) != 32 {
		return fmt.Errorf("noise root: expected 32 bytes in hex, got %q", args[1])
	}
	out := &printer{out: json.NewEncoder(os.Stdout)}
	// libsignal's default logger prints to standard output, which is for the protocol here.
	os.Stdout = os.Stderr
	s, err := openSession(ctx, args[0], [32]byte(root), args[2], out)
	if err != nil {
		return err
	}
	defer s.close()
	out.print(map[string]any{"event": "ready"})
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		var c command
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return fmt.Errorf("command: %w", err)
		}
		answer(ctx, s, c, out)
	}
	return lines.Err()
}

// answer runs one command in its own goroutine, so that a slow one does not hold up the rest.
func answer(ctx context.Context, s *session, c command, out *printer) {
	go func() {
		result, err := s.do(ctx, c)
		line := map[string]any{"answer": c.Ref, "result": result}
		if err != nil {
			line["error"] = err.Error()
		}
		out.print(line)
	}()
}
