// Package httpapi is the bridge's edge: HTTP on loopback, who may ask, JSON in
// and out, deadlines, and the stream of events. It knows operations only
// through the contract; package wa serves them.
package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
	"whatsapp-mcp/bridges/go-whatsmeow/internal/feed"
)

// MaxBodyBytes is MAX_BODY_BYTES of the contract.
const MaxBodyBytes = 16 << 20

// Options is what the edge needs. Classify turns an error of an operation into
// a named one, knowing whether the operation may be repeated; it may be nil.
type Options struct {
	Server   contract.Server
	Feed     *feed.Feed
	Token    string
	Classify func(error, contract.Replay) error
	Log      *slog.Logger
}

// API is the HTTP handler of a bridge. Safe for concurrent use.
type API struct {
	Options

	guard      guard
	schemas    schemas
	operations map[string]contract.Operation
	mux        *http.ServeMux
}

// New prepares the handler; an error is a defect of the contract's document.
func New(options Options) (*API, error) {
	compiled, err := compileSchemas(contract.Operations)
	if err != nil {
		return nil, err
	}
	api := &API{Options: options, guard: newGuard(options.Token), schemas: compiled, operations: map[string]contract.Operation{}, mux: http.NewServeMux()}
	for _, operation := range contract.Operations {
		api.operations[operation.Name] = operation
	}
	for _, route := range api.routes() {
		api.mux.HandleFunc(route.pattern, route.serve)
	}
	return api, nil
}

type route struct {
	pattern string
	serve   http.HandlerFunc
}

func (a *API) routes() []route {
	return []route{
		{"GET /health", a.health},
		{"GET /v1/status", a.authorized(a.status)},
		{"GET /v1/events", a.authorized(a.events)},
		{"POST /v1/{operation}", a.authorized(a.operation)},
		{"/", a.authorized(a.unknown)},
	}
}

// ServeHTTP checks where a request comes from before anything else.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := a.guard.origin(r); err != nil {
		writeFault(w, a.Log, faultOf(err))
		return
	}
	a.mux.ServeHTTP(w, r)
}

func (a *API) authorized(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := a.guard.token(r); err != nil {
			writeFault(w, a.Log, faultOf(err))
			return
		}
		next(w, r)
	}
}

func (a *API) health(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, a.Log, http.StatusOK, map[string]bool{"ok": true})
}

func (a *API) status(w http.ResponseWriter, r *http.Request) {
	a.run(w, r, a.operations["session.status"], []byte("{}"))
}

func (a *API) unknown(w http.ResponseWriter, r *http.Request) {
	writeFault(w, a.Log, contract.Faultf(contract.UnknownOperation, "%s %.100s is not served; operations are POST /v1/<name>", r.Method, r.URL.Path))
}

func (a *API) operation(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("operation")
	operation, known := a.operations[name]
	if !known {
		writeFault(w, a.Log, contract.Faultf(contract.UnknownOperation, "the whatsmeow bridge does not serve %.100q", name))
		return
	}
	body, err := readBody(w, r)
	if err == nil {
		err = a.schemas.check(name, body)
	}
	if err != nil {
		writeFault(w, a.Log, faultOf(err))
		return
	}
	a.run(w, r, operation, body)
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBodyBytes))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, contract.Faultf(contract.TooLarge, "the body is over %d bytes", MaxBodyBytes)
	}
	if err != nil {
		return nil, fmt.Errorf("read body: %w", context.Canceled)
	}
	return body, nil
}

func (a *API) run(w http.ResponseWriter, r *http.Request, operation contract.Operation, body []byte) {
	limit, err := deadline(r, operation.Deadline)
	if err != nil {
		writeFault(w, a.Log, faultOf(err))
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), limit)
	defer cancel()
	started := time.Now()
	result, err := a.call(ctx, operation, body)
	log := a.Log.With("operation", operation.Name, "ms", time.Since(started).Milliseconds())
	if err == nil {
		log.Debug("answered")
		writeJSON(w, a.Log, http.StatusOK, success{OK: true, Result: result})
		return
	}
	fault := faultOf(err)
	level := slog.LevelInfo
	if fault.Code == contract.Internal {
		level = slog.LevelError
	}
	log.Log(ctx, level, "failed", "code", fault.Code, "error", fault.Err)
	writeFault(w, a.Log, fault)
}

func (a *API) call(ctx context.Context, operation contract.Operation, body []byte) (result any, err error) {
	defer func() {
		if defect := recover(); defect != nil {
			err = fmt.Errorf("%s panicked: %v", operation.Name, defect)
		}
	}()
	result, err = operation.Call(ctx, a.Server, body)
	if err != nil && a.Classify != nil {
		err = a.Classify(err, operation.Replay)
	}
	return result, err
}

// deadline is the smaller of the operation's and the caller's.
func deadline(r *http.Request, limit time.Duration) (time.Duration, error) {
	header := strings.TrimSpace(r.Header.Get("X-Deadline-Ms"))
	if header == "" {
		return limit, nil
	}
	ms, err := strconv.ParseInt(header, 10, 32)
	if err != nil || ms < 1 {
		return 0, contract.Faultf(contract.InvalidArgument, "header x-deadline-ms: expected milliseconds from 1, came %.40q", header)
	}
	return min(limit, time.Duration(ms)*time.Millisecond), nil
}
