package wa

import (
	"strconv"
	"strings"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waWeb"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/record"
)

// converted is what one message comes to: a message with what history folded
// into it, or what happened to another message, or an event; nothing at all for
// what concerns only the devices.
type converted struct {
	message    *contract.MessageRecord
	ops        []contract.OpRecord
	event      *contract.EventRecord
	unreadable bool
}

func (c converted) addTo(batch *record.Batch) {
	if c.message != nil {
		batch.Messages = append(batch.Messages, *c.message)
	}
	batch.Ops = append(batch.Ops, c.ops...)
	if c.event != nil {
		batch.Events = append(batch.Events, *c.event)
	}
}

// maxIDLength is the contract's.
const maxIDLength = 128

// canonical converts a message; the rules are in
// bridges/contract/cases/canonical/README.md. It is pure but for opened, which
// decrypts with stored secrets and may be nil.
func canonical(s source, opened *secrets) converted {
	var inner unwrapped
	if s.message != nil {
		inner = unwrap(s.message)
	}
	who := s.author(inner.destination)
	if who.chat == "" || s.id == "" || len(s.id) > maxIDLength {
		return converted{unreadable: true}
	}
	if !says(inner.message) {
		return s.withoutContent(who)
	}
	if !s.live {
		if found, edited := s.editedInHistory(who, inner); edited {
			return found
		}
	}
	if op, found := s.operation(who, inner.message, opened); found {
		return validOp(op)
	}
	if inner.message.GetProtocolMessage() != nil {
		return converted{event: s.eventIn(who, inner.message.GetProtocolMessage())}
	}
	message := s.record(who)
	read(inner.message).put(&message, inner, s.web.GetEphemeralDuration())
	return s.withFolded(who, message)
}

// editedInHistory: in history an edit is the newest form of its message (rule
// O-edit-history).
func (s source) editedInHistory(who author, inner unwrapped) (converted, bool) {
	change := inner.message.GetProtocolMessage()
	if change.GetType() != waE2E.ProtocolMessage_MESSAGE_EDIT || change.GetEditedMessage() == nil {
		return converted{}, false
	}
	message := s.record(who)
	if id := change.GetKey().GetID(); id != "" {
		message.ID = id
	}
	edited := unwrap(change.GetEditedMessage())
	edited.viewOnce = edited.viewOnce || inner.viewOnce
	if len(edited.secret) == 0 {
		edited.secret = inner.secret
	}
	read(edited.message).put(&message, edited, s.web.GetEphemeralDuration())
	message.EditedAt = optional(orElse(change.GetTimestampMS(), s.timestamp))
	return s.withFolded(who, message), true
}

// orElse gives a time of the protocol (ms), else the message's.
func orElse(told, otherwise int64) int64 {
	if told <= 0 {
		return otherwise
	}
	return min(told, maxMillis)
}

func (s source) withoutContent(who author) converted {
	message := s.record(who)
	stub := s.web.GetMessageStubType()
	switch {
	case s.viewOnceMissing:
		message.Kind, message.ViewOnce = contract.MessageRecordKindViewOnceUnavailable, optional(true)
	case s.undecryptable || stub == waWeb.WebMessageInfo_CIPHERTEXT:
		message.Kind = contract.MessageRecordKindUndecryptable
	case stub == waWeb.WebMessageInfo_REVOKE:
		message.Kind, message.Revoked = contract.MessageRecordKindUnknown, optional(true)
	default:
		video, missed := missedCalls[stub]
		if !missed {
			return converted{event: s.stubEvent(who)}
		}
		message.Kind = contract.MessageRecordKindCall
		message.Payload = payload{"outcome": "missed", "video": video, "type": "regular"}.json()
	}
	return s.withFolded(who, message)
}

func (s source) withFolded(who author, message contract.MessageRecord) converted {
	return converted{message: &message, ops: s.folded(who, message.ID)}
}

// missedCalls are stubs that stand for a call, with whether it was a video call.
var missedCalls = map[waWeb.WebMessageInfo_StubType]bool{
	waWeb.WebMessageInfo_CALL_MISSED_VOICE:       false,
	waWeb.WebMessageInfo_CALL_MISSED_VIDEO:       true,
	waWeb.WebMessageInfo_CALL_MISSED_GROUP_VOICE: false,
	waWeb.WebMessageInfo_CALL_MISSED_GROUP_VIDEO: true,
}

const (
	maxParameters      = 1100
	maxParameterLength = 4000
)

// stubEvent is rule E-stub; nil where there is no stub.
func (s source) stubEvent(who author) *contract.EventRecord {
	stub := s.web.GetMessageStubType()
	if stub <= waWeb.WebMessageInfo_CIPHERTEXT {
		return nil
	}
	name, named := waWeb.WebMessageInfo_StubType_name[int32(stub)]
	if !named {
		name = "stub_" + strconv.Itoa(int(stub))
	}
	event := s.newEvent(who, strings.ToLower(name))
	told := s.web.GetMessageStubParameters()
	for _, one := range told[:min(len(told), maxParameters)] {
		event.Parameters = append(event.Parameters, parameter(one))
	}
	return &event
}

func (s source) newEvent(who author, kind string) contract.EventRecord {
	return contract.EventRecord{
		Chat: who.chat, Type: kind, Timestamp: s.timestamp, ID: optional(s.id), Actor: optional(who.sender), Parameters: []string{},
	}
}

// parameter writes a JID, or the JSON of a participant, as a canonical JID.
func parameter(told string) string {
	id := told
	if rest, ok := strings.CutPrefix(told, "{"); ok {
		id = idIn(rest)
	}
	if jid := canonicalJID(id); jid != "" {
		return jid
	}
	return cut(told, maxParameterLength)
}

// idIn gives the value of "id" in the text of a JSON object; empty without one.
func idIn(object string) string {
	_, rest, found := strings.Cut(object, `"id"`)
	if !found {
		return ""
	}
	_, rest, _ = strings.Cut(rest, `"`)
	id, _, _ := strings.Cut(rest, `"`)
	return id
}

// eventIn is rules E-timer and E-label; nil for what is private to the devices.
func (s source) eventIn(who author, change *waE2E.ProtocolMessage) *contract.EventRecord {
	switch change.GetType() {
	case waE2E.ProtocolMessage_EPHEMERAL_SETTING:
		event := s.newEvent(who, "change_ephemeral_setting")
		event.Parameters = []string{strconv.FormatUint(uint64(change.GetEphemeralExpiration()), 10)}
		return &event
	case waE2E.ProtocolMessage_GROUP_MEMBER_LABEL_CHANGE:
		event := s.newEvent(who, "group_member_label_change")
		event.Parameters = []string{cut(change.GetMemberLabel().GetLabel(), maxParameterLength)}
		return &event
	default:
		return nil
	}
}
