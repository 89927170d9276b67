"""Find tests that fail by chance: run them again and again, shuffled, in slow pages, beside busy processes.

`python -m tests.support.flaky ROUNDS [tests]`. It is also the plugin with which pytest runs each round. The environment variable
SEED repeats an order.
"""

import collections
import contextlib
import os
import random
import secrets
import shlex
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import psutil
import pytest

SLOWNESS = 4  # how many times as slow a page is
MOMENT = 0.01  # seconds that a page runs; then it stands still for SLOWNESS - 1 such moments
# What can fail by chance waits for something else. So the file of such a test, or its helpers, import what starts or drives it.
WAITS_FOR = ("subprocess", "threading", "concurrent", "asyncio", "socket", "http", "nbclient", "playwright", "press.browser")


def main(rounds, *tests):
    seed = int(os.environ.get("SEED") or secrets.randbelow(10**6))
    failed = collections.Counter()
    with neighbours(), slow_pages():
        for number in range(int(rounds)):
            print(f"\nRound {number + 1} of {rounds}. To repeat its order: SEED={seed + number}", flush=True)
            failed.update(one_round(seed + number, tests))
    if failed:
        names = shlex.join(sorted({test.split("[")[0] for test in failed}))
        counts = [f"{count} of {rounds} times: {test}" for test, count in failed.most_common()]
        command = f"make flaky SEED={seed} TESTS={shlex.quote(names)}"
        sys.exit("\n".join(["", "FAILED", *counts, "To run just that again:", command]))
    print(f"No test failed in {rounds} rounds.")


@contextlib.contextmanager
def neighbours():
    """One busy process for each core. It ends by itself when this process has ended."""
    busy = f"import os\nwhile os.getppid() == {os.getpid()}: pass"
    processes = [subprocess.Popen([sys.executable, "-c", busy]) for _ in range(os.cpu_count())]
    try:
        yield
    finally:
        for process in processes:
            process.kill()


@contextlib.contextmanager
def slow_pages():
    """Let each page, with its workers, run only now and then. Unlike a throttled one, a page that waits takes nothing."""
    end = threading.Event()
    thread = threading.Thread(target=run_now_and_then, args=(end,))
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()


def run_now_and_then(end):
    others, pages = set(), {}
    while not end.is_set():
        running = set(psutil.pids())
        others &= running  # a number is given again
        pages = {pid: page for pid, page in pages.items() if pid in running}
        for pid in running - others - set(pages):
            look_at(pid, others, pages)
        signal_all(pages.values(), "suspend")
        end.wait(MOMENT * (SLOWNESS - 1))
        signal_all(pages.values(), "resume")
        end.wait(MOMENT)


def look_at(pid, others, pages):
    """Sort a process: into `pages`, into `others`, or into neither, if it may become the process of a page."""
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        command = " ".join(process.cmdline())
        if "--type=zygote" in command:
            return
        if "--type=renderer" in command and os.getpid() in [parent.pid for parent in process.parents()]:
            pages[pid] = process
        else:
            others.add(pid)


def signal_all(processes, what):
    for process in processes:
        with contextlib.suppress(psutil.Error):  # it has ended
            getattr(process, what)()


def one_round(seed, tests):
    """The tests that fail in one round: of those whose names are given, or else of all that wait for something."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "failed")
        environment = {**os.environ, "SEED": str(seed), "FAILED_TESTS": str(report)}
        which = ["-m", "weekly or not weekly", *tests] if tests else ["--only-waiting", "tests"]
        many = ["-n", str(SLOWNESS * os.cpu_count())]  # what stands still leaves the processors to others
        done = subprocess.run([sys.executable, "-m", "pytest", "-p", "tests.support.flaky", *many, *which], env=environment)
        if done.returncode and not (report.exists() and report.read_text(encoding="utf-8")):
            sys.exit(done.returncode)  # pytest itself failed
        return report.read_text(encoding="utf-8").splitlines()


# --- The plugin -------------------------------------------------------------------------------------------------------


def pytest_addoption(parser):
    parser.addoption("--only-waiting", action="store_true", help="only tests with a browser, server, thread or process")


def pytest_runtest_logreport(report):
    if report.failed and "PYTEST_XDIST_WORKER" not in os.environ:
        print(f"\nfailed: {report.nodeid}\n{report.longreprtext}", flush=True)  # a round takes long


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Shuffle the files, and the tests of each: these stay together because they share a browser, and those of a state of a page
    (`there` of promises.py) because it is brought about once for all of them.
    """
    if config.option.only_waiting:
        items[:] = [item for item in items if waits(item)]
    order = random.Random(int(os.environ["SEED"]))
    order.shuffle(items)
    files = {item.path: order.random() for item in items}
    states = {state_of(item): order.random() for item in items}
    items.sort(key=lambda item: (files[item.path], states[state_of(item)]))


def state_of(item):
    return item.callspec.id if "there" in item.fixturenames else item.nodeid


def waits(item):
    """Whether a browser, server, thread or process is in a test, in another test of its file, or in a helper of the file."""
    found, new = set(), used(item.module)
    while new:
        found |= new
        helpers = {place for place in new if place.startswith(("press.", "tools.", "tests.support."))}
        new = set().union(*(used(sys.modules[place]) for place in helpers)) - found
    return "browser" in item.fixturenames or any(place.startswith(WAITS_FOR) for place in found)


def used(module):
    """The modules that a module imports, or from which it imports something, by name."""
    return {getattr(value, "__module__", None) or getattr(value, "__name__", "") for value in vars(module).values()}


if __name__ == "__main__":
    main(*sys.argv[1:])
