"""The one table of how charts look, COLORS and STYLE in utils/plotting.py, as custom properties for every page."""

from press.run.dark import dark_colour
from utils.plotting import COLORS, SIGNS, STYLE

# The roles in a page: formulas, listings, letters and lines. They are readable on marked lines too, light and dark. Two have
# colours of the theme.
ROLES = {
    "value": "var(--link)",
    "parameter": "light-dark(#ad4d00, #ffad66)",
    "right": "var(--tip)",
    "gradient": "light-dark(#93307c, #e39ccf)",
    "second-letters": "var(--parameter)",
}

# Weights as pictures are mostly faint, so in the dark their contrast is a third larger than that of the same colour in a figure.
LIFTED = {"plus": "#ad86ff", "minus": "#df6403"}


def chart_style():
    colours = dict(zip(("first", "second", "third", "fourth"), COLORS)) | SIGNS
    looks = ROLES | {name: f"light-dark({colour}, {LIFTED.get(name) or dark_colour(colour)})" for name, colour in colours.items()}
    sizes = {"letters": "font.size", "line-width": "lines.linewidth", "thin": "axes.linewidth"}
    looks |= {name: f"{STYLE[key]}pt" for name, key in sizes.items()}
    return ":root {" + "".join(f" --{name}: {look};" for name, look in looks.items()) + " }\n"
