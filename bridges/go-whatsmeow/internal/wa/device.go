package wa

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"

	"go.mau.fi/whatsmeow/proto/waCompanionReg"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/store/sqlstore"
)

// devices is the session database (whatsmeow.db): keys, Signal sessions, app state.
type devices struct {
	container *sqlstore.Container
	mirror    *lidMirror
}

// privateMode lets the owner of the account read and write, nobody else.
const privateMode = 0o600

// sessionDSN opens the session database so that a crash loses no key that was
// used: write-ahead log, full synchronisation, one writer at a time.
func sessionDSN(path string) string {
	query := url.Values{
		"_pragma": {"foreign_keys(1)", "journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(10000)"},
		"_txlock": {"immediate"},
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query.Encode()
}

func openDevices(ctx context.Context, path string, mirror *lidMirror, log libraryLog) (*devices, error) {
	if err := makePrivate(path); err != nil {
		return nil, fmt.Errorf("protect session database: %w", err)
	}
	db, err := sql.Open("sqlite", sessionDSN(path))
	if err != nil {
		return nil, fmt.Errorf("open session database: %w", err)
	}
	container := sqlstore.NewWithDB(db, "sqlite3", log)
	if err := container.Upgrade(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("upgrade session database: %w", err), container.Close())
	}
	mirror.inner = container.LIDMap
	return &devices{container: container, mirror: mirror}, nil
}

// makePrivate sees to it that nobody else can read the file, which holds keys:
// SQLite would make it readable by all, and gives its journals the same mode. To
// be called before SQLite has the file open, whose locks a second close would drop.
func makePrivate(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, privateMode)
	if err != nil {
		return err
	}
	return errors.Join(file.Chmod(privateMode), file.Close())
}

// first gives the linked device, or a fresh one where none is linked.
func (d *devices) first(ctx context.Context) (*store.Device, error) {
	device, err := d.container.GetFirstDevice(ctx)
	if err != nil {
		return nil, fmt.Errorf("read linked device: %w", err)
	}
	d.wrap(device)
	return device, nil
}

// fresh forgets all credentials and gives a device that can be linked.
func (d *devices) fresh(ctx context.Context) (*store.Device, error) {
	all, err := d.container.GetAllDevices(ctx)
	if err != nil {
		return nil, fmt.Errorf("read linked devices: %w", err)
	}
	for _, device := range all {
		if err := d.container.DeleteDevice(ctx, device); err != nil {
			return nil, fmt.Errorf("forget linked device: %w", err)
		}
	}
	device := d.container.NewDevice()
	d.wrap(device)
	return device, nil
}

// wrap puts the mirror between whatsmeow and its LID store. The container sets
// that store anew when a device is saved for the first time
// (sqlstore/container.go:initializeDevice), so the container is wrapped too.
// Later saves leave it as it is, and so does this: others read it meanwhile.
func (d *devices) wrap(device *store.Device) {
	if device.LIDs != store.LIDStore(d.mirror) {
		device.LIDs = d.mirror
	}
	if device.Container != store.DeviceContainer(d) {
		device.Container = d
	}
}

// PutDevice saves the device; it implements store.DeviceContainer.
func (d *devices) PutDevice(ctx context.Context, device *store.Device) error {
	err := d.container.PutDevice(ctx, device)
	d.wrap(device)
	return err
}

// DeleteDevice deletes the device; it implements store.DeviceContainer.
func (d *devices) DeleteDevice(ctx context.Context, device *store.Device) error {
	return d.container.DeleteDevice(ctx, device)
}

func (d *devices) close() error { return d.container.Close() }

// describeDevice sets what the phone is told while linking. whatsmeow keeps it
// in package variables; it counts only for links made afterwards.
func describeDevice(name string) {
	props := store.DeviceProps
	props.Os = new(name)
	props.PlatformType = waCompanionReg.DeviceProps_DESKTOP.Enum()
	props.RequireFullSync = new(true)
	props.HistorySyncConfig.OnDemandReady = new(true)
	props.HistorySyncConfig.CompleteOnDemandReady = new(true)
}
