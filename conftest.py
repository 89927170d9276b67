"""nbval compares the outputs of cells tagged `within-...` as tests/support/compare.py says."""

import functools
import importlib.util

from tests.support.compare import compare_within, tolerance

# The chapter on PyTorch runs where PyTorch is, in an environment of its own (make test-torch).
collect_ignore = [] if importlib.util.find_spec("torch") else ["chapters/14_pytorch.ipynb"]


def pytest_terminal_summary(terminalreporter):
    for name in collect_ignore:
        terminalreporter.write_line(f"NOT RUN: {name} needs PyTorch, which this environment lacks: make test-torch")


def pytest_itemcollected(item):
    within = tolerance(item.cell.metadata.get("tags", [])) if hasattr(item, "cell") else None
    if within is not None:
        item.compare_outputs = functools.partial(compare_within, item, within, item.compare_outputs)
