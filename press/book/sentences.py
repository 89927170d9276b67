"""What the page itself says, its frame, its scripts and what the build adds: one table, locale/de/LC_MESSAGES/page.po.

The English sentence is the key. In Python and in a page's template it stands in `_()`. In a script it has the mark `_`, as in
_`Run listing ${number}`. The build takes the mark away, so the English site has no byte more, and in a translated book puts the
translation in the place of the sentence. What Python says stays English.
"""

import functools
import itertools
import json
import os
import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from press.notebooks.chapters import ROOT

LANGUAGE = os.environ.get("COURSE_LANGUAGE") or "en"
LOCALE = Path(os.environ.get("COURSE_LOCALE") or ROOT / "locale")
PRESS, WEB = ROOT / "press", ROOT / "web"
PLACE = r"\{(\d+)\}"
MARKED = r"""\b_\((["'])(.+?)\1\)"""  # in Python and in templates
MARK = r"\b_`((?:[^`\\]|\\.)*)`"  # in a script
SENTENCE = re.compile(rf"{MARK}(?:\s*\+\s*{MARK})*")  # _`one ` + _`in two`
CODE = r"\$\{([^{}]*)\}"
CONTENT = r'(?<=content: ")[A-Za-z][^"]+|(?<=" / ")[^"]+'  # of a style: what it shows, and what it says in the place of a sign


# --- The catalogue --------------------------------------------------------------------------------------------------------


@functools.cache
def translations():
    """The translated sentences by the English ones; none for the English book."""
    path = LOCALE / LANGUAGE / "LC_MESSAGES" / "page.po"
    if LANGUAGE == "en" or not path.exists():
        return {}
    with path.open("rb") as file:
        found = {message.id: message.string for message in read_po(file) if message.id and message.string}
    for sentence, translation in found.items():
        if {*re.findall(PLACE, sentence)} != {*re.findall(PLACE, translation)}:
            raise SystemExit(
                f"{path}: this translation does not have the places {{0}}, {{1}} of the English sentence: {translation}"
            )
    return found and {**found, "en": LANGUAGE}  # dom.js asks in which language the sentences are


def _(sentence):
    return translations().get(sentence, sentence)


def spoken():
    """The language of the page's own sentences: English until one of them is translated."""
    return LANGUAGE if translations() else "en"


def language_class():
    """The class of a sentence that the build adds to code or outputs, which are English in a translated book."""
    return [] if LANGUAGE == "en" else [f"language-{spoken()}"]  # docutils writes it as an attribute


def files_that_speak():
    places = [*(PRESS / folder for folder in ("theme", "page", "hand", "run", "book")), WEB, ROOT / "tools"]
    return [path for place in places for path in sorted(place.rglob("*.*")) if path.suffix in (".js", ".css", ".html", ".py")]


def spoken_by_the_page():
    """A catalogue of all sentences, each with the file where it stands."""
    catalogue = Catalog(fuzzy=False)
    for path in files_that_speak():
        for sentence in said_in(path):
            if sentence != "en":
                catalogue.add(sentence, locations=[(path.relative_to(ROOT).as_posix(), None)])
    return catalogue


def said_in(path):
    text = path.read_text("utf-8")
    if path.suffix == ".js":
        return sentences(text)
    return re.findall(CONTENT, text) if path.suffix == ".css" else [words for _, words in re.findall(MARKED, text)]


# --- Scripts --------------------------------------------------------------------------------------------------------------


def sentences(script):
    """The sentences of a script, with {0}, {1} and so on for the codes in them."""
    return [read(found[0])[0] for found in SENTENCE.finditer(script)]


def translated(script, translate=_):
    """A script with translations in the place of its sentences, and without the marks of the others."""
    script = SENTENCE.sub(lambda found: spelled(found[0], translate), script)
    return re.sub(r"\$\{`([^`]*)`\}", r"\1", script)  # a sentence within markup


def translated_style(style):
    return re.sub(CONTENT, lambda words: _(words[0]).replace('"', '\\"'), style)


def read(marked):
    """A sentence with {0}, {1} and so on for its codes, and these. Raises ValueError for a code with braces or a template."""
    text, numbers = re.sub(r"\s*\n\s*", " ", "".join(re.findall(MARK, marked))), itertools.count()
    codes = re.findall(CODE, text)
    if len(codes) != text.count("${"):
        raise ValueError(f"Give a name to the longest code in this sentence, and put the name into its place: {marked}")
    text = re.sub(CODE, lambda _code: f"{{{next(numbers)}}}", text).replace('"', '\\"')
    return json.loads(f'"{text}"'), codes  # with the signs that "\n" and "\u00A0" stand for


def spelled(marked, translate):
    sentence, codes = read(marked)
    new = translate(sentence)
    if new == sentence:
        return re.sub(MARK, r"`\1`", marked)
    new = json.dumps(new, ensure_ascii=False)[1:-1].replace("`", "\\`").replace("${", "\\${")
    return "`" + re.sub(PLACE, lambda number: f"${{{codes[int(number[1])]}}}", new) + "`"
