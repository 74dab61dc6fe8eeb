# Everything that is done here, on a machine that has Python 3.11 to 3.13 and make.
# `make` lists it. Whatever a target needs is put into .venv first, when it is missing or stale.

VENV := .venv
IN := $(VENV)/bin/python
PIP := $(IN) -m pip --disable-pip-version-check install -qq -c constraints.txt
MAKEFLAGS += --no-print-directory

# Scripts in an environment name the folder that they were installed in, so the marks do too:
# in a folder that was moved or copied they are missing, and the environment is made good.
HERE := $(shell pwd | cksum | cut -d' ' -f1)
RUNTIME := $(VENV)/runtime-$(HERE)
DEV := $(VENV)/dev-$(HERE)
ELSEWHERE = $(filter-out %-$(HERE),$(wildcard $(VENV)/runtime-* $(VENV)/dev-*))

# The first Python that will do; `make PYTHON=...` says which.
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
MINUTES ?= 60
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	$$python -c '$(FITS)' 2>/dev/null && echo $$python && break; done)

# An environment whose Python is gone, or was replaced by another version, is as good as missing.
$(shell $(IN) -c 'import pip' 2>/dev/null || rm -f $(IN) $(VENV)/runtime-* $(VENV)/dev-*)

.PHONY: help briefing test lab bench study torture lint check constraints clean

help:  ## list what can be made
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1@\2/p' $(MAKEFILE_LIST) | \
		while IFS=@ read -r target purpose; do printf '%-18s %s\n' "$$target" "$$purpose"; done

briefing: $(RUNTIME)  ## build briefings/cuba-venezuela.html; its path is the last line
	@$(VENV)/bin/rivals brief scenarios/cuba-venezuela

test: $(DEV)  ## run the tests (ARGS="-k words" for some of them)
	@PYTHONDONTWRITEBYTECODE= $(IN) -m pytest -n 2 --dist loadfile $(ARGS)

lab: $(RUNTIME)  ## open JupyterLab on the notebooks
	@$(IN) -m jupyter lab notebooks

bench: $(DEV)  ## time the engine against others (writes tests/benchmarks/results.json) and the briefing
	@$(IN) tests/benchmarks
	@$(IN) tests/benchmarks/briefing.py

study: $(DEV)  ## weigh 10,000 made worlds (20 minutes; ARGS="--worlds 200" is quick, its tables go to --out)
	@cd tests && ../$(IN) -m study $(ARGS)

torture: $(DEV)  ## fuzz, kill, crowd and starve it for an hour (MINUTES=10 for less, ARGS=kill for a part)
	@$(IN) tests/torture $(MINUTES) $(ARGS)

lint: $(DEV)  ## check style, format and types
	@$(IN) -m ruff check
	@$(IN) -m ruff format --check
	@$(IN) -m mypy

check: lint test  ## lint, then test

constraints: clean | $(IN)  ## pin what a clean install picks today; run it on the oldest Python
	@$(IN) -m pip install -qq 'pip>=25.1'
	@$(IN) -m pip install -qq 'jsonschema<4.25'    # later ones build a grammar at import: 1.4 s
	@$(IN) -m pip install -qq -e . --group dev
	@$(IN) -m pip freeze --exclude-editable > $(VENV)/constraints
	@mv $(VENV)/constraints constraints.txt

clean:  ## remove .venv and every cache; briefings stay
	@rm -rf $(VENV) .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): pyproject.toml constraints.txt | $(IN)
	@echo 'Installing what rivals needs into $(VENV): a minute or two, this once ...' >&2
	@$(PIP) -e .
	@rm -f $(ELSEWHERE) && touch $@

$(DEV): pyproject.toml constraints.txt | $(IN)
	@echo 'Installing rivals, tests and checks into $(VENV): a minute or two, this once ...' >&2
	@$(PIP) 'pip>=25.1'    # the first that knows dependency groups
	@$(PIP) -e . --group dev
	@rm -f $(ELSEWHERE) && touch $(RUNTIME) $@

$(IN):
	@$(or $(PYTHON),false) -c '$(FITS)' 2>/dev/null || { \
		echo 'rivals needs Python 3.11, 3.12 or 3.13, and found: $(or $(shell $(or $(PYTHON),python3) --version 2>/dev/null),none).' >&2; \
		echo 'Install one, or name one that is there: make PYTHON=/path/to/python3.12 ...' >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version) ..." >&2
	@$(PYTHON) -m venv --clear $(VENV) >&2 || { rm -rf $(VENV); \
		echo '$(PYTHON) cannot make a virtual environment: see above. On Debian and Ubuntu the package python3-venv is missing.' >&2; exit 1; }
