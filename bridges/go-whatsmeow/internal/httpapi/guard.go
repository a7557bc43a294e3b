package httpapi

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"strings"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// guard refuses what does not come from a program on this machine that can read
// the token: a web page (Origin, or a rebound Host), and anybody without the token.
type guard struct {
	tokenHash [sha256.Size]byte
}

func newGuard(token string) guard { return guard{tokenHash: sha256.Sum256([]byte(token))} }

// origin checks Host and Origin; every request needs it, /health too.
func (guard) origin(r *http.Request) error {
	if origin := r.Header.Get("Origin"); origin != "" {
		return contract.Faultf(contract.ForbiddenOrigin, "requests with an Origin header (%.80q) are refused", origin)
	}
	if !loopbackHost(r) {
		return contract.Faultf(contract.ForbiddenOrigin, "the Host header must name this address on loopback, not %.80q", r.Host)
	}
	return nil
}

// loopbackHost wants the very port that was dialled, so that a name that was
// rebound to 127.0.0.1 does not pass.
func loopbackHost(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	_, port, err := net.SplitHostPort(local.String())
	if err != nil {
		return false
	}
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]"} {
		if r.Host == host+":"+port {
			return true
		}
	}
	return false
}

// token compares hashes, so that neither content nor length shows in the time it takes.
func (g guard) token(r *http.Request) error {
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	hash := sha256.Sum256([]byte(given))
	if !ok || subtle.ConstantTimeCompare(hash[:], g.tokenHash[:]) != 1 {
		return contract.Faultf(contract.Unauthorized, "expected the header Authorization: Bearer <token of the data folder>")
	}
	return nil
}
