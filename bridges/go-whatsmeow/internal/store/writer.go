package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"time"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/record"
)

// request is one piece of work for the writer.
type request struct {
	work   func(*transaction) error
	answer chan error
}

// groupMost bounds how many requests share one commit.
const groupMost = 64

// Apply merges a batch and returns when it is durable.
func (s *Store) Apply(ctx context.Context, batch record.Batch) error {
	if batch.Empty() {
		return nil
	}
	return s.write(ctx, func(t *transaction) error { return t.apply(batch) })
}

// write runs work in a transaction; requests that wait at the same time share
// its commit. Work that has begun is not taken back when the caller goes away.
func (s *Store) write(ctx context.Context, work func(*transaction) error) error {
	asked := request{work: work, answer: make(chan error, 1)}
	select {
	case s.requests <- asked:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.done:
		return errors.New("the store is closed")
	}
	return <-asked.answer
}

// work is the one writer. It ends when its context does, between transactions.
func (s *Store) work(ctx context.Context) {
	defer close(s.done)
	for {
		select {
		case first := <-s.requests:
			s.serve(s.gather(first))
		case <-ctx.Done():
			return
		}
	}
}

// gather takes what is waiting right now; it waits for nothing.
func (s *Store) gather(first request) []request {
	group := []request{first}
	for len(group) < groupMost {
		select {
		case next := <-s.requests:
			group = append(group, next)
		default:
			return group
		}
	}
	return group
}

// serve commits a group. When that fails, each request gets a transaction of
// its own, so that one bad record does not take others with it.
func (s *Store) serve(group []request) {
	err := s.commit(group)
	if err == nil || len(group) == 1 {
		for _, one := range group {
			one.answer <- err
		}
		return
	}
	for _, one := range group {
		one.answer <- s.commit([]request{one})
	}
}

func (s *Store) commit(group []request) (err error) {
	ctx := context.Background()
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreDone(tx.Rollback()))
		}
	}()
	t := &transaction{
		ctx: ctx, store: s, tx: tx, bound: map[*sql.Stmt]*sql.Stmt{}, now: time.Now().UnixMilli(),
		touched: map[string]struct{}{}, names: map[string]pushName{}, mapped: mappedPairs{},
	}
	if err := t.begin(); err != nil {
		return err
	}
	for _, one := range group {
		if err := one.work(t); err != nil {
			return err
		}
	}
	if err := t.finish(); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	maps.Copy(s.mapped, t.mapped)
	return nil
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
