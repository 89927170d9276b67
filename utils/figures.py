"""Figures that one chapter draws, or two: the listing there shows what they are made from."""

import numpy as np

from .animation import show_animation
from .data import LABELS
from .plotting import COLORS, ROLES, SOFT, TEXT, WIDTH, name_axes, name_lines, plt, set_figsize


def show_three_units(x, begins, weights, lines, cut):
    """Chapter 3: three hidden units with one input in the four steps of a network. Each unit has its colour throughout."""
    figure, axes = plt.subplots(2, 2, figsize=(WIDTH, 4.2))
    total = cut.T @ weights
    for ax, title in zip(axes.flat, ("lines", "cut by relu", "times a weight", "added up")):
        name_axes(ax, "x", "", title)
        ax.axhline(0, color=SOFT, linewidth=0.75)
        ax.set_xticks(range(6))
    for begin, weight, line, kept, color in zip(begins, weights, lines, cut, COLORS):
        axes[0, 0].plot(x, line, "-", color=color)
        axes[0, 1].plot(x, line, ":", color=color, linewidth=1)
        axes[0, 1].plot(x, kept, "-", color=color)
        axes[1, 0].plot(x, weight * kept, "-", color=color, label=f"× {weight}".replace("-", "−"))
        axes[1, 1].axvline(begin, color=color, linewidth=1, linestyle=(0, (2, 3)))
    axes[1, 1].plot(x, total, "-", color=TEXT, linewidth=2)
    for begin, color in zip(begins, COLORS):
        axes[1, 1].plot(begin, np.interp(begin, x, total), "o", color=color)
    for ax in axes[0]:
        ax.set_ylim(lines.min(), lines.max())
    name_lines(axes[1, 0])
    plt.show()


def show_sides(axis, scores, points, is_inside):
    """Chapter 10: the square shaded where a network's score for "inside" is above 0, and the points, plus signs and dots."""
    figure, ax = plt.subplots(figsize=(3.4, 3.4))
    ax.contourf(axis, axis, scores, levels=[0, np.max(scores)], colors=ROLES["value"], alpha=0.25)
    for side, marker, color in ((is_inside, "+", COLORS[0]), (~is_inside, ".", COLORS[1])):
        ax.plot(*points[side].T, marker, color=color, markersize=3)
    ax.set(aspect="equal", xticks=[-1, 0, 1], yticks=[-1, 0, 1])
    name_axes(ax, "first coordinate", "second coordinate")
    plt.show()


def show_with_slopes(x, values, slopes, names, limits, named):
    """Chapters 3 and 5: some functions of x, and their slopes below. Both: a dict from names to values.

    names: of x and of the values; limits: of the two upright axes; named: the panel, 0 or 1, that has the names of the lines.
    """
    figure, axes = plt.subplots(2, 1, figsize=(WIDTH, 4.2), sharex=True)
    for ax, lines, name, limit in zip(axes, (values, slopes), (names[1], "slope"), limits):
        for line, heights in lines.items():
            ax.plot(x, heights, label=line.replace("-", "−"))
        name_axes(ax, names[0] if ax is axes[1] else "", name)
        ax.set_ylim(limit)
    name_lines(axes[named])
    plt.show()


def show_bars(values, xlabel):
    """Chapter 7: a bar for each class, with its number."""
    figure, ax = plt.subplots(figsize=(WIDTH, 3))
    ax.bar_label(ax.barh(LABELS, values, color=ROLES["value"]), fmt="%.3f", padding=4)
    ax.invert_yaxis()  # the first class at the top
    ax.set(xlabel=xlabel, xlim=(0, 1.2), xticks=[0, 0.2, 0.4, 0.6, 0.8, 1])
    plt.show()


def show_confusion(percent):
    """Chapter 7: a row for each true class, a column for each predicted one, in percent; blank means less than 1."""
    figure, ax = plt.subplots(figsize=(WIDTH, WIDTH))
    for (row, column), value in np.ndenumerate(percent):
        if value >= 1:
            ax.add_patch(plt.Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=ROLES["value"], alpha=value / 100))
            ax.text(column, row, f"{value:.0f}", ha="center", va="center", color="white" if value > 50 else TEXT)
    name_axes(ax, "predicted", "true")
    ax.set(xlim=(-0.5, 9.5), ylim=(9.5, -0.5), aspect="equal")
    ax.set_xticks(range(10), LABELS, rotation=90)
    ax.set_yticks(range(10), LABELS)
    plt.show()


def show_calibration(networks):
    """Chapter 7: the share of right answers over the mean confidence. networks: a dict from names to pairs of both, (n, 2)."""
    figure, ax = plt.subplots(figsize=(WIDTH, 3.3))
    ax.plot([0.3, 1], [0.3, 1], color=SOFT, linewidth=1, linestyle=(0, (3, 3)))
    for (name, pairs), marker in zip(networks.items(), "os"):
        ax.plot(*pairs.T, marker=marker, markersize=5, label=name)
    name_axes(ax, "confidence", "share right")
    name_lines(ax)
    plt.show()


def show_bends(places, curve, seen):
    """Chapter 9: a network's path at some steps of its training. seen: a dict from each step to path and bends."""
    figure, axes = plt.subplots(2, 2, figsize=(WIDTH, 4.4))
    for ax, (step, (path, bends)) in zip(axes.flat, seen.items()):
        ax.plot(places, curve, "-", color=COLORS[4], linewidth=1)
        ax.plot(places, path, "-", color=ROLES["value"])
        ax.plot(bends, [-1.2] * len(bends), "|", color=ROLES["parameter"], markersize=12, markeredgewidth=2)
        name_axes(ax, "x", "", f"{step} steps")
        ax.set_ylim(-1.5, 3.5)
    plt.show()


def show_walks(axis, heights, walks):
    """Chapter 9: walks over mean losses on a grid of w and b, the deeper the darker, {title: (n, 2)}; the valley is shaded."""

    def draw(ax, path):
        for level in (2, 0.9, 0.72, 0.5):
            ax.contourf(axis, axis, heights, levels=[0, level], colors=ROLES["value"], alpha=0.12)
        ax.contourf(axis, axis, heights, levels=[0, 0.6], colors=ROLES["right"], alpha=0.25)
        ax.contour(axis, axis, heights, levels=[0.44, 0.5, 0.6, 0.66, 0.72, 0.8, 0.9, 1, 2], colors=COLORS[4], linewidths=0.5)
        ax.plot(*path.T, ".-", color=COLORS[1], markersize=3, linewidth=1)
        ax.plot(*path[0], "s", color=COLORS[1])
        name_axes(ax, "w", "b")
        ax.set(xlim=(-6, 6), ylim=(-6, 6))

    show_animation(draw, walks)


def show_way_back(chain, layers, gradients):
    """Chapter 11: the arrays of a small network, and beside each its gradient.

    chain: a dict from X to the loss; layers: a dict from W1 to b2; gradients: one from dZ on.
    """
    figure, ax = plt.subplots(figsize=(WIDTH, 4.4))
    ax.set(xlim=(-0.32, 3.5), ylim=(4.3, -0.3))
    ax.axis("off")
    boxes = {}

    def box(name, array, column, row, role):
        rows = [", ".join(f"{n + 0:.3g}" for n in row) for row in np.atleast_2d(array)]
        text = "\n".join([name, *(f"[{row}]" for row in rows)]).replace("-", "−")
        edge = {"boxstyle": "round", "fc": "white", "ec": ROLES[role], "ls": "--" if role == "gradient" else "-", "lw": 1.5}
        boxes[name] = ax.text(column, row, text, ha="center", va="center", bbox=edge)

    def arrow(start, end, role):
        look = {"color": ROLES[role], "ls": "--" if role == "gradient" else "-", "lw": 1.5, "shrinkA": 1, "shrinkB": 1}
        ends = {"patchA": boxes[start].get_bbox_patch(), "patchB": boxes[end].get_bbox_patch()}
        ax.annotate("", boxes[end].get_position(), boxes[start].get_position(), arrowprops={"arrowstyle": "->", **look, **ends})

    for row, (name, value) in enumerate(chain.items()):
        box(name, value, 0.95, row, "value")
        if f"d{name}" in gradients:
            box(f"d{name}", gradients[f"d{name}"], 1.9, row, "gradient")
    for row, (name, value) in enumerate(layers.items()):
        box(name, value, 0, row + 0.5, "parameter")
        box(f"d{name}", gradients[f"d{name}"], 3.1, row + 0.5, "gradient")
    names = list(chain)
    for start, end in zip(names, names[1:]):
        arrow(start, end, "value")
        if f"d{start}" in gradients:
            arrow(f"d{end}" if f"d{end}" in gradients else end, f"d{start}", "gradient")
    for name, layer in zip(layers, ("Z", "Z", "O", "O")):
        arrow(name, layer, "parameter")
        arrow(f"d{layer}", f"d{name}", "gradient")
    plt.show()


def show_folds(moments, is_middle):
    """Chapter 15: points as two hidden units see them, and the output's border, {title: (H: (n, 2), w: (2,), b)}."""

    def draw(ax, moment):
        H, w, b = moment
        ax.plot(*H[is_middle].T, "+", color=COLORS[0], markersize=5)
        ax.plot(*H[~is_middle].T, ".", color=COLORS[1], markersize=5)
        first = np.array([-1, 6])
        ax.plot(first, -(w[0] * first + b) / w[1], "--", color=COLORS[4], linewidth=1)
        name_axes(ax, "first hidden unit", "second")
        ax.set(xlim=(-0.2, 5), ylim=(-0.2, 5))

    show_animation(draw, moments)


def show_row(pictures, height, **limits):
    """Chapter 8: grey pictures of any sizes, {title: (rows, columns)}, three in a row of that height; limits: of their greys."""
    rows = -(-len(pictures) // 3)
    figure, axes = plt.subplots(rows, 3, figsize=(WIDTH, height * rows))
    for ax, (title, picture) in zip(axes.flat, pictures.items()):
        ax.imshow(picture, cmap="gray", interpolation="none", **limits)
        ax.set_title(title.replace(" x ", " × "))
        ax.axis("off")
    plt.show()


def show_recalls(linear, network):
    """Chapter 15: the recall of each class by both models, joined by a line, the lowest at the bottom."""
    figure, ax = plt.subplots(figsize=(WIDTH, 3.8))
    order = np.argsort(linear)
    ax.hlines(range(10), linear[order], network[order], color=COLORS[4], linewidth=1)
    for values, name, marker, side, color in (
        (linear, "linear", "s", -1, COLORS[4]),
        (network, "network", "o", 1, ROLES["value"]),
    ):
        ax.plot(values[order], range(10), marker, color=color)
        look = {"textcoords": "offset points", "ha": "right" if side < 0 else "left", "color": color}
        for row, value in enumerate(values[order]):
            ax.annotate(f"{value:.2f}", (value, row), (8 * side, 0), va="center", **look)
        ax.annotate(name, (values[order][-1], 9), (8 * side, 14), **look)
    ax.set_yticks(range(10), [LABELS[k] for k in order], color=TEXT)
    ax.set(xlabel="recall on the test images (share right)", xlim=(0.4, 1.1), ylim=(-0.6, 10.3))
    plt.show()


def show_times(times):
    """Chapter 20: the time of a step over its multiplications. times: a dict from names to pairs of millions and milliseconds."""
    set_figsize()
    figure, ax = plt.subplots()
    for (name, pairs), marker in zip(times.items(), "os"):
        ax.loglog(*np.transpose(pairs), marker=marker, label=name)
    name_axes(ax, "million multiplications", "time of a step (ms)")
    name_lines(ax)
    plt.show()


def show_search(trials, course):
    """Chapter 26: the validation accuracy of each trial, epoch by epoch; course: that of the course's network."""
    styles = {3: (COLORS[4], 0.8), 9: (COLORS[0], 1.2), 27: (COLORS[1], 2.2)}
    set_figsize()
    figure, ax = plt.subplots()
    for accuracies in sorted((trial["valid_acc"] for trial in trials), key=len):
        if len(accuracies) in styles:  # the others diverged
            color, width = styles[len(accuracies)]
            ax.semilogx(range(1, len(accuracies) + 1), accuracies, "-", color=color, linewidth=width)
    ax.axhline(course, color="black", linestyle="--", linewidth=1)
    name_axes(ax, "epoch", "validation accuracy (share right)")
    ax.set_ylim(0.7, 0.92)
    ax.set_xticks((1, 3, 9, 27), ("1", "3", "9", "27"))
    ax.minorticks_off()
    plt.show()
