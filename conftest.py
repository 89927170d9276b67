"""Run the notebooks with pytest: compare outputs within the tolerance of a tag, on the engine that MLP_ENGINE selects."""

import functools
import importlib.util
import os
import re
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")  # set before NumPy and MXNet are loaded: pytest's workers share the cores

import utils
from tests.support.compare import compare_outputs, tolerance
from tools.notebooks.chapters import CHAPTERS, ROOT, needs_torch

OWN = utils.engine_name == "own"
if OWN:
    os.environ["MLP_ENGINE"] = "own"  # the kernels inherit it

# A chapter on PyTorch runs only where PyTorch is installed, in an environment of its own (make test-torch).
on_torch = [f"chapters/{path.stem}.ipynb" for path in CHAPTERS if needs_torch(path)]
collect_ignore = [] if importlib.util.find_spec("torch") else on_torch


# Seconds of processor time: the longest files start first, so that no worker is left alone with one at the end.
SECONDS = {"test_listings": 90, "test_pages": 75, "test_loading": 66, "test_jupyter": 20, "test_demo": 18, "test_problems": 14}


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: -SECONDS.get(item.path.stem, 25 if item.path.suffix == ".ipynb" else 8))


def pytest_xdist_auto_num_workers():
    """One worker more than cores, because workers wait for kernels and browsers; on the own engine, one for each core."""
    return len(os.sched_getaffinity(0)) + (not OWN) if hasattr(os, "sched_getaffinity") else None


def unneeded(name):
    """Whether a file is skipped: on the own engine, only tests whose results could differ there are run.

    The tests of fetching the data are run too with another Python, except on Windows: they cause faults by means of Unix.
    """
    differs = r"test_(engine|helpers|minibatches|numerics|problems|error_messages)\.py|.*\.ipynb"
    if sys.version_info >= (3, 12) and sys.platform != "win32":  # not the Python of the main environment
        differs += r"|test_data\.py"
    return OWN and not re.fullmatch(differs, name)


def pytest_ignore_collect(collection_path):
    return True if collection_path.is_file() and unneeded(collection_path.name) else None


def pytest_terminal_summary(terminalreporter):
    if files := [path.stem for path in sorted((ROOT / "tests").glob("test_*.py")) if unneeded(path.name)]:
        terminalreporter.write_line(f"NOT RUN on the own engine, only on MXNet: {', '.join(files)}")
    for name in collect_ignore:
        terminalreporter.write_line(f"NOT RUN: {name} needs PyTorch, which this environment lacks: make test-torch")
    failed = [report.nodeid for kind in ("failed", "error") for report in terminalreporter.stats.get(kind, [])]
    for name in sorted({name for nodeid in failed for name in re.findall(r"\b\d\d_[a-z_]+[a-z]", nodeid)}):
        terminalreporter.write_line(f"To fix {name}: edit chapters/{name}.md, then make notebooks CHAPTER={name[:2]}")


def pytest_itemcollected(item):
    if not hasattr(item, "cell"):
        return
    within = tolerance(item.cell.metadata.get("tags", []))
    item.compare_outputs = functools.partial(compare_outputs, item, within, item.compare_outputs)
    if item.cell.source.startswith("needs_mxnet("):
        item.options["check_exception"] = OWN
        if OWN:
            item.options["check"], item.compare_outputs = True, left_out


def left_out(outputs, stored, skip_compare=None):
    """Whether LeftOut is the only output of a cell that needs MXNet."""
    return [output.get("ename") for output in outputs] == ["LeftOut"]
