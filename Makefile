# Two commands on a fresh machine with Python 3.11 and make: `make run`, `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS := 120
export OMP_NUM_THREADS ?= 2

.PHONY: help setup run test check bench clean

help:  ## Show what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "%-8s %s\n", $$1, $$2}'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; (3, 11) <= v < (3, 14) or sys.exit(f"cxnlp needs Python 3.11 to 3.13, this is {v[0]}.{v[1]}. Name another with: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing cxnlp into $(VENV) ..."
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo "Installing what training and tests need into $(VENV) ..."
	$(PIP) install --constraint constraints.txt --editable '.[train,orchestration]' $$($(BIN)/python -c 'import tomllib; print(*(d.replace(" ", "") for d in tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["dev"]))')
	@touch $@

setup: $(VENV)/.dev  ## Install everything that development needs

run: $(VENV)/.run  ## Tag the sample feedback into data/warehouse.duckdb
	$(BIN)/cxnlp run

test: $(VENV)/.dev check  ## Tests, type checks and lint
	$(BIN)/pytest -q

check: $(VENV)/.dev  ## Lint, types and layers only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(VENV)/.dev  ## Measure quality, speed, memory and start-up
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/tag.py
	$(BIN)/python benchmarks/quality.py

clean:  ## Remove the environment and what was made from the sample
	rm -rf $(VENV) data/warehouse.duckdb data/warehouse.duckdb.wal data/pseudonyms.key
