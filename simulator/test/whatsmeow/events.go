package main

import (
	"fmt"

	"go.mau.fi/whatsmeow/types/events"
)

// report prints an event as a JSON line; events that no test reads are named only.
func (s *session) report(event any) {
	line := map[string]any{"event": fmt.Sprintf("%T", event)}
	switch e := event.(type) {
	case *events.QR:
		line["codes"] = e.Codes
	case *events.Message:
		line["message"] = messageResult(e)
		if e.Info.MediaType != "" {
			s.files.Store(e.Info.ID, e.Message)
		}
	case *events.HistorySync:
		line["history"] = historyResult(e)
	case *events.Receipt:
		line["receipt"] = map[string]any{
			"ids": e.MessageIDs, "type": string(e.Type), "sender": e.Sender.String(), "chat": e.Chat.String(),
		}
	case *events.UndecryptableMessage:
		line["undecryptable"] = e.Info.ID
	case *events.LoggedOut:
		line["reason"] = int(e.Reason)
	case *events.AppStateSyncComplete:
		line["name"], line["version"] = string(e.Name), e.Version
	case *events.Archive:
		line["chat"], line["archived"] = e.JID.String(), e.Action.GetArchived()
	case *events.Pin:
		line["chat"], line["pinned"] = e.JID.String(), e.Action.GetPinned()
	case *events.Contact:
		line["chat"], line["name"] = e.JID.String(), e.Action.GetFullName()
	case *events.GroupInfo, *events.JoinedGroup, *events.Picture, *events.Blocklist, *events.PrivacySettings,
		*events.Presence, *events.ChatPresence, *events.UserAbout, *events.NewsletterJoin, *events.NewsletterLeave,
		*events.NewsletterMuteChange, *events.NewsletterLiveUpdate, *events.CallOffer, *events.CallTerminate,
		*events.CallReject, *events.CallAccept, *events.PushNameSetting, *events.NotifyAccountReachoutTimelock:
		line["data"] = e
	case *events.ConnectFailure:
		line["reason"] = int(e.Reason)
	case *events.PairError:
		line["error"] = e.Error.Error()
	}
	s.out.print(line)
}

func messageResult(e *events.Message) map[string]any {
	text := e.Message.GetConversation()
	if text == "" {
		text = e.Message.GetExtendedTextMessage().GetText()
	}
	return map[string]any{
		"id":         e.Info.ID,
		"chat":       e.Info.Chat.String(),
		"sender":     e.Info.Sender.String(),
		"sender_alt": e.Info.SenderAlt.String(),
		"from_me":    e.Info.IsFromMe,
		"timestamp":  e.Info.Timestamp.Unix(),
		"push_name":  e.Info.PushName,
		"text":       text,
		"edit":       string(e.Info.Edit),
		"retries":    e.RetryCount,
		"resend_of":  e.UnavailableRequestID,
	}
}

func historyResult(e *events.HistorySync) map[string]any {
	messages := 0
	for _, conversation := range e.Data.GetConversations() {
		messages += len(conversation.GetMessages())
	}
	return map[string]any{
		"type":          e.Data.GetSyncType().String(),
		"order":         e.Data.GetChunkOrder(),
		"progress":      e.Data.GetProgress(),
		"conversations": len(e.Data.GetConversations()),
		"messages":      messages,
		"push_names":    len(e.Data.GetPushnames()),
	}
}
