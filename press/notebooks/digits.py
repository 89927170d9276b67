"""Whose last digits a notebook shows. Sums differ in their last digits between libraries and between processors.

A cell tagged `within-0.02` prints such sums: each decimal number may differ by that much. Stored are those of the reference. A
run on another engine keeps each stored number that it reproduces within the tolerance, and each figure that it draws again to a
thousandth of a point. All else is stored as it comes, so that no page shows what its code no longer gives.
"""

import difflib
import re

from press.notebooks.chapters import code_cells

NUMBER = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?")


def tolerance(tags):
    """The number in a cell's tag `within-...`, or None without such a tag."""
    return next((float(tag.removeprefix("within-")) for tag in tags if tag.startswith("within-")), None)


def snapped(text, stored, tolerance):
    """`text`, in which each decimal number within `tolerance` of the number at the same place in `stored` is replaced by it."""
    old_numbers = iter(NUMBER.findall(stored))

    def snap(match):
        old = next(old_numbers, None)
        near = old is not None and abs(float(match[0]) - float(old)) <= tolerance * (1 + 1e-9)
        return old if near else match[0]

    return NUMBER.sub(snap, text)


def snap_texts(output, old, within):
    """Replace the numbers of an output by those of `old` that they agree with; none if `within` is None."""
    if within is None:
        return
    if "text" in output and "text" in old:
        output["text"] = snapped(output["text"], old["text"], within)
    data, old_data = output.get("data", {}), old.get("data", {})
    if "text/plain" in data and "text/plain" in old_data:
        data["text/plain"] = snapped(data["text/plain"], old_data["text/plain"], within)


def same_figure(svg, other):
    """Whether two figures agree to a thousandth of a point. The ids of their parts depend on NumPy's version, and may differ."""
    pieces, other_pieces = (re.split(r"(-?\d+(?:\.\d+)?)", re.sub(r"\b[a-z][0-9a-f]{10}\b", "part", one)) for one in (svg, other))
    return pieces[::2] == other_pieces[::2] and all(
        number == old or abs(float(number) - float(old)) <= 0.001 for number, old in zip(pieces[1::2], other_pieces[1::2])
    )


def unchanged(notebook, pair):
    """The cells of `notebook` whose code is in `pair` too, each with its cell there."""
    new, old = code_cells(notebook), code_cells(pair) if pair else []
    codes = [cell.source for cell in new], [cell.source for cell in old]
    blocks = difflib.SequenceMatcher(None, *codes, autojunk=False).get_matching_blocks()
    return [(new[i + k], old[j + k]) for i, j, size in blocks for k in range(size)]


def keep_digits(notebook, pair):
    """After a run on the own engine: keep the stored outputs that it reproduces."""
    for cell, stored in unchanged(notebook, pair):
        for output, old in zip(cell.outputs, stored.outputs):
            snap_texts(output, old, tolerance(cell.metadata.get("tags", [])))
            drawn, before = (one.get("data", {}).get("image/svg+xml") for one in (output, old))
            if drawn and before and same_figure(drawn, before):
                output.data["image/svg+xml"] = before
