# The front door. `make help` lists the targets; every one of them sets up what it needs first.
SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

root := $(CURDIR)
node := $(root)/.toolchain/node
# npm and the tools in node_modules start "node" from PATH: put the chosen one first.
with_node := PATH="$$($(node) -p 'path.dirname(process.execPath)'):$$PATH"
run := $(node) --disable-warning=ExperimentalWarning

go_module := bridges/go-whatsmeow
go_sources := $(shell find $(go_module) -type f \( -name '*.go' -o -name '*.sql' -o -name 'go.mod' -o -name 'go.sum' \) 2>/dev/null)
manifests := package.json package-lock.json $(wildcard bridges/*/package.json) $(wildcard */package.json)
installed := node_modules/.installed
bridge := bin/whatsmeow-bridge
generated := bridges/contract/openapi.json '$(go_module)/internal/contract/*_gen.go' $(go_module)/internal/contract/openapi.json \
             $(go_module)/internal/store/sql docs/tools.md docs/routing.md docs/failures.md docs/configuration.md
# The race detector needs a C compiler; the bridge itself does not.
race := $(if $(shell command -v cc),-race)

# make up SIM=1: on the simulator instead of a real account.
sim := $(if $(filter-out 0,$(SIM)),--simulator)

.PHONY: help setup build generate check fresh lint lint-ts lint-go typecheck test test-ts test-go demo up link down status logs \
        bench torture conformance clean

help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(installed) $(bridge) ## Fetch Node (if the system's is too old) and the libraries, build the whatsmeow bridge

build: setup ## The same as setup: only the whatsmeow bridge is compiled

generate: $(installed) ## Write the files that derive from the contract and the tool definitions
	@$(run) scripts/generate.ts

check: fresh typecheck lint ## Fail where a generated file is stale, a type is wrong or a house rule is broken

fresh: generate
	@git diff --exit-code -- $(generated) || { echo 'Generated files were stale: commit what "make generate" wrote.' >&2; exit 1; }

typecheck: $(installed) ## Check the types of every workspace
	@$(with_node) node_modules/.bin/tsc -p tsconfig.all.json

lint: lint-ts lint-go ## Hold the house rules: budgets, import directions, words, formatting

lint-ts: $(installed)
	@$(run) scripts/check-words.ts
	@$(with_node) node_modules/.bin/eslint --max-warnings 0 --cache --cache-location node_modules/.cache/eslint/ .
	@$(with_node) node_modules/.bin/depcruise --config .dependency-cruiser.js --output-type err bridges orchestrator simulator test scripts

lint-go: $(bridge)
	@scripts/lint-go.sh

test: test-go test-ts ## Run all tests, of both languages

# whatsmeow itself races in a few places, so the tests that run it whole stand behind !race.
test-go: setup
	@cd $(go_module) && go test $(race) -shuffle=on ./...
	@cd $(go_module) && $(if $(race),go test -shuffle=on ./cmd/...,true)

test-ts: setup
	@$(with_node) node_modules/.bin/vitest run

demo: setup ## Watch an MCP client work with a simulated WhatsApp: no phone, no account
	@$(run) test/demo/main.ts

up: setup ## Start both bridges in the background and say how to link them (SIM=1: on the simulator)
	@$(run) orchestrator/src/up/cli.ts up $(sim)

link: $(installed) ## Link the bridges that are not linked: by QR, or PHONE=<number> for a code to type
	@$(run) orchestrator/src/up/cli.ts link $(if $(PHONE),--phone '$(PHONE)') $(sim)

down: $(installed) ## Stop what `make up` started (SIM=1: the simulated one)
	@$(run) orchestrator/src/up/cli.ts down $(sim)

status: $(installed) ## Say how the bridges are (SIM=1: the simulated ones)
	@$(run) orchestrator/src/up/cli.ts status $(sim)

logs: $(installed) ## Follow the logs of the bridges (SIM=1: the simulated ones)
	@$(run) orchestrator/src/up/cli.ts logs $(sim)

conformance: setup ## Hold both bridges to every case of the contract; prints operation by bridge (ONLY=text: some cases)
	@$(run) test/conformance/main.ts $(if $(ONLY),'$(ONLY)')

torture: $(installed) ## Kill importers at random over 100,000 messages; prints one JSON line (MESSAGES=, KILLS= change the numbers)
	@$(run) orchestrator/sync/torture/main.ts $(or $(MESSAGES),100000) $(or $(KILLS),200)

bench: $(installed) ## Measure the queries of the reading tools (ROWS= changes the size of the store)
	@$(run) orchestrator/src/store/testing/read-bench.ts $(or $(ROWS),200000)

clean: ## Remove everything that was fetched or built here; data folders stay
	rm -rf node_modules tools/node/node_modules .toolchain $(bridge)

# Recorded once; WHATSAPP_NODE or a deleted .toolchain chooses again.
$(node):
	@scripts/find-node.sh --install >/dev/null

# A first install is exact and clean (npm ci); later ones add what is missing without emptying node_modules under
# programs that run from it.
$(installed): $(manifests) | $(node)
	@if [ -d node_modules/.bin ]; then $(with_node) npm install --no-save --loglevel=error; else $(with_node) npm ci --loglevel=error; fi
	@touch $@

$(bridge): $(go_sources)
	@scripts/find-go.sh
	@cd $(go_module) && CGO_ENABLED=0 go build -trimpath -o $(root)/$@ ./cmd/whatsmeow-bridge
	@touch $@
