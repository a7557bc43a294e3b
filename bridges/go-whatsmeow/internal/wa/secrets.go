package wa

import (
	"context"
	"log/slog"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types/events"
)

// secrets opens what is sealed with the secret of another message. whatsmeow
// keeps the secrets and knows in which forms of a JID to try them. A nil one
// opens nothing; so does one without an event.
type secrets struct {
	ctx    context.Context
	client *whatsmeow.Client
	event  func() *events.Message
	log    *slog.Logger
}

// secrets opens what the event has sealed; event may give nil.
func (a *Account) secrets(ctx context.Context, client *whatsmeow.Client, event func() *events.Message) *secrets {
	return &secrets{ctx: ctx, client: client, event: event, log: a.log}
}

// reaction opens a reaction in a community; nil where that cannot be done.
func (s *secrets) reaction() *waE2E.ReactionMessage {
	return unseal(s, "reaction", func(event *events.Message) (*waE2E.ReactionMessage, error) {
		return s.client.DecryptReaction(s.ctx, event)
	})
}

// vote opens a poll vote; nil where that cannot be done.
func (s *secrets) vote() *waE2E.PollVoteMessage {
	return unseal(s, "vote", func(event *events.Message) (*waE2E.PollVoteMessage, error) {
		return s.client.DecryptPollVote(s.ctx, event)
	})
}

// edit opens an edit; nil where that cannot be done.
func (s *secrets) edit() *waE2E.Message {
	return unseal(s, "edit", func(event *events.Message) (*waE2E.Message, error) {
		return s.client.DecryptSecretEncryptedMessage(s.ctx, event)
	})
}

func unseal[T any](s *secrets, what string, decrypt func(*events.Message) (*T, error)) *T {
	if s == nil {
		return nil
	}
	event := s.event()
	if event == nil {
		return nil
	}
	opened, err := decrypt(event)
	if err != nil {
		s.log.Info("a sealed message stays sealed", "what", what, "message", event.Info.ID, "error", err)
		return nil
	}
	return opened
}
