package httpapi

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/fakewa"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/feed"
)

const token = "0123456789abcdef"

func start(t *testing.T, account *fakewa.Account) (*httptest.Server, *feed.Feed) {
	t.Helper()
	events := feed.New(time.Now)
	api, err := New(Options{Server: account, Feed: events, Token: token, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(api)
	t.Cleanup(func() {
		events.Close()
		server.Close()
	})
	return server, events
}

type request struct {
	method, path, body string
	header             map[string]string
	host               string
	noToken            bool
}

func ask(t *testing.T, server *httptest.Server, r request) (int, string) {
	t.Helper()
	call, err := http.NewRequestWithContext(t.Context(), r.method, server.URL+r.path, strings.NewReader(r.body))
	if err != nil {
		t.Fatal(err)
	}
	if !r.noToken {
		call.Header.Set("Authorization", "Bearer "+token)
	}
	for name, value := range r.header {
		call.Header.Set(name, value)
	}
	if r.host != "" {
		call.Host = r.host
	}
	answer, err := server.Client().Do(call)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

const goodText = `{"to":"15550100@s.whatsapp.net","id":"3EB0123456789ABCDEF012","text":"hi"}`

func post(body string) request {
	return request{method: http.MethodPost, path: "/v1/message.send_text", body: body}
}

type refusal struct {
	name    string
	request request
	status  int
	code    contract.Code
	says    string
}

func refusals(port string) []refusal {
	with := func(r request, change func(*request)) request {
		change(&r)
		return r
	}
	return []refusal{
		{"no token", with(post(goodText), func(r *request) { r.noToken = true }), 401, contract.Unauthorized, "Bearer"},
		{"wrong token", with(post(goodText), func(r *request) { r.header = map[string]string{"Authorization": "Bearer x"} }), 401, contract.Unauthorized, "Bearer"},
		{"token without scheme", with(post(goodText), func(r *request) { r.header = map[string]string{"Authorization": token} }), 401, contract.Unauthorized, "Bearer"},
		{"origin", with(post(goodText), func(r *request) { r.header = map[string]string{"Origin": "http://127.0.0.1:" + port} }), 403, contract.ForbiddenOrigin, "Origin"},
		{"origin null", with(post(goodText), func(r *request) { r.header = map[string]string{"Origin": "null"} }), 403, contract.ForbiddenOrigin, "Origin"},
		{"foreign host", with(post(goodText), func(r *request) { r.host = "evil.example:" + port }), 403, contract.ForbiddenOrigin, "Host"},
		{"host with another port", with(post(goodText), func(r *request) { r.host = "127.0.0.1:1" }), 403, contract.ForbiddenOrigin, "Host"},
		{"health with an origin", request{method: http.MethodGet, path: "/health", header: map[string]string{"Origin": "http://x"}}, 403, contract.ForbiddenOrigin, "Origin"},
		{"malformed JSON", post(`{"to":`), 400, contract.MalformedJson, "JSON object"},
		{"empty body", post(""), 400, contract.MalformedJson, "came nothing"},
		{"array", post(`[]`), 400, contract.MalformedJson, "an array"},
		{"two objects", post(goodText + goodText), 400, contract.MalformedJson, "JSON object"},
		{"unknown field", post(`{"to":"1555010@lid","id":"3EB0123456789ABCDEF012","text":"hi","colour":1}`), 400, contract.InvalidArgument, `"colour" is not known`},
		{"missing field", post(`{"to":"1555010@lid","id":"3EB0123456789ABCDEF012"}`), 400, contract.InvalidArgument, `"text" is missing`},
		{"wrong type", post(`{"to":"1555010@lid","id":"3EB0123456789ABCDEF012","text":7}`), 400, contract.InvalidArgument, `field "text": expected string, came 7`},
		{"bad JID", post(`{"to":"nobody","id":"3EB0123456789ABCDEF012","text":"hi"}`), 400, contract.InvalidArgument, `field "to"`},
		{"too long", post(`{"to":"1555010@lid","id":"3EB0123456789ABCDEF012","text":"` + strings.Repeat("a", 65_537) + `"}`), 400, contract.InvalidArgument, "at most 65536 characters"},
		{"nested field", post(`{"to":"1555010@lid","id":"3EB0123456789ABCDEF012","text":"a","quoted":{"key":{"chat":"1@lid","id":"A","from_me":"no"}}}`), 400, contract.InvalidArgument, `"quoted.key.from_me"`},
		{"body over the limit", post(strings.Repeat(" ", MaxBodyBytes+1)), 413, contract.TooLarge, "over"},
		{"unknown operation", request{method: http.MethodPost, path: "/v1/message.send_love", body: "{}"}, 404, contract.UnknownOperation, "message.send_love"},
		{"operation of the other bridge", request{method: http.MethodPost, path: "/v1/business.catalog", body: "{}"}, 404, contract.UnknownOperation, "business.catalog"},
		{"wrong method", request{method: http.MethodGet, path: "/v1/message.send_text"}, 404, contract.UnknownOperation, "GET"},
		{"bad deadline", with(post(goodText), func(r *request) { r.header = map[string]string{"X-Deadline-Ms": "soon"} }), 400, contract.InvalidArgument, "x-deadline-ms"},
		{"bad event id", request{method: http.MethodGet, path: "/v1/events", header: map[string]string{"Last-Event-ID": "-1"}}, 400, contract.InvalidArgument, "Last-Event-ID"},
	}
}

func TestServer_Refuses(t *testing.T) {
	t.Parallel()
	account := &fakewa.Account{SendText: func(context.Context, contract.MessageSendTextInput) (contract.SentMessage, error) {
		t.Error("a refused request reached the account")
		return contract.SentMessage{}, nil
	}}
	server, _ := start(t, account)
	port := server.URL[strings.LastIndexByte(server.URL, ':')+1:]
	for _, test := range refusals(port) {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			status, body := ask(t, server, test.request)
			var answer failure
			if err := json.Unmarshal([]byte(body), &answer); err != nil {
				t.Fatalf("the answer %.100q is no JSON: %v", body, err)
			}
			if status != test.status || answer.Error.Code != test.code || !strings.Contains(answer.Error.Message, test.says) {
				t.Errorf("got %d %s %q, want %d %s with %q", status, answer.Error.Code, answer.Error.Message, test.status, test.code, test.says)
			}
		})
	}
}

func TestServer_Answers(t *testing.T) {
	t.Parallel()
	failures := map[string]error{
		"fault":    contract.Faultf(contract.Restricted, "for a while"),
		"defect":   errors.New("secret detail"),
		"deadline": fmt.Errorf("wait: %w", context.DeadlineExceeded),
	}
	account := &fakewa.Account{
		Status: contract.BridgeStatus{Bridge: contract.Whatsmeow, State: contract.BridgeStatusStateUnpaired},
		SendText: func(_ context.Context, in contract.MessageSendTextInput) (contract.SentMessage, error) {
			if in.Text == "panic" {
				panic("a defect")
			}
			return contract.SentMessage{ID: in.ID, Chat: in.To}, failures[in.Text]
		},
	}
	server, _ := start(t, account)
	say := func(text string) request { return post(strings.Replace(goodText, `"hi"`, `"`+text+`"`, 1)) }
	tests := []struct {
		name    string
		request request
		status  int
		want    string
	}{
		{"health is open", request{method: http.MethodGet, path: "/health", noToken: true}, 200, `{"ok":true}`},
		{"status has lists, not null", request{method: http.MethodGet, path: "/v1/status"}, 200, `"restrictions":[]`},
		{"status as an operation", request{method: http.MethodPost, path: "/v1/session.status", body: "{}"}, 200, `"state":"unpaired"`},
		{"send", say("hi"), 200, `"id":"3EB0123456789ABCDEF012"`},
		{"named failure", say("fault"), 429, `"code":"restricted"`},
		{"defect", say("defect"), 500, `"code":"internal"`},
		{"panic", say("panic"), 500, `"code":"internal"`},
		{"deadline", say("deadline"), 504, `"code":"timeout"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			status, body := ask(t, server, test.request)
			if status != test.status || !strings.Contains(body, test.want) {
				t.Errorf("got %d %s, want %d with %s", status, body, test.status, test.want)
			}
			if strings.Contains(body, "secret detail") {
				t.Error("the answer tells the text of a defect")
			}
		})
	}
}

func TestServer_DeadlineReachesTheAccount(t *testing.T) {
	t.Parallel()
	account := &fakewa.Account{SendText: func(ctx context.Context, _ contract.MessageSendTextInput) (contract.SentMessage, error) {
		<-ctx.Done()
		return contract.SentMessage{}, ctx.Err()
	}}
	server, _ := start(t, account)
	r := post(goodText)
	r.header = map[string]string{"X-Deadline-Ms": "20"}
	if status, body := ask(t, server, r); status != 504 || !strings.Contains(body, "timeout") {
		t.Errorf("got %d %s, want 504 timeout", status, body)
	}
}

func TestServer_EventsResume(t *testing.T) {
	t.Parallel()
	server, events := start(t, &fakewa.Account{})
	for range 3 {
		events.Publish(contract.BridgeEvent{Type: contract.BridgeEventTypeStored})
	}
	call, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	call.Header.Set("Authorization", "Bearer "+token)
	call.Header.Set("Last-Event-ID", "1")
	answer, err := server.Client().Do(call)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	var ids []string
	for lines.Scan() {
		if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
			ids = append(ids, id)
		}
		if len(ids) == 2 {
			events.Publish(contract.BridgeEvent{Type: contract.BridgeEventTypeStored})
		}
		if len(ids) == 3 {
			break
		}
	}
	if got := strings.Join(ids, " "); got != "2 3 4" {
		t.Errorf("got events %q after 1, want 2 3 4", got)
	}
}

func TestRoutes_CoverTheContract(t *testing.T) {
	t.Parallel()
	compiled, err := compileSchemas(contract.Operations)
	if err != nil {
		t.Fatal(err)
	}
	for _, operation := range contract.Operations {
		if compiled[operation.Name] == nil || operation.Call == nil || operation.Deadline <= 0 {
			t.Errorf("operation %s is not complete", operation.Name)
		}
	}
}

func FuzzSchemas_Check(f *testing.F) {
	compiled, err := compileSchemas(contract.Operations)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(goodText))
	f.Add([]byte(`{"quoted":{"key":[]},"mentions":[{"a":1}]}`))
	f.Add([]byte(`{"to":"\ud800","text":1e999}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		err := compiled.check("message.send_text", body)
		var fault *contract.Fault
		if err != nil && !errors.As(err, &fault) {
			t.Errorf("%q: got %v, want a named failure", body, err)
		}
		if fault != nil && len(fault.Message) > 2*len(body)+4000 {
			t.Errorf("a body of %d bytes gets an answer of %d", len(body), len(fault.Message))
		}
		if err == nil && !bytes.Contains(body, []byte(`"text"`)) {
			t.Logf("accepted %q", body)
		}
	})
}
