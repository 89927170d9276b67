"""Chapters that train, in their pages, as once a week: in Firefox, and their listings in any order of runs."""

import random
import re

import pytest

from press.browser.firefox import open_firefox
from press.browser.listings import LONG, OUTPUTS, ROOT, STATE_AT_THE_END, open_page, run, wait_for
from tests.support.compare import differences

pytestmark = pytest.mark.any_prose


@pytest.mark.weekly
def test_chapter_runs_to_its_last_cell_in_firefox(site):
    name = "chapters/06_training"
    with open_firefox(f"{site}{name}.html") as evaluate:
        evaluate("document.querySelector('.run-all').click()")
        assert wait_for(evaluate, STATE_AT_THE_END, 5 * LONG) == "done"
        assert differences(evaluate(OUTPUTS), ROOT / f"{name}.ipynb") == []


@pytest.mark.weekly
@pytest.mark.parametrize("chapter", ["03_activation", "06_training", "10_autograd", "11_backpropagation"])
def test_chapter_gives_the_books_outputs_in_any_order_of_runs(reader, site, chapter):
    page = open_page(reader, site, f"chapters/{chapter}")
    buttons = page.get_by_role("button", name=re.compile("^Run listing"))  # not those of folded checks
    labels = buttons.evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
    for number in random.Random(chapter).choices([int(label.split()[-1]) for label in labels], k=12):
        assert run(page, number, seconds=900)[0] == "done"  # of chapter 6 two trainings may run for one
    different = differences(page.evaluate(OUTPUTS), ROOT / "chapters" / f"{chapter}.ipynb")
    assert [shown for shown, _ in different if None not in dict(shown)] == [], "of the listings that have run"
    page.close()
