"""The network of the first page as a small drawing in each chapter's head, with the parts lit that the chapter is about."""

import posixpath
from html import escape

from press.book.sentences import _

BOOT = ("...##.", "...###", "...###", ".#####", "######", "######")
ANSWERS = (2, 1, 2, 1, 2, 5, 2, 4, 1, 32)  # of the ten, the last is an ankle boot
GO_IN, WALL_TOP, WALL_BOTTOM = (19, 25, 31, 37, 43, 49), 13, 55

# Which chapters light which parts, and what that is in words, below the drawing.
LIT = {
    "01_fashion_mnist": ("pixels", _("The pixels that go in")),
    "02_parameters": ("into out", _("The numbers on the lines")),
    "03_activation": ("units", _("What a hidden unit does")),
    "04_model": ("pixels into units out scores", _("The way from pixels to scores")),
    "05_loss": ("answers loss", _("How wrong an answer is")),
    "06_training": ("into out loss back", _("The step that moves the weights")),
    "07_prediction": ("into units", _("What the hidden units look for")),
    "08_own_clothes": ("pixels answers", _("Your pixels, and the answer")),
    "09_descent": ("into out back", _("Where the steps take the weights")),
    "10_autograd": ("loss back", _("The way back, number by number")),
    "11_backpropagation": ("into units out back", _("The way back to each weight")),
    "12_autograd_arrays": ("scores answers loss back", _("The way back, array by array")),
    "13_gluon": ("into units out scores", _("The layers, in Gluon")),
    "14_pytorch": ("into units out scores loss back", _("The training, in PyTorch")),
    "15_linear_baseline": ("units", _("What the hidden layer adds")),
    "16_generalise": ("pixels answers", _("The answers to new images")),
    "17_compare": ("answers", _("How often the answer is right")),
    "18_convolution": ("pixels window", _("Pixels that lie side by side")),
    "19_diagnose": ("pixels into units out scores answers loss back", _("Each part that can fail")),
    "20_grow": ("into units out", _("Layers that can be larger")),
    "21_reproducibility": ("into out answers", _("The numbers of another run")),
    "22_close": ("pixels into units out scores answers loss back", _("All that you have built")),
    "23_problems": ("pixels into units out scores answers loss back", _("All that you can change")),
}


def filled(d):
    return f'<path fill="currentColor" d="{d}"/>'


def drawn(d, width):
    return f'<path stroke="currentColor" stroke-width="{width}" d="{d}"/>'


def squares(places, size):
    return filled("".join(f"M{x} {y}h{size}v{size}h-{size}z" for x, y in places))


def threads(x, starts, end, ends, bent):
    """Lines from each height of `starts` to some of `ends`: half of them strong, as what flows is."""
    lines = {0.6: "", 1.6: ""}
    for i, start in enumerate(starts):
        for j, there in enumerate(ends):
            if (3 * i + 5 * j) % 7 < 2:
                lines[1.6 if (i + 2 * j) % 4 == 0 else 0.6] += f"M{x} {start}C{bent} {start} {bent} {there} {end} {there}"
    return "".join(drawn(line, width) for width, line in lines.items())


ROWS = range(7, 67, 6)
PIXELS = [(6 * x, 17 + 6 * y) for y, row in enumerate(BOOT) for x, dot in enumerate(row) if dot == "#"]
UNITS = [(68 + 6 * i, WALL_TOP + 6 * j) for i in range(5) for j in range(7)]
SAY = UNITS[::4] + UNITS[1::7]  # those that say something
WAY_BACK = "M186 69v4q0 4-4 4H52V63m-4 5 4-5 4 5M115 77V70m-4 4 4-5 4 5"
PARTS = {  # each with the role that gives it a colour
    "pixels": ("value", squares(PIXELS, 5)),
    "into": ("parameter", threads(38, GO_IN, 66, range(WALL_TOP + 3, WALL_BOTTOM, 6), 52)),
    "units": ("value", squares(SAY, 5) + f'<g opacity=".45">{squares(sorted({*UNITS} - {*SAY}), 5)}</g>'),
    "out": ("parameter", threads(99, range(WALL_TOP + 3, WALL_BOTTOM, 6), 131, ROWS, 115)),
    "scores": ("value", squares([(133, y - 2) for y in ROWS], 4)),
    "answers": ("value", filled("".join(f"M141 {y - 2}h{n}v4h-{n}z" for y, n in zip(ROWS, ANSWERS)))),
    "loss": ("value", '<circle cx="186" cy="61" r="4.5" stroke="currentColor" stroke-width="2.5"/>'),
    "back": ("gradient", drawn(WAY_BACK, 1.8)),
}
WINDOW = {"window": ("parameter", drawn("M11 34h18v18H11z", 2.5))}


def emblem(name, first_page):
    """The HTML of a chapter's drawing, a link to the map on the first page, or nothing for another page."""
    lit, words = LIT.get(posixpath.basename(name), ("", ""))
    if not lit:
        return ""
    shown = {**PARTS, **(WINDOW if "window" in lit else {})}
    parts = "".join(
        f'<g class="{role}">{look}</g>' if part in lit.split() else f"<g>{look}</g>" for part, (role, look) in shown.items()
    )
    label = _("The network, and lit in it:")
    drawing = f'<svg viewBox="0 0 194 80" fill="none" role="img" aria-label="{escape(label)}">{parts}</svg>'
    return f'<a class="emblem" href="{first_page}#the-course">{drawing} <span>{escape(words)}</span></a>'
