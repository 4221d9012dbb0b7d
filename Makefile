# All commands of this repository. Node 24 comes from npm and is first on PATH in every recipe.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MACHINE_PATH := $(PATH)
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
# Node keeps compiled modules here, which halves the time that each process needs to start.
export NODE_COMPILE_CACHE ?= $(CURDIR)/node_modules/.cache/compile

STAMP := node_modules/.installed
EXAMPLE_STAMP := examples/node_modules/.installed
SITE_STAMP := site/node_modules/.installed
CERTIFY_STAMP := test/certify/node_modules/.installed
MUTATION_STAMP := test/mutation/node_modules/.installed
LAYOUT_STAMP := test/layout/node_modules/.installed
BENCH_ENGINE_STAMP := bench/engine/node_modules/.installed
SCENARIO ?=
# The default here is the contract of the reference service; the command itself has no default contract.
export CONTRACT ?= service/proofload.config.ts

# What to run: SCENARIO (quoted: it may be a pattern), or whatever the target names.
run-scenarios = $(BUNDLED) node harness/cli.ts run $(foreach one,$(or $(SCENARIO),$(1)),'$(one)') $(if $(LAST_FAILED),--last-failed) $(VERBOSELY)
VERBOSELY := $(if $(filter-out 0,$(VERBOSE)),--verbose)

# make itself ignores a misspelt setting, such as SCENRIO=…
GIVEN := $(foreach name,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(name)))),$(name)))
PROBLEM := $(shell awk -v given='$(GIVEN)' -f bin/check-settings.awk Makefile)
$(if $(filter error,$(firstword $(PROBLEM))),$(error $(wordlist 2,99,$(PROBLEM))))
$(if $(filter warning,$(firstword $(PROBLEM))),$(warning $(wordlist 2,99,$(PROBLEM))))

.PHONY: help setup test tests-of test-products corpus test-browser pictures docs site stress chaos load prove names gate lab migrate max-connections checklist advise ledger certify examples mutation soak-verdicts bench-gate bench-mocks bench-engine bench-commands bench-start-lab schemas lint show distributed release clean

help: ## List every target
	@echo 'usage: make <target> [NAME=value …]'; echo
	@awk -F ':.* ## ' '/^[a-z-]+:.* ## / { printf "  %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@awk '/^# settings of/ { print "\n" substr($$0, 3) } /^#  / { print substr($$0, 2) }' $(MAKEFILE_LIST)
	@echo; echo 'for work on proofload itself:'
	@awk -F ':.* ### ' '/^[a-z-]+:.* ### / { printf "  %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# settings of stress, chaos, load, gate and lab:
# <!-- make docs: settings -->

#  SCENARIO=chaos/llm-outage       one scenario, several, or a pattern, such as "chaos/*outage"
#  LAST_FAILED=1                   only scenarios that did not pass in the last run
#  VERBOSE=1                       print all checks, phases and events
#  REPORTER=list|line|github       the format of the output (default: list; github in GitHub Actions)
#  PROFILE=fast|production         a profile of the contract's numbers (default: fast)
#  CONTRACT=file                   the file with the service's promises and how to start it (default: service/proofload.config.ts)
#  ALLOW_HOST=name                 the exact name of another machine that start.running.url may contain; repeatable, or separated by spaces or commas in ALLOW_HOST
#  COMMAND="node server.js"        start the service with this command instead of the contract's
#  ENGINE=name                     auto, k6, docker or embedded (default: auto)
#  K6_BIN=path                     the path of k6 (default: k6 on PATH)
#  K6_IMAGE=name                   the image for ENGINE=docker (default: grafana/k6:2.2.0)
#  K6_MAX_BODY_SIZE=size           the largest response body that the embedded engine reads in scenarios (default: 16MiB)
#  POSTGRES=name                   auto, container, embedded or a postgres:// URL (default: auto)
#  POSTGRES_IMAGE=name             the image for a container with PostgreSQL (default: postgres:17)
#  JOBS=n                          scenarios that run at once, each on its own lab (default: number of cores + 1, more if they are idle)
#  REQUIRE="chaos/llm-outage …"    a scenario or suite that must be judged, otherwise the run is INCONCLUSIVE; repeatable, or separated by spaces or commas in REQUIRE
#  REPEAT=n                        stress, chaos and load: run everything n times and count the verdicts; the worst one decides (default: 1)
#  AGAINST=main                    gate: compare with a commit, a folder or http://… (default: in a pull request, the commit at which it began)
#  AGAINST_RELEASE=v1.4.0          gate: compare with this release as well, in the same rounds, so that many small regressions are noticed
#  PREPARE="npm ci"                gate: shell command that installs the commit to compare with, in its contract's folder (default: npm ci, if needed)
#  ROUNDS=n                        gate: maximum number of rounds to measure (default: 16)
#  SEED=n                          seed for client addresses and all other random choices
#  RESULTS=folder                  folder for results (default: results)
#  KEEP=n|all                      number of runs to keep for each name, or all (default: 20)

# <!-- end -->

setup: $(STAMP) ## Install everything, including Node 24 (the other targets do this if needed)

# npm runs on the machine's own Node: the one in node_modules goes away while packages are installed.
$(STAMP): package-lock.json
	PATH="$(MACHINE_PATH)" npm ci --include=dev --no-audit --no-fund --loglevel=error
	@ln -sf ../../bin/proofload.js node_modules/.bin/proofload
	@touch $@

# Bundles start in half the processor time, and both suites start a hundred programs, the tests more than twice as many.
BUNDLES := .bundles/made
BUNDLED := PROOFLOAD_BUNDLES=$(CURDIR)/$(dir $(BUNDLES))
NEW_BUNDLES := .bundles.new
# They are made in another folder, so that programs can start the old ones meanwhile. `made` has the time at which this
# begins, because a source may change before it ends.
$(BUNDLES): $(STAMP) bin/rolldown.config.js $(shell find service engine mocks faults)
	@rm -rf $(NEW_BUNDLES) && mkdir $(NEW_BUNDLES) && touch $(NEW_BUNDLES)/$(@F)
	@NEW_BUNDLES=$(NEW_BUNDLES) rolldown -c bin/rolldown.config.js >/dev/null
	@cp -R service/storage/migrations $(NEW_BUNDLES)/service
	@rm -rf $(@D) && mv $(NEW_BUNDLES) $(@D)

stress: $(BUNDLES) ## Stress: rate limits and the connection ceiling under load
	@$(call run-scenarios,stress)

chaos: $(BUNDLES) ## Chaos: outages, bad certificates, weak secrets and unsafe settings
	@$(call run-scenarios,chaos)

load: $(BUNDLES) ## Load: the capacity, a spike and a soak (not part of the gate)
	@$(call run-scenarios,load)

gate: $(BUNDLES) ## Run stress and chaos, and compare with another build (AGAINST=main AGAINST_RELEASE=v1.4.0 PREPARE='npm ci' ROUNDS=16)
	@$(if $(and $(AGAINST),$(SCENARIO)$(LAST_FAILED)),echo 'AGAINST compares whole builds: leave SCENARIO and LAST_FAILED out' >&2; exit 2)
	@$(if $(SCENARIO)$(LAST_FAILED),$(call run-scenarios,stress chaos),node harness/cli.ts gate $(VERBOSELY))

lab: $(STAMP) ## Start the service and a web page to break things and watch it, until Ctrl-C
	@node harness/cli.ts lab

migrate: $(STAMP) ## Bring the schema of the database at DATABASE_URL up to date
	@node service/commands/migrate-database.ts

max-connections: $(STAMP) ## Raise max_connections of a PostgreSQL server, from its next restart on (DATABASE_URL=postgres://… MAX=200)
	@node service/commands/raise-max-connections.ts

checklist: $(STAMP) ## Check a deployment against the checklist (URL=http://… DATABASE_URL=postgres://… REPLICAS=n)
	@node service/checklist/main.ts

advise: $(STAMP) ## Suggest a breaker's threshold and recovery timeout, based on the service's log (LOG=file, else stdin)
	@node service/advise/main.ts

# A separate package, because only this bench needs autocannon.
$(BENCH_ENGINE_STAMP): bench/engine/package-lock.json
	cd bench/engine && PATH="$(MACHINE_PATH)" npm ci --include=dev --no-audit --no-fund --loglevel=error
	@touch $@

bench-engine: $(BUNDLES) $(BENCH_ENGINE_STAMP) ### Compare the embedded engine with autocannon, wrk and k6 (K6_BIN=path QUICK=1)
	@$(BUNDLED) node bench/engine.ts $(if $(QUICK),--quick)

test: $(BUNDLES) $(LAYOUT_STAMP) ### Run all tests except those of `make test-products`, and a selection of services with a defect (TESTS=path: only those; OF=file: those of a source file; BAD_INPUTS=n INTERRUPTIONS=n: more of them)
	@tests=$$($(if $(OF),node test/layout/tests-of.js --paths '$(OF)')) && \
	  $(BUNDLED) PROOFLOAD_PRODUCT=$(CURDIR)/$(dir $(BUNDLES)) vitest run --project '!browser' --project '!examples' $(if $(or $(OF),$(TESTS)),,--project '!products*') $$tests $(TESTS)

tests-of: $(STAMP) $(LAYOUT_STAMP) ### List the tests of a source file, the nearest first (FILE=harness/judge/judge.ts ALL=1: also distant ones)
	@node test/layout/tests-of.js $(if $(ALL),--all) '$(FILE)'

corpus: $(STAMP) ### Run the k6 scripts of a folder in the embedded engine and in k6, and compare (DIR=folder K6_BIN=path JSLIB=folder ONLY=differ)
	@node test/corpus/main.ts --dir '$(DIR)' --jslib '$(JSLIB)' --only '$(ONLY)'

test-products: $(STAMP) ### Run the tests of what is shipped, the package as npm installs it (`make test` leaves them out)
	@node test/products/main.ts

prove: $(BUNDLES) $(if $(DEFECT),,$(EXAMPLE_STAMP)) ### Show that each check catches its defects: in services, and on the wire (DEFECT=name or SERVICE=name SCENARIO=x JOBS=n)
	@$(BUNDLED) node test/defects/prove.ts

names: $(BUNDLES) ### Run services with hostile names in their contracts, and compare each verdict (SERVICE=name DEFECT=name JOBS=n)
	@$(BUNDLED) node test/defects/names/main.ts

test-browser: $(STAMP) site ### Check the HTML report, the lab's page and the site in headless Chromium (CHROMIUM=path, else the one on PATH)
	@vitest run --project browser

pictures: $(STAMP) ### Update the pictures in docs/pictures, from a new run and lab (needs Chromium; CHROMIUM=path)
	@node test/browser/pictures.ts

docs: $(STAMP) $(LAYOUT_STAMP) ### Write the generated tables and pages in docs/
	@node test/docs/write-docs.ts
	@node test/layout/borders.js --write

# A separate package, because only this target needs a site generator.
$(SITE_STAMP): site/package-lock.json
	cd site && PATH="$(MACHINE_PATH)" npm ci --include=dev --no-audit --no-fund --loglevel=error
	@touch $@

site: $(STAMP) $(SITE_STAMP) ### Build docs/ as a static site with search, in results/site (SERVE=1: and serve it on 127.0.0.1)
	@site/node_modules/.bin/vitepress build site --logLevel warn
	@$(if $(SERVE),site/node_modules/.bin/vitepress preview site --host 127.0.0.1,echo 'results/site is ready for any static web server; make site SERVE=1 serves it here')

ledger: $(STAMP) ### Kill PostgreSQL and the service under load, ROUNDS=50 times each, and count what was lost
	@LEDGER_ROUNDS=$(or $(ROUNDS),50) vitest run test/service/ledger

# A separate package, because mem0ai alone is larger than everything else that a default install needs beside Node.
$(CERTIFY_STAMP): test/certify/package-lock.json
	cd test/certify && PATH="$(MACHINE_PATH)" npm ci --include=dev --no-audit --no-fund --loglevel=error
	@touch $@

# A separate package with what the services of the examples need.
$(EXAMPLE_STAMP): examples/package-lock.json
	cd examples && PATH="$(MACHINE_PATH)" npm ci --include=dev --no-audit --no-fund --loglevel=error
	@touch $@

examples: $(STAMP) $(EXAMPLE_STAMP) ### Run the suites of the examples with Fastify, FastAPI, Flask, nginx, HAProxy and the openai client, and the tests in Python and Go (TESTS=path: only those; WRONG_SETTINGS=all: all wrong settings of the proxies)
	@vitest run --project examples $(TESTS)

certify: $(STAMP) $(CERTIFY_STAMP) ### Run unmodified SDKs of the providers against the fakes (TESTS=path: only those)
	@cd test/certify && tsc && vitest run $(TESTS)

# A separate package, because only this target needs a mutation tester.
$(MUTATION_STAMP): test/mutation/package-lock.json
	cd test/mutation && PATH="$(MACHINE_PATH)" npm ci --include=dev --no-audit --no-fund --loglevel=error
	@touch $@

mutation: $(STAMP) $(MUTATION_STAMP) ### Break checkers, faults and the breaker on purpose, and count what the tests notice (FILES=harness/judge/judge.ts)
	@node test/mutation/node_modules/@stryker-mutator/core/bin/stryker.js run test/mutation/stryker.config.json --incremental \
	  $(if $(FILES),--mutate '$(FILES)')

bench-gate: $(STAMP) ### Measure how often the gate reports real and false regressions; continues earlier results (MINUTES=60 LOOPS=2 BUILD=equal)
	@node bench/gate.ts

soak-verdicts: $(STAMP) $(EXAMPLE_STAMP) ### Measure how often services that keep their promises don't pass; continues earlier results (RUNS=300 LOOPS=4 SERVICE=name)
	@node bench/soak-verdicts.ts

bench-mocks: $(STAMP) ### Measure the fakes: throughput, memory, a soak of 100,000 requests with faults (QUICK=1: in a minute)
	@node --expose-gc bench/mocks/main.ts $(if $(QUICK),--quick)

bench-commands: $(STAMP) ### Measure the processor time of commands that only read, such as list
	@node bench/commands.ts

bench-start-lab: $(STAMP) ### Measure how long startLab takes in a test
	@node bench/start-lab.ts

schemas: $(STAMP) ### Write the JSON Schemas of contracts and of verdict.json (schemas/)
	@node harness/cli.ts schema contract > schemas/contract.schema.json
	@node harness/cli.ts schema verdict > schemas/verdict.schema.json
	@biome format --write --log-level=error schemas

# A separate package, because its tool can't use the TypeScript that everything else does.
$(LAYOUT_STAMP): test/layout/package-lock.json
	cd test/layout && PATH="$(MACHINE_PATH)" npm ci --include=dev --no-audit --no-fund --loglevel=error
	@touch $@

lint: $(STAMP) $(LAYOUT_STAMP) ### Check style, unused code, types, the direction of imports, and the pages
	@biome check . && markdownlint-cli2 >/dev/null && knip && tsc && tsc --project tsconfig.browser.json && tsc --project tsconfig.engine.json
	@node test/layout/borders.js

distributed: $(STAMP) ## Write the files for running a script on several machines, with k6-operator or without (SCRIPT=file INSTANCES=2 VARIABLES='A=b TOKEN' OUT=folder)
	@node harness/cli.ts distribute $(SCRIPT) $(foreach one,$(VARIABLES),-e '$(one)') $(if $(OUT),--out $(OUT))

show: $(STAMP) ## Print a past run (RUN=latest)
	@node harness/cli.ts show $(RUN) $(VERBOSELY)

release: $(STAMP) ### Check that this commit can be released, and tag it (DRY=1: only check)
	@node bin/release.js $(if $(filter-out 0,$(DRY)),--dry)

clean: ## Remove everything installed, and all results
	rm -rf node_modules .bundles* bundles types {examples,site,test/certify,test/mutation,test/layout,bench/engine}/node_modules results/runs results/latest results/mutation results/site
