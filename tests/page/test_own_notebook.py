"""The notebook of a page: each listing is found in it, and a reader's own go along in their places."""

import nbformat
import pytest
from playwright.sync_api import expect

from press.browser.listings import open_page, write
from press.notebooks.chapters import ROOT, code_cells
from tests.press.test_own_listings import add, leave

pytestmark = pytest.mark.any_prose


def test_the_notebook_of_the_page_has_them_in_their_places_and_what_was_edited(context, site, tmp_path):
    page = open_page(context, site, "chapters/03_activation")
    add(page, 2, "mine = 5\nmine")
    write(page, 5, "edited = 1")
    leave(page)
    path, link = tmp_path / "saved.ipynb", page.locator("nav.foot").get_by_role("link", name="Notebook", exact=True)
    page.route("**/notebooks/*.ipynb", lambda route: route.abort())
    link.click()
    expect(page.locator(".run-bar [role=status]")).to_contain_text("The notebook did not arrive.")
    page.unroute("**/notebooks/*.ipynb")
    with page.expect_download() as download:
        link.click()
    download.value.save_as(path)
    assert download.value.suggested_filename == "03_activation.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    setup, *found = code_cells(notebook)
    book = [one.source for one in code_cells(nbformat.read(ROOT / "chapters/03_activation.ipynb", as_version=4))]
    assert "this cell first" in setup.source
    assert [one.source for one in found] == [*book[:2], "mine = 5\nmine", *book[2:4], "edited = 1", *book[5:]]
    assert found[2].outputs == found[5].outputs == [] and any(one.outputs for one in found)
