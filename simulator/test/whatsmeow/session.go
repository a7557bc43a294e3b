package main

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
	waLog "go.mau.fi/whatsmeow/util/log"
)

// session is one linked device and the database that it keeps its keys in.
type session struct {
	client *whatsmeow.Client
	db     *sql.DB
	out    *printer
	// files holds the messages with a file that were received, by id.
	files sync.Map
}

// openSession opens the database and makes the client, but does not connect.
func openSession(ctx context.Context, address string, root [32]byte, database string, out *printer) (*session, error) {
	db, err := sql.Open("sqlite", "file:"+database+"?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)")
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db.SetMaxOpenConns(1)
	container := sqlstore.NewWithDB(db, "sqlite3", waLog.Noop)
	if err := container.Upgrade(ctx); err != nil {
		return nil, fmt.Errorf("upgrade database: %w", err)
	}
	device, err := container.GetFirstDevice(ctx)
	if err != nil {
		return nil, fmt.Errorf("read device: %w", err)
	}
	whatsmeow.WACertPubKey = root
	client := whatsmeow.NewClient(device, logger())
	redirect(client, address)
	s := &session{client: client, db: db, out: out}
	client.AddEventHandler(s.report)
	return s, nil
}

// redirect sends every connection of the client to the simulator, without TLS.
func redirect(client *whatsmeow.Client, address string) {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", address)
	}
	toSimulator := &http.Client{Transport: &http.Transport{DialContext: dial, DialTLSContext: dial}}
	client.SetPreLoginHTTPClient(toSimulator)
	client.SetWebsocketHTTPClient(toSimulator)
	client.SetMediaHTTPClient(toSimulator)
}

// logger writes to standard error: warnings, and everything where WHATSMEOW_LOG is DEBUG.
func logger() waLog.Logger {
	return stderrLogger{level: os.Getenv("WHATSMEOW_LOG")}
}

func (s *session) close() {
	s.client.Disconnect()
	if err := s.db.Close(); err != nil {
		fmt.Fprintln(os.Stderr, "close database:", err)
	}
}

func parse(jid string) (types.JID, error) {
	parsed, err := types.ParseJID(jid)
	if err != nil {
		return types.EmptyJID, fmt.Errorf("jid %q: %w", jid, err)
	}
	return parsed, nil
}

// commandTimeout is longer than whatsmeow's own limit for a request.
const commandTimeout = 90 * time.Second
