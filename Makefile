# Everything that one does with this repository. `make` alone explains it.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

SWIFT ?= swift
# Further flags for every build, such as `--static-swift-stdlib` or `-j 1`.
BUILD_FLAGS ?=
# What `make run` hands to `weir demo`, `make test` to `swift test` (such as `--filter WorkflowModelTests`), and `make bench` to
# `weir-bench`.
ARGS ?=
SOURCES := Sources Tests Benchmarks/Sources Benchmarks/Package.swift Package.swift
SCRIPTS := Scripts/setup .ci/run
BUILT_FOR_TESTS := .build/debug/built-for-tests

.PHONY: help
help: ## what there is (this list)
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 17
	@echo "Variables: ARGS for run, test and bench, BUILD_FLAGS for every build. The first build takes some minutes, later ones seconds."

.PHONY: setup
setup: ## install the system packages that are missing, check the toolchain
	@Scripts/setup

.PHONY: setup-for-tests
setup-for-tests: ## likewise, with what only tests and benchmarks need: PostgreSQL
	@Scripts/setup tests

.PHONY: build
build: setup ## build the program for release: .build/release/weir
	@$(SWIFT) build -c release --product weir $(BUILD_FLAGS)

.PHONY: run
run: build ## build for release, then run the demo service (ARGS="--port 9000")
	@exec .build/release/weir demo $(ARGS)

.PHONY: test
test: setup-for-tests $(BUILT_FOR_TESTS) ## build for debugging, then run all tests (ARGS="--filter WeirTests" runs only those, in no browser)
	@$(SWIFT) test --skip-build --disable-xctest $(BUILD_FLAGS) $(ARGS)
	@$(if $(ARGS),,$(MAKE) --no-print-directory test-browser)

.PHONY: test-browser
test-browser: $(BUILT_FOR_TESTS) ## the tests of the pages in a real browser; their screenshots are in .build/browser
	@Scripts/setup browser
	@.venv/bin/python -m unittest discover -s Tests/Browser

# Planning a build takes seconds even when nothing changed, so it is only done when something did. The stamp gets the time at
# which the build began: what is edited meanwhile is built the next time.
$(BUILT_FOR_TESTS): $(shell find Sources Tests) Package.swift $(wildcard Package.resolved) $(if $(BUILD_FLAGS),always) | setup-for-tests
	@began=$$(mktemp) && $(SWIFT) build --build-tests $(BUILD_FLAGS) && touch -r "$$began" $@ && rm "$$began"

.PHONY: always
always:

# Program and benchmark are built in one go, so that both are of one compiler, one set of flags and one set of libraries. The plan of
# the build before is dropped, because SwiftPM does not see new files in a package that it depends on by path.
.PHONY: bench
bench: setup-for-tests ## measure the release build, write a report (ARGS="--runs 100000 --only pages,growth")
	@rm -f Benchmarks/.build/release.yaml
	@$(SWIFT) build -c release --package-path Benchmarks --product weir-bench $(BUILD_FLAGS)
	@exec Benchmarks/.build/release/weir-bench --weir Benchmarks/.build/release/weir $(ARGS)

# Prefect and DBOS come from PyPI, into environments of their own below Benchmarks/.cache.
.PHONY: bench-peers
bench-peers: setup ## measure Weir beside Prefect and DBOS, with one history (ARGS="--runs 100000")
	@rm -f Benchmarks/.build/release.yaml
	@$(SWIFT) build -c release --package-path Benchmarks --product weir-bench $(BUILD_FLAGS)
	@exec python3 Benchmarks/Peers/compare.py --weir Benchmarks/.build/release/weir $(ARGS)

.PHONY: bench-pieces
bench-pieces: setup ## measure the hot pieces of a list request and of a start (ARGS="--filter store.*")
	@rm -f Benchmarks/.build/release.yaml
	@cd Benchmarks && $(SWIFT) package $(BUILD_FLAGS) benchmark --target HotPieces $(ARGS)

.PHONY: format
format: ## bring all Swift sources into form
	@$(SWIFT) format --in-place --recursive --parallel $(SOURCES)

.PHONY: lint
lint: setup ## complain about form: Swift sources, scripts, examples
	@$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)
	@for script in $(SCRIPTS); do bash -n "$$script"; done
	@python3 -c 'import ast, sys; [ast.parse(open(name).read(), name) for name in sys.argv[1:]]' examples/shop/tasks/*.py Tests/Browser/*.py

.PHONY: check
check: lint test ## lint and test: what has to pass before a change lands

.PHONY: clean
clean: ## remove what was built and what the examples wrote
	@$(SWIFT) package clean
	@rm -rf examples/shop/out examples/shop/tasks/__pycache__
