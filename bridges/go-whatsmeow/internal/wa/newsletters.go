package wa

import (
	"context"
	"slices"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// NewsletterList serves newsletter.list.
func (a *Account) NewsletterList(ctx context.Context, _ contract.NewsletterListInput) (contract.NewsletterListOutput, error) {
	client, err := a.connected()
	if err != nil {
		return contract.NewsletterListOutput{}, err
	}
	followed, err := client.GetSubscribedNewsletters(ctx)
	if err != nil {
		return contract.NewsletterListOutput{}, mexFault(err)
	}
	output := contract.NewsletterListOutput{Newsletters: []contract.Newsletter{}}
	for _, one := range followed {
		output.Newsletters = append(output.Newsletters, newsletter(one))
	}
	return output, nil
}

// NewsletterInfo serves newsletter.info.
func (a *Account) NewsletterInfo(ctx context.Context, in contract.NewsletterInfoInput) (contract.NewsletterInfoOutput, error) {
	client, err := a.connected()
	if err != nil {
		return contract.NewsletterInfoOutput{}, err
	}
	found, err := findNewsletter(ctx, client, in)
	if err != nil {
		return contract.NewsletterInfoOutput{}, mexFault(err)
	}
	if found == nil || found.ID.IsEmpty() {
		return contract.NewsletterInfoOutput{}, contract.Faultf(contract.NotFound, "WhatsApp knows no such channel")
	}
	output := contract.NewsletterInfoOutput{Newsletter: newsletter(found), Posts: []contract.NewsletterPost{}}
	if in.RecentPosts == nil || *in.RecentPosts == 0 {
		return output, nil
	}
	posts, err := client.GetNewsletterMessages(ctx, found.ID, &whatsmeow.GetNewsletterMessagesParams{Count: *in.RecentPosts})
	if err != nil {
		return contract.NewsletterInfoOutput{}, err
	}
	for _, one := range posts {
		output.Posts = append(output.Posts, post(one))
	}
	return output, nil
}

func findNewsletter(ctx context.Context, client *whatsmeow.Client, in contract.NewsletterInfoInput) (*types.NewsletterMetadata, error) {
	switch {
	case in.Jid != nil && in.InviteCode == nil:
		jid, err := chatJID(*in.Jid)
		if err != nil {
			return nil, err
		}
		return client.GetNewsletterInfo(ctx, jid)
	case in.Jid == nil && in.InviteCode != nil:
		return client.GetNewsletterInfoWithInvite(ctx, *in.InviteCode)
	default:
		return nil, contract.Faultf(contract.InvalidArgument, `expected one of the fields "jid" and "invite_code"`)
	}
}

// NewsletterFollow serves newsletter.follow.
func (a *Account) NewsletterFollow(ctx context.Context, in contract.NewsletterFollowInput) (contract.Done, error) {
	client, err := a.connected()
	if err != nil {
		return contract.Done{}, err
	}
	jid, err := chatJID(in.Jid)
	if err != nil {
		return contract.Done{}, err
	}
	if in.Following {
		return contract.Done{}, mexFault(client.FollowNewsletter(ctx, jid))
	}
	return contract.Done{}, mexFault(client.UnfollowNewsletter(ctx, jid))
}

// NewsletterCreate serves newsletter.create.
func (a *Account) NewsletterCreate(ctx context.Context, in contract.NewsletterCreateInput) (contract.NewsletterCreateOutput, error) {
	client, err := a.connected()
	if err != nil {
		return contract.NewsletterCreateOutput{}, err
	}
	params := whatsmeow.CreateNewsletterParams{Name: in.Name}
	if in.Description != nil {
		params.Description = *in.Description
	}
	made, err := client.CreateNewsletter(ctx, params)
	if err != nil {
		return contract.NewsletterCreateOutput{}, mexFault(err)
	}
	if made == nil {
		return contract.NewsletterCreateOutput{}, contract.Faultf(contract.WhatsappError, "WhatsApp's answer does not name the new channel")
	}
	return contract.NewsletterCreateOutput{Newsletter: newsletter(made)}, nil
}

// NewsletterReact serves newsletter.react.
func (a *Account) NewsletterReact(ctx context.Context, in contract.NewsletterReactInput) (contract.Done, error) {
	client, err := a.connected()
	if err != nil {
		return contract.Done{}, err
	}
	jid, err := chatJID(in.Jid)
	if err != nil {
		return contract.Done{}, err
	}
	return contract.Done{}, client.NewsletterSendReaction(ctx, jid, types.MessageServerID(in.ServerID), in.Emoji, in.ID)
}

func newsletter(found *types.NewsletterMetadata) contract.Newsletter {
	subscribers := int64(found.ThreadMeta.SubscriberCount)
	written := contract.Newsletter{
		Jid: plain(found.ID), Name: found.ThreadMeta.Name.Text, Description: optional(found.ThreadMeta.Description.Text),
		Subscribers: &subscribers, CreatedAt: millis(found.ThreadMeta.CreationTime.Time), InviteCode: optional(found.ThreadMeta.InviteCode),
		Verified: found.ThreadMeta.VerificationState == types.NewsletterVerificationStateVerified, State: optional(string(found.State.Type)),
	}
	if found.ViewerMeta != nil {
		muted := found.ViewerMeta.Mute == types.NewsletterMuteOn
		role := contract.NewsletterRole(found.ViewerMeta.Role)
		written.Muted = &muted
		if role.Valid() {
			written.Role = &role
		}
	}
	return written
}

func post(message *types.NewsletterMessage) contract.NewsletterPost {
	content := contentOf(message.Message)
	written := contract.NewsletterPost{
		ServerID: int64(message.MessageServerID), ID: optional(message.MessageID), Timestamp: message.Timestamp.UnixMilli(),
		Kind: string(content.kind), Text: content.text,
	}
	if message.ViewsCount > 0 {
		views := int64(message.ViewsCount)
		written.Views = &views
	}
	for emoji, count := range message.ReactionCounts {
		written.Reactions = append(written.Reactions, struct {
			Count int64  `json:"count"`
			Emoji string `json:"emoji"`
		}{Count: int64(count), Emoji: emoji})
	}
	slices.SortFunc(written.Reactions, func(x, y struct {
		Count int64  `json:"count"`
		Emoji string `json:"emoji"`
	}) int {
		return int(y.Count - x.Count)
	})
	return written
}
