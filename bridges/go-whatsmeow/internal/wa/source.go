package wa

import (
	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// ownIDs is the account that this device belongs to, canonical; empty where unknown.
type ownIDs struct{ pn, lid string }

func (o ownIDs) jid() string {
	if o.pn != "" {
		return o.pn
	}
	return o.lid
}

// source is a message as it came, whether live or in history. JIDs are raw.
type source struct {
	own  ownIDs
	live bool
	chat string
	// participant is the author as addressed, with the device; empty where not told.
	participant     string
	fromMe          bool
	id              string
	pushName        string
	timestamp       int64
	chatAlt         string
	senderAlt       string
	addressingMode  string
	serverID        int64
	viewOnceMissing bool
	undecryptable   bool
	status          *int
	editedAt        int64
	message         *waE2E.Message
	// web is set where the message came as one: it folds in reactions and more.
	web *waWeb.WebMessageInfo
}

// serverReceived is WebMessageInfo.Status SERVER_ACK.
const serverReceived = 2

// maxMillis is the contract's greatest time.
const maxMillis = 9_000_000_000_000

// fromWeb reads a message of history; chat is the raw conversation id.
func fromWeb(own ownIDs, chat string, web *waWeb.WebMessageInfo) source {
	participant := web.GetParticipant()
	if participant == "" {
		participant = web.GetKey().GetParticipant()
	}
	s := source{
		own: own, chat: chat, participant: participant, fromMe: web.GetKey().GetFromMe(), id: web.GetKey().GetID(),
		pushName: web.GetPushName(), timestamp: unsignedToMillis(web.GetMessageTimestamp()),
		serverID: int64(web.GetNewsletterServerID()), message: web.GetMessage(), web: web,
	}
	if web.Status != nil {
		status := int(web.GetStatus())
		s.status = &status
	}
	return s
}

// fromEvent reads a message that was received live. One that the phone sent
// again is a WebMessageInfo inside.
func fromEvent(own ownIDs, event *events.Message) source {
	if event.SourceWebMsg != nil {
		s := fromWeb(own, event.SourceWebMsg.GetKey().GetRemoteJID(), event.SourceWebMsg)
		s.live = true
		return s
	}
	s := fromInfo(own, event.Info)
	s.message = event.RawMessage
	if event.NewsletterMeta != nil && !event.NewsletterMeta.EditTS.IsZero() {
		s.editedAt = event.NewsletterMeta.EditTS.UnixMilli()
	}
	return s
}

func fromInfo(own ownIDs, info types.MessageInfo) source {
	s := source{
		own: own, live: true, chat: info.Chat.String(), fromMe: info.IsFromMe, id: info.ID, pushName: info.PushName,
		timestamp: min(max(info.Timestamp.UnixMilli(), 0), maxMillis), addressingMode: string(info.AddressingMode), serverID: int64(info.ServerID),
		chatAlt: info.SenderAlt.String(), senderAlt: info.SenderAlt.String(),
	}
	if !info.Sender.IsEmpty() && info.Chat.Server != types.NewsletterServer {
		s.participant = info.Sender.String()
	}
	if info.IsFromMe {
		s.chatAlt, s.senderAlt = info.RecipientAlt.String(), ""
	}
	if info.IsGroup {
		s.chatAlt = ""
	}
	return s
}

func secondsToMillis(seconds int64) int64 {
	if seconds <= 0 {
		return 0
	}
	return min(seconds, maxMillis/1000) * 1000
}

// unsignedToMillis cuts times that no signed number holds.
func unsignedToMillis(seconds uint64) int64 { return int64(min(seconds, maxMillis/1000)) * 1000 }

// author is who sent a message in which chat: rules C1 to C5 and S1 to S4.
type author struct {
	chat, chatAlt, broadcast string
	fromMe                   bool
	sender, alt, raw         string
	mode                     string
}

var modes = map[string]string{
	types.HiddenUserServer: "lid", types.HostedLIDServer: "lid",
	types.DefaultUserServer: "pn", types.LegacyUserServer: "pn", types.HostedServer: "pn",
}

func (s source) author(destination string) author {
	told := canonicalJID(s.chat)
	if s.fromMe && destination != "" {
		told = canonicalJID(destination)
	}
	who := author{chat: told, fromMe: s.fromMe, raw: deviceless(s.participant), mode: s.addressingMode}
	if who.raw == "" && !s.fromMe && isDirect(told) {
		who.raw = deviceless(s.chat)
	}
	who.sender = s.sender(told)
	if !s.fromMe && isBroadcastList(told) {
		who.chat, who.broadcast = who.sender, told
	}
	who.chatAlt = otherForm(who.chat, s.chatAlt)
	if !s.fromMe {
		who.alt = otherForm(who.sender, s.senderAlt)
		if who.alt == "" && isDirect(told) {
			who.alt = otherForm(who.sender, s.chatAlt)
		}
	}
	if who.mode == "" && who.raw != "" {
		who.mode = modes[serverOf(who.raw)]
	}
	return who
}

func (s source) sender(chat string) string {
	switch {
	case s.fromMe:
		return s.own.jid()
	case isDirect(chat):
		return chat
	case serverOf(chat) == types.NewsletterServer:
		return ""
	default:
		return canonicalUser(s.participant)
	}
}

// actorOf says who did what a key names, in a chat; empty where it does not say.
func actorOf(key *waCommon.MessageKey, chat string, own ownIDs) string {
	if key.GetFromMe() {
		return own.jid()
	}
	if person := canonicalUser(key.GetParticipant()); person != "" {
		return person
	}
	if isDirect(chat) {
		return chat
	}
	return ""
}

// record starts a message record with what is true of it whatever it says.
func (s source) record(who author) contract.MessageRecord {
	message := contract.MessageRecord{
		Chat: who.chat, ChatAlt: optional(who.chatAlt), ID: s.id, FromMe: who.fromMe, Sender: optional(who.sender),
		SenderAlt: optional(who.alt), SenderRaw: optional(who.raw), Timestamp: s.timestamp, Broadcast: optional(who.broadcast),
	}
	if who.mode == "pn" || who.mode == "lid" {
		message.AddressingMode = optional(contract.MessageRecordAddressingMode(who.mode))
	}
	if s.pushName != "-" {
		message.PushName = optional(cut(s.pushName, 2000))
	}
	if who.fromMe {
		message.Status = s.status
	}
	if s.web.GetStarred() {
		message.Starred = optional(true)
	}
	if s.serverID > 0 {
		message.ServerID = optional(s.serverID)
	}
	message.MessageSecret = encoded(s.web.GetMessageSecret())
	if s.editedAt > 0 {
		message.EditedAt = optional(s.editedAt)
	}
	return message
}
