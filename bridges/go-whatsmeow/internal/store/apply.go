package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/record"
)

// transaction is one write transaction: the steps of bridges/contract/store/README.md.
type transaction struct {
	ctx   context.Context
	store *Store
	tx    *sql.Tx
	bound map[*sql.Stmt]*sql.Stmt
	// now is the wall clock, ms.
	now int64
	// sinceMid is the newest message before, newestMid the newest one by now.
	sinceMid, newestMid int64
	opsDue              bool
	touched             map[string]struct{}
	names               map[string]pushName
	mapped              mappedPairs
}

type pushName struct {
	value string
	at    int64
}

func (t *transaction) begin() error {
	if err := t.run("begin_change", params{}); err != nil {
		return err
	}
	if err := t.tx.QueryRowContext(t.ctx, "SELECT coalesce(max(mid), 0) FROM messages").Scan(&t.sinceMid); err != nil {
		return fmt.Errorf("read newest message: %w", err)
	}
	t.newestMid = t.sinceMid
	return nil
}

func (t *transaction) touch(jid string) { t.touched[jid] = struct{}{} }

// at is the time of what a batch tells beside its records: 0 for history, which
// never beats what was told live.
func at(batch record.Batch) int64 {
	if batch.Origin == record.History {
		return 0
	}
	return batch.ReceivedAt
}

// apply merges one batch; the order of the steps is the README's.
func (t *transaction) apply(batch record.Batch) error {
	for _, step := range []func(record.Batch) error{t.account, t.pairs, t.chats, t.contacts, t.groups, t.participants, t.messages, t.ops, t.events} {
		if err := step(batch); err != nil {
			return err
		}
	}
	return nil
}

// finish applies operations and derives what chats repeat of their messages.
func (t *transaction) finish() error {
	for jid, name := range t.names {
		if err := t.run("put_contact", params{"jid": jid, "field": "push_name", "value": name.value, "ts": name.at}); err != nil {
			return err
		}
	}
	if t.opsDue || t.newestMid > t.sinceMid {
		if err := t.run("apply_ops", params{"since_mid": t.sinceMid}); err != nil {
			return err
		}
	}
	fresh := map[string]struct{}{}
	for jid := range t.touched {
		canonical, err := t.canonical(jid)
		if err != nil {
			return err
		}
		fresh[canonical] = struct{}{}
	}
	for jid := range fresh {
		if err := t.run("refresh_chat", params{"chat": jid}); err != nil {
			return err
		}
	}
	return nil
}

func (t *transaction) account(batch record.Batch) error {
	if batch.OwnPN == "" {
		return nil
	}
	var lid any
	if batch.OwnLID != "" {
		lid = batch.OwnLID
	}
	return t.run("set_account", params{"own_pn": batch.OwnPN, "own_lid": lid})
}

func (t *transaction) pairs(batch record.Batch) error {
	found := pairsOf(batch)
	// In a fixed order, so that a repeated batch does the same.
	order := make([]pair, 0, len(found))
	for p := range found {
		order = append(order, p)
	}
	slices.SortFunc(order, func(a, b pair) int { return slices.Compare([]string{a.lid, a.pn}, []string{b.lid, b.pn}) })
	for _, p := range order {
		if err := t.mapPair(p, found[p], at(batch)); err != nil {
			return err
		}
	}
	return nil
}

func (t *transaction) chats(batch record.Batch) error {
	for _, chat := range batch.Chats {
		if err := t.run("upsert_chat", chatParams(chat)); err != nil {
			return err
		}
		t.touch(chat.Jid)
	}
	return nil
}

func (t *transaction) contacts(batch record.Batch) error {
	for _, contact := range batch.Contacts {
		for _, field := range contactFields {
			name := field.of(contact)
			if name == nil {
				continue
			}
			if err := t.run("put_contact", params{"jid": contact.Jid, "field": field.name, "value": *name, "ts": at(batch)}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *transaction) groups(batch record.Batch) error {
	for _, group := range batch.Groups {
		if err := t.group(group); err != nil {
			return err
		}
	}
	return nil
}

func (t *transaction) group(group record.Group) error {
	if err := t.run("upsert_group", groupParams(group)); err != nil {
		return err
	}
	for _, member := range group.Info.Participants {
		values := params{"group": group.Info.Jid, "user": member.Jid, "role": string(member.Role), "observed_at": group.ObservedAt, "left_at": nil}
		if err := t.run("put_participant", values); err != nil {
			return err
		}
	}
	if err := t.run("end_participants", params{"group": group.Info.Jid, "observed_at": group.ObservedAt}); err != nil {
		return err
	}
	if err := t.run("upsert_chat", chatParams(groupAsChat(group))); err != nil {
		return err
	}
	t.touch(group.Info.Jid)
	t.opsDue = true
	return nil
}

func (t *transaction) participants(batch record.Batch) error {
	for _, one := range batch.Participants {
		values := params{"group": one.Group, "user": one.User, "role": string(one.Role), "observed_at": one.ObservedAt, "left_at": nil}
		if one.Left {
			values["left_at"] = one.ObservedAt
		}
		if err := t.run("put_participant", values); err != nil {
			return err
		}
	}
	return nil
}

func (t *transaction) messages(batch record.Batch) error {
	origin := batch.Origin
	if origin == record.Sent {
		origin |= record.Live
	}
	for _, message := range batch.Messages {
		values, err := messageParams(message, t.now, origin)
		if err != nil {
			return err
		}
		if err := t.putMessage(values); err != nil {
			return err
		}
		t.touch(message.Chat)
		t.noteName(message)
	}
	return nil
}

// putMessage is the README's "message": one row, its collision, its versions.
func (t *transaction) putMessage(values params) error {
	stored, err := t.rows("upsert_message", values)
	if err != nil {
		return err
	}
	inserted := false
	if len(stored) > 0 {
		if inserted, err = t.noteRow(stored[0], values); err != nil {
			return err
		}
	}
	if inserted && values["edited_at"] == nil {
		return nil
	}
	return t.run("put_version", values)
}

// noteRow looks at the row that upsert_message wrote: is it new, and did another
// sender have its id?
func (t *transaction) noteRow(row, values params) (inserted bool, err error) {
	mid, ok := row["mid"].(int64)
	if !ok {
		return false, errors.New("upsert_message did not tell the row it wrote")
	}
	inserted = mid > t.newestMid
	t.newestMid = max(t.newestMid, mid)
	namespace := fmt.Sprint(row["id_ns"])
	if namespace == "" {
		return inserted, nil
	}
	return inserted, t.run("put_collision", params{"chat": values["chat"], "id": values["id"], "id_ns": namespace, "now": t.now})
}

// noteName remembers the newest push name of a person; it is put once.
func (t *transaction) noteName(message contract.MessageRecord) {
	if message.FromMe || message.Sender == nil || message.PushName == nil {
		return
	}
	known, seen := t.names[*message.Sender]
	fresh := pushName{value: *message.PushName, at: message.Timestamp}
	if !seen || fresh.at > known.at || (fresh.at == known.at && fresh.value > known.value) {
		t.names[*message.Sender] = fresh
	}
}

func (t *transaction) ops(batch record.Batch) error {
	for _, op := range batch.Ops {
		values, err := opParams(op, t.now)
		if err != nil {
			return err
		}
		if err := t.run("put_op", values); err != nil {
			return err
		}
		t.touch(op.Chat)
		t.opsDue = true
	}
	return nil
}

func (t *transaction) events(batch record.Batch) error {
	for _, event := range batch.Events {
		values, err := eventParams(event)
		if err != nil {
			return err
		}
		if err := t.run("put_event", values); err != nil {
			return err
		}
		t.touch(event.Chat)
	}
	return nil
}

// chunk records that a chunk of history is complete.
func (t *transaction) chunk(id string, chunk contract.ChunkRecord) error {
	return t.run("put_chunk", params{
		"source_uuid": Source, "chunk_id": id, "sync_type": string(chunk.SyncType), "chunk_order": value(chunk.ChunkOrder),
		"progress": value(chunk.Progress), "request_id": value(chunk.RequestID), "received_at": chunk.ReceivedAt,
		"messages": chunk.Messages, "chats": chunk.Chats, "now": t.now,
	})
}

// Source names this bridge in history_chunks.
const Source = "whatsmeow"
