# The Python to make the virtual environment with, 3.11 or newer.
PYTHON ?= python3
# How many processes `make test` and `make test-live` run tests in; they often wait for Pulumi.
WORKERS ?= 3

BIN := .venv/bin
INSTALLED := .venv/.installed
MAKEFLAGS += --no-print-directory

# Runs the rest of a recipe's line with the virtual environment and Pulumi on PATH.
with_env = path=$$($(BIN)/python tools/env.py) && eval "$$path" &&

# Material's advertisement for what comes after MkDocs is no warning about these pages.
build_docs = NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

.PHONY: help demo board demo-clean test test-live soak bench docs lint generate dist env clean

# Say what can be made.
help:
	@awk '/^# /{about = about substr($$0, 2); next} \
	  /^[a-z-]+:/{if (about) printf "make %-11s%s\n", substr($$1, 1, index($$1, ":") - 1), about} \
	  {about = ""}' $(firstword $(MAKEFILE_LIST))

# Deploy the quickstart to a local sandbox with the real Pulumi, drift and repair included.
demo: $(INSTALLED)
	@$(with_env) python tools/demo.py

# Serve the board of what `make demo` deployed, and let Pulumi repair what is broken on it.
board: $(INSTALLED)
	@$(with_env) python tools/demo.py --board

# Destroy what `make demo` deployed and remove its files.
demo-clean: $(INSTALLED)
	@$(with_env) python tools/demo.py --clean

# Run the tests; no Datadog account is needed.
test: $(INSTALLED)
	@$(with_env) pytest -n $(WORKERS) --dist loadgroup tests

# Run the lifecycle tests against Datadog itself, with DD_API_KEY and DD_APP_KEY.
test-live: $(INSTALLED)
	@for key in DD_API_KEY DD_APP_KEY; do \
	  if [ -z "$$(printenv $$key)" ]; then \
	    echo "error: $$key is not set: make test-live works on a Datadog organisation with" \
	      "DD_API_KEY, DD_APP_KEY and, outside US1, DD_SITE" >&2; exit 2; fi; done
	@$(with_env) pytest -n $(WORKERS) --dist loadgroup tests --live

# Prove in an hour or two that nothing is lost or doubled, whatever fails; print the figures.
soak: $(INSTALLED)
	@$(with_env) pytest -n 8 --dist loadgroup tests/proof --soak

# Measure requests and seconds beside what would be used instead; BENCH=--help for smaller forms.
bench: $(INSTALLED)
	@$(with_env) python -m benchmarks $(BENCH)

# Build the documentation into site/, strictly; it needs no other host.
docs: $(INSTALLED)
	@$(build_docs)
	@echo "site/index.html"

# Check style, types, imports, workflows, what is generated and, where PyPI is reached, packages.
lint: $(INSTALLED)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/basedpyright
	@$(BIN)/lint-imports
	@$(BIN)/python -m tools.catalogue --check
	@$(BIN)/python -m tools.endpoints --check
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/zizmor --offline --quiet --min-severity medium .github
	@$(build_docs)
	@$(BIN)/python tools/audit.py

# Write what follows from the code: the list of resources, the README's table, docs/coverage.md.
generate: $(INSTALLED)
	@$(BIN)/python -m tools.catalogue
	@$(BIN)/python -m tools.endpoints

# Build wheel and sdist into dist/, and check what PyPI would show of them.
dist: $(INSTALLED)
	@rm -rf dist
	@$(BIN)/python -m build --no-isolation --outdir dist . >/dev/null
	@$(BIN)/twine --no-color check --strict dist/*

# Print what puts the environment on a shell's PATH: eval "$(make -s env)"
env: $(INSTALLED)
	@$(BIN)/python tools/env.py

# Remove all that make made in this folder; Pulumi stays in its cache.
clean:
	@if [ -e .demo ]; then $(MAKE) demo-clean; fi
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache dist site

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "error: $(PYTHON) is $$($(PYTHON) --version 2>&1): Python 3.11 or newer is needed;" \
	    "say where it is with make PYTHON=..." >&2; exit 2; }
	@echo "making the virtual environment .venv, about a minute, once" >&2
	@$(PYTHON) -m venv --clear .venv >&2

$(INSTALLED): pyproject.toml constraints.txt $(BIN)/python
	@echo "installing this project and its tools into .venv" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --constraint constraints.txt --editable '.[dev]' >&2
	@touch $@
