"""Asked again: what was answered comes back after a day, a week and a month, and as cards for Anki."""

import csv
import itertools
import json
import logging
import re
from datetime import UTC, datetime

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from myst_parser.docutils_ import Parser

from press.book.drawn_boxes import WORD, check_draws, take_draws
from press.browser.listings import number_of, open_page, output, run, write, written
from tests.press.test_table import fill, marks
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
    first = boxes.nth(1).locator(".choices button").first
    first.click()
    boxes.nth(1).locator("[data-answer] .reason").wait_for()

    def answers():
        return module(page, "page/kept.js").evaluate("({ all }) => all('answer').map(([, record]) => record)")

    assert [answer["last"]["said"] for answer in answers() if answer["tries"] == 3] == [first.inner_text()]
    choices = boxes.first.locator(".choices > li").all()
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
    page.get_by_text("Ask again, learn by heart").click()
    page.get_by_label("Ask me again").check()
    assert is_offered(31)
    assert [url for url in asked if not url.startswith((site, "data:"))] == []


TIMES, SECONDS = "What makes the time", "How many does one take"
NUMBER, TABLE = ({"kind": "check", "about": about} for about in ("swings", "trace speed"))
LISTINGS = {"1 Let it swing: swings": NUMBER, "2 Write it yourself: trace speed": TABLE}
ASKED_AGAIN = [TIMES, SECONDS, *LISTINGS]
KEPT = "({ all }) => all('answer').map(([, { first, last }]) => [first.said, last.said])"


@pytest.fixture(scope="module")
def about(folder):
    """A function that gives the thing of a question with numbers, by words in it."""
    rows = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    return lambda words: next({"kind": "answer", "page": row[1], "about": row[2]} for row in rows if words in row[2])


def keep(page, thing, value):
    module(page, "page/kept.js").evaluate("({ put }, [thing, value]) => put(thing, { value })", [thing, value])


def drawn(box):
    """Which of its draws a question has. All of their numbers are in it."""
    draws = box.locator("template.draws").evaluate("(template) => JSON.parse(template.content.textContent)")
    words = set(WORD.findall(box.evaluate("(box) => box.textContent")))
    (i,) = [i for i, draw in enumerate(draws) if words >= set(draw)]
    return i


def type_number(box, number):
    box.get_by_label("Your number").fill(number)
    box.get_by_label("Your number").press("Enter")


def test_numbers_are_drawn_for_each_reader_and_stay_and_an_answer_is_told_in_the_words_of_the_first_draw(context, site):
    page, seen = open_page(context, site, SWING), {}
    times, seconds = (page.locator(".question", has_text=text) for text in (TIMES, SECONDS))
    for seed in map(str, range(99)):
        keep(page, {"kind": "seed"}, seed)
        page.reload()
        seen[drawn(times), drawn(seconds)] = seed
        if (1, 2) in seen:
            break
    page.reload()
    assert (drawn(times), drawn(seconds)) == (1, 2)
    times.get_by_role("button", name="A string 3 times as long.").click()
    times.locator("[data-answer=wrong] .reason", has_text="No. That gives 1.73 times the time.").wait_for()
    times.get_by_role("button", name="A string 9 times as long.").click()
    type_number(seconds, "75")
    seconds.locator("form .reason", has_text="75: That is as if it grew as the length.").wait_for()
    type_number(seconds, "15")
    seconds.locator("[data-answer=right]").wait_for()
    keep(page, {"kind": "seed"}, "another")
    page.reload()
    assert (drawn(times), drawn(seconds)) == (1, 2), "what was answered keeps its numbers"
    times.locator("[data-answer=right]", has_text="A string 9 times").wait_for()
    assert seconds.get_by_label("Your number").input_value() == "15" and seconds.locator("[data-answer=right]").count() == 1
    said = module(page, "page/kept.js").evaluate(KEPT)
    assert said == [["A string 2 times as long.", "A string 4 times as long."], ["12", "6"]]


def test_an_answer_from_before_numbers_were_drawn_is_one_to_the_question_as_it_is_written(context, site, about):
    page = open_page(context, site, SWING)
    keep(page, about(TIMES), "1")
    keep(page, {**about(SECONDS), "kind": "unsent"}, "6")
    for seed in map(str, range(9)):
        keep(page, {"kind": "seed"}, seed)
        page.reload()
        assert drawn(page.locator(".question", has_text=TIMES)) == drawn(page.locator(".question", has_text=SECONDS)) == 0
        page.locator("[data-answer=right]", has_text="A string 4 times as long.").wait_for()
        assert page.get_by_label("Your number").input_value() == "6"


def visit(page, site, day):
    """Come back on a day, and have asked what is due: [(box or link, a part of its text), ...]."""
    page.context.clock.set_fixed_time((NOW + day * DAY) / 1000)
    page.goto(f"{site}words.html")
    page.get_by_role("button", name="Answer", exact=True).click()
    boxes = page.locator(".again :is(.admonition.question, p > [href*='#'])").all()
    return [(box, next(words for words in ASKED_AGAIN if words in box.inner_text())) for box in boxes]


def test_a_month_of_visits_asks_each_question_again_with_other_numbers_and_loses_nothing(context, site):
    """All is answered rightly, but for the number after a week. What a listing asks is answered as by a run of it."""
    context.clock.set_fixed_time(NOW / 1000)
    page, draws = open_page(context, site, SWING), {TIMES: [], SECONDS: []}

    def answer(box, words, is_right=True):
        if words in LISTINGS:
            run_right = "({ tried }, thing) => tried(thing, 'said', true, true)"
            return module(page, "page/kept.js").evaluate(run_right, LISTINGS[words])
        draws[words].append(drawn(box))
        if words == TIMES:
            box.get_by_role("button", name=("4 times", "9 times", "25 times")[drawn(box)]).click()
        else:
            type_number(box, ("6", "12", "15")[drawn(box)] if is_right else "1")
        box.locator("[data-answer]").wait_for()

    for words in ASKED_AGAIN:
        answer(page.locator(".question", has_text=words), words)
    asked = {1: ASKED_AGAIN, 7: ASKED_AGAIN, 8: [SECONDS], 14: [SECONDS], 30: [TIMES, *LISTINGS], 37: [SECONDS]}
    for day in range(1, 69):
        if day in asked:
            coming = visit(page, site, day)
            assert [words for _, words in coming] == asked[day], day
            for box, words in coming:
                answer(box, words, (day, words) != (7, SECONDS))
        elif day - 1 in asked or day + 1 in asked or day > 60:
            context.clock.set_fixed_time((NOW + day * DAY) / 1000)
            page.goto(f"{site}words.html")
            assert nothing_comes(page), day
    for some in draws.values():
        assert len(some) > 3 and all(b == (a + 1) % 3 for a, b in itertools.pairwise(some)), "other numbers each time"
    page.goto(f"{site}{SWING}.html")
    assert drawn(page.locator(".question", has_text=SECONDS)) == draws[SECONDS][-1]
    assert page.locator(".question [data-answer=right]").count() == 2


def record(page, thing):
    return module(page, "page/kept.js").evaluate("({ recordOf }, thing) => recordOf(thing)", thing)


def drafts(page):
    return module(page, "page/kept.js").evaluate("({ all }) => all('draft').flatMap(([, { value }]) => value)")


def come_and_follow(page, site, day, name, to="words"):
    """Come back on a day, and follow the link to a listing that is asked again."""
    page.context.clock.set_fixed_time((NOW + day * DAY) / 1000)
    page.goto(f"{site}{to}.html")
    page.get_by_role("button", name="Answer", exact=True).click()
    page.locator(".again").get_by_role("link", name=name).click()
    page.wait_for_url(f"{site}lessons/**")


def test_a_listing_that_asks_is_asked_again_in_its_chapter_where_it_is_empty(returning, site):
    """It is right at first and wrong after a week. What was written there is a draft, and a run of the same answer is no try."""
    context = returning()
    context.clock.set_fixed_time(NOW / 1000)
    page = open_page(context, site, SWING)
    number = number_of(page, 'check("swings"')
    book = written(page, number)
    run(page, number, book.replace("...", "60 / 2  # a minute"))
    run(page, number)
    assert (record(page, NUMBER)["tries"], record(page, NUMBER)["last"]["right"]) == (1, True)
    write(page, number, book.replace("...", "60 / 3"))
    come_and_follow(page, site, 1, "1 Let it swing: swings")
    assert written(page, number) == book and "Not answered yet" in output(page, number)
    assert record(page, NUMBER)["tries"] == 1 and page.locator("section:target h2", has_text="Check yourself").is_visible()
    page.reload()
    run(page, number)
    assert [draft["code"].count(text) for draft, text in zip(drafts(page), ("60 / 2", "60 / 3"), strict=True)] == [1, 1]
    run(page, number, book.replace("...", "31"))
    run(page, number, book.replace("...", "30"))
    assert [record(page, NUMBER)[part]["right"] for part in ("first", "last")] == [True, True]
    assert record(page, NUMBER)["tries"] == 3 and record(page, NUMBER)["last"]["wrong"] == date(1), "it begins anew"
    come_and_follow(page, site, 2, "swings")
    assert written(page, number) == book
    context.close()


def test_what_is_left_of_a_visit_is_offered_on_the_same_day_until_it_is_put_off(context, site, about):
    context.clock.set_fixed_time((NOW + DAY) / 1000)
    page = open_page(context, site, "words")

    def put(thing, *some):
        module(page, "page/kept.js").evaluate("({ put }, [thing, record]) => put(thing, record)", [thing, tries(*some)])

    for thing in (about(TIMES), NUMBER, TABLE):
        put(thing, (0, True))
    come_and_follow(page, site, 1, "swings")
    page.get_by_text("Asked again: 3 questions").wait_for()
    put(NUMBER, (0, True), (1, True))
    put(about(SECONDS), (0, True))
    page.goto(f"{site}words.html")
    page.get_by_text("Asked again: 2 questions").wait_for()  # what became due meanwhile waits for another day
    page.get_by_role("button", name="Answer", exact=True).click()
    page.reload()
    page.get_by_text("Asked again: 2 questions").wait_for()
    page.get_by_role("button", name="Not today").click()
    page.reload()
    assert nothing_comes(page)
    context.clock.set_fixed_time((NOW + 2 * DAY) / 1000)
    page.reload()
    page.get_by_text("Asked again: 3 questions").wait_for()


def test_a_table_is_asked_again_on_its_own_page_too_and_stands_empty_there(returning, site):
    """The page is open meanwhile, also in another tab."""
    context = returning()
    context.clock.set_fixed_time(NOW / 1000)
    page, other = open_page(context, site, WRITE), context.new_page()
    fill(page, "2", "0.0")
    other.goto(f"{site}{WRITE}.html")
    other.locator(".trace [data-answer=right]").nth(1).wait_for()
    come_and_follow(page, site, 1, "2 Write it yourself: trace speed", WRITE)
    page.wait_for_function("() => [...document.querySelectorAll('.trace input')].every(({ value }) => !value)")
    other.wait_for_function("() => [...document.querySelectorAll('.trace input')].every(({ value }) => !value)")
    assert marks(page) == marks(other) == [None, None]
    assert record(page, TABLE)["tries"] == 1
    assert fill(page, "2", "") == ["right", None] and record(page, TABLE)["tries"] == 1
    assert fill(page, "2", "1") == ["right", "wrong"]
    assert (record(page, TABLE)["tries"], record(page, TABLE)["last"]["right"]) == (2, False)
    context.close()


ASKED = """````{{admonition}} 1. Momentum 0.8, rate 0.02: which rate?
:class: question

<!-- draw
{draw}
-->

```{{admonition}} Answer
:class: dropdown answer

**0.1.** So it is.

- **0.016** is what {wrong} gives.
```
````
"""
RATES = "momentum = 0.8, 0.5\nrate = 0.02, 0.03\n"


@pytest.mark.parametrize(
    ("draw", "fault"),
    [
        (RATES + "answer = rate / (1 - momentum)\nwrong = rate * momentum", ""),
        (RATES + "answer = rate / momentum", "lacks 0.025"),
        ("momentum = 0.8, 0.5\nrate = 0.02, 0.008\nanswer = rate / (1 - momentum)", "the same, in the draw 0.5, 0.008, 0.016"),
        (RATES + "wrong = rate * momentum\n_other = 1, 2, 3", "as many values"),
        (RATES + "answer = rates", "NameError"),
        ("momentum = 0.8, 0.5\nrate = 0.02, 0.5", "the same twice: 0.5, 0.5"),
        ("momentum = 0.8, '0.7 or so'", "a number or a word"),
        ("answer = 0.1, 'a'", "begin with a number"),
    ],
)
def test_the_build_names_a_draw_that_is_wrong_and_leaves_it_out(draw, fault, caplog):
    caplog.handler.setFormatter(logging.Formatter("%(message)s"))
    logging.getLogger("sphinx").addHandler(caplog.handler)
    doctree = publish_doctree(ASKED.format(draw=draw, wrong="0.06"), parser=Parser())
    take_draws(doctree)
    check_draws(doctree)
    logging.getLogger("sphinx").removeHandler(caplog.handler)
    assert fault in caplog.text and bool(caplog.text) == bool(fault)
    assert [("draw" in box) for box in doctree.findall(nodes.admonition)][0] != bool(fault)


def test_a_translated_question_whose_words_are_others_stays_as_it_is_written(caplog, monkeypatch):
    monkeypatch.setattr("press.book.drawn_boxes.LANGUAGE", "de")
    doctree = publish_doctree(ASKED.format(draw="word = 'forty', 'twenty'", wrong="0.06"), parser=Parser())
    take_draws(doctree)
    check_draws(doctree)
    assert caplog.text == "" and not any("draw" in box for box in doctree.findall(nodes.admonition))


def test_a_question_that_is_gone_is_not_asked(context, site):
    context.clock.set_fixed_time((NOW + 2 * DAY) / 1000)
    page, asked = open_page(context, site, "words"), []
    page.on("request", lambda request: asked.append(request.url))
    for path in (f"{SWING}.html", "lessons/gone.html", "/elsewhere.example/"):
        gone = {"kind": "answer", "page": path, "about": "Gone?"}
        module(page, "page/kept.js").evaluate("({ put }, [gone, record]) => put(gone, record)", [gone, tries((0, False))])
    assert nothing_comes(page)
    assert any(SWING in url for url in asked) and all(url.startswith((site, "data:")) for url in asked)


def test_the_deck_for_anki_has_a_card_for_each_question_with_an_answer(folder):
    head, rows = [], []
    for row in csv.reader((folder / "questions-for-anki.txt").open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE):
        (head if row[0].startswith("#") else rows).append(row)
    classes = [words for path in BOOK.rglob("*.md") for words in re.findall(r"^:class: (.*)", path.read_text("utf-8"), re.M)]
    answers = sum("answer" in words for words in classes) - classes.count("inventory")  # which a card would tell
    assert len(rows) == len({front for front, *_ in rows}) == answers
    assert ["#columns:Front", "Back", "Tags"] in head and ["#html:true"] in head
    (back,) = [back for front, back, tag in rows if "Who is faster" in front and tag == "lessons::2_write"]
    assert "Neither." in back and "Right, as long as they are let go at the same angle." in back
    assert not [front for front, back, _ in rows if re.search("<a |<img", front + back)]
