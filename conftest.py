"""nbval compares the outputs of cells tagged `within-...` as tools/outputs.py says."""

import functools
import importlib.util

from tools.outputs import compare_within

# The chapter on PyTorch runs where PyTorch is, in an environment of its own (make test-torch).
collect_ignore = [] if importlib.util.find_spec("torch") else ["chapters/14_pytorch.ipynb"]


def pytest_terminal_summary(terminalreporter):
    for name in collect_ignore:
        terminalreporter.write_line(f"NOT RUN: {name} needs PyTorch, which this environment lacks: make test-torch")


def pytest_itemcollected(item):
    tags = item.cell.metadata.get("tags", []) if hasattr(item, "cell") else []
    for tag in tags:
        if tag.startswith("within-"):
            item.compare_outputs = functools.partial(compare_within, item, float(tag[len("within-") :]), item.compare_outputs)
