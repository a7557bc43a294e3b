package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// params are the named parameters of a merge file, without the @.
type params map[string]any

// statement is one prepared statement of a merge file. Names become numbers:
// binding forty parameters by name costs more than inserting the row.
type statement struct {
	prepared *sql.Stmt
	names    []string
}

func (s statement) bind(values params) ([]any, error) {
	args := make([]any, len(s.names))
	for i, name := range s.names {
		value, given := values[name]
		if !given {
			return nil, fmt.Errorf("a merge statement needs the parameter %q", name)
		}
		args[i] = value
	}
	return args, nil
}

// statements are the merge files by name, without .sql.
type statements map[string][]statement

func prepareStatements(ctx context.Context, db *sql.DB) (statements, error) {
	names, err := fs.Glob(shared, "sql/merge/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list merge statements: %w", err)
	}
	all := statements{}
	for _, name := range names {
		content, err := fs.ReadFile(shared, name)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("read merge statement: %w", err), all.close())
		}
		key := strings.TrimSuffix(path.Base(name), ".sql")
		for _, text := range split(string(content)) {
			numbered, order := number(text)
			prepared, err := db.PrepareContext(ctx, numbered)
			if err != nil {
				return nil, errors.Join(fmt.Errorf("prepare merge statement %s: %w", key, err), all.close())
			}
			all[key] = append(all[key], statement{prepared: prepared, names: order})
		}
	}
	return all, nil
}

func (all statements) close() error {
	var err error
	for _, file := range all {
		for _, one := range file {
			err = errors.Join(err, one.prepared.Close())
		}
	}
	return err
}

var (
	statementEnd = regexp.MustCompile(`;[ \t]*(?:\n|$)`)
	comment      = regexp.MustCompile(`--[^\n]*`)
	token        = regexp.MustCompile(`'(?:[^']|'')*'|--[^\n]*|@[a-z_0-9]+`)
)

// split cuts a file into statements: each ends with ";" at the end of a line.
func split(text string) []string {
	var parts []string
	for _, part := range statementEnd.Split(text, -1) {
		if strings.TrimSpace(comment.ReplaceAllString(part, "")) != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// number replaces each @name by ?n and gives the names in the order of n.
func number(text string) (string, []string) {
	var names []string
	seen := map[string]int{}
	numbered := token.ReplaceAllStringFunc(text, func(found string) string {
		if found[0] != '@' {
			return found
		}
		name := found[1:]
		if seen[name] == 0 {
			names = append(names, name)
			seen[name] = len(names)
		}
		return "?" + strconv.Itoa(seen[name])
	})
	return numbered, names
}

// run executes all statements of a merge file.
func (t *transaction) run(file string, values params) error {
	prepared, known := t.store.merge[file]
	if !known {
		return fmt.Errorf("there is no merge statement %q", file)
	}
	for _, one := range prepared {
		args, err := one.bind(values)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if _, err := t.statement(one).ExecContext(t.ctx, args...); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

// statement gives the transaction's form of a prepared statement.
func (t *transaction) statement(one statement) *sql.Stmt {
	bound, known := t.bound[one.prepared]
	if !known {
		bound = t.tx.StmtContext(t.ctx, one.prepared)
		t.bound[one.prepared] = bound
	}
	return bound
}

// rows gives all rows of a merge file of one query, before anything that
// follows can change what it reads.
func (t *transaction) rows(file string, values params) (found []params, err error) {
	prepared, known := t.store.merge[file]
	if !known || len(prepared) != 1 {
		return nil, fmt.Errorf("there is no merge query %q", file)
	}
	args, err := prepared[0].bind(values)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	rows, err := t.statement(prepared[0]).QueryContext(t.ctx, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for rows.Next() {
		row, err := scan(rows, columns)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		found = append(found, row)
	}
	return found, rows.Err()
}

func scan(rows *sql.Rows, columns []string) (params, error) {
	values := make([]any, len(columns))
	targets := make([]any, len(columns))
	for i := range values {
		targets[i] = &values[i]
	}
	if err := rows.Scan(targets...); err != nil {
		return nil, err
	}
	row := make(params, len(columns))
	for i, column := range columns {
		row[column] = values[i]
	}
	return row, nil
}
