"""What the course's own pages promise in each of their states. A new feature is a row of STATES, and gets every promise.

What any book's pages have is asked in tests/press/test_states.py, on the sample book. What holds for every page at rest, such
as its bytes and requests, is in test_pages. What only some chapters have has its rows in the test_promises_of_... beside this
one, so that an edit of a chapter asks for these alone.
"""

import functools

import pytest

from press.book.contents import file_of, pages
from press.browser.chromium import settle
from press.notebooks.slots import all_slots
from tests.page.test_photo import PHOTOGRAPHED, encoded, keep, scene, take
from tests.support import promises
from tests.support.class_files import TEACHING, as_file, course, entry, give
from tests.support.page import module
from tests.support.promises import *  # noqa: F403  the promises, and their fixtures
from tests.support.promises import asked_of, in_view
from utils import fashion_mnist_arrays

pytestmark = pytest.mark.any_prose

WHOLE = "body"  # the part of a page at rest
STATES = []
state = functools.partial(promises.state, STATES)


# Pages at rest: one of each kind, the others once a week. The frame around the text is asked where it has another form.


for one in [*pages(), "search", "404"]:
    frames = [pages()[0], "chapters/13_gluon", "404"]
    kinds = [*frames, "chapters/26_solutions_train", "reference/glossary", "reference/api"]
    part, marks = WHOLE if one in frames else "main", [] if one in kinds else pytest.mark.weekly
    state(file_of(one), part, "article", marks=marks, name=one)(settle)


# What a reader has written


@state(file_of(pages()[0]), ".whole", "#yours", pushes=True)
def the_whole_network_of_ones_own(page):
    codes = {slot["name"]: code for _, slot, code in all_slots()}
    keep = "({ set }, codes) => Object.entries(codes).forEach(([about, code]) => set({ kind: 'function', about }, code))"
    module(page, "page/kept.js").evaluate(keep, codes)
    page.reload()
    page.locator(".whole").wait_for()


# Pictures, and the page for teachers


state(file_of(pages()[0]), "#demo", "#demo p", name="the demonstration")(in_view("#demo"))


@state(file_of(pages()[0]), "#demo", pushes=True)
def a_photograph_of_ones_own(page):
    in_view("#demo")(page)
    page.get_by_role("button", name=PHOTOGRAPHED).click()
    take(page, encoded(scene(fashion_mnist_arrays()[1][0][0], 300)))
    page.locator(".own-steps li").nth(5).wait_for()
    keep(page, "sneaker")


@state(file_of(TEACHING), "#class-files")
def the_table_of_a_class(page):
    wrong = entry("function", None, "relu", ("Not yet: it keeps what is negative", False), ("Right: yes.", True), 2)
    give(page, *(as_file(f"{name}.json", course(name, [wrong])) for name in ("Ann", "Bo")), as_file("notes.json", "no course"))


pytest_generate_tests = asked_of(STATES)
