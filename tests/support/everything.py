"""What `make test` runs: each part although another failed, and at the end how to run just what failed again.

`python -m tests.support.everything "" [options of pytest]`, or "07" or "07_prediction" instead of "" for one chapter.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.notebooks.chapters import CHAPTERS, ROOT, chosen, needs_torch

PYTEST = ".venv/bin/python -m pytest"
# The other files of the own engine don't depend on it, but on Python: make test-own runs them too, and CI on three systems.
FREE_OF_IT = ("engine/test_data", "engine/test_helpers", "page/test_effects", "judges/test_slots_notebook")
LEFT_OUT = " ".join(f"--ignore=tests/{name}.py" for name in FREE_OF_IT)
OWN = f"MLP_ENGINE=own {PYTEST} tests {LEFT_OUT}"


def run_everything(options):
    """Run all parts, and return the commands that run just what failed again. `options` are added to pytest's."""
    # The site is built on one core. What needs no site keeps the others busy.
    failed = run_beside_the_site("make style", f"{OWN} {options}")
    return failed + run(f"{PYTEST} {options}") + (run("make test-torch") if on_torch("") else [])


def run_chapter(name, options):
    [path] = chosen([name])
    chapter = path.stem[:2]
    failed = run_beside_the_site("make style")
    failed += run(f"{PYTEST} -k '{chapter}_ or any_chapter' {options}")
    return failed + (run("make test-torch") if on_torch(chapter) else [])


def run_beside_the_site(*commands):
    """Build the site while other commands run. The tests of a site that can't be built fail with one sentence."""
    failed = run("make site", *commands)
    if "make site" in failed:
        os.environ["SITE_FAILED"] = "1"
    return failed


def on_torch(chapter):
    """Whether PyTorch is installed, and a chapter whose name begins with `chapter` needs it."""
    return (ROOT / ".venv-torch").exists() and any(needs_torch(path) for path in CHAPTERS if path.stem.startswith(chapter))


def run(*commands):
    """Run commands at once, and return the commands that run just what failed again.

    The output of the last one is shown as it comes, that of the others when all have ended.
    """
    with tempfile.TemporaryDirectory() as folder:
        reports = [Path(folder, str(i)) for i in range(len(commands))]
        logs = [Path(folder, f"{i}.log") for i in range(len(commands) - 1)]
        outputs = [*(log.open("w") for log in logs), None]
        processes = [start(*each) for each in zip(commands, reports, outputs)]
        codes = [process.wait() for process in processes]
        for log in logs:
            print(log.read_text(encoding="utf-8", errors="replace"), flush=True)
        return [again(command, report) for command, report, code in zip(commands, reports, codes) if code]


def start(command, report, output):
    environment = {**os.environ, "FAILED_TESTS": str(report)}
    return subprocess.Popen(command, shell=True, cwd=ROOT, stdout=output, stderr=output and subprocess.STDOUT, env=environment)


def again(command, report):
    """The command itself, or if pytest has written which tests failed, the command that runs these."""
    failed = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
    tests = {re.sub(r"(\.ipynb)::.*|\[.*", r"\1", test) for test in failed}
    if len(tests) > 10:
        tests = {test.split("::")[0] for test in tests}
    return f"{command.partition(PYTEST)[0]}{PYTEST} -n 0 {shlex.join(sorted(tests))}" if tests else command


def main(chapter, *options):
    options = shlex.join(options)
    try:
        failed = run_chapter(chapter, options) if chapter else run_everything(options)
    except KeyboardInterrupt:
        sys.exit(130)
    if failed:
        sys.exit("\n".join(["", "FAILED. To run just that again:", *failed]))


if __name__ == "__main__":
    main(*sys.argv[1:])
