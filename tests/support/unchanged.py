"""What `make test` needn't run again here: a notebook or a room of tests that passed, and whose files are the same since then.

A notebook's are its code and stored outputs, the helpers that it imports, and what compares; a room's are its tests, all helpers,
and the code of all chapters. What has passed lies in _build, so a fresh clone, as in CI, runs everything.
"""

import hashlib
import json
import os
import subprocess
import sys

from tools.notebooks.chapters import CHAPTERS, ROOT, code_cells, needs_torch, read_pair
from tools.notebooks.fingerprint import file_of, utils_modules

KEPT = ROOT / "_build" / "passed.json"  # a hash for each notebook and room that passed
NOTEBOOKS = {f"chapters/{path.stem}.ipynb": path for path in CHAPTERS if not needs_torch(path)}
ROOMS = "tests/engine", "tests/judges"
PROSE = "chapters/17_diagnose.md", "reference/api.md", "reference/teaching.md"  # that tests there read
FOR_ALL = "conftest.py", "pyproject.toml", "requirements-dev.txt", "tests/conftest.py", "tests/support", "tools", "utils/results"


def git(*arguments):
    """The lines that git prints; none if it fails, as in an unpacked archive."""
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True).stdout.splitlines()


def hashes():
    """The hash of each notebook and room as its files are now; none if this folder is no checkout."""
    if not git("ls-files", "conftest.py"):
        return {}
    common = "\n".join([sys.version, os.environ.get("MLP_ENGINE", ""), contents(*FOR_ALL)])
    cells = {name: code_cells(pair) for name, path in NOTEBOOKS.items() if (pair := read_pair(path))}
    parts = {name: [common, json.dumps(own), *helpers_of(own)] for name, own in cells.items()}
    parts |= {room: [common, contents(room, "utils", *PROSE), json.dumps([*cells.values()])] for room in ROOMS}
    return {name: hashlib.sha256("\0".join(facts).encode()).hexdigest() for name, facts in parts.items()}


def helpers_of(cells):
    names = sorted(utils_modules("\n".join(cell.source for cell in cells)))
    return [file_of(name).read_text(encoding="utf-8") for name in names]


def contents(*places):
    """The names and hashes of the files there that git knows or would add."""
    names = sorted({*git("ls-files", *places), *git("ls-files", "--others", "--exclude-standard", *places)})
    files = [name for name in names if (ROOT / name).is_file()]
    return "\n".join([*files, *git("hash-object", "--", *files)])


def unchanged(now):
    """The names of those that passed with the files that are there now."""
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    return [name for name, one in now.items() if kept.get(name) == one]


def keep(now, ran, failed):
    """Keep for a later run what passed, now or before. `ran` and `failed` are ids of tests."""
    ran, failed = ({test.split("::")[0] for test in tests} for tests in (ran, failed))
    before = unchanged(now)
    passed = [name for name in now if (not has(name, failed) if has(name, ran) else name in before)]
    KEPT.write_text(json.dumps({name: now[name] for name in passed}, indent=0), encoding="utf-8")


def has(name, files):
    """Whether a notebook, or a file of a room, is among these files."""
    return any(file == name or file.startswith(f"{name}/") for file in files)
