package main

import (
	"context"
	"fmt"

	"google.golang.org/protobuf/proto"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
)

// sendImage uploads bytes as an image and sends it; Text is the caption.
func (s *session) sendImage(ctx context.Context, c command) (any, error) {
	to, err := parse(c.To)
	if err != nil {
		return nil, err
	}
	uploaded, err := s.client.Upload(ctx, c.Bytes, whatsmeow.MediaImage)
	if err != nil {
		return nil, fmt.Errorf("upload: %w", err)
	}
	image := &waE2E.ImageMessage{
		Caption:       proto.String(c.Text),
		Mimetype:      proto.String("image/jpeg"),
		URL:           &uploaded.URL,
		DirectPath:    &uploaded.DirectPath,
		MediaKey:      uploaded.MediaKey,
		FileEncSHA256: uploaded.FileEncSHA256,
		FileSHA256:    uploaded.FileSHA256,
		FileLength:    &uploaded.FileLength,
	}
	sent, err := s.client.SendMessage(ctx, to, &waE2E.Message{ImageMessage: image})
	if err != nil {
		return nil, fmt.Errorf("send: %w", err)
	}
	return map[string]any{"id": sent.ID}, nil
}

// download fetches and decrypts the file of a message that was received.
func (s *session) download(ctx context.Context, c command) (any, error) {
	message, ok := s.files.Load(c.ID)
	if !ok {
		return nil, fmt.Errorf("no message %q with a file was received", c.ID)
	}
	bytes, err := s.client.DownloadAny(ctx, message.(*waE2E.Message))
	if err != nil {
		return nil, fmt.Errorf("download: %w", err)
	}
	return map[string]any{"bytes": bytes}, nil
}
