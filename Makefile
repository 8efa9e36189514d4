# The one front door. Every target sets up what it needs in .venv first: Python 3.11 or newer, make and a package index are enough.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
UV     := VIRTUAL_ENV=$(abspath $(VENV)) $(BIN)/uv pip
LOCKS  := requirements-uv.lock requirements.lock requirements-dev.lock
CONTENT ?=
ARGS    ?=
NAME    ?=
KILLS   ?= 200
SEED    ?=
SIZE    ?=

.PHONY: help setup format check browser test test-servers test-clients demo docs bench prove cases connector lock clean
.DEFAULT_GOAL := help

help:  ## say what there is
	@sed -n 's/^\([a-z-]*\):[^#]*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

setup: $(VENV)/.ready  ## build .venv and install the pinned packages and Lockgate itself into it

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Lockgate needs Python 3.11 or newer. Say where it is: make setup PYTHON=python3.12")'
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.locked: $(LOCKS) | $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	$(UV) sync --quiet --require-hashes $(LOCKS)
	@touch $@

$(VENV)/.ready: $(VENV)/.locked pyproject.toml
	$(UV) install --quiet --no-deps --editable .
	@touch $@

format: setup  ## rewrite the sources in the house format
	$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

check: setup  ## format, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

browser:  ## fetch Chromium for the console's tests, where there is no browser yet
	@command -v chromium chromium-browser google-chrome google-chrome-stable >/dev/null || test -n "$(LOCKGATE_TEST_BROWSER)" || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo 'Chromium is needed: install it, or say where a browser is: LOCKGATE_TEST_BROWSER=…' >&2; exit 2; }; \
	  echo 'fetching Chromium for the tests of the console'; apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null; }

test: setup browser  ## the whole test suite; ARGS="tests/kit -k rights" for a part
	$(BIN)/pytest -n 2 $(ARGS)

test-servers: setup  ## against real WordPress, Redmine, Tryton, SFTP, WebDAV, S3, FTP and MariaDB servers, installed where root may; ARGS="--only wordpress,sftp", ARGS=--heavy for Vendure and Directus too
	$(BIN)/python -m tests.servers $(ARGS)

test-clients: setup  ## OpenText's and another public client, unmodified, against the sandbox; looks for a Python 3.12 or newer; ARGS="-k search"
	$(BIN)/python -m tests.clients $(ARGS)

demo: setup  ## the real thing on sandboxes, watched until Ctrl-C; CONTENT=DIR for your own files, ARGS="--once" to end after the run
	$(BIN)/lockgate demo $(if $(CONTENT),--content $(CONTENT)) $(ARGS)

docs: setup  ## make the reference anew from the program, then check links and commands of all pages
	$(BIN)/python -m lockgate.cli.reference
	$(BIN)/pytest -q tests/docs/test_pages.py

bench: setup  ## measure on this machine, medians of three, results in bench/results; SIZE=1000000, ARGS="--only sync" (bench/README.md)
	$(BIN)/python -m bench $(if $(SIZE),--size $(SIZE)) $(ARGS)

prove: setup  ## kill -9 at 200 random instants, then check everything; KILLS=20, SEED=… of one that failed, ARGS="--postgresql", ARGS="--warm"
	$(BIN)/python -m prove --kills $(KILLS) $(if $(SEED),--seed $(SEED)) $(ARGS)

cases: setup  ## the special cases of the crash proof: fail points, a dead database, a full disk …; NAME=disk for one, ARGS="--warm"
	$(BIN)/python -m prove.cases $(NAME) $(ARGS)

connector: setup  ## lay out a new connector that already passes its tests: make connector NAME=acme
	@test -n "$(NAME)" || { echo 'Say its name: make connector NAME=acme'; exit 2; }
	$(BIN)/python -m lockgate.scaffold $(NAME)
	$(BIN)/ruff format --quiet src/lockgate/connectors/$(NAME) tests/connectors/$(NAME)

lock: setup  ## compile the locks anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --group dev -c requirements.lock -o requirements-dev.lock
	echo 'uv==0.13.9' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url - -o requirements-uv.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url tests/servers/requirements.in -o requirements-servers.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-header --no-emit-index-url tests/clients/requirements.in -o requirements-clients.lock

clean:  ## remove .venv and all caches
	rm -rf $(VENV) .venv-servers .venv-clients .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
