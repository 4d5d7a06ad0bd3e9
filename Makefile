# Two commands: `make lab` opens the course, `make test` proves it. Both install first; the second time that does nothing.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: install lab test

install: .venv/installed

.venv/installed: pyproject.toml
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "gradlab needs Python 3.11 or newer: make PYTHON=python3.11"'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet torch==2.13.0
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@

lab: install
	$(BIN)/gradlab lab

# Two processes; what shares a browser, a course or a database stays in one (tests/conftest.py).
# Real browsers, kernels and databases on a busy machine: a test has failed when it fails twice in a row.
test: install
	$(BIN)/python -m codespell_lib
	$(BIN)/gradlab build --check
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder --reruns 1
