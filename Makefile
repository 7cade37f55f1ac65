# One verb, one target; `make` alone lists them.
PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test check lint data openapi bench pins

help:  ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/run.stamp  ## install, then serve the shipped table on 127.0.0.1:$(PORT)
	@PORT=$(PORT) exec $(BIN)/gunicorn --config service/gunicorn.conf.py

test: $(VENV)/test.stamp  ## install what tests need, then lint, types, layers and every test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

$(VENV)/run.stamp: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# New releases cool for a week before they are pinned.
COOLED = $(shell date -u -d '7 days ago' +%Y-%m-%d)
PIN = $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url \
      --exclude-newer $(COOLED) --custom-compile-command 'make pins'

pins: $(VENV)/test.stamp  ## pin the asked-for names with hashes
	$(PIN) requirements.in -o requirements.txt
	$(PIN) requirements-dev.in -o requirements-dev.txt
	$(PIN) requirements-bench.in -o requirements-bench.txt

bench: bench/.venv/stamp  ## measure beside the rivals; writes bench/RESULTS.md
	tests/install-debian-packages
	bench/.venv/bin/python -m bench

bench/.venv/stamp: requirements-bench.txt
	$(PYTHON) -m venv bench/.venv
	bench/.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
