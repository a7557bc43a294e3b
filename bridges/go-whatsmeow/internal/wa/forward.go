package wa

import (
	"context"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/reflect/protoreflect"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// MessageForward serves message.forward.
func (a *Account) MessageForward(ctx context.Context, in contract.MessageForwardInput) (contract.SentMessage, error) {
	message, err := decodeMessage(in.Content)
	if err != nil {
		return contract.SentMessage{}, contract.Faultf(contract.InvalidArgument, `field "content": %w`, err)
	}
	message = unwrap(message).message
	about := &waE2E.ContextInfo{IsForwarded: new(true), ForwardingScore: new(uint32(in.ForwardingScore))}
	if in.EphemeralSeconds != nil && *in.EphemeralSeconds > 0 {
		about.Expiration = new(uint32(*in.EphemeralSeconds))
	}
	if message.Conversation != nil {
		message = &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: message.Conversation}}
	}
	if !setContext(message, about) {
		return contract.SentMessage{}, contract.Faultf(contract.InvalidArgument, `field "content": this kind of message cannot be forwarded`)
	}
	return a.send(ctx, outgoing{to: in.To, id: in.ID, message: message})
}

// setContext replaces the context of the message's content; false where the
// content has no place for one.
func setContext(message *waE2E.Message, about *waE2E.ContextInfo) (done bool) {
	message.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if field.Kind() != protoreflect.MessageKind || field.IsList() || field.Name() == "messageContextInfo" {
			return true
		}
		content := value.Message()
		if slot := contextField(content); slot != nil {
			content.Set(slot, protoreflect.ValueOfMessage(about.ProtoReflect()))
			done = true
		}
		return true
	})
	return done
}

// contextField gives the field in which a kind of content has its context; nil
// where it has none.
func contextField(content protoreflect.Message) protoreflect.FieldDescriptor {
	field := content.Descriptor().Fields().ByName("contextInfo")
	if field == nil || field.Message() == nil || field.Message().FullName() != (&waE2E.ContextInfo{}).ProtoReflect().Descriptor().FullName() {
		return nil
	}
	return field
}
