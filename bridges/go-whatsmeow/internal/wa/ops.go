package wa

import (
	"encoding/hex"
	"encoding/json"

	"go.mau.fi/whatsmeow/proto/waE2E"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// operation gives what a message does to another one (rules O-*); false where
// it does nothing to any.
func (s source) operation(who author, message *waE2E.Message, opened *secrets) (contract.OpRecord, bool) {
	for _, read := range []func(author, *waE2E.Message, *secrets) (contract.OpRecord, bool){s.protocolOp, s.reactionOp, s.voteOp, s.pinOp, s.secretOp} {
		if op, found := read(who, message, opened); found {
			return op, true
		}
	}
	return contract.OpRecord{}, false
}

// validOp drops an operation without a target: there is nothing to do it to.
func validOp(op contract.OpRecord) converted {
	if op.TargetID == "" || len(op.TargetID) > maxIDLength {
		return converted{unreadable: true}
	}
	return converted{ops: []contract.OpRecord{op}}
}

// newOp starts an operation; told is its own time (ms), 0 where it has none.
func (s source) newOp(who author, kind contract.OpRecordType, target string, told int64) contract.OpRecord {
	return contract.OpRecord{
		Type: kind, OpID: s.id, Chat: who.chat, ChatAlt: optional(who.chatAlt), TargetID: target, FromMe: who.fromMe,
		Actor: optional(who.sender), ActorAlt: optional(who.alt), Timestamp: orElse(told, s.timestamp),
	}
}

func (s source) protocolOp(who author, message *waE2E.Message, _ *secrets) (contract.OpRecord, bool) {
	change := message.GetProtocolMessage()
	if change == nil || change.Type == nil {
		return contract.OpRecord{}, false
	}
	switch change.GetType() {
	case waE2E.ProtocolMessage_REVOKE:
		return s.newOp(who, contract.Revoke, change.GetKey().GetID(), 0), true
	case waE2E.ProtocolMessage_MESSAGE_EDIT:
		return s.editOp(who, change), true
	default:
		return contract.OpRecord{}, false
	}
}

func (s source) editOp(who author, change *waE2E.ProtocolMessage) contract.OpRecord {
	op := s.newOp(who, contract.Edit, change.GetKey().GetID(), change.GetTimestampMS())
	op.Text = textIn(change.GetEditedMessage(), maxText)
	if change.GetEditedMessage() == nil {
		return op
	}
	if mentions := mentionsIn(read(unwrap(change.GetEditedMessage()).message).about); len(mentions) > 0 {
		op.Payload = payload{"mentions": mentions}.json()
	}
	return op
}

func (s source) reactionOp(who author, message *waE2E.Message, opened *secrets) (contract.OpRecord, bool) {
	reaction := message.GetReactionMessage()
	target := reaction.GetKey()
	if reaction == nil && message.GetEncReactionMessage() != nil {
		reaction = opened.reaction()
		target = message.GetEncReactionMessage().GetTargetMessageKey()
	}
	if reaction == nil {
		return contract.OpRecord{}, false
	}
	op := s.newOp(who, contract.Reaction, target.GetID(), reaction.GetSenderTimestampMS())
	text := cut(reaction.GetText(), maxText)
	op.Text = &text
	return op, true
}

func (s source) voteOp(who author, message *waE2E.Message, opened *secrets) (contract.OpRecord, bool) {
	update := message.GetPollUpdateMessage()
	if update == nil {
		return contract.OpRecord{}, false
	}
	op := s.newOp(who, contract.PollVote, update.GetPollCreationMessageKey().GetID(), update.GetSenderTimestampMS())
	if vote := opened.vote(); vote != nil {
		op.Payload = hashes(vote)
		return op, true
	}
	op.Raw = encoded(marshal(&waE2E.Message{PollUpdateMessage: update}))
	return op, true
}

func hashes(vote *waE2E.PollVoteMessage) *string {
	chosen := []string{}
	for _, hash := range vote.GetSelectedOptions() {
		chosen = append(chosen, hex.EncodeToString(hash))
	}
	// A list of hex digits is always JSON.
	content, _ := json.Marshal(map[string][]string{"hashes": chosen})
	text := string(content)
	return &text
}

var pinTypes = map[waE2E.PinInChatMessage_Type]contract.OpRecordType{
	waE2E.PinInChatMessage_PIN_FOR_ALL:   contract.Pin,
	waE2E.PinInChatMessage_UNPIN_FOR_ALL: contract.Unpin,
}

func (s source) pinOp(who author, message *waE2E.Message, _ *secrets) (contract.OpRecord, bool) {
	pin := message.GetPinInChatMessage()
	kind, known := pinTypes[pin.GetType()]
	if pin == nil || !known {
		return contract.OpRecord{}, false
	}
	return s.newOp(who, kind, pin.GetKey().GetID(), pin.GetSenderTimestampMS()), true
}

// secretOp is an edit that only who holds the original's secret can read.
func (s source) secretOp(who author, message *waE2E.Message, opened *secrets) (contract.OpRecord, bool) {
	sealed := message.GetSecretEncryptedMessage()
	if sealed == nil || sealed.GetSecretEncType() != waE2E.SecretEncryptedMessage_MESSAGE_EDIT {
		return contract.OpRecord{}, false
	}
	if edited := opened.edit(); edited != nil {
		change := unwrap(edited).message.GetProtocolMessage()
		if change == nil {
			change = &waE2E.ProtocolMessage{EditedMessage: edited}
		}
		op := s.editOp(who, change)
		op.TargetID = sealed.GetTargetMessageKey().GetID()
		return op, true
	}
	op := s.newOp(who, contract.Edit, sealed.GetTargetMessageKey().GetID(), 0)
	op.Raw = encoded(marshal(&waE2E.Message{SecretEncryptedMessage: sealed}))
	return op, true
}

// folded are the reactions, votes and receipts that history puts into a message.
func (s source) folded(who author, id string) []contract.OpRecord {
	return append(append(s.foldedReactions(who, id), s.foldedVotes(who, id)...), s.foldedReceipts(who, id)...)
}

func (s source) foldedOp(who author, kind contract.OpRecordType, id, actor string) contract.OpRecord {
	return contract.OpRecord{Type: kind, Chat: who.chat, ChatAlt: optional(who.chatAlt), TargetID: id, Actor: optional(actor)}
}

func (s source) foldedReactions(who author, id string) (ops []contract.OpRecord) {
	for _, reaction := range s.web.GetReactions() {
		actor := actorOf(reaction.GetKey(), who.chat, s.own)
		if actor == "" {
			continue
		}
		op := s.foldedOp(who, contract.Reaction, id, actor)
		op.FromMe, op.OpID = reaction.GetKey().GetFromMe(), reaction.GetKey().GetID()
		if op.OpID == "" || op.OpID == id {
			op.OpID = "reaction:" + actor + ":" + id
		}
		text := cut(reaction.GetText(), maxText)
		op.Text = &text
		op.Timestamp = orElse(reaction.GetSenderTimestampMS(), s.timestamp)
		ops = append(ops, op)
	}
	return ops
}

func (s source) foldedVotes(who author, id string) (ops []contract.OpRecord) {
	for _, update := range s.web.GetPollUpdates() {
		actor := actorOf(update.GetPollUpdateMessageKey(), who.chat, s.own)
		if actor == "" || update.GetVote() == nil {
			continue
		}
		op := s.foldedOp(who, contract.PollVote, id, actor)
		op.FromMe, op.OpID = update.GetPollUpdateMessageKey().GetFromMe(), update.GetPollUpdateMessageKey().GetID()
		if op.OpID == "" {
			op.OpID = "poll_vote:" + actor + ":" + id
		}
		op.Timestamp = orElse(update.GetSenderTimestampMS(), orElse(update.GetServerTimestampMS(), s.timestamp))
		op.Payload = hashes(update.GetVote())
		ops = append(ops, op)
	}
	return ops
}

func (s source) foldedReceipts(who author, id string) (ops []contract.OpRecord) {
	if !who.fromMe {
		return nil
	}
	for _, receipt := range s.web.GetUserReceipt() {
		user := canonicalUser(receipt.GetUserJID())
		if user == "" {
			continue
		}
		for _, one := range []struct {
			kind    string
			seconds int64
		}{{"delivered", receipt.GetReceiptTimestamp()}, {"read", receipt.GetReadTimestamp()}, {"played", receipt.GetPlayedTimestamp()}} {
			if one.seconds > 0 {
				op := s.foldedOp(who, contract.Receipt, id, user)
				ops = append(ops, receiptOp(op, one.kind, secondsToMillis(one.seconds)))
			}
		}
	}
	return ops
}

// receiptOp completes an operation as the receipt of its actor.
func receiptOp(op contract.OpRecord, kind string, at int64) contract.OpRecord {
	user := ""
	if op.Actor != nil {
		user = *op.Actor
	}
	op.OpID = "receipt:" + kind + ":" + user + ":" + op.TargetID
	op.Timestamp = at
	op.Payload = payload{"kind": kind}.json()
	return op
}
