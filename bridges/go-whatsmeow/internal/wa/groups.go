package wa

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/record"
)

// onGroup runs a request about a group on the connected client.
func onGroup[Out any](a *Account, jid string, ask func(*whatsmeow.Client, types.JID) (Out, error)) (Out, error) {
	var none Out
	client, err := a.connected()
	if err != nil {
		return none, err
	}
	group, err := chatJID(jid)
	if err != nil {
		return none, err
	}
	return ask(client, group)
}

// GroupInfo serves group.info.
func (a *Account) GroupInfo(ctx context.Context, in contract.GroupInfoInput) (contract.GroupInfo, error) {
	if (in.Jid == nil) == (in.InviteCode == nil) {
		return contract.GroupInfo{}, contract.Faultf(contract.InvalidArgument, `expected one of the fields "jid" and "invite_code"`)
	}
	if in.InviteCode != nil {
		client, err := a.connected()
		if err != nil {
			return contract.GroupInfo{}, err
		}
		info, err := client.GetGroupInfoFromLink(ctx, *in.InviteCode)
		if err != nil {
			return contract.GroupInfo{}, err
		}
		return groupInfo(info), nil
	}
	return onGroup(a, *in.Jid, func(client *whatsmeow.Client, group types.JID) (contract.GroupInfo, error) {
		return a.freshGroup(ctx, client, group)
	})
}

// freshGroup asks for a group and remembers the answer.
func (a *Account) freshGroup(ctx context.Context, client *whatsmeow.Client, group types.JID) (contract.GroupInfo, error) {
	info, err := client.GetGroupInfo(ctx, group)
	if err != nil {
		return contract.GroupInfo{}, err
	}
	a.rememberGroups(ctx, groupInfo(info))
	return groupInfo(info), nil
}

// rememberGroups stores what was just learned; the caller's answer does not
// depend on it.
func (a *Account) rememberGroups(ctx context.Context, infos ...contract.GroupInfo) {
	now := time.Now().UnixMilli()
	err := a.store.Apply(ctx, a.batch(record.Live, func(b *record.Batch) {
		for _, info := range infos {
			b.Groups = append(b.Groups, record.Group{Info: info, ObservedAt: now})
		}
	}))
	if err != nil {
		a.log.Warn("store groups", "error", err)
	}
}

// GroupCreate serves group.create.
func (a *Account) GroupCreate(ctx context.Context, in contract.GroupCreateInput) (contract.GroupCreateOutput, error) {
	client, err := a.connected()
	if err != nil {
		return contract.GroupCreateOutput{}, err
	}
	participants, err := manyJIDs(in.Participants)
	if err != nil {
		return contract.GroupCreateOutput{}, err
	}
	info, err := client.CreateGroup(ctx, whatsmeow.ReqCreateGroup{Name: in.Name, Participants: participants})
	if err != nil {
		return contract.GroupCreateOutput{}, err
	}
	made := groupInfo(info)
	a.rememberGroups(context.WithoutCancel(ctx), made)
	// The one superadmin of a new group is who made it: nobody asked for them.
	asked := slices.DeleteFunc(info.Participants, func(one types.GroupParticipant) bool { return one.IsSuperAdmin })
	return contract.GroupCreateOutput{Group: made, Participants: participantResults(asked)}, nil
}

// GroupParticipants serves group.participants.
func (a *Account) GroupParticipants(ctx context.Context, in contract.GroupParticipantsInput) (contract.GroupParticipantsOutput, error) {
	return onGroup(a, in.Jid, func(client *whatsmeow.Client, group types.JID) (contract.GroupParticipantsOutput, error) {
		people, err := manyJIDs(in.Participants)
		if err != nil {
			return contract.GroupParticipantsOutput{}, err
		}
		// The four actions have whatsmeow's names.
		changed, err := client.UpdateGroupParticipants(ctx, group, people, whatsmeow.ParticipantChange(in.Action))
		if err != nil {
			return contract.GroupParticipantsOutput{}, err
		}
		return contract.GroupParticipantsOutput{Participants: participantResults(changed)}, nil
	})
}

// groupSetting is one change of group.settings; asked is false where the caller
// did not name it.
type groupSetting struct {
	name  string
	asked bool
	apply func() error
}

// GroupSettings serves group.settings: one request for each named setting. When
// one fails, the answer says which were changed before.
func (a *Account) GroupSettings(ctx context.Context, in contract.GroupSettingsInput) (contract.GroupSettingsOutput, error) {
	return onGroup(a, in.Jid, func(client *whatsmeow.Client, group types.JID) (contract.GroupSettingsOutput, error) {
		applied := []string{}
		for _, setting := range groupSettings(ctx, client, group, in) {
			if !setting.asked {
				continue
			}
			if err := setting.apply(); err != nil {
				return contract.GroupSettingsOutput{}, fmt.Errorf("set %s (changed before: %s): %w", setting.name, strings.Join(applied, ", "), err)
			}
			applied = append(applied, setting.name)
		}
		return contract.GroupSettingsOutput{Applied: applied}, nil
	})
}

func groupSettings(ctx context.Context, client *whatsmeow.Client, group types.JID, in contract.GroupSettingsInput) []groupSetting {
	return []groupSetting{
		{"name", in.Name != nil, func() error { return client.SetGroupName(ctx, group, *in.Name) }},
		{"description", in.Description != nil, func() error { return client.SetGroupTopic(ctx, group, "", "", *in.Description) }},
		{"only_admins_send", in.OnlyAdminsSend != nil, func() error { return client.SetGroupAnnounce(ctx, group, *in.OnlyAdminsSend) }},
		{"only_admins_edit", in.OnlyAdminsEdit != nil, func() error { return client.SetGroupLocked(ctx, group, *in.OnlyAdminsEdit) }},
		{"only_admins_add", in.OnlyAdminsAdd != nil, func() error {
			mode := types.GroupMemberAddModeAllMember
			if *in.OnlyAdminsAdd {
				mode = types.GroupMemberAddModeAdmin
			}
			return client.SetGroupMemberAddMode(ctx, group, mode)
		}},
		{"join_approval", in.JoinApproval != nil, func() error { return client.SetGroupJoinApprovalMode(ctx, group, *in.JoinApproval) }},
		{"disappearing_seconds", in.DisappearingSeconds != nil, func() error {
			return client.SetDisappearingTimer(ctx, group, time.Duration(*in.DisappearingSeconds)*time.Second, time.Now())
		}},
	}
}

// GroupInviteLink serves group.invite_link.
func (a *Account) GroupInviteLink(ctx context.Context, in contract.GroupInviteLinkInput) (contract.GroupInviteLinkOutput, error) {
	return onGroup(a, in.Jid, func(client *whatsmeow.Client, group types.JID) (contract.GroupInviteLinkOutput, error) {
		link, err := client.GetGroupInviteLink(ctx, group, in.Revoke != nil && *in.Revoke)
		if err != nil {
			return contract.GroupInviteLinkOutput{}, err
		}
		return contract.GroupInviteLinkOutput{Link: link, Code: strings.TrimPrefix(link, whatsmeow.InviteLinkPrefix)}, nil
	})
}

// GroupJoinRequests serves group.join_requests.
func (a *Account) GroupJoinRequests(ctx context.Context, in contract.GroupJoinRequestsInput) (contract.GroupJoinRequestsOutput, error) {
	return onGroup(a, in.Jid, func(client *whatsmeow.Client, group types.JID) (contract.GroupJoinRequestsOutput, error) {
		waiting, err := client.GetGroupRequestParticipants(ctx, group)
		if err != nil {
			return contract.GroupJoinRequestsOutput{}, err
		}
		var output contract.GroupJoinRequestsOutput
		for _, one := range waiting {
			pn, _, err := bothForms(ctx, client, one.JID, types.EmptyJID)
			if err != nil {
				return contract.GroupJoinRequestsOutput{}, err
			}
			output.Requests = append(output.Requests, struct {
				Jid         contract.UserJid  `json:"jid"`
				Pn          *contract.UserJid `json:"pn,omitempty"`
				RequestedAt *contract.Millis  `json:"requested_at,omitempty"`
			}{Jid: plain(one.JID), Pn: optional(plain(pn)), RequestedAt: millis(one.RequestedAt)})
		}
		return output, nil
	})
}

// GroupReviewRequests serves group.review_requests.
func (a *Account) GroupReviewRequests(ctx context.Context, in contract.GroupReviewRequestsInput) (contract.GroupReviewRequestsOutput, error) {
	return onGroup(a, in.Jid, func(client *whatsmeow.Client, group types.JID) (contract.GroupReviewRequestsOutput, error) {
		people, err := manyJIDs(in.Participants)
		if err != nil {
			return contract.GroupReviewRequestsOutput{}, err
		}
		reviewed, err := client.UpdateGroupRequestParticipants(ctx, group, people, whatsmeow.ParticipantRequestChange(in.Action))
		if err != nil {
			return contract.GroupReviewRequestsOutput{}, err
		}
		return contract.GroupReviewRequestsOutput{Participants: participantResults(reviewed)}, nil
	})
}

// GroupJoin serves group.join. Whether an admin has to approve is asked first,
// because the answer to joining does not say it.
func (a *Account) GroupJoin(ctx context.Context, in contract.GroupJoinInput) (contract.GroupJoinOutput, error) {
	client, err := a.connected()
	if err != nil {
		return contract.GroupJoinOutput{}, err
	}
	info, err := client.GetGroupInfoFromLink(ctx, in.InviteCode)
	if err != nil {
		return contract.GroupJoinOutput{}, Classify(err, contract.ReplaySafe)
	}
	jid, err := client.JoinGroupWithLink(ctx, in.InviteCode)
	if err != nil {
		return contract.GroupJoinOutput{}, err
	}
	return contract.GroupJoinOutput{Jid: plain(jid), PendingApproval: info.IsJoinApprovalRequired}, nil
}

// GroupLeave serves group.leave.
func (a *Account) GroupLeave(ctx context.Context, in contract.GroupLeaveInput) (contract.Done, error) {
	return onGroup(a, in.Jid, func(client *whatsmeow.Client, group types.JID) (contract.Done, error) {
		return contract.Done{}, client.LeaveGroup(ctx, group)
	})
}

// CommunityList serves community.list.
func (a *Account) CommunityList(ctx context.Context, _ contract.CommunityListInput) (contract.CommunityListOutput, error) {
	client, err := a.connected()
	if err != nil {
		return contract.CommunityListOutput{}, err
	}
	joined, err := client.GetJoinedGroups(ctx)
	if err != nil {
		return contract.CommunityListOutput{}, err
	}
	output := contract.CommunityListOutput{Communities: []contract.GroupInfo{}}
	all := make([]contract.GroupInfo, len(joined))
	for i, group := range joined {
		all[i] = groupInfo(group)
		if group.IsParent {
			output.Communities = append(output.Communities, all[i])
		}
	}
	a.rememberGroups(ctx, all...)
	return output, nil
}

// CommunityGroups serves community.groups.
func (a *Account) CommunityGroups(ctx context.Context, in contract.CommunityGroupsInput) (contract.CommunityGroupsOutput, error) {
	return onGroup(a, in.Jid, func(client *whatsmeow.Client, community types.JID) (contract.CommunityGroupsOutput, error) {
		groups, err := client.GetSubGroups(ctx, community)
		if err != nil {
			return contract.CommunityGroupsOutput{}, err
		}
		var output contract.CommunityGroupsOutput
		for _, group := range groups {
			output.Groups = append(output.Groups, struct {
				IsAnnouncementGroup bool `json:"is_announcement_group"`

				Jid    contract.Jid `json:"jid"`
				Joined *bool        `json:"joined,omitempty"`
				Name   string       `json:"name"`
			}{IsAnnouncementGroup: group.IsDefaultSubGroup, Jid: plain(group.JID), Name: group.Name})
		}
		return output, nil
	})
}

// groupInfo writes a group as the contract does.
func groupInfo(group *types.GroupInfo) contract.GroupInfo {
	owner := group.OwnerJID
	if !group.OwnerPN.IsEmpty() {
		owner = group.OwnerPN
	}
	info := contract.GroupInfo{
		Jid: plain(group.JID), Name: group.Name, Description: optional(group.Topic), Owner: optional(plain(owner)),
		CreatedAt: millis(group.GroupCreated), AddressingMode: contract.GroupInfoAddressingModePn,
		OnlyAdminsSend: group.IsAnnounce, OnlyAdminsEdit: group.IsLocked, OnlyAdminsAdd: group.MemberAddMode == types.GroupMemberAddModeAdmin,
		JoinApproval: group.IsJoinApprovalRequired, DisappearingSeconds: int(group.DisappearingTimer),
		IsCommunity: group.IsParent, IsAnnouncementGroup: group.IsDefaultSubGroup, Community: optional(plain(group.LinkedParentJID)),
		Size: max(group.ParticipantCount, len(group.Participants)), Participants: []contract.GroupParticipant{},
	}
	if group.AddressingMode == types.AddressingModeLID {
		info.AddressingMode = contract.GroupInfoAddressingModeLid
	}
	for _, person := range group.Participants {
		if person.Error == 0 {
			info.Participants = append(info.Participants, participant(person))
		}
	}
	return info
}

func participant(person types.GroupParticipant) contract.GroupParticipant {
	role := contract.GroupParticipantRoleMember
	if person.IsAdmin {
		role = contract.GroupParticipantRoleAdmin
	}
	if person.IsSuperAdmin {
		role = contract.GroupParticipantRoleSuperadmin
	}
	return contract.GroupParticipant{
		Jid: plain(person.JID), Pn: optional(plain(person.PhoneNumber)), Lid: optional(plain(person.LID)),
		Name: optional(person.DisplayName), Role: role,
	}
}

// participantReasons explains the codes that WhatsApp gives for one person.
var participantReasons = map[int]string{
	401: "this person has blocked you",
	403: "this person's settings do not let you add them; they can be invited",
	404: "not on WhatsApp",
	408: "left the group a short time ago",
	409: "is in the group already",
	419: "the group is full",
}

func participantResults(people []types.GroupParticipant) []contract.ParticipantResult {
	results := []contract.ParticipantResult{}
	for _, person := range people {
		result := contract.ParticipantResult{Jid: plain(person.JID), Ok: person.Error == 0}
		if person.Error != 0 {
			result.Code = optional(strconv.Itoa(person.Error))
			result.Reason = optional(participantReasons[person.Error])
		}
		if person.AddRequest != nil {
			// The answer only makes an invite; nobody has sent it yet.
			result.InviteSent = new(bool)
		}
		results = append(results, result)
	}
	return results
}
