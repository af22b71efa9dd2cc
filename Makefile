# leadstream: everything a stranger or a CI machine runs. Needs Python 3.11 or newer and make;
# the broker tests also need Java 17 with Maven, or Docker. `make` alone lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# `make -j clean test` must clean before it tests, and two set-ups must not share one .venv.
.NOTPARALLEL:
.DELETE_ON_ERROR:

# What the caller's shell has activated or put on its path must not reach in here.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV CONDA_PREFIX
# Workers are started some hundred times by the tests, and compiling all they import takes three
# seconds each time.
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export UV_PROJECT_ENVIRONMENT := $(CURDIR)/.venv
export UV_PYTHON := $(CURDIR)/.venv/bin/python
export UV_PYTHON_DOWNLOADS := never
export UV_COMPILE_BYTECODE := 1

UV_VERSION := 0.13.9
BIN := .venv/bin
STAMPS := .venv/stamps
PYTHON_CANDIDATES := python3.11 python3.12 python3.13 python3.14 python3

.PHONY: help setup demo test proof lint format lock bench soak clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: $(STAMPS)/synced ## Make .venv with everything in it (the other targets do it themselves)

demo: $(STAMPS)/synced ## Watch made-up leads become assignments (ARGS="--leads 50" for options)
	@$(BIN)/leadstream demo $(ARGS)

# Tests share the cores, each process with a broker of its own; ARGS replaces that, or -s would show
# nothing.
SHARED := --numprocesses auto --maxprocesses 4 --dist worksteal

test: $(STAMPS)/synced ## Run the tests, those on a real Kafka broker too, but for the slow ones (ARGS="-k name" for some)
	@$(BIN)/python -m tests.kafka_jars
	@$(BIN)/python -m pytest $(or $(ARGS),$(SHARED) -m "not slow")

proof: $(STAMPS)/synced ## Run the slow tests: kills, outages, floods (make test has the others; ARGS replaces this choice)
	@$(BIN)/python -m tests.kafka_jars
	@$(BIN)/python -m pytest $(or $(ARGS),$(SHARED) -m slow)

lint: $(STAMPS)/synced ## Check style, types and the arrows between packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m schemas check
	$(BIN)/python -m schemas compat

format: $(STAMPS)/synced ## Rewrite the sources in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(STAMPS)/uv-$(UV_VERSION) ## Write uv.lock anew after a change of dependencies, from the public index only
	env -u UV_INDEX -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL -u UV_DEFAULT_INDEX -u UV_FIND_LINKS \
	  $(BIN)/uv lock --no-config

bench: $(STAMPS)/synced ## Measure on this machine; each script prints its own numbers
	@for script in tests/bench/[a-z]*.py; do \
	  name=$${script##*/}; echo "== $${name%.py}"; $(BIN)/python -m "tests.bench.$${name%.py}"; \
	done

soak: $(STAMPS)/synced ## Kill, freeze and stop workers under load (ARGS="SECONDS EVERY RATE SEED")
	@$(BIN)/python -m tests.kafka_jars
	@$(BIN)/python -m tests.proof.chaos $(ARGS)

clean: ## Remove everything that the other targets made
	rm -rf .venv .cache dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name .git -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

# uv is not expected on the machine: pip brings a fixed version into .venv. Only pip knows the
# registry that the machine is set up for, so pip's own settings stand.
$(STAMPS)/uv-$(UV_VERSION):
	@python=""; \
	for candidate in $(PYTHON_CANDIDATES); do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    python=$$candidate; break; \
	  fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "leadstream needs Python 3.11 or newer, and none of these is: $(PYTHON_CANDIDATES)." \
	    "Install it (for example: apt install python3.11 python3.11-venv) and run make again." >&2; \
	  exit 1; \
	fi; \
	echo "Making .venv with $$($$python --version) ..."; \
	$$python -m venv --clear .venv || { \
	  echo "$$python could not make .venv; on Debian its venv package may be missing" \
	    "(apt install $$python-venv)." >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet "uv==$(UV_VERSION)"
	@mkdir -p $(STAMPS) && touch $@

# --inexact leaves uv in the environment that it fills. Where the addresses that uv.lock records are
# out of reach (a company mirror), pip takes the same versions and hashes by its own settings.
$(STAMPS)/synced: $(STAMPS)/uv-$(UV_VERSION) pyproject.toml uv.lock
	@echo "Installing the locked packages into .venv ..."
	@$(BIN)/uv sync --frozen --inexact --no-install-project --quiet || { \
	  echo "uv could not install from uv.lock's addresses; trying pip with its own settings ..." >&2; \
	  $(BIN)/uv export --frozen --quiet --no-emit-project --output-file $(STAMPS)/requirements.txt; \
	  $(BIN)/python -m pip install --quiet --require-hashes -r $(STAMPS)/requirements.txt; }
	@$(BIN)/python -m pip install --quiet --no-deps --editable .
	@$(BIN)/python -m compileall -q agents schemas streams
	@touch $@
