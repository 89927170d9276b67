"""The form of questions, and what a book is without `make site`: a small book with this book's theme, which names no chapter.

It is built here, and links to a repository called someone/course.
"""

import html
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest

from press.browser.server import serve
from press.notebooks.chapters import ROOT
from tests.support.page import Addresses, built_for, module

pytestmark = pytest.mark.any_prose

BOOK = """
# Questions

````{admonition} Predict first
:class: tip predict

What is $2 + 3$?

1. 5
2. 6
3. 23

```{admonition} Answer
:class: dropdown answer right-1

1. Right, five.
2. That is $2 \\cdot 3$.
3. Put side by side, not added.
```
````

```{admonition} Predict first
:class: tip predict

What comes next?
```

````{admonition} 1. How much is a half?
:class: question

```{admonition} Answer
:class: dropdown answer

**0.50.** Half of one.

- **50** is in per cent.
```
````

````{admonition} 2. Between which numbers?
:class: question

```{admonition} Answer
:class: dropdown answer

**1,000 to 2,000.** A range.
```
````

````{admonition} In your own words
:class: own-words

Explain it.

```{admonition} Answer
:class: dropdown answer

- One.
- Two.
- Three.
```
````
"""
FAULTS = {
    "no answer": "1. yes\n2. no",
    "nothing to compare": "```{admonition} Answer\n:class: dropdown answer\nPerhaps.\n```",
    "a reason is missing": "1. yes\n2. no\n\n```{admonition} Answer\n:class: dropdown answer right-1\n1. Right.\n```",
    "none is right": "1. yes\n2. no\n\n```{admonition} Answer\n:class: dropdown answer\n1. Right.\n2. No.\n```",
    "another is right": "1. yes\n2. no\n\n```{admonition} Answer\n:class: dropdown answer right-3\n1. Right.\n2. No.\n```",
    "no wrong number": "```{admonition} Answer\n:class: dropdown answer\n**3.**\n\n- Not 4.\n```",
    "not folded": "1. yes\n\n```{admonition} Answer\n:class: answer right-1\n1. Right.\n```",
}
POINTS = "```{admonition} Answer\n:class: dropdown answer\n- One.\n- Two.\n- Three.\n```"
OWN_FAULTS = {
    "no points": "Explain it.",
    "two paragraphs": f"Explain it.\n\nTo somebody.\n\n{POINTS}",
    "two points": f"Explain it.\n\n{POINTS.replace('- Two.', '')}",
    "more than points": "Explain it.\n\n" + POINTS.replace("- One.", "These:\n\n- One."),
}
GLOSSARY = "```{glossary}\nterm\n  Its meaning. See [a page](nowhere.md).\n```"


@pytest.fixture(scope="module")
def small_book(tmp_path_factory):
    """The folder of a book of three pages with this book's theme, and the warnings: right questions, faults, and a chapter.

    It is built as for a repository called someone/course. MXNet and Jupyter's kernel can't be imported: a build runs no code.
    """
    here = tmp_path_factory.mktemp("small")
    for name in ("press", "web", "tools", "assets", "_config.yml"):
        (here / name).symlink_to(ROOT / name)
    wrong = [(name, *fault) for name, faults in (("question", FAULTS), ("own-words", OWN_FAULTS)) for fault in faults.items()]
    faults = [f"````{{admonition}} {title}\n:class: {name}\n{body}\n````" for name, title, body in wrong]
    cells = [nbformat.v4.new_markdown_cell("# A chapter\n\nWhat it is about."), nbformat.v4.new_code_cell("import mxnet")]
    for name, text in {
        "_toc.yml": "format: jb-book\nroot: start\nchapters:\n- file: faults\n- file: chapters/01_small\n",
        "start.md": BOOK,
        "faults.md": "\n\n".join(["# Faults", *faults, GLOSSARY]),
        "chapters/01_small.md": "# A chapter\n",
        "chapters/01_small.ipynb": nbformat.writes(nbformat.v4.new_notebook(cells=cells)),
        **{f"absent/{name}.py": "raise ImportError" for name in ("mxnet", "ipykernel", "ipykernel_launcher")},
    }.items():
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(text, encoding="utf-8")
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    surroundings = {
        "PYTHONPATH": str(here / "absent"),
        "GITHUB_REPOSITORY": "someone/course",
        "GITHUB_SERVER_URL": "https://github.com",
        "PRESS_RUN": "0",
    }
    done = subprocess.run([jupyter_book, "build", here, "-q"], env={**os.environ, **surroundings}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return here / "_build" / "html", done.stderr


def test_a_question_takes_an_answer_and_stores_it(small_book, page):
    folder, warnings = small_book
    assert "start.md" not in warnings
    with serve(folder) as site:
        page.goto(site)
        choice, guess, number, between = page.locator(".predict, .question").all()
        choice.get_by_role("button", name="6").click()
        assert choice.locator("[data-answer=wrong] .reason").inner_text().startswith("That is")
        choice.get_by_role("button", name="5").click()
        assert choice.locator("[data-answer=right] .reason").inner_text() == "Right, five."
        assert choice.locator("[data-answer=wrong] .reason").inner_text().startswith("That is"), "it can still be read"
        assert choice.locator("[data-answer=right] button").get_attribute("aria-pressed") == "true"
        choice.get_by_role("button", name="6").click()  # what it says is read, which is no answer
        guess.locator("input").fill("more questions")
        guess.get_by_role("button", name="Compare").click()
        for given, says in (("x", "not a number"), ("0.3", "No. Try"), ("50", "No. 50 is in per cent."), ("0.504", "Right.")):
            number.locator("input").fill(given)
            number.get_by_role("button", name="Compare").click()
            assert says in number.locator(".reason").inner_text()
        for given, says in (("2,001", "No."), ("1500", "Right.")):
            between.locator("input").fill(given)
            page.keyboard.press("Enter")
            assert says in between.locator(".reason").inner_text()
        page.reload()
        assert choice.locator("[data-answer=right] .reason").inner_text() == "Right, five."
        assert guess.locator("input").input_value() == "more questions"
        answers = module(page, "page/kept.js").evaluate("({ all }) => all('answer').map(([, record]) => record)")
        assert {"tries": 2, "last": True} in [
            {"tries": one.get("tries"), "last": one.get("last", {}).get("right")} for one in answers
        ]
        assert "Right." in between.locator(".reason").inner_text()


def test_an_answer_that_was_not_sent_survives_a_reload_and_is_not_judged(small_book, page):
    folder, _ = small_book
    with serve(folder) as site:
        page.goto(site)
        _, guess, number, _ = page.locator(".predict, .question").all()
        for box, text in ((guess, "more que"), (number, "0.504")):
            box.locator("input").fill(text)
        page.reload()
        assert [box.locator("input").input_value() for box in (guess, number)] == ["more que", "0.504"]
        assert guess.locator(".cover").count() == 0 and number.locator("[data-answer]").count() == 0
        number.get_by_role("button", name="Compare").click()
        number.locator("input").fill("7")
        number.get_by_role("button", name="Compare").click()
        page.reload()
        assert number.locator("input").input_value() == "7" and "No." in number.locator(".reason").inner_text()


# What a reader gives, the answer, and whether it is right.
GIVEN = [
    *[(given, "0.50", True) for given in ("0.5", ".5", "0,5", " 0,50 ", "0.504", "50%", "50 %", "50,0 %", "+0.5")],
    *[(given, "0.50", False) for given in ("0.51", "5", "0,05", "05", "500", "-0.5", "−0,5", "5%")],
    *[(given, "203,530", True) for given in ("203530", "203,530", "203 530", "203\u202f530", "203,530.0")],
    *[(given, "203,530", False) for given in ("20,3530", "203", "203,531")],
    *[(given, "−3", True) for given in ("-3", "−3", "−3,0", "- 3")],
    *[(given, "−3", False) for given in ("3", "–", "−0.3")],
    *[(given, "2.303", True) for given in ("2.303", "2,303", "2,3031")],
    *[(given, "50", True) for given in ("50", "50%", "50,0")],
    *[(given, "1,000 to 2,000", True) for given in ("1000", "1,500", "1 999,9", "2,000")],
    *[(given, "1,000 to 2,000", False) for given in ("2,001", "999", "15,00")],
    *[(given, "0.016", True) for given in ("1/64", "1 / 64", "1,0/64")],
    *[(given, "0.016", False) for given in ("1/46", "-1/64", "64/1")],
    *[(given, "6.", right) for given, right in (("6", True), ("6,0", True), ("60", False), ("6.1", False))],
]
NO_NUMBERS = ["x", "%", ",", "-", "five", "1.2.3", "1,2,3", "0.5 or so", "∞", "1/", "/4", "1/0", "1/2/3", "1/x"]


def test_a_number_is_judged_as_its_writer_meant_it(small_book, page):
    folder, _ = small_book
    with serve(folder) as site:
        page.goto(site)
        script = module(page, "page/question.js")
        judge = "({ isRight, readings }, cases) => cases.map(([given, answer]) => isRight(readings(given), answer))"
        found = script.evaluate(judge, GIVEN)
        assert [case for case, right in zip(GIVEN, found) if right is not case[2]] == []
        assert script.evaluate("({ readings }, texts) => texts.filter((text) => readings(text).length)", NO_NUMBERS) == []


def test_a_question_with_a_wrong_form_is_a_warning(small_book):
    _, warnings = small_book
    assert [title for title in FAULTS | OWN_FAULTS if f"{title}: " not in warnings] == []


def test_a_dead_link_in_the_glossary_is_a_warning(small_book):
    _, warnings = small_book
    assert re.search(r"faults\.md:\d+: WARNING: .*'?nowhere\.md", warnings)


def test_a_book_without_the_site_names_its_repository_and_runs_no_listings(small_book):
    folder, _ = small_book
    address = "https://someone.github.io/course/"
    text = (folder / "chapters/01_small.html").read_text(encoding="utf-8")
    links = {name: html.unescape(link) for link, name in re.findall(r'<a [^>]*href="([^"]*)"[^>]*>([^<]*)</a>', text)}
    assert links["Open in Colab"] == "https://colab.research.google.com/github/someone/course/blob/notebooks/01_small.ipynb"
    assert links["Run on Binder"] == "https://mybinder.org/v2/gh/someone/course/main?urlpath=lab/tree/chapters/01_small.ipynb"
    assert links["Edit"] == "https://github.com/someone/course/edit/main/chapters/01_small.md"
    assert links["Report a problem"].startswith("https://github.com/someone/course/issues/new?title=")
    for name, suffix in (("Notebook", "ipynb"), ("Markdown", "md")):
        source = folder.parent.parent / f"chapters/01_small.{suffix}"
        assert (folder / "chapters" / links[name]).read_bytes() == source.read_bytes()
    page = Addresses(text)
    assert page.rels["canonical"] == page.metas["og:url"] == f"{address}chapters/01_small.html" and built_for(folder) == address
    card = folder / page.metas["og:image"].removeprefix(address)
    assert card.read_bytes()[16:24] == (1200).to_bytes(4, "big") + (630).to_bytes(4, "big"), "the card is 1200 x 630"
    assert "start.js" not in text


def test_a_note_of_a_lost_reader_opens_as_an_issue_of_the_repository(small_book, page):
    folder, _ = small_book
    with serve(folder) as site:
        page.goto(f"{site}chapters/01_small.html")
        page.locator("h1").hover()
        page.get_by_role("button", name="I am lost here").click()
        note = page.get_by_role("textbox", name="The note")
        note.fill("I don't understand: a & b")
        address = page.get_by_role("link", name="Open it as an issue").get_attribute("href")
        assert unquote(address) == (
            "https://github.com/someone/course/issues/new?title=Lost: 1 A chapter&body=I don't understand: a & b"
        )
