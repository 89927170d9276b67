"""A class: simulated learners hand their files in, and the page for teachers says what they did."""

import json
import re

import numpy as np
import pytest

from press.browser.listings import on_device, open_page
from tests.support.class_files import TEACHING, TIME, as_file, course, entry, give
from tests.support.page import module
from utils.judges.record import note
from utils.judges.verdicts import Verdict, not_answered, not_yet

pytestmark = [pytest.mark.every_chapter, pytest.mark.any_prose]

LEARNERS = 40
DIFFICULTIES = np.linspace(-2.5, 2.5, 12)
LATER = "2026-11-28T12:00:00.000Z"


@pytest.fixture(scope="module")
def asked(folder):
    """The course's questions with an answer, [(page, about, words), ...], as many as are simulated."""
    rows = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    return [tuple(row[1:4]) for row in rows if row[0] == "answer"][: len(DIFFICULTIES)]


def simulated(asked):
    """The files of learners whose ability is drawn from N(0, 1). The last question is tried last."""
    rng = np.random.RandomState(0)

    def answered(page, about, words, chance, at):
        first = rng.uniform() < chance
        last = first or rng.uniform() < 0.5
        wrong = f"wrong answer {rng.choice(2, p=[0.8, 0.2])} to {words}"
        return entry(
            "answer", page, about, ("right" if first else wrong, first), ("right" if last else wrong, last), 1 if first else 2, at
        )

    files = []
    for i, ability in enumerate(rng.normal(size=LEARNERS)):
        times = [TIME] * (len(asked) - 1) + [LATER]
        kept = [answered(*one, 1 / (1 + np.exp(d - ability)), at) for one, d, at in zip(asked, DIFFICULTIES, times, strict=True)]
        mistake = f"Not yet: it keeps what is negative, for {i}"
        kept.append(entry("function", None, "relu", (mistake, False), (mistake, False) if i % 4 else ("Right: yes.", True), 3))
        name = f"learner {i}" if i else "<img src=x onerror=alert(1)>"
        files.append(as_file(f"course-{i}.json", course(name, kept)))
    return files


@pytest.fixture(scope="module")
def teaching(browser, site):
    """The page for teachers, with `asked`, what it has requested since it was there."""
    context = on_device(browser, 2)
    page = open_page(context, site, TEACHING)
    page.locator("#class-files .drop").wait_for()
    page.locator("article h1").hover()
    page.locator("article .lost").first.wait_for()  # its script comes at the first touch
    page.wait_for_load_state("networkidle")
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    context.close()


@pytest.fixture
def page(teaching, asked):
    """The page for teachers with the class's files, one of them twice, and one that is none."""
    if not teaching.locator("#class-files caption").count():
        give(teaching, *simulated(asked), simulated(asked)[3], as_file("notes.json", "no course"))
    return teaching


@pytest.fixture
def empty(teaching):
    """The page for teachers without files, before and after."""
    start_over(teaching)
    yield teaching
    start_over(teaching)


@pytest.fixture
def uncounted(teaching):
    """The page for teachers, for a test that has it request something: that is not counted among what was `asked`."""
    before = [*teaching.asked]
    yield teaching
    teaching.asked[:] = before


def start_over(page):
    if page.locator("#class-files caption").count():
        page.get_by_role("button", name="Start over").click()
        page.locator("#class-files caption").first.wait_for(state="detached")


def said(page):
    """What is said of the files: how many learners there are, and a line for each thing to know."""
    return page.locator("#class-files [role=status] :is(p, li)").all_inner_texts()


def rows(page, title):
    table = page.locator("#class-files table", has=page.locator("caption", has_text=title))
    found = table.locator("tbody tr").evaluate_all("(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))")
    return [[text.replace("\N{NO-BREAK SPACE}", " ") for text in row] for row in found]


def ranks(numbers):
    return np.argsort(np.argsort(numbers))


def test_the_order_of_difficulty_is_found(page, asked):
    questions, words = rows(page, "What to talk about"), [words for _, _, words in asked]
    order = [words.index(row[0].partition(": ")[2]) for row in questions]
    assert sorted(order) == list(range(len(DIFFICULTIES)))
    found = np.corrcoef(ranks([-order.index(k) for k in range(len(order))]), ranks(DIFFICULTIES))[0, 1]
    assert found >= 0.9
    assert all(row[3].startswith(f"wrong answer 0 to {row[0].partition(': ')[2]}") for row in questions)


def test_the_belief_behind_the_most_common_wrong_choice_is_told(empty, folder):
    listed = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    page, about, _, beliefs = next(row[1:5] for row in listed if row[0] == "answer" and row[1].endswith("07_prediction.html"))
    (choice, belief), *_ = beliefs.items()
    give(empty, as_file("my-course.json", course("Ann", [entry("answer", page, about, (choice, False), ("right", True))])))
    assert rows(empty, "What to talk about")[0][3] == f"{choice} (1) Believed: {belief}"
    strange = entry("answer", page, about, ("constructor", False), ("right", True))  # what every object has, and no choice
    give(empty, *(as_file(f"{name}.json", course(name, [strange])) for name in ("Ben", "Cleo")))
    assert rows(empty, "What to talk about")[0][3] == "constructor (2)"


def test_what_is_asked_before_the_course_and_after_it_is_told_side_by_side(empty, folder):
    listed = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    _, page, about, words, beliefs, _, _, right, choices = next(row for row in listed if row[0] == "inventory")
    wrong = next(i for i, choice in enumerate(choices) if choice in beliefs)

    def file(name, **given):
        one = {"page": page, "about": about, "changed": TIME}
        kept = [{"kind": kind, "value": str(value), **one} for kind, value in given.items()]
        return as_file(f"{name}.json", course(name, kept))

    some = [
        file("Ann", before=wrong, after=right - 1),
        file("Ben", before=wrong, after=right - 1),
        file("Cleo", before=right - 1, after=9),
    ]
    give(
        empty,
        *some,
        file("Dan", before=wrong),
        file("Eve", before="length", after=right - 1),
        file("Finn", before=right - 1, after=wrong),
    )
    told = f"{choices[wrong]} (4) Believed: {beliefs[choices[wrong]]}"
    assert rows(empty, "Before the course") == [[words, "2 of 5 (40 %)", "3 of 4 (75 %)", "2", "1", told]]
    assert said(empty) == ["6 learners."]
    start_over(empty)
    give(empty, as_file("none.json", course("Ann", [])))
    assert rows(empty, "Before the course") == [], "no table of what nobody was asked"


def test_the_mistake_most_made_is_told_although_its_numbers_differ(page):
    ((name, right, tries, mistake),) = rows(page, "Functions and problems")
    assert (name, right, float(tries)) == ("relu", f"{LEARNERS // 4} of {LEARNERS} (25 %)", 3)
    assert mistake.startswith("Not yet: it keeps what is negative") and mistake.endswith(f"({LEARNERS})")


def test_who_did_what_and_on_which_page_last(page, asked):
    learners = rows(page, "Learners")
    assert [row[0] for row in learners[1:]] == [f"learner {i}" for i in range(1, LEARNERS)]
    assert all(int(row[1]) == len(asked) and int(row[2]) <= int(row[3]) for row in learners)
    assert {row[6].partition(" ")[0] for row in learners} == {str(int(re.search("[0-9]+", asked[-1][0])[0]))}


def test_what_learners_said_in_their_own_words_stands_beside_their_ticks(empty, folder):
    listed = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    page, about, words, points = next(row[1:5] for row in listed if row[0] == "own words" and row[1].endswith("05_loss.html"))

    def own(*said):
        value = [{"text": text, "at": TIME, **({"ticks": ticks} if ticks is not None else {})} for text, ticks in said]
        return {"kind": "own words", "page": page, "about": about, "value": value, "changed": TIME}

    def give_of(name, *entries):
        give(empty, as_file(f"{name}.json", course(name, entries)))

    give_of("Cleo", own(("<b>It is flat.</b>", [1, 3])))
    give_of("Ben", own(("At first.", [9, 9]), ("Now I know.", [1, 2, 3, 3])))
    give_of("Ann", own(("Not done", None)))
    give_of("Dan", {**own(("Of no chapter", [])), "about": "Explain what nobody asks."})
    assert rows(empty, "In their own words") == [
        [f"5: {words}", "Ann", "Not done", "not compared yet", ""],
        [f"5: {words}", "Ben", "At first.", "0 of 3", " ".join(points)],
        [f"5: {words}", "Ben", "Now I know.", "3 of 3", ""],
        [f"5: {words}", "Cleo", "<b>It is flat.</b>", "2 of 3", points[1]],
    ]


def test_a_file_that_is_none_is_named_and_the_same_file_counts_once(page):
    assert said(page) == [f"{LEARNERS} learners.", "Not counted: notes.json, because it is no file that My course saved."]


def test_markup_in_a_name_is_text(page):
    assert page.locator("#class-files img").count() == 0 and rows(page, "Learners")[0][0].startswith("<img")


def test_no_request_leaves_the_page(page):
    assert [url for url in page.asked if not url.startswith("blob:")] == []


def test_one_file_cannot_ruin_the_tables(empty, asked):
    wrong = ("wrong", False)
    invented = [entry("answer", "chapters/05_loss.html", f"Invented {i}", wrong, wrong) for i in range(4900)]
    one = entry("answer", *asked[0][:2], wrong, wrong)
    give(empty, as_file("invented.json", course("Ann", [one, *invented])), as_file("twice.json", course("Bob", [one, one])))
    assert said(empty) == [
        "1 learner.",
        "Not counted: twice.json, because it has an entry twice.",
        "Left out: 4900 answers to what this edition of the course doesn't ask.",
    ]
    assert [row[1] for row in rows(empty, "What to talk about")] == ["0 of 1 (0 %)"]


def test_what_many_had_wrong_stands_above_what_one_had(empty, asked):
    right, wrong = ("right", True), ("wrong", False)
    kept = [[entry("answer", *asked[1][:2], wrong if i < 18 else right, right)] for i in range(30)]
    kept[0].append(entry("answer", *asked[0][:2], wrong, wrong))
    give(empty, *(as_file(f"{i}.json", course(f"learner {i}", those)) for i, those in enumerate(kept)))
    assert [row[1] for row in rows(empty, "What to talk about")] == ["12 of 30 (40 %)", "0 of 1 (0 %)"]


def test_what_was_right_once_counts_whatever_is_looked_at_then(empty, asked):
    right, wrong = ("right", True), ("wrong", False)
    give(
        empty,
        as_file(
            "Ann.json", course("Ann", [entry("answer", *asked[0][:2], right, wrong), entry("check", None, "loss", right, wrong)])
        ),
    )
    assert [row[1:4] for row in rows(empty, "What to talk about")] == [["1 of 1 (100 %)", "1 of 1 (100 %)", ""]]
    assert [[row[1], row[3]] for row in rows(empty, "Functions and problems")] == [["1 of 1 (100 %)", ""]]
    assert [row[5] for row in rows(empty, "Learners")] == ["1"]


def test_files_and_folders_say_whose_a_file_is(empty, asked, tmp_path):
    """Where the learner has typed no name: folders of a learner for each week, and files that were renamed."""
    places, names = ["Ann Bo", "Zoe", "Dora/week1", "Dora/week2", "group"], ["my-course.json"] * 4 + ["Emil.json"]
    for place, name in [*zip(places, names, strict=True), ("Zoe", "my-course (1).json"), ("group", "my-course-Finn-Ek.json")]:
        (tmp_path / place).mkdir(parents=True, exist_ok=True)
        (tmp_path / place / name).write_text(course("", [], LATER if "1" in name + place[-1] else TIME), encoding="utf-8")
    (tmp_path / "readme.pdf").write_bytes(b"%PDF")
    give(empty, tmp_path, by="input[webkitdirectory]")
    assert [row[0] for row in rows(empty, "Learners")] == ["Ann Bo", "Dora", "Emil", "Finn Ek", "Zoe"]
    *together, unread = said(empty)[1:]
    assert sorted(line.partition(":")[0] for line in together) == ["Dora", "Zoe"]
    assert unread == "Not read, because they don't end in .json: readme.pdf."


def test_two_learners_of_one_name_stay_two_where_each_has_a_folder(empty, tmp_path):
    for place, saved in (("Ann_4001", TIME), ("Ann_4002", LATER)):
        (tmp_path / place).mkdir()
        (tmp_path / place / "my-course-Ann.json").write_text(course("Ann", [], saved), encoding="utf-8")
    give(empty, tmp_path, by="input[webkitdirectory]")
    assert said(empty) == ["2 learners."]
    assert [(row[0], row[-1]) for row in rows(empty, "Learners")] == [
        ("Ann", "Ann_4001/my-course-Ann.json"),
        ("Ann", "Ann_4002/my-course-Ann.json"),
    ]


def test_two_files_of_a_learner_count_together(empty, asked):
    """One of a browser, one of notebooks: of each thing the first try and the last."""
    wrong, right = ("wrong", False), ("right", True)
    later = course("Anna Berg", [entry("answer", *asked[0][:2], right, right, 2, LATER)], LATER)
    earlier = course("Anna Berg", [entry("answer", *asked[0][:2], wrong, wrong), entry("check", None, "loss", wrong, right)])
    give(empty, as_file("my-course-Anna-Berg (1).json", later), as_file("my-course.json", earlier))
    both = "my-course-Anna-Berg (1).json and my-course.json"
    assert said(empty) == ["1 learner.", f"Anna Berg: {both} count together."] and rows(empty, "Learners")[0][-1] == both
    assert [row[1:3] for row in rows(empty, "What to talk about")] == [["0 of 1 (0 %)", "1 of 1 (100 %)"]]
    assert [row[:2] for row in rows(empty, "Functions and problems")] == [["5: loss", "1 of 1 (100 %)"]]


def test_a_file_dropped_beside_the_box_is_taken_and_the_page_stays(empty):
    drop = """(heading, text) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([text], "my-course.json"));
        return ["dragover", "drop"].map((type) =>
            heading.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true })));
    }"""
    assert empty.locator("article h1").evaluate(drop, course("Ann", [])) == [False, False], "the browser would open the file"
    empty.locator("#class-files caption").first.wait_for()
    assert said(empty) == ["1 learner."]


def test_the_questions_of_the_list_are_those_that_the_pages_keep_answers_to(uncounted, folder):
    """A page's script names a question by its text, which the build has to find too."""
    listed = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    assert len({tuple(row[:3]) for row in listed}) == len(listed)
    asks = (("answer", "question", "questionsIn"), ("own words", "own_words", "boxesIn"), ("inventory", "question", None))
    for kind, script, boxes_in in asks:
        found = uncounted.evaluate(
            """async ([script, boxesIn, pages]) => (await Promise.all(pages.map(async (page) => {
            const text = await (await fetch(`../${page}`)).text();
            const there = new DOMParser().parseFromString(text, "text/html");
            const boxes = boxesIn ? script[boxesIn](there) : [...there.querySelectorAll(".admonition.inventory")];
            return boxes.map((box) => [page, script.thingOf(box, page).about]);
        }))).flat()""",
            [module(uncounted, f"page/{script}.js"), boxes_in, sorted({row[1] for row in listed if row[0] == kind})],
        )
        assert found == [row[1:3] for row in listed if row[0] == kind] != []
    inventory = [row for row in listed if row[0] == "inventory"]
    assert len(inventory) == 6 and all(len(row[4]) == len(row[8]) - 1 for row in inventory), "each wrong choice names a belief"


LOADED_AND_FORGOTTEN = """({ forget, load, read }, text) => {
    const course = read(text), { taken } = load(course);
    forget();
    return [taken, course.kept.length];
}"""


def test_what_a_notebook_notes_is_read_like_what_a_page_keeps(empty, uncounted, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for about, name, verdict in [
        ("function", "relu", not_yet("it keeps what is negative.")),
        ("function", "relu", Verdict("right", "yes.")),
        ("function", "relu", not_yet("it was right before.")),
        ("question", "loss", not_answered("put your answer in.")),
        ("question", "loss", not_yet("no.")),
        ("question", "loss", not_yet("no.")),
        ("problem", "counting", not_answered("write it.")),
    ]:
        note(about, name, verdict)
    give(empty, tmp_path / "my-course.json")
    assert said(empty) == ["1 learner."]
    assert sorted((name, right, tries) for name, right, tries, _ in rows(empty, "Functions and problems")) == [
        ("5: loss", "0 of 1 (0 %)", "1.0"),
        ("relu", "1 of 1 (100 %)", "2.0"),
    ]
    text = (tmp_path / "my-course.json").read_text(encoding="utf-8")
    assert module(uncounted, "page/course.js").evaluate(LOADED_AND_FORGOTTEN, text) == [2, 2], "My course loads it too"
