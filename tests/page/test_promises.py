"""What the course's own pages promise in each of their states. A new feature is a row of STATES, and gets every promise.

What any book's pages have is asked in tests/press/test_states.py, on the sample book. What holds for every page at rest, such
as its bytes and requests, is in test_pages. The pictures to try have their rows in test_promises_of_pictures, so that an edit of
their chapters asks for these alone.
"""

import functools

import pytest

from press.book.contents import file_of, pages
from press.browser.chromium import settle
from press.browser.listings import number_of, run, write, written
from press.notebooks.slots import all_slots
from tests.page.test_photo import PHOTOGRAPHED, encoded, keep, scene, take
from tests.support import promises
from tests.support.class_files import TEACHING, as_file, course, entry, give
from tests.support.networks import network_of
from tests.support.page import module
from tests.support.promises import *  # noqa: F403  the promises, and their fixtures
from tests.support.promises import asked_of, in_view
from utils import fashion_mnist_arrays

pytestmark = pytest.mark.any_prose

ACTIVATION, TRAINING = file_of("chapters/03_activation"), file_of("chapters/06_training")
WHOLE = "body"  # the part of a page at rest
STATES = []
state = functools.partial(promises.state, STATES)


# Pages at rest: one of each kind, the others once a week. The frame around the text is asked where it has another form.


for one in [*pages(), "search", "404"]:
    frames = [pages()[0], "chapters/03_activation", "404"]
    kinds = [*frames, "chapters/26_solutions_train", "reference/glossary", "reference/api"]
    part, marks = WHOLE if one in frames else "main", [] if one in kinds else pytest.mark.weekly
    state(file_of(one), part, "article", marks=marks, name=one)(settle)


# What a reader answers


@state(ACTIVATION, ".refute + .cell", ".refute + .cell", python=True)
def a_function_refuted(page):
    number = number_of(page, "refute(")
    write(page, number, written(page, number).replace("3]", "7]", 1))
    run(page, number)
    page.keyboard.press("Escape")


@state(TRAINING, ".predict.sketch", ".predict.sketch")
def a_curve_drawn(page):
    page.locator(".predict.sketch").get_by_role("slider").focus()
    for key in ("ArrowUp", "End", "ArrowUp"):
        page.keyboard.press(key)
    page.locator(".predict.sketch").get_by_role("button", name="Compare").click()


# Functions


@state(ACTIVATION, "#write-relu", python=True, pushes=True, alone=True)
def other_ways_to_write_a_function(page):
    run(page, number_of(page, "def relu(X)"), "def relu(X):\n    return nd.maximum(X, 0)")
    page.locator("#write-relu").get_by_text("Other ways to write it").click()
    page.locator("#write-relu .ways pre").first.wait_for()
    page.keyboard.press("Escape")


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


@state(TRAINING, "#draw .demo-top", "#draw p")
def networks_of_the_readers_to_choose_from(page):
    keep = (
        "({ keepTrained }, network) => [3, 10].forEach((epochs) => "
        "keepTrained({ ...network, training: epochs, epochs, accuracy: 0.8, lr: 0.5 }))"
    )
    module(page, "page/networks.js").evaluate(keep, network_of(256) | {"curve": [[1, 0.7], [2, 0.8]]})
    in_view("#draw")(page)
    page.locator(".demo-yours select").wait_for()


@state(file_of(TEACHING), "#class-files")
def the_table_of_a_class(page):
    wrong = entry("function", None, "relu", ("Not yet: it keeps what is negative", False), ("Right: yes.", True), 2)
    give(page, *(as_file(f"{name}.json", course(name, [wrong])) for name in ("Ann", "Bo")), as_file("notes.json", "no course"))


pytest_generate_tests = asked_of(STATES)
