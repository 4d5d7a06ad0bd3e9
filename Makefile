# Two commands: `make lab` opens the course, `make test` proves it. Both install first; the second time that does nothing.
# For those who change things: `make check` takes a minute; `make test-kernels` runs the answer bank on other processors' arithmetic;
# `make test-fuzz` gives a million inputs at random to all that reads hand-ins.

PYTHON ?= python3
BIN := .venv/bin
# Some images forbid Python to keep what it compiles, and each command would then compile 1,100 modules again: 1 s becomes 6.
unexport PYTHONDONTWRITEBYTECODE
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt

.PHONY: install install-test lab test check test-kernels test-fuzz constraints

install: .venv/installed

install-test: .venv/installed-test

.venv/bin/python:
	@command -v $(PYTHON) > /dev/null || { echo 'gradlab needs Python 3.11 to 3.14: install it, or name yours with  make PYTHON=…' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; (3, 11) <= sys.version_info < (3, 15) or sys.exit("gradlab needs Python 3.11 to 3.14, and %s is %d.%d: name another with  make PYTHON=python3.13" % (sys.executable, *sys.version_info[:2]))'
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || $(PYTHON) -c 'import sys; sys.exit("%s cannot make a virtual environment: run  sudo apt-get install python%d.%d-venv  and then the same command again." % (sys.executable, *sys.version_info[:2]))'
	@echo '1 of 4: a virtual environment in .venv'
	@$(PYTHON) -m venv .venv

# Without --no-compile the learner's environment would be a quarter larger; Python compiles what it imports.
.venv/installed: pyproject.toml constraints.txt | .venv/bin/python
	@echo '2 of 4: pip, the installer'
	@$(INSTALL) --quiet --upgrade pip
	@echo '3 of 4: PyTorch, which is half of everything (minutes on a slow line)'
	@$(INSTALL) --no-compile torch==2.13.0
	@echo '4 of 4: JupyterLab, matplotlib, SciPy and gradlab itself, 110 packages'
	@$(INSTALL) --no-compile --editable .
	@touch $@

.venv/installed-test: .venv/installed
	@echo 'And what teaching and testing need: 85 packages'
	@$(INSTALL) --editable '.[test]'
	@touch $@

lab: install
	@$(BIN)/gradlab lab

check: install-test
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/lint-imports
	$(BIN)/python -m codespell_lib
	$(BIN)/gradlab build --check
	$(BIN)/python -m pyright --pythonpath $(BIN)/python
	$(BIN)/python -m pytest -q -p no:cacheprovider tests/lessons/test_answers.py -k '[gradient-'

# Two processes; what shares a browser, a course or a database stays in one (tests/conftest.py).
test:
	@.ci/system-packages $(PYTHON)
	@$(MAKE) --no-print-directory install-test
	$(BIN)/python -m codespell_lib
	$(BIN)/gradlab build --check
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

test-kernels: install-test
	$(BIN)/python -m tests.kernels.run

# Inputs at random for all that reads hand-ins; --seed, --only: python -m tests.fuzz.run --help
COUNT ?= 1000000
test-fuzz: install-test
	$(BIN)/python -W ignore -m tests.fuzz.run --count $(COUNT)

# Every version of a release: what a new environment gets today, names and versions only.
constraints:
	.ci/renew-constraints $(PYTHON)
