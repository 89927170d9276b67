"""TeX formulas as MathML, which browsers render and screen readers read without scripts.

latex2mathml translates; `refined` then adapts the result to MathML Core, the subset of MathML that browsers share.
"""

import html
import re
import xml.etree.ElementTree as ET

from latex2mathml.converter import convert_to_element

# Operators whose subscript is below them in a displayed formula, and beside them in text.
LIMITS = {"max", "min", "argmax", "argmin", "sup", "inf", "lim"}
SCRIPTED = ("msub", "msup", "msubsup", "munder", "mover", "munderover")
# The code points of the letters A, a, α and the digit 0 of a style in Unicode; None if the style has no such letters.
STYLES = {
    "bold": (0x1D400, 0x1D41A, 0x1D6C2, 0x1D7CE),
    "bold-italic": (0x1D468, 0x1D482, 0x1D736, 0x1D7CE),
    "double-struck": (0x1D538, 0x1D552, None, 0x1D7D8),
    "monospace": (0x1D670, 0x1D68A, None, 0x1D7F6),
}


def mathml(tex, display=False):
    """The <math> element for a formula, as HTML text. Raises ValueError for a formula that can't be translated."""
    braces = re.sub(r"\\.", "", tex)
    if braces.count("{") != braces.count("}"):
        raise ValueError("as many { as } are needed")
    tex = re.sub(r"\\(begin|end)\{(aligned|split)\}", r"\\\1{align*}", tex).replace(r"\operatorname*", r"\operatorname")
    try:
        tree = convert_to_element(tex, display="block" if display else "inline")
    except Exception as error:
        raise ValueError(f"{type(error).__name__} {error}") from error
    refined(tree)
    unknown = [word for word in tree.itertext() if word.startswith("\\")]
    if unknown:
        raise ValueError(f"no such command as {unknown[0]}")
    return ET.tostring(tree, encoding="unicode").replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "")


def refined(parent, script=False):
    """Adapt an element and its descendants in place. No space around bars, or around operators in a subscript or superscript."""
    for number, child in enumerate(parent):
        if child.tag == "mi" and re.fullmatch("&#x000[4-7].;", child.text or ""):
            child.set("mathvariant", "normal")  # \mathrm{d}; a lone letter would be drawn italic
        child.text = html.unescape(child.text or "")
        if child.get("mathvariant") in STYLES:
            child.text = styled(child.text, STYLES[child.attrib.pop("mathvariant")])
        if child.tag == "mo" and (child.text in "…⋯∞" or (child.text.isalpha() and len(child.text) > 1)):
            child.tag = "mi"
        if child.tag == "mo" and (script or child.text == "|"):
            child.attrib.update(lspace="0", rspace="0")
        refined(child, script or (parent.tag in SCRIPTED and number > 0))
    if parent.tag in ("msub", "munder") and (parent[0].text or "") in LIMITS:
        parent.tag, parent[0].tag = "munder", "mo"
        parent[0].attrib.update(movablelimits="true", lspace="0", rspace="0")
    if parent.tag == "mrow" and len(parent) == 1 and parent[0].tag == "mo":
        parent[0].attrib.update(lspace="0", rspace="0")  # {,} in 200{,}960
    if parent.tag in ("mrow", "mtd", "math"):
        for before, child, after in zip([None, *parent], list(parent), [*parent[1:], None]):
            if child.tag == "mo" and child.text in "−+" and (before is None or is_open(before)):
                child.set("form", "prefix")
            if is_function(child) and after is not None and (after.tag != "mo" or after.text in "([|−∑"):
                space = "0" if (after.text or "") in ("(", "[") or after.tag == "mrow" else "0.167em"
                apply = ET.Element("mo", lspace="0", rspace=space)
                apply.text = "\N{FUNCTION APPLICATION}"
                parent.insert(list(parent).index(child) + 1, apply)


def is_open(node):
    """Whether a minus after this node is a sign rather than a subtraction."""
    return node.tag == "mspace" or (node.tag == "mo" and node.text not in ")]}|!") or (node.tag == "mi" and not node.text)


def is_function(node):
    """Whether a node is the name of a function, perhaps with an index or exponent."""
    while node.tag in SCRIPTED:
        node = node[0]
    return node.tag in ("mi", "mo") and (node.text or "").isalpha() and len(node.text) > 1


def styled(text, style):
    def letter(char):
        for base, first, last in zip(style, "Aaα0", "Zzω9"):
            if base and first <= char <= last:
                return chr(base + ord(char) - ord(first))
        return char

    return "".join(map(letter, text))
