package wa

import (
	"strconv"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/record"
)

// convertState makes records of app state: what the own devices agree on.
func convertState(b *record.Batch, event any) {
	switch e := event.(type) {
	case *events.Pin:
		pinned := int64(0)
		if e.Action.GetPinned() {
			pinned = e.Timestamp.UnixMilli()
		}
		b.Chats = append(b.Chats, chatState(e.JID, e.Timestamp, func(c *contract.ChatRecord) { c.PinnedAt = &pinned }))
	case *events.Mute:
		until := mutedUntil(e.Action.GetMuted(), e.Action.GetMuteEndTimestamp())
		b.Chats = append(b.Chats, chatState(e.JID, e.Timestamp, func(c *contract.ChatRecord) { c.MutedUntil = &until }))
	case *events.Archive:
		archived := e.Action.GetArchived()
		b.Chats = append(b.Chats, chatState(e.JID, e.Timestamp, func(c *contract.ChatRecord) { c.Archived = &archived }))
	case *events.MarkChatAsRead:
		unread := !e.Action.GetRead()
		b.Chats = append(b.Chats, chatState(e.JID, e.Timestamp, func(c *contract.ChatRecord) {
			c.MarkedUnread = &unread
			if !unread {
				c.UnreadCount = new(int)
			}
		}))
	case *events.Star:
		kind := contract.Star
		if !e.Action.GetStarred() {
			kind = contract.Unstar
		}
		b.Ops = append(b.Ops, stateOp(kind, e.ChatJID, e.MessageID, e.Timestamp))
	case *events.DeleteForMe:
		b.Ops = append(b.Ops, stateOp(contract.DeleteForMe, e.ChatJID, e.MessageID, e.Timestamp))
	}
	b.Chats = withJID(b.Chats)
}

// withJID drops states of chats that the contract has no place for, such as bots.
func withJID(chats []contract.ChatRecord) []contract.ChatRecord {
	var kept []contract.ChatRecord
	for _, chat := range chats {
		if chat.Jid != "" {
			kept = append(kept, chat)
		}
	}
	return kept
}

// mutedUntil gives ms; -1: for ever; 0: not muted.
func mutedUntil(muted bool, end int64) int64 {
	switch {
	case !muted:
		return 0
	case end <= 0:
		return -1
	default:
		return min(end, maxMillis)
	}
}

func chatState(jid types.JID, at time.Time, fill func(*contract.ChatRecord)) contract.ChatRecord {
	chat := contract.ChatRecord{Jid: plain(jid), ObservedAt: millis(at)}
	fill(&chat)
	return chat
}

// stateOp is an operation that an own device did; app state has no id for it.
func stateOp(kind contract.OpRecordType, chat types.JID, id string, at time.Time) contract.OpRecord {
	return contract.OpRecord{
		Type: kind, OpID: string(kind) + ":" + strconv.FormatInt(at.UnixMilli(), 10), Chat: plain(chat), TargetID: id,
		FromMe: true, Timestamp: max(at.UnixMilli(), 0),
	}
}

// groupEvent is what is common to the changes that one notification tells.
type groupEvent struct {
	chat  types.JID
	actor types.JID
	at    time.Time
}

func (g groupEvent) record(kind string, parameters ...string) contract.EventRecord {
	event := contract.EventRecord{
		Chat: plain(g.chat), Type: kind, Timestamp: g.at.UnixMilli(), Actor: optional(canonicalUser(g.actor.ToNonAD().String())), Parameters: []string{},
	}
	for _, one := range parameters {
		if one != "" {
			event.Parameters = append(event.Parameters, parameter(one))
		}
	}
	return event
}

// groupChange writes changes of a group under the names that history uses for
// them (WebMessageInfo.StubType), so that both tell one event.
func groupChange(b *record.Batch, e *events.GroupInfo) {
	told := groupEvent{chat: e.JID, at: e.Timestamp}
	if e.Sender != nil {
		told.actor = *e.Sender
	}
	add := func(kind string, parameters ...string) { b.Events = append(b.Events, told.record(kind, parameters...)) }
	// The time of arrival, not that of the notification, which has whole seconds:
	// a list of members that was asked for a moment before must lose to it.
	state := contract.ChatRecord{Jid: plain(e.JID), ObservedAt: &b.ReceivedAt}
	if e.Name != nil {
		add("group_change_subject", e.Name.Name)
		state.Name = optional(cut(e.Name.Name, 2000))
	}
	if e.Topic != nil {
		add("group_change_description", e.Topic.Topic)
	}
	if e.Announce != nil {
		add("group_change_announce", onOff(e.Announce.IsAnnounce))
	}
	if e.Locked != nil {
		add("group_change_restrict", onOff(e.Locked.IsLocked))
	}
	if e.Ephemeral != nil {
		seconds := int(e.Ephemeral.DisappearingTimer)
		add("change_ephemeral_setting", strconv.Itoa(seconds))
		state.EphemeralSeconds = &seconds
	}
	if e.MembershipApprovalMode != nil {
		add("group_membership_join_approval_mode", onOff(e.MembershipApprovalMode.IsJoinApprovalRequired))
	}
	if e.NewInviteLink != nil {
		add("group_change_invite_link", *e.NewInviteLink)
	}
	if e.Delete != nil && e.Delete.Deleted {
		add("group_delete")
	}
	if state.Name != nil || state.EphemeralSeconds != nil {
		b.Chats = append(b.Chats, state)
	}
	participantChanges(b, e, told)
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func participantChanges(b *record.Batch, e *events.GroupInfo, told groupEvent) {
	for _, change := range []struct {
		kind   string
		people []types.JID
		role   contract.GroupParticipantRole
		left   bool
	}{
		{"group_participant_add", e.Join, contract.GroupParticipantRoleMember, false},
		{leaveKind(e), e.Leave, contract.GroupParticipantRoleMember, true},
		{"group_participant_promote", e.Promote, contract.GroupParticipantRoleAdmin, false},
		{"group_participant_demote", e.Demote, contract.GroupParticipantRoleMember, false},
	} {
		if len(change.people) == 0 {
			continue
		}
		names := make([]string, len(change.people))
		for i, one := range change.people {
			names[i] = one.ToNonAD().String()
			b.Participants = append(b.Participants, record.Participant{
				Group: plain(e.JID), User: plain(one), Role: change.role, ObservedAt: b.ReceivedAt, Left: change.left,
			})
		}
		b.Events = append(b.Events, told.record(change.kind, names...))
	}
}

// leaveKind: who is removed by nobody else has left.
func leaveKind(e *events.GroupInfo) string {
	if len(e.Leave) == 1 && e.Sender != nil && e.Sender.User == e.Leave[0].User {
		return "group_participant_leave"
	}
	return "group_participant_remove"
}
