# The two commands of the README are `make demo` and `make test`; both set up .venv first.
# PYTHON chooses the interpreter (3.11 or newer).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Where the recorded traffic and the API facts lie; tests that need them say so when they are not there.
SHARED ?= ../shared
# A checkout of auth0-deploy-cli: its examples are planned and applied, too, where it is there.
DEPLOY_CLI ?= ../auth0-deploy-cli

.DEFAULT_GOAL := help
.PHONY: help setup demo test peers lint bench reliability fields cassettes golden docs lock clean

help: ## Show what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/ready ## Set up .venv from the locked dependencies

$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "tenantctl needs Python 3.11 or newer; choose one with: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup ## Plan, apply, verify, cause drift, catch it, mend it: all on the sandbox
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh demo.sh

test: setup ## Run every test
	TENANTCTL_TEST_SHARED="$(abspath $(SHARED))" TENANTCTL_TEST_DEPLOY_CLI="$(abspath $(DEPLOY_CLI))" \
	  $(BIN)/python -m pytest -n auto

peers: ## Install the clients for Node that the sandbox is tried with
	npm ci --prefix tests/peers --no-audit --no-fund --loglevel=error

lint: setup ## ruff, mypy, import boundaries
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup ## Measure on large tenants, and write docs/benchmarks.md (half an hour)
	$(BIN)/python -m benchmarks --page docs/benchmarks.md

reliability: setup ## Let every write of an apply fail in every way, and write docs/reliability.md (an hour)
	rm -f .reliability.jsonl
	$(BIN)/python -m reliability --seeds 1000 --results .reliability.jsonl --page docs/reliability.md

fields: setup ## Take the field tables anew from the installed SDK
	$(BIN)/python tools/field_tables.py

cassettes: setup ## Record the contract suite anew against the served sandbox
	$(BIN)/python tools/record_cassettes.py

golden: setup ## Write anew what the commands are to print
	TENANTCTL_TEST_UPDATE=1 $(BIN)/python -m pytest -q tests/cli/test_golden.py

docs: setup ## Write the pages of docs/ that are made from the program
	$(BIN)/python tools/pages.py

lock: ## Resolve the dependencies anew (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	  --python-version 3.11 --group dev -o requirements.lock pyproject.toml

clean: ## Remove .venv and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
