"""TeX formulas as MathML Core, which browsers render and screen readers read without scripts. math-core translates."""

import re

from math_core import LatexError, LatexToMathML

TRANSLATOR = LatexToMathML()


def mathml(tex, display=False):
    """The <math> element for a formula, as HTML text. Raises ValueError for a formula that can't be translated."""
    try:
        made = TRANSLATOR.convert_with_local_state(tex, displaystyle=display)
    except LatexError as error:
        raise ValueError(re.search(r"Error:\S* (.*)", str(error))[1]) from error
    return re.sub(r' style="([^"]*)"', as_class, made)


def as_class(style):
    """The side to which a table's cell leans, as a class of theme.css: the page's policy forbids styles in attributes."""
    apart = " apart" if "padding-left:1em" in style[1] else ""
    return f' class="{re.search("text-align: (.+?);", style[1])[1]}{apart}"'
