package wa

import (
	"go.mau.fi/whatsmeow/proto/waE2E"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// interactiveReaders read buttons, lists, templates and native flows, and the
// answers to them.
var interactiveReaders = []reader{
	func(m *waE2E.Message) *content {
		message := m.GetButtonsMessage()
		if message == nil {
			return nil
		}
		var buttons []payload
		for _, button := range message.GetButtons() {
			buttons = append(buttons, payload{}.text("id", button.GetButtonID()).text("text", button.GetButtonText().GetDisplayText()))
		}
		return &content{
			kind: contract.MessageRecordKindButtons, text: optional(message.GetContentText()), about: message.GetContextInfo(),
			payload: payload{}.text("footer", message.GetFooterText()).list("buttons", buttons),
		}
	},
	func(m *waE2E.Message) *content {
		reply := m.GetButtonsResponseMessage()
		if reply == nil {
			return nil
		}
		return answer(contract.MessageRecordKindButtons, reply.GetSelectedDisplayText(), reply.GetSelectedButtonID(), reply.GetContextInfo())
	},
	listContent,
	func(m *waE2E.Message) *content {
		reply := m.GetListResponseMessage()
		if reply == nil {
			return nil
		}
		text := reply.GetTitle()
		if text == "" {
			text = reply.GetDescription()
		}
		return answer(contract.MessageRecordKindList, text, reply.GetSingleSelectReply().GetSelectedRowID(), reply.GetContextInfo())
	},
	func(m *waE2E.Message) *content {
		message := m.GetInteractiveMessage()
		if message == nil {
			return nil
		}
		var buttons []payload
		for _, button := range message.GetNativeFlowMessage().GetButtons() {
			buttons = append(buttons, payload{}.text("name", button.GetName()).text("parameters", button.GetButtonParamsJSON()))
		}
		return &content{
			kind: contract.MessageRecordKindInteractive, text: optional(message.GetBody().GetText()), about: message.GetContextInfo(),
			payload: payload{}.text("title", message.GetHeader().GetTitle()).text("footer", message.GetFooter().GetText()).list("buttons", buttons),
		}
	},
	func(m *waE2E.Message) *content {
		reply := m.GetInteractiveResponseMessage()
		if reply == nil {
			return nil
		}
		flow := reply.GetNativeFlowResponseMessage()
		return &content{
			kind: contract.MessageRecordKindInteractive, text: optional(reply.GetBody().GetText()), about: reply.GetContextInfo(),
			payload: payload{}.text("name", flow.GetName()).text("parameters", flow.GetParamsJSON()),
		}
	},
	templateContent,
	func(m *waE2E.Message) *content {
		reply := m.GetTemplateButtonReplyMessage()
		if reply == nil {
			return nil
		}
		return answer(contract.MessageRecordKindTemplate, reply.GetSelectedDisplayText(), reply.GetSelectedID(), reply.GetContextInfo())
	},
}

func answer(kind contract.MessageRecordKind, text, selected string, about *waE2E.ContextInfo) *content {
	return &content{kind: kind, text: optional(text), payload: payload{}.text("selected_id", selected), about: about}
}

func listContent(m *waE2E.Message) *content {
	list := m.GetListMessage()
	if list == nil {
		return nil
	}
	var sections []payload
	for _, section := range list.GetSections() {
		var rows []payload
		for _, row := range section.GetRows() {
			rows = append(rows, payload{}.text("id", row.GetRowID()).text("title", row.GetTitle()).text("description", row.GetDescription()))
		}
		sections = append(sections, payload{}.text("title", section.GetTitle()).list("rows", rows))
	}
	text := list.GetDescription()
	if text == "" {
		text = list.GetTitle()
	}
	return &content{
		kind: contract.MessageRecordKindList, text: optional(text), about: list.GetContextInfo(),
		payload: payload{}.text("title", list.GetTitle()).text("button", list.GetButtonText()).text("footer", list.GetFooterText()).list("sections", sections),
	}
}

func templateContent(m *waE2E.Message) *content {
	template := m.GetTemplateMessage()
	if template == nil {
		return nil
	}
	hydrated := template.GetHydratedTemplate()
	if hydrated == nil {
		hydrated = template.GetHydratedFourRowTemplate()
	}
	var buttons []payload
	for _, button := range hydrated.GetHydratedButtons() {
		buttons = append(buttons, templateButton(button))
	}
	return &content{
		kind: contract.MessageRecordKindTemplate, text: optional(hydrated.GetHydratedContentText()), about: template.GetContextInfo(),
		payload: payload{}.text("title", hydrated.GetHydratedTitleText()).text("footer", hydrated.GetHydratedFooterText()).list("buttons", buttons),
	}
}

func templateButton(button *waE2E.HydratedTemplateButton) payload {
	quick, link, call := button.GetQuickReplyButton(), button.GetUrlButton(), button.GetCallButton()
	text := quick.GetDisplayText()
	if quick == nil {
		text = link.GetDisplayText()
	}
	if quick == nil && link == nil {
		text = call.GetDisplayText()
	}
	return payload{}.text("id", quick.GetID()).text("text", text).text("url", link.GetURL()).text("phone_number", call.GetPhoneNumber())
}
