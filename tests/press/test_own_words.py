"""In your own words: a text that no machine marks, the book's points beside it, and where both are shown again."""

import json
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from press.browser.listings import on_device, open_page
from tests.press.test_course import close_box, forget_all, load, open_box, save
from tests.support.page import ask, axe_finds, module
from tests.support.sample import SWING, WRITE

TEXT, LATER = "The string decides, and not the weight.", "Only the length counts, and a little the angle."
DAY = 86_400_000  # milliseconds
NOW = 1_800_000_000_000
BOX, POINTS = "article > section .own-words", ".own-words li input"


def field(page, within=""):
    return page.locator(f"{within} .own-words textarea")


def compare(page, text=TEXT, within=""):
    field(page, within).fill(text)
    page.locator(f"{within} .own-words").get_by_role("button", name="Compare").click()
    page.locator(f"{within} {POINTS}").first.wait_for()


def ticks(page, within=""):
    return page.locator(f"{within} {POINTS}").evaluate_all("(all) => all.map((one) => one.checked)")


def kept(page):
    """What is kept of all boxes: the texts and ticks of each."""
    things = module(page, "page/kept.js").evaluate(
        "({ all }) => all('own words').flatMap(([, { value }]) => (value ? [value] : []))"
    )
    return [[(said["text"], said.get("ticks")) for said in value] for value in things]


def test_a_text_is_kept_as_it_is_written_and_compared_by_its_writer(context, site):
    page = open_page(context, site, SWING)
    answer = page.locator(".own-words details")
    assert page.locator(POINTS).count() == 0 and answer.get_attribute("open") is None
    answer.locator("summary").click()
    assert answer.locator("li").first.is_visible() and kept(page) == [], "the points can be read without a text"
    field(page).press_sequentially("The str")
    page.reload()
    assert field(page).input_value() == "The str" and page.locator(POINTS).count() == 0
    expect(page.locator(".done-here")).to_contain_text("You have not yet said it in your own words.")
    compare(page)
    expect(page.locator(".done-here")).to_contain_text("Done in this chapter: 1 of ")
    assert "in your own words" not in page.locator(".done-here").inner_text()
    page.locator(POINTS).nth(1).check()
    field(page).fill(LATER)
    page.reload()
    assert (field(page).input_value(), ticks(page)) == (LATER, [False, True, False])
    assert page.locator(".own-words details li").first.is_visible() and "No machine marks this" in page.locator(BOX).inner_text()
    assert kept(page) == [[(LATER, [2])]]


def test_without_a_text_there_is_nothing_to_compare(context, site):
    page = open_page(context, site, SWING)
    for text in ("", "  \n"):
        field(page).fill(text)
        page.locator(".own-words").get_by_role("button", name="Compare").click()
        assert "Write a sentence first" in field(page).evaluate("(field) => field.validationMessage")
    assert page.locator(POINTS).count() == 0 and kept(page) == []


def test_it_is_done_by_keys(context, site):
    page = open_page(context, site, SWING)
    page.get_by_label("Two or three sentences").focus()
    page.keyboard.type(TEXT)
    for key in ("Tab", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(POINTS).first).to_be_focused()
    for key in ("Space", "Tab", "Tab", "Space"):
        page.keyboard.press(key)
    assert kept(page) == [[(TEXT, [1, 3])]]


def test_the_line_at_the_end_leads_to_what_is_not_said_yet(context, site):
    page = open_page(context, site, SWING)
    as_if_right = "(boxes) => boxes.forEach((box) => { box.firstElementChild.dataset.answer = 'right'; })"
    page.locator(".admonition.question").evaluate_all(as_if_right)
    page.get_by_role("button", name="Show the next").click()
    expect(field(page)).to_be_focused()


def test_it_goes_through_a_file_to_another_browser_and_is_forgotten_in_this_one(browser, context, site, tmp_path):
    page = open_page(context, site, SWING)
    compare(page)
    page.locator(POINTS).first.check()
    file = tmp_path / "course.json"
    (entry,) = [entry for entry in save(page, file)["kept"] if entry["kind"] == "own words"]
    assert entry["about"].startswith("Explain to someone") and entry["value"][0]["ticks"] == [1]
    open_box(page)
    forget_all(page)
    close_box(page)
    assert field(page).input_value() == "" and page.locator(POINTS).count() == 0
    elsewhere = on_device(browser, 2)
    other = open_page(elsewhere, site, SWING)
    for wrong in ([{"text": TEXT}], [{**entry["value"][0], "ticks": ["1"]}], [{**entry["value"][0], "html": "<b>"}], TEXT):
        course = json.loads(file.read_text(encoding="utf-8"))
        course["kept"] = [{**entry, "value": wrong}]
        (tmp_path / "wrong.json").write_text(json.dumps(course), encoding="utf-8")
        assert "it is damaged at entry 1." in load(other, tmp_path / "wrong.json")
        other.keyboard.press("Escape")
        other.locator(".course-box").wait_for(state="detached")
    load(other, file)
    close_box(other)
    assert (field(other).input_value(), ticks(other)) == (TEXT, [True, False, False])
    elsewhere.close()


def test_it_is_said_once_more_on_another_day_and_both_texts_stand_beside_the_points(context, site):
    context.clock.set_fixed_time(NOW / 1000)
    page = open_page(context, site, SWING)
    compare(page)
    page.locator(POINTS).first.check()

    def come_after(days):
        context.clock.set_fixed_time((NOW + days * DAY) / 1000)
        page.goto(f"{site}{WRITE}.html")

    def nothing_comes():
        module(page, "page/again.js").evaluate("({ offer }) => offer()")
        return page.locator(".again").count() == 0

    come_after(0.9)
    assert nothing_comes()
    come_after(1.1)
    page.get_by_text("Asked again: a question that you have answered before.").wait_for()
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(field(page, ".again")).to_be_focused()
    assert field(page, ".again").input_value() == "" and page.locator(f".again {POINTS}").count() == 0
    field(page, ".again").fill("Only")
    assert kept(page) == [[(TEXT, [1]), ("Only", None)]], "the first text stays"
    compare(page, LATER, ".again")
    day = datetime.fromtimestamp(NOW / 1000, UTC)
    assert f"What you said on {day.day} {day:%B}:" in page.locator(".again").inner_text()
    assert page.locator(".again blockquote").inner_text() == TEXT and ticks(page, ".again") == [False] * 3
    page.locator(f".again {POINTS}").nth(2).check()
    assert kept(page) == [[(TEXT, [1]), (LATER, [3])]]
    come_after(40)
    assert nothing_comes(), "twice is enough"
    page.goto(f"{site}{SWING}.html")
    assert field(page).input_value() == LATER and page.locator(".own-words blockquote").inner_text() == TEXT


def test_without_scripts_it_is_a_prompt_with_a_folded_answer(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}{SWING}.html")
    assert page.locator(".own-words form").count() == 0
    page.locator(".own-words summary").click()
    assert page.locator(".own-words li").nth(2).is_visible()
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_its_field_moves_nothing_and_axe_finds_nothing(browser, site, width):
    context = browser.new_context(viewport={"width": width, "height": 900}, has_touch=width < 400, service_workers="block")
    page = context.new_page()
    page.route("**/own_words.js*", lambda route: route.abort())
    page.goto(f"{site}{SWING}.html")
    before = page.locator(BOX).bounding_box()["height"]
    page.unroute_all()
    page.reload()
    assert abs(page.locator(BOX, has=page.locator("form")).bounding_box()["height"] - before) < 1
    compare(page)
    page.locator(POINTS).first.check()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width < 400:
        assert not [found for found in ask(page, "untouchable") if 'type="checkbox"' in found]
    assert axe_finds(page, BOX, True, []) == {}
    context.close()


def test_a_page_without_one_loads_nothing_of_it(context, site):
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}{WRITE}.html", wait_until="networkidle")
    assert not [url for url in asked if "own_words" in url]
