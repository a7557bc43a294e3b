#!/bin/sh
# Formatting, go vet and the house rules of the Go module.
set -eu
root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)
linter=$root/.toolchain/golangci-lint

"$root/scripts/find-go.sh"
if [ ! -x "$linter" ] || [ "$root/tools/lint/go.sum" -nt "$linter" ]; then
  (cd "$root/tools/lint" && CGO_ENABLED=0 go build -o "$linter" github.com/golangci/golangci-lint/v2/cmd/golangci-lint)
  touch "$linter"
fi

cd "$root/bridges/go-whatsmeow"
unformatted=$(gofmt -l .)
if [ -n "$unformatted" ]; then
  printf '%s\n' "Not formatted (gofmt -w): $unformatted" >&2
  exit 1
fi
go vet ./...
"$linter" run ./...
