package wa

import (
	"context"
	"errors"

	"go.mau.fi/whatsmeow/types"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// PrivacyGet serves privacy.get.
func (a *Account) PrivacyGet(ctx context.Context, _ contract.PrivacyGetInput) (contract.PrivacyGetOutput, error) {
	client, err := a.connected()
	if err != nil {
		return contract.PrivacyGetOutput{}, err
	}
	settings, err := client.TryFetchPrivacySettings(ctx, true)
	if err != nil {
		return contract.PrivacyGetOutput{}, err
	}
	var output contract.PrivacyGetOutput
	for _, one := range []struct {
		name  types.PrivacySettingType
		value types.PrivacySetting
	}{
		{types.PrivacySettingTypeLastSeen, settings.LastSeen},
		{types.PrivacySettingTypeOnline, settings.Online},
		{types.PrivacySettingTypeProfile, settings.Profile},
		{types.PrivacySettingTypeStatus, settings.Status},
		{types.PrivacySettingTypeGroupAdd, settings.GroupAdd},
		{types.PrivacySettingTypeReadReceipts, settings.ReadReceipts},
		{types.PrivacySettingTypeCallAdd, settings.CallAdd},
		{types.PrivacySettingTypeMessages, settings.Messages},
		{types.PrivacySettingTypeDefense, settings.Defense},
		{types.PrivacySettingTypeStickers, settings.Stickers},
	} {
		if one.value != types.PrivacySettingUndefined {
			output.Settings = append(output.Settings, struct {
				Name  string `json:"name"`
				Value string `json:"value"`
			}{string(one.name), string(one.value)})
		}
	}
	return output, nil
}

// PrivacySet serves privacy.set. Which values a setting takes is WhatsApp's
// decision; it refuses the others.
func (a *Account) PrivacySet(ctx context.Context, in contract.PrivacySetInput) (contract.Done, error) {
	client, err := a.connected()
	if err != nil {
		return contract.Done{}, err
	}
	_, err = client.SetPrivacySetting(ctx, types.PrivacySettingType(in.Name), types.PrivacySetting(in.Value))
	return contract.Done{}, err
}

// mexFault names an error of a GraphQL request.
func mexFault(err error) error {
	var refused types.GraphQLErrors
	if !errors.As(err, &refused) || len(refused) == 0 {
		return err
	}
	code, known := iqCodes[refused[0].Extensions.ErrorCode]
	if !known {
		code = contract.WhatsappError
	}
	return &contract.Fault{Code: code, Message: "WhatsApp refused: " + refused.Error(), Err: err}
}
