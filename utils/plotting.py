"""Figures that several chapters draw, in one style."""

import sys
from textwrap import fill

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.colors import to_rgb
from mxnet import nd

from . import arguments

# What a colour says, in figures, drawings, formulas and listings. They are distinct for every kind of colour vision (Okabe and
# Ito, 2008). Lines without a role take them in this order, each with its own dash pattern.
ROLES = {"value": "#0072b2", "parameter": "#d55e00", "right": "#007a5a", "gradient": "#a6458a"}
COLORS = [*ROLES.values(), "#5c5c5c"]
SIGNS = {"plus": "#8257d0", "minus": "#d55e00"}  # of weights as pictures: what speaks for, and what against
DASHES = ["-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1))]
LETTERS = {"#d55e00": "#ad4d00"}  # small letters need more contrast
TEXT, SOFT = "#1b222b", "#55606c"
# Sizes are in points. The pictures in the hand share some: tools/charts.py. A figure is as wide as a phone's page, so that no
# page shrinks its letters, and all are as large as those of the captions.
WIDTH = 3.9  # inches
STYLE = {
    "figure.facecolor": "white",
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.h_pad": 0.09,  # inches, so that the name of an axis touches no panel above it
    "font.size": 10.5,
    "text.color": TEXT,
    "axes.prop_cycle": cycler(color=COLORS, linestyle=DASHES),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.titlesize": "medium",
    "axes.labelcolor": TEXT,
    "axes.edgecolor": SOFT,
    "axes.linewidth": 0.75,
    "xaxis.labellocation": "right",
    **{f"{axis}tick.{key}": value for axis in "xy" for key, value in (("color", SOFT), ("major.width", 0.75), ("major.size", 3))},
    "lines.linewidth": 1.5,
    "legend.frameon": False,
}


def use_svg_display():
    """Show figures below the cell as SVG; the same data gives the same file."""
    plt.rcParams["svg.hashsalt"] = "mlp-from-scratch"
    plt.rcParams.update({"svg.fonttype": "none", "font.sans-serif": ["DejaVu Sans"]})  # letters, which a page sets in its font
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if hasattr(shell, "kernel"):  # in a notebook, even if MPLBACKEND names another backend
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        shell.run_line_magic("matplotlib", "inline")
        set_matplotlib_formats("svg", metadata={"Date": None, "Creator": None})


def set_figsize(figsize=(WIDTH, 2.6)):
    """Set the size of later figures, (width, height) in inches, and the style of this course.

    Raises ValueError unless figsize is two numbers above 0.
    """
    arguments.size("figsize", figsize)
    use_svg_display()
    plt.rcParams.update({**STYLE, "figure.figsize": figsize})


def show_fashion_mnist(images, labels, columns=5):
    """Draw images with a title each, in rows of `columns`.

    images: (n, 28, 28), (n, 1, 28, 28) or (n, 784), an NDArray or NumPy array in which larger is brighter; labels: n
    titles. Raises ValueError unless there is a label for each image and the images have that size.
    """
    arguments.positive_integer("columns", columns)
    arguments.images(images, labels)
    use_svg_display()
    rows = -(-len(images) // columns)
    lines = 1 + max(str(label).count("\n") for label in labels)
    size = WIDTH, (WIDTH / columns + 0.2 * lines + 0.1) * rows
    figure, axes = plt.subplots(rows, columns, figsize=size, squeeze=False, layout="constrained")
    for ax in axes.flat:
        ax.axis("off")
    for ax, image, label in zip(axes.flat, images, labels):
        ax.imshow(_array(image).reshape(28, 28), cmap="gray", interpolation="none")
        ax.set_title(label, fontsize=STYLE["font.size"])
    plt.show()


def show_weights(weights, labels, columns=5, limit=None):
    """Draw the weights of units as pictures: purple counts for, orange against, and what is paler counts less.

    weights: (n, 784) or (n, 28, 28), an NDArray or NumPy array; labels: n titles. What is as large as `limit` has the full
    colour; without it, the largest weight of each unit. Raises ValueError unless there is a label for each unit.
    """
    arguments.positive_integer("columns", columns)
    arguments.images(weights, labels)
    use_svg_display()
    rows = -(-len(weights) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(WIDTH, 1.25 * WIDTH / columns * rows), squeeze=False, layout="constrained"
    )
    for ax in axes.flat:
        ax.axis("off")
    for ax, unit, label in zip(axes.flat, _array(weights), labels):
        draw_signs(ax, unit.reshape(28, 28), limit)
        ax.set_title(label, fontsize=STYLE["font.size"])
    plt.show()


def draw_signs(ax, numbers, limit=None):
    """Draw an array as a picture: its sign as hue, purple above 0 and orange below, and its size as opacity, up to `limit`.

    What is 0 shows the paper, light or dark.
    """
    limit = limit or np.nanmax(np.abs(numbers)) or 1
    shares = np.nan_to_num(np.minimum(np.abs(numbers) / limit, 1))
    hues = np.where((numbers > 0)[..., None], to_rgb(SIGNS["plus"]), to_rgb(SIGNS["minus"]))
    picture = np.dstack([hues, np.round(15 * shares) / 15])  # sixteen opacities, a fraction of the bytes
    ax.imshow(picture, interpolation="none")
    ax.set(xticks=[], yticks=[], frame_on=False)


def plot_lines(x, lines, xlabel, ylabel, title=None):
    """Draw one or more lines over x. lines: a dict from the name of each line to its values, as many as x has.

    x and the values are lists, NumPy arrays or NDArrays; xlabel, ylabel and title are text. Raises TypeError or ValueError
    unless lines is such a dict.
    """
    arguments.lines(x, lines)
    figure, ax = plt.subplots()
    for name, values in lines.items():
        ax.plot(_array(x), _array(values), label=name, marker="o" if len(x) <= 20 else None, markersize=4)
    if np.asarray(_array(x)).dtype.kind == "i":
        whole_ticks(ax)
    name_axes(ax, xlabel, ylabel, title)
    if len(lines) > 1:
        name_lines(ax)
    plt.show()


def plot_runs(runs, xlabel, base=None):
    """Draw a row for each name, in it a dot for each run, and a stroke at their mean.

    runs: a dict from names to lists of numbers; xlabel: what they are. A dashed line stands at `base`, a number to compare
    with. Raises TypeError or ValueError unless runs is such a dict.
    """
    arguments.runs(runs)
    figure, ax = plt.subplots(figsize=(WIDTH, 0.6 + 0.33 * len(runs)))
    if base is not None:
        ax.axvline(base, color=SOFT, linewidth=1, linestyle=(0, (3, 3)), zorder=0)
    for row, values in enumerate(map(_array, runs.values())):
        ax.plot([min(values), max(values)], [row, row], "-", color=ROLES["value"], linewidth=3, alpha=0.25)
        ax.plot(values, [row] * len(values), "o", color=ROLES["value"], alpha=0.7, markeredgecolor="white")
        ax.plot(np.mean(values), row, "|", color=TEXT, markersize=15, markeredgewidth=2)
    ax.set_yticks(range(len(runs)), runs, color=TEXT)
    ax.set(xlabel=fill(xlabel, max(26, len(xlabel) // 2 + 5)), ylim=(len(runs) - 0.5, -0.5))
    ax.spines["left"].set_visible(False)
    ax.tick_params("y", length=0)
    plt.show()


def plot_history(history):
    """Draw the history that `train_ch3` returned: loss, training accuracy and test accuracy over the epochs.

    Raises ValueError unless history is a dict with the lists "loss", "train_acc" and "test_acc", of the same length.
    """
    arguments.history(history)
    history = {name: _array(values) for name, values in history.items()}
    epochs = range(1, len(history["loss"]) + 1)
    loss, accuracy = plt.figure(figsize=(WIDTH, 4)).subplots(2, 1, sharex=True)
    loss.plot(epochs, history["loss"], marker="o", markersize=4)
    whole_ticks(loss)
    name_axes(loss, "", "mean loss (nats)")
    accuracy.plot(epochs, history["train_acc"], marker="o", markersize=4, label="training")
    if not np.isnan(history["test_acc"]).all():
        accuracy.plot(epochs, history["test_acc"], marker="s", markersize=4, label="test")
    name_axes(accuracy, "epoch", "accuracy (share right)")
    name_lines(accuracy)
    plt.show()


def name_axes(ax, x, y, title=None):
    """Name both axes, and the panel if it has a title. The name of the y axis stands upright above it."""
    ax.set_xlabel(x)
    ax.set_ylabel(y, rotation=0, ha="left", va="bottom")
    ax.yaxis.set_label_coords(0, 1.02)
    if title:
        ax.set_title(title, loc="left", fontweight="bold", pad=18 if y else None)


def name_lines(ax):
    """Write the name of each line at its end, in its colour; where ends are near, one name above the other.

    A line without a finite number, as of a training that diverged at once, has no end.
    """
    ax.get_xlim(), ax.get_ylim()  # the limits are computed when they are asked for
    height = ax.get_position().height * ax.figure.get_figheight() * 72
    gap = 1.2 * plt.rcParams["font.size"] / height
    below = -0.4 * gap  # no name stands on the x axis
    named = [line for line in ax.lines if not line.get_label().startswith("_")]
    points = [(line, line.get_xydata()[np.isfinite(line.get_xydata()).all(axis=1)]) for line in named]
    places = [(*(ax.transScale + ax.transLimits).transform(ends[-1])[::-1], line) for line, ends in points if len(ends)]
    for y, x, line in sorted(places, key=lambda place: place[0]):
        below = max(y, below + gap)
        color = LETTERS.get(line.get_color(), line.get_color())
        spot = {"xycoords": "axes fraction", "xytext": (6, 0), "textcoords": "offset points", "annotation_clip": False}
        ax.annotate(line.get_label(), (x, below), **spot, va="center", color=color)


def whole_ticks(ax):
    """Let the ticks of the x axis stand at whole numbers, as epochs are."""
    ax.xaxis.get_major_locator().set_params(integer=True)


def _array(values):
    return values.asnumpy() if isinstance(values, nd.NDArray) else values
