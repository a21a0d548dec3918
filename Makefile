# Everything on a fresh machine with Python 3.11, pip and make.
#   make demo    install, and tag an article with the shipped model
#   make test    install what the tests need, and run them
#   make check   lint, types, tests and the quality gate
#   make model   retrain models/default from labels.yaml and seeds/

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test check model lint clean

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/.installed: pyproject.toml setup.py $(wildcard tagger/kernel/*) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@

$(VENV)/.developed: $(VENV)/.tested
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

demo: $(VENV)/.installed
	$(BIN)/tagger tag --explain examples/sister-ports.txt

test: $(VENV)/.tested
	$(BIN)/python -m pytest --quiet

lint: $(VENV)/.developed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint test
	$(BIN)/tagger check
	$(BIN)/python bench/gate.py

model: $(VENV)/.installed
	$(BIN)/tagger train

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
