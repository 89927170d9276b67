"""What learners believe, and where the course asks for it: `make goals` prints it below the goals.

reference/misconceptions.md lists what they believe, each with its name in bold. A box says by a class what it meets, such as
`meets-data-storage`, a cell by such a tag. The answer to a question with choices has a class for each of them, made of its name
and its number: `right-2` for the right one, `data-storage-1` for a wrong one.
"""

import re

from press.notebooks import goals
from press.notebooks.chapters import CHAPTERS, ROOT, read_source

PAGE = "reference/misconceptions"
LISTED = re.compile(r"^- \*\*(.+?)\*\*: (.*)", re.M)
HEADING_OR_BOX = re.compile(
    r"^## (?P<heading>.*)|^(`{3,})\{admonition\} (?P<title>.*)\n:class: (?P<classes>.*)\n(?P<text>(.*\n)*?)\2$", re.M
)
ANSWER = re.compile(r"^:class: (.*\banswer\b.*)\n+((.*\n)*?)```", re.M)


def misconceptions(path=ROOT / f"{PAGE}.md"):
    """{name: what is believed} in the order of the list."""
    return {slug(name): believed for name, believed in LISTED.findall(path.read_text(encoding="utf-8"))}


def slug(name):
    return name.replace(" ", "-")


def choices(text):
    """The names of a question's choices in their order, "right" or a misconception, None for one without; text is the box's."""
    classes, reasons, _ = (ANSWER.findall(text) or [("", "", "")])[0]
    return [by_number(classes).get(int(number)) for number in re.findall(r"^(\d+)\. ", reasons, re.M)]


def by_number(classes):
    """{the number of a choice: its name} by the classes of an answer."""
    return {int(number): name for name, number in re.findall(r"(\S+)-(\d+)\b", classes)}


def boxes(notebook):
    """The boxes of a chapter in order, with their title, classes and text."""
    return [
        box
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for box in HEADING_OR_BOX.finditer(cell.source)
        if box["title"]
    ]


def meetings(notebook):
    """Where a chapter meets misconceptions, in order: (a line about it, the heading above it, their names)."""
    heading = ""
    for cell in notebook.cells:
        names = named(" ".join(cell.metadata.get("tags", [])))
        yield goals.about(cell), heading, names
        for part in HEADING_OR_BOX.finditer(cell.source if cell.cell_type == "markdown" else ""):
            heading = part["heading"] or heading
            if part["title"]:
                wrong = [name for name in choices(part["text"]) if name not in (None, "right")]
                yield about(part), heading, [*named(part["classes"]), *wrong]


def named(text):
    return re.findall(r"\bmeets-([a-z-]+)", text)


def about(box):
    """What a box asks: its title without a number or, of a prediction, its first sentences."""
    first = re.match(r"\n*((?:\S.*\n)+)", box["text"])
    asked = first[1] if first and "predict" in box["classes"].split() else box["title"]
    return re.sub(r"^\d+\. |[`$*]", "", " ".join(asked.split()))


def met():
    """{misconception: [(the chapter's file, a line about what asks for it, the heading above that), ...]}, all of the list."""
    found = {name: [] for name in misconceptions()}
    for path in CHAPTERS:
        for line, heading, names in meetings(read_source(path)):
            for name in found.keys() & set(names):
                found[name].append((path, line, heading))
    return found


if __name__ == "__main__":
    believed = misconceptions()
    for name, places in met().items():
        print(f"\n{name}: {believed[name]}")
        print(*[f"  - {path.stem}: {line}" + f" ({heading})" * (line == "a listing") for path, line, heading in places], sep="\n")
