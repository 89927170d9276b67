"""The plugin with which `make test` runs pytest: likely failures come first, and lines say how far it is and how long it takes.

A failure is shown when it happens. How many seconds each test took is kept for the next run.
"""

import functools
import json
import os
import re
import time
from pathlib import Path

import pytest

from press.notebooks.chapters import ROOT, code_cells, read_source
from press.notebooks.fingerprint import file_of, modules_for
from tests.support.everything import PASSED, git
from tests.support.unchanged import known

OWN = os.environ.get("MLP_ENGINE") == "own"
KEPT = ROOT / "_build" / ("seconds-own.json" if OWN else "seconds.json")
STEP = 0.1  # the share of the work after which a line says how far it is

before = known(KEPT)  # the seconds of each test in earlier runs
seconds = {}  # and in this one
names = set()  # of all tests
told = 0  # the share of the work that the last line told
start = time.monotonic()


# --- The order, which each worker computes for itself -----------------------------------------------------------------


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """First the files in which a test failed last, then what a change probably breaks, then what is quick, then what needs the
    site, and the notebooks at the end."""
    failed, files = {name.split("::")[0] for name in config.cache.get("cache/lastfailed", {})}, {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    places = {path: place(path, own) for path, own in files.items()}
    # The tests of a file stay together and in order, because those of a page find it as the ones before have left it.
    items.sort(key=lambda item: (item.nodeid.split("::")[0] not in failed, *places[item.path]))


def place(path, items):
    """Of what is likely or quick the shortest file comes first; of the others the longest, so that none is alone at the end."""
    likely, cost = is_likely(path), sum(before.get(item.nodeid, 0) for item in items)
    if path.parent.name == "page":  # it waits until the site is built
        return 2, not likely, -cost
    if likely:
        return 0, cost
    return (3, -cost) if path.suffix == ".ipynb" else (1, cost)


def is_likely(path):
    """Whether a file of tests has changed since all passed, imports a helper that has, or names another file that has."""
    if not changed():
        return False
    source = path.with_suffix(".md") if path.suffix == ".ipynb" else path
    text = source.read_text(encoding="utf-8")
    code = "\n".join(cell.source for cell in code_cells(read_source(path))) if path.suffix == ".ipynb" else text
    if changed() & {path, source, *map(file_of, modules_for(code))}:
        return True
    return any(re.search(rf"\b{re.escape(file.stem)}\b", text) for file in changed())


@functools.cache
def changed():
    """The files that differ from those with which everything passed last, or else from those of the last commit."""
    passed = PASSED.read_text(encoding="utf-8") if PASSED.exists() else "HEAD"
    named = git("diff", "--name-only", "-z", passed) + git("ls-files", "-z", "--others", "--exclude-standard")
    return {ROOT / name for name in named.split("\0") if name}


# --- How far it is, told by the process that hears of all tests -------------------------------------------------------


def pytest_collection_finish(session):
    names.update(item.nodeid for item in session.items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(ids):
    names.update(ids)


@pytest.hookimpl(wrapper=True)
def pytest_report_teststatus():
    """No dots."""
    category, *_ = yield
    return category, "", ""


def pytest_runtest_logreport(report):
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    seconds[report.nodeid] = seconds.get(report.nodeid, 0) + report.duration
    if report.failed:
        print(f"\nFAILED {report.nodeid}\n{report.longreprtext}", flush=True)
    if report.when == "teardown":
        tell()


def tell():
    """Say how far it is, after each tenth of the work, and if the seconds of an earlier run are known, how long it will take."""
    global told
    done = work(seconds) / (work(names) or 1)
    if done < told + STEP:
        return
    told = done
    minutes = (time.monotonic() - start) * (1 - done) / done / 60
    left = f", about {minutes:.0f} min left" if minutes > 1.5 else ", about a minute left"
    what = "tests on the own engine" if OWN else "tests"
    print(f"{done:4.0%}: {len(seconds):,} of {len(names):,} {what}{left * bool(before)}", flush=True)


def work(tests):
    return sum(before.get(name, 0) for name in tests) if before else len(tests)


def pytest_sessionfinish():
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(before | seconds, indent=0), encoding="utf-8")
    if "TEST_SECONDS" in os.environ:  # a file for what runs several sessions and sums them up
        Path(os.environ["TEST_SECONDS"]).write_text(json.dumps(seconds), encoding="utf-8")
