# Every target makes what it needs first: on a fresh machine `make run` and `make test` are enough.
PYTHON ?= python3
BIN := .venv/bin
# Containers often set it; without compiled files each of the tests' processes reads all sources again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup tools run test check soak bench lock format

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: .venv/installed ## .venv with all Python parts

.venv/installed: requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit("Candle needs Python 3.11 or later") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@touch $@

tools: setup ## the system tools that the tests use, where they may be installed
	@sh tools/system.sh $(if $(CI),--required)

run: setup ## everything on this machine: page, receiver, staff desk, sample sheet
	@$(BIN)/python build.py run

test: setup $(if $(CI),tools) ## the whole test suite
	@sh tools/system.sh --report
	@$(MAKE) --no-print-directory lint
	@$(BIN)/pytest -n auto -m "not soak"

check: setup lint ## lint, types and unit tests, in less than a minute
	@$(BIN)/pytest -n auto -m "not browser and not slow and not soak"

.PHONY: lint
lint: setup
	@$(BIN)/ruff format --check --quiet . || { echo "run: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary

soak: setup ## the long fault tests, with their figures: about 20 minutes
	@$(BIN)/pytest -m soak

bench: setup ## a table of ratios
	@$(BIN)/python -m tests.benchmarks

format: setup ## write the code as the linter wants it
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: setup ## pin the newest versions that pyproject.toml allows
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --group dev pyproject.toml -o requirements-dev.txt
