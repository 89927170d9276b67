"""The slot of the chapter on Gluon."""

import functools

import numpy as np
from mxnet import autograd, gluon, init, nd
from mxnet.gluon import nn

from ..calling import guarded
from ..cases import near_enough, random_numbers_kept, some
from ..given import a_type, array_given, shown, walk_back
from ..judging import compare, near
from ..mistakes import mistakes
from ..verdicts import Verdict, not_answered, not_yet

SHAPES = [(256, 784), (256,), (10, 256), (10,)]
NAMES = [f"the {numbers} of the {layer} layer" for layer in ("hidden", "output") for numbers in ("weights", "biases")]


def gluon_mlp():
    """The network of this course: 256 hidden units with relu, then 10 scores.

    An nn.Sequential, with weights from N(0, 0.01 ** 2) and biases of 0.
    """
    net = nn.Sequential()
    net.add(nn.Dense(256, activation="relu"), nn.Dense(10))
    net.initialize(init.Normal(sigma=0.01))
    return net


def network_of(function):
    """The network that `function` returns."""
    net = function()
    if net is None:
        raise not_answered(
            f"{function.__name__} returns nothing. If you did write it, does it end with `return net`? "
            "net.initialize(...) returns nothing itself, and stands on a line of its own."
        )
    if isinstance(net, type):
        raise not_yet(f"{function.__name__} returns a class, {net.__name__}. Brackets behind it make a network: nn.Sequential().")
    if not isinstance(net, gluon.Block):
        raise not_yet(f"{function.__name__} returns {a_type(net)}, where the network is asked for: return net.")
    return net


def called(function, net, X):
    """net(X). An exception, or a loop without an end, becomes a verdict as in the learner's `function`, beside which a Block stands."""
    return guarded(functools.update_wrapper(lambda X: net(X), function))(X)


@functools.cache
def weights():
    return [some(*shape, seed=seed) / shape[-1] ** 0.5 for seed, shape in enumerate(SHAPES)]


def with_weights(function, X):
    """The network of `function`, with weights that don't depend on how it was initialised, and its parameters."""
    net = network_of(function)
    net.initialize(init.Zero(), force_reinit=True)
    called(function, net, X)  # now all arrays have their shapes
    params = [*net.collect_params().values()]
    has_shapes(params)
    for param, own in zip(params, weights()):
        param.set_data(nd.array(own))
    return net, params


def scores_case(*shape):
    """A case: the scores of the network for images of this shape."""

    def run(function):
        X = nd.array(some(*shape))
        net, _ = with_weights(function, X)
        return {"": array_given(function, called(function, net, X)).asnumpy()}

    return f"For weights drawn by the judge, and X of shape {shape},", run


def gradients_case(*shape):
    """A case: the gradients of the sum of all scores for images of this shape."""

    def run(function):
        X = nd.array(some(*shape))
        net, params = with_weights(function, X)
        with autograd.record(train_mode=False):
            O = called(function, net, X)
        walk_back(O, function.__name__)
        return {f"the gradient of {name}": param.grad().asnumpy() for name, param in zip(NAMES, params)}

    return f"For the sum of all scores, weights drawn by the judge, and X of shape {shape},", run


class WithSoftmax(nn.Sequential):
    def forward(self, X):
        return nd.softmax(super().forward(X))


CASES = [scores_case(1, 1, 28, 28), scores_case(96, 784), gradients_case(2, 1, 28, 28)]
HIDDEN, OUT, NORMAL = 'nn.Dense(256, activation="relu")', "nn.Dense(10)", "init.Normal(sigma=0.01)"
MISTAKES = mistakes(gluon_mlp, {
    "relu is on the scores in place of the hidden layer.": (f"{HIDDEN}, {OUT}", 'nn.Dense(256), nn.Dense(10, activation="relu")'),
    "initialize() draws from -0.07 to 0.07 if nothing is said: init.Normal(sigma=0.01).": (NORMAL, ""),
    "sigma is the standard deviation itself, not its square: init.Normal(sigma=0.01).": ("0.01", "0.01 ** 2"),
    # the layers
    "the layers are in the wrong order: 256 hidden units first, then 10 scores.": (f"{HIDDEN}, {OUT}", f"{OUT}, {HIDDEN}"),
    "the output layer is missing: nn.Dense(10).": (f", {OUT}", ""),
    f"the hidden layer is missing: {HIDDEN}.": (f"{HIDDEN}, ", ""),
    "the layers have no biases. Leave use_bias as it is.": ("(256", "(256, use_bias=False", "(10", "(10, use_bias=False"),
    "images are not flattened before the first layer. Leave flatten as it is.": ("(256", "(256, flatten=False"),
    "images are not flattened. Leave flatten as it is.": ("(256", "(256, flatten=False", "(10", "(10, flatten=False"),
    "the output layer has 256 units. There are 10 classes.": (OUT, "nn.Dense(256)"),
    "the first layer has 784 units. That is the number of its inputs: Dense names those that come out, 256.":
        ("(256", "(784"),
    "784 is the number of inputs, which needs no layer: 256 hidden units, then 10 scores.":
        (HIDDEN, f'nn.Dense(784, activation="relu"), {HIDDEN}'),
    # their weights
    "the numbers are from -0.01 to 0.01, all equally likely: init.Normal, not init.Uniform.": (NORMAL, "init.Uniform(0.01)"),
    "sigma is ten times too large: 0.01.": ("sigma=0.01", "sigma=0.1"),
    "sigma is ten times too small: 0.01.": ("sigma=0.01", "sigma=0.001"),
    "this is Xavier's rule, whose spread comes from the sizes: init.Normal(sigma=0.01).": (NORMAL, "init.Xavier()"),
    "softmax is applied to the scores. The loss does that: give the scores themselves.": ("nn.Sequential()", "WithSoftmax()"),
    # the activation
    f"relu is missing: {HIDDEN}. Without it two layers are no more than one.": (HIDDEN, "nn.Dense(256)"),
    "relu is on the scores as well. Only the hidden layer has it: scores may be negative.":
        (OUT, 'nn.Dense(10, activation="relu")'),
    "the hidden layer has a sigmoid in place of relu.": ('"relu"', '"sigmoid"'),
    "the hidden layer has tanh in place of relu.": ('"relu"', '"tanh"'),
}, WithSoftmax=WithSoftmax)  # fmt: skip


@random_numbers_kept()
def judge_gluon_mlp(function):
    net = network_of(function)
    if net is network_of(function):
        raise not_yet(f"a second call of {function.__name__} returns the same network. Make it inside the function.")
    params = shown_an_image(function, net)
    has_shapes(params)
    for i, param in enumerate(params):
        if param.grad_req != "write":
            raise not_yet(
                f'{NAMES[i]} would not learn, or not as they should: grad_req is "{param.grad_req}". Leave it as it is.'
            )
        w = param.data().asnumpy()
        if w.ndim == 2:
            has_spread(i, w)
        elif w.any():
            raise not_yet("biases start at zero.", f"Here {NAMES[i]} begin with {shown(w[:4])[:-1]}, ...].")
    again = shown_an_image(function, network_of(function))
    shared = [name for name, param, other in zip(NAMES, params, again) if param is other]
    if shared:
        raise not_yet(f"two networks of {function.__name__} share {shared[0]}. Make all layers inside the function.")
    if np.array_equal(params[0].data().asnumpy(), again[0].data().asnumpy()):
        raise not_yet(
            f"two calls of {function.__name__} give the same weights. Draw new ones on each call, and leave the seed alone."
        )
    compare(function, gluon_mlp, CASES, MISTAKES,
            "the scores are wrong. Two layers: Dense(256) with relu, then Dense(10) without.")  # fmt: skip
    X = nd.array(some(2, 1, 28, 28))
    with autograd.train_mode():
        in_training = called(function, net, X)
    if not near(in_training.asnumpy(), called(function, net, X).asnumpy()):
        raise not_yet("in training the network gives other scores than afterwards. Leave Dropout out.")
    return "two layers of the right sizes, relu between them, and weights with the right spread."


def shown_an_image(function, net):
    """The parameters of `net`, which has then seen an image, so that all have their shapes."""
    if not list(net.collect_params().values()):
        raise not_yet("the network has no layer with parameters: net.add(nn.Dense(...), nn.Dense(...)).")
    try:
        O = called(function, net, nd.array(some(2, 1, 28, 28)))
    except Verdict as reached:
        if "initialize" in reached.why:
            raise not_yet("the network has no numbers yet: net.initialize(init.Normal(sigma=0.01)).") from None
        raise not_yet(f"the network can't take two images of shape (1, 28, 28): {reached.why}") from None
    if not isinstance(O, nd.NDArray):
        raise not_yet(f"the network gives {a_type(O)}, where scores in an NDArray are asked for.")
    params = list(net.collect_params().values())
    for param in params:
        if 0 in param.shape:
            raise not_yet(f"the layer of {param.name} is not used: the network gives its scores without it.")
    return params


@functools.cache
def known_net(function):
    """The shapes and the standard deviations of the parameters of a network of the course."""
    params = shown_an_image(function, function())
    return [param.shape for param in params], [param.data().asnumpy().std() for param in params]


def has_shapes(params):
    shapes = [param.shape for param in params]
    if shapes == SHAPES:
        return
    why = next((why for why, mistake in MISTAKES.items() if known_net(mistake)[0] == shapes), "the layers have the wrong sizes.")
    listed = ", ".join(map(str, SHAPES))
    raise not_yet(why, f"For images of shape (1, 28, 28) its arrays should be {listed}, and are {', '.join(map(str, shapes))}.")


def has_spread(i, w):
    sd = w.std()
    if w.min() == w.max():
        raise not_yet(
            f"all weights are {w.flat[0]:.3g}, so the hidden units stay equal to each other for ever: init.Normal(sigma=0.01)."
        )
    if near_enough(sd, 0.01) and 0.65 < (np.abs(w) < sd).mean() < 0.72:
        return
    if near_enough(sd, 0.01):
        why = "the weights are not normal: init.Normal."
    else:
        known = {why: known_net(mistake) for why, mistake in MISTAKES.items()}
        alike = (why for why, (shapes, sds) in known.items() if shapes == SHAPES and near_enough(sd, sds[i]))
        why = next(alike, "the weights have the wrong spread.")
    raise not_yet(why, f"The standard deviation of {NAMES[i]} should be about 0.01, and is {sd:.3g}.")


judge_gluon_mlp.mistakes, judge_gluon_mlp.cases = MISTAKES, CASES[:1]
