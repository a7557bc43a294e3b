package wa

import (
	"slices"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// content is what a message says: the fields that its content alone decides.
type content struct {
	kind      contract.MessageRecordKind
	text      *string
	payload   payload
	about     *waE2E.ContextInfo
	media     *contract.MediaSource
	width     *int
	height    *int
	duration  *int
	thumbnail *string
	viewOnce  bool
	quotedID  string
}

// reader reads one kind of content; nil says that the message is not of it.
type reader func(*waE2E.Message) *content

// maxText is the contract's limit of a message's text, in UTF-16 units.
const maxText = 262_144

// readers are tried in order; the first that finds its content decides.
var readers = slices.Concat(textReaders, mediaReaders, structuredReaders, tradeReaders, interactiveReaders)

// contentOf reads a message that is out of its envelopes.
func contentOf(message *waE2E.Message) content {
	for _, read := range readers {
		if found := read(message); found != nil {
			if found.text != nil {
				*found.text = cut(*found.text, maxText)
			}
			return *found
		}
	}
	return content{kind: contract.MessageRecordKindUnknown}
}

var textReaders = []reader{
	func(m *waE2E.Message) *content {
		if m.Conversation == nil {
			return nil
		}
		return &content{kind: contract.MessageRecordKindText, text: optional(m.GetConversation())}
	},
	func(m *waE2E.Message) *content {
		text := m.GetExtendedTextMessage()
		if text == nil {
			return nil
		}
		return &content{kind: contract.MessageRecordKindText, text: optional(text.GetText()), about: text.GetContextInfo()}
	},
}

// commentOf reads a comment, whose content is a whole message again.
func commentOf(m *waE2E.Message) (content, bool) {
	comment := m.GetCommentMessage()
	if comment == nil {
		return content{}, false
	}
	found := content{kind: contract.MessageRecordKindUnknown}
	if comment.GetMessage() != nil {
		found = contentOf(unwrap(comment.GetMessage()).message)
	}
	found.quotedID = comment.GetTargetMessageKey().GetID()
	return found, true
}

// silent are fields that are no content of their own.
var silent = []protoreflect.Name{"messageContextInfo", "senderKeyDistributionMessage", "fastRatchetKeySenderKeyDistributionMessage"}

// says tells whether an unwrapped message has content at all (rule M2).
func says(message *waE2E.Message) (found bool) {
	if message == nil {
		return false
	}
	message.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
		found = !slices.Contains(silent, field.Name())
		return !found
	})
	return found || len(message.ProtoReflect().GetUnknown()) > 0
}

// textIn gives the text of any message, for quotations and edits; nil for none.
func textIn(message *waE2E.Message, most int) *string {
	if message == nil {
		return nil
	}
	found := read(unwrap(message).message)
	if found.text == nil {
		return nil
	}
	return optional(cut(*found.text, most))
}

// read is contentOf with comments.
func read(message *waE2E.Message) content {
	if comment, ok := commentOf(message); ok {
		return comment
	}
	return contentOf(message)
}

// maxMentions is the contract's.
const maxMentions = 4096

// mentionsIn lists the people who are mentioned, each once, in order; nil for none.
func mentionsIn(about *waE2E.ContextInfo) []string {
	var people []string
	for _, raw := range about.GetMentionedJID() {
		if person := canonicalUser(raw); person != "" && !slices.Contains(people, person) && len(people) < maxMentions {
			people = append(people, person)
		}
	}
	return people
}

// put writes the content into a record.
func (c content) put(record *contract.MessageRecord, from unwrapped, ephemeral uint32) {
	record.Kind, record.Text, record.Payload = c.kind, c.text, c.payload.json()
	record.Media, record.Width, record.Height, record.DurationSeconds, record.Thumbnail = c.media, c.width, c.height, c.duration, c.thumbnail
	if from.viewOnce || c.viewOnce {
		record.ViewOnce = optional(true)
	}
	if expiration := c.about.GetExpiration(); expiration > 0 {
		ephemeral = expiration
	}
	record.EphemeralSeconds = optional(int(ephemeral))
	if secret := encoded(from.secret); secret != nil {
		record.MessageSecret = secret
	}
	record.Raw = encoded(rawOf(from.message))
	record.QuotedID = optional(c.about.GetStanzaID())
	if c.quotedID != "" {
		record.QuotedID = &c.quotedID
	}
	record.QuotedSender = optional(canonicalUser(c.about.GetParticipant()))
	record.QuotedText = textIn(c.about.GetQuotedMessage(), 65_536)
	record.Mentions = mentionsIn(c.about)
	record.ForwardingScore = optional(int(c.about.GetForwardingScore()))
	if record.ForwardingScore == nil && c.about.GetIsForwarded() {
		record.ForwardingScore = optional(1)
	}
}

// rawOf gives the whole message where the other fields do not hold all of it
// (rule U3); nil otherwise.
func rawOf(message *waE2E.Message) []byte {
	text := message.GetExtendedTextMessage()
	preview := text.GetMatchedText() != "" || text.GetTitle() != "" || text.GetDescription() != "" || len(text.GetJPEGThumbnail()) > 0
	if message.GetConversation() != "" || (text != nil && !preview) {
		return nil
	}
	bare, ok := proto.Clone(message).(*waE2E.Message)
	if !ok {
		return nil
	}
	bare.MessageContextInfo, bare.SenderKeyDistributionMessage = nil, nil
	return marshal(bare)
}
