# The one front door: `make demo` and `make test` set up what they need in .venv first.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
CONTENT ?=

.PHONY: setup check format test demo docs bench connector lock clean
.DEFAULT_GOAL := setup

setup: $(VENV)/.ready  ## build .venv and install the pinned lock into it

$(VENV)/.ready: requirements-uv.lock requirements.lock requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Lockgate needs Python 3.11 or newer; say which: make setup PYTHON=python3.11")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r requirements.lock -r requirements-dev.lock
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --no-deps -e .
	@touch $@

format: setup  ## rewrite sources in the house format
	$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

check: setup  ## format, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: setup  ## the whole test suite
	$(BIN)/pytest -n 2 $(ARGS)

demo: setup  ## sandboxes, connections, one flow, a first sync, then watch until Ctrl-C; CONTENT=DIR for your own files
	$(BIN)/lockgate demo $(if $(CONTENT),--content $(CONTENT)) $(ARGS)

lock:  ## compile the locks anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --group dev -c requirements.lock -o requirements-dev.lock
	echo 'uv==0.13.9' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url - -o requirements-uv.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
