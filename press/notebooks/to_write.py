"""The edition to write in: a chapter whose slots are empty.

`python -m press.notebooks.to_write` puts those that are missing into the folder `write`. What a reader has written there is never
touched. A notebook that was deleted comes back empty.
"""

import re
import sys

import nbformat

from press.notebooks.chapters import CHAPTERS, ROOT, code_cells, read_pair
from press.notebooks.slots import all_slots, defined, empty, has_slots, slot_of
from press.settings import of_book

# Folded: in JupyterLab and its relatives, in Colab.
FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form"}
BOOK = of_book(ROOT)
NOTE = f"""\
> **Here you write the functions yourself.** A cell that ends with `...  # your code` is a function to write. The cell below it
> judges yours. Until it is right, the notebook goes on with the book's, which is above, folded unless it is there to read. What
> is right is kept beside this notebook, in `{BOOK["functions"]}.py`, and the other notebooks to write in use it."""
USE_MINE = f"""\
import importlib.util

if importlib.util.find_spec("{BOOK["functions"]}"):  # what you wrote in other chapters
    import {BOOK["functions"]}"""


def to_write(notebook, pair):
    """`notebook`, made from `pair` and with its ids, to write in: without outputs, each slot between the book's and its judge."""
    slots = {cell.id: slot_of(cell) for cell in code_cells(pair) if slot_of(cell)}
    cells = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        cells += slot_cells(cell, slots[cell.id]) if cell.id in slots else [cell]
    title = 2 if cells[1].id == "setup" else 1
    note = nbformat.v4.new_markdown_cell(NOTE, id="note"), nbformat.v4.new_code_cell(USE_MINE, id="mine")
    notebook.cells = [*cells[:title], *note, *cells[title:]]
    return notebook


def slot_cells(cell, slot):
    function, name = defined(cell.source), slot["name"]
    module, _, judge = BOOK["judge"].rpartition(".")
    title = f"The book's {function}" + (", to read" if slot.get("read") else ": open it when yours is done")
    parts = {
        "book": f"# @title {title}\n{cell.source}\n\nbook_{function} = {function}",
        "write": empty(cell.source),
        "judge": f"from {module} import {judge}\n\n{function} = {judge}({name!r}, {function}, book_{function})",
    }
    made = [nbformat.v4.new_code_cell(source, id=f"{cell.id}-{part}") for part, source in parts.items()]
    if not slot.get("read"):
        made[0].metadata = nbformat.from_dict(FOLDED)
    return made


def beside_chapters(notebook):
    """The edition to write in of a chapter's pair, as JSON, for a folder beside `chapters`."""
    stems = "|".join({stem for stem, *_ in all_slots()})
    edition = to_write(nbformat.from_dict(notebook), notebook)
    for cell in edition.cells:
        if cell.cell_type == "markdown":  # links to chapters that have no such edition, and figures
            cell.source = re.sub(rf"(?<=\]\()(?=\d\d_)(?!{stems})|(?<=\{{figure\}} )(?=images/)", "../chapters/", cell.source)
        else:
            cell.metadata.pop("slot", None)
    return nbformat.writes(edition) + "\n"


def write_missing(folder):
    """Write those editions that `folder` lacks, each whole or not at all. Raises OSError where it can't be written."""
    folder.mkdir(exist_ok=True)
    for path in CHAPTERS:
        file = folder / f"{path.stem}.ipynb"
        if has_slots(path) and not file.exists():
            part = file.with_suffix(".part")
            part.write_text(beside_chapters(read_pair(path)), encoding="utf-8")
            part.replace(file)


if __name__ == "__main__":
    try:
        write_missing(ROOT / "write")
    except OSError as error:
        sys.exit(f"The notebooks to write in can't be written into {ROOT / 'write'}: {error.strerror}.")
