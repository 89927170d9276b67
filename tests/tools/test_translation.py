"""A book in a language that nobody speaks: each message has a word more, what the page itself says has accents. It has what the
English book has, part by part."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from press.book import sentences, translation
from press.browser.server import serve
from press.notebooks.chapters import ROOT

ADDED = " ÄÖ"
ACCENTS = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
UNTRANSLATED = "Why not the square of the error"
COUNTED = {
    "cells": r'class="[^"]*\bcell\b',
    "folded checks": r'class="[^"]*\bchecked\b',
    "figures": r"<img",
    "formulas": r"<math",
    "links": r"""<a (?!class="[^"]*\bterm\b)""",  # without those to terms, which depend on the words of a language
    "questions": r'class="[^"]*\bquestion\b',
    "predictions": r'class="[^"]*\bpredict\b',
    "right choices": r'class="[^"]*\bright-\d',
    "slots": r'id="write-',
    "minutes": r'"timeRequired":"PT\d',
}


def jupyter_book(*arguments, **surroundings):
    command = [
        Path(sys.executable).with_name("jupyter-book"),
        "build",
        ROOT,
        "--all",
        "-W",
        "-n",
        "--keep-going",
        "-q",
        *arguments,
    ]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **surroundings}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """The folders of the English book and of the translated one, in which one heading is not translated."""
    here = tmp_path_factory.mktemp("books")
    jupyter_book("--path-output", here / "messages", "--builder", "custom", "--custom-builder", "gettext")
    catalogues = here / "locale/xx/LC_MESSAGES"
    translation.write(here / "messages/_build/gettext/page.pot", sentences.spoken_by_the_page())
    translation.update(catalogues, here / "messages/_build/gettext")
    for path in catalogues.iterdir():
        catalogue = translation.read(path)
        for message in catalogue:
            if path.stem == "page":
                message.string = accented(message.id)
            elif message.id and message.id != UNTRANSLATED:
                message.string = in_parts(message.id) + ADDED
        translation.write(path, catalogue)
    jupyter_book("--path-output", here / "en")
    jupyter_book("--path-output", here / "xx", COURSE_LANGUAGE="xx", COURSE_LOCALE=str(here / "locale"))
    return here / "en/_build/html", here / "xx/_build/html"


def in_parts(message):
    """The message with translations of what the page takes out of it, and shows elsewhere."""
    return message.replace("Needed first:", "Vorher:").replace("Time:", "Zeit:").replace(" minutes", " mínútes")


def accented(sentence):
    """The sentence with accents, but for its codes and its markup."""
    return re.sub(r"(\{\d+\}|<[^>]*>)|[^{<]+", lambda part: part[0] if part[1] else part[0].translate(ACCENTS), sentence)


def pages(books):
    """The texts of each page in both languages: [(name, English, translated), ...]."""
    english, translated = books
    names = [path.relative_to(english).as_posix() for path in sorted(english.rglob("*.html"))]
    return [(name, *((book / name).read_text(encoding="utf-8") for book in (english, translated))) for name in names]


@pytest.mark.weekly
@pytest.mark.parametrize("part", COUNTED)
def test_a_translated_book_has_what_the_english_one_has(books, part):
    counts = [(name, *(len(re.findall(COUNTED[part], text)) for text in texts)) for name, *texts in pages(books)]
    assert [row for row in counts if row[1] != row[2]] == [] and sum(count for _, count, _ in counts) > 10


@pytest.mark.weekly
def test_code_and_outputs_are_as_they_are(books):
    blocks = [
        [re.findall(r"<pre>.*?</pre>", text, re.S) for text in texts] for name, *texts in pages(books) if "chapters/" in name
    ]
    assert all(english == translated for english, translated in blocks) and len(blocks) > 20


@pytest.mark.weekly
def test_prose_captions_and_descriptions_of_figures_are_translated(books):
    text = (books[1] / "chapters/05_loss.html").read_text(encoding="utf-8")
    descriptions, captions = re.findall(r'<img[^>]* alt="([^"]+)"', text), re.findall(r'"caption-text">([^<]*)', text)
    assert descriptions and captions and all(found.endswith(ADDED) for found in [*descriptions, *captions])
    assert f"Cross-entropy{ADDED}" in text


@pytest.mark.weekly
def test_each_part_says_in_which_language_it_is(books):
    text = (books[1] / "chapters/05_loss.html").read_text(encoding="utf-8")
    cells = re.findall(r'<(?:div|details)[^>]*class="[^"]*\bcell docutils[^>]*>', text)
    assert '<html lang="xx">' in text and cells and all('lang="en"' in cell for cell in cells)
    assert re.search(rf'<h2 lang="en">{UNTRANSLATED}<', text) and re.search(rf"<h2>Cross-entropy{ADDED}<", text)
    assert not any('lang="en"' in tag for tag in re.findall(r"<header.*?>|<footer.*?>", text))
    assert re.search(r'<summary class="language-xx" lang="xx">|<summary lang="xx"', text)


# What the page itself says, and in it the texts without accents that are not numbers, names, or code
FRAME = """header, footer, .toc summary, .actions, .run-row, .run-bar, dialog, .my-course, .lost, .cover, .guess, .own-words form,
    .demo-body, .own"""
ENGLISH = """(frame) => {
    const names = /^(A Multilayer Perceptron from Scratch|© .*|Markdown|network\\.py)$/;
    const given = ":is(option, output, code, .demo-name, .demo-class, .demo-verdict b, .demo-own)";
    const parts = [...document.querySelectorAll(frame)], walked = parts.flatMap((part) => {
        const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT), texts = [];
        while (walker.nextNode()) texts.push(walker.currentNode);
        return texts.filter(({ parentElement: one }) => !one.closest(given)).map((text) => text.textContent.trim());
    });
    const labelled = parts.flatMap((part) => [part, ...part.querySelectorAll("[aria-label]:not(.demo-body input)")]);
    return [...walked, ...labelled.map((one) => one.ariaLabel ?? "")]
        .filter((text) => /[a-z]{3}/.test(text) && !/[áéíóúÁÉÍÓÚ]/.test(text) && !names.test(text));
}"""


@pytest.mark.weekly
@pytest.mark.parametrize(
    "name, press, wait",
    [
        ("chapters/03_activation", ".my-course", "dialog h2"),
        ("chapters/03_activation", "article > .lost", "dialog textarea"),
        ("chapters/03_activation", ".run-row .edit", ".editor"),
        ("chapters/05_loss", ".opening button", ".opening svg"),
        ("chapters/07_prediction", ".question .choices button", "[data-answer]"),
        ("index", ".demo-own", ".own-from"),
    ],
)
def test_what_the_scripts_of_a_page_say_is_translated(books, browser, name, press, wait):
    with serve(books[1]) as site, browser.new_page() as page:
        wrong = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(f"{site}{name}.html")
        if name == "index":
            page.locator("#demo").scroll_into_view_if_needed()
        page.locator("article p").first.hover()  # which brings the buttons of a note
        page.locator(press).first.click()
        page.locator(wait).first.wait_for()
        assert page.evaluate(ENGLISH, FRAME) == [] and wrong == []


def test_a_message_that_has_changed_is_without_a_translation(tmp_path):
    template, path = tmp_path / "chapters.pot", tmp_path / "chapters.po"
    for text in ("As it was", "As it is"):
        template.write_text(
            f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "{text}"\nmsgstr ""\n', "utf-8"
        )
        translation.update(tmp_path, tmp_path)
        catalogue = translation.read(path)
        assert [(message.id, message.string) for message in catalogue if message.id] == [(text, "")]
        catalogue[text].string = "wie es war"
        translation.write(path, catalogue)
