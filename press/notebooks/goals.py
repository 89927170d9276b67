"""Which questions, functions and checks ask for which learning goal: `make goals` prints the table.

A box asks for the second goal of its chapter if it has the class `goal-2`, a cell if it has the tag `goal-2`.
"""

import re

from press.notebooks.chapters import CHAPTERS, read_source
from press.notebooks.slots import slot_of

GOALS = re.compile(r"\{admonition\}.*\n:class: note goals\n(.*?)```", re.S)
BOX = re.compile(r"^`{3,}\{admonition\} (.*)\n:class: (.*goal-.*)\n+(.*)", re.M)


def goals(notebook):
    """The learning goals of a chapter, as texts in their order; none if it has no box of class `goals`."""
    boxes = [GOALS.search(cell.source) for cell in notebook.cells]
    return [goal for box in boxes if box for goal in re.findall(r"^- (.*)", box[1], re.M)]


def items(notebook):
    """What a chapter asks for a goal, in order: (a line about it, the numbers of its goals)."""
    for cell in notebook.cells:
        tags = " ".join(cell.metadata.get("tags", []))
        if "goal-" in tags:
            yield about(cell), numbers(tags)
        for title, classes, text in BOX.findall(cell.source):
            yield (f"{title}: {text}" if {"predict", "own-words"} & set(classes.split()) else title), numbers(classes)


def about(cell):
    """What a cell asks for: a function, an answer to check, an input to refute or a table to fill in."""
    slot, call = slot_of(cell), re.search(r"^(check|refute|trace).*", cell.source, re.M)
    return f"write {slot['name']}" if slot else call[0] if call else "a listing"


def numbers(text):
    return {int(number) for number in re.findall(r"goal-(\d+)", text)}


if __name__ == "__main__":
    for path in CHAPTERS:
        notebook = read_source(path)
        for number, goal in enumerate(goals(notebook), start=1):
            print(f"\n{path.stem}, {number}. {goal}")
            print(*[f"  - {item}" for item, its_goals in items(notebook) if number in its_goals], sep="\n")
