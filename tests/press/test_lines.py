"""The lines of a function that a reader puts in order, in a page of the sample book: by keys, by the mouse, by a finger."""

import pytest

from press.browser.listings import ended, on_device, open_page, run, write
from tests.support.page_slots import anew, forget_functions, judged
from tests.support.sample import WRITE

NUMBER = 2  # of the listing with the function
SLOT = "#write-height"


@pytest.fixture(scope="module")
def opened(returning, site):
    context = returning()
    yield open_page(context, site, WRITE)
    context.close()


@pytest.fixture
def page(opened):
    yield anew(opened)
    forget_functions(opened)


def put_in_order(page):
    """Ask for the lines of the function; returns its listing."""
    slot = page.locator(SLOT)
    slot.get_by_role("button", name="Help").click()
    slot.get_by_role("button", name="Put its lines in order").click()
    return slot


def test_the_lines_of_a_function_are_put_in_order_by_keys_and_the_readers_own_are_kept(page):
    own, right = "def height(length, angle):\n    return 5  # my own", "return length * (1 - math.cos(angle))"
    write(page, NUMBER, own)
    slot = page.locator(SLOT)
    slot.get_by_role("button", name="Help").click()
    slot.get_by_text("How far below its nail").wait_for()
    slot.get_by_role("button", name="Put its lines in order").click()
    assert page.evaluate("document.activeElement.className") == "free", "the button has gone, and the focus with it"
    use = slot.get_by_role("button", name="Use these lines")
    use.click()  # none is in its place
    assert ended(page)[0] == "done" and judged(page, "height")[0] == "not yet"
    slot.locator(".lines .free", has_text=right).focus()
    while slot.locator(".lines .border ~ .free", has_text=right).count():
        page.keyboard.press("ArrowUp")
    use.click()
    ended(page)
    assert "Written with its lines given" in judged(page, "height")[1]
    slot.get_by_role("button", name="The book's").click()
    run(page, NUMBER)
    assert "Written with the book's function open" in judged(page, "height")[1], "the stronger help is named"
    slot.locator(".chips button").last.click()
    assert slot.locator(".mine").inner_text().strip() == own
    slot.get_by_role("button", name="Help").click()


def test_a_finger_moves_a_line_by_its_handle_and_scrolls_beside_it(browser, site):
    context = on_device(browser, 2, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 700})
    page = open_page(context, site, WRITE)
    slot = put_in_order(page)
    rows, touch = slot.locator(".lines li"), context.new_cdp_session(page)
    slot.locator(".lines").evaluate("(list) => list.scrollIntoView({ block: 'center', behavior: 'instant' })")

    def swipe(x):
        """From the last line upwards, by 150 pixels."""
        y = rows.last.bounding_box()["y"] + 10
        for i in range(11):
            touch.send(
                "Input.dispatchTouchEvent",
                {"type": "touchMove" if i else "touchStart", "touchPoints": [{"x": x, "y": y - 15 * i}]},
            )
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    texts, before = rows.all_text_contents(), page.evaluate("scrollY")
    swipe(rows.last.bounding_box()["x"] + 40)
    page.wait_for_function("(before) => scrollY > before", arg=before)
    assert rows.all_text_contents() == texts
    slot.locator(".lines").evaluate("(list) => list.scrollIntoView({ block: 'center', behavior: 'instant' })")
    handle = rows.last.locator(".handle").bounding_box()
    swipe(handle["x"] + handle["width"] / 2)
    assert rows.all_text_contents() != texts and sorted(rows.all_text_contents()) == sorted(texts)
    context.close()


def test_a_line_is_dragged_over_several_others_no_higher_than_the_first_and_scrolls_the_page_at_the_edge(page):
    slot = put_in_order(page)
    rows = slot.locator(".lines li")
    last = rows.last.text_content()
    # In the middle of the window: at its edge a line that is held scrolls the page.
    slot.locator(".lines").evaluate("(list) => list.scrollIntoView({ block: 'center', behavior: 'instant' })")
    from_, to = rows.last.bounding_box(), rows.nth(1).bounding_box()
    page.mouse.move(from_["x"] + 20, from_["y"] + from_["height"] / 2)
    page.mouse.down()
    page.mouse.move(to["x"] + 20, to["y"] + 2, steps=10)
    page.mouse.up()
    head = slot.locator(".lines .fixed").count()
    assert rows.nth(head).text_content() == last, "below def and docstring, and no higher"
    assert slot.locator(".held").count() == 0
    rows.nth(head).focus()
    page.keyboard.press("ArrowUp")
    assert rows.nth(head).text_content() == last
    page.set_viewport_size({"width": 320, "height": 480})
    lefts = """(row) => {
        const range = document.createRange();
        range.selectNodeContents(row);
        return [...range.getClientRects()].map(({ left }) => left);
    }"""
    wrapped = rows.filter(has_text="math.sin(angle) * math.cos(angle)").first.evaluate(lefts)
    assert len(wrapped) > 1 and min(wrapped) > rows.first.evaluate(lefts)[0], "further right than def"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    last = rows.last.text_content()
    rows.last.scroll_into_view_if_needed()
    box = rows.last.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, 20, steps=5)
    page.wait_for_function(  # the page scrolls until the line is at its highest place
        "([head, last]) => document.querySelectorAll('#write-height .lines li')[head].textContent === last", arg=[head, last]
    )
    page.mouse.up()
    page.set_viewport_size({"width": 1280, "height": 720})
