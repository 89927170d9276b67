"""What the page itself says, its frame, its scripts and what the build adds: one table, locale/de/LC_MESSAGES/page.po.

The English sentence is the key. In Python and in a template it stands in `_()`. In a script it stands as it is: the build of a
translated book writes the translation in its place, so the English site has no byte more. A string of a script is a sentence if
it begins with a capital letter, and one that doesn't has the comment `said` before it. What Python says stays English.
"""

import functools
import itertools
import json
import os
import re
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from press.notebooks.chapters import ROOT

LANGUAGE = os.environ.get("COURSE_LANGUAGE") or "en"
LOCALE = Path(os.environ.get("COURSE_LOCALE") or ROOT / "locale")
PRESS, WEB = ROOT / "press", ROOT / "web"
SAID = "/* said */ "
COURSE = "A Multilayer Perceptron from Scratch"  # by which a file of My course is known
# No sentences: how Python's verdicts begin, and names
NAMES = {"Right", "Not yet", "Not answered yet", COURSE, "Tab", "Suspending", "Python", "Matplotlib"}
TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/
    |(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?<=[(,=:\[!&|?{};\n>])\ ?/(?![/*])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*  # a regular expression
    |(?P<template>`)|(?P<brace>[{}])|.""",
    re.DOTALL | re.VERBOSE,
)
PLACE = r"\{(\d+)\}"
MARKED = r"""\b_\((["'])(.+?)\1\)"""  # in Python and in templates
CONTENT = r'(?<=content: ")[A-Z][^"]+|(?<=" / ")[a-z][^"]+'  # of a style: what it shows, and what it says in the place of a sign
# What stands before a string that is a name to the script itself
NO_SENTENCE = re.compile(
    r"(?:[=!]==\ |\b(?:key|kind|class|className):\ |\b(?:addEventListener|includes|startsWith|matches|querySelector)\()$"
)


def own_scripts():
    """The scripts that say something. A worker's sentences are Python's."""
    folders = [*(PRESS / folder for folder in ("page", "hand", "run", "theme/static")), *sorted(WEB.iterdir())]
    files = [path for folder in folders for path in sorted(folder.glob("*.js"))]
    return [path for path in files if says_something(path.name)]


def says_something(name):
    return name not in {"codemirror.js", "minisearch.js", "worker.js", "images.js"} and not name.startswith("weights")


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


def spoken_by_the_page():
    """A catalogue of all sentences, each with the file where it stands."""
    catalogue = Catalog(fuzzy=False)
    others = [
        *sorted((PRESS / "theme").glob("*.html")),
        *sorted((PRESS / "book").glob("*.py")),
        *sorted((ROOT / "tools").glob("*.py")),
    ]
    found = [(path, sentences(path.read_text("utf-8"))) for path in own_scripts()]
    found += [
        (path, re.findall(CONTENT, path.read_text("utf-8")))
        for path in [*sorted(PRESS.rglob("*.css")), *sorted(WEB.rglob("*.css"))]
    ]
    found += [(path, [words for _, words in re.findall(MARKED, path.read_text("utf-8"))]) for path in others]
    for path, some in found:
        for sentence in some:
            if sentence != "en":
                catalogue.add(sentence, locations=[(path.relative_to(ROOT).as_posix(), None)])
    return catalogue


# --- Scripts --------------------------------------------------------------------------------------------------------------


class Literal(NamedTuple):
    """A string of a script: where it is, and where the codes of its `${...}` are."""

    start: int
    end: int
    text: str  # as it is written, with {0} for the first code
    codes: list


def sentences(script):
    """The sentences of a script, with {0}, {1} and so on for the codes in them."""
    found = []
    translated(script, lambda sentence: found.append(sentence) or sentence)
    return found


def translated(script, translate=_):
    """A script with translations in the place of its sentences."""
    strings, place, parts = literals(script), 0, []
    while strings:
        group = [strings.pop(0)]
        while strings and re.fullmatch(r"\s*\+\s*", script[group[-1].end : strings[0].start]):  # "a sentence " + "in two"
            group.append(strings.pop(0))
        parts += [script[place : group[0].start], spelled(script, group, translate)]
        place = group[-1].end
    return "".join(parts) + script[place:]


def translated_style(style):
    return re.sub(CONTENT, lambda words: _(words[0]).replace('"', '\\"'), style)


def literals(script):
    """The strings of a script, in order, without those in the codes of others."""
    found, place = [], 0
    while place < len(script):
        token = TOKEN.match(script, place)
        place = token.end()
        if token["string"]:
            found.append(Literal(token.start(), place, token[0][1:-1], []))
        elif token["template"]:
            found.append(read_template(script, token.start()))
            place = found[-1].end
    return found


def read_template(script, start):
    text, codes, place = "", [], start + 1
    while script[place] != "`":
        if script.startswith("${", place):
            end = end_of_code(script, place + 2)
            text += f"{{{len(codes)}}}"
            codes.append((place + 2, end))
            place = end + 1
        else:
            size = 2 if script[place] == "\\" else 1
            text += script[place : place + size]
            place += size
    return Literal(start, place + 1, text, codes)


def end_of_code(script, place):
    """Where the brace stands that ends the code in a template."""
    depth = 0
    while True:
        token = TOKEN.match(script, place)
        depth += {"{": 1, "}": -1}.get(token["brace"], 0)
        if depth < 0:
            return place
        place = read_template(script, place).end if token["template"] else token.end()


def spelled(script, group, translate):
    """A string, or several that are added, as a script has it, translated if it is a sentence. Its codes have strings too."""
    start, end, codes = group[0].start, group[-1].end, [span for literal in group for span in literal.codes]
    values, numbers = [translated(script[first:last], translate) for first, last in codes], itertools.count()
    text = unescaped(re.sub(PLACE, lambda _number: f"{{{next(numbers)}}}", "".join(literal.text for literal in group)))
    new = text
    if text.lstrip().startswith("<"):
        new = re.sub(r"""(?<=>)[^<>]+(?=<)|(?<= aria-label=")[^"]+""", lambda part: of_markup(part[0], translate), text)
    elif is_sentence(text, script[max(0, start - 40) : start], script[end : end + 1]):
        new = translate(text)
    if new != text:
        new = json.dumps(new, ensure_ascii=False)[1:-1].replace("`", "\\`").replace("${", "\\${")
        return "`" + re.sub(PLACE, lambda number: f"${{{values[int(number[1])]}}}", new) + "`"
    parts, place = [], start
    for (first, last), value in zip(codes, values, strict=True):
        parts += [script[place:first], value]
        place = last
    return "".join(parts) + script[place:end]


def unescaped(text):
    signs = {"n": "\n", "r": "\r", "t": "\t"}
    text = re.sub(r"\\u([0-9A-Fa-f]{4})", lambda number: chr(int(number[1], 16)), text)
    return re.sub(r"\\(.)", lambda sign: signs.get(sign[1], sign[1]), text)


def of_markup(part, translate):
    """The words between two tags. Their blanks don't matter."""
    words = " ".join(part.split())
    new = translate(words) if re.search(r"[a-zA-Z]{3}", without_codes(words)) else words
    return part if new == words else f"{part[: len(part) - len(part.lstrip())]}{new}{part[len(part.rstrip()) :]}"


def is_sentence(text, before, after):
    if before.endswith(SAID):
        return True
    is_key = after == ":" and before.rstrip().endswith(("{", ","))
    if text in NAMES or is_key or NO_SENTENCE.search(before):
        return False
    words = re.sub("<[^>]*>", " ", without_codes(text))
    return bool(re.match(r"\W*(?:[A-Z][a-z]+\W*$|[A-Z]\S*\s+\S)", words) and re.search("[a-zA-Z]{2}", words))


def without_codes(text):
    return re.sub(PLACE, " ", text)
