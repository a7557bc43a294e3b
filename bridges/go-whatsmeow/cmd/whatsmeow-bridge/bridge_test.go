//go:build !race

// whatsmeow's own goroutines race with each other (push name and stores of the
// device, among others), so what links a real client runs without the detector.

package main

import (
	"bytes"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	owner = "14155550100@s.whatsapp.net"
	emma  = "447700900100@s.whatsapp.net"
)

func newID() string {
	digits := make([]byte, 9)
	rand.Read(digits)
	return "3EB0" + strings.ToUpper(hex.EncodeToString(digits))
}

func query[T any](t *testing.T, dir, statement string, args ...any) (value T) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "messages.db")+"?mode=ro&_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), statement, args...).Scan(&value); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return value
}

// The bridge changes a variable of whatsmeow, so these tests run one by one.
func TestBridge_Conversation(t *testing.T) {
	sim := startSimulator(t, "demo")
	dir := filepath.Join(t.TempDir(), "account")
	b := startBridge(t, sim, dir)
	pair(b, sim)
	hello := newID()
	t.Run("send", func(t *testing.T) {
		var sent struct {
			ID     string
			Stored bool
		}
		b.do("message.send_text", object{"to": emma, "id": hello, "text": "hello"}, &sent)
		if sent.ID != hello || !sent.Stored {
			t.Errorf("got %+v, want id %s, stored", sent, hello)
		}
		sim.control("wait_for_message", object{"account": emma, "id": hello, "timeout_ms": 5000}, nil)
		if got := query[int](t, dir, "SELECT origin FROM messages WHERE id = ?", hello); got != 9 {
			t.Errorf("origin %d, want 9 (live, sent from here)", got)
		}
	})
	t.Run("receive", func(t *testing.T) {
		var sent struct{ ID string }
		sim.control("send", object{"from": emma, "to": owner, "text": "hi Sam"}, &sent)
		for query[int](t, dir, "SELECT count(*) FROM messages WHERE id = ?", sent.ID) == 0 {
			b.waitFor("the message", func(e event) bool { return e.Type == "stored" && e.Chat == emma })
		}
		if got := query[string](t, dir, "SELECT content FROM messages WHERE id = ?", sent.ID); got != "hi Sam" {
			t.Errorf("stored %q, want what was written", got)
		}
	})
	t.Run("edit, react, revoke", func(t *testing.T) { change(t, b, hello) })
	t.Run("media", func(t *testing.T) { media(t, b) })
	t.Run("nobody there", func(t *testing.T) {
		got := b.ask("message.send_text", object{"to": "4470000000001@s.whatsapp.net", "id": newID(), "text": "?"})
		if got.Error.Code != "not_found" {
			t.Errorf("got %s %s, want not_found", got.Error.Code, got.Error.Message)
		}
	})
}

// change edits an own message, reacts to it and takes it back.
func change(t *testing.T, b *runningBridge, id string) {
	key := object{"chat": emma, "id": id, "from_me": true}
	b.do("message.edit", object{"key": key, "id": newID(), "text": "hello again"}, nil)
	b.do("message.react", object{"key": key, "id": newID(), "emoji": "👍"}, nil)
	if got := query[string](t, b.dir, "SELECT content FROM messages WHERE id = ?", id); got != "hello again" {
		t.Errorf("content %q, want the edited one", got)
	}
	if got := query[string](t, b.dir, "SELECT emoji FROM reactions JOIN messages USING (mid) WHERE id = ?", id); got != "👍" {
		t.Errorf("reaction %q, want 👍", got)
	}
	b.do("message.revoke", object{"key": key, "id": newID()}, nil)
	if got := query[int](t, b.dir, "SELECT revoked FROM messages WHERE id = ?", id); got != 1 {
		t.Error("the message is not revoked")
	}
}

// media sends a file and downloads it again by what is stored.
func media(t *testing.T, b *runningBridge) {
	content := make([]byte, 30_000)
	rand.Read(content)
	path := filepath.Join(t.TempDir(), "file.bin")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	id := newID()
	b.do("message.send_media", object{"to": emma, "id": id, "path": path, "kind": "document", "mimetype": "application/octet-stream", "filename": "file.bin", "caption": "look"}, nil)
	base := func(column string) string {
		return base64.StdEncoding.EncodeToString(query[[]byte](t, b.dir, "SELECT "+column+" FROM messages WHERE id = ?", id))
	}
	saved := filepath.Join(t.TempDir(), "saved.bin")
	in := object{
		"key": object{"chat": emma, "id": id, "from_me": true}, "save_to": saved, "max_bytes": 100_000,
		"source": object{
			"kind": "document", "direct_path": query[string](t, b.dir, "SELECT direct_path FROM messages WHERE id = ?", id),
			"media_key": base("media_key"), "file_sha256": base("file_sha256"), "file_enc_sha256": base("file_enc_sha256"),
		},
	}
	b.do("media.download", in, nil)
	if got, err := os.ReadFile(saved); err != nil || !bytes.Equal(got, content) {
		t.Errorf("the saved file differs: %v", err)
	}
	in["max_bytes"] = 1000
	if got := b.ask("media.download", in); got.Error.Code != "too_large" {
		t.Errorf("got %s %s, want too_large", got.Error.Code, got.Error.Message)
	}
	if left, err := filepath.Glob(saved + ".part"); err != nil || len(left) > 0 {
		t.Errorf("a draft was left: %v, %v", left, err)
	}
}

func TestBridge_HistoryIsStoredOnce(t *testing.T) {
	sim := startSimulator(t, "demo")
	dir := filepath.Join(t.TempDir(), "account")
	b := startBridge(t, sim, dir)
	pair(b, sim)
	b.waitFor("a chunk", func(event) bool {
		return query[int](t, dir, "SELECT count(*) FROM wm_history_queue WHERE status = 'done'") > 0
	})
	// Stopped in the middle: the queue goes on where it was.
	b.stop()
	b = startBridge(t, sim, dir)
	b.waitForState("connected")
	drained(t, b)
	first := query[int](t, dir, "SELECT count(*) FROM messages")
	told := query[int](t, dir, "SELECT sum(messages) FROM history_chunks")
	if first < 20_000 || told < first {
		t.Errorf("%d messages from chunks of %d, want at least 20000", first, told)
	}
	if twice := query[int](t, dir, "SELECT count(*) FROM (SELECT 1 FROM chats GROUP BY coalesce(lid_jid, jid) HAVING count(*) > 1)"); twice != 0 {
		t.Errorf("%d people have two chats", twice)
	}
	anchorID := query[string](t, dir, "SELECT id FROM messages WHERE chat_jid = ? AND id NOT LIKE '3EB0%' ORDER BY timestamp DESC LIMIT 1", emma)
	anchor := object{"id": anchorID, "from_me": query[bool](t, dir, "SELECT is_from_me FROM messages WHERE id = ?", anchorID),
		"timestamp": query[int64](t, dir, "SELECT timestamp FROM messages WHERE id = ?", anchorID)}
	var request struct {
		RequestID string `json:"request_id"`
	}
	b.do("history.request", object{"chat": emma, "anchor": anchor, "count": 20}, &request)
	answered := b.waitFor("the answer", func(e event) bool { return e.RequestID == request.RequestID })
	if answered.Messages == nil || *answered.Messages == 0 || answered.Chat != emma {
		t.Errorf("got answer %+v, want messages of %s", answered, emma)
	}
	if again := query[int](t, dir, "SELECT count(*) FROM messages"); again != first {
		t.Errorf("%d messages after asking for ones that are known, want %d", again, first)
	}
}

// drained waits until all of history is stored, and gone from the server.
func drained(t *testing.T, b *runningBridge) {
	t.Helper()
	done := func() bool {
		return query[int](t, b.dir, "SELECT count(*) FROM history_chunks WHERE sync_type = 'FULL' AND progress = 100") > 0 &&
			query[int](t, b.dir, "SELECT count(*) FROM wm_history_queue WHERE status <> 'done'") == 0
	}
	for !done() {
		b.waitFor("the end of history", func(e event) bool { return true })
	}
}

func TestBridge_States(t *testing.T) {
	sim := startSimulator(t, "empty")
	dir := filepath.Join(t.TempDir(), "account")
	b := startBridge(t, sim, dir)
	if got := b.ask("contact.blocklist", object{}); got.Error.Code != "not_paired" {
		t.Errorf("before linking: got %s, want not_paired", got.Error.Code)
	}
	device := pair(b, sim)
	if got := b.ask("session.pair_code", object{"phone_number": "14155550100"}); got.Error.Code != "already_paired" {
		t.Errorf("linked: got %s, want already_paired", got.Error.Code)
	}
	sim.control("drop", object{"device": device}, nil)
	b.waitForState("disconnected")
	b.waitForState("connected")
	sim.control("logout", object{"device": device}, nil)
	b.waitForState("logged_out")
	var code struct{ Code string }
	b.do("session.pair_code", object{"phone_number": "14155550100"}, &code)
	if len(code.Code) != 9 {
		t.Errorf("got code %q, want XXXX-XXXX", code.Code)
	}
	sim.control("enter_pairing_code", object{"code": code.Code}, nil)
	b.waitForState("connected")
	b.do("session.logout", object{}, nil)
	b.waitForState("unpaired")
}
