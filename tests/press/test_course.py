"""My course: what a browser keeps of a reader goes into a file, is loaded elsewhere, merged and forgotten."""

import json
import re

import pytest
from playwright.sync_api import expect

from press.browser.firefox import open_firefox
from press.browser.listings import DRAFT, on_device, open_page, version, write, written
from press.browser.server import serve
from tests.support.humble import NO_STORAGE
from tests.support.page import module
from tests.support.sample import SWING, WRITE

HEIGHT = "def height(length, angle):\n    return length - length * math.cos(angle)"
ENTRIES = "Object.entries(localStorage).filter(([key]) => key !== 'my course /course/').sort()"  # not the time of the log
STORED = f"Object.fromEntries({ENTRIES})"
COURSE = "import(new URL('../page/course.js', location))"


def open_box(page):
    page.locator(".my-course").evaluate("(button) => button.click()")  # in the menu where the page is narrow
    page.locator(".course-box").wait_for()


def unfold(page, title):
    """Open a group of the box. What saves is open where the browser has no room."""
    group = page.locator(".course-box details", has=page.locator("summary", has_text=title))
    if group.get_attribute("open") is None:
        group.locator("summary").click()


def save(page, path):
    open_box(page)
    unfold(page, "Save, load")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    download.value.save_as(path)
    page.get_by_role("button", name="Close", exact=True).click()
    return json.loads(path.read_text(encoding="utf-8"))


def load(page, path):
    """What the box says after it was given a file."""
    open_box(page)
    page.locator(".course-box input[type=file]").set_input_files(path)
    said = page.locator(".course-box [role=status]:not(:empty)")
    said.wait_for()
    return said.inner_text()


def close_box(page):
    """Close the box. The page is loaded again if something has changed."""
    with page.expect_navigation():
        page.get_by_role("button", name="Close", exact=True).click()


def forget_all(page):
    unfold(page, "What is kept")
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="Forget all").click()
    page.get_by_text("has forgotten what you did here").wait_for()
    assert page.evaluate("localStorage.length") == 0


def answer(page, question, *choices):
    for choice in choices:
        page.locator(".question", has_text=question).locator(".choices button").nth(choice).click()


def test_a_course_goes_through_a_file_to_another_browser_and_is_forgotten_in_this_one(browser, context, site, tmp_path):
    page = open_page(context, site, WRITE)
    page.get_by_label("Your guess").first.fill("not far")
    page.keyboard.press("Enter")
    answer(page, "Who is faster in the middle?", 0, 1)
    for right in (False, True):
        module(page, "page/kept.js").evaluate("({ tried }, [height, right]) => tried(height, 'said', right)", [MY_HEIGHT, right])
    module(page, "page/kept.js").evaluate("({ set }, [height, code]) => set(height, code)", [MY_HEIGHT, HEIGHT])
    write(page, 1, "x = 'a draft'")
    version(page, 1).click()
    write(page, 1, "x = 'mine'")
    page.get_by_label("Add a listing below listing 1", exact=True).click()
    page.locator(".added .editor").wait_for()
    page.keyboard.insert_text("x = 'added'")
    page.locator(".turn").scroll_into_view_if_needed()
    page.locator(".contents .read").wait_for()
    open_box(page)
    unfold(page, "Save, load")
    page.get_by_label("Your name").fill("Zoë")
    page.get_by_role("button", name="Close", exact=True).click()
    before = page.evaluate(STORED)
    file = tmp_path / "course.json"
    saved = save(page, file)
    assert len(saved["kept"]) == len(before) - 1, "all but the name, which stands above"
    (question,) = [entry for entry in saved["kept"] if entry["kind"] == "answer" and "Who is faster" in entry["about"]]
    assert (question["tries"], question["first"]["right"], question["last"]["right"]) == (2, False, True)
    (height,) = [entry for entry in saved["kept"] if entry["kind"] == "function"]
    assert (height["value"], height["tries"], height["first"]["right"], height["last"]["right"]) == (HEIGHT, 2, False, True)
    assert saved["name"] == "Zoë" and "/course/" not in file.read_text(encoding="utf-8")

    open_box(page)
    unfold(page, "What is kept")
    page.get_by_role("button", name="Forget all").click()  # Playwright dismisses a dialog that nobody listens to
    assert page.evaluate(STORED) == before
    page.keyboard.press("Escape")
    open_box(page)
    forget_all(page)
    close_box(page)
    assert page.locator("[data-answer=right], .said:not(:empty)").count() == 0

    elsewhere = on_device(browser, 2)
    other = open_page(elsewhere, site, WRITE)
    other.evaluate("localStorage.theme = 'dark'")
    assert load(other, file) == f"{len(saved['kept'])} of {len(saved['kept'])} things in course.json were loaded."
    unfold(other, "Save, load")
    assert other.get_by_label("Your name").input_value() == "Zoë"
    other.locator(".course-box input[type=file]").set_input_files(file)
    other.get_by_text(f"0 of {len(saved['kept'])} things").wait_for()  # the page is loaded again for the first time
    close_box(other)
    other.locator("#write-height").get_by_text("height is yours").wait_for()
    assert load(other, file).startswith(f"0 of {len(saved['kept'])} things"), "loaded twice, it changes nothing"
    other.get_by_role("button", name="Close", exact=True).click()
    right = other.locator(".question [data-answer=right] .reason")
    assert right.count() == 1 and right.inner_text().startswith("Right, as long")
    other.get_by_text("You said: not far").wait_for()
    assert written(other, 1) == "x = 'mine'" and version(other, 1, DRAFT).count() == 1
    expect(other.locator(".added pre")).to_have_text("x = 'added'\n")
    assert save(other, tmp_path / "again.json")["kept"] == saved["kept"] and other.evaluate("localStorage.theme") == "dark"
    elsewhere.close()


def test_my_course_says_how_far_the_reader_is_and_leads_on_and_asks_what_is_due(context, site):
    page = open_page(context, site, "words")
    open_box(page)
    rows = page.locator(".far li")
    assert rows.all_inner_texts() == ["Chapters read\n0 of 2", "Functions written\n0 of 2"]
    assert page.get_by_role("link", name="Begin with 1 Let it swing").get_attribute("href") == f"{site}{SWING}.html"
    assert page.locator(".due").count() == 0, "nothing was answered"
    page.goto(f"{site}{WRITE}.html")
    answer(page, "Who is faster in the middle?", 0)
    kept = module(page, "page/kept.js")
    kept.evaluate("({ set }, page) => set({ kind: 'read', page }, 'yes')", f"{SWING}.html")
    kept.evaluate("({ set }, height) => set(height, 'def height(): pass')", MY_HEIGHT)
    kept.evaluate("({ tried }) => tried({ kind: 'check', about: 'swings' }, '30', true)")
    open_box(page)
    assert rows.all_inner_texts() == ["Chapters read\n1 of 2", "Answers right\n1 of 2", "Functions written\n1 of 2"]
    page.get_by_text("No question is due again. The next comes on").wait_for()
    assert page.get_by_role("link", name="Go on with 2 Write it yourself").count() == 1

    kept.evaluate(LONG_AGO)
    page.goto(f"{site}words.html")
    page.locator(".again").get_by_role("button", name="Not today").click()
    open_box(page)
    page.get_by_text("2 questions are due again.").wait_for()
    page.get_by_role("button", name="Answer", exact=True).click()
    page.locator(".course-box").wait_for(state="detached")
    expect(page.locator(".again .question .choices button").first).to_be_focused()
    assert page.locator(".again").inner_text().count("2 Write it yourself") == 1


LONG_AGO = """({ all, put }) => all().forEach(([thing, record]) => {
    const at = "2026-01-01T00:00:00.000Z", { first, last } = record;
    if (last) put(thing, { ...record, first: { ...first, at }, last: { ...last, at, wrong: last.right ? undefined : at } });
})"""


@pytest.mark.parametrize("width", [1280, 390])
def test_my_course_closes_by_its_button_by_escape_and_beside_it_and_gives_focus_back(browser, site, width):
    """On a narrow page its button is in the contents, which close."""
    context = browser.new_context(viewport={"width": width, "height": 844})
    page = open_page(context, site, "words")
    opener = page.get_by_role("button", name="Contents") if width < 1024 else page.locator(".my-course")
    for close in (
        lambda: page.get_by_role("button", name="Close", exact=True).click(),
        lambda: page.keyboard.press("Escape"),
        lambda: page.mouse.click(5, 200),
    ):
        if width < 1024:
            opener.click()
        page.locator(".my-course").click()
        page.locator(".course-box").wait_for()
        close()
        page.locator(".course-box").wait_for(state="detached")
        expect(opener).to_be_focused()
    context.close()


def test_what_was_asked_stands_in_my_course_by_learning_goal_with_a_link_to_each_question(context, site):
    page = open_page(context, site, WRITE)
    answer(page, "Who is faster in the middle?", 0)
    keep = module(page, "page/kept.js")
    keep.evaluate("({ tried }, height) => tried(height, 'said', true)", MY_HEIGHT)
    keep.evaluate("({ tried }) => tried({ kind: 'check', about: 'swings' }, '30', true)")
    open_box(page)
    summary = page.locator(".by-goal summary")
    summary.click()
    page.locator(".by-goal a").first.wait_for()
    told = page.locator(".by-goal :is(h3, ul ul li)").evaluate_all(TOLD)
    assert told == [
        ["1 Let it swing"],
        ["Besides", "known", "swings", "#check-yourself"],
        ["2 Write it yourself"],
        ["Say what decides how fast it is.", "not yet known", "Who is faster in the middle?", "#asks-2"],
        ["Say from how high it comes.", "known", "height", "#write-height"],
    ]
    page.locator(".by-goal a", has_text="Who is faster").click()
    page.locator(".question:target", has_text="Who is faster in the middle?").wait_for()
    page.locator(".course-box").wait_for(state="detached")


TOLD = """(parts) => parts.map((part) => part.matches("h3") ? [part.textContent] : [
    part.parentElement.parentElement.firstChild.textContent, part.firstChild.ariaLabel, part.textContent,
    part.querySelector("a").hash])"""


def test_two_copies_on_one_host_keep_their_own_and_what_there_was_before_goes_to_the_first_that_is_opened(context, site):
    """The other copy is the same files at another path."""
    next_one = site.replace("/course/", "/next/")
    context.route(
        f"{next_one}**", lambda route: route.fulfill(response=route.fetch(url=route.request.url.replace(next_one, site)))
    )
    plain = context.new_page()
    plain.goto(f"{site}_static/theme.css")  # no script of the course has run yet
    plain.evaluate("(code) => { localStorage['my course\\nfunction\\n\\nheight'] = JSON.stringify({ value: code }); }", HEIGHT)
    plain.evaluate("localStorage['my course\\nname\\n\\n'] = '{'")

    def height_in(address):
        page = open_page(context, address, WRITE)
        return page, module(page, "page/kept.js").evaluate("({ get }, height) => get(height) ?? ''", MY_HEIGHT)

    page, code = height_in(site)
    assert code == HEIGHT
    page, code = height_in(next_one)
    assert code == ""
    module(page, "page/kept.js").evaluate("({ set }, height) => set(height, 'of the other')", MY_HEIGHT)
    open_box(page)
    unfold(page, "What is kept")
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="Forget all").click()
    close_box(page)
    assert [code for _, code in map(height_in, (next_one, site))] == ["", HEIGHT]
    assert plain.evaluate("localStorage['my course\\nname\\n\\n']") == "{", "what is damaged stays where it is"


# The merge of what two browsers keep: all things of this one afterwards, by what they are about.
# What each did, `ours` and `theirs`, is a list of calls of kept.js with their times, in minutes.
MERGE = """async ([kept, course, ours, theirs]) => {
    const clock = Date, now = Date.now();
    const at = (time) => {
        globalThis.Date = class extends clock {
            constructor(...given) { super(...(given.length ? given : [time])); }
            static now() { return time; }
        };
    };
    const play = (calls) => {
        course.forget();
        for (const [minute, call, thing, ...rest] of calls) {
            at(60_000 * minute);
            kept[call](thing, ...rest.map((value) => value ?? undefined));
        }
        at(now);
    };
    play(theirs);
    const file = course.read(course.fileOf());
    play(ours);
    course.load(file);
    if (course.load(file).taken) throw new Error("loaded twice, it changes something");
    globalThis.Date = clock;
    const things = kept.all().filter(([{ kind }]) => !kind.endsWith("draft"));
    return Object.fromEntries(things.map(([thing, record]) => [thing.about, record]));
}"""
EDIT = {"kind": "edit", "page": f"{SWING}.html", "about": "x = 1"}
MY_HEIGHT, MY_SPEED = ({"kind": "function", "about": name} for name in ("height", "top_speed"))


@pytest.fixture(scope="module")
def modules(browser, site):
    """A page whose modules these tests ask, each from an empty drawer."""
    context = on_device(browser, 2)
    yield open_page(context, site, "words")
    context.close()


def merged(page, ours, theirs):
    return page.evaluate(MERGE, [module(page, "page/kept.js"), module(page, "page/course.js"), ours, theirs])


def test_of_each_thing_the_one_that_was_changed_last_stays(modules):
    found = merged(
        modules,
        [[20, "set", EDIT, "newer here"], [10, "set", MY_HEIGHT, "old"], [30, "set", MY_SPEED, None]],
        [[10, "set", EDIT, "older there"], [20, "set", MY_HEIGHT, "new"], [20, "set", MY_SPEED, "deleted here later"]],
    )
    assert found["x = 1"]["value"] == "newer here" and found["height"]["value"] == "new" and "value" not in found["top_speed"]


def test_tries_alone_count_as_loaded(modules):
    taken = modules.evaluate(
        """([kept, course, height]) => {
            course.forget();
            kept.tried(height, "Not yet: no", false);
            const file = course.read(course.fileOf());
            course.forget();
            return course.load(file).taken;
        }""",
        [module(modules, "page/kept.js"), module(modules, "page/course.js"), MY_HEIGHT],
    )
    assert taken == 1


def test_a_wrong_try_does_not_keep_the_function_of_another_machine_away(modules):
    there = [[10, "set", MY_HEIGHT, "right there"], [10, "tried", MY_HEIGHT, "Right: yes", True]]
    height = merged(modules, [[30, "tried", MY_HEIGHT, "Not yet: no", False]], there)["height"]
    assert (height["value"], height["first"]["said"], height["last"]["said"]) == ("right there", "Right: yes", "Not yet: no")


def test_a_wrong_try_elsewhere_stays_the_last_wrong_one_after_a_right_one_here(modules):
    there = [[10, "tried", MY_HEIGHT, "Not yet: no", False]]
    last = merged(modules, [[30, "tried", MY_HEIGHT, "Right: yes", True]], there)["height"]["last"]
    assert last["right"] and last["wrong"] < last["at"]


def test_whoever_has_seen_the_books_function_has_seen_it_on_every_machine(modules):
    book, lines = ({"kind": kind, "about": "height"} for kind in ("book shown", "lines given"))
    merged(modules, [[10, "set", book, "yes"]], [[20, "set", lines, "yes"]])
    kinds = module(modules, "page/kept.js").evaluate("({ all }) => all().map(([{ kind }]) => kind)")
    assert kinds == ["book shown", "lines given"]


def test_a_value_of_which_nothing_else_is_known_is_not_lost(modules):
    stays = modules.evaluate(
        """([kept, course, height]) => {
            course.forget();
            const load = (value) => {
                course.load({ kept: [{ ...height, value }], name: "" });
                return kept.get(height);
            };
            return [load("of old"), load("another of old")];
        }""",
        [module(modules, "page/kept.js"), module(modules, "page/course.js"), MY_HEIGHT],
    )
    assert stays == ["of old", "of old"]


def test_a_text_that_a_file_displaces_is_a_draft_of_its_listing_and_the_drafts_of_both_stay(context, site, tmp_path):
    page = open_page(context, site, WRITE)
    module(page, "page/kept.js").evaluate("({ set }, [height, code]) => set(height, code)", [MY_HEIGHT, HEIGHT])
    write(page, 3, "x = 'a draft here'")
    version(page, 3).click()
    write(page, 3, "x = 'here'")
    entries = {entry["kind"]: entry for entry in save(page, tmp_path / "here.json")["kept"]}
    values = {"edit": "x = 'there'", "draft": [{"code": "x = 'a draft there'"}], "function": f"{HEIGHT}  # there"}
    now = page.evaluate("new Date().toJSON()")
    kept = [{**entries[kind], "value": value, "changed": now} for kind, value in values.items()]
    (tmp_path / "there.json").write_text(json.dumps({**GOOD, "saved": now, "kept": kept}), encoding="utf-8")
    assert load(page, tmp_path / "there.json") == (
        "3 of 3 things in there.json were loaded. 2 of your texts gave way, and stand among the drafts of their listings."
    )
    close_box(page)
    expect(version(page, 2, re.compile(r"\bright\b"))).to_have_count(2)
    assert written(page, 3) == "x = 'there'"
    drafts = {entry["about"]: entry["value"] for entry in save(page, tmp_path / "after.json")["kept"] if entry["kind"] == "draft"}
    assert {draft["code"] for draft in drafts.pop(entries["draft"]["about"])} == {
        "x = 'here'",
        "x = 'a draft here'",
        "x = 'a draft there'",
    }
    ((given_way,),) = drafts.values()
    assert given_way["code"] == HEIGHT
    version(page, 2, re.compile(r"\bright\b")).last.click()
    assert written(page, 2) == HEIGHT


def test_a_text_of_a_file_that_is_older_is_a_draft_of_its_listing(context, site, tmp_path):
    page = open_page(context, site, WRITE)
    write(page, 3, "x = 'here'")
    (edit,) = [entry for entry in save(page, tmp_path / "here.json")["kept"] if entry["kind"] == "edit"]
    kept = [{**edit, "value": "x = 'there'", "changed": "2020-01-01T00:00:00.000Z"}]
    (tmp_path / "there.json").write_text(json.dumps({**GOOD, "kept": kept}), encoding="utf-8")
    said = "0 of 1 things in there.json were loaded. The others are the same or newer here. "
    assert load(page, tmp_path / "there.json") == said + (
        "One of its texts is older than yours, and stands among the drafts of its listing."
    )
    close_box(page)
    theirs = version(page, 3, re.compile("^1 Jan"))
    expect(theirs).to_have_count(1)
    assert written(page, 3) == "x = 'here'"
    theirs.click()
    assert written(page, 3) == "x = 'there'"


def test_a_clock_that_is_ahead_does_not_win_for_ever(modules):
    height = merged(modules, [], [[99_999_999, "set", MY_HEIGHT, "from the future"]])["height"]
    assert height["value"] == "from the future" and height["changed"] <= modules.evaluate("new Date().toJSON()")


def test_what_was_done_later_here_stays_whatever_the_clock_of_a_file_says(modules):
    kept = modules.evaluate(
        """([kept, course, height]) => {
            course.forget();
            kept.set(height, "here");
            const [older, saved] = ["2099-01-01T00:00:00.000Z", "2099-01-02T00:00:00.000Z"];
            course.load({ kept: [{ ...height, value: "a day older", changed: older }], name: "", saved });
            return kept.get(height);
        }""",
        [module(modules, "page/kept.js"), module(modules, "page/course.js"), MY_HEIGHT],
    )
    assert kept == "here"


def test_two_tabs_keep_what_is_done_in_both_and_forget_it_in_both_and_the_first_thing_is_one_press_away(context, site, tmp_path):
    """One of them stands at the end of its chapter, which it must not count as read again."""
    one, other = (open_page(context, site, WRITE) for _ in range(2))
    answer(one, "Who is faster in the middle?", 0)
    answer(other, "Who is faster in the middle?", 1)
    one.locator(".done-here", has_text="1 of").wait_for(state="attached")
    write(other, 2, "x = 'other'")
    other.keyboard.press("Escape")
    write(one, 1, "x = 'one'")
    saved = save(one, tmp_path / "course.json")["kept"]
    assert sorted(entry["value"] for entry in saved if entry["kind"] == "edit") == ["x = 'one'", "x = 'other'"]
    (question,) = [entry for entry in saved if entry["kind"] == "answer" and "Who is faster" in entry["about"]]
    assert (question["tries"], question["first"]["right"], question["last"]["right"]) == (2, False, True)

    one.locator(".turn").scroll_into_view_if_needed()
    one.locator(".contents .read").wait_for()
    open_box(other)
    one.evaluate("document.isOld = true")
    forget_all(other)
    one.wait_for_function("() => !document.isOld")  # it was loaded again
    one.locator(".done-here", has_text="0 of").wait_for(state="attached")
    one.bring_to_front()
    assert one.locator("[data-answer]").count() == 0 and one.evaluate(STORED) == {}

    go, places = one.get_by_role("button", name="Show the next"), "[...document.querySelectorAll('.slot, .question')]"
    at = f"{places}.indexOf(document.activeElement.closest('.slot, .question'))"
    go.click()
    assert one.evaluate(at) == 0 and one.evaluate("document.activeElement.closest('.slot') !== null")
    module(one, "page/kept.js").evaluate("({ set }, [height, code]) => set(height, code)", [MY_HEIGHT, HEIGHT])
    go.click()
    assert one.evaluate(at) == 1


TIME = "2026-11-27T12:00:00.000Z"
GOOD = {"course": "The pendulum", "version": 2, "edition": "1.0.0", "name": "", "saved": TIME}
HEIGHT_ENTRY = {"kind": "function", "about": "height", "value": HEIGHT, "changed": TIME}
PLACE, DONE = ({"kind": kind, "page": f"{WRITE}.html"} for kind in ("place", "done"))
MANY, FAR = "9" * 400, "+275760-09-12T00:00:00.000Z"


def file_with(*entries, **head):
    return json.dumps({**GOOD, **head, "kept": [HEIGHT_ENTRY, *entries]})


# The text of a file, and what is said of it.
HOSTILE = {
    "no JSON": ("<script>alert(1)</script>", "no file that My course saved"),
    "cut off": (file_with()[:-20], "it is damaged, perhaps cut off"),
    "another course": (file_with(course="Another"), "no file that My course saved"),
    "a later form": (file_with(version=3), "of another edition"),
    "another edition": (file_with(edition="2.0.0"), "of another edition"),
    "too large": (" " * 8_000_001, "larger than any file"),
    "too many": (json.dumps({**GOOD, "kept": [HEIGHT_ENTRY] * 5001}), "damaged"),
    "more than a course": (file_with(run="alert(1)"), "damaged"),
    "a name that runs backwards": (file_with(name="\u202eAda"), "it is damaged"),
    "a name of two lines": (file_with(name="Ada\n=1"), "it is damaged"),
    "an unknown kind": (file_with({"kind": "theme", "value": "dark"}), "damaged at entry 2"),
    "a kind of every object": (file_with({"kind": "constructor", "value": "x"}), "damaged at entry 2"),
    "a page elsewhere": (file_with({"kind": "read", "page": "../other/x.html", "value": "yes"}), "damaged at entry 2"),
    "a name with a line": (file_with({"kind": "function", "about": "a\nimport os", "value": "x"}), "damaged at entry 2"),
    "a number for a text": (file_with({"kind": "answer", "page": "index.html", "about": "x", "value": 3}), "damaged at entry 2"),
    "a prototype": (file_with({"kind": "done", "page": "index.html", "__proto__": {"a": 1}}), "damaged at entry 2"),
    "a place of no time": (file_with({**PLACE, "value": "#a"}), "damaged at entry 2"),
    "a place that is none": (file_with({**PLACE, "changed": TIME}), "damaged at entry 2"),
    "more done than can be counted": (file_with({**DONE, "value": f"1 of {MANY} problems"}), "damaged at entry 2"),
    "a year of five digits": (file_with(saved=FAR), "it is damaged"),
    "an entry from such a year": (file_with({**PLACE, "value": "#a", "changed": FAR}), "damaged at entry 2"),
    "a number for an entry": (file_with(7), "damaged at entry 2"),
    "half a history": (file_with({**HEIGHT_ENTRY, "tries": 3}), "damaged at entry 2"),
    "an entry twice": (file_with(HEIGHT_ENTRY), "it has an entry twice"),
    "a draft that is none": (
        file_with({"kind": "draft", "page": "index.html", "about": "x", "value": ["y", {"code": "y", "at": "noon"}]}),
        "damaged at entry 2",
    ),
    "a listing of no time": (
        file_with({"kind": "listing", "page": "index.html", "about": "noon\nx = 1", "value": "y"}),
        "damaged at entry 2",
    ),
    "a verdict that is none": (
        file_with(
            {"kind": "verdict", "page": "index.html", "about": "x", "value": {"code": "x", "kind": "right", "said": ["y"]}}
        ),
        "damaged at entry 2",
    ),
    "more drafts than are kept": (
        file_with({"kind": "draft", "page": "index.html", "about": "x", "value": [{"code": str(i)} for i in range(11)]}),
        "damaged at entry 2",
    ),
    "words of a third visit": (
        file_with({"kind": "own words", "page": "index.html", "about": "x", "value": [{"text": "y", "at": TIME}] * 3}),
        "damaged at entry 2",
    ),
    "own words that are none": (
        file_with({"kind": "own words", "page": "index.html", "about": "x", "value": [{"text": {"toString": "y"}, "at": TIME}]}),
        "damaged at entry 2",
    ),
    "ticks that are none": (
        file_with(
            {"kind": "own words", "page": "index.html", "about": "x", "value": [{"text": "y", "at": TIME, "ticks": ["1"]}]}
        ),
        "damaged at entry 2",
    ),
}


def test_a_hostile_file_gets_a_sentence_and_does_nothing_and_without_its_fault_it_loads(context, site, tmp_path):
    page = open_page(context, site, WRITE)
    answer(page, "Who is faster in the middle?", 1)
    page.locator("article .lost").first.wait_for(state="attached")  # its script and style come at the first touch
    before, failed = page.evaluate(STORED), []
    page.on("pageerror", lambda error: failed.append(error))
    page.on("dialog", lambda dialog: failed.append(dialog))
    page.on("request", lambda request: failed.append(request.url))
    open_box(page)
    page.locator(".due", has_text="No question is due again. The next comes on").wait_for()
    failed.clear()  # the box's own scripts and style
    file, said = tmp_path / "course.json", page.locator(".course-box [role=status]")

    def given(text):
        """What is said of a file with this text."""
        file.write_text(text, encoding="utf-8")
        said.evaluate("(line) => line.replaceChildren()")
        page.locator(".course-box input[type=file]").set_input_files(file)
        page.locator(".course-box [role=status]:not(:empty)").wait_for()
        return said.inner_text()

    for kind, (text, sentence) in HOSTILE.items():
        answered = given(text)
        assert answered.startswith("Nothing was loaded from course.json: ") and sentence in answered, kind
        assert page.evaluate(STORED) == before and failed == [], kind
    whole = file_with({"kind": "read", "page": f"{SWING}.html", "value": "yes", "changed": TIME}, edition="1.9.3")
    assert given(whole).startswith("2 of 2 things")
    assert module(page, "page/kept.js").evaluate("({ get }, height) => get(height)", MY_HEIGHT) == HEIGHT


def test_the_name_that_is_newer_stays_and_both_are_said(context, site, tmp_path):
    page = open_page(context, site, WRITE)
    file, kept = tmp_path / "course.json", module(page, "page/kept.js")
    put = "({ put }, changed) => put({ kind: 'name' }, { value: 'Ada', changed })"
    file.write_text(file_with(name="Zoë"), encoding="utf-8")
    kept.evaluate(put, "2026-11-28T00:00:00.000Z")
    assert load(page, file).endswith("Your name here stays Ada, which is newer than Zoë in the file.")
    close_box(page)
    kept = module(page, "page/kept.js")
    kept.evaluate(put, "2026-11-26T00:00:00.000Z")
    assert load(page, file).endswith("Your name is now Zoë, as in the file; it was Ada.")
    unfold(page, "Save, load")
    assert page.get_by_label("Your name").input_value() == "Zoë"


def test_my_course_says_why_it_can_not_open(browser, site):
    context = browser.new_context(service_workers="block")  # else it may have the script in its copies
    page = open_page(context, site, "words")
    page.route("**/course.js*", lambda route: route.abort())
    page.get_by_role("button", name="My course").click()
    page.get_by_text("The script of My course did not arrive.").wait_for()
    context.close()


def test_without_storage_the_page_says_so_once_there_is_work_and_my_course_saves_it(context, site, tmp_path):
    context.add_init_script(NO_STORAGE)
    page = open_page(context, site, SWING)  # with numbers that are drawn
    note = page.locator(".no-room")
    page.locator(".turn").first.scroll_into_view_if_needed()
    module(page, "page/kept.js").evaluate("({ set }) => set({ kind: 'place', page: 'index.html' }, '#a')")
    assert note.count() == 0, "who reads loses nothing"
    write(page, 1, "x = 41")
    note.get_by_text("This browser allows no storage here").wait_for()
    write(page, 1, "x = 42")
    assert note.count() == 1
    note.get_by_role("button", name="My course").click()
    page.locator("dialog").get_by_text("This browser allows no storage here").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    assert "x = 42" in download.value.path().read_text(encoding="utf-8")


KEYS = f"{ENTRIES}.map(([key]) => key)"


@pytest.mark.parametrize("is_saved", [False, True])
def test_without_storage_a_page_with_work_that_is_in_no_file_asks_before_it_is_left(context, site, is_saved):
    context.add_init_script(NO_STORAGE)
    page, asked = open_page(context, site, SWING), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert asked == []
    write(page, 1, "x = 41")
    page.locator(".no-room").wait_for()
    if is_saved:
        open_box(page)
        with page.expect_download():
            page.get_by_role("button", name="Save as a file").click()
        page.get_by_text("Saved.").wait_for()
    page.reload()
    assert asked == ["beforeunload"] * (not is_saved)


# The last letter, too.
FILL = """() => {
    for (let size = 200_000, text = ""; size >= 1; size = Math.floor(size / 2)) {
        try {
            localStorage.setItem("another site too", text + "x".repeat(size));
            text += "x".repeat(size);
        } catch {}
    }
}"""


def test_a_full_browser_says_so_and_loads_nothing_rather_than_half(context, site, tmp_path):
    page = open_page(context, site, WRITE)
    page.evaluate("() => { localStorage.setItem('another site', 'x'.repeat(5_100_000)); }")
    before, file = page.evaluate(KEYS), tmp_path / "course.json"
    edits = [{"kind": "edit", "page": "index.html", "about": f"x = {i}", "value": "y" * 90_000} for i in range(5)]
    file.write_text(file_with(*edits), encoding="utf-8")
    assert "this browser has no room for it" in load(page, file)
    assert page.evaluate(KEYS) == before
    page.get_by_role("button", name="Close", exact=True).click()

    page.evaluate(FILL)
    answer(page, "Who is faster in the middle?", 1)
    note = page.get_by_role("alert").filter(has_text="This browser has no room left")
    expect(note).to_be_in_viewport()
    note.get_by_role("button", name="My course").click()
    page.locator(".course-box").get_by_text("This browser has no room left").wait_for()
    assert page.get_by_text("This browser keeps your name").count() == 0
    page.get_by_role("button", name="Close", exact=True).click()
    assert "answer" in [entry["kind"] for entry in save(page, file)["kept"]]

    page.evaluate("() => ['another site', 'another site too'].forEach((key) => localStorage.removeItem(key))")
    write(page, 3, "x = 1")
    expect(note).to_be_hidden()


def test_an_answer_from_a_file_that_is_no_choice_leaves_the_questions_alive(context, site):
    page = open_page(context, site, WRITE)
    answer(page, "Who is faster in the middle?", 1)
    module(page, "page/kept.js").evaluate("({ all, set }) => set(all('answer')[0][0], 'length')")
    page.reload()
    page.get_by_label("Your number").fill("1")
    page.keyboard.press("Enter")
    page.locator(".question [data-answer=right] .reason").wait_for()


def test_what_is_stored_and_damaged_is_left_out_and_the_page_lives(context, site):
    page = open_page(context, site, WRITE)
    stored = [
        (PLACE, {"value": "#a"}),
        ({"kind": "place", "page": f"{SWING}.html"}, {"changed": TIME}),
        ({"kind": "place", "page": "start.html"}, {"value": "#b", "changed": None}),
        (DONE, {"value": f"1 of {MANY} problems"}),
    ]
    for kind in ("answer", "unsent", "edit", "draft", "listing", "own words"):
        stored += [({"kind": kind, "page": f"{page}.html", "about": "x"}, {"value": 5}) for page in (WRITE, SWING)]
    stored += [
        ({"kind": "listing", "page": f"{WRITE}.html"}, {"value": "x = 1"}),
        ({"kind": "edit", "page": f"{WRITE}.html", "about": "x"}, {"value": {}}),
        ({"kind": "draft", "page": f"{WRITE}.html", "about": "x"}, {"value": [{"code": "x", "said": 5}]}),
        ({"kind": "function", "about": "("}, {"value": HEIGHT}),
        ({"kind": "function", "about": "height"}, {"value": 5}),
        ({"kind": "answer", "page": f"{SWING}.html", "about": "x"}, {"tries": 1, "first": {"at": TIME}}),
    ]
    module(page, "page/kept.js").evaluate("({ put }, stored) => stored.forEach(([thing, record]) => put(thing, record))", stored)
    failed = []
    page.on("pageerror", lambda error: failed.append(error))
    page.goto(site)
    assert failed == []
    open_box(page)
    assert page.locator("a[href*=undefined], .map progress").count() == 0
    for name in (SWING, WRITE):
        page.goto(f"{site}{name}.html")
        page.get_by_role("button", name="Edit listing 1", exact=True).click()
        page.get_by_role("textbox", name="Code of listing 1.").wait_for()
    answer(page, "Who is faster in the middle?", 1)
    page.locator(".question [data-answer=right]").wait_for()
    assert failed == []


def test_an_address_that_begins_like_another_host_leads_to_none(context, folder):
    with serve(folder) as address:
        page = context.new_page()
        page.goto(f"{address}/elsewhere.invalid/x.html")  # a page that is not found
        open_box(page)
        unfold(page, "Save, load")
        page.get_by_label("Your name").fill("Ada")
        module(page, "page/kept.js").evaluate("({ set }, [height, code]) => set(height, code)", [MY_HEIGHT, HEIGHT])
        close_box(page)
        assert page.url == f"{address}/elsewhere.invalid/x.html"


def test_an_answer_to_a_draw_that_no_question_has_leaves_the_questions_alive(context, site):
    page, forms, failed = open_page(context, site, SWING), "article form, article .choices button", []
    there = page.locator(forms).count()
    things = page.evaluate(
        """import(new URL('../page/question.js', location)).then(({ questionsIn, thingOf }) =>
            questionsIn(document).map((box) => thingOf(box, 'lessons/1_swing.html')))"""
    )
    module(page, "page/kept.js").evaluate(
        "({ put }, [all, value]) => all.forEach((one) => put(one, { value }))", [things, f"#{MANY} 1"]
    )
    page.on("pageerror", lambda error: failed.append(error))
    page.reload()
    assert page.locator(forms).count() == there and failed == []


def test_a_page_loads_nothing_of_it_before_it_is_asked_for(context, site, folder):
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site).split("?")[0]))
    with page.expect_request("**/page/offline.js?*"):  # comes last, once the page is idle
        page.goto(f"{site}words.html")
    page.wait_for_load_state("networkidle")
    scripts = [path for path in asked if path.endswith(".js")]
    of_page = ("dom", "forms", "kept", "log", "main", "offline", "plugs", "progress")
    assert sorted(scripts) == ["_static/theme.js", *(f"page/{name}.js" for name in of_page)]
    assert not [path for path in asked if "question" in path], "nor of what is asked again"
    assert (folder / "page/kept.js").stat().st_size < 5000


@pytest.mark.weekly
def test_firefox_saves_forgets_and_loads(site):
    with open_firefox(f"{site}{WRITE}.html") as evaluate:
        evaluate("document.querySelectorAll('.question .choices button')[1].click()")
        before, after = evaluate(f"""{COURSE}.then(async ({{ fileOf, forget, load, read }}) => {{
            const text = fileOf();
            await forget();
            if (localStorage.length) throw new Error("something is left");
            load(read(text));
            return [JSON.parse(text).kept, JSON.parse(fileOf()).kept];
        }})""")
    assert before == after and before[0]["kind"] == "answer" and before[0]["tries"] == 1
