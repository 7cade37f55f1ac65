# One verb, one target; `make` alone lists them.
PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run check lint test docs site openapi data wheel bench pins audit sbom image spectral types bucket

help:  ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# Pages that are being written on this machine may POST, from any port. A deployment says its own.
LOCAL_PAGES := http://localhost:*,http://127.0.0.1:*

run: $(VENV)/run.stamp  ## install, then serve the shipped table on 127.0.0.1:$(PORT)
	@echo 'Serving on http://127.0.0.1:$(PORT) (Ctrl-C stops it).'
	@PORT=$(PORT) SLANTWISE_CORS_ORIGINS=$${SLANTWISE_CORS_ORIGINS-$(LOCAL_PAGES)} \
	    exec $(BIN)/gunicorn --config service/gunicorn.conf.py

lint: $(VENV)/test.stamp  ## format, lint, types and layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# A file of tests at a time on each core, in the order of the folders.
PYTEST := $(BIN)/python -m pytest -n logical --dist loadfile --no-loadscope-reorder --doctest-modules service tests

check: lint  ## lint, doctests and the fast tests, in about a minute: what to run before a commit
	$(PYTEST) -m 'not slow'

test: lint spectral types bucket  ## everything: lint, doctests and all tests, with servers, a gateway and a browser
	tests/install-debian-packages
	$(PYTEST)

docs: $(VENV)/test.stamp  ## write every generated text: answers in the pages, figures of capacity, golden answers
	$(BIN)/python -m tools.texts
	@$(MAKE) --no-print-directory openapi

# The documents lie in the site as in the repository, so their links hold in both.
site: $(VENV)/test.stamp  ## build the documents as pages with a search into build/site
	@rm -rf build/pages && mkdir -p build/pages
	git ls-files '*.md' docs openapi.json LICENSE deploy | xargs cp --parents -t build/pages
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet

openapi: $(VENV)/run.stamp  ## write openapi.json from the code, and from it the types of the JavaScript client
	@mkdir -p build
	$(BIN)/python -m service openapi > build/openapi.json && mv build/openapi.json openapi.json
	@test ! -x $(TYPES) || $(TYPES) openapi.json --output clients/js/api.d.ts

data: $(VENV)/run.stamp  ## build the table from rater files and facts, record its changes (REASON=…, VERSION=… not out yet), check it
	$(BIN)/python -m service data build --reason "$$REASON" $(VERSION:%=--version %) --changelog CHANGELOG.md
	$(BIN)/python -m service data check
	$(BIN)/python -m service data snapshot

wheel: $(VENV)/test.stamp  ## build the package into dist/
	$(BIN)/python -m hatchling build -t wheel

bench: bench/.venv/stamp  ## measure beside the rivals; writes bench/RESULTS.md
	tests/install-debian-packages
	bench/.venv/bin/python -m bench

# A server of buckets for tests of archives; what it needs does not agree with the pins, so it lives by itself.
BUCKET := build/moto/bin/moto_server
bucket: $(BUCKET)
$(BUCKET): | $(VENV)/test.stamp
	$(PYTHON) -m venv build/moto
	$(call install,build/moto,'moto[server]==5.2.5')

# The linter of OpenAPI documents comes from npm; a machine without npm does without it, and its test says so.
SPECTRAL := build/spectral/node_modules/.bin/spectral
spectral: $(SPECTRAL)
$(SPECTRAL):
	-@command -v npm > /dev/null && npm install --silent --no-audit --no-fund --ignore-scripts \
	    --prefix build/spectral @stoplight/spectral-cli@6.16.3

# Types of the API for TypeScript, and the compiler that a test checks them with; from npm like the linter.
TYPES := build/types/node_modules/.bin/openapi-typescript
types: $(TYPES)
$(TYPES):
	-@command -v npm > /dev/null && npm install --silent --no-audit --no-fund --ignore-scripts \
	    --prefix build/types openapi-typescript@7.13.0 openapi-fetch@0.14.0 typescript@5.9.3

image: $(VENV)/run.stamp  ## build the image with buildah, serve from it as 10001 on a read-only root (root; BASE=debian: no registry)
	$(BIN)/python -m tools.image

$(VENV)/run.stamp: requirements.txt
	@echo 'Installing what the service runs on into $(VENV): about a minute, once.'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r $<
	@touch $@

# pip brings uv, which brings the rest in a third of pip's time. Where only pip knows a mirror, pip does it all.
install = $(BIN)/uv pip install --quiet --python $(1)/bin/python $(2) || $(1)/bin/python -m pip install --quiet $(2)
UV = sed -n '/^uv==/,/[^\\]$$/p' requirements/dev.txt
$(VENV)/test.stamp: requirements/dev.txt $(VENV)/run.stamp
	@echo 'Installing what the tests need into $(VENV): about a minute, once.'
	$(UV) > $(VENV)/uv.txt && $(PIP) install --require-hashes -r $(VENV)/uv.txt
	$(call install,$(VENV),--require-hashes -r $<)
	@touch $@

bench/.venv/stamp: requirements/bench.txt
	@echo 'Installing what the benchmarks need into bench/.venv: some minutes, once.'
	$(PYTHON) -m venv bench/.venv
	bench/.venv/bin/python -m pip install --disable-pip-version-check --require-hashes -r $<
	@touch $@

# New releases cool for a week before they are pinned. The names stand in pyproject.toml.
COOLED = $(shell date -u -d '7 days ago' +%Y-%m-%d)
PIN = $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url \
      --exclude-newer $(COOLED) --custom-compile-command 'make pins' pyproject.toml
BESIDE = --constraints requirements.txt

pins: $(VENV)/test.stamp  ## pin the names of pyproject.toml with hashes
	$(PIN) -o requirements.txt
	$(PIN) $(BESIDE) --extra bulk -o requirements/bulk.txt
	$(PIN) $(BESIDE) --extra limits -o requirements/limits.txt
	$(PIN) $(BESIDE) --extra mcp -o requirements/mcp.txt
	$(PIN) $(BESIDE) --extra otel -o requirements/otel.txt
	$(PIN) $(BESIDE) --all-extras --group dev -o requirements/dev.txt
	$(PIN) $(BESIDE) --extra bulk --group bench -o requirements/bench.txt

# Tools of the supply chain live in folders of their own; what they check is what the container installs.
TOOL = $(BIN)/uv tool run --exclude-newer $(COOLED)
audit: $(VENV)/test.stamp  ## compare the pinned packages with known vulnerabilities (needs the network)
	$(TOOL) pip-audit==2.10.0 --requirement requirements.txt --require-hashes --disable-pip --strict

sbom: $(VENV)/test.stamp  ## write build/sbom.json: everything the service runs on (CycloneDX)
	@mkdir -p build
	$(TOOL) --from cyclonedx-bom==7.4.0 cyclonedx-py requirements requirements.txt --output-reproducible -o build/sbom.json
