"""Grade the notebooks of a class: `python -m utils.judges FOLDER` writes FOLDER/class.csv, a row for each notebook.

It runs the learners' code, each notebook in a process of its own, in an empty folder, for at most ten minutes. That protects
nobody from code that means harm. What a notebook's code says of itself can be forged too. Needs IPython, which Jupyter has.
"""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

SECONDS = 600  # for one notebook: one that trains needs some minutes
WARNING = "This runs the code of all these notebooks on your computer. Stop it by Ctrl+C unless you trust who wrote them."
HEAD = ["learner", "file", "remark", "tried", "solved"]
UNREADABLE = "code that Python cannot read"  # what `run` says of this, among the verdicts on problems


def grade(folder):
    """The table of a folder: a dict for each notebook in it and its folders, with the keys of HEAD and 1 or 0 for each problem."""
    rows = []
    for path in sorted(folder.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        verdicts, remark = verdicts_of(path)
        inside = path.relative_to(folder)
        right = {name: int(verdict == "right") for name, verdict in verdicts.items()}
        about = [learner_of(inside), inside.as_posix(), remark, len(right), sum(right.values())]
        rows.append({**dict(zip(HEAD, about)), **right})
        print(f"{inside}: {sum(right.values())} of {len(right)} right. {remark}".strip())
    return rows


def learner_of(inside):
    """Whose a notebook is: NAME, if Moodle called it or a folder of it NAME_NUMBER_assignsubmission_file, else its folder or itself."""
    moodle = re.search(r"([^/]+)_\d+_assignsubmission_file", inside.as_posix())
    return moodle[1] if moodle else inside.parts[0].removesuffix(".ipynb")


def code_of(path):
    """The code cells of a notebook. Raises ValueError if the file is none."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("It is no notebook, or only a part of one.") from None


def verdicts_of(path, seconds=SECONDS):
    """What a notebook's checks say at the last: {name of a problem or function: verdict}, and a remark if not all of it ran, or ""."""
    try:
        code_of(path)
    except ValueError as error:
        return {}, str(error)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        if path.with_name("mynet.py").exists():  # what the learner wrote in other notebooks
            shutil.copy(path.with_name("mynet.py"), place)
        said = Path(place, "verdicts.jsonl")
        command = [sys.executable, "-m", __spec__.name, "--run", path.resolve(), said]
        root = str(Path(__file__).resolve().parents[2])
        found = {**os.environ, "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")]), "MPLBACKEND": "agg"}
        with open(Path(place, "output"), "wb") as output:
            process = subprocess.Popen(
                command, cwd=place, env=found, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
            try:
                code = process.wait(seconds)
                stopped = f"It ended with code {code}." if code else ""
            except subprocess.TimeoutExpired:
                stopped = f"It was stopped after {seconds} seconds."
            finally:
                end(process)
        verdicts = read_verdicts(said)
        return verdicts, f"{verdicts.pop(UNREADABLE, '')} {stopped}".strip()


def end(process):
    """End a process and those that it has started."""
    if hasattr(os, "killpg"):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    process.kill()
    process.wait()


def read_verdicts(path):
    """{name: verdict} of the lines that `run` has written. Lines that something else has written there are left out."""
    from .all_judges import judges

    verdicts, known = {}, {*judges(), UNREADABLE}
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    for line in lines:
        try:
            name, verdict = json.loads(line)
        except ValueError:
            continue
        if name in known and isinstance(verdict, str) and verdict != "not answered":
            verdicts[name] = verdict
    return verdicts


def run(path, said):
    """Run the code cells of a notebook one after the other, and write what its checks say into the file `said` as they say it.

    An error ends its cell, as in Jupyter, and the next cell runs.
    """
    from IPython.core.interactiveshell import InteractiveShell

    from utils.judges.verdicts import listeners

    def note(name, verdict):
        with open(said, "a", encoding="utf-8") as lines:
            lines.write(json.dumps([name, verdict]) + "\n")

    listeners.append(lambda heard: note(heard["name"], heard["kind"]) if heard["about"] != "question" else None)
    InteractiveShell.enable_gui = lambda *_: None  # what %matplotlib asks for, where there are no windows
    shell = InteractiveShell.instance()
    unreadable = []
    for number, code in enumerate(code_of(path), 1):
        if shell.run_cell(code).error_before_exec:
            unreadable.append(str(number))
            note(UNREADABLE, f"Python can't read code cell {', '.join(unreadable)}: what is there was not judged.")


def write_table(rows, path):
    """Write the rows of `grade` as CSV, with a column for each problem that somebody has tried.

    By the mark at the start, which utf-8-sig writes, Excel knows that it is UTF-8.
    """
    names = list(dict.fromkeys(name for row in rows for name in row if name not in HEAD))
    part = path.with_suffix(".part")
    with open(part, "w", encoding="utf-8-sig", newline="") as file:
        table = csv.DictWriter(file, [*HEAD, *names])
        table.writeheader()
        table.writerows({key: safe(value) for key, value in row.items()} for row in rows)
    part.replace(path)


def safe(value):
    """A value as it may stand in a spreadsheet, which would run a text that begins with one of these signs."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def main():
    if sys.argv[1:2] == ["--run"] and len(sys.argv) == 4:
        return run(Path(sys.argv[2]), Path(sys.argv[3]))
    folder = Path(sys.argv[1]) if len(sys.argv) == 2 else None
    if folder is None or not folder.is_dir():
        raise SystemExit("Name a folder with the notebooks of your learners: python -m utils.judges FOLDER")
    print(WARNING, flush=True)
    rows = grade(folder)
    if not rows:
        raise SystemExit(f"There is no notebook in {folder}.")
    write_table(rows, folder / "class.csv")
    print(f"Done: {folder / 'class.csv'}")


if __name__ == "__main__":
    main()
