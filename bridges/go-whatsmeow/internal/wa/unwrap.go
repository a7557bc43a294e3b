package wa

import (
	"go.mau.fi/whatsmeow/proto/waE2E"
)

// unwrapped is content out of its envelopes: rules U1, U2, U4 and C3.
type unwrapped struct {
	message  *waE2E.Message
	viewOnce bool
	secret   []byte
	// destination is where an own message went that another device sent.
	destination string
}

// maxLevels bounds the envelopes around a message.
const maxLevels = 16

type wrapper struct {
	viewOnce bool
	inner    func(*waE2E.Message) *waE2E.Message
}

var wrappers = []wrapper{
	{inner: func(m *waE2E.Message) *waE2E.Message { return m.GetDeviceSentMessage().GetMessage() }},
	{inner: func(m *waE2E.Message) *waE2E.Message { return m.GetBotInvokeMessage().GetMessage() }},
	{inner: func(m *waE2E.Message) *waE2E.Message { return m.GetEphemeralMessage().GetMessage() }},
	{inner: func(m *waE2E.Message) *waE2E.Message { return m.GetViewOnceMessage().GetMessage() }, viewOnce: true},
	{inner: func(m *waE2E.Message) *waE2E.Message { return m.GetViewOnceMessageV2().GetMessage() }, viewOnce: true},
	{inner: func(m *waE2E.Message) *waE2E.Message { return m.GetViewOnceMessageV2Extension().GetMessage() }, viewOnce: true},
	{inner: func(m *waE2E.Message) *waE2E.Message { return m.GetLottieStickerMessage().GetMessage() }},
	{inner: func(m *waE2E.Message) *waE2E.Message { return m.GetDocumentWithCaptionMessage().GetMessage() }},
	{inner: func(m *waE2E.Message) *waE2E.Message { return m.GetEditedMessage().GetMessage() }},
	{inner: func(m *waE2E.Message) *waE2E.Message { return m.GetAssociatedChildMessage().GetMessage() }},
	{inner: func(m *waE2E.Message) *waE2E.Message { return m.GetGroupStatusMessage().GetMessage() }},
	{inner: func(m *waE2E.Message) *waE2E.Message { return m.GetGroupStatusMessageV2().GetMessage() }},
	{inner: func(m *waE2E.Message) *waE2E.Message { return m.GetGroupMentionedMessage().GetMessage() }},
	{inner: func(m *waE2E.Message) *waE2E.Message { return m.GetBotForwardedMessage().GetMessage() }},
	{inner: func(m *waE2E.Message) *waE2E.Message { return m.GetBotTaskMessage().GetMessage() }},
	{inner: func(m *waE2E.Message) *waE2E.Message { return m.GetQuestionMessage().GetMessage() }},
	{inner: func(m *waE2E.Message) *waE2E.Message { return m.GetQuestionReplyMessage().GetMessage() }},
	{inner: func(m *waE2E.Message) *waE2E.Message { return m.GetPollCreationMessageV4().GetMessage() }},
	{inner: func(m *waE2E.Message) *waE2E.Message { return m.GetStatusAddYours().GetMessage() }},
}

// unwrap takes envelopes off until nothing changes.
func unwrap(message *waE2E.Message) unwrapped {
	found := unwrapped{message: message, secret: message.GetMessageContextInfo().GetMessageSecret()}
	for range maxLevels {
		inner, viewOnce := open(found.message)
		if inner == nil {
			return found
		}
		found.viewOnce = found.viewOnce || viewOnce
		if found.destination == "" {
			found.destination = found.message.GetDeviceSentMessage().GetDestinationJID()
		}
		found.message = inner
		if secret := inner.GetMessageContextInfo().GetMessageSecret(); len(secret) > 0 {
			found.secret = secret
		}
	}
	return found
}

func open(message *waE2E.Message) (inner *waE2E.Message, viewOnce bool) {
	for _, one := range wrappers {
		if inner := one.inner(message); inner != nil {
			return inner, one.viewOnce
		}
	}
	return nil, false
}
