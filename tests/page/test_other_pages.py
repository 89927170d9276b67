"""What a reader has written in one page, in other pages."""

import pytest

from press.browser.listings import open_page
from tests.support.page import module
from tests.support.page_slots import keep

pytestmark = pytest.mark.any_prose

RELU = "def relu(X):\n    return nd.maximum(X, 0)"


def test_other_pages_use_what_is_written_unless_the_reader_wants_the_books(context, site):
    keep(open_page(context, site, "chapters/03_activation"), "relu", RELU)
    other = open_page(context, site, "chapters/15_linear_baseline")
    other.get_by_text("The listings of this page use your own relu").wait_for()
    assert other.locator(".contents a span").all_text_contents() == ["1/1"]
    functions = module(other, "run/functions.js")
    assert functions.evaluate("({ used }) => used()") == {"relu": RELU}
    other.get_by_role("button", name="Use the book's").click()
    other.get_by_text("use the book's functions, not yours").wait_for()
    assert module(other, "run/functions.js").evaluate("({ used }) => used()") is None, "Python gets none"
    later = open_page(context, site, "chapters/03_activation")
    later.locator("#write-relu .verdict").get_by_text("The listings use the book's, as you chose.").wait_for()
