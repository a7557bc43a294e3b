//go:build !race

package main

import (
	"os"
	"path/filepath"
	"testing"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

const (
	mei       = "447700900101@s.whatsapp.net"
	mother    = "447700900102@s.whatsapp.net"
	bakery    = "447700900103@s.whatsapp.net"
	lakeside  = "120363891164355369@g.us"
	noContent = "CgA=" // a waE2E.Message whose conversation is empty
)

type question struct {
	operation string
	in        object
	// code is what it fails with; empty where it works.
	code string
}

// questions asks each operation at least once; made is a group of our own.
func questions(picture, made, channel string) []question {
	return []question{
		{"session.status", object{}, ""},
		{"session.devices", object{}, ""},
		{"session.pair_qr", object{}, ""},
		{"session.pair_code", object{"phone_number": "14155550100"}, "already_paired"},
		{"session.passkey_response", object{"response": "{}"}, "already_paired"},
		{"message.send_location", object{"to": emma, "id": newID(), "latitude": 52.2053, "longitude": 0.1218}, ""},
		{"message.send_contact", object{"to": emma, "id": newID(), "display_name": "Ann", "vcard": "BEGIN:VCARD\nEND:VCARD"}, ""},
		{"message.send_poll", object{"to": made, "id": newID(), "question": "When?", "options": []string{"now", "later"}, "selectable_count": 1}, ""},
		{"message.forward", object{"to": emma, "id": newID(), "content": noContent, "forwarding_score": 1}, ""},
		{"message.edit", object{"key": object{"chat": emma, "id": "A", "from_me": false}, "id": newID(), "text": "x"}, "not_allowed"},
		{"chat.archive", object{"chat": mei, "archived": true}, ""},
		{"chat.pin", object{"chat": mei, "pinned": true}, ""},
		{"chat.mute", object{"chat": mei, "muted": true}, ""},
		{"chat.mark_read", object{"chat": emma, "messages": []object{{"id": "A"}}, "whole_chat": true}, ""},
		{"contact.info", object{"jids": []string{emma}}, ""},
		{"contact.check", object{"phone_numbers": []string{"447700900100"}}, ""},
		{"contact.picture", object{"jid": emma}, ""},
		{"contact.block", object{"jid": mei, "blocked": true}, ""},
		{"contact.blocklist", object{}, ""},
		{"profile.set_picture", object{"path": picture}, ""},
		{"profile.set_picture", object{"path": picture + ".none"}, "not_found"},
		{"profile.set_about", object{"text": "away"}, ""},
		{"privacy.get", object{}, ""},
		{"privacy.set", object{"name": "last", "value": "none"}, ""},
		{"business.profile", object{"jid": bakery}, ""},
		{"group.info", object{"jid": made}, ""},
		{"group.info", object{}, "invalid_argument"},
		{"group.settings", object{"jid": made, "name": "Hikers", "description": "up", "only_admins_send": true, "disappearing_seconds": 86400}, ""},
		{"group.invite_link", object{"jid": made}, ""},
		{"group.join_requests", object{"jid": made}, ""},
		{"group.join", object{"invite_code": "nonsense"}, "not_found"},
		{"community.list", object{}, ""},
		{"community.groups", object{"jid": lakeside}, ""},
		{"newsletter.list", object{}, ""},
		{"newsletter.info", object{"jid": channel, "recent_posts": 3}, ""},
		{"newsletter.react", object{"jid": channel, "server_id": 157, "emoji": "👍", "id": newID()}, ""},
		{"newsletter.create", object{"name": "News of mine"}, ""},
		{"newsletter.follow", object{"jid": channel, "following": false}, ""},
		{"group.leave", object{"jid": made}, ""},
	}
}

func TestBridge_Operations(t *testing.T) {
	sim := startSimulator(t, "demo")
	dir := filepath.Join(t.TempDir(), "account")
	b := startBridge(t, sim, dir)
	pair(b, sim)
	drained(t, b)
	picture := filepath.Join(t.TempDir(), "picture.jpg")
	if err := os.WriteFile(picture, []byte{0xff, 0xd8, 0xff, 0xe0, 0xff, 0xd9}, 0o600); err != nil {
		t.Fatal(err)
	}
	made := ownGroup(t, b)
	var channels struct{ Newsletters []struct{ Jid string } }
	b.do("newsletter.list", object{}, &channels)
	asked := map[string]bool{}
	for _, q := range questions(picture, made, channels.Newsletters[0].Jid) {
		asked[q.operation] = true
		if got := b.ask(q.operation, q.in); got.Error.Code != q.code {
			t.Errorf("%s: got %q %s, want %q", q.operation, got.Error.Code, got.Error.Message, q.code)
		}
	}
	// Asked by the other tests of this package.
	for _, name := range []string{
		"session.logout", "message.send_text", "message.send_media", "message.react", "message.revoke", "media.download",
		"group.create", "group.participants", "group.review_requests", "history.request",
	} {
		asked[name] = true
	}
	for _, operation := range contract.Operations {
		if !asked[operation.Name] {
			t.Errorf("%s is never asked", operation.Name)
		}
	}
}

// ownGroup makes a group and changes its members.
func ownGroup(t *testing.T, b *runningBridge) string {
	var created struct{ Group struct{ Jid string } }
	b.do("group.create", object{"name": "Walkers", "participants": []string{emma, mei}}, &created)
	jid := created.Group.Jid
	b.do("group.info", object{"jid": jid}, nil)
	for action, person := range map[string]string{"promote": emma, "add": mother, "remove": mei} {
		b.do("group.participants", object{"jid": jid, "action": action, "participants": []string{person}}, nil)
	}
	b.do("group.review_requests", object{"jid": jid, "action": "reject", "participants": []string{mei}}, nil)
	const members = "SELECT count(*) FROM group_participants WHERE group_jid = ? AND left_at IS NULL"
	changed := func() bool {
		return query[int](t, b.dir, members+" AND user_jid = ? AND role = 'admin'", jid, emma) == 1 &&
			query[int](t, b.dir, members+" AND user_jid = ?", jid, mother) == 1 && query[int](t, b.dir, members+" AND user_jid = ?", jid, mei) == 0
	}
	for !changed() {
		b.waitFor("the changed members", func(event) bool { return true })
	}
	return jid
}
