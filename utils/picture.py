"""One picture on its way through the network and back: figures of what each number is made from."""

import numpy as np

from . import arguments
from .data import LABELS
from .plotting import ROLES, TEXT, _array, draw_signs, plt, use_svg_display


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
    hidden = {"pabc\n.def": 3, "h": 1} if units else {"phhh": 1.3}
    axes = _axes({**hidden, "o" if y is None else "oy": 2})
    _pixels(axes["p"], x)
    if units:
        _images(axes, "abc", W1.T[units], [f"unit {j}\nweights" for j in units])
        _images(axes, "def", x * W1.T[units], ["pixels × weights"] * 3)
    for ax, j in zip("def", units):
        axes[ax].set_xlabel(f"sum {Z[j]:.3f}\nrelu {H[j]:.3f}")
    _strip(axes["h"], H, "value", "value", units)
    _bars(axes["o"], O, "scores", "value", y)
    if y is not None:
        _probabilities(axes["y"], y_hat, y)
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
    axes = _axes({"own": 2, "m\nm\nh": 3, "pabc\n.def": 3})
    _probabilities(axes["o"], y_hat, y)
    _bars(axes["w"], -dO, "wishes of the scores", "gradient", y)
    axes["w"].margins(x=0.8)
    _probabilities(axes["n"], after, y, "after one step:\n")
    _rows(axes["m"], -dW2.T, "wishes of W2: a row for each score, a column for each hidden unit")
    _strip(axes["h"], -dZ, "wish of the sum", "gradient", units)
    _pixels(axes["p"], x)
    _images(axes, "abc", W1.T[units], [f"unit {j}\nweights" for j in units])
    _images(axes, "def", -dW1.T[units], [f"wish {0 - dZ[j]:.3f}\n× pixels" for j in units])
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
    figure = plt.figure(figsize=(5, sum(rows.values())), layout="constrained")
    parts = figure.subfigures(len(rows), 1, height_ratios=list(rows.values()))
    axes = {}
    with plt.rc_context({"axes.labelsize": 8, "xtick.labelsize": 8, "ytick.labelsize": 8, "axes.grid": False}):
        for part, letters in zip(parts, rows):
            axes |= part.subplot_mosaic(letters)
    return axes


def _images(axes, letters, images, titles):
    """Draw weights, or what has a sign as they do, on one scale."""
    limit = np.abs(images).max()
    for letter, image, title in zip(letters, images, titles):
        draw_signs(axes[letter], image.reshape(28, 28), limit)
        axes[letter].set_title(title, fontsize=8)


def _pixels(ax, x):
    ax.imshow(x.reshape(28, 28), cmap="gray", vmin=0, interpolation="none")
    ax.set(xticks=[], yticks=[], frame_on=False)
    ax.set_title("pixels", fontsize=8)


def _strip(ax, values, name, role, units):
    """Draw a number for each hidden unit, and mark `units`."""
    ax.stairs(values, np.arange(len(values) + 1) - 0.5, fill=True, color=ROLES[role])
    if units:
        ax.plot(units, values[units], "v", color=TEXT, markersize=5, clip_on=False)
    ax.set(xlabel=f"{name} of each hidden unit", xlim=(-1, len(values)))


def _rows(ax, values, name):
    """Draw a row of numbers for each class, one for each hidden unit."""
    draw_signs(ax, values)
    ax.set(xlabel=name, aspect="auto", xticks=range(0, values.shape[1], 50), yticks=range(len(values)), yticklabels=LABELS)


def _bars(ax, values, name, role, y):
    """Draw a bar for each class; that of the label y is hatched, and its name bold."""
    bars = ax.barh(LABELS, values, color=ROLES[role])
    ax.bar_label(bars, [f" {value:.3f} " for value in values.round(3) + 0.0], fontsize=7)  # + 0.0: no -0.000
    if y is not None:
        bars[y].set(hatch="////", facecolor="white", edgecolor=ROLES[role])
        ax.get_yticklabels()[y].set_fontweight("bold")
    ax.invert_yaxis()
    ax.margins(x=0.6)
    ax.set(xlabel=name)
    ax.label_outer()


def _probabilities(ax, y_hat, y, when=""):
    _bars(ax, y_hat, f"{when}probabilities, loss {-np.log(y_hat[y]):.2f}", "value", y)
    ax.set(xlim=(0, 1.5), xticks=(0, 0.5, 1))
