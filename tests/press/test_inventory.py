"""An inventory: the same questions before a course and after it, which are marked only then."""

import datetime

from press.browser.listings import open_page
from tests.support.page import module

BEFORE, AFTER = datetime.datetime(2026, 9, 1, 12), datetime.datetime(2026, 12, 1, 12)
KEPT = "({ all }, kind) => all(kind).map(([, { value, changed, tries }]) => [value, changed.slice(0, 10), tries])"
SECOND = "I have read the course"


def choose(page, *choices):
    for box, choice in zip(page.locator(".inventory").all(), choices, strict=True):
        box.locator(".choices button").nth(choice).click()


def kept(page, kind):
    return module(page, "page/kept.js").evaluate(KEPT, kind)


def test_the_same_is_asked_twice_and_marked_only_then_with_both_answers_and_their_days_side_by_side(context, site):
    context.clock.set_fixed_time(BEFORE)
    page = open_page(context, site, "beliefs")
    page.get_by_text("0 of 2 are answered.").wait_for()
    choose(page, 1, 1)
    choose(page, 0, 1)
    page.get_by_text("All are answered, and kept with the date.").wait_for()
    assert page.locator("[data-answer], .reason, .inventory details:visible").count() == 0, "that would tell the second time"
    assert kept(page, "before") == [["0", "2026-09-01", None], ["1", "2026-09-01", None]]

    context.clock.set_fixed_time(AFTER)
    page.reload()
    page.get_by_text("All are answered, and kept with the date.").wait_for()
    assert page.locator(".inventory [aria-pressed=true]").all_inner_texts() == ["The heavier.", "Yes, but hardly."]
    page.get_by_role("button", name=SECOND).click()
    assert page.locator(".inventory [aria-pressed=true]").count() == 0, "nothing leads the second time"
    choose(page, 1, 0)
    page.get_by_text(
        "Before the course, on 1 September 2026: 1 of 2 right. After it, on 1 December 2026: 1 of 2 right."
    ).wait_for()
    of_item = "({ dataset, children: [choice, reason] }) => [dataset.answer, choice.innerText, reason.innerText.trim()]"
    for _ in range(2):
        told = page.locator(".inventory [data-answer]").evaluate_all(f"(items) => items.map({of_item})")
        assert [[answer, *choice.split("\n"), reason[:9]] for answer, choice, reason in told] == [
            ["wrong", "The heavier.", "before", "No. The w"],
            ["right", "Neither.", "after", "Right. On"],
            ["wrong", "Yes, twice as wide is twice as long.", "after", "No. It is"],
            ["right", "Yes, but hardly.", "before", "Right, as"],
        ]
        assert page.locator(".inventory button:enabled").count() == 0 and not page.get_by_role("button", name=SECOND).is_visible()
        page.reload()
        page.locator(".inventory [data-answer]").first.wait_for()
    assert kept(page, "before") == [["0", "2026-09-01", None], ["1", "2026-09-01", None]]


def test_both_times_go_into_the_file_of_my_course_and_are_no_question_that_is_asked_again(context, site):
    page = open_page(context, site, "beliefs")
    choose(page, 0, 1)
    page.get_by_role("button", name=SECOND).click()
    choose(page, 1, 1)
    course = module(page, "page/course.js")
    text = course.evaluate("({ fileOf }) => fileOf()")
    course.evaluate("async ({ forget, load, read }, text) => (await forget(), load(read(text)))", text)
    assert [len(kept(page, kind)) for kind in ("before", "after", "answer")] == [2, 2, 0]


def test_without_scripts_it_can_be_read_and_its_answers_unfolded(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = open_page(context, site, "beliefs")
    page.locator(".inventory summary").first.click()
    page.get_by_text("No. The weight does not count.").wait_for()
    context.close()
