"""Terms of the glossary in the text: their meaning is shown where it is asked for, and nothing is loaded before."""

import re

import pytest
from playwright.sync_api import expect

from press.browser.listings import on_device, open_page
from tests.support.sample import WRITE

TERM = "amplitude"


@pytest.fixture
def page(context, site):
    page = open_page(context, site, WRITE)
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    return page


def test_a_term_is_a_link_once_in_a_page_and_not_where_it_is_taught(folder):
    """Nor where its everyday sense is meant: the page says period, amplitude twice, and potential energy, which it teaches."""
    written = (folder / f"{WRITE}.html").read_text("utf-8")
    assert re.findall(r'<a class="[^"]*\bterm\b[^>]*>([^<]*)</a>', written) == [TERM]
    assert len(re.findall(rf"\b{TERM}\b", written)) > 1 and "otential energy" in written and "period" in written


def test_a_meaning_is_fetched_and_shown_where_its_term_is_pointed_at(page):
    link, says = page.locator("a.term", has_text=TERM), page.get_by_role("tooltip")
    link.hover()
    expect(says).to_contain_text(f"{TERM}: ")
    assert [url for url in page.asked if "terms.js" in url or "words.html" in url] and link.get_attribute("aria-describedby")
    says.hover()  # it can be read on
    expect(says).to_be_visible()
    page.keyboard.press("Escape")
    expect(says).to_be_hidden()
    link.focus()
    expect(says).to_be_visible()
    page.keyboard.press("Tab")
    expect(says).to_be_hidden()
    link.click()
    page.wait_for_url("**/words.html#term-*")


def test_the_first_tap_shows_a_meaning_and_the_second_follows_the_link(browser, site):
    context = on_device(browser, 2, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    page = open_page(context, site, WRITE)
    page.locator("a.term", has_text=TERM).tap()
    expect(page.get_by_role("tooltip")).to_contain_text(f"{TERM}: ")
    assert WRITE in page.url and page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("a.term", has_text=TERM).tap()
    page.wait_for_url("**/words.html#term-*")
    context.close()
