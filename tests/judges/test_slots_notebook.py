"""The notebooks to write in: run as they come, and with functions that a reader has written."""

import functools
import importlib
import json
import linecache
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from mxnet import nd

import utils
from press.notebooks.chapters import FOLDER, ROOT, code_cells, read_pair
from press.notebooks.kernel import execute
from press.notebooks.to_write import beside_chapters
from utils.judges import record
from utils.judges.slots import SLOTS
from utils.judges.verdicts import Verdict
from utils.mynet import FUNCTIONS, keep, read, source_of, use, written

pytestmark = [pytest.mark.own_engine, pytest.mark.any_prose]
RELU = "def relu(X):\n    return nd.maximum(X, 0)  # mine"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A folder with `write` beside the chapters, and three editions in it."""
    course = tmp_path_factory.mktemp("course")
    for name in ("chapters", "reference"):
        (course / name).symlink_to(ROOT / name)
    (course / "write").mkdir()
    for stem in ("03_activation", "04_model", "05_loss"):
        edition = beside_chapters(read_pair(FOLDER / f"{stem}.md"))
        (course / f"write/{stem}.ipynb").write_text(edition, encoding="utf-8")
    return course


@pytest.fixture
def folder(course, tmp_path):
    """A copy of `write`, in which a test may write."""
    return shutil.copytree(course, tmp_path / "course", symlinks=True) / "write"


@pytest.fixture(autouse=True)
def own_engine(monkeypatch):
    """A kernel has it sooner than MXNet, on which the chapters ask the same judges."""
    monkeypatch.setenv("MLP_ENGINE", "own")


def run(folder, stem, relu=None, until=None):
    """Run a notebook, with the code of relu in its empty function, to its end or the first cell whose id ends with `until`.

    Returns what each cell printed.
    """
    notebook = nbformat.read(folder / f"{stem}.ipynb", as_version=4)
    for cell in code_cells(notebook):
        if relu and cell.source.startswith("def relu(") and cell.id.endswith("-write"):
            cell.source = relu
    if until:
        notebook.cells = notebook.cells[: 1 + [cell.id.endswith(until) for cell in notebook.cells].index(True)]
    execute(notebook, folder)
    return {cell.id: "".join(output.get("text", "") for output in cell.outputs) for cell in code_cells(notebook)}


def verdicts(said):
    return [text for id, text in said.items() if id.endswith("-judge")]


def test_it_runs_as_it_comes_and_uses_what_was_written_in_another(folder):
    (said,) = verdicts(run(folder, "03_activation", relu=RELU, until="-judge"))
    assert "\N{CHECK MARK} Right:" in said and "Kept in mynet.py" in said
    assert RELU in (folder / "mynet.py").read_text(encoding="utf-8")
    said = run(folder, "05_loss")
    assert said["mine"] == "utils gives your functions in mynet.py: relu.\n"
    unwritten, *_ = verdicts(said)
    assert unwritten.startswith("Not answered yet") and "go on with the book's cross_entropy" in unwritten


def test_an_edit_that_breaks_a_function_is_named(folder):
    (folder / "mynet.py").write_text(written({"relu": RELU.replace("maximum", "minimum")}), encoding="utf-8")
    said = run(folder, "04_model", until="mine")["mine"]
    assert "The relu in mynet.py is not right, so utils gives the book's. Not yet: it keeps what is negative" in said


def test_a_function_that_needs_another_cell_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("cells.py").write_text(
        "from mxnet import nd\nzero = 0\ndef relu(X):\n    return nd.maximum(X, zero)\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    cells = importlib.import_module("cells")
    said = keep("relu", cells.relu)
    assert said.startswith("Not kept") and "name 'zero' is not defined" in said and not Path("mynet.py").exists()


def test_a_second_right_version_replaces_the_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("later_cells.py").write_text("from mxnet import nd\ndef relu(X):\n    return nd.maximum(X, 0)\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    for function in (utils.relu, importlib.import_module("later_cells").relu):
        assert keep("relu", function).startswith("Kept in mynet.py")
        Path("mynet.py").write_text(Path("mynet.py").read_text("utf-8-sig"), "utf-8-sig")  # as an editor of Windows saves it
    assert keep("relu", function).startswith("Kept in mynet.py")
    assert read(Path("mynet.py").read_text(encoding="utf-8")) == {"relu": "def relu(X):\n    return nd.maximum(X, 0)"}


@pytest.fixture
def noted(tmp_path, monkeypatch):
    """Notes a verdict in an empty folder. Returns the file's things, by what they are about."""
    monkeypatch.chdir(tmp_path)

    def note(name, verdict):
        record.note("question", name, verdict)
        return {entry["about"]: entry for entry in json.loads(record.FILE.read_text(encoding="utf-8"))["kept"]}

    return note


def test_tries_are_noted_the_first_and_the_last_and_a_cell_that_runs_again_is_none(noted, monkeypatch):
    wrong, right = Verdict("not yet", "count the biases too."), Verdict("right", "two matrices.")
    for verdict in (wrong, wrong, right, Verdict("not answered", "")):
        entry = noted("parameters", verdict)["parameters"]
    assert (entry["kind"], entry["tries"], entry["first"]["right"], entry["last"]["right"]) == ("check", 2, False, True)
    assert entry["first"]["said"] == "Not yet: count the biases too."
    long = noted("loss", Verdict("right", "\N{PARTY POPPER}" * 300))["loss"]["last"]["said"]
    assert len(long.encode("utf-16-le")) <= 600, "JavaScript counts a letter of four bytes twice"
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/ann/chapters/24_solutions_change.ipynb")
    assert "relu" not in noted("relu", right), "the course's own answer is no try"


def test_a_file_that_can_not_be_noted_in_is_left_as_it_is_and_says_so(noted, capsys):
    verdict = Verdict("right", "yes.")
    noted("loss", verdict)
    text = record.FILE.read_text(encoding="utf-8")
    older, other = text.replace('"version": 2', '"version": 1'), text.replace("Multilayer", "Another")
    for damaged in (text[:-30], "", "[]", '{"kept": 3}', older, other, text.replace('"kind"', '"sort"')):
        record.FILE.write_text(damaged, encoding="utf-8")
        record.note("question", "relu", verdict)
        assert capsys.readouterr().out.startswith("Not noted in my-course.json: it is damaged, or of another edition.")
        assert record.FILE.read_text(encoding="utf-8") == damaged
    record.FILE.unlink()
    record.FILE.mkdir()  # so that nothing can be read or written there
    record.note("question", "relu", verdict)
    assert capsys.readouterr().out.startswith("Not noted in my-course.json: ")
    assert [path.name for path in Path().iterdir()] == ["my-course.json"]


def test_what_is_right_and_can_not_be_kept_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for right in (lambda X: nd.maximum(X, 0), nd.relu, functools.partial(nd.maximum, 0)):
        assert keep("relu", right).startswith("Not kept in mynet.py: ")
    Path("mynet.py").write_text("mine = 1\n", encoding="utf-8")
    assert keep("relu", utils.relu).startswith("Not kept in mynet.py: mynet.py was not made by this course")
    Path("mynet.py").write_text(written({"mlp": "def mlp(X, params):\n    return ("}), encoding="utf-8")
    assert re.match(r"Not kept in mynet.py: '\('.* was never closed \(mynet.py, line 6\)", keep("relu", utils.relu))
    Path("mynet.py").unlink()
    Path(".mynet.py.part").mkdir()  # so that nothing can be written there
    assert keep("relu", utils.relu).startswith("Not kept in mynet.py: ")


def test_a_class_in_a_cell_has_a_source(monkeypatch):
    source = "class Node:\n    def __init__(self, value):\n        self.value = value\n"
    monkeypatch.setitem(linecache.cache, "<cell>", (len(source), None, source.splitlines(keepends=True), "<cell>"))
    cells = {"__name__": "notebook"}
    exec(compile(f"{source}\nnode = Node(1)", "<cell>", "exec"), cells)
    assert source_of(cells["Node"]) == source.strip()


def test_a_comment_like_the_mark_of_a_section_stays_in_its_function():
    functions = {"relu": "# --- mlp\ndef relu(X):\n# --- my way\n    return nd.maximum(X, 0)", "mlp": "mlp = 1"}
    assert read(written(functions)) == functions
    before = "from utils.mynet import *\n\n\n# --- relu\ndef relu(X):\n    return X\n\n\n# --- mlp\nmlp = 1\n\nuse(globals())\n"
    assert read(before) == {"relu": "def relu(X):\n    return X", "mlp": "mlp = 1"}, "as it was written before there were quotes"
    assert written(read(before)) == before


def test_the_files_functions_are_those_to_be_written_that_utils_gives():
    assert FUNCTIONS == [name for name in SLOTS if name in utils.__all__]
    namespace = {"__name__": "mynet", "check_problem": lambda: ..., "seed_everything": lambda: ...}
    for function in list(namespace.values())[1:]:
        function.__module__ = "mynet"
    assert use(namespace) == []
