"""Whole chapters in their pages, to their last cell: each day the one that doesn't train, which is slow in a page."""

import pytest

from press.book.contents import pages
from press.browser.listings import OUTPUTS, ROOT, ended, on_device, open_page
from press.notebooks.chapters import lacking
from tests.support.compare import differences
from tests.support.hasty import hasty

pytestmark = pytest.mark.any_prose

LIGHT = "chapters/05_loss"
RUNNING = [name for name in pages() if name.startswith("chapters/") and not lacking(ROOT / f"{name}.md")]


@pytest.mark.parametrize("name", [LIGHT, *(pytest.param(name, marks=pytest.mark.weekly) for name in RUNNING if name != LIGHT)])
def test_chapter_runs_to_its_last_cell(reader, browser, site, folder, name):
    page = open_page(reader if name == LIGHT else hasty(on_device(browser, 2), folder), site, name)
    pythons = []
    page.on("worker", lambda worker: pythons.append(worker))
    if page.locator(".run-all").count():
        page.click(".run-all")
    else:  # the first page, whose check is folded
        page.click(".checked summary")
        for button in page.locator(".run").all():
            button.click()
    state, said = ended(page, 60 * 60)
    assert len(pythons) <= 1, "Python has broken down"
    assert state == "done", f"{said}\n{page.locator('.traceback').all_text_contents()}"
    missed = page.locator("details.checked:not([data-state=ran]) > summary").all_text_contents()
    assert missed == [], "folded checks run as well"
    assert page.locator(".cover").count() == 0, "a run uncovers what answers a prediction"
    assert differences(page.evaluate(OUTPUTS), ROOT / f"{name}.ipynb") == []
    (page if name == LIGHT else page.context).close()
