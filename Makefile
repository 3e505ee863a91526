# The Python, 3.11 or newer, that creates the virtual environment .venv.
PYTHON ?= python3
# The number of test processes of `make test` and `make test-live`. It may exceed the number of
# processors, because tests often wait for Pulumi.
WORKERS ?= 3

BIN := .venv/bin
INSTALLED := .venv/.installed
LOWEST := .venv-lowest
MAKEFLAGS += --no-print-directory

# Commands that follow this prefix run with the virtual environment and Pulumi on PATH.
with_env = path=$$($(BIN)/python tools/env.py) && eval "$$path" &&

# NO_MKDOCS_2_WARNING hides an announcement of Material for MkDocs that does not concern these pages.
build_docs = NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

.PHONY: help demo board demo-clean test test-lowest test-live soak bench docs lint generate sdks plugin dist env clean

# List the targets.
help:
	@awk '/^# /{about = about substr($$0, 2); next} \
	  /^[a-z-]+:/{if (about) printf "make %-11s%s\n", substr($$1, 1, index($$1, ":") - 1), about} \
	  {about = ""}' $(firstword $(MAKEFILE_LIST))

# Deploy the quickstart to a local sandbox with the real Pulumi; show and repair drift.
demo: $(INSTALLED)
	@$(with_env) python tools/demo.py

# Show the objects of `make demo` in a browser, and repair what you change there.
board: $(INSTALLED)
	@$(with_env) python tools/demo.py --board

# Destroy the resources of `make demo` and remove its files.
demo-clean: $(INSTALLED)
	@$(with_env) python tools/demo.py --clean

# Run the tests; no Datadog account is needed.
test: $(INSTALLED)
	@$(with_env) pytest -n $(WORKERS) --dist loadgroup tests

# Run the package's tests with the lowest versions of its dependencies that pyproject.toml allows.
test-lowest: $(LOWEST)/.installed
	@path=$$($(LOWEST)/bin/python tools/env.py) && eval "$$path" && \
	  pytest -n $(WORKERS) --dist loadgroup $(addprefix tests/,api cli components edits engine \
	  plugin resources sandbox state)

# Run the lifecycle tests against Datadog; needs DD_API_KEY and DD_APP_KEY.
test-live: $(INSTALLED)
	@for key in DD_API_KEY DD_APP_KEY; do \
	  if [ -z "$$(printenv $$key)" ]; then \
	    echo "error: $$key is not set: make test-live needs DD_API_KEY, DD_APP_KEY and," \
	      "outside US1, DD_SITE of a Datadog organisation" >&2; exit 2; fi; done
	@$(with_env) pytest -n $(WORKERS) --dist loadgroup tests --live

# Run the tests of crashes, faults and hostile values in their long form: 2 to 3 hours. With
# SOAK=--native, deployments use the native plugin.
soak: $(INSTALLED)
	@$(with_env) pytest -n 8 --dist loadgroup tests/proof --soak $(SOAK)

# Benchmark this project and its alternatives; BENCH=--help lists options for shorter runs.
bench: $(INSTALLED)
	@$(with_env) python -m benchmarks $(BENCH)

# Build the documentation into site/; warnings are errors. Works offline.
docs: $(INSTALLED)
	@$(build_docs)
	@echo "site/index.html"

# Check style, types, imports, generated files, workflows, docs and (with PyPI) vulnerabilities.
lint: $(INSTALLED)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/basedpyright
	@$(BIN)/lint-imports
	@$(BIN)/python -m tools.catalogue --check
	@$(BIN)/python -m tools.output_forms --check
	@$(BIN)/python -m tools.translations --check
	@$(BIN)/python -m tools.schema --check
	@$(BIN)/python -m tools.api_coverage --check
	@$(BIN)/python -m tools.docs.tables --check
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/zizmor --offline --quiet --min-severity medium .github
	@$(build_docs)
	@$(BIN)/python tools/audit.py

# Regenerate resources/__init__.py, arguments.py, lookups/outputs.py, plugin/schema.json, the examples
# in other languages (which needs Go if one has changed), docs/coverage.md and the tables of docs/.
generate: $(INSTALLED)
	@$(BIN)/python -m tools.catalogue
	@$(BIN)/python -m tools.output_forms
	@$(BIN)/python -m tools.translations
	@$(BIN)/python -m tools.schema
	@$(BIN)/python -m tools.api_coverage
	@$(BIN)/python -m tools.docs.tables

# Generate the SDKs of the native plugin for Python, TypeScript and Go into build/sdks; needs Go.
sdks: $(INSTALLED)
	@$(with_env) python -m tools.sdks build/sdks

# Build an archive of the native plugin for this machine and Python into dist/.
plugin: $(INSTALLED)
	@$(BIN)/python -m tools.plugin_archive dist

# Build wheel and sdist into dist/, and check their metadata.
dist: $(INSTALLED)
	@rm -rf dist
	@$(BIN)/python -m build --no-isolation --outdir dist . >/dev/null
	@$(BIN)/twine --no-color check --strict dist/*

# Print a command that puts Pulumi and all tools on PATH. Use: eval "$(make -s env)"
env: $(INSTALLED)
	@$(BIN)/python tools/env.py

# Remove everything that make created in this folder, but not the Pulumi in the user's cache.
clean:
	@if [ -e .demo ]; then $(MAKE) demo-clean; fi
	rm -rf .venv $(LOWEST) .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist site

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "error: $(PYTHON) is $$($(PYTHON) --version 2>&1): Python 3.11 or newer is needed;" \
	    "name one with make PYTHON=..." >&2; exit 2; }
	@echo "creating the virtual environment .venv, about a minute (only once)" >&2
	@$(PYTHON) -m venv --clear .venv >&2

$(INSTALLED): pyproject.toml constraints.txt $(BIN)/python
	@echo "installing this project and its tools into .venv" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --constraint constraints.txt --editable '.[dev]' >&2
	@# Pulumi's Python host looks for pulumi-plugin.json in site-packages. An editable installation
	@# does not put the file there. Without the file, each run warns that it uses the native plugin
	@# from PATH.
	@site=$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))') && \
	  mkdir -p "$$site/pulumi_datadog_cases" && \
	  cp provider/pulumi_datadog_cases/pulumi-plugin.json "$$site/pulumi_datadog_cases/"
	@touch $@

$(LOWEST)/.installed: pyproject.toml
	@echo "installing this project with the lowest allowed dependencies into $(LOWEST)" >&2
	@$(PYTHON) -m venv --clear $(LOWEST) >&2
	@$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check uv >&2
	@$(LOWEST)/bin/uv pip install --quiet --python $(LOWEST)/bin/python \
	  --resolution lowest-direct --editable '.[test]' >&2
	@touch $@
