"""What `make test` runs: each part, although another failed; at the end where the time went, and how to run again what failed.

What passed here and is the same since then isn't run again (see unchanged.py), but where it is asked for by its chapter or room.

`python -m tests.support.everything CHAPTER ROOM [options of pytest]`: a chapter such as "07" or "07_prediction", a room of tests
such as "page", or "" for all.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from filelock import FileLock

from press.notebooks.chapters import CHAPTERS, ROOT, chosen, lacking
from tests.support import unchanged

PASSED = ROOT / "_build" / "passed"  # the commit that holds the files with which everything passed last
PYTEST = ".venv/bin/python -m pytest"
LIKELY_FIRST = "-p tests.support.session"
TESTS = f"{PYTEST} {LIKELY_FIRST}"
ROOMS = ("chapters", "engine", "judges", "page", "press", "tools")
# The other files of the own engine don't depend on it, but on Python: make test-own runs them too, and CI on three systems.
FREE_OF_IT = ("engine/test_data", "engine/test_engine", "engine/test_helpers", "judges/test_limits", "judges/test_slots_notebook",
              "judges/test_to_write", "press/test_effects", "tools/test_environment")  # fmt: skip
LEFT_OUT = " ".join(f"--ignore=tests/{name}.py" for name in FREE_OF_IT)
OWN = f"MLP_ENGINE=own {PYTEST} -n 0 {LIKELY_FIRST} -o cache_dir=.pytest_cache/own {LEFT_OUT}"  # with others beside it
MORE_OPTIONS = "PYTEST_ADDOPTS", "PYTEST_PLUGINS"  # variables of the environment that may leave tests out
NO_TESTS = 5  # the exit status of pytest where all of its tests rest
LONG_CELL, LONG_TEST = 20, 30  # seconds from which on a chapter's cell or another test is named


def git(*arguments):
    """What git prints; nothing if it fails, as in an unpacked archive."""
    return os.fsdecode(subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True).stdout)


def commands(chapter, room, options):
    """The commands that run everything, or what belongs to a chapter or to a room of tests, with options of pytest."""
    if chapter:
        [path] = chosen([chapter])
        tests = f"{TESTS} -k '{path.stem[:2]}_ or any_chapter' {options}"
        mistakes = f"{OWN} tests/judges -m mxnet_weekly {options}"
        return ["make style", "make site", mistakes, tests, *on_torch(path.stem[:2])]
    if room and room not in ROOMS:
        sys.exit(f"No room of tests is called {room}: give one of {', '.join(ROOMS)}.")
    if room == "chapters":
        return [f"{TESTS} chapters tests/chapters {options}", *on_torch("")]
    if room:
        with_own, with_site = [f"{OWN} tests/{room} {options}"] * (room in ("engine", "judges")), ["make site"] * (room == "page")
        return [*with_own, *with_site, f"{TESTS} tests/{room} {options}"]
    return ["make style", "make site", f"{OWN} tests {options}", f"{TESTS} {options}", *on_torch("")]


def on_torch(number):
    """What runs the chapters on PyTorch, if its environment is there and one of those with this number needs it."""
    needed = any(lacking(path) for path in CHAPTERS if path.stem.startswith(number))
    return ["make test-torch"] * (needed and (ROOT / ".venv-torch").exists())


def run_at_once(commands, fine):
    """Run commands at once; returns for each what `run` does. Tests that need the site wait for it: see `site_is_broken`."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
        if "make site" not in commands:
            return list(pool.map(run, commands, [fine] * len(commands)))
        site = os.environ["SITE_BUILT"] = str(Path(folder, "site"))
        with FileLock(f"{site}.lock"):
            running = [pool.submit(run, command, fine) for command in commands]
            failed, *_ = running[commands.index("make site")].result()
            Path(site).write_text("failed" if failed else "built", encoding="utf-8")
        return [one.result() for one in running]


def site_is_broken():
    """Whether `make site`, which runs beside the tests, fails. Waits for its end."""
    if "SITE_BUILT" not in os.environ:
        return False
    with FileLock(f"{os.environ['SITE_BUILT']}.lock"):
        return Path(os.environ["SITE_BUILT"]).read_text(encoding="utf-8") == "failed"


def run(command, fine):
    """Run a command. Returns what runs again what failed, or None, the seconds of each part of it, by name, and the failed tests.

    It failed if its exit status is none of `fine`. What pytest prints is shown as it comes, of other commands only if they fail.
    """
    with tempfile.TemporaryDirectory() as folder:
        failed, seconds = Path(folder, "failed"), Path(folder, "seconds")
        environment = {**os.environ, "FAILED_TESTS": str(failed), "TEST_SECONDS": str(seconds)}
        pipe, start = None if PYTEST in command else subprocess.PIPE, time.monotonic()
        done = subprocess.run(command, shell=True, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe and subprocess.STDOUT)
        has_failed = done.returncode not in fine
        if has_failed and pipe:
            print(done.stdout.decode(errors="replace"), flush=True)
        parts = {command: time.monotonic() - start} if pipe else {}
        if seconds.exists() and done.returncode in (0, 1):  # else pytest was cut short
            parts = json.loads(seconds.read_text(encoding="utf-8"))
        tests = failed.read_text(encoding="utf-8").splitlines() if failed.exists() else []
        return (again(command, tests) if has_failed else None), parts, tests


def again(command, failed):
    """The command itself, or if it is known which tests failed, the command that runs these."""
    tests = {re.sub(r"(\.ipynb)::.*|\[.*", r"\1", test) for test in failed}
    if len(tests) > 10:
        tests = {test.split("::")[0] for test in tests}
    return f"{command.partition(PYTEST)[0]}{PYTEST} -n 0 {shlex.join(sorted(tests))}" if tests else command


def print_times(parts):
    """Print where the time went: seconds by room of tests, and what takes long. `parts` are pairs of a name and its seconds."""
    rooms = {}
    for name, seconds in parts:
        rooms.setdefault(Path(name.split("::")[0]).parent.name if "::" in name else name, []).append(seconds)
    print("\nWhere the time went, with several at work at once:\n\npart            tests  seconds")
    for room, all_seconds in sorted(rooms.items(), key=lambda row: -sum(row[1])):
        print(f"{room:15} {len(all_seconds):5,} {sum(all_seconds):8,.0f}")
    for name, seconds in sorted(parts, key=lambda part: -part[1]):
        if "::" in name and seconds > (LONG_CELL if ".ipynb" in name else LONG_TEST):
            print(f"{seconds:.0f} s are long: {name}")


def main(chapter, room, *options):
    is_all = not any([chapter, room, *options, *map(os.environ.get, MORE_OPTIONS)])
    began = time.time()
    before = unchanged.hashes() if is_all else {}
    left_out = unchanged.unchanged(before)
    try:
        to_run = commands(chapter, room, shlex.join([*options, *(f"--ignore={name}" for name in left_out)]))
        results = run_at_once(to_run, (0, NO_TESTS) if left_out else (0,))
    except KeyboardInterrupt:
        sys.exit(130)
    print_times([part for _, parts, _ in results for part in parts.items()])
    if left_out:
        folders = Counter(str(Path(name).parent) if Path(name).suffix else name for name in left_out)
        rest = ", ".join(f"{folder} ({num_files})" for folder, num_files in folders.items())
        print(f"\nNOT RUN AGAIN, as nothing that it depends on has changed since it passed here, files of {rest}.")
        print(f"To run everything: rm {unchanged.KEPT.relative_to(ROOT)}, and make test.")
    if is_all and all(parts or not failed for failed, parts, _ in results):  # none was cut short
        unchanged.keep(before, began, *({test for result in results for test in result[i]} for i in (1, 2)))
    if failed := [command for command, *_ in results if command]:
        sys.exit("\n".join(["", "FAILED. To run just that again:", *failed]))
    if is_all and (commit := git("stash", "create") or git("rev-parse", "HEAD")):
        PASSED.write_text(commit.strip(), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
