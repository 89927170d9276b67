# Each target sets up what it needs; a second run finds it there. Needs git, make and any Python 3.
UV := $(shell command -v uv || echo .tools/bin/uv)
PYTHON := .venv/bin/python
export JUPYTER_PLATFORM_DIRS := 1

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

book: .venv/ready  ## build the site from the committed notebooks into _build/html
	.venv/bin/jupyter-book build . --all -W -n --keep-going -q
	@echo "Done. Open _build/html/index.html, or run: make serve"

test: .venv/ready data browser  ## run every check there is: helpers, chapters (nbval), book
	$(PYTHON) -m pytest $(PYTEST)

notebooks: .venv/ready data  ## run the notebooks whose code or helpers changed, refresh the others, and the demonstration
	$(PYTHON) tools/notebooks.py $(CHAPTER)
	$(PYTHON) tools/export_demo.py

lab: .venv/ready data  ## open the chapters in JupyterLab
	$(PYTHON) -m jupyter lab chapters

serve: book  ## serve the book at http://127.0.0.1:8000
	$(PYTHON) -m http.server 8000 --bind 127.0.0.1 --directory _build/html

bench: .venv/ready data  ## time an epoch: this course's loop, the original way, the floor
	$(PYTHON) tools/bench.py

pages: book browser  ## measure the pages as a phone on a slow network meets them
	$(PYTHON) tools/bench_pages.py

pdf: book browser  ## print the book into _build/mlp-from-scratch.pdf
	$(PYTHON) tools/pdf.py

pins: .venv/ready  ## renew requirements*.txt from pyproject.toml
	tools/pins.sh $(UV)

clean:  ## remove what the targets made, the environment included
	rm -rf _build .venv .tools .pytest_cache .ruff_cache chapters/.ipynb_checkpoints

.venv/ready: requirements-dev.txt pyproject.toml
	tools/environment.sh $(UV)
	@touch $@

data: .venv/ready
	@$(PYTHON) -c "import utils; utils.fashion_mnist_arrays(); print('Fashion-MNIST is at hand.')"

browser: .venv/ready
	@$(PYTHON) tools/browser.py

.PHONY: help book test notebooks lab serve bench pages pdf pins clean data browser
