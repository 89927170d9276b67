"""Diagnose a network that doesn't learn: measure it on one minibatch, layer by layer. At the end, networks that don't learn."""

import contextlib
import math

import numpy as np
from mxnet import autograd, nd

from . import arguments
from .network import init_layers, init_params, relu, softmax
from .plotting import COLORS, ROLES, WIDTH, name_axes, plt
from .training import seed_everything, sgd

SMALLEST = 1e-9  # a logarithmic axis starts here, and smaller values are drawn at its edge
USUAL = 1e-3, 1e-1  # the range of update / weight outside which training takes too long, or the loss is likely to leap


def _require_network(layers, params, X, y, loss, step, num_steps):
    if not isinstance(layers, (list, tuple)) or not layers:
        raise TypeError(f"layers must be a list of functions, one for each layer, not {arguments.shown(layers)}.")
    for number, layer in enumerate(layers):
        arguments.function(f"layers[{number}]", layer, "lambda X: nd.dot(X, W) + b", 1)
    arguments.gradients("params", params)
    arguments.float_ndarray("X", X)
    arguments.loss(loss)
    arguments.step(step)
    arguments.positive_integer("num_steps", num_steps)
    O = _scores(layers, X)
    arguments.net_output(O, X)
    arguments.labels("y", y, O)
    arguments.losses(loss(O, y), loss, O, y)


def diagnose(layers, params, X, y, loss, step, num_steps=100):
    """Measure a network on one minibatch X: (n, ...), y: (n,), layer by layer; `plot_diagnosis` draws the result.

    `layers` is a list of functions: the first takes X, each of the others takes the output of the one before, and the last gives
    scores (n, q). For a Gluon Sequential, pass list(net). loss(O, y) gives a value for each example, and step() changes
    `params`, as in `train_epoch`. Returns a dict:

    - "losses": the mean loss before each of `num_steps` steps, all on this one minibatch, and "guessing", ln q;
    - "values": the standard deviation of each layer's output, before the first step;
    - "gradients": that of the gradient of the sum of the losses with respect to each layer's output;
    - "silent": for each layer, the share of its units that are 0 for every example;
    - "ratios": for each weight matrix, the norm of the first step's change, divided by the norm of the weights.

    `params` and their gradients are restored at the end, also after an error or an interrupt. The state of a Gluon Trainer
    (momentum, Adam's means) is not: make a new one for the training that follows. Raises TypeError or ValueError for layers that
    are not functions or don't return scores, params without gradients, labels that are not class numbers, or a loss that does
    not return a value for each example.
    """
    _require_network(layers, params, X, y, loss, step, num_steps)
    before = [param.copy() for param in params]
    losses, ratios = [], []
    with _put_back([*params, *(param.grad for param in params)]):
        values, gradients = _values_and_gradients(layers, X, y, loss)
        for _ in range(num_steps):
            with autograd.record():
                l = loss(_scores(layers, X), y)
            l.backward()
            step()
            losses.append(float(l.mean().asscalar()))
            ratios = ratios or [_ratio(new, old) for new, old in zip(params, before) if new.ndim > 1]
    return {
        "losses": losses,
        "guessing": math.log(values[-1].shape[1]),
        "values": [float(H.asnumpy().std()) for H in values],
        "gradients": [float(dH.asnumpy().std()) for dH in gradients],
        "silent": [float((H.abs().max(axis=0) == 0).mean().asscalar()) for H in values],
        "ratios": ratios,
    }


@contextlib.contextmanager
def _put_back(arrays):
    """Restore the numbers of the arrays at the end of the `with` block, also after an error."""
    kept = [array.copy() for array in arrays]
    try:
        yield
    finally:
        for array, old in zip(arrays, kept):
            array[:] = old


def _scores(layers, X):
    for layer in layers:
        X = layer(X)
    return X


def _values_and_gradients(layers, X, y, loss):
    """Each layer's output for X, and the gradient of the sum of the losses with respect to it."""
    values, probes = [], []
    with autograd.record():
        for layer in layers:
            H = layer(X)
            probe = nd.zeros(H.shape)  # adds nothing, but its gradient is that of H
            probe.attach_grad()
            X = H + probe
            values.append(H)
            probes.append(probe)
        l = loss(X, y)
    l.backward()
    return values, [probe.grad for probe in probes]


def _ratio(new, old):
    change, size = (new - old).norm().asscalar(), old.norm().asscalar()
    return float(change / size) if size > 0 else math.inf if change > 0 else 0.0


def _require_findings(findings):
    names = {"losses", "guessing", "values", "gradients", "silent", "ratios"}
    if not isinstance(findings, dict) or set(findings) != names:
        raise TypeError(f"findings must be the dict that diagnose returned, not {arguments.shown(findings)}.")


def plot_diagnosis(findings):
    """Draw the findings of `diagnose`: the loss on one minibatch, and four panels with a value for each layer.

    A loss above twice that of guessing lies outside the axes. A dot is drawn at the lower edge of the logarithmic axis if its
    value is below 1e-9. At most three dots of a panel have their values above them, in a row, so that these don't overlap. The
    grey band is the usual range of update / weight. Raises TypeError unless findings is the dict that `diagnose` returned.
    """
    _require_findings(findings)
    rows = [["losses", "losses"], ["values", "gradients"], ["silent", "ratios"]]
    figure, axes = plt.subplot_mosaic(rows, figsize=(WIDTH, 6.4))
    losses, guessing = findings["losses"], findings["guessing"]
    axes["losses"].plot(losses)
    axes["losses"].axhline(guessing, color=COLORS[4], linestyle=":", linewidth=1.4)
    above = {"xytext": (0, 4), "textcoords": "offset points"}
    axes["losses"].annotate("guessing", (len(losses) - 1, guessing), **above, ha="right", va="bottom", color=COLORS[4])
    axes["losses"].annotate(f"starts at {losses[0]:.3g}", (0.99, 0.88), xycoords="axes fraction", ha="right")
    name_axes(axes["losses"], "step, all on one minibatch", "mean loss (nats)")
    axes["losses"].set(ylim=(0, 2 * guessing))
    layers = [str(number) for number in range(1, len(findings["values"]))] + ["O"]
    _stems(axes["values"], layers, findings["values"], "value", "spread of values")
    _stems(axes["gradients"], layers, findings["gradients"], "gradient", "spread of gradients")
    axes["silent"].bar(layers, findings["silent"], width=0.5)
    name_axes(axes["silent"], "layer", "share of silent units")
    axes["silent"].set(ylim=(0, 1.05), xlim=axes["values"].get_xlim())
    weights = [str(number) for number in range(1, len(findings["ratios"]) + 1)]
    _stems(axes["ratios"], weights, findings["ratios"], "parameter", "update / weight")
    axes["ratios"].axhspan(*USUAL, color=COLORS[4], alpha=0.15, linewidth=0)
    axes["ratios"].set(xlabel="weights W1, W2 …")
    plt.show()


def _stems(ax, names, values, role, ylabel):
    """A dot for each value on a logarithmic axis, on a stem, and above them the numbers of three of them at most."""
    places = np.clip(np.nan_to_num(values, nan=SMALLEST), SMALLEST, 1e3)
    ax.vlines(names, SMALLEST, places, color=ROLES[role])
    ax.plot(names, places, "o", color=ROLES[role])
    last = len(values) - 1
    for k in sorted({0, last // 2, last} if last % 2 == 0 else {0, last}):
        value = values[k]
        style = ".0f" if value >= 1 else ".0e" if 0 < value < 1e-3 else ".1g"
        text = f"{value:{style}}".replace("e-0", "e-")
        ax.annotate(text, (k, 0.97), xycoords=("data", "axes fraction"), ha="center", va="top")
    name_axes(ax, "layer", ylabel)
    room = max(0.5, 0.2 * last)  # for the numbers at both ends
    ax.set(yscale="log", yticks=[1e-9, 1e-5, 1e-1, 1e3], ylim=(SMALLEST, 1e7), xlim=(-room, last + room))


def faulty_network(name):
    """One of three networks that don't learn, "A", "B" or "C": its layers, params and step, as `diagnose` takes them.

    Each was made for minibatches of 64 images. Seeds the random numbers. Raises ValueError for another name.
    """
    arguments.choice("name", name, ["A", "B", "C"])
    sizes, scale, lr = {
        "A": ([784, 256, 128, 10], None, 0.0001),
        "B": ([784, 256, 128, 10], None, 0.1),
        "C": ([784, 128, 128, 128, 128, 10], 0.01, 0.1),
    }[name]
    seed_everything(0)
    params = init_layers(list(zip(sizes, sizes[1:])), scale)
    if name == "B":
        params[3][:] = -100
    return _layers(params), params, lambda: sgd(params, lr, 64)


def _dense(W, b, activation):
    return lambda X: activation(nd.dot(X.reshape((len(X), -1)), W) + b)


def _layers(params, bend=relu):
    *hidden, last = zip(params[::2], params[1::2])
    return [*(_dense(W, b, bend) for W, b in hidden), _dense(*last, lambda Z: Z)]


def earlier_mistakes():
    """{name: (layers, params, step)} of two healthy networks and of one for each mistake of chapters 1 to 13, for chapter 19.

    Each is the network of the course, for minibatches of 64 images, at a rate of 0.5 unless the name says another. Seeds the
    random numbers.
    """

    def case(change=lambda params: None, scale=0.01, lr=0.5, layers=_layers):
        seed_everything(0)
        params = init_params(scale=scale)
        change(params)
        return layers(params), params, lambda: sgd(params, lr, 64)

    def equal_weights(params, weight=0.01):
        params[0][:], params[2][:] = weight, weight

    def half_dead(params):
        params[1][:128] = -100

    def bytes_as_pixels(params):
        first, last = _layers(params)
        return [lambda X: first(255 * X), last]

    def softmax_twice(params):
        first, last = _layers(params)
        return [first, lambda H: softmax(last(H))]

    layers, params, _ = case()
    return {
        "healthy": case(),
        "healthy, lr 0.1": case(lr=0.1),
        "weights of 1": case(scale=1),
        "all weights 0": case(lambda params: equal_weights(params, 0)),
        "equal weights": case(equal_weights),
        "half dead, lr 0.1": case(half_dead, lr=0.1),
        "lr 0.005": case(lr=0.005),
        "lr 5": case(lr=5),
        "softmax twice": case(layers=softmax_twice),
        "bytes as pixels": case(layers=bytes_as_pixels),
        "new arrays": (layers, params, lambda: [param - 0.5 / 64 * param.grad for param in params]),
        "no relu, lr 0.1": case(lr=0.1, layers=lambda params: _layers(params, bend=lambda Z: Z)),
    }
