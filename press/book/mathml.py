"""TeX formulas as MathML Core, which browsers render and screen readers read without scripts. math-core translates."""

import html
import re
import unicodedata
from xml.etree import ElementTree

from math_core import LatexError, LatexToMathML

TRANSLATOR = LatexToMathML()
# What stands before the second part of an element in a line of plain letters, and before the third
SIGNS = {"msub": "_", "munder": "_", "msup": "^", "msubsup": "_^", "munderover": "_^", "mfrac": [" / "]}
SPACED = "=≈<>≤≥+−·⋅⊙→←∈"
HAT, APPLIED = ("\N{MODIFIER LETTER CIRCUMFLEX ACCENT}", "\N{COMBINING CIRCUMFLEX ACCENT}"), "\N{FUNCTION APPLICATION}"


def mathml(tex, display=False):
    """The <math> element for a formula, as HTML text. Raises ValueError for a formula that can't be translated."""
    try:
        made = TRANSLATOR.convert_with_local_state(tex, displaystyle=display)
    except LatexError as error:
        raise ValueError(re.search(r"Error:\S* (.*)", str(error))[1]) from error
    return re.sub(r' style="([^"]*)"', as_class, made)


def as_class(style):
    """The side to which a table's cell leans, as a class of theme.css: the page's policy forbids styles in attributes.

    What else a style says, such as a colour or the narrower space of \\!, is left out.
    """
    side, apart = re.search("text-align: (.+?);", style[1]), " apart" if "padding-left:1em" in style[1] else ""
    return f' class="{side[1]}{apart}"' if side else ""


def plain(tex):
    """A formula as a line of plain letters, as "y_j = e^o_j / ∑_k e^o_k"; the TeX itself if it can't be translated."""
    try:
        made = html.unescape(re.sub("&(lt|gt|amp);", r"&amp;\1;", mathml(tex)))
    except ValueError:
        return tex
    line = read(ElementTree.fromstring(made)).replace(*HAT).replace(f"{APPLIED}(", "(").replace(APPLIED, " ")
    return unicodedata.normalize("NFKC", re.sub(r"\s+([),.])|(?<=\()\s+", r"\1", " ".join(line.split())))


def read(element):
    parts = [read(part) for part in element]
    if element.tag in SIGNS:  # a part of several words is set in brackets
        first, *others = [f"({part.strip()})" if " " in part.strip() else part for part in parts]
        return first + "".join(map("".join, zip(SIGNS[element.tag], others))) + " " * element.tag.startswith("munder")
    if element.tag in ("mtd", "mspace"):
        return f" {''.join(parts)} "
    if element.tag == "msqrt":
        return f"√({''.join(parts)})"
    text = element.text or ""
    return f" {text} " if text and text in SPACED else f"{text} " if text == "," else text + "".join(parts)
