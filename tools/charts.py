"""The one table of how charts look, COLORS and STYLE in utils/plotting.py, as custom properties for every page."""

from press.run.dark import dark_colour
from utils.plotting import COLORS, SIGNS, STYLE

# The roles in a page: formulas, listings, letters and lines. They are readable on marked lines too, light and dark.
ROLES = {
    "value": ("#005c95", "#76bdf0"),
    "parameter": ("#ad4d00", "#ffad66"),
    "right": ("#00664b", "#5fd0ab"),
    "gradient": ("#93307c", "#e39ccf"),
}


def chart_style():
    colours = dict(zip(("first", "second", "third", "fourth"), COLORS)) | SIGNS
    pairs = ROLES | {name: (colour, dark_colour(colour)) for name, colour in colours.items()}
    looks = {name: f"light-dark({light}, {dark})" for name, (light, dark) in pairs.items()}
    sizes = {"letters": "font.size", "line-width": "lines.linewidth", "thin": "axes.linewidth"}
    looks |= {name: f"{STYLE[key]}pt" for name, key in sizes.items()}
    return ":root {" + "".join(f" --{name}: {look};" for name, look in looks.items()) + " }\n"
