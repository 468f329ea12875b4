# Everything from a bare clone: `make demo` runs the main job on the seed article, `make test` the
# tests. Both set up .venv by themselves; a second run starts at once.

# A python3 of a supported version, the newest first. Override with: make demo PYTHON=/path/to/python
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test test-models lint types contract check soak benchmarks clean constraints

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

demo: $(VENV)/.ready-labelstudio ## Run the main job end to end on the seed article
	@$(BIN)/curation demo $(DEMO)

test: $(VENV)/.ready-dev ## Run the tests, with a real Label Studio and a real browser
	@sh tests/browser.sh
	@$(BIN)/python -m pytest -n auto --dist loadgroup $(TEST)

test-models: $(VENV)/.ready-models ## Run the tests that need torch, transformers, GLiNER and spacy-llm
	@$(BIN)/python -m pytest $(or $(TEST),tests/models)

check: lint types contract ## Run every static check

lint: $(VENV)/.ready-dev ## Style
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.ready-dev ## Types, strict
	@$(BIN)/pyright

contract: $(VENV)/.ready-dev ## Which room may import which
	@$(BIN)/lint-imports

soak: $(VENV)/.ready-dev ## Long runs that are no part of the tests
	@$(BIN)/python -m benchmarks.soak

constraints: $(VENV)/.ready-dev ## Pin the newest versions that fit together
	@$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --upgrade \
		--no-header --no-annotate --no-emit-index-url -q -o constraints.txt

clean: ## Remove what was installed and made (a user's own runs stay)
	rm -rf $(VENV) dist build .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/uv:
	@test -n "$(PYTHON)" || { echo "curation needs Python 3.11, 3.12 or 3.13 with venv (Debian: apt-get install python3-venv); or: make demo PYTHON=/path/to/python" >&2; exit 1; }
	@echo "[1/2] a virtual environment with $$($(PYTHON) --version) in $(VENV)" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

# uv is quick; where it does not reach the index that pip is set up for, pip does the same.
define install
	@echo "[2/2] installing $(1): about 200 packages, 1 GB (spaCy, datasets, Label Studio and its SDK)" >&2
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install -c constraints.txt -e '.[$(1)]' \
		|| { echo "uv did not make it; the same with pip (some minutes)" >&2; $(BIN)/python -m pip install -c constraints.txt -e '.[$(1)]'; }
	@touch $@
endef

$(VENV)/.ready-labelstudio: $(VENV)/bin/uv pyproject.toml constraints.txt
	$(call install,labelstudio)

$(VENV)/.ready-dev: $(VENV)/bin/uv pyproject.toml constraints.txt
	$(call install,labelstudio$(comma)dev)
	@touch $(VENV)/.ready-labelstudio

# By pip, not uv: where a machine holds a CPU build of torch, pip is set up to find it.
$(VENV)/.ready-models: $(VENV)/.ready-dev
	@echo "installing torch, transformers, GLiNER and spacy-llm" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[transformers,gliner,llm]'
	@touch $@

comma := ,
