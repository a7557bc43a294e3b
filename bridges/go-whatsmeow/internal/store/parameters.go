package store

import (
	"encoding/base64"
	"encoding/json"
	"fmt"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/record"
)

// value gives nil for nil, so that SQLite stores NULL.
func value[T any](pointer *T) any {
	if pointer == nil {
		return nil
	}
	return *pointer
}

// flag gives 0 or 1, nil for nil.
func flag(pointer *bool) any {
	if pointer == nil {
		return nil
	}
	return bit(*pointer)
}

func bit(set bool) int64 {
	if set {
		return 1
	}
	return 0
}

// blob decodes base64; what is not base64 is a defect of who made the record.
func blob(text *string) (any, error) {
	if text == nil {
		return nil, nil
	}
	decoded, err := base64.StdEncoding.DecodeString(*text)
	if err != nil {
		return nil, fmt.Errorf("a record has bad base64: %w", err)
	}
	return decoded, nil
}

func text[T ~string](pointer *T) any {
	if pointer == nil {
		return nil
	}
	return string(*pointer)
}

// messageParams are the parameters of upsert_message and the files that follow it.
func messageParams(message contract.MessageRecord, now int64, origin record.Origin) (params, error) {
	values := params{
		"now": now, "origin": int64(origin), "chat": message.Chat, "id": message.ID, "from_me": bit(message.FromMe),
		"sender": value(message.Sender), "sender_raw": value(message.SenderRaw), "addressing_mode": text(message.AddressingMode),
		"push_name": value(message.PushName), "timestamp": message.Timestamp, "kind": string(message.Kind), "text": value(message.Text),
		"width": value(message.Width), "height": value(message.Height), "duration_seconds": value(message.DurationSeconds),
		"quoted_id": value(message.QuotedID), "quoted_sender": value(message.QuotedSender), "quoted_text": value(message.QuotedText),
		"forwarding_score": value(message.ForwardingScore), "ephemeral_seconds": value(message.EphemeralSeconds),
		"view_once": flag(message.ViewOnce), "status": value(message.Status), "starred": flag(message.Starred),
		"server_id": value(message.ServerID), "broadcast": value(message.Broadcast), "payload": value(message.Payload),
		"edited_at": value(message.EditedAt), "revoked": flag(message.Revoked), "mentions": nil,
	}
	if message.Mentions != nil {
		mentions, err := json.Marshal(message.Mentions)
		if err != nil {
			return nil, fmt.Errorf("encode mentions: %w", err)
		}
		values["mentions"] = string(mentions)
	}
	media := contract.MediaSource{}
	values["media_kind"] = nil
	if message.Media != nil {
		media = *message.Media
		values["media_kind"] = string(media.Kind)
	}
	values["mimetype"], values["filename"], values["url"] = value(media.Mimetype), value(media.Filename), value(media.URL)
	values["direct_path"], values["file_length"] = value(media.DirectPath), value(media.FileLength)
	return withBlobs(values, map[string]*string{
		"thumbnail": message.Thumbnail, "message_secret": message.MessageSecret, "raw": message.Raw,
		"media_key": media.MediaKey, "file_sha256": media.FileSha256, "file_enc_sha256": media.FileEncSha256,
	})
}

func withBlobs(values params, encoded map[string]*string) (params, error) {
	for name, text := range encoded {
		decoded, err := blob(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		values[name] = decoded
	}
	return values, nil
}

func opParams(op contract.OpRecord, now int64) (params, error) {
	return withBlobs(params{
		"now": now, "chat": op.Chat, "target_id": op.TargetID, "type": string(op.Type), "op_id": op.OpID, "from_me": bit(op.FromMe),
		"actor": value(op.Actor), "timestamp": op.Timestamp, "text": value(op.Text), "payload": value(op.Payload),
	}, map[string]*string{"raw": op.Raw})
}

func eventParams(event contract.EventRecord) (params, error) {
	parameters := event.Parameters
	if parameters == nil {
		parameters = []string{}
	}
	encoded, err := json.Marshal(parameters)
	if err != nil {
		return nil, fmt.Errorf("encode parameters: %w", err)
	}
	return params{
		"chat": event.Chat, "type": event.Type, "timestamp": event.Timestamp, "id": value(event.ID), "actor": value(event.Actor),
		"parameters": string(encoded),
	}, nil
}

func chatParams(chat contract.ChatRecord) params {
	return params{
		"jid": chat.Jid, "name": value(chat.Name), "last_message_at": value(chat.LastMessageAt), "unread_count": value(chat.UnreadCount),
		"marked_unread": flag(chat.MarkedUnread), "archived": flag(chat.Archived), "pinned_at": value(chat.PinnedAt),
		"muted_until": value(chat.MutedUntil), "ephemeral_seconds": value(chat.EphemeralSeconds), "end_of_history": value(chat.EndOfHistory),
		"read_only": flag(chat.ReadOnly), "community": value(chat.Community), "is_community": flag(chat.IsCommunity),
		"is_announcement_group": flag(chat.IsAnnouncementGroup), "observed_at": value(chat.ObservedAt),
	}
}

func groupParams(group record.Group) params {
	info := group.Info
	return params{
		"jid": info.Jid, "name": info.Name, "description": value(info.Description), "owner": value(info.Owner), "created_at": value(info.CreatedAt),
		"addressing_mode": string(info.AddressingMode), "only_admins_send": bit(info.OnlyAdminsSend), "only_admins_edit": bit(info.OnlyAdminsEdit),
		"only_admins_add": bit(info.OnlyAdminsAdd), "join_approval": bit(info.JoinApproval), "disappearing_seconds": info.DisappearingSeconds,
		"is_community": bit(info.IsCommunity), "is_announcement_group": bit(info.IsAnnouncementGroup), "community": value(info.Community),
		"size": info.Size, "observed_at": group.ObservedAt,
	}
}

// groupAsChat is what a group's info says of its chat.
func groupAsChat(group record.Group) contract.ChatRecord {
	info := group.Info
	return contract.ChatRecord{
		Jid: info.Jid, Name: &info.Name, IsCommunity: &info.IsCommunity, IsAnnouncementGroup: &info.IsAnnouncementGroup,
		EphemeralSeconds: &info.DisappearingSeconds, Community: info.Community, ObservedAt: &group.ObservedAt,
	}
}
