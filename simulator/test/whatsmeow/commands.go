package main

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
)

// do runs one command and returns what it answers.
func (s *session) do(ctx context.Context, c command) (any, error) {
	ctx, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	commands := map[string]func(context.Context, command) (any, error){
		"call":       s.call,
		"connect":    s.connect,
		"disconnect": s.disconnect,
		"link_code":  s.linkCode,
		"send":       s.send,
		"read":       s.read,
		"logout":     s.logout,
		"group":      s.group,
		"groups":     s.groups,
		"history":    s.history,
		"send_image": s.sendImage,
		"download":   s.download,
		"archive":    s.archive,
		"identity":   s.identity,
	}
	run, ok := commands[c.Do]
	if !ok {
		return nil, fmt.Errorf("unknown command %q", c.Do)
	}
	return run(ctx, c)
}

func (s *session) connect(context.Context, command) (any, error) {
	return nil, s.client.Connect()
}

func (s *session) disconnect(context.Context, command) (any, error) {
	s.client.Disconnect()
	return nil, nil
}

// linkCode asks for the code that is typed on the phone instead of scanning a picture.
func (s *session) linkCode(ctx context.Context, c command) (any, error) {
	return s.client.PairPhone(ctx, c.Phone, true, whatsmeow.PairClientChrome, "Chrome (Linux)")
}

func (s *session) send(ctx context.Context, c command) (any, error) {
	to, err := parse(c.To)
	if err != nil {
		return nil, err
	}
	message := &waE2E.Message{Conversation: proto.String(c.Text)}
	sent, err := s.client.SendMessage(ctx, to, message, whatsmeow.SendRequestExtra{ID: c.ID})
	if err != nil {
		return nil, fmt.Errorf("send: %w", err)
	}
	return map[string]any{"id": sent.ID, "timestamp": sent.Timestamp.Unix()}, nil
}

func (s *session) read(ctx context.Context, c command) (any, error) {
	chat, err := parse(c.To)
	if err != nil {
		return nil, err
	}
	sender := types.EmptyJID
	if c.From != "" {
		if sender, err = parse(c.From); err != nil {
			return nil, err
		}
	}
	return nil, s.client.MarkRead(ctx, c.IDs, time.Now(), chat, sender)
}

func (s *session) logout(ctx context.Context, _ command) (any, error) {
	return nil, s.client.Logout(ctx)
}

func (s *session) group(ctx context.Context, c command) (any, error) {
	jid, err := parse(c.To)
	if err != nil {
		return nil, err
	}
	info, err := s.client.GetGroupInfo(ctx, jid)
	if err != nil {
		return nil, fmt.Errorf("group info: %w", err)
	}
	return groupResult(info), nil
}

func (s *session) groups(ctx context.Context, _ command) (any, error) {
	joined, err := s.client.GetJoinedGroups(ctx)
	if err != nil {
		return nil, fmt.Errorf("joined groups: %w", err)
	}
	results := make([]map[string]any, 0, len(joined))
	for _, info := range joined {
		results = append(results, groupResult(info))
	}
	return results, nil
}

func groupResult(info *types.GroupInfo) map[string]any {
	return map[string]any{
		"jid":          info.JID.String(),
		"subject":      info.Name,
		"description":  info.Topic,
		"participants": len(info.Participants),
		"addressing":   string(info.AddressingMode),
		"announce":     info.IsAnnounce,
		"parent":       info.IsParent,
		"linked":       info.LinkedParentJID.String(),
	}
}

// history asks the phone for messages before the given one.
func (s *session) history(ctx context.Context, c command) (any, error) {
	chat, err := parse(c.To)
	if err != nil {
		return nil, err
	}
	anchor := &types.MessageInfo{ID: c.ID, Timestamp: time.Unix(c.Time, 0)}
	anchor.Chat = chat
	anchor.IsFromMe = c.FromMe
	request := s.client.BuildHistorySyncRequest(anchor, c.Count)
	sent, err := s.client.SendPeerMessage(ctx, request)
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	return map[string]any{"id": sent.ID}, nil
}

func (s *session) identity(context.Context, command) (any, error) {
	id := s.client.Store.ID
	if id == nil {
		return nil, nil
	}
	return map[string]any{"jid": id.String(), "lid": s.client.Store.LID.String()}, nil
}
