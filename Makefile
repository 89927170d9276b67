# Each target sets up its own prerequisites, and later runs reuse them. Needs make and any Python from 3.9 on.
export UV := $(shell command -v uv || echo .tools/uv)
PYTHON := .venv/bin/python
export JUPYTER_PLATFORM_DIRS := 1
# Where it is set, each of a hundred Pythons would compile every module again.
unexport PYTHONDONTWRITEBYTECODE
ON_TORCH = $(shell $(PYTHON) -m press.notebooks.chapters)
ROUNDS := 5

help:  ## list the targets
	@grep -E '^(# --- |[a-z-]+:.*##)' Makefile | sed -E 's/^# --- (.*[^-]) -*$$/\n\1/; s/:.*## /\t/' | expand -t 18

# Those that test have a machine each once a week, and the others that end by themselves share one: it shows that they still run.
# A new target with a comment `##` runs once a week by itself, unless it says *until Ctrl+C*. If it tests something, put it into TESTING.
TESTING := test flaky test-own test-torch test-browser test-weekly test-binder image links audit upgrades
OTHERS = $(filter-out $(TESTING) clean,$(shell grep -E '^[a-z-]+:.*\#\#' Makefile | grep -v 'until Ctrl+C' | sed 's/:.*//')) clean

targets:  ## list the targets that run once a week as JSON, by machine
	@printf '"%s"\n' $(TESTING) "$(OTHERS)" | paste -sd, | sed 's/.*/[&]/'

# --- Read and learn ---------------------------------------------------------------------------------------------------

book: .venv/ready  ## build the site from the committed notebooks into _build/html
	PRESS_RUN=0 .venv/bin/jupyter-book build . --all -W -n --keep-going -q
	@echo "Done. Read it in _build/html/index.html. To answer, drag and run what is in it: make serve"

serve: site  ## serve the site at http://127.0.0.1:8000, until Ctrl+C
	$(PYTHON) -m http.server 8000 --bind 127.0.0.1 --directory _build/site

# Only what the command line names: programs of the system read a variable called LANGUAGE too.
IN := $(if $(filter command%,$(origin LANGUAGE)),$(LANGUAGE))

# On the own engine, as `data` below: what is built is the same.
site: .venv/ready data  ## build the site with listings that run in the page, all dependencies included, into _build/site
	MLP_ENGINE=own COURSE_LANGUAGE=$(IN) .venv/bin/jupyter-book build . --path-output _build/pages$(IN:%=-%) --all -W -n --keep-going -q
	rm -rf _build/site$(IN:%=-%)
	mv _build/pages$(IN:%=-%)/_build/html _build/site$(IN:%=-%)

lab: .venv/ready data  ## open the chapters in JupyterLab, until Ctrl+C
	$(PYTHON) lab.py

messages: .venv/ready  ## write the texts as gettext catalogues into _build/messages, and those of make messages LANGUAGE=de into locale/de
	.venv/bin/jupyter-book build . --path-output _build/messages --builder custom --custom-builder gettext --all -W -n -q
	$(PYTHON) -m press.book.translation $(IN)

pdf: book browser  ## print the book into _build/mlp-from-scratch.pdf
	$(PYTHON) -m press.site.pdf _build/html _build/mlp-from-scratch.pdf

assignments: .venv/ready  ## write the course without its solutions, for a class, into _build/class.zip
	$(PYTHON) -m press.notebooks.assignments _build/class.zip

# --- Change something -------------------------------------------------------------------------------------------------

notebooks: .venv/ready data $(addsuffix /ready,$(wildcard .venv-torch))  ## run the notebooks whose code or helpers changed, refresh the others and the demonstration
	$(if $(wildcard .venv-torch),.venv-torch/bin/python -m press.notebooks.refresh $(ON_TORCH))
	$(PYTHON) -m tools.demonstration
	$(PYTHON) -m tools.notebooks $(CHAPTER)

pictures: .venv/ready browser  ## draw the stored pictures again, from web/hand and web/demo
	$(PYTHON) -m tools.hand
	$(PYTHON) -m tools.first_picture

test: .venv/ready data  ## run every check that a change must pass, and name all that failed: helpers, chapters (nbval), site
	-@$(MAKE) --no-print-directory browser
	@$(PYTHON) -m tests.support.everything "$(CHAPTER)" "$(ONLY)" $(PYTEST)

citation: .venv/ready  ## write .zenodo.json from CITATION.cff
	$(PYTHON) -m tools.citation

goals: .venv/ready  ## list each learning goal and each misconception with the questions, functions and checks that ask for it
	@$(PYTHON) -m press.notebooks.goals
	@$(PYTHON) -m press.notebooks.misconceptions

style: .venv/ready
	$(if $(wildcard .git),.venv/bin/pre-commit run --all-files,@echo "NOT RUN: style and spelling, which need git, and this folder is no checkout")

hooks: .venv/ready  ## check style and spelling before each commit
	.venv/bin/pre-commit install

test-own: .venv-own/ready  ## test helpers and chapters with the newest Python and NumPy and without MXNet
	MLP_ENGINE=own .venv-own/bin/python -m pytest $(if $(CHAPTER),-k $(firstword $(subst _, ,$(CHAPTER)))_) $(PYTEST)

flaky: ROUNDS := 10
flaky: .venv/ready data browser site  ## run what has a browser, server, thread or process in it again and again, on a slow, busy machine
	@$(PYTHON) -m tests.support.flaky $(ROUNDS) $(TESTS)

test-torch: .venv-torch/ready data  ## run the chapters on PyTorch, in an environment of its own
	.venv-torch/bin/python -m pytest -o addopts= -q -p no:cacheprovider --nbval --nbval-current-env --nbval-cell-timeout=300 $(ON_TORCH:%=chapters/%.ipynb)

test-browser: .venv/ready data browser firefox webkit site  ## run every chapter in its page, to the last cell, and test loading and errors there
	$(PYTHON) -m pytest -m "weekly or not weekly" -n 0 tests/page/test_chapters_run.py tests/page/test_chapters_weekly.py tests/page/test_course_runs.py tests/press/test_listings.py tests/press/test_loading.py tests/page/test_webkit.py $(PYTEST)

# --- Experiments whose results chapters read --------------------------------------------------------------------------

# These compute with one thread, on every machine.
baseline generalise stopping depth hyperparameters: export OMP_NUM_THREADS := 1

seeds: .venv/ready data  ## train the course's network forty times, for utils/results (8 minutes)
	$(PYTHON) -m tools.experiments.seeds

baseline: .venv/ready data  ## train the linear model and the network with ten seeds each, for utils/results (12 minutes)
	$(PYTHON) -m tools.experiments.baseline

generalise: .venv/ready data  ## measure which methods help a network with few images, for utils/results (7 minutes)
	$(PYTHON) -m tools.experiments.generalise

stopping: .venv/ready data  ## train the network of chapter 16 epoch by epoch, for web/demo (a minute)
	$(PYTHON) -m tools.experiments.stopping

bends: .venv/ready  ## train the eight bends of chapter 9 for 40,000 steps, for utils/results (a minute)
	$(PYTHON) -m tools.experiments.bends

depth: .venv/ready data  ## train one and two hidden layers with ten seeds each, for utils/results (5 minutes)
	$(PYTHON) -m tools.experiments.depth

hyperparameters: .venv/ready data  ## search for better hyperparameters, for utils/results (25 minutes)
	$(PYTHON) -m tools.experiments.hyperparameters

# --- Maintain: weekly, or now and then --------------------------------------------------------------------------------

test-weekly: .venv/ready data browser firefox webkit site  ## run the tests that need the network or take minutes: other platforms, Debian's package of the data, the chapters in JupyterLab
	$(PYTHON) -m pytest -m weekly $(PYTEST)
	MLP_ENGINE=own $(PYTHON) -m pytest chapters $(PYTEST)

test-binder: .venv/ready browser  ## run the steps of the Binder image's build without Docker, and open every chapter in its JupyterLab
	sh tools/setup/rehearse_binder.sh $(UV)

image: .venv/ready  ## build the Binder image with Docker, and import utils in it
	rm -rf _build/image && git clone -q . _build/image
	.venv/bin/repo2docker --no-run --image-name mlp-from-scratch _build/image
	docker image ls mlp-from-scratch
	docker run --rm mlp-from-scratch python -c "import utils; utils.fashion_mnist_arrays()"

links: .venv/ready  ## check every external link
	.venv/bin/sphinx-build -q -b linkcheck -c press/site/linkcheck . _build/links

audit: .venv/ready  ## check every pin for known vulnerabilities
	.venv/bin/pip-audit --strict --no-deps --disable-pip -r requirements-dev.txt

upgrades: .venv/ready  ## upgrade the pins as far as possible, and list the changes
	@sh tools/setup/pins.sh $(UV) --upgrade
	@git diff -U0 requirements-dev.txt tools/setup/uv.txt | sort -k1.2 | grep -oE '^[-+][a-z][^ ;]*==[^ ;]*' || echo "All pins are as new as pyproject.toml allows."

pins: .venv/ready  ## regenerate requirements*.txt from pyproject.toml
	sh tools/setup/pins.sh $(UV)

pyodide: .venv/ready  ## pin another version of Pyodide: make pyodide VERSION=0.27.7
	$(PYTHON) -m press.site.renew_pyodide $(VERSION)

pyodide-files: .venv/ready  ## keep the page's Python in _build/pyodide-files.zip, for make site PYODIDE_FILES=...
	$(PYTHON) -m press.site.downloads _build/pyodide-files.zip

kernel:  ## build the browser's matrix product from its C source, with Debian's clang-19 and lld-19
	sh utils/engine/wasm/build.sh

libraries:  ## build the scripts and fonts of others that pages load from npm's packages, with npm
	sh press/libraries/build.sh

screenshot: site browser  ## take the README's picture of a page at work, assets/page.png
	$(PYTHON) -m tools.screenshot

bench: .venv/ready data  ## time an epoch of the course's loop on both engines, in turns
	@for round in $$(seq $(ROUNDS)); do for engine in mxnet own; do MLP_ENGINE=$$engine $(PYTHON) -m tools.experiments.bench; done; done

clean:  ## remove what the targets made, the environments included, but not write/, which is yours
	rm -rf _build .venv .venv-own .venv-torch .tools .pytest_cache .ruff_cache chapters/.ipynb_checkpoints

# Prerequisites of the targets above

# The own engine, because it is imported in a moment and MXNet in seconds, and the data are the same.
data: .venv/ready
	@MLP_ENGINE=own $(PYTHON) -m tools.setup.data

browser: .venv/ready
	@$(PYTHON) -m tools.setup.install_browser

firefox: .venv/ready
	@$(PYTHON) -m tools.setup.install_browser firefox

webkit: .venv/ready
	@$(PYTHON) -m tools.setup.install_browser webkit

.venv/ready .venv-own/ready .venv-torch/ready:
	@python3 tools/setup/environment.py $(@D)

.PHONY: .venv/ready .venv-own/ready .venv-torch/ready help targets assignments citation goals style book site messages test flaky notebooks lab serve pyodide pyodide-files screenshot kernel libraries bench pdf pins clean data browser firefox webkit upgrades audit links test-binder image test-own test-torch test-weekly test-browser hooks seeds baseline bends generalise depth hyperparameters pictures
