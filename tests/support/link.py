"""Links that carry an edit of a listing: how a page makes and opens them."""

from tests.support.page import module

EDIT = "print('changed by a link: é → \\u2713 <img src=x onerror=alert(1)>')\nnumber = 3"  # markup stays text
TEXT = """(number) => document.querySelectorAll('.cell:has(> .cell_input)')[number - 1]
    .querySelector('.highlight pre').textContent.trimEnd()"""


def link_module(page):
    return module(page, "run/link.js")


def open_fragment(page, fragment):
    """Open the page's address with a fragment, and wait until the page has dealt with it."""
    page.evaluate("(fragment) => history.replaceState(null, '', fragment)", fragment)
    module(page, "run/start.js").evaluate("({ showLink }) => showLink()")
