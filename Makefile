# homecare: set up, run, test. Every target sets up first, once, and may be called again at any time.
#
#   make setup    the environment only, in .venv; every other target does it first
#   make run      the baseline: Wiltshire at full size, into results/baseline
#   make test     the tests that take minutes, on two processes
#   make verify   the tests that take long; writes docs/verification-report.md
#   make lint     ruff
#   make bench    the benchmark
#   make docs     pages that are generated from the code
#   make clean    what these made, apart from results
#
# To choose an interpreter: make PYTHON_FOR_VENV=python3.12 run

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup run test verify lint bench docs clean

VENV := .venv
PYTHON := $(VENV)/bin/python
READY := $(VENV)/.ready
PYTHON_FOR_VENV ?=
PROCESSES ?= 2

help:
	@sed -n '2,/^$$/s/^# \{0,1\}//p' Makefile

setup: $(READY)

# The first interpreter that runs (a name on the path may be a shim without one behind it) and is 3.11 or newer.
$(READY): pyproject.toml constraints.txt constraints-3.12.txt
	@set -eu; \
	chosen=; \
	for name in $(PYTHON_FOR_VENV) python3.13 python3.12 python3.11 python3; do \
	    if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	        chosen="$$name"; break; \
	    fi; \
	done; \
	if [ -z "$$chosen" ]; then \
	    echo "homecare needs Python 3.11 or newer; none was found (Debian, Ubuntu: apt-get install python3)." >&2; exit 1; \
	fi; \
	if ! "$$chosen" -c 'import venv, ensurepip' >/dev/null 2>&1; then \
	    echo "$$chosen cannot make a virtual environment (Debian, Ubuntu: apt-get install python3-venv)." >&2; exit 1; \
	fi; \
	if ! "$(PYTHON)" -c 'import pip' >/dev/null 2>&1; then \
	    echo "Making $(VENV) with $$("$$chosen" --version)"; \
	    "$$chosen" -m venv --clear "$(VENV)"; \
	fi; \
	echo "Installing homecare and its libraries into $(VENV) (once, some minutes)"; \
	"$(PYTHON)" -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"; \
	if "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 12))'; then \
	    "$(PYTHON)" -m pip install --quiet --disable-pip-version-check -r constraints-3.12.txt; \
	fi; \
	touch "$(READY)"

run: $(READY)
	"$(PYTHON)" -m homecare run scenarios/baseline.yaml --out results/baseline

test: $(READY)
	"$(PYTHON)" -m pytest -n $(PROCESSES)

verify: $(READY)
	"$(PYTHON)" -m pytest -n $(PROCESSES) -m "slow or laws" --hypothesis-profile=thorough \
	    --verification-report=docs/verification-report.md

lint: $(READY)
	"$(PYTHON)" -m ruff check .

bench: $(READY)
	"$(PYTHON)" benchmarks/council.py

docs: $(READY)
	"$(PYTHON)" -m homecare.docs

clean:
	rm -rf "$(VENV)" dist build .pytest_cache .ruff_cache .hypothesis
	find sim tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
