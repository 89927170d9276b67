"""Every chapter: its notebook is up to date and was run in one go, its code is that of utils, and it has all required parts."""

import ast
import builtins
import re

import pytest
import yaml

import utils
from press.notebooks import chapters, goals, misconceptions
from press.notebooks import refresh as notebooks
from press.notebooks.chapters import CHAPTERS, ROOT, code_cells
from press.notebooks.fingerprint import WithoutChecks, parse
from press.notebooks.slots import defined, slot_of
from tests.support import compare
from tests.support.compare import words_and_numbers
from tests.support.prose import each_chapter, read_pair, read_source
from tools import notebooks as of_this_course
from tools.opening import OPENINGS
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
    for cell in code_cells(read_pair(path)):
        about = cell.metadata.get("mystnb", {})
        if has_image(cell):
            assert len(about.get("image", {}).get("alt", "")) > 40, f"no alternative text:\n{cell.source}"
            assert len(about.get("figure", {}).get("caption", "")) > 20, f"no caption:\n{cell.source}"
        for svg in [output.get("data", {}).get("image/svg+xml", "") for output in cell.outputs]:
            panels = svg.split('<g id="axes_')[1:]
            for number, axes in enumerate(panels):
                _, *axis = re.split(r'<g id="matplotlib\.axis_\d+">', axes)
                for part in axis:
                    words, numbers = words_and_numbers(part.partition('<g id="legend_')[0])
                    below = part is axis[0] and axes is not panels[-1] and ticks(axes) == ticks(panels[-1]) != []
                    shared = below or (number > 0 and part is axis[-1])
                    rows = not numbers and len(words) == 2  # of which each has its name
                    assert shared or rows or (words and len(words) + len(numbers) >= 3), (
                        f"an axis without label or ticks:\n{cell.source}"
                    )
            if svg and re.search(r"\blabel=", cell.source) and not re.search("colorbar|get_label|name_lines", cell.source):
                assert 'id="legend_' in svg, f"lines with names and no legend:\n{cell.source}"


def ticks(axes):
    """Where the marks of a panel's horizontal axis are, in a figure: the same in panels below each other that share it."""
    horizontal = axes.partition('<g id="matplotlib.axis_')[2].partition('<g id="matplotlib.axis_')[0]
    return re.findall(r'<use xlink:href="#\w+" x="([\d.]+)"', horizontal)


def captions(cell):
    """The captions of a cell's figures: of what its code draws, or of drawings, without the lines of their options."""
    if cell.cell_type == "code":
        return [cell.metadata.get("mystnb", {}).get("figure", {}).get("caption", "")]
    drawings = re.findall(r"^(`{3,})\{figure\}(.*?)^\1$", cell.source, re.M | re.S)
    return [re.sub(r"^:.*", "", drawing, flags=re.M) for _, drawing in drawings]


@pytest.mark.any_chapter
def test_the_figure_with_which_a_chapter_opens_is_found_by_the_words_of_its_caption():
    assert sorted(OPENINGS) == [path.stem for path in LESSONS]
    for path in LESSONS:  # in the source: the notebook, of which the page is made, may be that of yesterday
        found = [caption for cell in read_source(path).cells for caption in captions(cell) if OPENINGS[path.stem][0] in caption]
        assert found, f"{path.stem}: no caption has the words {OPENINGS[path.stem][0]!r}; name others in tools/opening.py"


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


def test_what_could_not_be_run_comes_with_advice(tmp_path, monkeypatch):
    monkeypatch.setattr(notebooks, "main", lambda names: "To be run: 14_pytorch.")
    monkeypatch.setattr(of_this_course, "ROOT", tmp_path)
    (tmp_path / "assets").mkdir()
    with pytest.raises(SystemExit, match="^To be run: 14_pytorch.\nPyTorch .*\n.* Codespaces"):
        of_this_course.main([])
