# Each target is all that it takes on a fresh Debian with make, git and
# Python 3.11 or newer: the rest is set up on the way, once, in .venv and
# .tox.

PYTHON ?= python3
ONLY ?=
EXAMPLES ?= 100000
VENV := .venv
NAMESPACES := valence oslo.db oslo.log oslo.messaging oslo.policy \
	oslo.service.service oslo.service.periodic_task

# Valence comes first: the option modules of the libraries would choose
# eventlet as the backend of oslo.service, and that choice is final.
GENERATOR := import valence; from oslo_config import generator; \
	generator.main()

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) \
		| sed -E 's/^([a-z0-9]+):.*## /\1\t/' | expand -t 12

.PHONY: test
test: $(VENV)/.tools packages ## Run all checks and tests
	@tools/run-tests.sh pep8 tests

.PHONY: pep8
pep8: $(VENV)/.tools ## Check style, types and import rules
	$(VENV)/bin/tox -e pep8

.PHONY: unit
unit: $(VENV)/.tools ## Run the unit tests
	@tools/run-tests.sh unit

.PHONY: functional
functional: $(VENV)/.tools packages ## Run the functional tests
	@tools/run-tests.sh functional

.PHONY: conformance
conformance: $(VENV)/.tools packages ## Write what each driver can do, by test
	CONFORMANCE_TABLE=write $(VENV)/bin/tox run -e functional -- \
		'test_the_documentation_tells_what_is_true'

.PHONY: fuzz
fuzz: $(VENV)/.tools ## Try more of what pod managers can say (EXAMPLES=number)
	FUZZ_EXAMPLES=$(EXAMPLES) $(VENV)/bin/tox run -e functional -- test_mutants

.PHONY: chaos
chaos: $(VENV)/.tools packages ## Run the fault matrix (ONLY=regex for some)
	CHAOS_SCALE=full $(VENV)/bin/tox run -e chaos -- '$(or $(ONLY),row)'

.PHONY: bench
bench: $(VENV)/.test packages ## Run the benchmarks (ONLY=group for some)
	$(VENV)/bin/python -m bench $(ONLY)

.PHONY: demo
demo: $(VENV)/.simulator ## Run Valence with a pod manager (ONESHOT=1: once)
	$(VENV)/bin/python tools/demo.py $(if $(filter-out 0,$(ONESHOT)),--oneshot)

.PHONY: docs
docs: $(VENV)/.tools ## Build the documentation as HTML
	$(VENV)/bin/tox -e docs

.PHONY: genconfig
genconfig: $(VENV)/.simulator ## Write etc/valence/valence.conf.sample
	mkdir -p etc/valence
	$(VENV)/bin/python -c '$(GENERATOR)' \
		$(addprefix --namespace ,$(NAMESPACES)) \
		--output-file etc/valence/valence.conf.sample

.PHONY: genpolicy
genpolicy: $(VENV)/.simulator ## Write etc/valence/policy.yaml.sample
	mkdir -p etc/valence
	$(VENV)/bin/oslopolicy-sample-generator --namespace valence \
		--output-file etc/valence/policy.yaml.sample

.PHONY: clean
clean: ## Remove everything that the targets have made
	rm -rf $(VENV) .tox .stestr .mypy_cache .ruff_cache \
		.import_linter_cache build dist ./*.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +

.PHONY: packages
packages: $(VENV)/.tools
	@tools/install-system-packages.sh test

$(VENV)/.tools: tools/make-venv.sh
	tools/make-venv.sh $(PYTHON) $(VENV)
	touch $@

$(VENV)/.test $(VENV)/.simulator: $(VENV)/.%: pyproject.toml $(VENV)/.tools
	$(VENV)/bin/pip install --quiet --editable '.[$*]'
	touch $@
