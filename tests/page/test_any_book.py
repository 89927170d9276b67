"""A book of anybody's, of which the press knows nothing: its listings run in the pages of Jupyter Book's own theme."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from press.browser.listings import ended, listing, press_run, row, run
from press.browser.server import serve
from press.notebooks.chapters import ROOT

CONFIG = """title: Pendulums
only_build_toc_files: true
execute:
  execute_notebooks: "off"
sphinx:
  extra_extensions: [press]
"""
TOC = "format: jb-book\nroot: intro\nchapters:\n- file: 05_loss\n- file: more/swing\n"
CELLS = [
    "import math\nlength = 1.0",
    "period = 2 * math.pi * math.sqrt(length / 9.81)\nprint(round(period, 3))",
    "import matplotlib.pyplot as plt\nplt.plot([0, period])\nplt.ylabel('seconds');",
    "n = 0\nwhile True:\n    n += 1",
    'def double(x):\n    """Twice x."""\n    return 2 * x',
]


def notebook(title, cells):
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}, "language_info": {"name": "python"}}
    codes = [nbformat.v4.new_code_cell(code) for code in cells]
    codes[-1].metadata["slot"] = {"name": "double", "hint": "Twice."}  # nobody judges it here, so it is a listing like any other
    return nbformat.v4.new_notebook(metadata=metadata, cells=[nbformat.v4.new_markdown_cell(f"# {title}"), *codes])


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The address of a book with a page called as a chapter of this course, and one in a folder."""
    here = tmp_path_factory.mktemp("pendulums")
    (here / "more").mkdir()
    (here / "_config.yml").write_text(CONFIG, encoding="utf-8")
    (here / "_toc.yml").write_text(TOC, encoding="utf-8")
    (here / "intro.md").write_text("# Pendulums\n\nSee [the loss](05_loss).\n", encoding="utf-8")
    for name in ("05_loss", "more/swing"):
        nbformat.write(notebook(name, CELLS), here / f"{name}.ipynb")
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
    assert ended(page)[0] == "stopped"
    assert run(page, 2)[2].strip() == "2.006"


def test_the_pages_of_any_book_have_the_theme_that_they_had(page):
    assert page.locator(".bd-header, .bd-sidebar").count() > 0 and page.locator(".my-course, .turn").count() == 0
