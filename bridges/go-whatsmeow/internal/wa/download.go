package wa

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waMmsRetry"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// mediaKeys is the decoded form of a contract.MediaSource.
type mediaKeys struct {
	path          string
	key, sum, enc []byte
	kind          whatsmeow.MediaType
}

// MediaDownload serves media.download. A file that the server no longer has is
// asked of the phone, which uploads it again under a new path.
func (a *Account) MediaDownload(ctx context.Context, in contract.MediaDownloadInput) (contract.MediaDownloadOutput, error) {
	client, err := a.connected()
	if err != nil {
		return contract.MediaDownloadOutput{}, err
	}
	keys, err := decodeSource(in.Source)
	if err != nil {
		return contract.MediaDownloadOutput{}, err
	}
	if keys.path == "" && len(keys.key) == 0 {
		return contract.MediaDownloadOutput{}, contract.Faultf(contract.NotFound, "the message tells neither where its file is nor its media key")
	}
	if in.Source.FileLength != nil && *in.Source.FileLength > in.MaxBytes {
		return contract.MediaDownloadOutput{}, contract.Faultf(contract.TooLarge, "the file has %d bytes, more than the %d allowed", *in.Source.FileLength, in.MaxBytes)
	}
	output, err := saveMedia(ctx, client, keys, in)
	if !gone(err) {
		return output, err
	}
	keys.path, err = a.askPhoneForMedia(ctx, client, in.Key, keys.key)
	if err != nil {
		return contract.MediaDownloadOutput{}, err
	}
	output, err = saveMedia(ctx, client, keys, in)
	output.DirectPath = &keys.path
	return output, err
}

func gone(err error) bool {
	return errors.Is(err, whatsmeow.ErrMediaDownloadFailedWith403) || errors.Is(err, whatsmeow.ErrMediaDownloadFailedWith404) ||
		errors.Is(err, whatsmeow.ErrMediaDownloadFailedWith410) || errors.Is(err, whatsmeow.ErrNoURLPresent)
}

func decodeSource(source contract.MediaSource) (keys mediaKeys, err error) {
	keys.kind = mediaTypes[source.Kind]
	if source.DirectPath != nil {
		keys.path = *source.DirectPath
	}
	for _, field := range []struct {
		name string
		text *string
		into *[]byte
	}{
		{"media_key", source.MediaKey, &keys.key},
		{"file_sha256", source.FileSha256, &keys.sum},
		{"file_enc_sha256", source.FileEncSha256, &keys.enc},
	} {
		if *field.into, err = fromBase64(field.text); err != nil {
			return keys, contract.Faultf(contract.InvalidArgument, "field %q: %w", "source."+field.name, err)
		}
	}
	return keys, nil
}

// saveMedia writes beside the target and renames, so that a broken download
// leaves nothing behind.
func saveMedia(ctx context.Context, client *whatsmeow.Client, keys mediaKeys, in contract.MediaDownloadInput) (contract.MediaDownloadOutput, error) {
	if keys.path == "" {
		return contract.MediaDownloadOutput{}, whatsmeow.ErrNoURLPresent
	}
	draft, err := os.OpenFile(in.SaveTo+".part", os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return contract.MediaDownloadOutput{}, contract.Faultf(contract.InvalidArgument, `field "save_to": %w`, err)
	}
	output, err := fill(ctx, client, &limitedFile{File: draft, most: in.MaxBytes}, keys)
	err = errors.Join(err, draft.Close())
	if err == nil {
		err = os.Rename(draft.Name(), in.SaveTo)
	}
	if err != nil {
		return contract.MediaDownloadOutput{}, errors.Join(err, os.Remove(draft.Name()))
	}
	output.Path = in.SaveTo
	return output, nil
}

func fill(ctx context.Context, client *whatsmeow.Client, file *limitedFile, keys mediaKeys) (contract.MediaDownloadOutput, error) {
	path := keys.path
	if !strings.Contains(path, "?") {
		// whatsmeow appends "&hash=…" (download-to-file.go:DownloadMediaWithPathToFile).
		path += "?"
	}
	err := client.DownloadMediaWithPathToFile(ctx, path, keys.enc, keys.sum, keys.key, keys.kind, "", keys.sum == nil, file)
	if err != nil {
		return contract.MediaDownloadOutput{}, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return contract.MediaDownloadOutput{}, fmt.Errorf("read the file again: %w", err)
	}
	hash := sha256.New()
	size, err := io.Copy(hash, file.File)
	if err != nil {
		return contract.MediaDownloadOutput{}, fmt.Errorf("read the file again: %w", err)
	}
	return contract.MediaDownloadOutput{Bytes: size, Sha256: base64.StdEncoding.EncodeToString(hash.Sum(nil))}, nil
}

// mediaRetries connects answers of the phone with those who asked. Safe for
// concurrent use.
type mediaRetries struct {
	mu      sync.Mutex
	waiting map[string][]chan *events.MediaRetry
}

func newMediaRetries() *mediaRetries {
	return &mediaRetries{waiting: map[string][]chan *events.MediaRetry{}}
}

func (r *mediaRetries) expect(id string) (<-chan *events.MediaRetry, func()) {
	answer := make(chan *events.MediaRetry, 1)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting[id] = append(r.waiting[id], answer)
	return answer, func() { r.forget(id, answer) }
}

func (r *mediaRetries) forget(id string, answer chan *events.MediaRetry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var rest []chan *events.MediaRetry
	for _, one := range r.waiting[id] {
		if one != answer {
			rest = append(rest, one)
		}
	}
	if len(rest) == 0 {
		delete(r.waiting, id)
		return
	}
	r.waiting[id] = rest
}

func (r *mediaRetries) answer(event *events.MediaRetry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, waiting := range r.waiting[event.MessageID] {
		select {
		case waiting <- event:
		default: // it has its answer
		}
	}
}

// phonePatience leaves time for the download after the phone's answer.
const phonePatience = 20 * time.Second

func (a *Account) askPhoneForMedia(ctx context.Context, client *whatsmeow.Client, key contract.MessageKey, mediaKey []byte) (string, error) {
	if len(mediaKey) == 0 {
		return "", contract.Faultf(contract.Expired, "the file is gone, and without its media key the phone cannot be asked")
	}
	info, err := a.infoOf(key)
	if err != nil {
		return "", err
	}
	answer, done := a.retries.expect(key.ID)
	defer done()
	if err := client.SendMediaRetryReceipt(ctx, info, mediaKey); err != nil {
		return "", err
	}
	limit := time.NewTimer(phonePatience)
	defer limit.Stop()
	select {
	case event := <-answer:
		return newPath(event, mediaKey)
	case <-limit.C:
		return "", contract.Faultf(contract.PhoneOffline, "the phone did not upload the file again within %s", phonePatience)
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return "", contract.Faultf(contract.PhoneOffline, "the phone did not upload the file again before the deadline")
		}
		return "", ctx.Err()
	}
}

func newPath(event *events.MediaRetry, mediaKey []byte) (string, error) {
	notification, err := whatsmeow.DecryptMediaRetryNotification(event, mediaKey)
	if err != nil {
		return "", err
	}
	if notification.GetResult() != waMmsRetry.MediaRetryNotification_SUCCESS || notification.GetDirectPath() == "" {
		return "", contract.Faultf(contract.Expired, "the phone no longer has the file (%s)", notification.GetResult())
	}
	return notification.GetDirectPath(), nil
}

// infoOf writes a key as whatsmeow's message info.
func (a *Account) infoOf(key contract.MessageKey) (*types.MessageInfo, error) {
	chat, err := types.ParseJID(key.Chat)
	if err != nil {
		return nil, contract.Faultf(contract.InvalidArgument, `field "key.chat": %w`, err)
	}
	sender, err := types.ParseJID(a.author(key))
	if err != nil {
		return nil, contract.Faultf(contract.InvalidArgument, `field "key.sender": %w`, err)
	}
	return &types.MessageInfo{ID: key.ID, MessageSource: types.MessageSource{
		Chat: chat, Sender: sender, IsFromMe: key.FromMe, IsGroup: chat.Server == types.GroupServer,
	}}, nil
}
