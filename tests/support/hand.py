"""What the tests of the pictures in the hand share: a page of their own, what a picture says and computes, and a chapter's cells.

It names no chapter: each picture's file of tests has the name of its chapter as PAGE, and is run again for that one alone.
"""

import re

import pytest

from press.browser.listings import on_device
from press.notebooks.chapters import FOLDER, code_cells, read_source
from tests.support.page import ask, module


@pytest.fixture(scope="module")
def desk(browser, site):
    """The page that these tests share, on a wide screen. What only computes does so in whichever page of the book it shows."""
    context = on_device(browser, 2, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{site}search.html")
    yield page
    context.close()


@pytest.fixture
def phone(browser):
    context = on_device(browser, 2, viewport={"width": 390, "height": 800}, has_touch=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def visit(desk, site, request):
    """A function that opens the test's PAGE, and returns it at one of its pictures, which is in its first state."""
    problems = []

    def note(said):
        problems.append(str(said))

    def open_at(name, page=desk, reduced_motion="reduce"):
        for kind in ("console", "pageerror"):
            page.on(kind, note)
        page.emulate_media(reduced_motion=reduced_motion)
        address = f"{site}chapters/{request.module.PAGE}.html"
        ask(page, "showInHandAgain", name) if page.url == address else page.goto(address)
        page.evaluate("document.querySelector('.opening')?.remove()")  # the same picture, which has a test of its own
        page.locator(f"figure [data-hand={name}]").scroll_into_view_if_needed()
        page.locator(f"figure [data-hand={name}] svg").wait_for()
        return page

    yield open_at
    for kind in ("console", "pageerror"):
        desk.remove_listener(kind, note)
    assert problems == []


def says(page):
    return page.locator("figure .hand-controls > [role=status]").inner_text()


def note_what_is_said(page):
    page.evaluate("""() => {
        const says = document.querySelector("figure .hand-controls p");
        window.said = [];
        new MutationObserver(() => said.push(says.textContent)).observe(says, { childList: true });
    }""")


def numbers(page):
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", says(page).replace("−", "-"))]


def computed(page, expression, argument=None):
    """What an expression of a picture and `argument` is in a page. argument: the picture's name, and what it is asked with."""
    name, argument = argument
    return module(page, f"hand/{name}.js").evaluate(f"({{ picture }}, argument) => {expression}", argument)


def drag(page, name, right, down):
    box = page.locator(f"[data-name='{name}']").locator("circle, rect").last.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2)
    page.mouse.move(x + right, y + down)
    page.mouse.up()


def cell_with(stem, text, **names):
    """The names that a chapter's cell with `text` defines, given those that it needs."""
    source = next(cell.source for cell in code_cells(read_source(FOLDER / f"{stem}.md")) if text in cell.source)
    exec(source, names)
    return names


def cells_up_to(stem, text):
    """The names that a chapter has defined when its first cell with `text` has run."""
    sources, names = [cell.source for cell in code_cells(read_source(FOLDER / f"{stem}.md"))], {}
    for source in sources[: next(i for i, source in enumerate(sources) if text in source) + 1]:
        exec(source, names)
    return names
