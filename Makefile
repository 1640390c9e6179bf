# `make serve` and `make test` set everything up in .venv and then do their job.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock
ARGS ?=

.PHONY: serve test test-dates bench schema lock clean

serve: $(VENV)/.serve
	$(BIN)/kpi serve $(ARGS)

test: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/ty check
	$(BIN)/lint-imports
	$(BIN)/python -m pytest $(ARGS)

# The suite on days that are awkward: four runs of the whole, so not part of every one.
test-dates: $(VENV)/.test
	PYTHON=$(BIN)/python tests/moved_clock/run $(ARGS)

bench: $(VENV)/.test
	$(BIN)/python -m pytest -m bench -s $(ARGS)

schema: $(VENV)/.test
	$(BIN)/python -m loaders.schema

lock: $(VENV)/.test
	$(PIP) uv
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
		--no-emit-index-url --no-header --no-annotate --quiet -o requirements.lock

$(VENV)/.serve: pyproject.toml requirements.lock
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) -e .
	touch $@

$(VENV)/.test: pyproject.toml requirements.lock
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) -e '.[dev]'
	touch $@ $(VENV)/.serve

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
