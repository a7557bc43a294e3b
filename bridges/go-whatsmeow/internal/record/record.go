// Package record is what travels from package wa to the store: canonical
// records of the contract that were learned together and belong in one transaction.
package record

import "whatsapp-mcp/bridges/go-whatsmeow/internal/contract"

// Origin says how records became known; the values are bits of messages.origin.
type Origin int

// The origins of this bridge.
const (
	Live    Origin = 1
	History Origin = 2
	Sent    Origin = 8
)

// Group is what WhatsApp told about a group at a time, in milliseconds.
type Group struct {
	Info       contract.GroupInfo
	ObservedAt int64
}

// Participant says that somebody is in a group, or left it, at a time in milliseconds.
type Participant struct {
	Group, User string
	Role        contract.GroupParticipantRole
	ObservedAt  int64
	Left        bool
}

// Batch holds records of one origin. Mappings are applied first, messages
// before what happened to them.
type Batch struct {
	Origin Origin
	// ReceivedAt is in milliseconds since 1970.
	ReceivedAt int64
	OwnPN      string
	OwnLID     string
	Mappings   []contract.MappingRecord
	Contacts   []contract.ContactRecord
	Chats      []contract.ChatRecord
	Groups     []Group
	// Participants are single changes; Groups hold whole lists.
	Participants []Participant
	Messages     []contract.MessageRecord
	Ops          []contract.OpRecord
	Events       []contract.EventRecord
	// Chunk is set for a chunk of history.
	Chunk *contract.ChunkRecord
	// ChunkID names the chunk; the id of its notification.
	ChunkID string
}

// Empty says whether there is nothing to store.
func (b *Batch) Empty() bool {
	return len(b.Mappings)+len(b.Contacts)+len(b.Chats)+len(b.Groups)+len(b.Participants)+len(b.Messages)+len(b.Ops)+len(b.Events) == 0 && b.Chunk == nil
}
