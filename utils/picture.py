"""One picture on its way through the network and back: figures of what each number is made from."""

import numpy as np

from . import arguments
from .data import LABELS
from .plotting import ROLES, SOFT, STYLE, TEXT, WIDTH, _array, draw_signs, plt, use_svg_display


def show_forward(x, params, y=None, units=()):
    """Draw what the network makes of one image x: hidden units, scores and, if its label y is given, probabilities and loss.

    x: (1, 28, 28) or (784,), an NDArray or NumPy array; params: [W1, b1, W2, b2], with ten scores. `units` holds the numbers of
    three hidden units, or none. For each it draws the weights as an image, the pixels times these weights, their sum with the
    bias, and what relu makes of it. Raises TypeError or ValueError unless all of these fit together.
    """
    arguments.four("params", params)
    x, y, W1, b1, W2, b2 = [_array(value) for value in (x, y, *params)]
    arguments.picture(x, [W1, b1, W2, b2], y, units)
    y = y if y is None else int(np.ravel(y)[0])
    x, units = x.ravel(), list(units)
    Z, H, O, y_hat = _forward(x, W1, b1, W2, b2)
    hidden = {"pabc\npdef": 2.5, "h": 0.9} if units else {"phhh": 1.2}
    axes = _axes({**hidden, "o" if y is None else "oy": 2.3})
    _pixels(axes["p"], x)
    if units:
        _images(axes, "abc", W1.T[units], [f"unit {j}\nweights" for j in units])
        _images(axes, "def", x * W1.T[units], ["× pixels"] * 3)
    for ax, j in zip("def", units):
        axes[ax].set_xlabel(_minus(f"sum {Z[j]:.3f}\nrelu {H[j]:.3f}"), loc="center")
    _strip(axes["h"], H, "all hidden units", "value", units)
    _bars(axes["o"], O, "scores", "value", y)
    if y is not None:
        _bars(axes["y"], y_hat, f"probability\nloss {-np.log(y_hat[y]):.2f}", "value", y)
    plt.show()


def show_backward(x, params, y, units, lr):
    """Draw the way back for one image x with the label y. A *wish* is minus a gradient: what would lower the loss.

    From top to bottom: the probabilities, the wishes of the ten scores, and the probabilities after a step with the learning
    rate lr on this image alone; the wishes of W2; those of the hidden units; for each of the three `units` its weights as an
    image, and the wishes of these weights. The other arguments, and what is raised, are those of `show_forward`.
    """
    arguments.four("params", params)
    x, y, W1, b1, W2, b2 = [_array(value) for value in (x, y, *params)]
    arguments.picture(x, [W1, b1, W2, b2], y, units)
    arguments.way_back(y, units)
    arguments.positive_number("lr", lr)
    x, y, units = x.ravel(), int(np.ravel(y)[0]), list(units)
    Z, H, O, y_hat = _forward(x, W1, b1, W2, b2)
    dO = y_hat - (np.arange(len(O)) == y)
    dZ = W2 @ dO * (Z > 0)
    dW1, dW2 = np.outer(x, dZ), np.outer(H, dO)
    after = _forward(x, W1 - lr * dW1, b1 - lr * dZ, W2 - lr * dW2, b2 - lr * dO)[-1]
    axes = _axes({"own": 2.5, "m": 1.1, "h": 0.9, "pabc\npdef": 2.6})
    _bars(axes["o"], y_hat, f"probability\nloss {-np.log(y_hat[y]):.2f}", "value", y)
    _bars(axes["w"], -dO, "wishes of\nthe scores", "gradient", y)
    _bars(axes["n"], after, f"after a step\nloss {-np.log(after[y]):.2f}", "value", y)
    _rows(axes["m"], -dW2.T, "wishes of W2, by hidden unit")
    _strip(axes["h"], -dZ, "wishes of the hidden units", "gradient", units)
    _pixels(axes["p"], x)
    _images(axes, "abc", W1.T[units], [f"unit {j}\nweights" for j in units])
    _images(axes, "def", -dW1.T[units], [_minus(f"wish {0 - dZ[j]:.3f}\n× pixels") for j in units])
    plt.show()


def _forward(x, W1, b1, W2, b2):
    """Z and H: (h,), the scores O: (q,) and their probabilities y_hat: (q,)."""
    Z = x @ W1 + b1
    H = np.maximum(Z, 0)
    O = H @ W2 + b2
    E = np.exp(O - O.max())
    return Z, H, O, E / E.sum()


def _axes(rows):
    """The axes, by their letters. rows: a dict from a row of axes, as a mosaic of letters, to its height in inches."""
    use_svg_display()
    plt.rcParams.update(STYLE)
    figure = plt.figure(figsize=(WIDTH, sum(rows.values())))
    parts = figure.subfigures(len(rows), 1, height_ratios=list(rows.values()))
    return {letter: ax for part, letters in zip(parts, rows) for letter, ax in part.subplot_mosaic(letters).items()}


def _minus(text):
    return text.replace("-", "−")


def _images(axes, letters, images, titles):
    """Draw weights, or what has a sign as they do, on one scale."""
    limit = np.abs(images).max()
    for letter, image, title in zip(letters, images, titles):
        draw_signs(axes[letter], image.reshape(28, 28), limit)
        axes[letter].set_title(title)


def _pixels(ax, x):
    ax.imshow(x.reshape(28, 28), cmap="gray", vmin=0, interpolation="none")
    ax.set(xticks=[], yticks=[], frame_on=False)
    ax.set_title("pixels")


def _strip(ax, values, name, role, units):
    """Draw a number for each hidden unit, and mark `units`."""
    ax.stairs(values, np.arange(len(values) + 1) - 0.5, fill=True, color=ROLES[role])
    if units:
        ax.plot(units, values[units], "v", color=TEXT, markersize=5, clip_on=False)
    ax.axhline(0, color=SOFT, linewidth=0.75)
    ax.set_title(name, loc="left")
    ax.set(xlim=(-1, len(values)), xticks=[])
    ax.spines["bottom"].set_visible(False)
    ax.locator_params(axis="y", nbins=3)


def _rows(ax, values, name):
    """Draw a row of numbers for each class, one for each hidden unit; from the first class with large numbers to the last."""
    draw_signs(ax, values)
    largest = np.abs(values).max(axis=1)
    named = np.flatnonzero(largest > largest.max() / 2)
    ax.set_yticks(named, [LABELS[k] for k in named])
    ax.set_title(name, loc="left")
    ax.set(aspect="auto", ylim=(named[-1] + 0.5, named[0] - 0.5))


def _bars(ax, values, name, role, y):
    """Draw a bar for each class, at its right the number unless that rounds to 0; that of the label y is hatched."""
    bars = ax.barh(LABELS, values, color=ROLES[role])
    digits = int(np.clip(1 - np.floor(np.log10(np.abs(values).max())), 1, 3))
    for row, value in enumerate(values.round(digits)):
        text = _minus(f"{value:.{digits}f}") if value else ""
        ax.annotate(text, (max(value, 0), row), (3, 0), textcoords="offset points", va="center", annotation_clip=False)
    if y is not None:
        bars[y].set(hatch="////", facecolor="none", edgecolor=ROLES[role])
        ax.get_yticklabels()[y].set_fontweight("bold")
    ax.axvline(0, color=SOFT, linewidth=0.75)
    ax.invert_yaxis()
    ax.set(xticks=[], xlim=(min(0, values.min()), 2 * values.max() - min(0, values.min())))  # room for the numbers
    ax.set_title(name, loc="left")
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.tick_params("y", length=0)
    ax.label_outer()
