package wa

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// ContactInfo serves contact.info.
func (a *Account) ContactInfo(ctx context.Context, in contract.ContactInfoInput) (contract.ContactInfoOutput, error) {
	client, err := a.connected()
	if err != nil {
		return contract.ContactInfoOutput{}, err
	}
	jids, err := manyJIDs(in.Jids)
	if err != nil {
		return contract.ContactInfoOutput{}, err
	}
	found, err := client.GetUserInfo(ctx, jids)
	if err != nil {
		return contract.ContactInfoOutput{}, err
	}
	var output contract.ContactInfoOutput
	for _, jid := range jids {
		info := found[jid]
		pn, lid, err := bothForms(ctx, client, jid, info.LID)
		if err != nil {
			return contract.ContactInfoOutput{}, err
		}
		one := struct {
			About        *string           `json:"about,omitempty"`
			AboutSetAt   *contract.Millis  `json:"about_set_at,omitempty"`
			Devices      *int              `json:"devices,omitempty"`
			Jid          contract.UserJid  `json:"jid"`
			Lid          *contract.UserJid `json:"lid,omitempty"`
			PictureID    *string           `json:"picture_id,omitempty"`
			Pn           *contract.UserJid `json:"pn,omitempty"`
			VerifiedName *string           `json:"verified_name,omitempty"`
		}{
			Jid: plain(jid), Pn: optional(plain(pn)), Lid: optional(plain(lid)),
			About: optional(info.Status), PictureID: optional(info.PictureID), Devices: optional(len(info.Devices)),
		}
		if info.VerifiedName != nil {
			one.VerifiedName = optional(info.VerifiedName.Details.GetVerifiedName())
		}
		output.Contacts = append(output.Contacts, one)
	}
	return output, nil
}

// bothForms gives the number and the LID of a person, as far as they are known.
func bothForms(ctx context.Context, client *whatsmeow.Client, jid, lid types.JID) (types.JID, types.JID, error) {
	if jid.Server == types.HiddenUserServer {
		pn, err := client.Store.LIDs.GetPNForLID(ctx, jid)
		return pn, jid, err
	}
	if !lid.IsEmpty() {
		return jid, lid, nil
	}
	lid, err := client.Store.LIDs.GetLIDForPN(ctx, jid)
	return jid, lid, err
}

// ContactCheck serves contact.check.
func (a *Account) ContactCheck(ctx context.Context, in contract.ContactCheckInput) (contract.ContactCheckOutput, error) {
	client, err := a.connected()
	if err != nil {
		return contract.ContactCheckOutput{}, err
	}
	numbers := make([]string, len(in.PhoneNumbers))
	for i, number := range in.PhoneNumbers {
		numbers[i] = "+" + number
	}
	answers, err := client.IsOnWhatsApp(ctx, numbers)
	if err != nil {
		return contract.ContactCheckOutput{}, err
	}
	byNumber := map[string]types.IsOnWhatsAppResponse{}
	for _, answer := range answers {
		byNumber[answer.Query] = answer
	}
	var output contract.ContactCheckOutput
	for i, number := range in.PhoneNumbers {
		answer := byNumber[numbers[i]]
		one := struct {
			Jid        *contract.UserJid `json:"jid,omitempty"`
			Lid        *contract.UserJid `json:"lid,omitempty"`
			OnWhatsapp bool              `json:"on_whatsapp"`

			PhoneNumber contract.PhoneNumber `json:"phone_number"`
		}{OnWhatsapp: answer.IsIn, PhoneNumber: number}
		if answer.IsIn {
			one.Jid, one.Lid = formsOf(answer, number)
		}
		output.Results = append(output.Results, one)
	}
	return output, nil
}

// formsOf: the answer's JID is a LID where WhatsApp gives one, else the number.
func formsOf(answer types.IsOnWhatsAppResponse, number string) (pn, lid *string) {
	jid := types.NewJID(number, types.DefaultUserServer)
	if !answer.PhoneNumber.IsEmpty() {
		jid = answer.PhoneNumber
	}
	if answer.JID.Server == types.HiddenUserServer {
		lid = optional(plain(answer.JID))
	} else if !answer.JID.IsEmpty() {
		jid = answer.JID
	}
	return optional(plain(jid)), lid
}

// ContactPicture serves contact.picture.
func (a *Account) ContactPicture(ctx context.Context, in contract.ContactPictureInput) (contract.ContactPictureOutput, error) {
	client, err := a.connected()
	if err != nil {
		return contract.ContactPictureOutput{}, err
	}
	jid, err := chatJID(in.Jid)
	if err != nil {
		return contract.ContactPictureOutput{}, err
	}
	picture, err := client.GetProfilePictureInfo(ctx, jid, &whatsmeow.GetProfilePictureParams{Preview: in.Preview != nil && *in.Preview})
	var missing *whatsmeow.ElementMissingError
	if errors.Is(err, whatsmeow.ErrProfilePictureNotSet) || errors.As(err, &missing) || (err == nil && picture == nil) {
		return contract.ContactPictureOutput{}, nil
	}
	if err != nil {
		return contract.ContactPictureOutput{}, err
	}
	return contract.ContactPictureOutput{HasPicture: picture.URL != "", URL: optional(picture.URL), ID: optional(picture.ID)}, nil
}

// ContactBlock serves contact.block.
func (a *Account) ContactBlock(ctx context.Context, in contract.ContactBlockInput) (contract.Done, error) {
	client, err := a.connected()
	if err != nil {
		return contract.Done{}, err
	}
	jid, err := a.reachable(ctx, client, in.Jid)
	if err != nil {
		return contract.Done{}, err
	}
	action := events.BlocklistChangeActionBlock
	if !in.Blocked {
		action = events.BlocklistChangeActionUnblock
	}
	_, err = client.UpdateBlocklist(ctx, jid, action)
	return contract.Done{}, err
}

// ContactBlocklist serves contact.blocklist.
func (a *Account) ContactBlocklist(ctx context.Context, _ contract.ContactBlocklistInput) (contract.ContactBlocklistOutput, error) {
	client, err := a.connected()
	if err != nil {
		return contract.ContactBlocklistOutput{}, err
	}
	list, err := client.GetBlocklist(ctx)
	if err != nil {
		return contract.ContactBlocklistOutput{}, err
	}
	output := contract.ContactBlocklistOutput{Jids: []contract.UserJid{}}
	for _, jid := range list.JIDs {
		output.Jids = append(output.Jids, plain(jid))
	}
	return output, nil
}

// maxPictureBytes is more than any profile picture that WhatsApp takes.
const maxPictureBytes = 10 << 20

// ProfileSetPicture serves profile.set_picture.
func (a *Account) ProfileSetPicture(ctx context.Context, in contract.ProfileSetPictureInput) (contract.ProfileSetPictureOutput, error) {
	client, err := a.connected()
	if err != nil {
		return contract.ProfileSetPictureOutput{}, err
	}
	picture, err := readPicture(in.Path)
	if err != nil {
		return contract.ProfileSetPictureOutput{}, err
	}
	// Without a target, the request is about the own picture.
	id, err := client.SetGroupPhoto(ctx, types.EmptyJID, picture)
	if err != nil {
		return contract.ProfileSetPictureOutput{}, err
	}
	return contract.ProfileSetPictureOutput{PictureID: optional(id)}, nil
}

func readPicture(path string) (picture []byte, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, contract.Faultf(contract.NotFound, "the picture cannot be read: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	picture, err = io.ReadAll(io.LimitReader(file, maxPictureBytes+1))
	if err != nil {
		return nil, contract.Faultf(contract.NotFound, "the picture cannot be read: %w", err)
	}
	if len(picture) > maxPictureBytes {
		return nil, contract.Faultf(contract.TooLarge, "the picture is over %d bytes", maxPictureBytes)
	}
	if !bytes.HasPrefix(picture, []byte{0xff, 0xd8, 0xff}) {
		return nil, contract.Faultf(contract.UnsupportedType, "a profile picture must be a JPEG")
	}
	return picture, nil
}

// ProfileSetAbout serves profile.set_about.
func (a *Account) ProfileSetAbout(ctx context.Context, in contract.ProfileSetAboutInput) (contract.Done, error) {
	client, err := a.connected()
	if err != nil {
		return contract.Done{}, err
	}
	return contract.Done{}, mexFault(client.SetStatusMessage(ctx, types.SetStatusInput{Text: &in.Text}))
}

// SessionDevices serves session.devices.
func (a *Account) SessionDevices(ctx context.Context, _ contract.SessionDevicesInput) (contract.SessionDevicesOutput, error) {
	client, err := a.connected()
	if err != nil {
		return contract.SessionDevicesOutput{}, err
	}
	own := client.Store.GetJID()
	others, err := client.GetUserDevices(ctx, []types.JID{own.ToNonAD()})
	if err != nil {
		return contract.SessionDevicesOutput{}, err
	}
	// whatsmeow leaves the asking device out of its own list.
	seen := map[uint16]bool{}
	var output contract.SessionDevicesOutput
	for _, device := range append(others, own) {
		if seen[device.Device] {
			continue
		}
		seen[device.Device] = true
		output.Devices = append(output.Devices, struct {
			DeviceID     int    `json:"device_id"`
			IsPhone      bool   `json:"is_phone"`
			IsThisBridge bool   `json:"is_this_bridge"`
			Jid          string `json:"jid"`
		}{DeviceID: int(device.Device), IsPhone: device.Device == 0, IsThisBridge: device.Device == own.Device, Jid: device.String()})
	}
	return output, nil
}

// HistoryRequest serves history.request: the phone is asked for older messages;
// they come as a chunk of history.
func (a *Account) HistoryRequest(ctx context.Context, in contract.HistoryRequestInput) (contract.HistoryRequestOutput, error) {
	client, err := a.connected()
	if err != nil {
		return contract.HistoryRequestOutput{}, err
	}
	chat, err := chatJID(in.Chat)
	if err != nil {
		return contract.HistoryRequestOutput{}, err
	}
	anchor := &types.MessageInfo{
		ID: in.Anchor.ID, Timestamp: time.UnixMilli(in.Anchor.Timestamp),
		MessageSource: types.MessageSource{Chat: chat, IsFromMe: in.Anchor.FromMe},
	}
	response, err := client.SendPeerMessage(ctx, client.BuildHistorySyncRequest(anchor, in.Count))
	if err != nil {
		return contract.HistoryRequestOutput{}, err
	}
	a.requests.note(response.ID, plain(chat))
	return contract.HistoryRequestOutput{RequestID: response.ID}, nil
}
