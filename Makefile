# The targets for working with this repository. `make` alone lists them.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

SWIFT ?= swift
# Further flags for every build, such as `--static-swift-stdlib` or `-j 1`.
BUILD_FLAGS ?=
# Arguments of `weir demo` in `make run`, of `swift test` in `make test` (such as `--filter WorkflowModelTests`), and in `make bench` of
# `weir-bench`.
ARGS ?=
SOURCES := Sources Tests Benchmarks/Sources Benchmarks/Package.swift Package.swift
SCRIPTS := Scripts/setup .ci/run
LINTERS := .venv-lint/bin
SCHEMA := docs/reference/configuration.schema.json
DOCUMENTS := README.md ARCHITECTURE.md CONTRIBUTING.md SECURITY.md CHANGELOG.md LICENSE docs examples/README.md Benchmarks/README.md
# Tests that run at the same time. Without a limit all of them do, and each waits for hundreds of others at every step.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 6
BUILT_FOR_TESTS := .build/debug/built-for-tests

.PHONY: help
help: ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 24
	@echo "Variables: ARGS for run, test and bench, BUILD_FLAGS for every build. The first build takes some minutes."

.PHONY: setup
setup: ## install the system packages that are missing, check the toolchain
	@Scripts/setup

.PHONY: setup-for-tests
setup-for-tests: ## the same, with PostgreSQL for tests and benchmarks
	@Scripts/setup tests

.PHONY: build
build: setup ## build the program for release: .build/release/weir
	@$(SWIFT) build -c release --product weir $(BUILD_FLAGS)

.PHONY: run
run: build ## build for release, then run the demo service (ARGS="--port 9000")
	@exec .build/release/weir demo $(ARGS)

.PHONY: test
test: setup-for-tests $(BUILT_FOR_TESTS) ## build for debugging, then run all tests (ARGS="--filter WeirTests" runs only those Swift tests)
	@$(SWIFT) test --skip-build --disable-xctest $(BUILD_FLAGS) $(ARGS)
	@$(if $(ARGS),,$(MAKE) --no-print-directory test-documents test-browser)

.PHONY: test-documents
test-documents: $(BUILT_FOR_TESTS) ## execute every shell block of README and tutorial
	@python3 -m unittest discover -s Tests/Documents

.PHONY: test-browser
test-browser: $(BUILT_FOR_TESTS) ## test the pages in a real browser; screenshots are in .build/browser
	@Scripts/setup browser
	@.venv/bin/python -m unittest discover -s Tests/Browser

.PHONY: references
references: $(BUILT_FOR_TESTS) ## rewrite the generated pages of docs/reference
	@WEIR_UPDATE_REFERENCES=1 $(SWIFT) test --skip-build --disable-xctest $(BUILD_FLAGS) --filter ReferenceTests

# Planning a build takes seconds even if nothing changed, so it is skipped then. The stamp has the time at which the build began, so
# that a file edited meanwhile is built the next time.
$(BUILT_FOR_TESTS): $(shell find Sources Tests) Package.swift $(wildcard Package.resolved) $(if $(BUILD_FLAGS),always) | setup-for-tests
	@began=$$(mktemp) && $(SWIFT) build --build-tests $(BUILD_FLAGS) && touch -r "$$began" $@ && rm "$$began"

.PHONY: always
always:

# One build makes program and benchmark, so that both have the same compiler, flags and libraries. The plan of the previous build is
# deleted, because SwiftPM does not see new files in a package that it depends on by path.
.PHONY: bench
bench: setup-for-tests ## measure the release build, write a report (ARGS="--runs 100000 --only pages,growth")
	@rm -f Benchmarks/.build/release.yaml
	@$(SWIFT) build -c release --package-path Benchmarks --product weir-bench $(BUILD_FLAGS)
	@exec Benchmarks/.build/release/weir-bench --weir Benchmarks/.build/release/weir $(ARGS)

# Prefect and DBOS come from PyPI, into their own environments below Benchmarks/.cache.
.PHONY: bench-peers
bench-peers: setup ## measure Weir beside Prefect and DBOS, with one history (ARGS="--runs 100000")
	@rm -f Benchmarks/.build/release.yaml
	@$(SWIFT) build -c release --package-path Benchmarks --product weir-bench $(BUILD_FLAGS)
	@exec python3 Benchmarks/Peers/compare.py --weir Benchmarks/.build/release/weir $(ARGS)

.PHONY: bench-pieces
bench-pieces: setup ## measure the pieces of a list request and of a start (ARGS="--filter store.*")
	@rm -f Benchmarks/.build/release.yaml
	@cd Benchmarks && $(SWIFT) package $(BUILD_FLAGS) benchmark --target HotPieces $(ARGS)

.PHONY: format
format: ## format all Swift sources
	@$(SWIFT) format --in-place --recursive --parallel $(SOURCES)

.PHONY: lint
lint: setup ## lint Swift sources, scripts, examples and the files of the forge
	@Scripts/setup lint
	@$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)
	@for script in $(SCRIPTS); do bash -n "$$script"; done
	@python3 -c 'import ast, sys; [ast.parse(open(name).read(), name) for name in sys.argv[1:]]' examples/*/tasks/*.py Tests/Browser/*.py Tests/Documents/*.py Scripts/check-docs Scripts/check-schema
	@python3 -m json.tool .devcontainer/devcontainer.json >/dev/null
	@$(LINTERS)/yamllint --strict .github .yamllint Scripts examples
	@$(LINTERS)/check-jsonschema -q --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(LINTERS)/check-jsonschema -q --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	@$(LINTERS)/check-jsonschema -q --builtin-schema vendor.github-issue-forms $(filter-out %/config.yml,$(wildcard .github/ISSUE_TEMPLATE/*.yml))
	@$(LINTERS)/python Scripts/check-schema $(SCHEMA) Tests/WorkflowModelTests/Fixtures/accepted.yaml Tests/WorkflowModelTests/Fixtures/refused.yaml
	@$(LINTERS)/check-jsonschema -q --schemafile $(SCHEMA) examples/*/*.yaml
	@$(LINTERS)/zizmor --offline --quiet .github

# The documents keep the layout of the repository, so that their links lead to the same places.
.PHONY: docs
docs: ## build the documentation as a site into .build/docs, and check its links
	@Scripts/setup docs
	@rm -rf .build/docs-source && mkdir -p .build/docs-source && cp -r --parents $(DOCUMENTS) .build/docs-source
	@NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs build --strict --config-file Scripts/mkdocs.yml
	@Scripts/check-docs .build/docs
	@echo "The documentation is in .build/docs. To read and search it: python3 -m http.server --directory .build/docs"

.PHONY: check
check: lint docs test ## lint, docs and test: must pass before a change lands

.PHONY: clean
clean: ## remove build products and the output of the examples
	@$(SWIFT) package clean
	@rm -rf examples/shop/out examples/shop/tasks/__pycache__
