"""What the course asks, as questions.json: page/class.js shows these of learners' files, page/goals.js those of a reader."""

import html
import json
import re
from pathlib import Path

from docutils import nodes

from press.book.anki import html as rendered
from press.book.question_boxes import is_inventory, is_own_words, is_question, right_choice
from press.book.search_index import is_code
from press.book.slot_boxes import slots
from press.notebooks.goals import numbers
from press.notebooks.misconceptions import by_number, misconceptions
from press.notebooks.slots import anchor


def asked(app, doctree, name):
    """[[kind, page, about, words, beliefs, goals, place], ...] of a page as it is written: what page/course.js keeps tries of.

    `words` says what is asked, `beliefs` what a question's wrong choices stand for, `goals` are the learning goals that it is
    for, and `place` is its address. A box for the reader's own words has the book's points in the place of `beliefs`. A check, a
    problem and a function are known by their names alone. A question of an inventory has two things more: the number of its right
    choice, and the texts of all.
    """
    page, goals = app.builder.get_target_uri(name), goals_of(doctree)
    boxes = list(doctree.findall(nodes.admonition))

    def place(classes, anchor):
        its_goals = [goals[number - 1] for number in sorted(numbers(" ".join(classes))) if number <= len(goals)]
        return its_goals, f"{page}#{anchor}"

    def question(box):
        return [text(app, [box])[:300], words(app, box), beliefs(app, box), *place(box["classes"], box["ids"][-1])]

    def own_words(box):
        return [prompt(app, box)[:300], prompt(app, box), points(app, box), *place(box["classes"], box["ids"][-1])]

    def choices(box):
        return right_choice(box[-1]), [text(app, [item]) for item in box[-2]]

    return [
        *(["answer", page, *question(box)] for box in boxes if is_question(box)),
        *(["own words", page, *own_words(box)] for box in boxes if is_own_words(box)),
        *(["inventory", page, *question(box), *choices(box)] for box in boxes if is_inventory(box)),
        *(
            ["function", "", slot["name"], slot["name"], {}, *place(tags(cell), anchor(slot["name"]))]
            for cell, slot in slots(doctree)
        ),
        *([kind, page, task, task, {}, *place(tags(it), section_of(it))] for it, kind, task in tasks(app, doctree, name)),
    ]


def goals_of(doctree):
    """The learning goals of a page, as texts in their order: the list in its box of class `goals`."""
    boxes = [box for box in doctree.findall(nodes.admonition) if "goals" in box["classes"]]
    return [item.astext() for box in boxes for item in box.findall(nodes.list_item)]


def tags(node):
    """The tags of a cell, or of the one that a node is in."""
    return [] if node is None else node["cell_metadata"].get("tags", []) if "cell_metadata" in node else tags(node.parent)


def section_of(node):
    return node["ids"][0] if isinstance(node, nodes.section) else section_of(node.parent)


def tasks(app, doctree, name):
    """The listings of a page that ask for an answer: [(block, kind, name of the task), ...]. Solutions ask for none."""
    asks = app.config.press["asks"]
    if not asks or not app.env.metadata[name].get("asks", True):
        return []
    task = re.compile(rf"""\b({"|".join(asks)})\(\s*["']([^"']+)""")
    blocks = [block for block in doctree.findall(nodes.literal_block) if is_code(block)]
    found = [(block, task.search(block.astext())) for block in blocks]
    return [(block, *kept_as(asks[call[1]], call[2])) for block, call in found if call]


def kept_as(asked, name):
    """The kind of a task, and its name as what is kept of it is called."""
    kind, *before = asked.split()
    return kind, " ".join([*before, name])


def mark_tasks(app, doctree, name):
    """Say in each of these listings what it asks for: page/progress.js counts what is done."""
    for block, kind, task in tasks(app, doctree, name):
        template = f'<template class="task" data-kind="{kind}" data-about="{html.escape(task)}"></template>'
        block.parent.append(nodes.raw("", template, format="html"))


def words(app, box):
    """The title without its number, or the first paragraph of a prediction."""
    if "predict" in box["classes"]:
        return text(app, box.children[1:2])
    return re.sub(r"^\d+\. ", "", text(app, box[0].children))


def prompt(app, box):
    """What a box asks the reader to say: its paragraph."""
    return text(app, box.children[1:2])


def points(app, box):
    """The points of the book's answer to a prompt."""
    return [text(app, item.children) for item in box[-1].findall(nodes.list_item)]


def beliefs(app, box):
    """{a wrong choice: what is believed by those who take it}; a question without choices has none."""
    names, page = by_number(" ".join(box[-1]["classes"])), app.config.press["misconceptions"]
    known = misconceptions(Path(app.srcdir, f"{page}.md")) if page in app.env.found_docs else {}
    choices = box[-2] if isinstance(box[-2], nodes.enumerated_list) else []
    return {text(app, [one]): known[names[i]] for i, one in enumerate(choices, start=1) if names.get(i) in known}


def text(app, parts):
    """What a browser calls the text of parts of a page, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", rendered(app, parts))).split())


def questions_file(rows):
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
