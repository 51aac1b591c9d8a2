# What there is to do here; `make help` lists it. Every target sets up what it needs.

PYTHON ?= python3
PORT ?= 3000
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
WATCHED := $(VENV)/demo
KEPT = $(or $(KEEP),$(if $(WATCH),$(WATCHED)))
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
ONLY ?=
# One more than there are cores, since many tests wait; a file is one worker's, so that its tests may share a demo.
PYTEST := $(BIN)/python -m pytest --dist loadfile -n $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
STORED := tests/services tests/jobs/test_deliver.py tests/jobs/test_tick.py tests/jobs/test_posts.py \
	tests/jobs/test_reactions.py tests/jobs/test_backup.py tests/slack/test_many.py tests/test_story.py \
	tests/test_migrations.py
LOCKED := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help install demo test slow postgresql fuzz chaos check format bench screenshots gallery docs lock clean

help: ## List what there is to do
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

install: $(INSTALLED) ## Set up .venv with .venv/bin/baton

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { \
		echo "Baton needs Python 3.11, 3.12 or 3.13; $(PYTHON) is another. Name one: make $(or $(MAKECMDGOALS),install) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
		echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Setting up $(VENV), this once; it takes a minute or two, most of it in silence."
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: install ## Open Baton with a Slack on this machine (PORT=3000 KEEP=file LEADS=file.csv); WATCH=1 follows changes of the code
	$(if $(WATCH),rm -f $(WATCHED); $(BIN)/python -m tests.watch )$(BIN)/baton demo --port $(PORT)$(if $(KEPT), --keep "$(KEPT)")$(if $(LEADS), --leads "$(LEADS)")

test: install ## Run the suite, with branch coverage; then what rests most on the store, on PostgreSQL
	$(PYTEST) -m "not slow" --cov --cov-report=term:skip-covered
	BATON_TEST_STORE=postgresql $(PYTEST) -m "not slow" -q $(STORED)

slow: install ## Run the tests that take minutes
	$(PYTEST) -m slow

postgresql: install ## Run all that stores anything on PostgreSQL
	BATON_TEST_STORE=postgresql $(PYTEST) -m "not slow" -q tests/services tests/jobs tests/slack tests/attack \
		tests/http tests/test_story.py tests/test_bad_week.py tests/test_migrations.py tests/test_cli.py

fuzz: install ## Send ten thousand hostile requests to the bot (FUZZ=600)
	BATON_FUZZ=$(or $(FUZZ),10000) $(BIN)/python -m pytest -q -rP tests/http/test_hostile.py

chaos: install ## Kill the bot at random (KILLS=1000 STORE=sqlite|postgresql MODE=socket|http)
	@$(BIN)/python -m tests.chaos.kills --kills $(or $(KILLS),1000) --store $(or $(STORE),sqlite) --mode $(or $(MODE),socket)

check: install ## Run every static check
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -q tests/test_tooling.py

format: install ## Put the code into its form
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

bench: install ## Measure the speed; ONLY=tick runs one group. Writes bench.json
	$(BIN)/python -m tests.bench $(ONLY)

screenshots: install ## Draw the pictures of the README again
	BATON_SCREENSHOTS=.screenshots $(BIN)/python -m pytest -q tests/browser --ignore tests/browser/test_gallery.py
	for picture in $$(grep -o 'screenshots/[a-z-]*\.png' README.md | cut -d/ -f2 | sort -u); do \
		cp .screenshots/$$picture .github/screenshots/; done

gallery: install ## Draw every message, wide and narrow, light and dark, into .screenshots/gallery
	BATON_SCREENSHOTS=.screenshots $(BIN)/python -m pytest -q tests/browser/test_gallery.py

docs: install ## Write the pages that are made from the code again
	$(BIN)/python -m tests.pages

lock: ## Lock the dependencies again, and of these what the image installs (needs uv)
	$(LOCKED) --group dev -o requirements.lock
	$(LOCKED) --group build --constraint requirements.lock -o runtime.lock

clean: ## Remove what the targets made
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .screenshots bench.json
