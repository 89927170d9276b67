"""Estimate a chapter's reading time from its words and lines of code, and write it into the chapter and the first one's map."""

import math
import re

from press.atomic import save
from press.notebooks.chapters import CHAPTERS, code_cells, read_source

# Silent readers manage 238 words of plain text a minute (Brysbaert, 2019, doi.org/10.1016/j.jml.2019.104047), fewer if the
# text has formulas. Code is read to be understood, a line in three seconds. Alternative texts and folded cells don't count.
WORDS_A_MINUTE, LINES_A_MINUTE = 200, 20


def words(notebook):
    """The number of words of prose in a chapter: text, titles of boxes, captions, the blank-separated parts of formulas."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    texts += [cell.metadata.get("mystnb", {}).get("figure", {}).get("caption", "") for cell in code_cells(notebook)]
    text = re.sub(r"<!--(?:.*\n)*?-->|\]\([^)]*\)|^:\w+:.*|^`{3,}(?:\{[\w-]+\})?", "]", "\n".join(texts), flags=re.M)
    return sum(bool(re.search(r"\w", word)) for word in text.split())


def shown_lines(notebook):
    """The number of lines of code that a chapter shows, without blank lines and folded cells (`# Checked: ...`)."""
    sources = [cell.source for cell in code_cells(notebook) if not cell.source.startswith("# Checked: ")]
    return sum(bool(line.strip()) for source in sources for line in source.splitlines())


def minutes(notebook):
    """Minutes to read a chapter, without the time to run its cells."""
    return math.ceil(words(notebook) / WORDS_A_MINUTE + shown_lines(notebook) / LINES_A_MINUTE)


def write_minutes(path):
    """Update a chapter's reading time at its top and in the map of the first one, if they give one."""
    counted = str(minutes(read_source(path)))
    replace(path, r"(?<=\*\*Time:\*\* )\d+(?= minutes)", counted)
    replace(CHAPTERS[0], rf"(?<={path.stem}\.ipynb\) \|)([^|\n]*\| )\d+", rf"\g<1>{counted}")


def replace(path, pattern, replacement):
    text = path.read_text(encoding="utf-8")
    changed = re.sub(pattern, replacement, text, count=1)
    if changed != text:
        save(path.parent, path.name, changed.encode())
