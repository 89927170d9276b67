"""Other ways to write a function: they are timed with what the function needs of the listings."""

import re

import pytest

from press.browser.listings import ended, open_page, run, runs, sentence, start_over, write_all
from tests.support.page_slots import slot_number

pytestmark = pytest.mark.any_prose

DOT_DB = "def dot_dB(dC, C, A, B):\n    return np.dot(A.T, dC) + zero"


def test_what_a_function_needs_runs_before_it_is_timed(visitor, site):
    page = open_page(visitor, site, "chapters/12_autograd_arrays")
    number = slot_number(page, "dot-dB")
    write_all(page, "zero = 0", "import numpy as np")  # the first two listings are short
    run(page, number, DOT_DB)
    start_over(page)  # as on another visit
    before = runs(page)
    fold = page.locator("#write-dot-dB details", has_text="Other ways to write it")
    fold.locator("summary").click()
    fold.get_by_role("button", name="Time them here").click()
    fold.get_by_text(re.compile(r"Yours takes \d")).wait_for()
    assert ended(page) == ("done", sentence(page, "TIMED"))
    assert [after - first for first, after in zip(before, runs(page))][:5] == [1, 1, 0, 0, 0]
