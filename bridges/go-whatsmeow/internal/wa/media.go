package wa

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// mediaTypes maps kinds of the contract to the names from which WhatsApp
// derives keys.
var mediaTypes = map[contract.MediaKind]whatsmeow.MediaType{
	contract.MediaKindImage:    whatsmeow.MediaImage,
	contract.MediaKindVideo:    whatsmeow.MediaVideo,
	contract.MediaKindGif:      whatsmeow.MediaVideo,
	contract.MediaKindPtv:      whatsmeow.MediaVideo,
	contract.MediaKindAudio:    whatsmeow.MediaAudio,
	contract.MediaKindPtt:      whatsmeow.MediaAudio,
	contract.MediaKindDocument: whatsmeow.MediaDocument,
	contract.MediaKindSticker:  whatsmeow.MediaImage,
}

// MessageSendMedia serves message.send_media.
func (a *Account) MessageSendMedia(ctx context.Context, in contract.MessageSendMediaInput) (contract.SentMessage, error) {
	client, err := a.connected()
	if err != nil {
		return contract.SentMessage{}, err
	}
	about, err := a.contextOf(in.Quoted, nil, in.EphemeralSeconds)
	if err != nil {
		return contract.SentMessage{}, err
	}
	thumbnail, waveform, err := sideBytes(in)
	if err != nil {
		return contract.SentMessage{}, err
	}
	upload, err := uploadFile(ctx, client, in)
	if err != nil {
		// The message itself was not handed over.
		return contract.SentMessage{}, Classify(err, contract.ReplaySafe)
	}
	message := mediaMessages[in.Kind](attachment{in: in, upload: upload, about: about, thumbnail: thumbnail, waveform: waveform})
	return a.send(ctx, outgoing{to: in.To, id: in.ID, message: message, handle: upload.Handle})
}

func sideBytes(in contract.MessageSendMediaInput) (thumbnail, waveform []byte, err error) {
	if thumbnail, err = fromBase64(in.Thumbnail); err != nil {
		return nil, nil, contract.Faultf(contract.InvalidArgument, `field "thumbnail": %w`, err)
	}
	if waveform, err = fromBase64(in.Waveform); err != nil {
		return nil, nil, contract.Faultf(contract.InvalidArgument, `field "waveform": %w`, err)
	}
	return thumbnail, waveform, nil
}

// fromBase64 gives nil for nil.
func fromBase64(text *string) ([]byte, error) {
	if text == nil {
		return nil, nil
	}
	return base64.StdEncoding.DecodeString(*text)
}

func uploadFile(ctx context.Context, client *whatsmeow.Client, in contract.MessageSendMediaInput) (upload whatsmeow.UploadResponse, err error) {
	file, err := os.Open(in.Path)
	if err != nil {
		return upload, contract.Faultf(contract.NotFound, "the file cannot be read: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	to, err := types.ParseJID(in.To)
	if err != nil {
		return upload, contract.Faultf(contract.InvalidArgument, "%q is not a JID: %w", in.To, err)
	}
	if to.Server == types.NewsletterServer {
		return client.UploadNewsletterReader(ctx, file, mediaTypes[in.Kind])
	}
	return client.UploadReader(ctx, file, nil, mediaTypes[in.Kind])
}

// attachment is what a media message is made of.
type attachment struct {
	in        contract.MessageSendMediaInput
	upload    whatsmeow.UploadResponse
	about     *waE2E.ContextInfo
	thumbnail []byte
	waveform  []byte
}

var mediaMessages = map[contract.MediaKind]func(attachment) *waE2E.Message{
	contract.MediaKindImage: func(a attachment) *waE2E.Message { return onceOnly(a, &waE2E.Message{ImageMessage: a.image()}) },
	contract.MediaKindVideo: func(a attachment) *waE2E.Message { return onceOnly(a, &waE2E.Message{VideoMessage: a.video()}) },
	contract.MediaKindGif: func(a attachment) *waE2E.Message {
		video := a.video()
		video.GifPlayback = new(true)
		return &waE2E.Message{VideoMessage: video}
	},
	contract.MediaKindPtv:      func(a attachment) *waE2E.Message { return &waE2E.Message{PtvMessage: a.video()} },
	contract.MediaKindAudio:    func(a attachment) *waE2E.Message { return &waE2E.Message{AudioMessage: a.audio(false)} },
	contract.MediaKindPtt:      func(a attachment) *waE2E.Message { return onceOnly(a, &waE2E.Message{AudioMessage: a.audio(true)}) },
	contract.MediaKindDocument: func(a attachment) *waE2E.Message { return a.document() },
	contract.MediaKindSticker:  func(a attachment) *waE2E.Message { return &waE2E.Message{StickerMessage: a.sticker()} },
}

// onceOnly wraps a message that may be opened once.
func onceOnly(a attachment, message *waE2E.Message) *waE2E.Message {
	if a.in.ViewOnce == nil || !*a.in.ViewOnce {
		return message
	}
	wrapped := &waE2E.FutureProofMessage{Message: message}
	switch {
	case message.ImageMessage != nil:
		message.ImageMessage.ViewOnce = new(true)
	case message.VideoMessage != nil:
		message.VideoMessage.ViewOnce = new(true)
	default:
		message.AudioMessage.ViewOnce = new(true)
		return &waE2E.Message{ViewOnceMessageV2Extension: wrapped}
	}
	return &waE2E.Message{ViewOnceMessageV2: wrapped}
}

func (a attachment) image() *waE2E.ImageMessage {
	return &waE2E.ImageMessage{
		URL: &a.upload.URL, DirectPath: &a.upload.DirectPath, MediaKey: a.upload.MediaKey, FileSHA256: a.upload.FileSHA256,
		FileEncSHA256: a.upload.FileEncSHA256, FileLength: &a.upload.FileLength, Mimetype: &a.in.Mimetype, Caption: a.in.Caption,
		Width: unsigned(a.in.Width), Height: unsigned(a.in.Height), JPEGThumbnail: a.thumbnail, ContextInfo: a.about,
	}
}

func (a attachment) video() *waE2E.VideoMessage {
	return &waE2E.VideoMessage{
		URL: &a.upload.URL, DirectPath: &a.upload.DirectPath, MediaKey: a.upload.MediaKey, FileSHA256: a.upload.FileSHA256,
		FileEncSHA256: a.upload.FileEncSHA256, FileLength: &a.upload.FileLength, Mimetype: &a.in.Mimetype, Caption: a.in.Caption,
		Width: unsigned(a.in.Width), Height: unsigned(a.in.Height), Seconds: unsigned(a.in.DurationSeconds), JPEGThumbnail: a.thumbnail, ContextInfo: a.about,
	}
}

func (a attachment) audio(voice bool) *waE2E.AudioMessage {
	return &waE2E.AudioMessage{
		URL: &a.upload.URL, DirectPath: &a.upload.DirectPath, MediaKey: a.upload.MediaKey, FileSHA256: a.upload.FileSHA256,
		FileEncSHA256: a.upload.FileEncSHA256, FileLength: &a.upload.FileLength, Mimetype: &a.in.Mimetype,
		PTT: new(voice), Seconds: unsigned(a.in.DurationSeconds), Waveform: a.waveform, ContextInfo: a.about,
	}
}

// document has its caption in a wrapper, as WhatsApp's own clients send it.
func (a attachment) document() *waE2E.Message {
	message := &waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{
		URL: &a.upload.URL, DirectPath: &a.upload.DirectPath, MediaKey: a.upload.MediaKey, FileSHA256: a.upload.FileSHA256,
		FileEncSHA256: a.upload.FileEncSHA256, FileLength: &a.upload.FileLength, Mimetype: &a.in.Mimetype,
		FileName: a.in.Filename, Title: a.in.Filename, Caption: a.in.Caption, JPEGThumbnail: a.thumbnail, ContextInfo: a.about,
	}}
	if a.in.Caption == nil {
		return message
	}
	return &waE2E.Message{DocumentWithCaptionMessage: &waE2E.FutureProofMessage{Message: message}}
}

func (a attachment) sticker() *waE2E.StickerMessage {
	return &waE2E.StickerMessage{
		URL: &a.upload.URL, DirectPath: &a.upload.DirectPath, MediaKey: a.upload.MediaKey, FileSHA256: a.upload.FileSHA256,
		FileEncSHA256: a.upload.FileEncSHA256, FileLength: &a.upload.FileLength, Mimetype: &a.in.Mimetype,
		Width: unsigned(a.in.Width), Height: unsigned(a.in.Height), ContextInfo: a.about,
	}
}

func unsigned(value *int) *uint32 {
	if value == nil {
		return nil
	}
	return new(uint32(*value))
}

// limitedFile stops a download that grows over the caller's limit. It is the
// file that whatsmeow writes the ciphertext to and decrypts in place.
type limitedFile struct {
	*os.File

	most int64
}

// cipherOverhead is the padding and the MAC of an encrypted file, bytes.
const cipherOverhead = 16 + 10

// ReadFrom keeps the limit where io.Copy would go around Write.
func (f *limitedFile) ReadFrom(from io.Reader) (int64, error) {
	written, err := io.Copy(f.File, io.LimitReader(from, f.most+cipherOverhead+1))
	if err == nil && written > f.most+cipherOverhead {
		err = contract.Faultf(contract.TooLarge, "the file is over %d bytes", f.most)
	}
	return written, err
}

// Write keeps the limit.
func (f *limitedFile) Write(p []byte) (int, error) {
	at, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, fmt.Errorf("write file: %w", err)
	}
	if at+int64(len(p)) > f.most+cipherOverhead {
		return 0, contract.Faultf(contract.TooLarge, "the file is over %d bytes", f.most)
	}
	return f.File.Write(p)
}
