"""Run the notebooks with pytest: compare outputs within the tolerance of a tag, on the engine that MLP_ENGINE selects."""

import functools
import os
import re
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from jupyter_client.provisioning import KernelProvisionerFactory

os.environ.setdefault("OMP_NUM_THREADS", "1")  # set before NumPy and MXNet are loaded: pytest's workers share the cores

import utils
from press.notebooks.chapters import CHAPTERS, ROOT, lacking
from tests.support.compare import compare_outputs, tolerance

OWN = utils.engine_name == "own"
if OWN:
    os.environ["MLP_ENGINE"] = "own"  # the kernels inherit it

SECONDS = 300  # that a busy machine may need for the start of a kernel, or for an output

# A chapter that imports what is not installed here, as PyTorch, runs in an environment of its own (make test-torch).
lacks = {f"chapters/{path.stem}.ipynb": lacking(path) for path in CHAPTERS}
collect_ignore = [name for name, packages in lacks.items() if packages]
if sys.platform == "win32":
    collect_ignore.append("tests/engine/test_data.py")  # it causes faults by means of Unix


def pytest_configure(config):
    config.option.nbval_kernel_startup_timeout = SECONDS  # nbval waits for one minute


def pytest_xdist_auto_num_workers():
    """One worker more than cores, because workers wait for kernels and browsers; on the own engine, one for each core."""
    return len(os.sched_getaffinity(0)) + (not OWN) if hasattr(os, "sched_getaffinity") else None


def only_on_mxnet(path):
    """Whether the own engine leaves out a file of tests: one without the marker. It isn't imported, since it may need more."""
    return OWN and path.match("tests/*/test_*.py") and "pytest.mark.own_engine" not in path.read_text(encoding="utf-8")


def pytest_ignore_collect(collection_path):
    return True if only_on_mxnet(collection_path) else None


def pytest_terminal_summary(terminalreporter):
    if files := [path.stem for path in sorted((ROOT / "tests").glob("*/test_*.py")) if only_on_mxnet(path)]:
        terminalreporter.write_line(f"NOT RUN on the own engine, only on MXNet: {', '.join(files)}")
    for name in collect_ignore:
        packages = ", ".join(lacks.get(name, []))
        reason = f"{packages}, which this environment lacks: make test-torch" if packages else "Unix"
        terminalreporter.write_line(f"NOT RUN: {name} needs {reason}")
    failed = [report.nodeid for kind in ("failed", "error") for report in terminalreporter.stats.get(kind, [])]
    for name in sorted({name for nodeid in failed for name in re.findall(r"\b\d\d_[a-z_]+[a-z]", nodeid)}):
        terminalreporter.write_line(f"To fix {name}: edit chapters/{name}.md, then make notebooks CHAPTER={name[:2]}")
    if "FAILED_TESTS" in os.environ:  # a file for what runs several sessions and sums them up
        Path(os.environ["FAILED_TESTS"]).write_text("\n".join(failed), encoding="utf-8")


def pytest_itemcollected(item):
    if not hasattr(item, "cell"):
        return
    item.output_timeout = SECONDS  # nbval waits for five seconds
    within = tolerance(item.cell.metadata.get("tags", []))
    item.compare_outputs = functools.partial(compare_outputs, item, within, item.compare_outputs)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    """Tell a notebook's kernel its name, as Jupyter does: record.py notes no answer of a notebook with solutions.

    With MXNet, whose import takes most of a kernel's start, it is a copy (see kernels.py).
    """
    with pytest.MonkeyPatch.context() as patch:
        if hasattr(item, "cell"):
            patch.setenv("JPY_SESSION_NAME", str(item.path))
            if not OWN:
                factory = KernelProvisionerFactory.instance()
                copied = EntryPoint("copied", "tests.support.kernels:Copied", factory.GROUP_NAME)
                patch.setitem(factory.provisioners, "local-provisioner", copied)
        return (yield)
