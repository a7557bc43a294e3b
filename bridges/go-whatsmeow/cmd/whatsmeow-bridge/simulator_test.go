//go:build !race

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const root = "../../../.."

// simulator is a simulated WhatsApp in a process of its own.
type simulator struct {
	t      *testing.T
	origin string
}

func startSimulator(t *testing.T, world string) simulator {
	t.Helper()
	node, err := exec.Command("sh", filepath.Join(root, "scripts/find-node.sh")).Output()
	if err != nil {
		t.Fatalf("find node: %v", err)
	}
	command := exec.Command(strings.TrimSpace(string(node)), filepath.Join(root, "simulator/src/cli.ts"), "serve", "--port", "0", "--world", world, "--json")
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill() // it may have ended
		_ = command.Wait()         // killed on purpose
	})
	line, err := bufio.NewReader(output).ReadBytes('\n')
	var address struct {
		Origin string `json:"origin"`
	}
	if err != nil || json.Unmarshal(line, &address) != nil {
		t.Fatalf("the simulator said %q, %v; want its address", line, err)
	}
	return simulator{t: t, origin: address.Origin}
}

// control asks the simulator for something that the phone or other people do.
func (s simulator) control(method string, in, out any) {
	s.t.Helper()
	var answer struct {
		Result json.RawMessage
		Error  *struct{ Code, Message string }
	}
	exchange(s.t, call{url: s.origin + "/control/" + method, in: in, out: &answer})
	if answer.Error != nil {
		s.t.Fatalf("%s: %s %s", method, answer.Error.Code, answer.Error.Message)
	}
	if out != nil {
		if err := json.Unmarshal(answer.Result, out); err != nil {
			s.t.Fatalf("%s: %v", method, err)
		}
	}
}

// call is one question over HTTP and the place for its answer.
type call struct {
	url, token string
	in, out    any
}

func exchange(t *testing.T, c call) {
	t.Helper()
	body, err := json.Marshal(c.in)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+c.token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, c.out); err != nil {
		t.Fatalf("%s answered %.200q: %v", c.url, content, err)
	}
}

// runningBridge is the bridge in this process, stopped at the end of the test.
type runningBridge struct {
	t             *testing.T
	dir           string
	origin, token string
	stop          func()
	events        *bufio.Scanner
}

func startBridge(t *testing.T, sim simulator, dir string) *runningBridge {
	t.Helper()
	settings := map[string]string{
		"WHATSAPP_DATA_DIR": dir, "WHATSAPP_WHATSMEOW_PORT": "0",
		"WHATSAPP_SIMULATOR": "ws" + strings.TrimPrefix(sim.origin, "http") + "/ws/chat",
	}
	logs, told := io.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, func(name string) string { return settings[name] }, told)
		told.Close()
	}()
	port := make(chan int, 1)
	go readLog(t, logs, port)
	b := &runningBridge{t: t, dir: dir}
	stopped := false
	b.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the bridge ended with %v", err)
		}
	}
	t.Cleanup(b.stop)
	select {
	case number := <-port:
		b.origin = fmt.Sprintf("http://127.0.0.1:%d", number)
	case err := <-ended:
		ended <- err
		t.Fatalf("the bridge did not start: %v", err)
	}
	token, err := os.ReadFile(filepath.Join(dir, "token"))
	if err != nil {
		t.Fatal(err)
	}
	b.token = strings.TrimSpace(string(token))
	b.listen()
	return b
}

// readLog passes the port of the line "listening" on, and shows errors.
func readLog(t *testing.T, logs io.Reader, port chan<- int) {
	lines := bufio.NewScanner(logs)
	for lines.Scan() {
		var line struct {
			Msg, Level string
			Port       int
		}
		if json.Unmarshal(lines.Bytes(), &line) != nil {
			continue
		}
		if line.Msg == "listening" {
			port <- line.Port
		}
		if line.Level == "ERROR" {
			t.Logf("%s", lines.Text())
		}
	}
}

// listen follows the bridge's events.
func (b *runningBridge) listen() {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	b.t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, b.origin+"/v1/events", nil)
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+b.token)
	request.Header.Set("Last-Event-ID", "0")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { response.Body.Close() })
	b.events = bufio.NewScanner(response.Body)
	b.events.Buffer(nil, 1<<20)
}

type event struct {
	Type, Chat string
	RequestID  string `json:"request_id"`
	Messages   *int
	Status     *struct{ State string }
}

// waitFor reads events until one fits, or something else holds.
func (b *runningBridge) waitFor(what string, fits func(event) bool) event {
	b.t.Helper()
	for b.events.Scan() {
		data, ok := strings.CutPrefix(b.events.Text(), "data: ")
		if !ok {
			continue
		}
		var e event
		if err := json.Unmarshal([]byte(data), &e); err != nil {
			b.t.Fatalf("event %q: %v", data, err)
		}
		if fits(e) {
			return e
		}
	}
	b.t.Fatalf("the events ended before %s: %v", what, b.events.Err())
	return event{}
}

func (b *runningBridge) waitForState(state string) {
	b.t.Helper()
	b.waitFor("state "+state, func(e event) bool { return e.Status != nil && e.Status.State == state })
}

type answer struct {
	OK     bool
	Result json.RawMessage
	Error  struct{ Code, Message string }
}

func (b *runningBridge) ask(operation string, in any) answer {
	b.t.Helper()
	var got answer
	exchange(b.t, call{url: b.origin + "/v1/" + operation, token: b.token, in: in, out: &got})
	return got
}

// do asks for something that must work.
func (b *runningBridge) do(operation string, in, out any) {
	b.t.Helper()
	got := b.ask(operation, in)
	if !got.OK {
		b.t.Fatalf("%s: %s %s", operation, got.Error.Code, got.Error.Message)
	}
	if out != nil {
		if err := json.Unmarshal(got.Result, out); err != nil {
			b.t.Fatalf("%s: %v", operation, err)
		}
	}
}

type object map[string]any

// pair links the bridge with a QR code and waits for the connection.
func pair(b *runningBridge, sim simulator) int {
	b.t.Helper()
	var code struct{ State, QR string }
	b.do("session.pair_qr", object{}, &code)
	var device struct{ DeviceID int }
	sim.control("scan_qr", object{"qr": code.QR}, &device)
	b.waitForState("connected")
	return device.DeviceID
}
