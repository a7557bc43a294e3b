package wa

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"

	"go.mau.fi/whatsmeow"
)

// simulator leads whatsmeow to a simulated WhatsApp on loopback. Its websocket
// address is a constant, so the connection is what changes: every TLS dial
// becomes a plain one to the simulator's port.
type simulator struct {
	address netip.AddrPort
	client  *http.Client
}

func newSimulator(address netip.AddrPort) *simulator {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var dialer net.Dialer
		return dialer.DialContext(ctx, "tcp", address.String())
	}
	transport := &http.Transport{DialContext: dial, DialTLSContext: dial, MaxIdleConnsPerHost: 4, IdleConnTimeout: 30 * time.Second}
	return &simulator{address: address, client: &http.Client{Transport: transport}}
}

func (s *simulator) lead(client *whatsmeow.Client) {
	client.SetPreLoginHTTPClient(s.client)
	client.SetWebsocketHTTPClient(s.client)
	client.SetMediaHTTPClient(s.client)
}

// trust makes the simulator's Noise root the one that whatsmeow verifies
// against, in this process only. It is fetched before each connection, because
// a simulator that was started anew has a new root.
func (s *simulator) trust(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.address.String()+"/noise-root", nil)
	if err != nil {
		return fmt.Errorf("ask simulator for its root: %w", err)
	}
	response, err := s.client.Do(request)
	if err != nil {
		return fmt.Errorf("ask simulator for its root: %w", err)
	}
	defer response.Body.Close()
	var root struct {
		PublicKey string `json:"public_key"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, 4096)).Decode(&root); err != nil {
		return fmt.Errorf("read the simulator's root: %w", err)
	}
	key, err := hex.DecodeString(root.PublicKey)
	if err != nil || len(key) != len(whatsmeow.WACertPubKey) {
		return fmt.Errorf("the simulator's root must be %d hex digits, not %d characters", 2*len(whatsmeow.WACertPubKey), len(root.PublicKey))
	}
	copy(whatsmeow.WACertPubKey[:], key)
	return nil
}
