# The Python to make the virtual environment with, 3.11 or newer.
PYTHON ?= python3
# How many processes `make test` and `make test-live` run tests in; they often wait for Pulumi.
WORKERS ?= 3

BIN := .venv/bin
INSTALLED := .venv/.installed
MAKEFLAGS += --no-print-directory

# Runs the rest of a recipe's line with the virtual environment and Pulumi on PATH.
with_env = path=$$($(BIN)/python tools/env.py) && eval "$$path" &&

.PHONY: help demo demo-clean test test-live soak lint env clean

# Say what can be made.
help:
	@awk '/^# /{about = about substr($$0, 2); next} \
	  /^[a-z-]+:/{if (about) printf "make %-11s%s\n", substr($$1, 1, index($$1, ":") - 1), about} \
	  {about = ""}' $(firstword $(MAKEFILE_LIST))

# Deploy the quickstart to a local sandbox with the real Pulumi, drift and repair included.
demo: $(INSTALLED)
	@$(with_env) python tools/demo.py

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

# Prove in an hour that nothing is lost or doubled, whatever fails; print the figures.
soak: $(INSTALLED)
	@$(with_env) pytest tests/proof --soak

# Check style, types, who imports whom, docs/coverage.md and, where PyPI is reached, vulnerabilities.
lint: $(INSTALLED)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/basedpyright
	@$(BIN)/lint-imports
	@$(BIN)/python tools/endpoints.py --check
	@$(BIN)/python tools/audit.py

# Print what puts the environment on a shell's PATH: eval "$(make -s env)"
env: $(INSTALLED)
	@$(BIN)/python tools/env.py

# Remove all that make made in this folder; Pulumi stays in its cache.
clean:
	@if [ -e .demo ]; then $(MAKE) demo-clean; fi
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

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
