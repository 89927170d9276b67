"""A book of anybody's, of which the press knows nothing: its listings run in the pages of Jupyter Book's own theme."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from press.browser.listings import ended, listing, press_run, row, run
from press.browser.server import serve
from press.notebooks.chapters import ROOT

pytestmark = pytest.mark.any_prose

CONFIG = """title: Pendulums
only_build_toc_files: true
execute:
  execute_notebooks: "off"
sphinx:
  extra_extensions: [press]
  config:
    press:
      packages: [python-dateutil]
"""
PAGES = "05_loss", "more/swing", "more/tags", "more/beside", "more/lacks", "more/dates", "more/julia"
TOC = "format: jb-book\nroot: intro\nchapters:\n" + "".join(f"- file: {page}\n" for page in PAGES)
CELLS = [
    "import math\nlength = 1.0",
    "period = 2 * math.pi * math.sqrt(length / 9.81)\nprint(round(period, 3))",
    "import matplotlib.pyplot as plt\nplt.plot([0, period])\nplt.ylabel('seconds');",
    "n = 0\nwhile True:\n    n += 1",
    'def double(x):\n    """Twice x."""\n    return 2 * x',
]
TAGGED = [  # a tag, code, and what the book shows below it
    ("remove-cell", "length = 4.0", None),
    ("hide-input", "import matplotlib.pyplot as plt\ng = 9.81\nfigure, axes = plt.subplots()\nplt.close()", None),
    ("remove-input", "print('drawn with', g)", "drawn with 9.81"),
    ("raises-exception", "length / 0", None),
    ("hide-output", "print('half', length / 2)\nfigure", "half 2.0"),
    ("remove-output", "print('nobody sees', g)", "nobody sees 9.81"),
    ("skip-execution", "install_the_sensors()", None),
    ("hide-cell", "print(length * g)", "39.24"),
]
DATA = "import helper\nwith open('data/swings.csv') as file:\n    rows = file.read().split()\nprint(helper.twice(len(rows)))"
DATES = [  # the package that the book asks for, and Matplotlib, which needs that too
    "import datetime\nimport matplotlib_inline.backend_inline\n\nbegin = datetime.date(2026, 1, 31)",
    "from dateutil import relativedelta\nprint(begin + relativedelta.relativedelta(months=1))",
    "from pylab import plot\nplot([begin, begin + relativedelta.relativedelta(years=1)], [0, 1]);",
]

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="  # of a picture


def notebook(title, cells, kernel="python"):
    metadata = {"kernelspec": {"name": kernel, "display_name": kernel}, "language_info": {"name": kernel}}
    return nbformat.v4.new_notebook(metadata=metadata, cells=[nbformat.v4.new_markdown_cell(f"# {title}"), *cells])


def cell(code, tag=None, shows=None, **metadata):
    outputs = [nbformat.v4.new_output("stream", text=f"{shows}\n")] if shows else []
    if tag == "hide-output":
        outputs.append(nbformat.v4.new_output("display_data", {"image/png": PIXEL}))
    return nbformat.v4.new_code_cell(code, outputs=outputs, metadata={**metadata, **({"tags": [tag]} if tag else {})})


def write(here):
    """Write the book into a folder."""
    codes = [cell(code) for code in CELLS]
    codes[-1].metadata["slot"] = {"name": "double", "hint": "Twice."}  # nobody judges it here, so it is a listing like any other
    (here / "measured").mkdir(parents=True)
    (here / "more").mkdir()
    (here / "more" / "data").symlink_to(Path("..", "measured"))
    (here / "_config.yml").write_text(CONFIG, encoding="utf-8")
    (here / "_toc.yml").write_text(TOC, encoding="utf-8")
    (here / "intro.md").write_text("# Pendulums\n\nSee [the loss](05_loss), whose $\\!x$ is no more.\n", encoding="utf-8")
    (here / "more" / "helper.py").write_text("def twice(x):\n    return 2 * x\n", encoding="utf-8")
    (here / "measured" / "swings.csv").write_text("1.0\n1.2\n1.1\n", encoding="utf-8")
    (here / "measured" / "marks.csv").write_text("No listing names it\n", encoding="utf-8")
    tagged = [cell(code, tag, shows) for tag, code, shows in TAGGED]
    contents = [notebook("Loss", codes), notebook("Swing", codes), notebook("Tags", tagged), notebook("Beside", [cell(DATA)])]
    lacking = notebook("Lacks", [cell("import numpy as np"), cell("from scipy import fft\nimport helper")])
    dates = notebook("Dates", [cell(code) for code in DATES])
    for name, page in zip(
        PAGES, [*contents, lacking, dates, notebook("Julia", [cell("f(x) = x^2")], kernel="julia")], strict=True
    ):
        nbformat.write(page, here / f"{name}.ipynb")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The address of a book with a page called as a chapter of this course, and one in a folder."""
    here = tmp_path_factory.mktemp("pendulums")
    write(here)
    command = [Path(sys.executable).with_name("jupyter-book"), "build", here, "-W", "-n", "--keep-going", "-q"]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=here, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with serve(here / "_build" / "html") as site:
        yield site


@pytest.fixture
def page(context, book):
    page = context.new_page()
    page.goto(f"{book}05_loss.html")
    return page


def test_the_listings_of_any_book_run_are_edited_and_are_kept(page):
    assert run(page, 3)[0] == "done"
    assert listing(page, 2).locator(".cell_output").inner_text().strip() == "2.006"
    assert listing(page, 3).locator(".cell_output img").count() == 1
    assert run(page, 1, "import math\nlength = 4.0")[0] == "done"
    assert [row(page, number).partition(" · ")[2] for number in (2, 3, 4)] == ["out of date", "out of date", ""]
    assert run(page, 2)[2].strip() == "4.012"
    page.reload()
    listing(page, 1).get_by_text("length = 4.0").wait_for()


def test_an_endless_listing_of_any_book_can_be_stopped_and_what_was_computed_stays(page, book):
    page.goto(f"{book}more/swing.html")
    assert run(page, 1)[0] == "done"
    press_run(page, 4)
    listing(page, 4).locator(".run[data-busy]").click()
    page.locator(".run-bar [data-run-state=stopped]").wait_for()
    assert run(page, 2)[2].strip() == "2.006"


def test_the_pages_of_any_book_have_the_theme_and_the_formulas_that_they_had(page, book):
    assert page.locator(".bd-header, .bd-sidebar").count() > 0 and page.locator(".my-course, .turn").count() == 0
    page.goto(f"{book}intro.html")
    assert page.locator(".math").text_content() == r"\(\!x\)" and page.locator("math").count() == 0


def test_what_tags_hide_is_folded_and_what_they_remove_is_not_shown_and_all_of_it_runs(page, book):
    page.goto(f"{book}more/tags.html")
    code, output = page.locator(".tag_hide-input pre"), page.get_by_text("half 2.0")
    expect(page.locator(".run-row").first).to_be_attached()
    for hidden in (
        code,
        output,
        page.get_by_text("nobody sees 9.81"),
        page.get_by_text("length = 4.0"),
        page.get_by_text("'drawn with'"),
    ):
        expect(hidden.first).not_to_be_visible()
    expect(page.get_by_text("drawn with 9.81")).to_be_visible()
    page.locator(".tag_hide-input summary").click()
    expect(code).to_be_visible()
    page.locator(".run-all").click()
    assert ended(page)[0] == "done"  # the error that is meant ends nothing
    expect(page.locator(".tag_hide-output .cell_output")).to_have_text("half 2.0")
    expect(page.locator(".tag_hide-output .cell_output img")).to_have_count(1)  # the figure that is the last value
    expect(page.locator(".tag_hide-cell .cell_output")).to_have_text("39.24")
    expect(page.locator(".tag_raises-exception .cell_output")).to_contain_text("ZeroDivisionError")
    expect(page.get_by_text("nobody sees 9.81")).not_to_be_visible()
    assert page.locator(".tag_skip-execution .run").count() == 0


def test_an_edit_runs_the_removed_listing_that_it_needs(page, book):
    page.goto(f"{book}more/tags.html")
    assert run(page, 7, "print(length * 10)")[0] == "done"
    expect(page.locator(".tag_hide-cell .cell_output")).to_have_text("40.0")


def test_listings_import_and_read_what_lies_beside_their_page(page, book):
    page.goto(f"{book}more/beside.html")
    assert run(page, 1)[::2] == ("done", "6")
    files = page.request.get(f"{book}run/manifest.json").json()["files"]
    assert [file["path"] for file in files if "beside/" in file["path"]] == [
        "beside/more/data/swings.csv",
        "beside/more/helper.py",
    ]


def test_a_page_that_lacks_a_package_says_so_and_stays_as_it_was(page, book):
    page.goto(f"{book}more/lacks.html")
    expect(page.locator(".lacks")).to_contain_text("does not have scipy.")
    assert page.locator(".run, .run-all").count() == 0


def test_a_package_that_the_book_names_is_loaded_when_a_listing_imports_it(page, book):
    page.goto(f"{book}more/dates.html")
    assert run(page, 1)[0] == "done"
    with page.expect_request("**/python_dateutil*.whl?*"):  # it wasn't there before
        assert run(page, 2)[::2] == ("done", "2026-02-28")
    page.locator(".run-all").click()
    assert ended(page)[0] == "done"
    assert listing(page, 3).locator(".cell_output img").count() == 1
    files = page.request.get(f"{book}run/manifest.json").json()["files"]
    assert [Path(file["path"]).name[:6] for file in files if file["group"] == "python-dateutil"] == ["python", "six-1."]


def test_a_page_for_another_kernel_stays_as_it_was(page, book):
    page.goto(f"{book}more/julia.html")
    expect(page.get_by_text("f(x) = x^2")).to_be_visible()
    assert page.locator(".run, .run-all, .lacks").count() == 0
