"""What `make test` needn't run again here: a notebook or a room of tests that passed, and whose files are the same since then.

Nothing may rest that would fail. So whatever either could read is counted, all helpers for each notebook, and only a sentence of
a chapter, a script of the page and another room are not. A test that reads these lies in a room that always runs. The press knows
nothing of the course, so its tests rest whatever is edited there. What has passed is kept in _build, so a fresh clone, as in CI,
runs everything.
"""

import functools
import hashlib
import json
import math
import os
import sys
import sysconfig

from press.notebooks.chapters import ROOT, read_pair, read_source

KEPT = ROOT / "_build" / "passed.json"  # a hash for each notebook and room that passed
OF_COURSE, OF_PRESS = ("tests/engine", "tests/judges"), "tests/press"
ROOMS = *OF_COURSE, OF_PRESS
# Whether git knows it or not; a package in the folder of the project would come before an installed one.
FOR_ALL = "*", "*/__init__.py", "tests/*", "tests/support/**/*"
FOR_COURSE = "press/notebooks/*", "tools/**/*", "utils/**/*", "chapters/**/*"
FOR_ROOMS = [f"{room}/**/*" for room in OF_COURSE]
FOR_PRESS = "press/**/*", "tests/press/**/*"
PROSE = "chapters/19_diagnose.md", "reference/api.md", "reference/teaching.md"  # that tests there read
CHAPTER = ".md", ".ipynb"  # these are counted without their sentences
UNREAD = "chapters/workers/", "chapters/my-course.json"  # that notebooks write
# How the names of variables of the environment begin that are read.
VARIABLES = "CI", "COURSE_", "FASHION_MNIST", "MATPLOTLIB", "MLP_", "MPL", "MXNET_", "OMP_", "OPENBLAS_", "PRESS_", "PYTHON"


def hashes(began=math.inf):
    """The hash of each notebook and room as everything is now. It is another if a file was written since the time `began`."""
    files = [path for path in (ROOT / "chapters").iterdir() if path.suffix in CHAPTER]
    chapters = {f"chapters/{path.name}": without_sentences(path, began) for path in files}
    shared = [surroundings(), contents(FOR_ALL, began)]
    common = [shared, contents(FOR_COURSE, began)]
    parts = {name: [common, text] for name, text in chapters.items() if name.endswith(".ipynb")}
    prose = [digest(ROOT / name, began) for name in PROSE]
    parts |= dict.fromkeys(OF_COURSE, [common, contents(FOR_ROOMS, began), prose, chapters])
    parts[OF_PRESS] = [shared, contents(FOR_PRESS, began, but=())]
    return {name: hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest() for name, facts in parts.items()}


def surroundings():
    """Python, its packages, whose names have their versions in them, and the variables of the environment that are read."""
    variables = {name: value for name, value in os.environ.items() if name.startswith(VARIABLES)}
    return [sys.version, sorted(os.listdir(sysconfig.get_path("purelib"))), variables]


def contents(patterns, began, but=CHAPTER):
    """The hashes of the files, by name, but those with one of these endings."""
    paths = [path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file() and path.suffix not in but]
    named = {path.relative_to(ROOT).as_posix(): path for path in paths}
    return {
        name: digest(path, began) for name, path in named.items() if "__pycache__" not in name and not name.startswith(UNREAD)
    }


def digest(path, began):
    if not path.is_file() or path.stat().st_mtime > began:
        return ""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def without_sentences(path, began):
    """A hash of a notebook or its source, without the prose, in which nothing is run. If it is damaged, of all of it."""
    whole = digest(path, began)
    return whole and (of_cells(path, whole) or whole)


@functools.cache
def of_cells(path, whole):
    """The hash of the cells of a file with this hash; nothing if it is damaged."""
    try:
        notebook = read_source(path) if path.suffix == ".md" else read_pair(path)
        for cell in notebook.cells:
            cell.source = "" if cell.cell_type == "markdown" else cell.source
    except Exception:  # of many kinds
        return ""
    return hashlib.sha256(json.dumps(notebook).encode()).hexdigest()


def known(file):
    """What an earlier run kept in a file: a dict, empty if there is none or it is damaged."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def unchanged(now):
    """The names of those that passed with the files that are there now."""
    kept = known(KEPT)
    return [name for name, one in now.items() if kept.get(name) == one]


def keep(before, began, ran, failed):
    """Keep for a later run what passed, in this one that began then or earlier. `ran` and `failed` are ids of tests.

    Where a file was edited meanwhile, although that may have been undone, nobody knows what was tested.
    """
    ran, failed = ({test.split("::")[0] for test in tests} for tests in (ran, failed))
    now, rested = hashes(began), unchanged(before)
    passed = [name for name in before if (not has(name, failed) if has(name, ran) else name in rested)]
    same = {name: before[name] for name in passed if now.get(name) == before[name]}
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(same, indent=0), encoding="utf-8")


def has(name, files):
    """Whether a notebook, or a file of a room, is among these files."""
    return any(file == name or file.startswith(f"{name}/") for file in files)
