package wa

import (
	"strings"

	"go.mau.fi/whatsmeow/proto/waE2E"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// structuredReaders read places, people, polls, events, calls and invitations.
var structuredReaders = []reader{
	locationContent, liveLocationContent,
	func(m *waE2E.Message) *content {
		contact := m.GetContactMessage()
		if contact == nil {
			return nil
		}
		return &content{
			kind: contract.MessageRecordKindContact, text: optional(contact.GetDisplayName()), about: contact.GetContextInfo(),
			payload: payload{"contacts": []payload{card(contact)}},
		}
	},
	func(m *waE2E.Message) *content {
		several := m.GetContactsArrayMessage()
		if several == nil {
			return nil
		}
		cards := []payload{}
		for _, contact := range several.GetContacts() {
			cards = append(cards, card(contact))
		}
		return &content{
			kind: contract.MessageRecordKindContacts, text: optional(several.GetDisplayName()), about: several.GetContextInfo(),
			payload: payload{"contacts": cards},
		}
	},
	func(m *waE2E.Message) *content { return pollContent(m.GetPollCreationMessage()) },
	func(m *waE2E.Message) *content { return pollContent(m.GetPollCreationMessageV2()) },
	func(m *waE2E.Message) *content { return pollContent(m.GetPollCreationMessageV3()) },
	func(m *waE2E.Message) *content { return pollContent(m.GetPollCreationMessageV5()) },
	func(m *waE2E.Message) *content { return pollResultContent(m.GetPollResultSnapshotMessage()) },
	func(m *waE2E.Message) *content { return pollResultContent(m.GetPollResultSnapshotMessageV3()) },
	eventContent, callLogContent,
	func(m *waE2E.Message) *content {
		if m.GetCall() == nil {
			return nil
		}
		return &content{kind: contract.MessageRecordKindCall}
	},
	func(m *waE2E.Message) *content {
		if m.GetBcallMessage() == nil {
			return nil
		}
		return &content{kind: contract.MessageRecordKindCall, text: optional(m.GetBcallMessage().GetCaption())}
	},
	func(m *waE2E.Message) *content {
		plan := m.GetScheduledCallCreationMessage()
		if plan == nil {
			return nil
		}
		video := plan.GetCallType() == waE2E.ScheduledCallCreationMessage_VIDEO
		return &content{
			kind: contract.MessageRecordKindCall, text: optional(plan.GetTitle()),
			payload: payload{"video": video}.millis("start_ms", plan.GetScheduledTimestampMS()),
		}
	},
	func(m *waE2E.Message) *content {
		invite := m.GetGroupInviteMessage()
		if invite == nil {
			return nil
		}
		return &content{
			kind: contract.MessageRecordKindGroupInvite, text: optional(invite.GetCaption()), about: invite.GetContextInfo(),
			payload: payload{}.text("group", invite.GetGroupJID()).text("name", invite.GetGroupName()).text("code", invite.GetInviteCode()).
				millis("expires_ms", secondsToMillis(invite.GetInviteExpiration())),
		}
	},
	systemContent,
}

func systemContent(m *waE2E.Message) *content {
	if m.GetKeepInChatMessage() == nil && m.GetRequestPhoneNumberMessage() == nil && m.GetPlaceholderMessage() == nil {
		return nil
	}
	return &content{kind: contract.MessageRecordKindSystem, about: m.GetRequestPhoneNumberMessage().GetContextInfo()}
}

func locationContent(m *waE2E.Message) *content {
	place := m.GetLocationMessage()
	if place == nil {
		return nil
	}
	kind := contract.MessageRecordKindLocation
	if place.GetIsLive() {
		kind = contract.MessageRecordKindLiveLocation
	}
	said := payload{}.place("latitude", place.DegreesLatitude).place("longitude", place.DegreesLongitude).
		text("name", place.GetName()).text("address", place.GetAddress()).text("url", place.GetURL())
	return &content{
		kind: kind, text: optional(place.GetComment()), about: place.GetContextInfo(),
		payload: over(said, "accuracy_m", place.GetAccuracyInMeters()),
	}
}

func liveLocationContent(m *waE2E.Message) *content {
	place := m.GetLiveLocationMessage()
	if place == nil {
		return nil
	}
	said := payload{}.place("latitude", place.DegreesLatitude).place("longitude", place.DegreesLongitude)
	over(said, "accuracy_m", place.GetAccuracyInMeters())
	over(said, "speed_mps", place.GetSpeedInMps())
	over(said, "heading_degrees", place.GetDegreesClockwiseFromMagneticNorth())
	over(said, "sequence", place.GetSequenceNumber())
	return &content{kind: contract.MessageRecordKindLiveLocation, text: optional(place.GetCaption()), about: place.GetContextInfo(), payload: said}
}

func card(contact *waE2E.ContactMessage) payload {
	return payload{}.text("display_name", contact.GetDisplayName()).text("vcard", contact.GetVcard())
}

func pollContent(poll *waE2E.PollCreationMessage) *content {
	if poll == nil {
		return nil
	}
	options := []string{}
	for _, option := range poll.GetOptions() {
		options = append(options, option.GetOptionName())
	}
	return &content{
		kind: contract.MessageRecordKindPoll, text: optional(poll.GetName()), about: poll.GetContextInfo(),
		payload: payload{"question": poll.GetName(), "options": options, "selectable_count": poll.GetSelectableOptionsCount()},
	}
}

func pollResultContent(poll *waE2E.PollResultSnapshotMessage) *content {
	if poll == nil {
		return nil
	}
	results := []payload{}
	for _, vote := range poll.GetPollVotes() {
		results = append(results, payload{"option": vote.GetOptionName(), "votes": vote.GetOptionVoteCount()})
	}
	return &content{
		kind: contract.MessageRecordKindPoll, text: optional(poll.GetName()), about: poll.GetContextInfo(),
		payload: payload{"question": poll.GetName(), "results": results},
	}
}

func eventContent(m *waE2E.Message) *content {
	event := m.GetEventMessage()
	if event == nil {
		return nil
	}
	said := payload{}.text("name", event.GetName()).text("description", event.GetDescription()).text("join_link", event.GetJoinLink()).
		millis("start_ms", secondsToMillis(event.GetStartTime())).millis("end_ms", secondsToMillis(event.GetEndTime()))
	if place := event.GetLocation(); place != nil {
		where := payload{}.place("latitude", place.DegreesLatitude).place("longitude", place.DegreesLongitude).text("name", place.GetName())
		if len(where) > 0 {
			said["location"] = where
		}
	}
	if event.GetIsCanceled() {
		said["canceled"] = true
	}
	return &content{kind: contract.MessageRecordKindEvent, text: optional(event.GetName()), about: event.GetContextInfo(), payload: said}
}

func callLogContent(m *waE2E.Message) *content {
	call := m.GetCallLogMesssage()
	if call == nil {
		return nil
	}
	said := payload{"video": call.GetIsVideo()}
	if call.CallOutcome != nil {
		said.text("outcome", strings.ToLower(call.GetCallOutcome().String()))
	}
	if call.CallType != nil {
		said.text("type", strings.ToLower(call.GetCallType().String()))
	}
	return &content{kind: contract.MessageRecordKindCall, payload: over(said, "duration_seconds", call.GetDurationSecs())}
}
