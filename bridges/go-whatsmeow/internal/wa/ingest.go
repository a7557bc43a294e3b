package wa

import (
	"context"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/record"
)

// ingestLimit bounds the storing of one event; when it passes, the event is not
// acknowledged and comes again.
const ingestLimit = 30 * time.Second

// ingest stores what an event tells. False: it could not be stored, so WhatsApp
// must deliver it again.
func (a *Account) ingest(client *whatsmeow.Client, event any) bool {
	if a.stopping.Load() {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), ingestLimit)
	defer cancel()
	if isAppState(event) {
		return a.ingestAppState(ctx, event)
	}
	if message, ok := event.(*events.Message); ok {
		return a.ingestMessage(ctx, client, message)
	}
	batch := a.batch(record.Live, func(b *record.Batch) { a.convert(b, event) })
	return a.keep(ctx, batch)
}

func (a *Account) ingestAppState(ctx context.Context, event any) bool {
	if err := a.appState.begin(ctx); err != nil {
		a.log.Error("note app state", "error", err)
	}
	stored := a.keep(ctx, a.batch(record.Live, func(b *record.Batch) { a.convert(b, event) }))
	if !stored {
		a.appState.fail()
	}
	return stored
}

// keep stores a batch and tells listeners which chats it was about.
func (a *Account) keep(ctx context.Context, batch record.Batch) bool {
	if batch.Empty() {
		return true
	}
	if err := a.store.Apply(ctx, batch); err != nil {
		a.log.Error("store event", "error", err)
		return false
	}
	a.announce(batch)
	return true
}

// announce tells listeners which chats a stored batch was about.
func (a *Account) announce(batch record.Batch) {
	for _, chat := range chatsOf(batch) {
		a.options.Feed.Publish(contract.BridgeEvent{Type: contract.BridgeEventTypeStored, Chat: &chat})
	}
}

func chatsOf(batch record.Batch) []string {
	seen := map[string]bool{}
	var chats []string
	add := func(chat string) {
		if !seen[chat] {
			seen[chat] = true
			chats = append(chats, chat)
		}
	}
	for _, message := range batch.Messages {
		add(message.Chat)
	}
	for _, op := range batch.Ops {
		add(op.Chat)
	}
	for _, event := range batch.Events {
		add(event.Chat)
	}
	for _, chat := range batch.Chats {
		add(chat.Jid)
	}
	return chats
}

func (a *Account) own() ownIDs {
	known := a.board.read()
	return ownIDs{pn: known.ownPN, lid: known.ownLID}
}

func (a *Account) ingestMessage(ctx context.Context, client *whatsmeow.Client, event *events.Message) bool {
	if notification := event.RawMessage.GetProtocolMessage().GetHistorySyncNotification(); notification != nil {
		return a.queueHistory(ctx, client, event.Info, notification)
	}
	s := fromEvent(a.own(), event)
	found := canonical(s, a.secrets(ctx, client, func() *events.Message { return event }))
	if found.unreadable {
		a.log.Warn("a message cannot be read", "message", event.Info.ID)
		return true
	}
	return a.keep(ctx, a.batch(record.Live, func(b *record.Batch) {
		found.addTo(b)
		if found.message != nil && found.message.FromMe {
			b.Chats = append(b.Chats, readChat(found.message.Chat, found.message.Timestamp))
		}
		if name := event.Info.VerifiedName; name != nil && !event.Info.IsFromMe {
			b.Contacts = append(b.Contacts, person(event.Info.Sender, func(c *contract.ContactRecord) {
				c.VerifiedName = optional(cut(name.Details.GetVerifiedName(), 2000))
			})...)
		}
	}))
}

// readChat says that everything up to a time (ms) was read, on whatever device:
// writing to a chat is reading it.
func readChat(chat string, at int64) contract.ChatRecord {
	none, unmarked := 0, false
	return contract.ChatRecord{Jid: chat, UnreadCount: &none, MarkedUnread: &unmarked, ObservedAt: &at}
}

// person makes a contact record; none for JIDs that are no person's.
func person(jid types.JID, fill func(*contract.ContactRecord)) []contract.ContactRecord {
	name := canonicalUser(jid.ToNonAD().String())
	if name == "" {
		return nil
	}
	contact := contract.ContactRecord{Jid: name}
	fill(&contact)
	return []contract.ContactRecord{contact}
}

// convert makes records of every event that is not a message. Events that tell
// nothing of the account's chats make none.
func (a *Account) convert(b *record.Batch, event any) {
	switch e := event.(type) {
	case *events.UndecryptableMessage:
		if e.DecryptFailMode != events.DecryptFailHide {
			s := fromInfo(a.own(), e.Info)
			s.viewOnceMissing, s.undecryptable = e.UnavailableType == events.UnavailableTypeViewOnce, true
			canonical(s, nil).addTo(b)
		}
	case *events.Receipt:
		receipts(b, e)
	case *events.GroupInfo:
		groupChange(b, e)
	case *events.JoinedGroup:
		b.Groups = append(b.Groups, record.Group{Info: groupInfo(&e.GroupInfo), ObservedAt: b.ReceivedAt})
	case *events.Picture:
		if e.JID.Server == types.GroupServer {
			b.Events = append(b.Events, groupEvent{chat: e.JID, actor: e.Author, at: e.Timestamp}.record("group_change_icon", e.PictureID))
		}
	case *events.NewsletterJoin:
		b.Chats = append(b.Chats, contract.ChatRecord{Jid: plain(e.ID), Name: optional(cut(e.ThreadMeta.Name.Text, 2000)), ObservedAt: &b.ReceivedAt})
	default:
		convertPerson(b, event)
		convertState(b, event)
	}
}

func convertPerson(b *record.Batch, event any) {
	switch e := event.(type) {
	case *events.UserAbout:
		b.Contacts = append(b.Contacts, person(e.JID, func(c *contract.ContactRecord) { c.About = optional(cut(e.Status, 5000)) })...)
	case *events.PushName:
		b.Contacts = append(b.Contacts, person(e.JID, func(c *contract.ContactRecord) { c.PushName = optional(cut(e.NewPushName, 2000)) })...)
	case *events.BusinessName:
		b.Contacts = append(b.Contacts, person(e.JID, func(c *contract.ContactRecord) { c.BusinessName = optional(cut(e.NewBusinessName, 2000)) })...)
	case *events.Contact:
		b.Contacts = append(b.Contacts, person(e.JID, func(c *contract.ContactRecord) {
			c.FullName, c.FirstName = optional(cut(e.Action.GetFullName(), 2000)), optional(cut(e.Action.GetFirstName(), 2000))
			c.Username = optional(cut(e.Action.GetUsername(), 2000))
			c.Lid = optional(canonicalUser(e.Action.GetLidJID()))
			c.Pn = optional(canonicalUser(e.Action.GetPnJID()))
		})...)
	}
}

// receipts: what others did with own messages, and what was read on another
// own device.
func receipts(b *record.Batch, receipt *events.Receipt) {
	chat := plain(receipt.Chat)
	at := receipt.Timestamp.UnixMilli()
	kind, known := receiptKinds[receipt.Type]
	if chat == "" || !known {
		return
	}
	if receipt.IsFromMe {
		if kind != "delivered" {
			b.Chats = append(b.Chats, readChat(chat, at))
		}
		return
	}
	actor := canonicalUser(receipt.Sender.ToNonAD().String())
	for _, id := range receipt.MessageIDs {
		if id == "" || len(id) > maxIDLength {
			continue
		}
		op := contract.OpRecord{Type: contract.Receipt, Chat: chat, TargetID: id, Actor: optional(actor), ActorAlt: optional(otherForm(actor, receipt.SenderAlt.String()))}
		b.Ops = append(b.Ops, receiptOp(op, kind, at))
	}
}

// receiptKinds leaves out receipts between devices (retry, sender, peer …).
var receiptKinds = map[types.ReceiptType]string{
	types.ReceiptTypeDelivered:  "delivered",
	types.ReceiptTypeInactive:   "delivered",
	types.ReceiptTypeRead:       "read",
	types.ReceiptTypeReadSelf:   "read",
	types.ReceiptTypePlayed:     "played",
	types.ReceiptTypePlayedSelf: "played",
}
