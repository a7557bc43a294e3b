package store

import (
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/record"
)

const (
	me    = "15550001@s.whatsapp.net"
	myLID = "99001@lid"
	pn    = "15550100@s.whatsapp.net"
	lid   = "77100@lid"
	group = "120363000000000001@g.us"
)

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

func open(t *testing.T, path string) *Store {
	t.Helper()
	store, err := Open(t.Context(), path, silent())
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func fresh(t *testing.T) *Store {
	t.Helper()
	store := open(t, filepath.Join(t.TempDir(), "messages.db"))
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

func batch(origin record.Origin, fill func(*record.Batch)) record.Batch {
	b := record.Batch{Origin: origin, ReceivedAt: 1_700_000_900_000, OwnPN: me, OwnLID: myLID}
	fill(&b)
	return b
}

func must(t *testing.T, store *Store, b record.Batch) {
	t.Helper()
	if err := store.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

func ask[T any](t *testing.T, store *Store, query string, args ...any) T {
	t.Helper()
	var answer T
	if err := store.reader.QueryRowContext(t.Context(), query, args...).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return answer
}

// said is a text in a direct chat with its sender.
func said(sender, id, body string, at int64) contract.MessageRecord {
	return contract.MessageRecord{Chat: sender, ID: id, Sender: &sender, SenderRaw: &sender, Timestamp: at, Kind: contract.MessageRecordKindText, Text: &body}
}

func TestStore_RepeatedBatchChangesNothing(t *testing.T) {
	t.Parallel()
	store := fresh(t)
	push := "Ann"
	b := batch(record.History, func(b *record.Batch) {
		for i := range 50 {
			message := said(pn, fmt.Sprintf("A%02d", i), "hello", 1_700_000_000_000+int64(i)*1000)
			message.PushName = &push
			b.Messages = append(b.Messages, message)
		}
		b.Mappings = []contract.MappingRecord{{Lid: lid, Pn: pn, Source: "history"}}
	})
	must(t, store, b)
	must(t, store, b)
	if got := ask[int](t, store, "SELECT count(*) FROM messages"); got != 50 {
		t.Errorf("got %d messages, want 50", got)
	}
	if got := ask[int64](t, store, "SELECT last_message_time FROM chats WHERE jid = ?", pn); got != 1_700_000_049_000 {
		t.Errorf("last message at %d, want that of the newest", got)
	}
	if got := ask[string](t, store, "SELECT push_name FROM contact_cards WHERE jid = ?", pn); got != "Ann" {
		t.Errorf("push name %q, want Ann", got)
	}
}

func TestStore_LateMappingMergesTwoChats(t *testing.T) {
	t.Parallel()
	store := fresh(t)
	must(t, store, batch(record.Live, func(b *record.Batch) {
		b.Messages = []contract.MessageRecord{said(pn, "A1", "by number", 1_700_000_000_000), said(lid, "A2", "by LID", 1_700_000_001_000)}
	}))
	if got := ask[int](t, store, "SELECT count(*) FROM chats"); got != 2 {
		t.Fatalf("got %d chats before the mapping, want 2", got)
	}
	must(t, store, batch(record.Live, func(b *record.Batch) { b.Mappings = []contract.MappingRecord{{Lid: lid, Pn: pn, Source: "usync"}} }))
	if got := ask[int](t, store, "SELECT count(*) FROM chats"); got != 1 {
		t.Errorf("got %d chats after the mapping, want 1", got)
	}
	if got := ask[int](t, store, "SELECT count(*) FROM messages WHERE chat_jid = ? AND sender = ?", pn, pn); got != 2 {
		t.Errorf("got %d messages in the merged chat, want 2", got)
	}
}

func TestStore_MappingAloneMakesNoChat(t *testing.T) {
	t.Parallel()
	store := fresh(t)
	must(t, store, batch(record.Live, func(b *record.Batch) { b.Mappings = []contract.MappingRecord{{Lid: lid, Pn: pn, Source: "usync"}} }))
	if got := ask[int](t, store, "SELECT count(*) FROM chats"); got != 0 {
		t.Errorf("got %d chats, want none", got)
	}
}

func TestStore_OperationsWaitForTheirMessage(t *testing.T) {
	t.Parallel()
	store := fresh(t)
	actor, heart, edited := pn, "❤", "better"
	must(t, store, batch(record.Live, func(b *record.Batch) {
		b.Ops = []contract.OpRecord{
			{Type: contract.Reaction, OpID: "R1", Chat: pn, TargetID: "A1", Actor: &actor, Timestamp: 1_700_000_005_000, Text: &heart},
			{Type: contract.Edit, OpID: "E1", Chat: pn, TargetID: "A1", Actor: &actor, Timestamp: 1_700_000_006_000, Text: &edited},
		}
	}))
	must(t, store, batch(record.History, func(b *record.Batch) {
		b.Messages = []contract.MessageRecord{said(pn, "A1", "good", 1_700_000_000_000)}
	}))
	if got := ask[string](t, store, "SELECT content FROM messages WHERE id = 'A1'"); got != edited {
		t.Errorf("content %q, want %q", got, edited)
	}
	if got := ask[string](t, store, "SELECT emoji FROM reactions"); got != heart {
		t.Errorf("reaction %q, want %q", got, heart)
	}
	if got := ask[int](t, store, "SELECT count(*) FROM message_ops"); got != 0 {
		t.Errorf("%d operations still wait", got)
	}
}

func TestStore_Groups(t *testing.T) {
	t.Parallel()
	store := fresh(t)
	person := pn
	info := contract.GroupInfo{
		Jid: group, Name: "Walkers", AddressingMode: contract.GroupInfoAddressingModeLid, Size: 1,
		Participants: []contract.GroupParticipant{{Jid: lid, Pn: &person, Role: contract.GroupParticipantRoleAdmin}},
	}
	must(t, store, batch(record.Live, func(b *record.Batch) { b.Groups = []record.Group{{Info: info, ObservedAt: 1_700_000_000_000}} }))
	if got := ask[string](t, store, "SELECT user_jid FROM group_participants WHERE left_at IS NULL"); got != pn {
		t.Errorf("participant %q, want the number %q", got, pn)
	}
	must(t, store, batch(record.Live, func(b *record.Batch) {
		b.Participants = []record.Participant{{Group: group, User: lid, Role: contract.GroupParticipantRoleMember, ObservedAt: 1_700_000_100_000, Left: true}}
	}))
	if got := ask[int](t, store, "SELECT count(*) FROM group_participants WHERE left_at IS NULL"); got != 0 {
		t.Errorf("%d participants are left, want none", got)
	}
	if got := ask[string](t, store, "SELECT name FROM chats WHERE jid = ?", group); got != "Walkers" {
		t.Errorf("chat name %q, want Walkers", got)
	}
}

func TestStore_WritersShareCommits(t *testing.T) {
	t.Parallel()
	store := fresh(t)
	var group sync.WaitGroup
	for i := range 200 {
		group.Go(func() {
			must(t, store, batch(record.Live, func(b *record.Batch) {
				b.Messages = []contract.MessageRecord{said(pn, fmt.Sprintf("W%03d", i), "x", 1_700_000_000_000+int64(i))}
			}))
		})
	}
	group.Wait()
	if got := ask[int](t, store, "SELECT count(*) FROM messages"); got != 200 {
		t.Errorf("got %d messages, want 200", got)
	}
	if got := ask[int](t, store, "SELECT seq FROM change_seq"); got >= 200 {
		t.Logf("no two of %d writers met; that is slow, but right", got)
	}
}

func TestStore_BadRecordTakesNoOthersWithIt(t *testing.T) {
	t.Parallel()
	store := fresh(t)
	broken := "not base64!"
	bad := request{answer: make(chan error, 1), work: func(t *transaction) error {
		message := said(pn, "BAD", "x", 1)
		message.Raw = &broken
		return t.apply(batch(record.Live, func(b *record.Batch) { b.Messages = []contract.MessageRecord{message} }))
	}}
	good := request{answer: make(chan error, 1), work: func(t *transaction) error {
		return t.apply(batch(record.Live, func(b *record.Batch) { b.Messages = []contract.MessageRecord{said(pn, "GOOD", "x", 1)} }))
	}}
	store.serve([]request{good, bad})
	if err := <-good.answer; err != nil {
		t.Errorf("the good one failed: %v", err)
	}
	if err := <-bad.answer; err == nil {
		t.Error("the bad one did not fail")
	}
	if got := ask[string](t, store, "SELECT group_concat(id) FROM messages"); got != "GOOD" {
		t.Errorf("got messages %q, want GOOD alone", got)
	}
}

func TestStore_HistoryQueue(t *testing.T) {
	t.Parallel()
	store := fresh(t)
	order, progress := 3, 40
	n := Notification{ID: "N1", Proto: []byte{1}, SyncType: "RECENT", ChunkOrder: &order, Progress: &progress, ReceivedAt: 1}
	for range 2 {
		if err := store.QueueHistory(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now().UnixMilli() + 1
	next, _, err := store.NextHistory(t.Context(), now)
	if err != nil || next == nil || next.ID != "N1" || next.Stored || *next.ChunkOrder != 3 {
		t.Fatalf("got %+v, %v; want N1, not stored", next, err)
	}
	if err := store.RetryHistory(t.Context(), "N1", time.UnixMilli(now+60_000), "offline"); err != nil {
		t.Fatal(err)
	}
	if next, due, err := store.NextHistory(t.Context(), now); err != nil || next != nil || due != now+60_000 {
		t.Fatalf("got %+v due %d, %v; want nothing until %d", next, due, err, now+60_000)
	}
	chunk := contract.ChunkRecord{SyncType: "RECENT", ChunkOrder: &order, Progress: &progress, ReceivedAt: 1, Messages: 1, Chats: 1}
	last := batch(record.History, func(b *record.Batch) {
		b.Messages = []contract.MessageRecord{said(pn, "H1", "old", 1_600_000_000_000)}
		b.Chunk = &chunk
	})
	if err := store.FinishHistory(t.Context(), "N1", last); err != nil {
		t.Fatal(err)
	}
	if next, _, err = store.NextHistory(t.Context(), now+60_001); err != nil || next == nil || !next.Stored {
		t.Fatalf("got %+v, %v; want N1 as stored", next, err)
	}
	if err := store.ForgetHistory(t.Context(), "N1", true, ""); err != nil {
		t.Fatal(err)
	}
	status, err := store.HistoryStatus(t.Context())
	if err != nil || status.PendingDownloads != 0 || len(status.Progress) != 1 || *status.Progress[0].Progress != 40 {
		t.Errorf("got %+v, %v; want one chunk at 40 %%", status, err)
	}
}

func TestOpen_RefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, change, want string }{
		{"newer", "PRAGMA user_version = 9999", "update the whatsmeow bridge"},
		{"other history", "UPDATE schema_migrations SET checksum = 'x'", "another version of migration"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "messages.db")
			if err := open(t, path).Close(); err != nil {
				t.Fatal(err)
			}
			db, err := sql.Open("sqlite", "file:"+path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := db.ExecContext(t.Context(), test.change); err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(t.Context(), path, silent()); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}

func TestOpen_PrivateAndReopened(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "messages.db")
	store := open(t, path)
	must(t, store, batch(record.Live, func(b *record.Batch) { b.Messages = []contract.MessageRecord{said(pn, "A1", "x", 1)} }))
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := store.Apply(t.Context(), batch(record.Live, func(b *record.Batch) { b.Messages = []contract.MessageRecord{said(pn, "A2", "x", 1)} })); err == nil {
		t.Error("a closed store takes writes")
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode().Perm(), err)
	}
	again := open(t, path)
	defer again.Close()
	if got := ask[int](t, again, "SELECT count(*) FROM messages"); got != 1 {
		t.Errorf("got %d messages after reopening, want 1", got)
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	numbered, names := number("SELECT '@lid', @a, @b -- @c\n, @a WHERE x LIKE '%@lid' AND y = 'it''s @d'")
	if want := "SELECT '@lid', ?1, ?2 -- @c\n, ?1 WHERE x LIKE '%@lid' AND y = 'it''s @d'"; numbered != want {
		t.Errorf("got %q, want %q", numbered, want)
	}
	if got := strings.Join(names, ","); got != "a,b" {
		t.Errorf("got names %q, want a,b", got)
	}
}

func BenchmarkApply(b *testing.B) {
	store, err := Open(b.Context(), filepath.Join(b.TempDir(), "messages.db"), silent())
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	page := 0
	for b.Loop() {
		page++
		err := store.Apply(b.Context(), batch(record.History, func(bt *record.Batch) {
			for i := range 500 {
				bt.Messages = append(bt.Messages, said(pn, fmt.Sprintf("B%d-%d", page, i), "some text of a usual length", 1_700_000_000_000-int64(page*500+i)*1000))
			}
		}))
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(page*500)/b.Elapsed().Seconds(), "messages/s")
}
