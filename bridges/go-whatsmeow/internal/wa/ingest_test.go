package wa

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/proto/waSyncAction"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/record"
)

var (
	person1 = types.NewJID("15550100", types.DefaultUserServer)
	person2 = types.JID{User: "77100", Device: 3, Server: types.HiddenUserServer}
	club    = types.NewJID("120363000000000001", types.GroupServer)
	moment  = time.UnixMilli(1_700_000_000_000)
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func converting(event any) record.Batch {
	a := &Account{board: newBoard(), log: quiet()}
	a.board.update(func(f *facts) { f.ownPN, f.ownLID = "15550001@s.whatsapp.net", "99001@lid" })
	batch := record.Batch{Origin: record.Live, ReceivedAt: moment.UnixMilli()}
	a.convert(&batch, event)
	return batch
}

func TestConvert_Receipts(t *testing.T) {
	t.Parallel()
	receipt := func(kind types.ReceiptType, own bool) *events.Receipt {
		return &events.Receipt{
			MessageSource: types.MessageSource{Chat: person1, Sender: person1, IsFromMe: own}, MessageIDs: []string{"A", "", "B"}, Timestamp: moment, Type: kind,
		}
	}
	got := converting(receipt(types.ReceiptTypeRead, false))
	if len(got.Ops) != 2 || got.Ops[1].TargetID != "B" || *got.Ops[0].Payload != `{"kind":"read"}` || got.Ops[0].OpID != "receipt:read:15550100@s.whatsapp.net:A" {
		t.Errorf("read by another: got %+v, want two receipts", got.Ops)
	}
	if got := converting(receipt(types.ReceiptTypeReadSelf, true)); len(got.Chats) != 1 || *got.Chats[0].UnreadCount != 0 {
		t.Errorf("read on another own device: got %+v, want the chat read", got.Chats)
	}
	for _, kind := range []types.ReceiptType{types.ReceiptTypeRetry, types.ReceiptTypeSender, types.ReceiptTypePeerMsg} {
		if got := converting(receipt(kind, false)); !got.Empty() {
			t.Errorf("%s: got %+v, want nothing", kind, got)
		}
	}
}

func TestConvert_GroupChanges(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		event      events.GroupInfo
		kind       string
		parameters []string
		left       bool
	}{
		{"subject", events.GroupInfo{Name: &types.GroupName{Name: "New"}}, "group_change_subject", []string{"New"}, false},
		{"announce", events.GroupInfo{Announce: &types.GroupAnnounce{IsAnnounce: true}}, "group_change_announce", []string{"on"}, false},
		{"timer", events.GroupInfo{Ephemeral: &types.GroupEphemeral{DisappearingTimer: 86400}}, "change_ephemeral_setting", []string{"86400"}, false},
		{"joined", events.GroupInfo{Join: []types.JID{person2}}, "group_participant_add", []string{"77100@lid"}, false},
		{"removed", events.GroupInfo{Leave: []types.JID{person2}}, "group_participant_remove", []string{"77100@lid"}, true},
		{"left", events.GroupInfo{Leave: []types.JID{person1}}, "group_participant_leave", []string{"15550100@s.whatsapp.net"}, true},
		{"promoted", events.GroupInfo{Promote: []types.JID{person2}}, "group_participant_promote", []string{"77100@lid"}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			sender := person1
			test.event.JID, test.event.Sender, test.event.Timestamp = club, &sender, moment
			got := converting(&test.event)
			if len(got.Events) != 1 || got.Events[0].Type != test.kind || got.Events[0].Parameters[0] != test.parameters[0] || *got.Events[0].Actor != "15550100@s.whatsapp.net" {
				t.Fatalf("got %+v, want %s %v", got.Events, test.kind, test.parameters)
			}
			if len(got.Participants) > 0 && got.Participants[0].Left != test.left {
				t.Errorf("left: got %v, want %v", got.Participants[0].Left, test.left)
			}
		})
	}
}

func TestConvert_AppState(t *testing.T) {
	t.Parallel()
	got := converting(&events.Mute{JID: person1, Timestamp: moment, Action: &waSyncAction.MuteAction{Muted: new(true), MuteEndTimestamp: proto.Int64(-1)}})
	if len(got.Chats) != 1 || *got.Chats[0].MutedUntil != -1 || *got.Chats[0].ObservedAt != moment.UnixMilli() {
		t.Errorf("mute: got %+v, want for ever", got.Chats)
	}
	got = converting(&events.Star{ChatJID: club, MessageID: "A", Timestamp: moment, Action: &waSyncAction.StarAction{Starred: new(false)}})
	if len(got.Ops) != 1 || got.Ops[0].Type != contract.Unstar || !got.Ops[0].FromMe {
		t.Errorf("star: got %+v, want unstar", got.Ops)
	}
	got = converting(&events.Contact{JID: person1, Action: &waSyncAction.ContactAction{FullName: new("Ann Bee"), LidJID: new("77100@lid")}})
	if len(got.Contacts) != 1 || *got.Contacts[0].FullName != "Ann Bee" || *got.Contacts[0].Lid != "77100@lid" {
		t.Errorf("contact: got %+v, want Ann Bee", got.Contacts)
	}
	if got := converting(&events.Archive{JID: types.NewJID("1", types.BotServer), Action: &waSyncAction.ArchiveChatAction{}}); !got.Empty() {
		t.Errorf("a bot's chat: got %+v, want nothing", got)
	}
}

func TestConvert_Undecryptable(t *testing.T) {
	t.Parallel()
	info := types.MessageInfo{ID: "A", Timestamp: moment, MessageSource: types.MessageSource{Chat: club, Sender: person2, IsGroup: true, AddressingMode: "lid"}}
	got := converting(&events.UndecryptableMessage{Info: info})
	if len(got.Messages) != 1 || got.Messages[0].Kind != contract.MessageRecordKindUndecryptable || *got.Messages[0].SenderRaw != "77100@lid" {
		t.Errorf("got %+v, want an undecryptable one of 77100@lid", got.Messages)
	}
	got = converting(&events.UndecryptableMessage{Info: info, UnavailableType: events.UnavailableTypeViewOnce})
	if len(got.Messages) != 1 || got.Messages[0].Kind != contract.MessageRecordKindViewOnceUnavailable {
		t.Errorf("got %+v, want view_once_unavailable", got.Messages)
	}
	if got := converting(&events.UndecryptableMessage{Info: info, DecryptFailMode: events.DecryptFailHide}); !got.Empty() {
		t.Errorf("a hidden one: got %+v, want nothing", got)
	}
}

func TestConversationChat_PresenceCounts(t *testing.T) {
	t.Parallel()
	bare, ok := conversationChat(&waHistorySync.Conversation{ID: new("15550100@s.whatsapp.net")})
	if !ok || bare.UnreadCount != nil || bare.EndOfHistory != nil || bare.Archived != nil || bare.PinnedAt != nil || bare.MutedUntil != nil {
		t.Errorf("got %+v, want nothing but the JID", bare)
	}
	full, _ := conversationChat(&waHistorySync.Conversation{
		ID: new("15550100@s.whatsapp.net"), UnreadCount: proto.Uint32(0), MuteEndTime: new(^uint64(0)),
		EndOfHistoryTransferType: waHistorySync.Conversation_COMPLETE_BUT_MORE_MESSAGES_REMAIN_ON_PRIMARY.Enum(), ConversationTimestamp: proto.Uint64(1_700_000_000),
	})
	if *full.UnreadCount != 0 || *full.MutedUntil != -1 || *full.EndOfHistory != 0 || *full.LastMessageAt != 1_700_000_000_000 {
		t.Errorf("got %+v, want what was told, zeros included", full)
	}
}

type lidStore struct{ store.LIDStore }

func (lidStore) PutLIDMapping(context.Context, types.JID, types.JID) error    { return nil }
func (lidStore) PutManyLIDMappings(context.Context, []store.LIDMapping) error { return nil }

func TestLIDMirror_TellsEachPairOnce(t *testing.T) {
	t.Parallel()
	var told []contract.MappingRecord
	fail := true
	mirror := newLIDMirror(func(_ context.Context, pairs []contract.MappingRecord) error {
		if fail {
			return io.ErrClosedPipe
		}
		told = append(told, pairs...)
		return nil
	}, quiet())
	mirror.inner = lidStore{}
	put := func() {
		if err := mirror.PutLIDMapping(t.Context(), person2, person1); err != nil {
			t.Fatal(err)
		}
	}
	put()
	fail = false
	put()
	put()
	if err := mirror.PutManyLIDMappings(t.Context(), []store.LIDMapping{{LID: person2, PN: person1}, {LID: club, PN: person1}}); err != nil {
		t.Fatal(err)
	}
	if len(told) != 1 || told[0].Lid != "77100@lid" || told[0].Pn != "15550100@s.whatsapp.net" {
		t.Errorf("told %+v, want the pair once, after the failure", told)
	}
}

func TestQRCodes(t *testing.T) {
	t.Parallel()
	codes := qrCodes{codes: []string{"a", "b"}, since: moment}
	for after, want := range map[time.Duration]string{0: "a", 59 * time.Second: "a", 61 * time.Second: "b", 81 * time.Second: ""} {
		if got, _ := codes.current(moment.Add(after)); got != want {
			t.Errorf("after %v: got %q, want %q", after, got, want)
		}
	}
}

func TestMediaRetries(t *testing.T) {
	t.Parallel()
	retries := newMediaRetries()
	first, done := retries.expect("A")
	second, doneToo := retries.expect("A")
	retries.answer(&events.MediaRetry{MessageID: "B"})
	retries.answer(&events.MediaRetry{MessageID: "A"})
	retries.answer(&events.MediaRetry{MessageID: "A"})
	for name, answer := range map[string]<-chan *events.MediaRetry{"first": first, "second": second} {
		if got := <-answer; got.MessageID != "A" {
			t.Errorf("%s got the answer for %s", name, got.MessageID)
		}
	}
	done()
	doneToo()
	if len(retries.waiting) != 0 {
		t.Errorf("%d questions are still kept", len(retries.waiting))
	}
}

func TestRedact(t *testing.T) {
	t.Parallel()
	node := waBinary.Node{Tag: "message", Content: []byte("secret")}
	for i, got := range redact([]any{&node, node, []byte("secret"), "jid"}) {
		if want := []any{"<message>", "<message>", "6 bytes", "jid"}[i]; got != want {
			t.Errorf("argument %d: got %v, want %v", i, got, want)
		}
	}
}

func TestBoard_WaitEndsWithTheContext(t *testing.T) {
	t.Parallel()
	b := newBoard()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.wait(ctx, func(facts) bool { return false }); err == nil {
		t.Error("the wait did not end")
	}
	go b.update(func(f *facts) { f.ownName = "Ann" })
	if got, err := b.wait(t.Context(), func(f facts) bool { return f.ownName != "" }); err != nil || got.ownName != "Ann" {
		t.Errorf("got %+v, %v; want the new name", got, err)
	}
}
