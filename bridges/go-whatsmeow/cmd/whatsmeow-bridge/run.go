package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/config"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/datafolder"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/feed"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/httpapi"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/ingest"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/store"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/wa"
)

const version = "0.1.0"

// settingsError says that a setting is wrong; trying again does not help.
type settingsError struct{ error }

// run opens everything, serves until the context ends and closes everything in
// the reverse order.
func run(ctx context.Context, getenv func(string) string, stderr io.Writer) error {
	home, err := os.UserHomeDir()
	if err != nil {
		return settingsError{err}
	}
	settings, err := config.Load(getenv, home)
	if err != nil {
		return settingsError{err}
	}
	log := slog.New(slog.NewJSONHandler(stderr, &slog.HandlerOptions{Level: settings.LogLevel}))
	folder, err := datafolder.Open(ctx, settings.DataDir)
	if err != nil {
		return err
	}
	return errors.Join(withFolder(ctx, settings, folder, log), folder.Close())
}

func withFolder(ctx context.Context, settings config.Config, folder *datafolder.Folder, log *slog.Logger) error {
	token, err := folder.Token()
	if err != nil {
		return err
	}
	messages, err := store.Open(ctx, folder.Path(contract.FileMessages), log)
	if err != nil {
		return err
	}
	events := feed.New(time.Now)
	history := ingest.NewHistory(messages, events, log)
	account, err := wa.Open(ctx, wa.Options{
		SessionPath: folder.Path(contract.FileWhatsmeowSession), Simulator: settings.Simulator, DeviceName: settings.DeviceName,
		Version: version, Store: ingest.Sink{Store: messages}, Feed: events, WakeHistory: history.Wake, Log: log,
	})
	if err != nil {
		return errors.Join(err, messages.Close())
	}
	api, err := httpapi.New(httpapi.Options{Server: account, Feed: events, Token: token, Classify: wa.Classify, Log: log})
	if err == nil {
		err = work(ctx, bridge{settings: settings, folder: folder, account: account, history: history, events: events, api: api, log: log})
	}
	return errors.Join(err, account.Close(), messages.Close())
}

// bridge is everything that works at the same time.
type bridge struct {
	settings config.Config
	folder   *datafolder.Folder
	account  *wa.Account
	history  *ingest.History
	events   *feed.Feed
	api      http.Handler
	log      *slog.Logger
}

// stopLimit bounds the wait for requests that run when the bridge stops.
const stopLimit = 5 * time.Second

func work(ctx context.Context, b bridge) error {
	var loopback net.ListenConfig
	listener, err := loopback.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(b.settings.Port)))
	if err != nil {
		return fmt.Errorf("listen (is another program on this port? WHATSAPP_WHATSMEOW_PORT changes it): %w", err)
	}
	address, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		return errors.Join(fmt.Errorf("listening on %s, which is no TCP address", listener.Addr()), listener.Close())
	}
	server := &http.Server{Handler: b.api, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10}
	run := datafolder.RunFile{Bridge: "whatsmeow", PID: os.Getpid(), Port: address.Port, StartedAt: time.Now().UnixMilli()}
	if err := b.folder.WriteRunFile(run); err != nil {
		return errors.Join(err, listener.Close())
	}
	b.log.Info("listening", "bridge", run.Bridge, "port", run.Port, "pid", run.PID, "simulated", b.settings.Simulated())

	working, stop := context.WithCancel(ctx)
	defer stop()
	var group sync.WaitGroup
	group.Go(func() { b.account.Run(working) })
	group.Go(func() { b.history.Run(working, b.account) })
	group.Go(func() {
		<-working.Done()
		b.events.Close()
		limit, cancel := context.WithTimeout(context.Background(), stopLimit)
		defer cancel()
		if err := server.Shutdown(limit); err != nil {
			b.log.Warn("requests were cut off", "error", errors.Join(err, server.Close()))
		}
	})
	err = server.Serve(listener)
	stop()
	group.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve: %w", err)
}
