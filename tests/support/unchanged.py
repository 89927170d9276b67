"""What `make test` needn't run again here: what passed, and whose files are the same since then.

Nothing may rest that would fail. So whatever could be read is counted:

- for a notebook all helpers, and its own code;
- for the tests of the press all of the press, which knows nothing of the course;
- for any other file of tests all code, all listings that have to do with a judge, and the chapters that its text names, such as
  03_activation. A test that reads another one fails (reads.py), unless the file has the marker `every_chapter`: then all are
  counted. With the marker `any_prose` their plain sentences are not. In the rooms whose tests start other processes, in which
  nobody sees what is read, all are counted unless the file has the marker `named_chapters`.

What has passed is kept in _build, so a fresh clone, as in CI, runs everything.
"""

import functools
import hashlib
import json
import math
import os
import re
import sys
import sysconfig

from press.notebooks.chapters import ROOT, read_pair, read_source
from press.settings import of_book

KEPT = ROOT / "_build" / "passed.json"  # a hash of all that is counted, for each notebook, file of tests and room that passed
OF_PRESS = "tests/press"  # it rests as a whole
OF_HELPERS = "tests/engine", "tests/judges"  # rooms that ask for no page
OF_ALL = "tests/chapters", "tests/tools"  # rooms whose files may read every chapter, some in other processes
# Whether git knows it or not; a package in the folder of the project would come before an installed one.
FOR_ALL = "*", "*/__init__.py", "tests/*", "tests/support/**/*"
FOR_HELPERS = "press/notebooks/*", "tools/**/*", "utils/**/*", "chapters/**/*"
FOR_PRESS = "press/**/*", "tests/press/**/*"
NO_CODE = "_build", "chapters", "tests", "write"
CHAPTER = ".md", ".ipynb"  # these are counted by chapter
UNREAD = "chapters/workers/", "chapters/my-course.json"  # that notebooks write
# How the names of variables of the environment begin that are read.
VARIABLES = "CI", "COURSE_", "FASHION_MNIST", "MATPLOTLIB", "MLP_", "MPL", "MXNET_", "OMP_", "OPENBLAS_", "PRESS_", "PYTHON"


def hashes(began=math.inf):
    """The hash of each notebook, file and room, as everything is now: another if a file was written since the time `began`."""
    shared = [surroundings(), contents(FOR_ALL, began)]
    helpers, code = [shared, contents(FOR_HELPERS, began)], [shared, contents(all_code(), began)]
    chapters = {path.stem: {} for path in sorted(files_of_chapters())}
    for path in files_of_chapters():
        chapters[path.stem][path.suffix] = views(path, digest(path, began))
    parts = {
        f"chapters/{name}.ipynb": [helpers, of["code"]] for name, one in chapters.items() for of in [one.get(".ipynb")] if of
    }
    for path in sorted(ROOT.glob("tests/*/test_*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(f"{OF_PRESS}/"):
            common = helpers if name.startswith(OF_HELPERS) else code
            parts[name] = [common, *of_tests(path, chapters, began)]
    parts[OF_PRESS] = [shared, contents(FOR_PRESS, began, but=())]
    return {name: hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest() for name, facts in parts.items()}


def surroundings():
    """Python, its packages, whose names have their versions in them, and the variables of the environment that are read."""
    variables = {name: value for name, value in os.environ.items() if name.startswith(VARIABLES)}
    return [sys.version, sorted(os.listdir(sysconfig.get_path("purelib"))), variables]


def all_code():
    """Patterns for the files of the project, but tests and chapters."""
    folders = [path.name for path in ROOT.iterdir() if path.is_dir() and path.name not in NO_CODE and path.name[0] != "."]
    return [f"{folder}/**/*" for folder in [*folders, ".ci", ".devcontainer", ".github"]] + ["chapters/**/*"]


def contents(patterns, began, but=CHAPTER):
    """The hashes of the files, by name, but chapters with one of these endings."""
    paths = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    named = {
        path.relative_to(ROOT).as_posix(): path for path in paths if not (path.parent.name == "chapters" and path.suffix in but)
    }
    return {
        name: digest(path, began) for name, path in named.items() if "__pycache__" not in name and not name.startswith(UNREAD)
    }


def digest(path, began):
    if not path.is_file() or path.stat().st_mtime > began:
        return ""
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- A file of tests ----------------------------------------------------------------------------------------------------------


def of_tests(path, chapters, began):
    """What is counted for a file of tests besides code: itself, the files that it imports, and what it may read of chapters."""
    view = "frame" if has_marker("any_prose", path) else "whole"
    counted = {name: {kind: one[view] for kind, one in chapters[name].items()} for name in sorted(named(path))}
    asked = [one["asked"] for name in chapters for one in chapters[name].values()]
    pages = {page.name: digest(page, began) for page in ROOT.glob("reference/*.md") if page.name in path.read_text("utf-8")}
    return [{str(file): digest(file, began) for file in with_imported(path)}, counted, asked, pages]


def named(path):
    """The names of the chapters that a file of tests may read: those in its text, in the room `page` the first, or all."""
    every = {file.stem for file in files_of_chapters()}
    may_read_all = f"tests/{path.parent.name}" in OF_ALL and not has_marker("named_chapters", path)
    if may_read_all or has_marker("every_chapter", path):
        return every
    texts = [file.read_text(encoding="utf-8") for file in with_imported(path)]
    first = {min(every)} if path.parent.name == "page" else set()
    return first | {name for name in every if any(name in text for text in texts)}


def has_marker(name, path):
    return f"pytest.mark.{name}" in path.read_text(encoding="utf-8")


def with_imported(path):
    """A file of tests, and those that it imports."""
    found, left = set(), {path}
    while left:
        found.add(one := left.pop())
        modules = re.findall(r"^from (tests[\w.]+) import", one.read_text(encoding="utf-8"), re.M)
        left |= {file for name in modules if (file := ROOT.joinpath(*name.split(".")).with_suffix(".py")).exists()} - found
    return sorted(found)


# --- A chapter ----------------------------------------------------------------------------------------------------------------


def files_of_chapters():
    return [path for path in (ROOT / "chapters").iterdir() if path.suffix in CHAPTER]


@functools.cache
def views(path, whole):
    """Hashes of a notebook or its source: of all of it (`whole`), without plain sentences (`frame`), without prose, in which
    nothing is run (`code`), and of the listings that have to do with a judge (`asked`). If it is damaged, each is `whole`.
    """
    try:
        notebook = whole and (read_source(path) if path.suffix == ".md" else read_pair(path))
        cells = [(cell.cell_type == "markdown", cell) for cell in notebook.cells]
    except Exception:  # of many kinds
        return dict.fromkeys(("whole", "frame", "code", "asked"), whole)
    asks = re.compile(rf"\b({'|'.join(of_book(ROOT)['asks'])})\(")
    kinds = {
        "frame": [frame(cell.source) if is_prose else cell for is_prose, cell in cells] + [notebook.metadata],
        "code": ["" if is_prose else cell for is_prose, cell in cells] + [notebook.metadata],
        "asked": [cell for is_prose, cell in cells if not is_prose and ("slot" in cell.metadata or asks.search(cell.source))],
    }
    return {"whole": whole} | {kind: hashlib.sha256(json.dumps(facts).encode()).hexdigest() for kind, facts in kinds.items()}


def frame(text):
    """Markdown without the lines that are plain sentences: neither in a box, nor a heading, a row or an item, nor with a link."""
    boxes = re.split(r"^(`{3,}.*\n(?:.*\n)*?`{3,})$", text, flags=re.M)
    plain = re.compile(r"^(?!\d+\. )(?:\w|[*`$\"(]\w)(?!.*(?:\]\(|[{}<|])).*\n?", re.M)
    return [part if i % 2 else plain.sub("", part) for i, part in enumerate(boxes)]


# --- What passed --------------------------------------------------------------------------------------------------------------


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
    """Whether a notebook, a file, or a file of a room, is among these files."""
    return any(file == name or file.startswith(f"{name}/") for file in files)
