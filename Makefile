# Two commands do everything: `make lecture` builds, `make test` tests. Both set up what is missing first.
MAKEFLAGS += -rR
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
PROFILE ?= full
LECTURE ?=
INTO ?=
SCHEDULER ?=
TLS_CA ?=
TLS_CERT ?=
TLS_KEY ?=
WAIT ?= 30
PORT ?= 8000
TARGET ?=
DAYS ?= 30
MAX_SIZE ?= inf
SAMPLE ?= 5
VENV := .venv
RUN := $(VENV)/bin/python
LECTERN := $(RUN) -c 'from generator.__main__ import run; run()'  # as -m generator, without what -m imports
READY := $(VENV)/.ready
TEST_READY := $(VENV)/.ready-test
CLUSTER_READY := $(VENV)/.ready-cluster
PDF_READY := $(VENV)/.ready-pdf
PPTX_READY := $(VENV)/.ready-pptx
BENCH_READY := $(VENV)/.ready-bench
BUILDING := $(READY) $(if $(SCHEDULER),$(CLUSTER_READY))
TLS = $(if $(TLS_CA),--tls-ca $(TLS_CA)) $(if $(TLS_CERT),--tls-cert $(TLS_CERT)) $(if $(TLS_KEY),--tls-key $(TLS_KEY))
BUILD = $(LECTERN) build --profile $(PROFILE) $(if $(SCHEDULER),--scheduler $(SCHEDULER) --wait $(WAIT)) $(TLS) $(if $(DEBUG),--debug)

.PHONY: lecture pdf pptx watch gallery check why gc verify test bench golden clean help
.PHONY: setup setup-cluster setup-pdf setup-pptx setup-bench

lecture: $(BUILDING)  ## build slides, handout and notebook of every lecture (LECTURE=name, PROFILE=quick, DEBUG=1, SCHEDULER=tcp://…)
	@$(BUILD) $(LECTURE)

pdf: $(BUILDING) $(PDF_READY)  ## the same, with slides.pdf (a page a press) and handout.pdf besides
	@$(BUILD) --format pdf $(LECTURE)

pptx: $(BUILDING) $(PPTX_READY)  ## the same, with slides.pptx besides: PowerPoint, every text to be edited
	@$(BUILD) --format pptx $(LECTURE)

watch: $(READY)  ## build at every save, and show it in a browser at once: http://127.0.0.1:8000 (LECTURE=, PORT=, PROFILE=quick)
	@$(LECTERN) watch $(if $(filter-out full,$(PROFILE)),--profile $(PROFILE)) --port $(PORT) $(LECTURE)

gallery: $(READY)  ## build a page on each kind of figure, with examples: build/gallery/index.html (DEBUG=1)
	@$(LECTERN) gallery $(if $(DEBUG),--debug)

why: $(READY)  ## say what has changed of a figure or an experiment (TARGET=lecture:line, or its name; PROFILE=quick)
	@$(LECTERN) why --profile $(PROFILE) $(if $(TARGET),'$(TARGET)')

gc: $(READY)  ## remove results that no build has used for a month (DAYS=30, MAX_SIZE=2 for 2 GB, DRY_RUN=1)
	@$(LECTERN) gc --days $(DAYS) --max-size $(MAX_SIZE) $(if $(DRY_RUN),--dry-run)

verify: $(READY)  ## read every byte of the results that are kept, make some again, and compare (SAMPLE=5, PROFILE=quick)
	@$(LECTERN) verify --profile $(PROFILE) --sample $(SAMPLE)

check: $(TEST_READY)  ## judge the pages that are built, and picture them: build/<lecture>/check (LECTURE=name, INTO=build/quick)
	@$(LECTERN) check $(if $(INTO),--into $(INTO)) $(LECTURE)

test: $(TEST_READY)  ## check style, types and imports, and run every test
	@tests/run

bench: $(TEST_READY) $(CLUSTER_READY) $(BENCH_READY)  ## measure what builds and training cost, against a peer in the same run
	@$(LECTERN) build
	@for bench in tests/bench/bench_*.py; do echo "$$bench"; $(RUN) $$bench || exit 1; done

golden: $(TEST_READY)  ## write the expected error texts and tables anew (read them before you keep them)
	@GOLDEN=write $(RUN) -m pytest -q tests/commands/test_error_texts.py tests/lectures/test_course_text.py tests/figures/test_pictures.py tests/docs

setup-cluster: $(CLUSTER_READY)  ## install what SCHEDULER=… needs: Dask, also on the machines that work

setup: $(READY)  ## install what `make lecture` needs, and nothing else

setup-pdf: $(PDF_READY)  ## install what `make pdf` needs besides: Chromium

setup-pptx: $(PPTX_READY)  ## install what `make pptx` needs besides: python-pptx, resvg-py

setup-bench: $(BENCH_READY)  ## install what `make bench` needs besides: ninja and doit, which builds are measured against

$(READY): setup/requirements.txt setup/package-lock.json setup/setup.sh
	@setup/setup.sh lecture
	@touch $@

$(CLUSTER_READY): setup/requirements-cluster.txt $(READY)
	@setup/setup.sh cluster
	@touch $@

$(TEST_READY): setup/requirements-test.txt setup/package-lock.json setup/setup.sh $(READY)
	@setup/setup.sh test
	@touch $@

$(PDF_READY): setup/setup.sh $(READY)
	@setup/setup.sh pdf
	@touch $@

$(PPTX_READY): setup/requirements-pptx.txt setup/setup.sh $(READY)
	@setup/setup.sh pptx
	@touch $@

$(BENCH_READY): setup/requirements-bench.txt setup/setup.sh $(READY)
	@setup/setup.sh bench
	@touch $@

clean:  ## remove all pages and all results (what was set up stays)
	rm -rf build .lectern

help:  ## show this list
	@sed -nE 's/^([a-z-]+):.*## (.*)$$/make \1	\2/p' $(MAKEFILE_LIST) | expand -t 22
