.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
POSTGRES ?= embedded

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | column -t -s '|'

up: .venv/ready ## Start everything on this machine, with an invented county to look at
	@$(BIN)/casefile up

test: .venv/ready-dev lint ## Check the code and run the tests
	$(BIN)/pytest -n 2 --postgres=$(POSTGRES) -m "not slow"

test-slow: .venv/ready-dev ## Run the long forms of the tests
	$(BIN)/pytest --postgres=$(POSTGRES) -m slow

test-debian: .venv/ready-dev ## Run the tests of the log on Debian's PostgreSQL
	$(BIN)/pytest -n 2 --postgres=debian -m "not slow" tests/casefile/log tests/casefile/application

lint: .venv/ready-dev ## Format, lint, types, layers
	$(BIN)/ruff format --check . && $(BIN)/ruff check .
	$(BIN)/mypy services tools
	$(BIN)/lint-imports

format: .venv/ready-dev ## Put the code in form
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bars: .venv/ready-dev ## Measure everything side by side and say which bars hold
	$(BIN)/python -m bench.bars

schemas: .venv/ready-dev ## Write the schemas of the records from their types
	$(BIN)/python -m tools.schemas && $(BIN)/python -m tools.golden && $(BIN)/python -m tools.messages

screenshots: .venv/ready-dev ## Take the pictures of the console that the documents show
	$(BIN)/python -m tools.screenshots

lock: .venv/ready-dev ## Lock the dependencies anew, with hashes and without addresses
	$(BIN)/python -m tools.lock

clean: ## Remove what was built, but not the data
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache bench/out

.venv/python:
	$(PYTHON) -m venv .venv
	@touch $@

.venv/ready: .venv/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.PHONY: help up test test-slow test-debian lint format bars schemas screenshots lock clean
