"""What check, refute and check_problem said in a notebook, in the file my-course.json beside it: a file of *My course*.

The published book reads and writes such files (press/page/course.js), and its page for teachers makes tables of them.
"""

import datetime
import json
import os
from pathlib import Path

FILE = Path("my-course.json")
COURSE, VERSION = "A Multilayer Perceptron from Scratch", 2
KINDS = {"question": "check", "problem": "problem", "function": "function"}  # of things in the file, by what a verdict is about
LONGEST = 300  # letters of what was said, as JavaScript counts them: two bytes each


def note(about, name, verdict):
    """Note a try at an answer, unless it was none or wrong after a right one, is the last one over again, or the notebook has answers.

    If the file can't be read or written, it stays as it is, and a sentence says so.
    """
    if verdict.kind == "not answered" or "_solutions_" in os.environ.get(
        "JPY_SESSION_NAME", ""
    ):  # Jupyter's name for the notebook
        return
    said = str(verdict).encode("utf-16-le", "replace")[: 2 * LONGEST].decode("utf-16-le", "ignore")
    try:
        course = read() if FILE.exists() else new()
        entry, right = entry_of(course["kept"], KINDS[about], name), verdict.kind == "right"
        before = entry.get("last", {"said": None, "right": False})
        if before["said"] == said or (before["right"] and not right):
            return
        last = {"said": said, "right": right, "at": now()}
        entry.update({"tries": entry.get("tries", 0) + 1, "first": entry.get("first", last), "last": last})
        write({**course, "saved": now()})
    except Exception as error:  # nothing of this may break a check
        print(f"Not noted in {FILE}: {error}")


def new():
    from .. import __version__

    return {"course": COURSE, "version": VERSION, "edition": __version__, "name": "", "saved": now(), "kept": []}


def read():
    """What the file holds. Raises ValueError if it is none that this edition of the course has written."""
    try:
        course = json.loads(FILE.read_text(encoding="utf-8"))
        if (course["course"], course["version"]) == (COURSE, VERSION) and all("kind" in entry for entry in course["kept"]):
            return course
    except (ValueError, LookupError, TypeError, RecursionError):
        pass
    raise ValueError("it is damaged, or of another edition. Give it another name, and a new one is begun.")


def entry_of(kept, kind, name):
    """The entry of a thing, put at the end if there is none."""
    for entry in kept:
        if (entry["kind"], entry.get("about")) == (kind, name):
            return entry
    kept.append({"kind": kind, "about": name})
    return kept[-1]


def write(course):
    """Write the file whole or not at all, also where two notebooks do so at once."""
    part = FILE.with_name(f".{FILE.name}.{os.getpid()}.part")
    try:
        part.write_text(json.dumps(course, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        part.replace(FILE)
    finally:
        part.unlink(missing_ok=True)


def now():
    """The time as the book's pages write it."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
