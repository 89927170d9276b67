"""A class: simulated learners hand their files in, and the page for teachers and the grader of notebooks say what they did."""

import csv
import io
import json
import subprocess
import sys

import nbformat
import numpy as np
import pytest

from tools.browser.listings import open_page
from tools.notebooks.chapters import ROOT
from utils.problems.__main__ import grade, verdicts_of

TEACHING = "reference/teaching"
LEARNERS = 40
DIFFICULTIES = np.linspace(-2.5, 2.5, 12)
BAD = "Which of these is the bad question?"
TIME = "2026-11-27T12:00:00.000Z"


def entry(kind, about, first, last, tries=1, page="chapters/05_loss.html"):
    """What kept.js keeps of tries: `first` and `last` are (said, right)."""
    said = {name: {"said": text, "right": bool(right), "at": TIME} for name, (text, right) in (("first", first), ("last", last))}
    return {"kind": kind, **({"page": page} if page else {}), "about": about, "tries": tries, **said}


def course(name, kept):
    head = {"course": "A Multilayer Perceptron from Scratch", "version": 1, "edition": "1.0.0", "name": name, "saved": TIME}
    return json.dumps({**head, "kept": kept})


def simulated():
    """The files of learners whose ability is drawn from N(0, 1). Of the bad question the able take the wrong answer."""
    rng = np.random.RandomState(0)

    def answered(about, chance):
        first = rng.uniform() < chance
        last = first or rng.uniform() < 0.5
        wrong = f"wrong answer {rng.choice(2, p=[0.8, 0.2])} to {about}"
        return entry("answer", about, ("right" if first else wrong, first), ("right" if last else wrong, last), 1 if first else 2)

    files = []
    for i, ability in enumerate(rng.normal(size=LEARNERS)):
        kept = [answered(f"Question {k}", 1 / (1 + np.exp(d - ability))) for k, d in enumerate(DIFFICULTIES)]
        kept.append(answered(BAD, 1 / (1 + np.exp(3 * ability))))
        mistake = f"Not yet: it keeps what is negative, for {i}"
        kept.append(
            entry("function", "relu", (mistake, False), (mistake, False) if i % 4 else ("Right: yes.", True), 3, page=None)
        )
        name = "<img src=x onerror=alert(1)>" if i == 0 else "=HYPERLINK(1)" if i == 1 else f"learner {i}"
        files.append({"name": f"course-{i}.json", "mimeType": "application/json", "buffer": course(name, kept).encode()})
    return files


@pytest.fixture(scope="module")
def page(browser, site):
    """The page for teachers with the class's files and two that are none."""
    context = browser.new_context()
    page, asked = open_page(context, site, TEACHING), []
    page.locator("#class-files .drop").wait_for()
    page.locator("article h1").hover()
    page.locator("article .lost").first.wait_for()  # its script comes at the first touch
    page.wait_for_load_state("networkidle")
    page.asked = asked
    page.on("request", lambda request: asked.append(request.url))
    strange = [{"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no course"}]
    page.locator("#class-files input[accept]").set_input_files([*simulated(), simulated()[3], *strange])
    page.locator("#class-files table").first.wait_for()
    yield page
    context.close()


def rows(page, title):
    table = page.locator("#class-files table", has=page.locator("caption", has_text=title))
    return table.locator("tbody tr").evaluate_all("(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))")


def ranks(numbers):
    return np.argsort(np.argsort(numbers))


def test_the_order_of_difficulty_is_found_and_the_bad_question_is_on_top(page):
    questions = rows(page, "What to talk about")
    assert BAD in questions[0][0] and float(questions[0][-1]) < 0
    order = [int(row[0].rpartition(" ")[2]) for row in questions if "Question" in row[0]]
    assert sorted(order) == list(range(len(DIFFICULTIES)))
    found = np.corrcoef(ranks([-order.index(k) for k in range(len(order))]), ranks(DIFFICULTIES))[0, 1]
    assert found >= 0.9
    assert all(f"wrong answer 0 to {row[0].partition(': ')[2]}" in row[4] for row in questions)


def test_the_mistake_most_made_is_told_although_its_numbers_differ(page):
    ((name, learners, right, tries, mistake),) = rows(page, "Functions and problems")
    assert (name, int(learners), right, float(tries)) == ("relu", LEARNERS, "25 %", 3)
    assert mistake.startswith("Not yet: it keeps what is negative") and mistake.endswith(f"({LEARNERS})")


def test_who_did_what_and_where_they_stopped(page):
    learners = rows(page, "Learners")
    assert [row[0] for row in learners[2:]] == [f"learner {i}" for i in range(2, LEARNERS)]
    assert all(int(row[2]) == len(DIFFICULTIES) + 1 and int(row[3]) <= int(row[4]) for row in learners)
    assert rows(page, "Where they stopped") == [["5 Measure how wrong it is: the loss", str(LEARNERS)]]


def test_a_file_that_is_none_is_named_and_the_same_file_counts_once(page):
    said = page.locator("#class-files [role=status]").inner_text()
    assert said.startswith(f"{LEARNERS} learners. Not counted: notes.txt: it is no file that My course saved.")


def test_markup_in_a_name_is_text_and_a_spreadsheet_runs_nothing(page):
    assert page.locator("#class-files img").count() == 0 and rows(page, "Learners")[0][0].startswith("<img")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the table as CSV").click()
    table = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8"))))
    assert len(table) == LEARNERS and table[1]["learner"] == "'=HYPERLINK(1)"
    assert sum(int(row["relu"]) for row in table) == LEARNERS / 4
    assert all(int(row["right at last"]) == sum(int(row[f"chapters/05_loss.html {name}"]) for name in names()) for row in table)


def names():
    return [*(f"Question {k}" for k in range(len(DIFFICULTIES))), BAD]


def test_no_request_leaves_the_page(page):
    assert [url for url in page.asked if not url.startswith("blob:")] == []


# --- Notebooks ------------------------------------------------------------------------------------------------------------


def notebook(path, *cells):
    path.parent.mkdir(exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells]), path)


RELU = "%matplotlib inline\nfrom mxnet import nd\nfrom utils import check_problem\ndef relu(X):\n    return nd.maximum(X, 0)"
WRONG = RELU.replace("maximum", "minimum")
CHECK = "check_problem('relu', relu)"


def test_a_folder_of_notebooks_becomes_a_table(tmp_path):
    notebook(tmp_path / "ann" / "03.ipynb", "1 / 0", WRONG, CHECK, RELU, CHECK)
    notebook(tmp_path / "=bob" / "03.ipynb", WRONG, CHECK, "check_problem('counting', ...)", "import os; os._exit(3)")
    (tmp_path / "broken.ipynb").write_text("no JSON", encoding="utf-8")
    command = [sys.executable, "-m", "utils.problems", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.startswith("This runs the code of all these notebooks"), done.stderr
    with open(tmp_path / "class.csv", encoding="utf-8", newline="") as file:
        table = {row["file"]: row for row in csv.DictReader(file)}
    assert table["ann/03.ipynb"] == {
        "learner": "ann",
        "file": "ann/03.ipynb",
        "stopped": "",
        "tried": "1",
        "solved": "1",
        "relu": "1",
    }
    bob = table["'=bob/03.ipynb"]
    assert (bob["learner"], bob["stopped"], bob["tried"], bob["relu"]) == ("'=bob", "It ended with code 3.", "1", "0")
    assert table["broken.ipynb"]["stopped"] == "It ended with code 1." and table["broken.ipynb"]["relu"] == ""
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {"03.ipynb", "broken.ipynb", "class.csv"}


def test_a_notebook_that_does_not_end_is_stopped(tmp_path):
    notebook(tmp_path / "endless.ipynb", "while True:\n    pass")
    assert verdicts_of(tmp_path / "endless.ipynb", seconds=5) == ({}, "It was stopped after 5 seconds.")


def test_a_function_of_another_notebook_is_found_in_mynet(tmp_path):
    notebook(tmp_path / "04.ipynb", "import mynet", "from utils import check_problem, relu", CHECK)
    source = "from utils.mynet import *\n\n\n# --- relu\ndef relu(X):\n    return nd.maximum(X, 0)\n\nuse(globals())\n"
    (tmp_path / "mynet.py").write_text(source, encoding="utf-8")
    (row,) = grade(tmp_path)
    assert row["relu"] == 1 and (tmp_path / "mynet.py").read_text(encoding="utf-8") == source
