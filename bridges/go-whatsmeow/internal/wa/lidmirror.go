package wa

import (
	"context"
	"log/slog"
	"sync"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// lidMirror is whatsmeow's LID store, with every new pair told to messages.db:
// whatsmeow has no event for a new pair. Safe for concurrent use.
type lidMirror struct {
	inner store.LIDStore
	tell  func(context.Context, []contract.MappingRecord) error
	log   *slog.Logger

	mu   sync.Mutex
	told map[string]string
}

var _ store.LIDStore = (*lidMirror)(nil)

func newLIDMirror(tell func(context.Context, []contract.MappingRecord) error, log *slog.Logger) *lidMirror {
	return &lidMirror{tell: tell, log: log, told: map[string]string{}}
}

// PutLIDMapping stores and tells one pair.
func (m *lidMirror) PutLIDMapping(ctx context.Context, lid, pn types.JID) error {
	if err := m.inner.PutLIDMapping(ctx, lid, pn); err != nil {
		return err
	}
	m.mirror(ctx, []store.LIDMapping{{LID: lid, PN: pn}})
	return nil
}

// PutManyLIDMappings stores and tells pairs.
func (m *lidMirror) PutManyLIDMappings(ctx context.Context, mappings []store.LIDMapping) error {
	// The inner store reorders the slice that it is given.
	pairs := append([]store.LIDMapping(nil), mappings...)
	if err := m.inner.PutManyLIDMappings(ctx, mappings); err != nil {
		return err
	}
	m.mirror(ctx, pairs)
	return nil
}

// GetPNForLID asks the inner store.
func (m *lidMirror) GetPNForLID(ctx context.Context, lid types.JID) (types.JID, error) {
	return m.inner.GetPNForLID(ctx, lid)
}

// GetLIDForPN asks the inner store.
func (m *lidMirror) GetLIDForPN(ctx context.Context, pn types.JID) (types.JID, error) {
	return m.inner.GetLIDForPN(ctx, pn)
}

// GetManyLIDsForPNs asks the inner store.
func (m *lidMirror) GetManyLIDsForPNs(ctx context.Context, pns []types.JID) (map[types.JID]types.JID, error) {
	return m.inner.GetManyLIDsForPNs(ctx, pns)
}

// mirror tells pairs that were not told yet. A failure is logged and not
// remembered as told: the pair comes again with the next message of the person.
func (m *lidMirror) mirror(ctx context.Context, pairs []store.LIDMapping) {
	fresh := m.unknown(pairs)
	if len(fresh) == 0 {
		return
	}
	if err := m.tell(ctx, fresh); err != nil {
		m.log.Error("store identities", "pairs", len(fresh), "error", err)
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, pair := range fresh {
		m.told[pair.Lid] = pair.Pn
	}
}

func (m *lidMirror) unknown(pairs []store.LIDMapping) []contract.MappingRecord {
	m.mu.Lock()
	defer m.mu.Unlock()
	var fresh []contract.MappingRecord
	for _, pair := range pairs {
		if pair.LID.Server != types.HiddenUserServer || pair.PN.Server != types.DefaultUserServer {
			continue
		}
		lid, pn := pair.LID.ToNonAD().String(), pair.PN.ToNonAD().String()
		if m.told[lid] != pn {
			fresh = append(fresh, contract.MappingRecord{Lid: lid, Pn: pn, Source: "whatsmeow"})
		}
	}
	return fresh
}
