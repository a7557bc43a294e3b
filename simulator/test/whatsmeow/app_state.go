package main

import (
	"context"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/appstate"
)

// archive writes a mutation into the app state of the account.
func (s *session) archive(ctx context.Context, c command) (any, error) {
	chat, err := parse(c.To)
	if err != nil {
		return nil, err
	}
	patch := appstate.BuildArchive(chat, true, time.Unix(c.Time, 0), nil)
	if err := s.client.SendAppState(ctx, patch); err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	return nil, nil
}
