package wa

import (
	"regexp"
	"strings"

	"go.mau.fi/whatsmeow/types"
)

// Rules J1 and J2 of bridges/contract/cases/canonical/README.md.
var (
	deviceSuffix = regexp.MustCompile(`:[0-9]+$`)
	agentSuffix  = regexp.MustCompile(`[._][0-9]+$`)
	anyJID       = regexp.MustCompile(`^[0-9A-Za-z._-]+@(s\.whatsapp\.net|lid|g\.us|newsletter|broadcast)$`)
	personJID    = regexp.MustCompile(`^[0-9]{1,24}@(s\.whatsapp\.net|lid)$`)
)

// maxJIDLength is the contract's.
const maxJIDLength = 80

// peopleServers maps the servers whose users are people to the canonical ones.
var peopleServers = map[string]string{
	types.DefaultUserServer: types.DefaultUserServer,
	types.LegacyUserServer:  types.DefaultUserServer,
	types.HostedServer:      types.DefaultUserServer,
	types.HiddenUserServer:  types.HiddenUserServer,
	types.HostedLIDServer:   types.HiddenUserServer,
}

// deviceless cuts agent and device off a person's JID and leaves the rest as
// addressed; empty where the text has no server.
func deviceless(raw string) string {
	at := strings.LastIndexByte(raw, '@')
	if at < 1 {
		return ""
	}
	user, server := raw[:at], raw[at+1:]
	if _, person := peopleServers[server]; person {
		user = agentSuffix.ReplaceAllString(deviceSuffix.ReplaceAllString(user, ""), "")
	}
	return user + "@" + server
}

func serverOf(jid string) string { return jid[strings.LastIndexByte(jid, '@')+1:] }

// canonicalJID gives the canonical form of any JID; empty where it is none.
func canonicalJID(raw string) string {
	bare := deviceless(raw)
	if bare == "" {
		return ""
	}
	server := serverOf(bare)
	if canonical, person := peopleServers[server]; person {
		bare = strings.TrimSuffix(bare, server) + canonical
	}
	if len(bare) > maxJIDLength || !anyJID.MatchString(bare) {
		return ""
	}
	return bare
}

// canonicalUser gives the canonical form of a person's JID; empty where it is none.
func canonicalUser(raw string) string {
	jid := canonicalJID(raw)
	if !personJID.MatchString(jid) {
		return ""
	}
	return jid
}

func isDirect(jid string) bool {
	server := serverOf(jid)
	return server == types.DefaultUserServer || server == types.HiddenUserServer
}

func isBroadcastList(jid string) bool {
	return serverOf(jid) == types.BroadcastServer && jid != types.StatusBroadcastJID.String()
}

// otherForm gives alt in canonical form where it is the other one of number and
// LID than jid; empty otherwise.
func otherForm(jid, alt string) string {
	other := canonicalUser(alt)
	if other == "" || !isDirect(jid) || serverOf(other) == serverOf(jid) {
		return ""
	}
	return other
}

// plain writes a JID of whatsmeow in canonical form; empty for one that the
// contract has no place for.
func plain(jid types.JID) string {
	if jid.User == "" || jid.Server == "" {
		return ""
	}
	return canonicalJID(jid.User + "@" + jid.Server)
}
