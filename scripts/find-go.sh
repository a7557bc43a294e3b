#!/bin/sh
# Exits 0 where the whatsmeow bridge can be built here; else 1, with one sentence on stderr.
set -u
way="install Go 1.26 or later from https://go.dev/dl (or brew install go, apt install golang from backports) and run this again"

command -v go >/dev/null 2>&1 || {
  printf '%s\n' "whatsapp-mcp: Go is needed to build the whatsmeow bridge: $way." >&2
  exit 1
}
version=$(go env GOVERSION 2>/dev/null)
minor=${version#go1.}
minor=${minor%%[!0-9]*}
# From 1.21 on, Go fetches the toolchain that go.mod names by itself, unless GOTOOLCHAIN says local.
least=21
[ "$(go env GOTOOLCHAIN)" = local ] && least=26
case $minor in '') minor=0 ;; esac
[ "$minor" -ge $least ] || {
  printf '%s\n' "whatsapp-mcp: Go 1.26 or later is needed to build the whatsmeow bridge, and this is ${version:-no Go that runs}: $way." >&2
  exit 1
}
