"""Compare the outputs of notebooks with the stored ones: exactly, unless a tag of the cell gives a tolerance.

The outputs of a cell tagged `within-0.02` result from thousands of sums, whose last bits differ between machines: each decimal
number may differ by that much, and in figures only the texts and the ranges of the axes are compared. A later cell asserts the
claims about such outputs. Any other figure is compared line by line, to a thousandth of a point.
"""

import itertools
import re

from tools.notebooks.chapters import code_cells, read_pair

NUMBER = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?")


def tolerance(tags):
    """The number in a cell's tag `within-...`, or None without such a tag."""
    return next((float(tag.removeprefix("within-")) for tag in tags if tag.startswith("within-")), None)


def compare_outputs(item, within, compare, outputs, stored, skip_compare=()):
    """nbval's comparison, after numbers and figures within the tolerance were replaced by the stored ones."""
    for output, old in zip(outputs, stored):
        data, old_data = output.get("data", {}), old.get("data", {})
        if within is not None and "text" in output and "text" in old:
            output["text"] = snapped(output["text"], old["text"], within)
        if within is not None and "text/plain" in data and "text/plain" in old_data:
            data["text/plain"] = snapped(data["text/plain"], old_data["text/plain"], within)
        drawn, before = data.get("image/svg+xml"), old_data.get("image/svg+xml")
        if drawn and before and (same_figure(drawn, before) or within is not None and same_frame(drawn, before, within)):
            data["image/svg+xml"] = before
    return compare(outputs, stored, skip_compare=skip_compare or item.parent.skip_compare)


def same_figure(svg, other):
    """Whether two figures agree to a thousandth of a point. The ids of their parts depend on NumPy's version, and may differ."""
    pieces, other_pieces = (re.split(r"(-?\d+(?:\.\d+)?)", re.sub(r"\b[a-z][0-9a-f]{10}\b", "part", one)) for one in (svg, other))
    return pieces[::2] == other_pieces[::2] and all(
        number == old or abs(float(number) - float(old)) <= 0.001 for number, old in zip(pieces[1::2], other_pieces[1::2])
    )


def words_and_numbers(svg):
    """The texts of a figure, from the comments that Matplotlib writes beside the glyphs: words, and numbers of ticks and bars."""
    texts = [text.strip() for text in re.findall(r"<!-- (.*?) -->", svg)]
    numbers = [text for text in texts if re.fullmatch(r"[−\d.,%]+|\$.*\$", text)]
    return [text for text in texts if text not in numbers], numbers


def same_frame(svg, other, within):
    """Whether two figures have the same words in the same order, the same parts, and at least half of their numbers, within
    the tolerance.
    """
    (words, numbers), (other_words, other_numbers) = words_and_numbers(svg), words_and_numbers(other)
    kept = sum(any(is_near(number, old, within) for old in other_numbers) for number in numbers)
    parts = [sorted(re.findall(r'<g id="(axes|legend|PathCollection|QuadMesh)_\d+">', one)) for one in (svg, other)]
    return words == other_words and parts[0] == parts[1] and 2 * kept >= max(len(numbers), len(other_numbers))


def is_near(number, other, within):
    try:
        return number == other or abs(float(number) - float(other)) <= within
    except ValueError:  # an axis of powers
        return False


def snapped(text, stored, tolerance):
    """`text`, in which each decimal number within `tolerance` of the number at the same place in `stored` is replaced by it."""
    old_numbers = iter(NUMBER.findall(stored))

    def snap(match):
        old = next(old_numbers, None)
        near = old is not None and abs(float(match[0]) - float(old)) <= tolerance * (1 + 1e-9)
        return old if near else match[0]

    return NUMBER.sub(snap, text)


def as_shown(output):
    """The kind and the text of an output."""
    if output.output_type == "stream":
        return output.name, output.text.rstrip()
    return ("figure", "") if "image/svg+xml" in output.data else ("result", output.data["text/plain"])


def differences(shown, path):
    """The differences, by nbval's rules, between outputs, a list of (kind, text) for each cell, and a chapter's stored ones."""
    cells, found = code_cells(read_pair(path)), []
    assert len(shown) == len(cells)
    for outputs, cell in zip(shown, cells):
        tags = cell.metadata.get("tags", [])
        # Without MXNet: a notebook shows the exception, a page keeps the book's output, whose parts have no kind.
        left_out = "raises-exception" in tags and any(kind is None or "Skipped: " in text for kind, text in outputs)
        if "nbval-ignore-output" not in tags and not left_out:
            stored = [as_shown(output) for output in cell.outputs]
            pairs = itertools.zip_longest(outputs, stored, fillvalue=("", ""))
            snapped_outputs = [(kind, snapped(text, old, tolerance(tags) or 0)) for (kind, text), (_, old) in pairs]
            found += [(snapped_outputs, stored)] * (snapped_outputs != stored)
    return found
