"""A book in a language that nobody speaks: each message has a word more. It has what the English book has, part by part."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.book import translation
from tools.notebooks.chapters import ROOT

pytestmark = pytest.mark.weekly

ADDED = " ÄÖ"
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
    translation.update(catalogues, here / "messages/_build/gettext")
    for path in catalogues.iterdir():
        catalogue = translation.read(path)
        for message in catalogue:
            if message.id and message.id != UNTRANSLATED:
                message.string = message.id.replace("Needed first:", "Vorher:").replace("Time:", "Zeit:") + ADDED
        translation.write(path, catalogue)
    jupyter_book("--path-output", here / "en", COURSE_RUN="1")
    jupyter_book("--path-output", here / "xx", COURSE_RUN="1", COURSE_LANGUAGE="xx", COURSE_LOCALE=str(here / "locale"))
    return here / "en/_build/html", here / "xx/_build/html"


def pages(books):
    """The texts of each page in both languages: [(name, English, translated), ...]."""
    english, translated = books
    names = [path.relative_to(english).as_posix() for path in sorted(english.rglob("*.html"))]
    return [(name, *((book / name).read_text(encoding="utf-8") for book in (english, translated))) for name in names]


@pytest.mark.parametrize("part", COUNTED)
def test_a_translated_book_has_what_the_english_one_has(books, part):
    counts = [(name, *(len(re.findall(COUNTED[part], text)) for text in texts)) for name, *texts in pages(books)]
    assert [row for row in counts if row[1] != row[2]] == [] and sum(count for _, count, _ in counts) > 10


def test_code_and_outputs_are_as_they_are(books):
    blocks = [
        [re.findall(r"<pre>.*?</pre>", text, re.S) for text in texts] for name, *texts in pages(books) if "chapters/" in name
    ]
    assert all(english == translated for english, translated in blocks) and len(blocks) > 20


def test_prose_captions_and_descriptions_of_figures_are_translated(books):
    text = (books[1] / "chapters/05_loss.html").read_text(encoding="utf-8")
    descriptions, captions = re.findall(r'<img[^>]* alt="([^"]+)"', text), re.findall(r'"caption-text">([^<]*)', text)
    assert descriptions and captions and all(found.endswith(ADDED) for found in [*descriptions, *captions])
    assert f"Cross-entropy{ADDED}" in text


def test_each_part_says_in_which_language_it_is(books):
    text = (books[1] / "chapters/05_loss.html").read_text(encoding="utf-8")
    cells = re.findall(r'<(?:div|details)[^>]*class="[^"]*\bcell docutils[^>]*>', text)
    assert '<html lang="xx">' in text and cells and all('lang="en"' in cell for cell in cells)
    assert re.search(rf'<h2 lang="en">{UNTRANSLATED}<', text) and re.search(rf"<h2>Cross-entropy{ADDED}<", text)
    assert all('lang="en"' in tag for tag in re.findall(r"<header.*?>|<footer.*?>", text))


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
