# Every target makes what it needs first: on a fresh machine `make run` and `make test` are enough.
PYTHON ?= python3
BIN := .venv/bin
# Containers often set it; without compiled files each of the tests' processes reads all sources again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install setup tools run test check audit soak mutations bench translations sbom vulnerabilities lock format

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 17

install: ## .venv with what a server needs, and nothing else
	@PYTHON=$(PYTHON) sh tools/environment.sh requirements.txt

setup: ## .venv with what development needs too
	@PYTHON=$(PYTHON) sh tools/environment.sh requirements-dev.txt

tools: setup ## the system tools that the tests use, where they may be installed
	@sh tools/system.sh $(if $(CI),--required)

# It needs no more than a server does, and takes nothing from a developer.
run: $(if $(wildcard .venv/requirements-dev.txt),setup,install) ## everything on this machine: page, receiver, staff desk, sample sheet
	@$(BIN)/python build.py run

# The linters run beside the tests and have the last word, so that neither waits, and what they say is seen.
LINT := { $(BIN)/ruff format --check --quiet . || { echo "run: make format"; false; }; } \
	&& $(BIN)/ruff check --quiet . && $(BIN)/mypy --no-error-summary
BESIDE_LINT = @said=$$(mktemp); { $(LINT); } >$$said 2>&1 & $(1); tests=$$?; \
	wait $$!; lint=$$?; cat $$said; rm $$said; exit $$((tests | lint))

test: setup $(if $(CI),tools) ## the whole test suite
	@sh tools/system.sh --report
	$(call BESIDE_LINT,$(BIN)/pytest -n auto --dist worksteal -m "not soak")

check: setup ## lint, types and unit tests, in less than a minute
	$(call BESIDE_LINT,$(BIN)/pytest -n auto --dist worksteal -m "not browser and not slow and not soak")

audit: setup ## weight, speed, HTML and whether anybody is kept out of the page: a table, about 30 minutes
	@$(BIN)/python -m tests.audit

soak: setup ## the long fault tests, with their figures: about 20 minutes
	@$(BIN)/pytest -m soak

mutations: setup ## ten minutes of small changes to the program: which does no test notice?
	@$(BIN)/python -m tests.mutations

bench: setup ## a table of ratios
	@$(BIN)/python -m tests.benchmarks

translations: setup ## every string of code and templates into site/translations/*.po, what is new left empty
	@$(BIN)/python build.py translate

sbom: setup ## what a server installs and a page serves, as CycloneDX, in _build/sbom.json
	@$(BIN)/python tools/sbom.py _build/sbom.json

vulnerabilities: setup ## every locked part against what is known of it; needs the internet
	@$(BIN)/python tools/advisories.py

format: setup ## write the code as the linter wants it
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# What a server gets is a part of what the tests ran with: its file is cut from the other.
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header
lock: setup ## pin the newest versions that pyproject.toml allows
	@$(LOCK) --upgrade --group dev pyproject.toml -o requirements-dev.txt
	@$(LOCK) --upgrade --group install -o requirements-install.txt
	@cp requirements-dev.txt requirements.txt
	@$(LOCK) pyproject.toml -o requirements.txt
