"""What each chapter must be, so that a page can have what other tests try in one: it is quick, and runs when any has changed."""

import re
from pathlib import Path

import nbformat
import pytest

from press.browser.listings import open_blank
from press.notebooks.chapters import CHAPTERS, code_cells, lacking, read_pair, read_source
from tests.support.pictures import PAGES

pytestmark = [pytest.mark.every_chapter, pytest.mark.any_prose]

RUNNING = [path for path in CHAPTERS if not lacking(path)]


@pytest.mark.parametrize("path", RUNNING, ids=lambda path: path.stem)
def test_each_listing_of_a_page_is_found_in_its_notebook(folder, path):
    """By its text, which places what a reader has added; else that would come too early."""
    notebook = nbformat.read(folder / "notebooks" / f"{path.stem}.ipynb", as_version=4)
    sources, shown = ([cell.source.rstrip() for cell in code_cells(one)] for one in (notebook, read_pair(path)))
    assert [source for source in shown if source not in sources] == [] and len(set(shown)) == len(shown)


def test_the_longest_listings_fit_into_a_link(context, site):
    codes = [cell.source for path in RUNNING for cell in code_cells(read_source(path))]
    fragments = open_blank(context, site).evaluate(
        "(codes) => import('/course/run/link.js').then(({ fragmentOf }) => codes.map((code) => fragmentOf(code, `${code} #`)))",
        sorted(codes, key=len)[-20:],
    )
    assert len(fragments) == 20 and all(fragments)


def test_each_picture_in_the_hand_is_tried_in_its_page():
    found = {name: path.stem for path in CHAPTERS for name in re.findall(r"images/hand-(\w+)\.svg", path.read_text("utf-8"))}
    assert PAGES == found
    files = {name: (Path(__file__).parent / f"test_hand_{name}.py").read_text("utf-8") for name in found}
    assert [name for name, stem in found.items() if f'PAGE = "{stem}"' not in files[name]] == []
