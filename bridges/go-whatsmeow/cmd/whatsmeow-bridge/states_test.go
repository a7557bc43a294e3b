//go:build !race

// whatsmeow deletes its stores on a logout while its own goroutines read them
// (store.go:Device.Delete, user.go:updatePushName), so this runs without the
// race detector.

package main

import (
	"path/filepath"
	"testing"
)

func TestBridge_States(t *testing.T) {
	sim := startSimulator(t, "empty")
	dir := filepath.Join(t.TempDir(), "account")
	b := startBridge(t, sim, dir)
	if got := b.ask("contact.blocklist", object{}); got.Error.Code != "not_paired" {
		t.Errorf("before linking: got %s, want not_paired", got.Error.Code)
	}
	device := pair(b, sim)
	if got := b.ask("session.pair_code", object{"phone_number": "14155550100"}); got.Error.Code != "already_paired" {
		t.Errorf("linked: got %s, want already_paired", got.Error.Code)
	}
	sim.control("drop", object{"device": device}, nil)
	b.waitForState("disconnected")
	b.waitForState("connected")
	sim.control("logout", object{"device": device}, nil)
	b.waitForState("logged_out")
	var code struct{ Code string }
	b.do("session.pair_code", object{"phone_number": "14155550100"}, &code)
	if len(code.Code) != 9 {
		t.Errorf("got code %q, want XXXX-XXXX", code.Code)
	}
	pair(b, sim)
	b.do("session.logout", object{}, nil)
	b.waitForState("unpaired")
}
