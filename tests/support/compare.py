"""Compare the outputs of notebooks with the stored ones: exactly, unless a tag of the cell gives a tolerance.

The outputs of a cell tagged `within-0.02` result from thousands of sums, whose last bits differ between machines: each decimal
number may differ by that much, and in figures only the texts and the ranges of the axes are compared. A later cell asserts the
claims about such outputs. Any other figure is compared line by line, to a thousandth of a point.
"""

import html
import itertools
import operator
import re

from press.notebooks.chapters import code_cells, read_pair
from press.notebooks.digits import same_figure, snap_texts, snapped, tolerance


def compare_outputs(item, within, compare, outputs, stored, skip_compare=()):
    """nbval's comparison, after numbers and figures within the tolerance were replaced by the stored ones."""
    for output, old in zip(outputs, stored):
        snap_texts(output, old, within)
        drawn, before = (one.get("data", {}).get("image/svg+xml") for one in (output, old))
        if drawn and before and (same_figure(drawn, before) or within is not None and same_frame(drawn, before, within)):
            output["data"]["image/svg+xml"] = before
    return compare(outputs, stored, skip_compare=skip_compare or item.parent.skip_compare)


def texts(svg):
    """The texts of a figure, such as "test loss" or "10^−3". Of a formula Matplotlib writes each sign alone, with its height."""
    found = []
    for text in re.findall(r"<text\b[^>]*>(.*?)</text>", svg, re.S):
        signs = re.findall(r'<tspan x="[^"]*" y="([^"]*)"[^>]*>([^<]*)', text) or [("", text)]
        heights = itertools.groupby(signs, operator.itemgetter(0))
        found.append(html.unescape("^".join("".join(sign for _, sign in level) for _, level in heights)).strip())
    return found


def words_and_numbers(svg):
    """The texts of a figure: words, and the numbers of ticks and bars."""
    found = texts(svg)
    numbers = [text for text in found if re.fullmatch(r"[−\d.,%^]+", text)]
    return [text for text in found if text not in numbers], numbers


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


def as_shown(output):
    """The kind and the text of an output. A page shows the colours of a text, and has no codes for them in it."""
    if output.output_type == "stream":
        return output.name, re.sub("\x1b\\[[0-9;]*m", "", output.text).rstrip()
    return ("figure", "") if "image/svg+xml" in output.data else ("result", output.data["text/plain"])


def differences(shown, path):
    """The differences, by nbval's rules, between outputs, a list of (kind, text) for each cell, and a chapter's stored ones."""
    cells, different = code_cells(read_pair(path)), []
    assert len(shown) == len(cells)
    for outputs, cell in zip(shown, cells):
        tags = cell.metadata.get("tags", [])
        if "nbval-ignore-output" not in tags:
            stored = [as_shown(output) for output in cell.outputs]
            pairs = itertools.zip_longest(outputs, stored, fillvalue=("", ""))
            snapped_outputs = [(kind, snapped(text, old, tolerance(tags) or 0)) for (kind, text), (_, old) in pairs]
            different += [(snapped_outputs, stored)] * (snapped_outputs != stored)
    return different
