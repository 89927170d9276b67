"""Questions with other numbers for each reader, and each time they are asked again.

A comment in the box names what is drawn, and the first draw is the question as it is written:

    <!-- draw
    momentum = 0.8, 0.5, 0.9
    rate = 0.02, 0.04, 0.01
    answer = rate / (1 - momentum)
    _difference = 0.1, 0.2, 0.3
    -->

Each line is a name and what it stands for, in Python, with the functions of `math` and the names above: the values of all draws,
or what follows from them in each. A number is written as short as it can be, a word in quotation marks as it is, and a name that
begins with an underscore is in no sentence. The page puts the values of a draw in the place of those of the first, as whole words
(page/question.js), so that they also name the right answer, the wrong ones and the reasons. Notebooks, paper and cards have the
first draw.
"""

import html
import json
import math
import re

from docutils import nodes
from sphinx.util import logging

from press.book.question_boxes import fault, is_question
from press.book.sentences import LANGUAGE

LOG = logging.getLogger(__name__)
BEGIN = "<!-- draw\n"
WORD = re.compile(r"^\d+\. |\w+(?:[.,]\w+)*", re.ASCII)  # as in page/question.js; the number of a question stays


def take_draws(doctree):
    """Take the comments away, and leave their text with their boxes."""
    for comment in [raw for raw in doctree.findall(nodes.raw) if raw.astext().startswith(BEGIN)]:
        comment.parent["draw"] = comment.astext().removeprefix(BEGIN).partition("-->")[0]
        comment.parent.remove(comment)


def add_draws(doctree):
    """Give each box its draws, as a template, which is no text of the page."""
    for box in drawn_boxes(doctree):
        text = html.escape(json.dumps(draws(box["draw"]), ensure_ascii=False, separators=(",", ":")), quote=False)
        box.append(nodes.raw("", f'<template class="draws">{text}</template>', format="html"))


def drawn_boxes(doctree):
    return [box for box in doctree.findall(nodes.admonition) if "draw" in box and is_question(box)]


def draws(text):
    """[[the words of a draw, ...], ...] of the text of a comment. Raises ValueError or what Python raises where that is wrong."""
    lines = [[part.strip() for part in line.split("=", 1)] for line in text.strip().splitlines()]
    values, number = {}, 1
    for name, code in lines:
        known = [{known: them[i] for known, them in values.items()} for i in range(number)]
        found = [eval(code, vars(math) | {"round": round}, row) for row in known]  # noqa: S307 (a book's listings are run as well)
        values[name] = list(found[0]) if isinstance(found[0], tuple) else found
        number = len(values[name])
    if {len(them) for them in values.values()} != {number}:
        raise ValueError("each list needs as many values as the others, and stands above what follows from them")
    return [[word(them[i]) for name, them in values.items() if not name.startswith("_")] for i in range(number)]


def word(value):
    return value if isinstance(value, str) else f"{round(value, 10):,.12g}"


def check_draws(doctree):
    """Warn of draws that are wrong, and leave them out. A translation has other words, and stays as it is written."""
    for box in drawn_boxes(doctree):
        if not fault(box) and (problem := draw_fault(box)):
            if LANGUAGE == "en":
                LOG.warning("%s: %s", box[0].astext(), problem, location=box)
            del box["draw"]


def redrawn(box, texts, others):
    """A copy of a box with other texts in the place of some."""
    copy, other = box.deepcopy(), dict(zip(texts, others, strict=True))
    for text in list(copy.findall(nodes.Text)):
        text.parent.replace(text, nodes.Text(WORD.sub(lambda found: other.get(found[0], found[0]), text.astext())))
    return copy


def draw_fault(box):
    """The fault in the draws of a question, or None."""
    try:
        first, *others = draws(box["draw"])
    except Exception as error:
        return f"its draws can't be computed: {error!r}"
    words = {found for text in box.findall(nodes.Text) for found in WORD.findall(text.astext())}
    if missing := set(first) - words:
        return f"its first draw is the question as it is written, which lacks {', '.join(sorted(missing))}"
    if other := [text for draw in others for text in draw if not WORD.fullmatch(text)]:
        return f"what is drawn is a number or a word, not {other[0]!r}"
    for draw in [first, *others]:
        if len(set(draw)) < len(draw):
            return f"a draw has the same twice: {', '.join(draw)}"
        drawn = redrawn(box, first, draw)
        if problem := fault(drawn) or ambiguous(drawn):
            return f"{problem}, in the draw {', '.join(draw)}"
    return None


def ambiguous(box):
    """What is said of a question two of whose choices are the same, or a wrong number of which is the right one; else None."""
    choices = [item.astext() for item in (box[-2] if isinstance(box[-2], nodes.enumerated_list) else [])]
    numbers = [strong.astext().rstrip(".") for strong in box[-1].findall(nodes.strong)] if not choices else []
    return "two answers are the same" if any(len(set(some)) < len(some) for some in (choices, numbers)) else None
