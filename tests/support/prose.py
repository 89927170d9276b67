"""A chapter section by section: its prose, and the numbers that its cells compute or name."""

import functools
import re

import pytest

from tools.notebooks import chapters
from tools.notebooks.chapters import CHAPTERS

each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)

read_pair, read_source = functools.cache(chapters.read_pair), functools.cache(chapters.read_source)  # no test changes these

# A number with a decimal point or at least three digits; not part of a name, of an index in a formula, or of a date.
WRITTEN = re.compile(r"(?<![\w.^_{,/-])\d[\d,]*(?:\.\d+)?(?:e-?\d+)?(?![\w]*[A-Za-z_/])")
NUMBER = re.compile(r"(?<![A-Za-z_\d.])\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")


def value(number):
    return float(number.replace(",", ""))


def sections(notebook, mark="##"):
    """A chapter as a list of (heading, prose, code cells), split at the headings with that mark.

    The part before the first heading is called "Opening".
    """
    found = [["Opening", "", []]]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            found[-1][2].append(cell)
            about = cell.metadata.get("mystnb", {})
            found[-1][1] += "\n\n" + about.get("image", {}).get("alt", "") + "\n\n" + about.get("figure", {}).get("caption", "")
            continue
        first, *others = re.split(rf"^{mark} (.*)$", cell.source, flags=re.M)
        found[-1][1] += "\n\n" + first
        for heading, prose in zip(others[::2], others[1::2]):
            found.append([heading, prose, []])
    return [(heading, prose, cells) for heading, prose, cells in found]


def facts(cells):
    """The numbers that cells print or contain, as written, except in outputs that differ from run to run."""
    found = set()
    for cell in cells:
        texts = [cell.source]
        for output in [] if "nbval-ignore-output" in cell.metadata.get("tags", []) else cell.outputs:
            texts += [output.get("text", ""), output.get("data", {}).get("text/plain", "")]
            texts += re.findall(r"<!-- (.*?) -->", output.get("data", {}).get("image/svg+xml", ""))
        found |= {number for text in texts for number in NUMBER.findall(text)}
    return found


def written(prose):
    """The numbers in prose as written, except years and addresses, as pairs (number, whether it is a percentage)."""
    prose = re.sub(r"\]\([^)]*\)|`{3,}\{.*?\}.*|:\w+:.*", "]", prose)
    for match in WRITTEN.finditer(prose):
        number = match[0].rstrip(",")
        after = prose[match.start() + len(number) :]
        factor = not prose[: match.start()].endswith("/ ") and re.match(r" times (?:as|fewer|more|larger|smaller|the)\b", after)
        if ("." in number or len(number.replace(",", "")) > 2 or factor) and not re.fullmatch(r"(?:19|20)\d\d", number):
            yield number, bool(re.match(r"\s*(?:%|\\%|per cent|percent)", after))


def decimals(number):
    """The number of decimals of a number as written: two in 0.87, five in 1e-05."""
    digits, _, exponent = number.partition("e")
    return max(0, len(digits.partition(".")[2]) - int(exponent or 0))


def follows(number, percent, known):
    """Whether a number is one of the known ones, which have at least as many decimals, rounded to its own decimals."""
    half = 0.5000001 * 10 ** -decimals(number)
    return any(
        max(0, decimals(fact) - shift) >= decimals(number) and abs(10**shift * value(fact) - value(number)) <= half
        for fact in known
        for shift in ((0, 2) if percent else (0,))
    )
