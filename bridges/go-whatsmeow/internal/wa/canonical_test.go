package wa

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// vector is one case of bridges/contract/cases/canonical/vectors.
type vector struct {
	Name  string
	Rules []string
	Own   struct{ PN, LID string }
	Input struct {
		Source         string
		Chat           string
		WebMessageInfo string `json:"web_message_info"`
		Envelope       struct {
			ChatAlt             string `json:"chat_alt"`
			SenderAlt           string `json:"sender_alt"`
			AddressingMode      string `json:"addressing_mode"`
			ServerID            int64  `json:"server_id"`
			ViewOnceUnavailable bool   `json:"view_once_unavailable"`
		}
	}
	Expect struct {
		Message    map[string]any
		RawFields  []string `json:"raw_fields"`
		Ops        []map[string]any
		Event      map[string]any
		Nothing    bool
		Unreadable bool
	}
}

func readVectors(t *testing.T) []vector {
	t.Helper()
	files, err := filepath.Glob("../../../contract/cases/canonical/vectors/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no canonical vectors: %v", err)
	}
	var all []vector
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var some []vector
		if err := json.Unmarshal(content, &some); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, some...)
	}
	return all
}

func (v vector) source(t *testing.T) source {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(v.Input.WebMessageInfo)
	if err != nil {
		t.Fatal(err)
	}
	var web waWeb.WebMessageInfo
	if err := (proto.UnmarshalOptions{AllowPartial: true}).Unmarshal(raw, &web); err != nil {
		t.Fatal(err)
	}
	s := fromWeb(ownIDs{pn: v.Own.PN, lid: v.Own.LID}, v.Input.Chat, &web)
	envelope := v.Input.Envelope
	s.live = v.Input.Source == "live"
	s.chatAlt, s.senderAlt, s.addressingMode, s.viewOnceMissing = envelope.ChatAlt, envelope.SenderAlt, envelope.AddressingMode, envelope.ViewOnceUnavailable
	if envelope.ServerID > 0 {
		s.serverID = envelope.ServerID
	}
	return s
}

func TestCanonical_Vectors(t *testing.T) {
	t.Parallel()
	for _, v := range readVectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			got := canonical(v.source(t), nil)
			if got.unreadable != v.Expect.Unreadable {
				t.Fatalf("unreadable: got %v, want %v", got.unreadable, v.Expect.Unreadable)
			}
			if nothing := got.message == nil && len(got.ops) == 0 && got.event == nil && !got.unreadable; nothing != v.Expect.Nothing {
				t.Fatalf("nothing: got %v, want %v", nothing, v.Expect.Nothing)
			}
			compareMessage(t, got.message, v)
			compareOps(t, got.ops, v.Expect.Ops)
			compare(t, "event", asMap(t, got.event), v.Expect.Event)
		})
	}
}

func compareMessage(t *testing.T, got *contract.MessageRecord, v vector) {
	t.Helper()
	record := asMap(t, got)
	takeRaw(t, record, v.Expect.RawFields)
	compare(t, "message", record, v.Expect.Message)
}

func compareOps(t *testing.T, got []contract.OpRecord, want []map[string]any) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %d operations, want %d", len(got), len(want))
	}
	for i, op := range got {
		record := asMap(t, &op)
		var fields []string
		if listed, ok := want[i]["raw_fields"].([]any); ok {
			for _, field := range listed {
				fields = append(fields, field.(string))
			}
		}
		delete(want[i], "raw_fields")
		takeRaw(t, record, fields)
		compare(t, "operation", record, want[i])
	}
}

// asMap gives a record as JSON has it, its payload as an object; nil for nil.
func asMap[T any](t *testing.T, record *T) map[string]any {
	t.Helper()
	if record == nil {
		return nil
	}
	content, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(content, &fields); err != nil {
		t.Fatal(err)
	}
	if text, ok := fields["payload"].(string); ok {
		var payload any
		if err := json.Unmarshal([]byte(text), &payload); err != nil {
			t.Fatal(err)
		}
		fields["payload"] = payload
	}
	return fields
}

// takeRaw removes raw from a record after comparing which fields it sets.
func takeRaw(t *testing.T, record map[string]any, want []string) {
	t.Helper()
	var fields []string
	if text, ok := record["raw"].(string); ok {
		content, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		var message waE2E.Message
		if err := proto.Unmarshal(content, &message); err != nil {
			t.Fatal(err)
		}
		message.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
			fields = append(fields, field.JSONName())
			return true
		})
	}
	delete(record, "raw")
	slices.Sort(fields)
	slices.Sort(want)
	if !slices.Equal(lower(fields), lower(want)) {
		t.Errorf("raw sets %v, want %v", fields, want)
	}
}

// lower makes names comparable: the two protobuf libraries write initials differently.
func lower(names []string) []string {
	folded := make([]string, len(names))
	for i, name := range names {
		folded[i] = string(bytes.ToLower([]byte(name)))
	}
	slices.Sort(folded)
	return folded
}

func compare(t *testing.T, what string, got, want map[string]any) {
	t.Helper()
	gotText, wantText := indent(t, got), indent(t, want)
	if gotText != wantText {
		t.Errorf("%s:\ngot  %s\nwant %s", what, gotText, wantText)
	}
}

func indent(t *testing.T, fields map[string]any) string {
	t.Helper()
	if fields == nil {
		return "none"
	}
	content, err := json.MarshalIndent(fields, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func FuzzCanonical(f *testing.F) {
	f.Add([]byte{}, "15550100@s.whatsapp.net", true)
	f.Add([]byte{0x0a, 0x00}, "x@lid", false)
	f.Add([]byte{0x0a, 0x04, 0x12, 0x02, 'h', 'i'}, "", true)
	f.Fuzz(func(t *testing.T, content []byte, chat string, live bool) {
		var web waWeb.WebMessageInfo
		if (proto.UnmarshalOptions{AllowPartial: true}).Unmarshal(content, &web) != nil {
			return
		}
		s := fromWeb(ownIDs{pn: "15550001@s.whatsapp.net"}, chat, &web)
		s.live = live
		got := canonical(s, nil)
		if got.message != nil && (!anyJID.MatchString(got.message.Chat) || got.message.ID == "") {
			t.Errorf("a message without chat or id: %+v", got.message)
		}
		for _, op := range got.ops {
			if op.TargetID == "" || !anyJID.MatchString(op.Chat) {
				t.Errorf("an operation without chat or target: %+v", op)
			}
		}
	})
}
