"""The numbers in a chapter's prose, and those that its cells compute or name."""

import functools
import re

import pytest

from press.notebooks import chapters
from press.notebooks.chapters import CHAPTERS
from tests.support.compare import texts

each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)

read_pair, read_source = functools.cache(chapters.read_pair), functools.cache(chapters.read_source)  # no test changes these

# A number that is not part of a name, of an index in a formula, or of a date.
WRITTEN = re.compile(r"(?<![\w.^_{,/-])\d[\d,]*(?:\.\d+)?(?:e-?\d+)?(?![\w]*[A-Za-z_/])")
NUMBER = re.compile(r"(?<![A-Za-z_\d.])\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")


def value(number):
    return float(number.replace(",", ""))


def described(cell):
    """What a cell's metadata say of its figure: the alternative text, and the caption."""
    about = cell.metadata.get("mystnb", {})
    return about.get("image", {}).get("alt", "") + "\n\n" + about.get("figure", {}).get("caption", "")


def drawn_in(data):
    """The words and numbers of an output's figure."""
    return texts(data.get("image/svg+xml", ""))


def everything(path):
    """The prose and the descriptions of figures of a chapter, in Markdown."""
    prose = ""
    for cell in read_source(path).cells:
        prose += "\n\n" + (cell.source if cell.cell_type == "markdown" else described(cell))
    return prose


def text(path):
    """The same without boxes and questions: they may invent numbers."""
    prose = re.sub(r"^(`{3,})\{\w+\}.*?^\1$", "", everything(path), flags=re.S | re.M)
    return re.sub(r"^## Check yourself.*?(?=^## |\Z)", "", prose, flags=re.S | re.M)


@functools.cache
def facts(path):
    """The numbers that a chapter's cells print or contain, as written, except in outputs that differ from run to run."""
    numbers = set()
    for cell in chapters.code_cells(read_pair(path)):
        numbers.update(NUMBER.findall(cell.source))
        for output in [] if "nbval-ignore-output" in cell.metadata.get("tags", []) else cell.outputs:
            data = output.get("data", {})
            numbers.update(NUMBER.findall("\n".join([output.get("text", ""), data.get("text/plain", ""), *drawn_in(data)])))
    return numbers


def decimals(number):
    """The number of decimals of a number as written: two in 0.87, five in 1e-05."""
    digits, _, exponent = number.partition("e")
    return max(0, len(digits.partition(".")[2]) - int(exponent or 0))


def precise(prose):
    """The numbers with two decimals or three significant digits, except years: pairs (number, whether a percentage)."""
    prose = re.sub(r"\]\([^)]*\)", "]", prose)
    for match in WRITTEN.finditer(prose):
        number = match[0].rstrip(",")
        digits = re.sub(r"e.*|[.,]", "", number).strip("0")
        if (decimals(number) > 1 or len(digits) > 2) and not re.fullmatch(r"(?:19|20)\d\d", number):
            yield number, bool(re.match(r"\s*(?:%|\\%|per cent)", prose[match.start() + len(number) :]))


def follows(number, percent, known):
    """Whether a number is one of the known ones, which have at least as many decimals, rounded to its own decimals."""
    half = 0.5000001 * 10 ** -decimals(number)
    return any(
        max(0, decimals(fact) - shift) >= decimals(number) and abs(10**shift * value(fact) - value(number)) <= half
        for fact in known
        for shift in ((0, 2) if percent else (0,))
    )
