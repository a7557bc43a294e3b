package wa

import (
	"context"
	"encoding/base64"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/record"
)

// storeLimit bounds the storing of what was sent; the caller's deadline no
// longer counts, because the message is on its way.
const storeLimit = 10 * time.Second

// outgoing is one message to send.
type outgoing struct {
	to      string
	id      string
	message *waE2E.Message
	// handle is the media handle of a channel's file; empty otherwise.
	handle string
}

// send hands a message to WhatsApp, waits for its ack and stores it at once.
func (a *Account) send(ctx context.Context, out outgoing) (contract.SentMessage, error) {
	client, err := a.connected()
	if err != nil {
		return contract.SentMessage{}, err
	}
	to, err := a.reachable(ctx, client, out.to)
	if err != nil {
		// Nothing was handed over yet, whatever the operation.
		return contract.SentMessage{}, Classify(err, contract.ReplaySafe)
	}
	response, err := client.SendMessage(ctx, to, out.message, whatsmeow.SendRequestExtra{ID: out.id, MediaHandle: out.handle})
	if err != nil {
		return contract.SentMessage{}, err
	}
	sent := contract.SentMessage{ID: response.ID, Chat: plain(to), Timestamp: response.Timestamp.UnixMilli(), Stored: true}
	if response.ServerID > 0 {
		server := int64(response.ServerID)
		sent.ServerID = &server
	}
	if err := a.storeSent(ctx, to, response, out.message); err != nil {
		a.log.Error("store sent message", "error", err)
		sent.Stored = false
	}
	return sent, nil
}

func (a *Account) storeSent(ctx context.Context, to types.JID, response whatsmeow.SendResponse, message *waE2E.Message) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeLimit)
	defer cancel()
	source := source{
		own: a.own(), chat: to.String(), participant: response.Sender.String(), fromMe: true, id: response.ID,
		timestamp: response.Timestamp.UnixMilli(), message: message, serverID: int64(response.ServerID), live: true,
	}
	status := serverReceived
	source.status = &status
	found := canonical(source, nil)
	batch := a.batch(record.Sent, func(b *record.Batch) {
		found.addTo(b)
		b.Chats = append(b.Chats, readChat(plain(to), source.timestamp))
	})
	if err := a.store.Apply(ctx, batch); err != nil {
		return err
	}
	a.announce(batch)
	return nil
}

// reachable parses a destination and makes sure that a person has a LID: a
// number without one is not on WhatsApp, which is better said before the hand-off.
func (a *Account) reachable(ctx context.Context, client *whatsmeow.Client, to string) (types.JID, error) {
	jid, err := types.ParseJID(to)
	if err != nil {
		return jid, contract.Faultf(contract.InvalidArgument, "%q is not a JID: %w", to, err)
	}
	if jid.Server != types.DefaultUserServer || jid.User == client.Store.GetJID().User {
		return jid, nil
	}
	lid, err := client.Store.LIDs.GetLIDForPN(ctx, jid)
	if err != nil || !lid.IsEmpty() {
		return jid, err
	}
	info, err := client.GetUserInfo(ctx, []types.JID{jid})
	if err != nil {
		return jid, err
	}
	if info[jid].LID.IsEmpty() {
		return jid, contract.Faultf(contract.NotFound, "%s is not on WhatsApp", to)
	}
	return jid, nil
}

// MessageSendText serves message.send_text.
func (a *Account) MessageSendText(ctx context.Context, in contract.MessageSendTextInput) (contract.SentMessage, error) {
	about, err := a.contextOf(in.Quoted, in.Mentions, in.EphemeralSeconds)
	if err != nil {
		return contract.SentMessage{}, err
	}
	message := &waE2E.Message{Conversation: new(in.Text)}
	if about != nil {
		message = &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: new(in.Text), ContextInfo: about}}
	}
	return a.send(ctx, outgoing{to: in.To, id: in.ID, message: message})
}

// MessageSendLocation serves message.send_location.
func (a *Account) MessageSendLocation(ctx context.Context, in contract.MessageSendLocationInput) (contract.SentMessage, error) {
	about, err := a.contextOf(nil, nil, in.EphemeralSeconds)
	if err != nil {
		return contract.SentMessage{}, err
	}
	place := &waE2E.LocationMessage{
		DegreesLatitude: new(in.Latitude), DegreesLongitude: new(in.Longitude),
		Name: in.Name, Address: in.Address, ContextInfo: about,
	}
	return a.send(ctx, outgoing{to: in.To, id: in.ID, message: &waE2E.Message{LocationMessage: place}})
}

// MessageSendContact serves message.send_contact.
func (a *Account) MessageSendContact(ctx context.Context, in contract.MessageSendContactInput) (contract.SentMessage, error) {
	about, err := a.contextOf(nil, nil, in.EphemeralSeconds)
	if err != nil {
		return contract.SentMessage{}, err
	}
	card := &waE2E.ContactMessage{DisplayName: new(in.DisplayName), Vcard: new(in.Vcard), ContextInfo: about}
	return a.send(ctx, outgoing{to: in.To, id: in.ID, message: &waE2E.Message{ContactMessage: card}})
}

// MessageSendPoll serves message.send_poll.
func (a *Account) MessageSendPoll(ctx context.Context, in contract.MessageSendPollInput) (contract.SentMessage, error) {
	client, err := a.connected()
	if err != nil {
		return contract.SentMessage{}, err
	}
	message := client.BuildPollCreation(in.Question, in.Options, in.SelectableCount)
	about, err := a.contextOf(nil, nil, in.EphemeralSeconds)
	if err != nil {
		return contract.SentMessage{}, err
	}
	message.PollCreationMessage.ContextInfo = about
	return a.send(ctx, outgoing{to: in.To, id: in.ID, message: message})
}

// MessageReact serves message.react.
func (a *Account) MessageReact(ctx context.Context, in contract.MessageReactInput) (contract.SentMessage, error) {
	message := &waE2E.Message{ReactionMessage: &waE2E.ReactionMessage{
		Key: protoKey(in.Key), Text: new(in.Emoji), SenderTimestampMS: new(time.Now().UnixMilli()),
	}}
	return a.send(ctx, outgoing{to: in.Key.Chat, id: in.ID, message: message})
}

// MessageEdit serves message.edit.
func (a *Account) MessageEdit(ctx context.Context, in contract.MessageEditInput) (contract.SentMessage, error) {
	if !in.Key.FromMe {
		return contract.SentMessage{}, contract.Faultf(contract.NotAllowed, "only own messages can be edited")
	}
	message := &waE2E.Message{EditedMessage: &waE2E.FutureProofMessage{Message: &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{
		Key: protoKey(in.Key), Type: waE2E.ProtocolMessage_MESSAGE_EDIT.Enum(),
		EditedMessage: &waE2E.Message{Conversation: new(in.Text)}, TimestampMS: new(time.Now().UnixMilli()),
	}}}}
	return a.send(ctx, outgoing{to: in.Key.Chat, id: in.ID, message: message})
}

// MessageRevoke serves message.revoke.
func (a *Account) MessageRevoke(ctx context.Context, in contract.MessageRevokeInput) (contract.SentMessage, error) {
	if !in.Key.FromMe && isDirect(in.Key.Chat) {
		return contract.SentMessage{}, contract.Faultf(contract.NotAllowed, "in a direct chat only own messages can be deleted for everyone")
	}
	message := &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{Type: waE2E.ProtocolMessage_REVOKE.Enum(), Key: protoKey(in.Key)}}
	return a.send(ctx, outgoing{to: in.Key.Chat, id: in.ID, message: message})
}

// protoKey writes a key as WhatsApp's clients do: the participant only for
// messages of others in groups (whatsmeow send.go:BuildMessageKey).
func protoKey(key contract.MessageKey) *waCommon.MessageKey {
	written := &waCommon.MessageKey{RemoteJID: new(key.Chat), FromMe: new(key.FromMe), ID: new(key.ID)}
	if !key.FromMe && key.Sender != nil && !isDirect(key.Chat) {
		written.Participant = key.Sender
	}
	return written
}

// contextOf builds what a message says beside its content; nil for nothing.
func (a *Account) contextOf(quoted *contract.Quoted, mentions []string, ephemeral *int) (*waE2E.ContextInfo, error) {
	about := &waE2E.ContextInfo{MentionedJID: mentions}
	if ephemeral != nil && *ephemeral > 0 {
		about.Expiration = new(uint32(*ephemeral))
	}
	if quoted != nil {
		content, err := quotedContent(*quoted)
		if err != nil {
			return nil, err
		}
		about.StanzaID = new(quoted.Key.ID)
		about.Participant = new(a.author(quoted.Key))
		about.QuotedMessage = content
	}
	if quoted == nil && len(mentions) == 0 && about.Expiration == nil {
		return nil, nil
	}
	return about, nil
}

func quotedContent(quoted contract.Quoted) (*waE2E.Message, error) {
	if quoted.Content == nil {
		text := ""
		if quoted.Text != nil {
			text = *quoted.Text
		}
		return &waE2E.Message{Conversation: new(text)}, nil
	}
	content, err := decodeMessage(*quoted.Content)
	if err != nil {
		return nil, contract.Faultf(contract.InvalidArgument, `field "quoted.content": %w`, err)
	}
	return content, nil
}

func decodeMessage(encoded string) (*waE2E.Message, error) {
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, err
	}
	var message waE2E.Message
	if err := proto.Unmarshal(raw, &message); err != nil {
		return nil, err
	}
	// Belongs to the original; a copy gets its own.
	message.MessageContextInfo = nil
	return &message, nil
}

// author gives who wrote a message, in the form that the message named them.
func (a *Account) author(key contract.MessageKey) string {
	switch {
	case key.Sender != nil:
		return *key.Sender
	case key.FromMe:
		return a.board.read().ownPN
	default:
		return key.Chat
	}
}
