"""The sample book of the press, in _build/sample, for tests/press. `python -m tests.support.sample` builds it, to look at."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from press.notebooks.chapters import ROOT

BOOK = ROOT / "press" / "sample"
BUILT = ROOT / "_build" / "sample"
SWING, WRITE = "lessons/1_swing", "lessons/2_write"  # its pages with listings
# The variables of the Python of its pages, for open_kernel.
PATHS = os.pathsep.join(map(str, [ROOT, BOOK, ROOT / "press" / "run"]))
PYTHON = {"BOOK_PACKAGE": "swing", "BOOK_ASKS": "check", "PYTHONPATH": PATHS}


def built():
    """The folder of the built book. It is built if anything in press/ has changed since it was; who asks meanwhile waits.

    Raises RuntimeError, with what the build says, if there is an error or a warning.
    """
    made_of, now = BUILT.with_name("sample.sha256"), hash_of(ROOT / "press")
    BUILT.parent.mkdir(exist_ok=True)
    with FileLock(f"{BUILT}.lock"):
        if not BUILT.exists() or not made_of.exists() or made_of.read_text() != now:
            made_of.unlink(missing_ok=True)  # so that half a book is not taken for a whole one
            build()
            made_of.write_text(now)
    return BUILT


def hash_of(folder):
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    return hashlib.sha256(repr([(str(path), hashlib.sha256(path.read_bytes()).digest()) for path in files]).encode()).hexdigest()


def build():
    pages = BUILT.with_name("sample-pages")
    command = [Path(sys.executable).with_name("jupyter-book"), "build", BOOK, "--path-output", pages, "--all", "-W", "-n", "-q"]
    # Its listings are executed, and import its package, which nobody has installed.
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("COURSE_", "PRESS_"))}
    done = subprocess.run(command, env={**surroundings, "PYTHONPATH": str(BOOK)}, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{done.stdout}\n{done.stderr}")
    shutil.rmtree(BUILT, ignore_errors=True)
    (pages / "_build" / "html").rename(BUILT)


if __name__ == "__main__":
    print(built() / "index.html")
