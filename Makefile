SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed

# Every wheel of the embedded stack exists for Python 3.11 to 3.13: take the first of those that runs.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& echo "$$python" && exit; done; echo python3)

##@ Set up

.PHONY: help
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

.PHONY: install
install: $(INSTALLED) ## Make .venv and install what requirements.lock names (PYTHON=python3.12 picks the interpreter)

$(INSTALLED): requirements.lock
	@"$(PYTHON)" -c '' 2>/dev/null || { \
		echo "'$(PYTHON)' does not run here: install Python 3.11 or newer, or name one with make PYTHON=/path/to/python3." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "'$(PYTHON)' is older than Python 3.11: install 3.11 or newer, or name one with make PYTHON=/path/to/python3." >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' cannot make virtual environments: install its venv module (on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || "$(PYTHON)" -m venv --clear $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --offline --no-deps --python $(BIN)/python --editable .
	@touch $@

COMPILE = $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

.PHONY: lock
lock: $(INSTALLED) ## Write requirements.lock and the image's anew from pyproject.toml (UPGRADE=1 also moves every version forward)
	$(COMPILE) --all-extras --output-file requirements.lock pyproject.toml
	$(COMPILE) --constraints requirements.lock --output-file deploy/image/requirements.lock pyproject.toml
	$(COMPILE) --group console --output-file deploy/console/requirements.lock
	$(COMPILE) --group console-tests --constraints requirements.lock --output-file tests/console/requirements.lock

.PHONY: clean
clean: ## Remove .venv, the caches, the built console, and what the embedded stack has stored in .bihuan
	rm -rf deploy/console/dist deploy/console/node_modules
	rm -rf $(VENV) .bihuan .helm .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

##@ Change

.PHONY: fmt
fmt: $(INSTALLED) ## Format the code and mend what can be mended without thinking
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: lint
lint: $(INSTALLED) ## Check format, style, types, and who imports whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: audit
audit: $(INSTALLED) ## Look for secrets, faults of the image, and published vulnerabilities of dependencies (STRICT=1: fail where nobody knows)
	$(BIN)/python -m tests.security.secret_scan
	$(BIN)/hadolint --config deploy/image/hadolint.yaml deploy/image/Dockerfile
	STRICT=$(STRICT) $(BIN)/python -m tests.security.audit

.PHONY: test
test: $(INSTALLED) ## Run the tests in two processes, and the demo as its users see it (ARGS="-k breach" is passed on to pytest)
	$(BIN)/python -m pytest $(or $(ARGS),-n 2 --dist loadfile)
	$(if $(ARGS),,$(BIN)/python -m pytest -m live tests/live/test_story.py)

.PHONY: check
check: lint audit test check-console ## Everything a change has to pass: lint, audit, test, and the console's types, tests and weight

.PHONY: check-console
check-console: $(INSTALLED) ## Check the console's types, its tests that need no browser, and what a page of it weighs
	@$(BIN)/python -m deploy.build_console --check || test $$? -eq 3

.PHONY: test-console
test-console: $(INSTALLED) ## Run the tests of the console in Chromium, on two whole stacks (ARGS="-k queue" is passed on to pytest)
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
		echo "The console is tested in Chromium, which is not installed here: on Debian and Ubuntu, apt install chromium fonts-noto-cjk." >&2; exit 1; }
	@$(MAKE) -s console
	@$(BIN)/python -m pip install --disable-pip-version-check -q --require-hashes -r tests/console/requirements.lock
	$(BIN)/python -m pytest -m console tests/console $(or $(ARGS),-n 2 --dist loadfile)

.PHONY: screenshots
screenshots: ## Take the pictures that the READMEs show, of the console after the demo (needs Chromium, as test-console does)
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
		echo "The pictures are taken with Chromium, which is not installed here: on Debian and Ubuntu, apt install chromium fonts-noto-cjk." >&2; exit 1; }
	@$(MAKE) -s console
	@$(BIN)/python -m pip install --disable-pip-version-check -q --require-hashes -r tests/console/requirements.lock
	$(BIN)/python -m tests.console.pictures

.PHONY: live
live: $(INSTALLED) ## Run the tests that start the whole stack, two processes of each service, and kill every part of it
	$(BIN)/python -m pytest -m live $(ARGS)

.PHONY: test-deploy
test-deploy: $(INSTALLED) ## Run image and compose file in a Docker engine, and end every part of it (INSTALL=1: an engine from Debian's packages)
	INSTALL=$(INSTALL) $(BIN)/python -m pytest -m deploy -rs --durations=0 $(or $(ARGS),tests/deploy_live)

.PHONY: test-helm
test-helm: $(INSTALLED) ## Lint and render the chart with Helm, which it fetches, and check that against the schemas of Kubernetes
	@$(BIN)/python -m tests.deploy.helm_tools .helm || test $$? -eq 3
	HELM="$(or $(HELM),$(CURDIR)/.helm/helm)" KUBERNETES_SCHEMA="$(CURDIR)/.helm/kubernetes.json" \
		$(BIN)/python -m pytest -rs $(or $(ARGS),tests/deploy/test_helm.py tests/deploy/test_helm_rendered.py)

.PHONY: contracts
contracts: $(INSTALLED) ## Write docs/asyncapi.json, docs/openapi.json and the gateway's routes from the code
	$(BIN)/python -m deploy.contracts

.PHONY: catalogues
catalogues: $(INSTALLED) ## Carry changed English texts of notifications over into the other catalogues, for translators
	$(BIN)/python -m deploy.catalogues

.PHONY: docs
docs: $(INSTALLED) ## Build the site of the documentation into site/; a link that leads nowhere fails
	$(BIN)/zensical build --clean --strict -f mkdocs.yml

.PHONY: new-service
new-service: $(INSTALLED) ## Add a service made of deploy/template (NAME=what it is called)
	@test -n "$(NAME)" || { echo "What is it called? make new-service NAME=…" >&2; exit 1; }
	$(BIN)/python -m deploy.new_service "$(NAME)"

##@ Run

.PHONY: up
up: $(INSTALLED) ## Start the embedded stack: NATS, MongoDB, five services, the gateway and the staff console (Ctrl-C ends it)
	$(BIN)/python -m deploy.local up --console

.PHONY: console
console: $(INSTALLED) ## Build the staff console, with Node.js from PyPI (make up does so beside the stack)
	$(BIN)/python -m deploy.build_console

.PHONY: demo
demo: $(INSTALLED) ## Send sample tickets through the embedded stack
	$(BIN)/python -m deploy.local demo

.PHONY: trace
trace: $(INSTALLED) ## Show the trace of one ticket (TICKET=its number)
	@test -n "$(TICKET)" || { echo "Which ticket? make trace TICKET=its number" >&2; exit 1; }
	$(BIN)/python -m deploy.local trace "$(TICKET)"

##@ Deploy

VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
.PHONY: image
image: ## Build the image of the five services, with the staff console where that can be built (needs Docker; IMAGE=its name)
	@$(MAKE) -s console || echo "The image is built without the staff console." >&2
	docker build -f deploy/image/Dockerfile -t $(or $(IMAGE),bihuan:$(VERSION)) --build-arg VERSION=$(VERSION) \
		--build-arg REVISION="$$(git rev-parse HEAD 2>/dev/null || echo unknown)" .

.PHONY: sbom
sbom: $(INSTALLED) ## Write down what is in the image, as CycloneDX (OUT=its file)
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --mc-type application --output-reproducible \
		--output-file "$(or $(OUT),bihuan-$(VERSION).cdx.json)" deploy/image/requirements.lock

##@ Measure

.PHONY: bench
bench: $(INSTALLED) ## Measure throughput and latency (OUT=file.json keeps the figures)
	$(BIN)/python -m tests.bench $(if $(OUT),--out "$(OUT)")

.PHONY: bench-console
bench-console: ## Measure the console in Chromium, beside nothing else (needs what test-console needs)
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
		echo "The console is measured in Chromium, which is not installed here: on Debian and Ubuntu, apt install chromium fonts-noto-cjk." >&2; exit 1; }
	@$(MAKE) -s console
	@$(BIN)/python -m pip install --disable-pip-version-check -q --require-hashes -r tests/console/requirements.lock
	$(BIN)/python -m tests.console.bench

define EVAL
The data for measuring classification, search and log analysis is not part of this repository:
much of it may be measured with but not passed on. Public sets that fit, by their GitHub names:

  tickets, English     karolzak/support-tickets-classification   IT help desk tickets with topic and urgency
                       PolyAI-LDN/task-specific-datasets         BANKING77: 77 intents of customers
                       clinc/oos-eval                            CLINC150: intents, with questions out of scope
                       nlbse2024/issue-report-classification     bug, feature or question
  search, duplicates   av9ash/gitbugs                            bug reports and their duplicates, some in Chinese
                       taolei87/askubuntu                        similar questions
  questions, Chinese   IceFlameWorm/NLP_Datasets                 LCQMC, BQ and ATEC: pairs that mean the same, or not
  logs                 logpai/loghub-2.0                         log lines of 14 systems with their templates

Mind each set's own licence.
endef
export EVAL

DATA ?= $(wildcard ../shared/data)
.PHONY: eval
eval: $(INSTALLED) ## Measure diagnosis, reading and search (DATA=folder to learn from, TEST=folder to measure on, OUT=file.json)
	@$(BIN)/python -m tests.eval $(if $(DATA),--data $(DATA)) $(if $(TEST),--test $(TEST)) $(if $(OUT),--out "$(OUT)") \
		|| { test $$? -eq 3 && echo "$$EVAL"; }
	@test -n "$(DATA)" || { echo; echo "$$EVAL"; }

.PHONY: reading
reading: $(INSTALLED) ## Make the weights that messages are assessed by anew, of our own labelled messages in tests/data
	$(BIN)/python -m tests.eval.fit
