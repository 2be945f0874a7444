# Two commands do everything: `make lecture` builds, `make test` tests. Both set up what is missing first.
MAKEFLAGS += -rR
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
PROFILE ?= full
LECTURE ?=
GIVEN ?=
INTO ?=
SCHEDULER ?=
TLS_CA ?=
TLS_CERT ?=
TLS_KEY ?=
WAIT ?= 30
PORT ?= 8000
TARGET ?=
DIR ?=
DAYS ?= 30
MAX_SIZE ?= inf
SAMPLE ?= 5
VENV := .venv
RUN := $(VENV)/bin/python
LECTERN := $(RUN) -c 'from generator.__main__ import run; run()'  # as -m generator, without what -m imports
BUILDING := setup $(if $(value SCHEDULER),setup-cluster)

# What a user writes behind a target is never shell text: $(call one,NAME) is the variable as one argument, whatever it
# holds, and $(call each,NAME) is an argument a name. $(value) leaves a dollar sign as it is.
define newline


endef
quoted = '$(subst ','\'',$(subst $(newline), ,$1))'
one = $(call quoted,$(value $1))
each = $(foreach name,$(value $1),$(call quoted,$(name)))
# What is exported would be expanded on its way.
unexport DIR PROFILE LECTURE GIVEN INTO SCHEDULER PORT TARGET DAYS MAX_SIZE SAMPLE DEBUG DRY_RUN PDF TLS_CA TLS_CERT TLS_KEY WAIT
TLS = $(if $(value TLS_CA),--tls-ca $(call one,TLS_CA)) $(if $(value TLS_CERT),--tls-cert $(call one,TLS_CERT)) \
  $(if $(value TLS_KEY),--tls-key $(call one,TLS_KEY))
PATHS = $(foreach path,$(value GIVEN),--given $(call quoted,$(path)))
BUILD = $(LECTERN) build --profile $(call one,PROFILE) $(PATHS) $(TLS) $(if $(value DEBUG),--debug) \
  $(if $(value SCHEDULER),--scheduler $(call one,SCHEDULER) --wait $(call one,WAIT))

.PHONY: lecture course new wheel pdf pptx site sheets book watch gallery check why gc verify test bench golden clean help
.PHONY: setup setup-cluster setup-pdf setup-pptx setup-bench setup-test

lecture: $(BUILDING)  ## build slides, handout and notebook of the lecture, or of another (LECTURE=name, GIVEN=name=/path, PROFILE=quick, DEBUG=1, SCHEDULER=tcp://…)
	@$(BUILD) -- $(call each,LECTURE)

course: $(BUILDING)  ## build every lecture of the course, and the site (PROFILE=quick, DEBUG=1)
	@$(BUILD) --all
	@$(LECTERN) site $(if $(filter-out full,$(value PROFILE)),--profile $(call one,PROFILE)) $(PATHS) $(if $(value DEBUG),--debug)

new: setup  ## write a course of your own into a new folder, which this clone builds (DIR=../my-course)
	@$(LECTERN) new -- $(if $(value DIR),$(call one,DIR))

wheel: setup-test  ## build dist/lectern-….whl, which pip installs where neither Node nor a clone is, and with it `lectern`
	@PYTHONPATH=setup $(RUN) -B -c 'import backend; print("wrote dist/" + backend.build_wheel("dist"))'

pdf: $(BUILDING) setup-pdf  ## the same, with slides.pdf (a page a press) and handout.pdf besides
	@$(BUILD) --format pdf -- $(call each,LECTURE)

pptx: $(BUILDING) setup-pptx  ## the same, with slides.pptx besides: PowerPoint, every text to be edited
	@$(BUILD) --format pptx -- $(call each,LECTURE)

site: setup  ## build what students may have, and nothing else, into build/site, to be published (PROFILE=quick, GIVEN=name=/path, DEBUG=1)
	@$(LECTERN) site $(if $(filter-out full,$(value PROFILE)),--profile $(call one,PROFILE)) $(PATHS) $(if $(value DEBUG),--debug)

sheets: setup  ## build a sheet of each lecture's exercises, with and without solutions: build/<lecture>/exercises.html (PROFILE=quick, GIVEN=name=/path, DEBUG=1)
	@$(LECTERN) sheets $(if $(filter-out full,$(value PROFILE)),--profile $(call one,PROFILE)) $(PATHS) $(if $(value DEBUG),--debug)

book: setup  ## build all lectures, and their handouts as one page: build/book.html (PDF=1 prints it, too; PROFILE=quick, GIVEN=name=/path, DEBUG=1)
	@$(LECTERN) book $(if $(value PDF),--pdf) $(if $(filter-out full,$(value PROFILE)),--profile $(call one,PROFILE)) $(PATHS) $(if $(value DEBUG),--debug)

watch: setup  ## build at every save, and show it in a browser at once: http://127.0.0.1:8000 (LECTURE=, PORT=, PROFILE=quick, GIVEN=name=/path)
	@$(LECTERN) watch $(if $(filter-out full,$(value PROFILE)),--profile $(call one,PROFILE)) --port $(call one,PORT) $(PATHS) -- $(call each,LECTURE)

gallery: setup  ## build a page on each kind of figure, with examples: build/gallery/index.html (DEBUG=1)
	@$(LECTERN) gallery $(if $(value DEBUG),--debug)

why: setup  ## say what has changed of a figure or an experiment (TARGET=lecture:line, or its name; PROFILE=quick, GIVEN=name=/path)
	@$(LECTERN) why --profile $(call one,PROFILE) $(PATHS) -- $(if $(value TARGET),$(call one,TARGET))

gc: setup  ## remove results that no build has used for a month (DAYS=30, MAX_SIZE=2 for 2 GB, DRY_RUN=1)
	@$(LECTERN) gc --days $(call one,DAYS) --max-size $(call one,MAX_SIZE) $(if $(value DRY_RUN),--dry-run)

verify: setup  ## read every byte of the results that are kept, make some again, and compare (SAMPLE=5, PROFILE=quick, GIVEN=name=/path)
	@$(LECTERN) verify --profile $(call one,PROFILE) --sample $(call one,SAMPLE) $(PATHS)

check: setup-test  ## judge the pages that are built, and picture them: build/<lecture>/check (LECTURE=name, GIVEN=name=/path, INTO=build/quick)
	@$(LECTERN) check $(PATHS) $(if $(value INTO),--into $(call one,INTO)) -- $(call each,LECTURE)

test: setup-test  ## check style, types and imports, and run every test
	@tests/run

bench: setup-test setup-cluster setup-bench  ## measure what builds and training cost, against a peer in the same run
	@$(LECTERN) build
	@for bench in tests/bench/bench_*.py; do echo "$$bench"; $(RUN) $$bench || exit 1; done

golden: setup-test  ## write the expected error texts and tables anew (read them before you keep them)
	@GOLDEN=write $(RUN) -m pytest -q tests/commands/test_error_texts.py tests/lectures/test_course_text.py tests/figures/test_pictures.py tests/docs

# setup.sh compares what is locked with what it has installed, by content, and is done in a moment if that is the same.
setup-cluster: setup  ## install what SCHEDULER=… needs: Dask, also on the machines that work
	@setup/setup.sh cluster

setup:  ## install what `make lecture` needs, and nothing else
	@setup/setup.sh lecture

setup-pdf: setup  ## install what `make pdf` needs besides: Chromium
	@setup/setup.sh pdf

setup-pptx: setup  ## install what `make pptx` needs besides: python-pptx, resvg-py
	@setup/setup.sh pptx

setup-bench: setup  ## install what `make bench` needs besides: ninja and doit, which builds are measured against
	@setup/setup.sh bench

setup-test: setup
	@setup/setup.sh test

clean:  ## remove all pages and all results (what was set up stays)
	rm -rf build dist .lectern

help:  ## show this list
	@sed -nE 's/^([a-z-]+):.*## (.*)$$/make \1	\2/p' $(MAKEFILE_LIST) | expand -t 22
