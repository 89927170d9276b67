"""Every chapter: its notebook is up to date and was run in one go, its code is that of utils, and it has all required parts."""

import ast
import builtins
import functools
import re
import shutil
import sys
import types

import nbformat
import pytest
import yaml

import utils
from press.notebooks import chapters, fingerprint, goals, misconceptions
from press.notebooks import refresh as notebooks
from press.notebooks.chapters import CHAPTERS, ROOT, code_cells
from press.notebooks.fingerprint import WithoutChecks, parse
from press.notebooks.slots import defined, slot_of
from tests.support import compare
from tests.support.compare import words_and_numbers
from tests.support.prose import each_chapter, read_pair, read_source
from tools import notebooks as of_this_course
from utils.judges.questions import QUESTIONS

TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
NO_LESSONS = "08_own_clothes", "22_close"
AHEAD = [ROOT / f"{page['file']}.md" for part in TOC["parts"][:4] for page in part["chapters"]]
LESSONS = [path for path in AHEAD if path.stem not in NO_LESSONS]


def tags(cell):
    return cell.metadata.get("tags", [])


def has_image(cell):
    return any("image/svg+xml" in output.get("data", {}) or "image/png" in output.get("data", {}) for output in cell.outputs)


@pytest.mark.any_chapter
def test_every_chapter_is_in_the_table_of_contents_once_and_in_order():
    files = [TOC["root"]] + [page["file"] for part in TOC["parts"] for page in part["chapters"]]
    assert [file for file in files if file.startswith("chapters/")] == [f"chapters/{path.stem}" for path in CHAPTERS]
    assert sorted(path.stem for path in ROOT.glob("chapters/*.ipynb")) == [path.stem for path in CHAPTERS]


@pytest.mark.any_chapter
@each_chapter
def test_the_notebook_has_the_cells_of_its_markdown(path):
    source, pair = read_source(path), read_pair(path)
    expected = [(cell.id, cell.cell_type, cell.source, cell.metadata) for cell in source.cells]
    found = [(cell.id, cell.cell_type, cell.source, cell.metadata) for cell in pair.cells]
    run = {"fingerprint": None, "outputs": None}  # written by a run only
    assert found == expected, f"{path.stem}: run make notebooks"
    assert {**pair.metadata, **run} == {**source.metadata, **run}, f"{path.stem}: run make notebooks"


@pytest.mark.any_chapter
@each_chapter
def test_the_outputs_are_up_to_date_with_the_code(path):
    source, pair = read_source(path), read_pair(path)
    assert not notebooks.is_stale(source, pair), f"{path.stem}: its code, a helper, version or output changed; run make notebooks"


@each_chapter
def test_the_notebook_was_run_in_one_go_without_errors(path):
    cells = code_cells(read_pair(path))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        for output in cell.outputs:
            assert output.output_type != "error", cell.source
            assert output.get("name") != "stderr", f"{cell.source}\nprinted {output.get('text')}"


def names(source, context):
    """The variables that a cell assigns (ast.Store) or uses (ast.Load), without those that every chapter has."""
    nodes = [node for node in ast.walk(parse(source)) if isinstance(node, ast.Name)]
    found = {node.id for node in nodes if isinstance(node.ctx, context)}
    return found - set(dir(builtins)) - set(utils.__all__) - {"np", "nd", "plt", "math"}


@each_chapter
def test_outputs_that_are_not_compared_exactly_are_asserted(path):
    cells = code_cells(read_pair(path))
    asserted = [names(cell.source, ast.Load) if "assert " in cell.source else set() for cell in cells]
    for number, cell in enumerate(cells):
        assert not {"nbval-skip", "nbval-raises-exception", "raises-exception"} & set(tags(cell)), cell.source
        tolerance = compare.tolerance(tags(cell)) or 0
        assert tolerance <= 0.1 or "check_problem" in cell.source, f"{tolerance} lets anything pass:\n{cell.source}"
        if "nbval-ignore-output" in tags(cell) or (tolerance and has_image(cell)):
            near = set().union(*asserted[max(number - 2, 0) : number + 4])
            own = names(cell.source, ast.Store) | names(cell.source, ast.Load)
            assert near & own, f"no cell nearby asserts this output:\n{cell.source}"


@each_chapter
def test_a_figure_has_alternative_text_a_caption_labels_and_a_legend(path):
    """Labels and legends are read from the comments that Matplotlib writes into the SVG beside the glyphs."""
    for cell in code_cells(read_pair(path)):
        about = cell.metadata.get("mystnb", {})
        if has_image(cell):
            assert len(about.get("image", {}).get("alt", "")) > 40, f"no alternative text:\n{cell.source}"
            assert len(about.get("figure", {}).get("caption", "")) > 20, f"no caption:\n{cell.source}"
        for svg in [output.get("data", {}).get("image/svg+xml", "") for output in cell.outputs]:
            for number, axes in enumerate(svg.split('<g id="axes_')[1:]):
                _, *axis = re.split(r'<g id="matplotlib\.axis_\d+">', axes)
                for part in axis:
                    words, numbers = words_and_numbers(part.partition('<g id="legend_')[0])
                    shared = number > 0 and part is axis[-1]
                    assert shared or (words and len(words) + len(numbers) >= 3), f"an axis without label or ticks:\n{cell.source}"
            if svg and re.search(r"\blabel=", cell.source) and not re.search("colorbar|get_label|name_lines", cell.source):
                assert 'id="legend_' in svg, f"lines with names and no legend:\n{cell.source}"


@pytest.mark.any_chapter
def test_the_readme_shows_the_result_of_the_introduction():
    assert "](assets/result.svg)" in (ROOT / "README.md").read_text(encoding="utf-8")
    introduction = read_pair(ROOT / "chapters/00_introduction.md")
    assert (ROOT / "assets/result.svg").read_text(encoding="utf-8") == chapters.picture(introduction)


def definitions(source):
    """The top-level definitions of a source text, by name, without docstrings and checks of arguments."""
    tree = WithoutChecks().visit(parse(source))
    defined = {node.name: node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    defined |= {ast.unparse(node.targets[0]): node for node in tree.body if isinstance(node, ast.Assign)}
    return {name: ast.dump(node) for name, node in defined.items()}


@pytest.fixture(scope="module")
def imported():
    """The definitions in the helpers, and those in the two modules of the own engine that chapter 12 writes."""
    modules = [*ROOT.glob("utils/*.py"), *ROOT.glob("utils/judges/*.py")]
    helpers = {name: tree for module in modules for name, tree in definitions(module.read_text(encoding="utf-8")).items()}
    sources = [(ROOT / f"utils/engine/{name}.py").read_text(encoding="utf-8") for name in ("autograd", "rules")]
    engine = [definitions(source.replace("._data", ".data")) for source in sources]  # private in arrays of nd, as in MXNet
    return {name: helpers[name] for name in helpers.keys() & {*utils.__all__}}, engine[0] | engine[1]


ENGINE = "Node Array apply topological_order summed_to pass_on backward_pass lined_up"
SIMPLER = {"record", "is_recording"}  # chapter 12's know one thread and one kind of block
NETWORK = "init_params relu mlp softmax cross_entropy softmax_cross_entropy sgd accuracy evaluate_accuracy train_epoch train_ch3"


def judged(path):
    """The definitions of a chapter's slots in the file of their judges, which makes mistakes of them."""
    judge = ROOT / f"utils/judges/slots/{path.stem[3:]}.py"
    found = definitions(judge.read_text(encoding="utf-8")) if judge.exists() else {}
    slots = {defined(cell.source) for cell in code_cells(read_source(path)) if slot_of(cell)}
    return {name: found[name] for name in found.keys() & slots}


@each_chapter
def test_the_code_in_a_chapter_is_the_code_in_utils(path, imported):
    helpers, engine = imported
    shown = {}
    for cell in code_cells(read_source(path)):
        shown |= definitions(cell.source)
    own = engine if path.stem == "12_autograd_arrays" else helpers
    own = own | judged(path)
    common = (shown.keys() & own.keys()) - (SIMPLER if path.stem == "12_autograd_arrays" else set())
    assert [name for name in common if shown[name] != own[name]] == [], f"{path.stem} and utils differ"
    if path.stem == "12_autograd_arrays":
        assert {*ENGINE.split()} <= common and len([name for name in common if name.startswith("RULES[")]) == 9


@pytest.mark.any_chapter
def test_each_piece_of_the_network_is_built_in_a_chapter():
    built = {name for path in CHAPTERS for cell in code_cells(read_source(path)) for name in definitions(cell.source)}
    assert {*NETWORK.split()} <= built


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_has_goals_questions_a_check_and_a_summary(path):
    text = path.read_text(encoding="utf-8")
    parts = (
        "```{admonition} Learning goals",
        "**Needed first:**",
        "**Time:**",
        "## Check yourself",
        ":class: dropdown",
        "## Summary",
        "Next: [",
    )
    assert [part for part in parts if part not in text] == [], f"{path.stem} lacks these parts"
    assert 'check("' in text or 'refute("' in text, f"{path.stem}: nothing is to be answered in a listing"
    questions = re.findall(r"^```+\{admonition\} \d\. .*\n(.*)", text, re.M)
    folded = all(re.match(":class: (dropdown|question|refute)", classes) for classes in questions)
    assert 1 <= len(questions) <= 4 and folded, f"{path.stem}: an answer is not folded away"
    cells = [cell.source for cell in code_cells(read_source(path))]
    assert all(len(source.splitlines()) <= 32 or source.startswith("%%writefile") for source in cells)


@each_chapter
def test_the_words_of_a_box_say_what_its_classes_say(path):
    boxes = re.findall(r"\{admonition\} (.*)\n:class: (.*)\n((?:.*\n)*?)(?=```)", path.read_text(encoding="utf-8"))
    for title, classes, text in boxes:
        for words, name in (("Predict first", "predict"), ("Learning goals", "goals"), ("Answer", "answer")):
            assert (title == words) == (name in classes.split()), f"{title}: {classes}"
        right = re.findall(r"^(\d+)\. Right\b", text, re.M)
        assert re.findall(r"right-(\d+)", classes) == right, f"{title}: {classes}: {text}"


@each_chapter
def test_each_learning_goal_is_asked(path):
    notebook = read_source(path)
    numbers = range(1, len(goals.goals(notebook)) + 1)
    asked = set().union(*(its_goals for _, its_goals in goals.items(notebook)))
    assert asked == set(numbers), f"{path.stem}: see make goals; a question asks for a goal by the class goal-1, a cell by a tag"


@each_chapter
def test_each_wrong_choice_names_what_its_reader_believes(path):
    known = misconceptions.misconceptions().keys() | {"right"}
    for box in misconceptions.boxes(read_source(path)):
        names = misconceptions.choices(box["text"])
        unknown = [f"{number}. {name or 'no name'}" for number, name in enumerate(names, start=1) if name not in known]
        assert unknown == [], (
            f"{box['title']}: give its answer a class with a name of {misconceptions.PAGE}.md, such as data-storage-1"
        )
        assert len(set(names)) == len(names), f"{box['title']}: two of its choices have one name"
    met = {name for *_, names in misconceptions.meetings(read_source(path)) for name in names}
    assert met <= known, "a class or tag such as meets-data-storage has a name that is not in the list"


@pytest.mark.any_chapter
def test_each_misconception_is_met(monkeypatch):
    monkeypatch.setattr(misconceptions, "read_source", read_source)  # which reads each chapter once for all tests
    assert [name for name, places in misconceptions.met().items() if not places] == [], "see make goals"


@pytest.mark.any_chapter
def test_every_question_is_asked_in_one_chapter():
    text = "".join(path.read_text(encoding="utf-8") for path in CHAPTERS)
    asked = re.findall(r'^check\("([^"]+)"', text, re.M)
    assert sorted(asked) == sorted(QUESTIONS)


@each_chapter
def test_code_fits_the_width_of_the_page(path):
    lines = [line for cell in code_cells(read_source(path)) for line in cell.source.splitlines()]
    assert [line for line in lines if len(line) > 88] == []


@each_chapter
def test_only_markup_that_renders_in_the_book_and_in_jupyterlab(path):
    text = path.read_text(encoding="utf-8")
    directives = set(re.findall(r"^`{3,}\{([\w-]+)\}", text, re.M))
    assert directives <= {"code-cell", "admonition", "note", "tip", "warning", "figure", "math"}
    assert not re.findall(r"\{(?:ref|cite|cite:\w+|glue\S*|numref|eq|term|doc)\}`", text)


@pytest.fixture
def small_course(tmp_path, monkeypatch):
    """A small course with one chapter and its helper modules, to change and refresh."""
    header = (ROOT / "chapters/03_activation.md").read_text(encoding="utf-8").split("# ")[0]
    for name, text in {
        "_config.yml": "sphinx: {config: {press: {package: utils, stand_in: {numbers: utils.engine}}}}\n",
        "requirements.txt": "numpy==1.26.4 --hash=x\npillow==12.0.0 --hash=y\n",
        "utils/__init__.py": "from .near import double\nfrom .other import draw\nfrom .results import read_results\n\n"
        "LAZY = {'late': 'drawing'}\n",
        "utils/near.py": "import numpy\n\nfrom .deep import ONE\n\n\ndef double(x):\n    return 2 * x * ONE\n",
        "utils/deep/__init__.py": "from .far import ONE\n",
        "utils/deep/far.py": "def one():\n    from .. import engine, last\n    return last.ONE\n\n\nONE = one()\n",
        "utils/last.py": "ONE = 1\n",
        "utils/engine/__init__.py": "from .nd import dot\n",
        "utils/engine/nd.py": "from . import base\n\n\ndef dot():\n    return base\n",
        "utils/engine/base.py": "",
        "utils/drawing.py": "late = 1\n",
        "utils/other.py": "def draw():\n    pass\n",
        "chapters/01_small.md": header + "# Small\n\nSome prose.\n\n```{code-cell} ipython3\n"
        "import time\n\nfrom utils import double, read_results\n\n"
        'print(double(time.time()), read_results("found"))\n```\n',
        "utils/results/__init__.py": "import json, pathlib\n\n\ndef read_results(name):\n"
        "    return json.loads(pathlib.Path(__file__).with_name(name + '.json').read_text())\n",
        "utils/results/found.json": "[1]\n",
        "utils/results/others.json": "[1]\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(fingerprint, "ROOT", tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))  # before the installed utils
    return tmp_path


def refresh(course):
    state = notebooks.refresh(course / "chapters/01_small.md")
    return state, chapters.read_pair(course / "chapters/01_small.md")


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_refresh_runs_a_chapter_only_if_it_is_stale(small_course, monkeypatch):
    chapter = small_course / "chapters/01_small.md"
    assert [refresh(small_course)[0] for _ in range(2)] == ["run", "in step"]
    first = chapters.read_pair(chapter)

    edit(chapter, "Some prose.", "Other prose.")
    state, pair = refresh(small_course)
    assert state == "refreshed"
    assert "Other prose." in pair.cells[0].source and pair.cells[1].outputs == first.cells[1].outputs

    documented = '# a remark\ndef double(x):\n    """Twice x."""\n'
    for name, old, new in (
        ("utils/other.py", "pass", "return 1"),  # a module that the chapter does not need
        ("utils/drawing.py", "late = 1", "late = 2"),  # imported by utils on first use
        ("utils/engine/nd.py", "return base", "return 0"),  # the own engine
        ("utils/near.py", "def double(x):\n", documented),
        ("requirements.txt", "pillow==12.0.0", "pillow==12.0.1"),
        ("utils/results/others.json", "1", "2"),  # a data file that the chapter does not name
    ):
        edit(small_course / name, old, new)
        assert refresh(small_course)[0] == "in step", f"{name}: {old} -> {new}"

    for name, old, new in (
        ("utils/near.py", "return 2", "return 3"),
        ("utils/last.py", "ONE = 1", "ONE = 1.0"),  # imported by near.py and deep/far.py
        ("requirements.txt", "numpy==1.26.4", "numpy==1.26.3"),
        ("utils/results/found.json", "1", "2"),
        ("chapters/01_small.ipynb", "[1]", "[3]"),  # an output, changed by hand
    ):
        edit(small_course / name, old, new)
        assert notebooks.is_stale(chapters.read_source(chapter), chapters.read_pair(chapter)), f"{name}: {old} -> {new}"
        edit(small_course / name, new, old)

    edit(chapter, "print(double", "print(0 + double")
    state, pair = refresh(small_course)
    assert state == "run" and pair.cells[1].outputs != first.cells[1].outputs

    with pytest.raises(SystemExit, match="No chapter is called 99: give a number"):
        notebooks.main(["99"])


BOTH_ENGINES = """# Both engines

```{code-cell} ipython3
:tags: [within-0.02]

from utils import engine_name
print("loss", {"mxnet": 0.5012, "own": 0.5024}[engine_name])
```

```{code-cell} ipython3
print(engine_name)
```
"""


def test_without_mxnet_the_own_engine_runs_a_chapter_whose_digits_stay_those_of_mxnet(tmp_path, monkeypatch):
    chapter = tmp_path / "01_both.md"
    header = (ROOT / "chapters/03_activation.md").read_text(encoding="utf-8").split("# ")[0]
    chapter.write_text(header + BOTH_ENGINES, encoding="utf-8")

    def refreshed():
        return notebooks.refresh(chapter), [cell.outputs[0].text for cell in code_cells(chapters.read_pair(chapter))]

    pair = chapters.read_source(chapter)
    for cell, text in zip(code_cells(pair), ("loss 0.5012\n", "mxnet\n")):
        cell.outputs = [nbformat.v4.new_output("stream", text=text)]
    nbformat.write(pair, chapter.with_suffix(".ipynb"))
    monkeypatch.setenv("MLP_ENGINE", "own")
    monkeypatch.setitem(sys.modules, "mxnet", types.ModuleType("utils.engine"))
    state, texts = refreshed()
    assert texts == ["loss 0.5012\n", "own\n"] and state == "run on utils.engine"

    edit(chapter, "print(engine_name)", "import nothing_that_is_installed")
    assert refreshed() == ("NOT RUN, as nothing_that_is_installed is not installed here", texts)
    monkeypatch.setattr(notebooks, "chosen", lambda names: [chapter])
    monkeypatch.setattr(of_this_course, "ROOT", tmp_path)
    (tmp_path / "assets").mkdir()
    with pytest.raises(SystemExit, match="^These chapters are still to be run: 01_both.\n[^$]*Codespaces"):
        of_this_course.main([])


@pytest.mark.parametrize(
    "code, modules",
    [
        ("from utils import double", {"near", "deep", "deep.far", "last"}),
        ("from utils import late", {"drawing"}),
        ("import utils", {"near", "deep", "deep.far", "last", "other", "drawing", "results"}),
        ("from utils.engine import nd", {"engine", "engine.nd", "engine.base"}),
        ("from utils.deep.far import ONE", {"deep", "deep.far", "last"}),
        ("import numpy", set()),
    ],
)
def test_code_needs_the_helpers_that_it_imports(small_course, code, modules):
    assert fingerprint.modules_for(code) == {f"utils.{name}" for name in modules}


@pytest.mark.parametrize(
    "text, passes",
    [
        ("epoch 1, loss 0.7924, test acc 0.819", True),
        ("epoch 1, loss 0.7800, test acc 0.830", True),
        ("epoch 1, loss 0.7500, test acc 0.819", False),  # a number too far off
        ("epoch 2, loss 0.7924, test acc 0.819", False),  # a whole number
        ("epoch 1, loss nan, test acc 0.819", False),
        ("epoch 1, loss 0.7924", False),  # a number too few
        ("epoch 1, LOSS 0.7924, test acc 0.819", False),  # another word
    ],
)
def test_outputs_are_compared_within_their_tolerance_and_no_further(text, passes):
    stored = "epoch 1, loss 0.7924, test acc 0.819"
    assert (compare.snapped(text, stored, 0.02) == stored) is passes


# --- Which notebooks an edit of the real helpers makes stale ------------------------------------------------------------------


@functools.cache
def codes():
    """The code of each chapter, by name."""
    return {path.stem: notebooks.code(read_source(path)) for path in CHAPTERS}


def with_code(pattern):
    """A function that gives the chapters in whose code a regular expression is found."""
    return lambda: {name for name, text in codes().items() if re.search(pattern, text, re.M)}


def only(*names):
    return lambda: {*names}


ALL, CATCHING, WITH_DATA = with_code(""), with_code(r"^ *except\b"), with_code(r"\bload_data_fashion_mnist\(")
ASKING, WITH_PROBLEMS = with_code(r"\b(check(_problem)?|refute)\("), with_code(r"\bcheck_problem\(")
NEW_QUESTION = 'QUESTIONS = {\n    "one more": (1, "it is.", {}, "count."),\n'
LATE = "{name} did not arrive within {SECONDS_PER_FILE} s", "{name} took longer than {SECONDS_PER_FILE:.0f} s"
# An edit of a module of utils, old and new: what gives the chapters that it makes stale for certain, and those that it may.
EDITS = {
    ("judges/questions.py", "that is the surprise in bits", "that is in bits"): (only("05_loss"), only("05_loss")),
    ("judges/questions.py", "QUESTIONS = {\n", NEW_QUESTION): (only(), only()),
    ("judges/verdicts.py", '"Not yet"', '"No"'): (ASKING, ASKING),
    ("judges/given.py", "should be made of numbers below", "must be made of numbers below"): (WITH_PROBLEMS, ALL),
    # Checks of arguments, and the words of errors, matter only where they may be shown.
    ("arguments.py", "must be a positive integer", "has to be a positive integer"): (only(), CATCHING),
    ("training.py", "arguments.loss(loss)", "arguments.function('loss', loss, 'mlp', 2)"): (only(), CATCHING),
    ("fetch.py", *LATE): (only(), CATCHING),
    ("judges/questions.py", "is not a question: choose from", "names no question: choose from"): (only(), CATCHING),
    ("arguments.py", "has no gradient: call", "is without gradient: call"): (only("06_training"), CATCHING),
    ("training.py", '    arguments.gradients("params", params)\n', ""): (only("06_training"), CATCHING),
    # When an error is raised, and of which type, matters wherever it may be.
    ("fetch.py", "> deadline", ">= deadline"): (WITH_DATA, ALL),
    ("fetch.py", 'OSError(f"{name} is longer', 'ValueError(f"{name} is longer'): (WITH_DATA, ALL),
    ("training.py", "correct, n = 0, 0", "n, correct = 0, 0"): (
        with_code(r"\b(evaluate_accuracy|train_ch3)\("),
        lambda: ALL() - {"20_grow"},
    ),
}


@pytest.fixture(scope="module")
def before():
    return {name: fingerprint.fingerprint(text) for name, text in codes().items()}


@pytest.mark.parametrize("change", EDITS)
def test_an_edit_concerns_the_chapters_whose_outputs_may_change_and_no_other(change, before, tmp_path, monkeypatch):
    shutil.copytree(ROOT / "utils", tmp_path / "utils", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("requirements.txt", "_config.yml"):
        shutil.copy(ROOT / name, tmp_path)
    monkeypatch.setattr(fingerprint, "ROOT", tmp_path)
    module, old, new = change
    file = tmp_path / "utils" / module
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    stale = {name for name, text in codes().items() if fingerprint.fingerprint(text) != before[name]}
    certain, possible = EDITS[change]
    assert certain() <= stale <= possible()
