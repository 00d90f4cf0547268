PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
MINUTES ?= 30
BIN = .venv/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: serve test check bench nemesis peers validate

serve: .venv/serve.done
	@$(BIN)/studio serve --host $(HOST) --port $(PORT)

test: check
	@sh tests/system_packages.sh
	$(BIN)/python -m pytest --numprocesses auto tests/kernels tests/contracts
	$(BIN)/python -m pytest --ignore tests/kernels --ignore tests/contracts

check: .venv/test.done
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: .venv/test.done
	@for noun in heatmap characterize scan kernels choice scale; do $(BIN)/python benchmarks/bench_$$noun.py; done

# Real clients on a real server, and all that goes wrong: tests/nemesis says what.
nemesis: .venv/test.done
	@$(BIN)/python -m tests.nemesis --minutes $(MINUTES)

# An environment of its own: other simulators that Studio's models are held against, and the
# compilers of arrays that its engines are timed beside. Nothing that Studio needs to run.
peers: .venv-peers/peers.done

validate: peers
	@.venv-peers/bin/python benchmarks/validate_models.py

.venv-peers/peers.done: benchmarks/peers.txt setup.cfg pyproject.toml | .venv-peers/bin/python
	@echo "Installing Studio and its peers into .venv-peers (once, about 1.3 GB)"
	@$(subst .venv,.venv-peers,$(PIP)) --requirement benchmarks/peers.txt --editable .
	@touch $@

# A Python that was upgraded or removed leaves a .venv that cannot run: all of it is made anew.
ifneq ($(shell $(BIN)/python -c 'import pip' 2>/dev/null && echo whole),whole)
.PHONY: .venv/bin/python
endif

.venv/serve.done: setup.cfg pyproject.toml .venv/bin/python
	@echo "Installing Studio into .venv (once)"
	@$(PIP) --editable .
	@touch $@

.venv/test.done: setup.cfg pyproject.toml .venv/bin/python
	@echo "Installing Studio and its test tools into .venv (once)"
	@$(PIP) --editable '.[test]'
	@touch $@

.venv/bin/python .venv-peers/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Studio needs Python 3.11 or newer; name one with make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv module is missing: apt install python3-venv" >&2; exit 1; }
	@rm -rf $(@:/bin/python=) && $(PYTHON) -m venv $(@:/bin/python=)
