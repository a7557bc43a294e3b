package wa

import (
	"go.mau.fi/whatsmeow/proto/waE2E"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// file is what the media messages have in common.
type file interface {
	GetMimetype() string
	GetURL() string
	GetDirectPath() string
	GetMediaKey() []byte
	GetFileSHA256() []byte
	GetFileEncSHA256() []byte
	GetFileLength() uint64
	GetContextInfo() *waE2E.ContextInfo
}

// mediaContent reads rule M1; fileLength is nil where it is not told.
func mediaContent(kind contract.MessageRecordKind, message file, fileLength *uint64, filename string) *content {
	media := &contract.MediaSource{
		Kind: contract.MediaKind(kind), Mimetype: optional(cut(message.GetMimetype(), 255)), Filename: optional(cut(filename, 1024)),
		URL: optional(message.GetURL()), DirectPath: optional(message.GetDirectPath()), MediaKey: encoded(message.GetMediaKey()),
		FileSha256: encoded(message.GetFileSHA256()), FileEncSha256: encoded(message.GetFileEncSHA256()),
	}
	if fileLength != nil {
		length := int64(min(*fileLength, 1<<32))
		media.FileLength = &length
	}
	return &content{kind: kind, media: media, about: message.GetContextInfo()}
}

func size(c *content, width, height uint32) *content {
	c.width, c.height = optional(int(width)), optional(int(height))
	return c
}

var mediaReaders = []reader{
	func(m *waE2E.Message) *content {
		image := m.GetImageMessage()
		if image == nil {
			return nil
		}
		found := size(mediaContent(contract.MessageRecordKindImage, image, image.FileLength, ""), image.GetWidth(), image.GetHeight())
		found.text, found.thumbnail, found.viewOnce = optional(image.GetCaption()), encoded(image.GetJPEGThumbnail()), image.GetViewOnce()
		return found
	},
	func(m *waE2E.Message) *content {
		kind := contract.MessageRecordKindVideo
		if m.GetVideoMessage().GetGifPlayback() {
			kind = contract.MessageRecordKindGif
		}
		return videoContent(kind, m.GetVideoMessage())
	},
	func(m *waE2E.Message) *content { return videoContent(contract.MessageRecordKindPtv, m.GetPtvMessage()) },
	func(m *waE2E.Message) *content {
		audio := m.GetAudioMessage()
		if audio == nil {
			return nil
		}
		kind := contract.MessageRecordKindAudio
		if audio.GetPTT() {
			kind = contract.MessageRecordKindPtt
		}
		found := mediaContent(kind, audio, audio.FileLength, "")
		found.duration, found.viewOnce = optional(int(audio.GetSeconds())), audio.GetViewOnce()
		return found
	},
	func(m *waE2E.Message) *content {
		document := m.GetDocumentMessage()
		if document == nil {
			return nil
		}
		name := document.GetFileName()
		if name == "" {
			name = document.GetTitle()
		}
		found := mediaContent(contract.MessageRecordKindDocument, document, document.FileLength, name)
		found.text, found.thumbnail = optional(document.GetCaption()), encoded(document.GetJPEGThumbnail())
		return found
	},
	func(m *waE2E.Message) *content {
		sticker := m.GetStickerMessage()
		if sticker == nil {
			return nil
		}
		found := size(mediaContent(contract.MessageRecordKindSticker, sticker, sticker.FileLength, ""), sticker.GetWidth(), sticker.GetHeight())
		found.thumbnail = encoded(sticker.GetPngThumbnail())
		if sticker.GetIsAnimated() {
			found.payload = payload{"animated": true}
		}
		return found
	},
	func(m *waE2E.Message) *content {
		album := m.GetAlbumMessage()
		if album == nil {
			return nil
		}
		expected := over(over(payload{}, "expected_images", album.GetExpectedImageCount()), "expected_videos", album.GetExpectedVideoCount())
		return &content{kind: contract.MessageRecordKindAlbum, payload: expected, about: album.GetContextInfo()}
	},
}

func videoContent(kind contract.MessageRecordKind, video *waE2E.VideoMessage) *content {
	if video == nil {
		return nil
	}
	found := size(mediaContent(kind, video, video.FileLength, ""), video.GetWidth(), video.GetHeight())
	found.text, found.thumbnail = optional(video.GetCaption()), encoded(video.GetJPEGThumbnail())
	found.duration, found.viewOnce = optional(int(video.GetSeconds())), video.GetViewOnce()
	return found
}
