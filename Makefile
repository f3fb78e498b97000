# Everything goes through dev.py: it makes a private environment and asks nothing else of the machine.
PYTHON ?= python3
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test check machine bench lock format clean

help:  ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

demo:  ## the whole site with example content on http://localhost:8000 (PORT= changes it)
	@$(PYTHON) dev.py demo $(ARGS)

test:  ## the whole suite on SQLite and on a throw-away PostgreSQL (ARGS= goes to pytest)
	@$(PYTHON) dev.py test $(ARGS)

check:  ## formatting, lint, floors, types, migrations, translations, deployment
	@$(PYTHON) dev.py check $(ARGS)

machine:  ## 2,000 random sequences of 50 steps through every rule of enrolment, on both databases
	@$(PYTHON) dev.py machine $(ARGS)

bench:  ## the benchmarks, one JSON line per figure
	@$(PYTHON) dev.py bench $(ARGS)

format:  ## format the Python code
	@$(PYTHON) dev.py run -m ruff format .
	@$(PYTHON) dev.py run -m ruff check --fix --quiet .

lock:  ## write the requirements files from pyproject.toml (ARGS=--upgrade for newer versions)
	@$(PYTHON) dev.py lock $(ARGS)

clean:  ## throw the environment and the demo's data away
	rm -rf .venv .uv var
