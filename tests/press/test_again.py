"""Asked again: what was answered comes back after a day, a week and a month, and as cards for Anki."""

import csv
import itertools
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
    (first, right), (last, is_right), wrong = some[0], some[-1], [days for days, right in some if not right]
    of_last = {"said": "this", "right": is_right, "at": date(last), **({"wrong": date(wrong[-1])} if wrong else {})}
    return {"tries": len(some), "first": {"said": "this", "right": right, "at": date(first)}, "last": of_last}


def test_what_is_due_after_a_day_a_week_and_a_month_and_that_the_longest_untouched_comes_first(context, site):
    page = open_page(context, site, "words")

    def is_due(record, days):
        return bool(due(page, [["it", record]], days))

    soon = tries((0, False), (0.001, True))
    assert [is_due(soon, days) for days in (0.99, 1.01, 6)] == [False, True, True]
    after_a_day = tries((0, False), (0.001, True), (1, True))
    assert [is_due(after_a_day, days) for days in (2, 6.99, 7)] == [False, False, True]
    after_a_week = tries((0, False), (7.5, True))
    assert [is_due(after_a_week, days) for days in (8, 29.9, 30)] == [False, False, True]
    assert not is_due(tries((0, False), (31, True)), 400)
    wrong_again = tries((0, False), (7, False))
    assert [is_due(wrong_again, days) for days in (7.9, 8)] == [False, True]
    begun_anew = tries((0, False), (7, False), (8, True))
    assert [is_due(begun_anew, days) for days in (13.9, 14, 40)] == [False, True, True], "a week and a month after the wrong one"
    assert [is_due(tries((0, True)), days) for days in (0.9, 1, 400)] == [False, True, True]
    assert [is_due(tries((0, True), (0.9, True)), days) for days in (1, 1.9)] == [False, True], "nothing twice in a day"
    assert not is_due({"changed": date(0)}, 400), "a guess has no answer"
    answers = [["b", tries((1, False))], ["c", tries((2, False))], ["a", tries((0, False))], ["d", tries((-1, True))]]
    assert due(page, answers, 9) == ["a", "b", "c", "d"]


def test_what_a_file_of_old_keeps_of_tries_is_due_as_well(context, site):
    page = open_page(context, site, "words")
    old = tries((0, False), (7, False))
    del old["last"]["wrong"]
    assert [bool(due(page, [["it", old]], days)) for days in (7.9, 8)] == [False, True]
    old["last"]["right"] = True
    assert [bool(due(page, [["it", old]], days)) for days in (29.9, 30)] == [False, True]


def test_forty_days_of_visits_ask_each_question_again_three_times_and_a_forgotten_one_oftener(context, site):
    """A reader answers five questions on the first day and three on each of the next three, the first of each day wrong at first.

    What comes is answered rightly, but for one question that is wrong again after a week, and one visit in three is missed.
    """
    page, forgotten = open_page(context, site, "words"), "day 2, question 0"
    history = {}
    asked = {}
    for day in range(41):
        for i in range(5 if day == 0 else 3 if day < 4 else 0):
            history[f"day {day}, question {i}"] = [(day, i > 0), (day + 0.001, True)]
        if day % 3 == 2:
            continue
        now = day + 0.5
        coming = due(page, [[name, tries(*some)] for name, some in history.items()], now)[:5]
        for name in coming:
            asked.setdefault(name, []).append(day)
            history[name].append((now, not (name == forgotten and len(asked[name]) == 2)))
    assert set(asked) == set(history), "nothing is lost"
    assert {len(days) for name, days in asked.items() if name != forgotten} == {3}
    assert len(asked[forgotten]) > 3
    assert all(b > a for days in asked.values() for a, b in itertools.pairwise(days))
    a_day_later, a_week, a_month = zip(*[days for name, days in asked.items() if name != forgotten], strict=True)
    begun = [int(re.search(r"\d+", name)[0]) for name in asked if name != forgotten]
    for waited, days in ((1, a_day_later), (7, a_week), (30, a_month)):
        late = [day - first - waited for first, day in zip(begun, days, strict=True)]
        assert min(late) >= 0 and max(late) <= 4, "five a visit are enough"


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
        page.get_by_text("Asked again: 2 questions that you have answered before.").wait_for()
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
