"""Asked again: what was answered wrong at first comes back after a day, a week and a month, and as cards for Anki."""

import csv
import re
from datetime import UTC, datetime

from press.browser.listings import open_page
from tests.support.page import module
from tests.support.sample import BOOK, SWING, WRITE

DAY = 86_400_000  # milliseconds
NOW = 1_800_000_000_000


def date(days):
    return datetime.fromtimestamp((NOW + days * DAY) / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def tries(*some):
    """The record that kept.js keeps of tries: (days after NOW, whether it was right), ..."""
    first, *_, last = [{"said": "this", "right": right, "at": date(days)} for days, right in [some[0], *some]]
    return {"tries": len(some), "first": first, "last": last}


def test_what_is_due_after_a_day_a_week_and_a_month_and_that_the_longest_untouched_comes_first(context, site):
    page = open_page(context, site, "words")

    def is_due(record, days):
        return bool(due(page, [["it", record]], days))

    soon = tries((0, False), (0.001, True))
    assert [is_due(soon, days) for days in (0.99, 1, 6)] == [False, True, True]
    after_a_day = tries((0, False), (0.001, True), (1, True))
    assert [is_due(after_a_day, days) for days in (2, 6.99, 7)] == [False, False, True]
    after_a_week = tries((0, False), (7.5, True))
    assert [is_due(after_a_week, days) for days in (8, 29.9, 30)] == [False, False, True]
    assert not is_due(tries((0, False), (31, True)), 400)
    wrong_again = tries((0, False), (7, False))
    assert [is_due(wrong_again, days) for days in (7.9, 8)] == [False, True]
    assert not is_due(tries((0, True)), 400) and not is_due(tries((0, True), (1, False)), 400)
    assert not is_due({"changed": date(0)}, 400), "a guess has no answer"
    answers = [["b", tries((1, False))], ["c", tries((2, False))], ["a", tries((0, False))], ["d", tries((3, True))]]
    assert due(page, answers, 9) == ["a", "b", "c"]


def due(page, answers, days):
    return module(page, "page/again.js").evaluate("({ due }, [answers, now]) => due(answers, now)", [answers, NOW + days * DAY])


def wrong_and_right(page):
    """Answer each question with choices of the open page: first a wrong choice, then the right one."""
    for question in page.locator(".admonition.question:has(ol.choices)").all():
        buttons = question.locator(".choices button")
        right = question.locator("details > ol > li").evaluate_all(
            "(reasons) => reasons.findIndex((reason) => reason.textContent.trim().startsWith('Right'))"
        )
        buttons.nth(0 if right else 1).click()
        buttons.nth(right).click()


# Whether the course offers nothing. main.js calls the same function, which the page's tests of an offer wait for.
def nothing_comes(page):
    module(page, "page/again.js").evaluate("({ offer }) => offer()")
    return page.locator(".again").count() == 0


def test_wrong_answers_come_back_by_the_clock_on_any_page_and_can_be_put_off(context, site):
    context.clock.set_fixed_time(NOW / 1000)
    page, asked = open_page(context, site, SWING), []
    page.on("request", lambda request: asked.append(request.url))
    wrong_and_right(page)
    page.goto(f"{site}{WRITE}.html")
    wrong_and_right(page)

    def come_after(days):
        context.clock.set_fixed_time((NOW + days * DAY) / 1000)
        page.goto(f"{site}words.html")

    def is_offered(days):
        come_after(days)
        page.get_by_text("Asked again: 2 questions that you first answered wrong.").wait_for()
        return page.locator(".again").count() == 1

    come_after(0.9)
    assert nothing_comes(page)
    assert is_offered(1.1)
    page.get_by_role("button", name="Not today").click()
    come_after(1.5)
    assert nothing_comes(page)
    assert is_offered(2.2)
    page.get_by_role("button", name="Answer", exact=True).click()
    boxes = page.locator(".again .admonition.question")
    assert boxes.count() == 2 and page.locator(".again [data-answer]").count() == 0, "what was answered before is not shown"
    assert page.locator(".again a", has_text="1 Let it swing").count() == 1
    first = boxes.first.locator(".choices button").first
    first.click()
    boxes.first.locator("[data-answer] .reason").wait_for()

    def answers():
        return module(page, "page/kept.js").evaluate("({ all }) => all('answer').map(([, record]) => record)")

    assert [answer["last"]["said"] for answer in answers() if answer["tries"] == 3] == [first.inner_text()]
    choices = boxes.nth(1).locator(".choices > li").all()
    while (choice := choices.pop()).get_attribute("data-answer") != "right":
        choices.insert(0, choice)
        choice.locator("button").click()
    before = answers()
    choices[0].locator("button").click()
    assert answers() == before, "after the right one another is only looked at"
    come_after(2.9)
    assert nothing_comes(page), "once a day"
    assert is_offered(8)
    page.get_by_role("button", name="Never").click()
    come_after(31)
    assert nothing_comes(page)
    page.locator(".my-course").evaluate("(button) => button.click()")
    page.get_by_label("Ask me again").check()
    assert is_offered(31)
    assert [url for url in asked if not url.startswith((site, "data:"))] == []


def test_a_question_that_is_gone_is_not_asked(context, site):
    context.clock.set_fixed_time((NOW + 2 * DAY) / 1000)
    page, asked = open_page(context, site, "words"), []
    page.on("request", lambda request: asked.append(request.url))
    for path in (f"{SWING}.html", "chapters/gone.html", "/elsewhere.example/"):
        gone = {"kind": "answer", "page": path, "about": "Gone?"}
        module(page, "page/kept.js").evaluate("({ put }, [gone, record]) => put(gone, record)", [gone, tries((0, False))])
    assert nothing_comes(page)
    assert any(SWING in url for url in asked) and all(url.startswith((site, "data:")) for url in asked)


def test_the_deck_for_anki_has_a_card_for_each_question_with_an_answer(folder):
    head, rows = [], []
    for row in csv.reader((folder / "questions-for-anki.txt").open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE):
        (head if row[0].startswith("#") else rows).append(row)
    classes = [words for path in BOOK.rglob("*.md") for words in re.findall(r"^:class: (.*)", path.read_text("utf-8"), re.M)]
    answers = sum("answer" in words for words in classes)
    assert len(rows) == len({front for front, *_ in rows}) == answers
    assert ["#columns:Front", "Back", "Tags"] in head and ["#html:true"] in head
    (back,) = [back for front, back, tag in rows if "Who is faster" in front and tag == "chapters::02_write"]
    assert "Neither." in back and "Right, as long as they are let go at the same angle." in back
    assert not [front for front, back, _ in rows if re.search("<a |<img", front + back)]
