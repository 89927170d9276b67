"""How nbval compares the chapters' outputs: to the letter, except where a cell's tag says how far a number may be off.

A cell tagged `within-0.02` has outputs that follow from thousands of floating-point sums, whose last bits differ between
machines. Its decimal numbers may each differ by at most 0.02 from the stored ones; all other text must be the same. A figure
drawn from such numbers is not compared; the cell after it asserts what it must show.
"""

import re

NUMBER = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?")


def tolerance(tags):
    """What a cell's tag `within-...` says, as a number, or None when it has no such tag."""
    return next((float(tag.removeprefix("within-")) for tag in tags if tag.startswith("within-")), None)


def compare_within(item, tolerance, compare_outputs, outputs, stored, skip_compare=()):
    """nbval's own comparison, after each number near its stored counterpart has been replaced by that."""
    for output, old in zip(outputs, stored):
        if "text" in output and "text" in old:
            output["text"] = snapped(output["text"], old["text"], tolerance)
        if "text/plain" in output.get("data", {}) and "text/plain" in old.get("data", {}):
            output["data"]["text/plain"] = snapped(output["data"]["text/plain"], old["data"]["text/plain"], tolerance)
    return compare_outputs(outputs, stored, skip_compare=(*item.parent.skip_compare, "image/svg+xml"))


def snapped(text, stored, tolerance):
    """`text` with each decimal number that is within `tolerance` of the number at the same place in `stored` made that number."""
    old_numbers = iter(NUMBER.findall(stored))

    def snap(match):
        old = next(old_numbers, None)
        near = old is not None and abs(float(match[0]) - float(old)) <= tolerance * (1 + 1e-9)
        return old if near else match[0]

    return NUMBER.sub(snap, text)
