"""I am lost here: a note about the place, which the reader sees whole and sends or not."""

import pytest

from press.browser.listings import on_device, open_page
from tests.support.page import note_from
from tests.support.sample import SWING


@pytest.fixture(scope="module")
def page(browser, site):
    """A chapter, and the addresses that it asked for. What stands below a listing that has run: test_stop."""
    context = on_device(browser, 2, permissions=["clipboard-read", "clipboard-write"])
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}{SWING}.html")
    page.locator("h1").hover()  # nothing of it is there before the page is touched
    page.asked = asked
    yield page
    context.close()


def test_the_button_comes_to_a_heading_by_mouse_and_by_keyboard(page):
    heading = page.locator("#how-long-it-takes h2")
    heading.hover()
    text = note_from(page, heading.get_by_role("button", name="I am lost here"))
    assert "Chapter: 1 Let it swing\nSection: How long it takes\n" in text
    assert f"Page: {page.url}, edition " in text and "Browser: Mozilla/" in text
    other = page.locator("#many-steps h2")
    other.locator(".headerlink").focus()
    other.get_by_role("button").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="The note").wait_for()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "lost"


def test_the_first_tap_already_brings_it(browser, site):
    context = browser.new_context(has_touch=True, viewport={"width": 390, "height": 800})
    page = open_page(context, site, SWING)
    heading = page.locator("#how-long-it-takes h2")
    heading.tap()
    box = heading.get_by_role("button", name="I am lost here").bounding_box()
    assert box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= 390
    context.close()


def test_nothing_moves_when_it_comes(page):
    for place in (page.locator("#how-long-it-takes h2"), page.locator(".admonition.predict").first):
        below = place.locator("xpath=following::h2[1]")
        page.locator("h1").hover()
        before = below.evaluate("(part) => part.getBoundingClientRect().top + scrollY")
        place.hover()
        place.locator("> .lost").wait_for()
        assert below.evaluate("(part) => part.getBoundingClientRect().top + scrollY") == before


def test_a_note_names_the_question_and_the_sentence_that_is_selected(page):
    question = page.locator(".admonition.predict", has_text="Do they stay together?")
    question.hover()
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#how-long-it-takes > p'))")
    sentence = " ".join(page.locator("#how-long-it-takes > p").first.inner_text().split())
    text = note_from(page, question.get_by_role("button", name="I am lost here"))
    assert "Question: Predict first" in text
    assert f"Sentence: {sentence[:30]}" in text
    page.evaluate("getSelection().removeAllRanges()")


def test_at_the_end_the_reader_says_what_was_hard_and_what_was_good_and_copies_it(page):
    page.get_by_role("button", name="Say what was hard here, and what was good").click()
    note = page.get_by_role("textbox", name="The note")
    note.type("cosine")
    assert note.input_value().startswith("Hard: cosine\nGood: \n\nChapter: 1 ")
    address = page.get_by_role("link", name="Write it as a mail").get_attribute("href")
    assert address.startswith("mailto:?subject=Hard%20and%20good%3A%201") and "Hard%3A%20cosine%0AGood" in address
    page.get_by_role("button", name="Copy it").click()
    page.get_by_text("It is in the clipboard.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == note.input_value()
    note.fill("a" * 9000)
    assert page.get_by_role("link", name="Write it as a mail").get_attribute("href").endswith("it%20swing")
    page.keyboard.press("Escape")


def test_nothing_is_sent(page, site):
    assert [url for url in page.asked if not url.startswith((site, "data:", "blob:"))] == []
