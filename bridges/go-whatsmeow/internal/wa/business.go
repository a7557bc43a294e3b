package wa

import (
	"context"

	"go.mau.fi/whatsmeow"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// BusinessProfile serves business.profile. The answer is read here, because
// whatsmeow's reader leaves out the description and the websites.
func (a *Account) BusinessProfile(ctx context.Context, in contract.BusinessProfileInput) (contract.BusinessProfileOutput, error) {
	client, err := a.connected()
	if err != nil {
		return contract.BusinessProfileOutput{}, err
	}
	jid, err := chatJID(in.Jid)
	if err != nil {
		return contract.BusinessProfileOutput{}, err
	}
	//lint:ignore SA1019 whatsmeow has no other way to ask a question of one's own; the stanza is read only.
	answer, err := client.DangerousInternals().SendIQ(ctx, whatsmeow.DangerousInfoQuery{
		Namespace: "w:biz", Type: "get", To: types.ServerJID,
		Content: []waBinary.Node{{
			// The version that whatsmeow asks for (user.go:GetBusinessProfile).
			Tag: "business_profile", Attrs: waBinary.Attrs{"v": "244"},
			Content: []waBinary.Node{{Tag: "profile", Attrs: waBinary.Attrs{"jid": jid}}},
		}},
	})
	if err != nil {
		return contract.BusinessProfileOutput{}, err
	}
	profile, found := answer.GetOptionalChildByTag("business_profile", "profile")
	if !found {
		return contract.BusinessProfileOutput{}, nil
	}
	return businessProfile(profile), nil
}

func businessProfile(profile waBinary.Node) contract.BusinessProfileOutput {
	hours := profile.GetChildByTag("business_hours")
	output := contract.BusinessProfileOutput{
		IsBusiness:  true,
		Address:     optional(cut(nodeText(profile.GetChildByTag("address")), 2000)),
		Description: optional(cut(nodeText(profile.GetChildByTag("description")), 10_000)),
		Email:       optional(cut(nodeText(profile.GetChildByTag("email")), 500)),
		Timezone:    optional(hours.AttrGetter().OptionalString("timezone")),
	}
	for _, website := range profile.GetChildrenByTag("website") {
		output.Websites = append(output.Websites, cut(nodeText(website), 2000))
	}
	categories := profile.GetChildByTag("categories")
	for _, category := range categories.GetChildrenByTag("category") {
		output.Categories = append(output.Categories, cut(nodeText(category), 500))
	}
	for _, day := range hours.GetChildrenByTag("business_hours_config") {
		told := day.AttrGetter()
		output.Hours = append(output.Hours, struct {
			Close *string `json:"close,omitempty"`
			Day   string  `json:"day"`
			Mode  string  `json:"mode"`
			Open  *string `json:"open,omitempty"`
		}{
			Day: told.OptionalString("day_of_week"), Mode: told.OptionalString("mode"),
			Open: optional(told.OptionalString("open_time")), Close: optional(told.OptionalString("close_time")),
		})
	}
	return output
}

// nodeText gives a node's content; phones send text as bytes, some as tokens.
func nodeText(node waBinary.Node) string {
	switch content := node.Content.(type) {
	case []byte:
		return string(content)
	case string:
		return content
	default:
		return ""
	}
}
