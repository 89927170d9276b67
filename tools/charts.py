"""The one table of how charts look, COLORS and STYLE in utils/plotting.py, as custom properties for the pictures in the hand."""

from press.run.dark import dark_colour
from utils.plotting import COLORS, LETTERS, STYLE


def chart_style():
    colours = dict(zip(("first", "second", "third", "fourth"), COLORS)) | {"second-letters": LETTERS[COLORS[1]]}
    sizes = {"letters": "font.size", "line-width": "lines.linewidth", "thin": "axes.linewidth"}
    looks = {name: f"light-dark({colour}, {dark_colour(colour)})" for name, colour in colours.items()}
    looks |= {name: f"{STYLE[key]}pt" for name, key in sizes.items()}
    return ":root {" + "".join(f" --{name}: {look};" for name, look in looks.items()) + " }\n"
