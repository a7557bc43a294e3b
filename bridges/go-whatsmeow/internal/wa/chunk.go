package wa

import (
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/record"
)

// parsed gives the message as whatsmeow's event, made only when something
// sealed has to be opened.
func (s source) parsed(client *whatsmeow.Client) func() *events.Message {
	return func() *events.Message {
		chat, err := types.ParseJID(s.chat)
		if err != nil {
			return nil
		}
		event, err := client.ParseWebMessage(chat, s.web)
		if err != nil {
			return nil
		}
		return event
	}
}

// chunkFacts reads what a chunk tells beside its messages.
func chunkFacts(b *record.Batch, chunk *waHistorySync.HistorySync) {
	for _, pair := range chunk.GetPhoneNumberToLidMappings() {
		lid, pn := canonicalUser(pair.GetLidJID()), canonicalUser(pair.GetPnJID())
		if lid != "" && pn != "" {
			b.Mappings = append(b.Mappings, contract.MappingRecord{Lid: lid, Pn: pn, Source: "history"})
		}
	}
	for _, conversation := range chunk.GetConversations() {
		if chat, ok := conversationChat(conversation); ok {
			b.Chats = append(b.Chats, chat)
		}
	}
	for _, name := range chunk.GetPushnames() {
		if jid := canonicalUser(name.GetID()); jid != "" && name.GetPushname() != "" {
			b.Contacts = append(b.Contacts, contract.ContactRecord{Jid: jid, PushName: optional(cut(name.GetPushname(), 2000))})
		}
	}
	for _, contact := range chunk.GetInlineContacts() {
		if found, ok := inlineContact(contact); ok {
			b.Contacts = append(b.Contacts, found)
		}
	}
	for _, group := range chunk.GetPastParticipants() {
		pastParticipants(b, group)
	}
}

func inlineContact(contact *waHistorySync.InlineContact) (contract.ContactRecord, bool) {
	pn, lid := canonicalUser(contact.GetPnJID()), canonicalUser(contact.GetLidJID())
	jid := pn
	if jid == "" {
		jid = lid
	}
	return contract.ContactRecord{
		Jid: jid, Pn: optional(pn), Lid: optional(lid), FullName: optional(cut(contact.GetFullName(), 2000)),
		FirstName: optional(cut(contact.GetFirstName(), 2000)), Username: optional(cut(contact.GetUsername(), 2000)),
	}, jid != ""
}

func pastParticipants(b *record.Batch, group *waHistorySync.PastParticipants) {
	jid := canonicalJID(group.GetGroupJID())
	for _, person := range group.GetPastParticipants() {
		if user := canonicalUser(person.GetUserJID()); user != "" && jid != "" {
			b.Participants = append(b.Participants, record.Participant{
				Group: jid, User: user, Role: contract.GroupParticipantRoleMember, ObservedAt: unsignedToMillis(person.GetLeaveTS()), Left: true,
			})
		}
	}
}

// conversationChat reads a chat of history. Fields without presence are left
// out: 0 of a getter would say "read" or "more remains".
func conversationChat(c *waHistorySync.Conversation) (contract.ChatRecord, bool) {
	chat := contract.ChatRecord{
		Jid: canonicalJID(c.GetID()), Pn: optional(canonicalUser(c.GetPnJID())), Lid: optional(canonicalUser(c.GetLidJID())),
		Name: optional(cut(firstText(c.GetName(), c.GetDisplayName()), 2000)), MarkedUnread: c.MarkedAsUnread, Archived: c.Archived, ReadOnly: c.ReadOnly,
		LastMessageAt: optional(unsignedToMillis(max(c.GetConversationTimestamp(), c.GetLastMsgTimestamp()))),
	}
	if c.UnreadCount != nil {
		chat.UnreadCount = optionalInt(min(c.GetUnreadCount(), 1_000_000))
	}
	if c.Pinned != nil {
		pinned := secondsToMillis(int64(c.GetPinned()))
		chat.PinnedAt = &pinned
	}
	if c.MuteEndTime != nil {
		until := historyMute(c.GetMuteEndTime())
		chat.MutedUntil = &until
	}
	if c.EphemeralExpiration != nil {
		chat.EphemeralSeconds = optionalInt(min(c.GetEphemeralExpiration(), 100_000_000))
	}
	if c.EndOfHistoryTransferType != nil {
		chat.EndOfHistory = optionalInt(uint32(c.GetEndOfHistoryTransferType()))
	}
	if serverOf(chat.Jid) == types.GroupServer {
		chat.IsCommunity, chat.IsAnnouncementGroup = c.IsParentGroup, c.IsDefaultSubgroup
		if parent := canonicalJID(c.GetParentGroupID()); serverOf(parent) == types.GroupServer {
			chat.Community = &parent
		}
	}
	return chat, chat.Jid != ""
}

func firstText(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// historyMute gives ms; phones write seconds or ms, and all ones for "for ever".
func historyMute(end uint64) int64 {
	const msFrom = 100_000_000_000
	switch {
	case end == 0:
		return 0
	case end > maxMillis:
		return -1
	case end < msFrom:
		return int64(end) * 1000
	default:
		return int64(end)
	}
}
