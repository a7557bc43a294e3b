package store

import (
	"fmt"
	"strings"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/record"
)

// pair is a LID and a number of one person.
type pair struct{ lid, pn string }

// mappedPairs are the pairs that this process has put, with the time they were
// last told (ms; 0: by history).
type mappedPairs map[pair]int64

// remembered is how long a live pair need not be put again, ms: last_seen only
// decides who owns a number that changed hands.
const remembered = 60 * 60 * 1000

func (m mappedPairs) knows(p pair, at int64) bool {
	told, known := m[p]
	return known && (at == 0 || (told > 0 && at-told < remembered))
}

// pairOf gives the pair that two forms of one JID are; false where they are not
// one of each.
func pairOf(one, other *string) (pair, bool) {
	if one == nil || other == nil {
		return pair{}, false
	}
	a, b := *one, *other
	if strings.HasSuffix(b, "@lid") {
		a, b = b, a
	}
	return pair{lid: a, pn: b}, strings.HasSuffix(a, "@lid") && strings.HasSuffix(b, "@s.whatsapp.net")
}

// pairsOf lists the pairs that a batch tells, whatever it is about.
func pairsOf(batch record.Batch) map[pair]string {
	found := map[pair]string{}
	add := func(source string, one, other *string) {
		if p, ok := pairOf(one, other); ok {
			found[p] = source
		}
	}
	person := func(source string, jid, pn, lid *string) {
		add(source, pn, lid)
		add(source, jid, pn)
		add(source, jid, lid)
	}
	add("account", &batch.OwnLID, &batch.OwnPN)
	for _, mapping := range batch.Mappings {
		add(mapping.Source, &mapping.Lid, &mapping.Pn)
	}
	for _, contact := range batch.Contacts {
		person("contact", &contact.Jid, contact.Pn, contact.Lid)
	}
	for _, chat := range batch.Chats {
		person("chat", &chat.Jid, chat.Pn, chat.Lid)
	}
	for _, group := range batch.Groups {
		for _, member := range group.Info.Participants {
			person("group", &member.Jid, member.Pn, member.Lid)
		}
	}
	for _, message := range batch.Messages {
		add("message", &message.Chat, message.ChatAlt)
		add("message", message.Sender, message.SenderAlt)
	}
	for _, op := range batch.Ops {
		add("message", &op.Chat, op.ChatAlt)
		add("message", op.Actor, op.ActorAlt)
	}
	return found
}

// mapPair learns a pair, and merges the people that it shows to be one.
func (t *transaction) mapPair(p pair, source string, at int64) error {
	if t.store.mapped.knows(p, at) || t.mapped.knows(p, at) {
		return nil
	}
	if err := t.run("put_mapping", params{"lid": p.lid, "pn": p.pn, "source": source, "at": at}); err != nil {
		return err
	}
	merges, err := t.rows("identity_merges", params{"lid": p.lid, "pn": p.pn})
	if err != nil {
		return err
	}
	for _, people := range merges {
		if err := t.mergePeople(people); err != nil {
			return err
		}
	}
	if err := t.run("refresh_contact", params{"jid": p.lid}); err != nil {
		return err
	}
	t.mapped[p] = max(t.mapped[p], at)
	return t.touchKnown(p.lid)
}

// mergePeople makes from_jid the same person as into_jid.
func (t *transaction) mergePeople(people params) error {
	values := params{"from_jid": people["from_jid"], "into_jid": people["into_jid"], "now": t.now}
	if err := t.run("merge_identity", values); err != nil {
		return err
	}
	leftovers, err := t.rows("leftover_messages", values)
	if err != nil {
		return err
	}
	for _, row := range leftovers {
		if err := t.putMessage(row); err != nil {
			return err
		}
		if err := t.run("merge_message", row); err != nil {
			return err
		}
	}
	fields, err := t.rows("chat_fields", values)
	if err != nil {
		return err
	}
	for _, row := range fields {
		if err := t.run("upsert_chat", row); err != nil {
			return err
		}
	}
	if err := t.run("end_merge", values); err != nil {
		return err
	}
	t.opsDue = true
	return t.touchKnown(fmt.Sprint(people["into_jid"]))
}

// touchKnown touches a chat that exists; a mapping alone makes no chat.
func (t *transaction) touchKnown(jid string) error {
	canonical, err := t.canonical(jid)
	if err != nil {
		return err
	}
	var found int
	err = t.tx.QueryRowContext(t.ctx, "SELECT count(*) FROM chats WHERE jid = ?", canonical).Scan(&found)
	if err != nil {
		return fmt.Errorf("look for chat: %w", err)
	}
	if found > 0 {
		t.touch(canonical)
	}
	return nil
}

// canonical gives the JID under which the database knows a JID.
func (t *transaction) canonical(jid string) (string, error) {
	var known string
	err := t.tx.QueryRowContext(t.ctx, "SELECT coalesce((SELECT jid FROM jid_aliases WHERE alias = ?1), ?1)", jid).Scan(&known)
	if err != nil {
		return "", fmt.Errorf("resolve JID: %w", err)
	}
	return known, nil
}

var contactFields = []struct {
	name string
	of   func(contract.ContactRecord) *string
}{
	{"full_name", func(c contract.ContactRecord) *string { return c.FullName }},
	{"first_name", func(c contract.ContactRecord) *string { return c.FirstName }},
	{"push_name", func(c contract.ContactRecord) *string { return c.PushName }},
	{"business_name", func(c contract.ContactRecord) *string { return c.BusinessName }},
	{"verified_name", func(c contract.ContactRecord) *string { return c.VerifiedName }},
	{"username", func(c contract.ContactRecord) *string { return c.Username }},
	{"about", func(c contract.ContactRecord) *string { return c.About }},
}
