"""Reading times: counted from a chapter's words and lines of code, and written at its top and into the map of the course."""

import math
import re

from tools.notebooks.chapters import FOLDER, code_cells, read_source

# Silent readers manage 238 words of plain text a minute (Brysbaert, 2019, doi.org/10.1016/j.jml.2019.104047), fewer where the
# text has formulas. Alternative texts of figures and cells that are folded away don't count.
WORDS_A_MINUTE, LINES_A_MINUTE = 200, 40


def words(notebook):
    """How many words of prose a chapter has: text, titles of boxes, captions; each part of a formula between blanks is one."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    texts += [cell.metadata.get("mystnb", {}).get("figure", {}).get("caption", "") for cell in code_cells(notebook)]
    text = re.sub(r"\]\([^)]*\)|^:\w+:.*|^`{3,}(?:\{[\w-]+\})?", "]", "\n".join(texts), flags=re.M)
    return sum(bool(re.search(r"\w", word)) for word in text.split())


def shown_lines(notebook):
    """How many lines of code a chapter shows, without blank ones and cells that are folded away (`# Checked: ...`)."""
    sources = [cell.source for cell in code_cells(notebook) if not cell.source.startswith("# Checked: ")]
    return sum(bool(line.strip()) for source in sources for line in source.splitlines())


def minutes(notebook):
    """Minutes to read a chapter; running its cells comes on top."""
    return math.ceil(words(notebook) / WORDS_A_MINUTE + shown_lines(notebook) / LINES_A_MINUTE)


def write_minutes(path):
    """Write a chapter's reading time at its top and into the map of the introduction, where they give one."""
    counted = str(minutes(read_source(path)))
    replace(path, r"(?<=\*\*Time:\*\* )\d+(?= minutes)", counted)
    replace(FOLDER / "00_introduction.md", rf"(?<={path.stem}\.ipynb\) \|)([^|\n]*\| )\d+", rf"\g<1>{counted}")


def replace(path, pattern, replacement):
    text = path.read_text(encoding="utf-8")
    changed = re.sub(pattern, replacement, text, count=1)
    if changed != text:
        path.write_text(changed, encoding="utf-8")
