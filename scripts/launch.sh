#!/bin/sh
# Runs one of the project's programs under the right Node, from any folder and with any PATH:
#   launch.sh <entry file, relative to the project> [arguments]
set -eu

root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)
entry=$1
shift

node=$("$root/scripts/find-node.sh")
if [ ! -d "$root/node_modules" ]; then
  printf '%s\n' "whatsapp-mcp: its libraries are not installed: run \"make setup\" in $root." >&2
  exit 1
fi

# Node before 24.3 calls type stripping experimental on every start.
exec "$node" --disable-warning=ExperimentalWarning "$root/$entry" "$@"
