"""How nbval compares the chapters' outputs: to the letter, except where a cell's tag says how far a number may be off.

A cell tagged `within-0.02` has outputs that follow from thousands of floating-point sums, whose last bits differ between
machines. Its decimal numbers may each differ by at most 0.02 from the stored ones; all other text must be the same. Of a figure
drawn from such numbers the words are compared, and where its axes begin and end; the cell after it asserts what it must show.
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
        drawn, before = (one.get("data", {}).get("image/svg+xml") for one in (output, old))
        if drawn and before and same_frame(drawn, before):
            output["data"]["image/svg+xml"] = before
    return compare_outputs(outputs, stored, skip_compare=skip_compare or item.parent.skip_compare)


def words_and_numbers(svg):
    """The texts of a figure, which Matplotlib notes beside the shapes of their letters: words, and the numbers of ticks."""
    texts = re.findall(r"<!-- (.*?) -->", svg)
    numbers = [text for text in texts if re.fullmatch(r"[−\d.,%]+|\$.*\$", text)]
    return [text for text in texts if text not in numbers], numbers


def same_frame(svg, other):
    """Whether two figures have the same words in the same places, as many lines and areas, and ticks that mostly agree."""
    (words, numbers), (other_words, other_numbers) = words_and_numbers(svg), words_and_numbers(other)
    kept = sum(number in other_numbers for number in numbers)
    parts = [sorted(re.findall(r'<g id="(axes|legend|PathCollection|QuadMesh)_\d+">', one)) for one in (svg, other)]
    return words == other_words and parts[0] == parts[1] and 2 * kept >= max(len(numbers), len(other_numbers))


def snapped(text, stored, tolerance):
    """`text` with each decimal number that is within `tolerance` of the number at the same place in `stored` made that number."""
    old_numbers = iter(NUMBER.findall(stored))

    def snap(match):
        old = next(old_numbers, None)
        near = old is not None and abs(float(match[0]) - float(old)) <= tolerance * (1 + 1e-9)
        return old if near else match[0]

    return NUMBER.sub(snap, text)
