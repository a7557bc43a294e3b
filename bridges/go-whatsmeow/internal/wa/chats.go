package wa

import (
	"context"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// patch writes app state. The phone hands out the keys for it shortly after linking.
func (a *Account) patch(ctx context.Context, build func() (appstate.PatchInfo, error)) (contract.Done, error) {
	client, err := a.connected()
	if err != nil {
		return contract.Done{}, err
	}
	change, err := build()
	if err != nil {
		return contract.Done{}, err
	}
	return contract.Done{}, sendPatch(ctx, client, change)
}

func sendPatch(ctx context.Context, client *whatsmeow.Client, change appstate.PatchInfo) error {
	key, err := client.Store.AppStateKeys.GetLatestAppStateSyncKeyID(ctx)
	if err != nil {
		return err
	}
	if key == nil {
		return contract.Faultf(contract.PhoneOffline, "the phone has not yet handed out the keys that settings are encrypted with")
	}
	return client.SendAppState(ctx, change)
}

// ChatArchive serves chat.archive.
func (a *Account) ChatArchive(ctx context.Context, in contract.ChatArchiveInput) (contract.Done, error) {
	return a.patch(ctx, func() (appstate.PatchInfo, error) {
		chat, err := chatJID(in.Chat)
		at, key := lastMessage(in.LastMessage)
		return appstate.BuildArchive(chat, in.Archived, at, key), err
	})
}

// ChatPin serves chat.pin.
func (a *Account) ChatPin(ctx context.Context, in contract.ChatPinInput) (contract.Done, error) {
	return a.patch(ctx, func() (appstate.PatchInfo, error) {
		chat, err := chatJID(in.Chat)
		return appstate.BuildPin(chat, in.Pinned), err
	})
}

// ChatMute serves chat.mute.
func (a *Account) ChatMute(ctx context.Context, in contract.ChatMuteInput) (contract.Done, error) {
	return a.patch(ctx, func() (appstate.PatchInfo, error) {
		chat, err := chatJID(in.Chat)
		until := in.Until
		if !in.Muted {
			until = nil
		}
		return appstate.BuildMuteAbs(chat, in.Muted, until), err
	})
}

// ChatMarkRead serves chat.mark_read: receipts to the authors, and the mark on
// the own devices.
func (a *Account) ChatMarkRead(ctx context.Context, in contract.ChatMarkReadInput) (contract.Done, error) {
	client, err := a.connected()
	if err != nil {
		return contract.Done{}, err
	}
	chat, err := chatJID(in.Chat)
	if err != nil {
		return contract.Done{}, err
	}
	bySender := map[string][]types.MessageID{}
	for _, message := range in.Messages {
		sender := ""
		if message.Sender != nil {
			sender = *message.Sender
		}
		bySender[sender] = append(bySender[sender], message.ID)
	}
	now := time.Now()
	for sender, ids := range bySender {
		from, err := optionalJID(sender)
		if err != nil {
			return contract.Done{}, err
		}
		if err := client.MarkRead(ctx, ids, now, chat, from); err != nil {
			return contract.Done{}, err
		}
	}
	if !in.WholeChat {
		return contract.Done{}, nil
	}
	at, key := lastMessage(in.LastMessage)
	return contract.Done{}, sendPatch(ctx, client, appstate.BuildMarkChatAsRead(chat, true, at, key))
}

func lastMessage(last *contract.LastMessage) (time.Time, *waCommon.MessageKey) {
	if last == nil {
		return time.Time{}, nil
	}
	return time.UnixMilli(last.Timestamp), protoKey(last.Key)
}

func chatJID(text string) (types.JID, error) {
	jid, err := types.ParseJID(text)
	if err != nil {
		return jid, contract.Faultf(contract.InvalidArgument, "%q is not a JID: %w", text, err)
	}
	return jid, nil
}

// optionalJID gives the empty JID for empty text.
func optionalJID(text string) (types.JID, error) {
	if text == "" {
		return types.EmptyJID, nil
	}
	return chatJID(text)
}

func manyJIDs(texts []string) ([]types.JID, error) {
	jids := make([]types.JID, len(texts))
	for i, text := range texts {
		jid, err := chatJID(text)
		if err != nil {
			return nil, err
		}
		jids[i] = jid
	}
	return jids, nil
}
