# One verb, one target; `make` alone lists them.
PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test check lint data openapi spectral bench pins audit sbom

help:  ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/run.stamp  ## install, then serve the shipped table on 127.0.0.1:$(PORT)
	@PORT=$(PORT) exec $(BIN)/gunicorn --config service/gunicorn.conf.py

test: $(VENV)/test.stamp spectral  ## install what tests need, then lint, types, layers and every test
	tests/install-debian-packages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

openapi: $(VENV)/run.stamp  ## write openapi.json from the code
	@mkdir -p build
	$(BIN)/python -m service openapi > build/openapi.json && mv build/openapi.json openapi.json

# The linter of OpenAPI documents comes from npm; a machine without npm does without it, and its test says so.
SPECTRAL := build/spectral/node_modules/.bin/spectral
spectral: $(SPECTRAL)
$(SPECTRAL):
	-@command -v npm > /dev/null && npm install --silent --no-audit --no-fund --ignore-scripts \
	    --prefix build/spectral @stoplight/spectral-cli@6.16.3

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
	$(PIN) requirements-mcp.in -o requirements-mcp.txt
	$(PIN) requirements-otel.in -o requirements-otel.txt
	$(PIN) requirements-bulk.in -o requirements-bulk.txt
	$(PIN) requirements-dev.in -o requirements-dev.txt
	$(PIN) requirements-bench.in -o requirements-bench.txt

# Tools of the supply chain live in folders of their own; what they check is what the container installs.
TOOL = $(BIN)/uv tool run --exclude-newer $(COOLED)
audit: $(VENV)/test.stamp  ## compare the pinned packages with known vulnerabilities (needs the network)
	$(TOOL) pip-audit==2.10.0 --requirement requirements.txt --require-hashes --disable-pip --strict

sbom: $(VENV)/test.stamp  ## write build/sbom.json: everything the service runs on (CycloneDX)
	@mkdir -p build
	$(TOOL) --from cyclonedx-bom==7.4.0 cyclonedx-py requirements requirements.txt --output-reproducible -o build/sbom.json

bench: bench/.venv/stamp  ## measure beside the rivals; writes bench/RESULTS.md
	tests/install-debian-packages
	bench/.venv/bin/python -m bench

bench/.venv/stamp: requirements-bench.txt
	$(PYTHON) -m venv bench/.venv
	bench/.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

data: $(VENV)/run.stamp  ## build the table from rater files and facts, then check it
	$(BIN)/python -m service data build
	$(BIN)/python -m service data check
