"""The slot of the chapter on Gluon."""

import functools

import numpy as np
from mxnet import autograd, gluon, init, nd
from mxnet.gluon import nn

from ..judging import a_type, array_given, judge, near_enough, random_numbers_kept, shown, some
from ..verdicts import Verdict, answered, guarded, near, not_yet

SHAPES = [(256, 784), (256,), (10, 256), (10,)]
NAMES = "the weights of the hidden layer", "its biases", "the weights of the output layer", "its biases"


def gluon_mlp():
    return net_of(nn.Dense(256, activation="relu"), nn.Dense(10))


def net_of(*layers):
    net = nn.Sequential()
    net.add(*layers)
    net.initialize(init.Zero())  # each case brings its own weights
    return net


def network_of(function):
    """The network that `function` returns."""
    net = answered(function, function())
    if isinstance(net, type) or not isinstance(net, gluon.Block):
        raise not_yet(f"{function.__name__} returns {a_type(net)}, where the network is asked for: return net.")
    return net


@functools.cache
def weights():
    return [some(*shape, seed=seed) / shape[-1] ** 0.5 for seed, shape in enumerate(SHAPES)]


def scores_case(*shape):
    """A case: the scores of the network for images of this shape, from weights that don't depend on how it was initialised."""
    images = some(*shape)

    def run(function):
        net = network_of(function)
        net.initialize(init.Zero(), force_reinit=True)
        guarded(net)(nd.array(images))  # now all arrays have their shapes
        for param, own in zip(net.collect_params().values(), weights()):
            param.set_data(nd.array(own))
        return {"": array_given(function, guarded(net)(nd.array(images))).asnumpy()}

    return f"For weights drawn by the judge, and X of shape {shape},", run


CASES = [scores_case(1, 1, 28, 28), scores_case(96, 784)]
MISTAKES = {
    "relu is missing: Dense(256, activation=\"relu\"). Without it two layers are no more than one.":
        lambda: net_of(nn.Dense(256), nn.Dense(10)),
    "relu is on the scores as well. Only the hidden layer has it: scores may be negative.":
        lambda: net_of(nn.Dense(256, activation="relu"), nn.Dense(10, activation="relu")),
    "relu is on the scores in place of the hidden layer.": lambda: net_of(nn.Dense(256), nn.Dense(10, activation="relu")),
    "the hidden layer has a sigmoid in place of relu.": lambda: net_of(nn.Dense(256, activation="sigmoid"), nn.Dense(10)),
    "the hidden layer has tanh in place of relu.": lambda: net_of(nn.Dense(256, activation="tanh"), nn.Dense(10)),
    "the scores have a sigmoid. The output layer has no activation.":
        lambda: net_of(nn.Dense(256, activation="relu"), nn.Dense(10, activation="sigmoid")),
}  # fmt: skip


@random_numbers_kept()
def judge_gluon_mlp(function):
    net = network_of(function)
    if net is network_of(function):
        raise not_yet(f"a second call of {function.__name__} returns the same network. Make it inside the function.")
    params = shown_an_image(net)
    _shapes([param.shape for param in params])
    for name, param in zip(NAMES, params):
        w = param.data().asnumpy()
        if w.ndim == 1:
            if w.any():
                raise not_yet(f"biases start at zero.\nHere {name} begin with {shown(w[:4])[:-1]}, ...].")
        else:
            _weights(name, w)
    judge(function, gluon_mlp, CASES, MISTAKES,
          "the scores are wrong. Two layers: Dense(256) with relu, then Dense(10) without.")  # fmt: skip
    X = nd.array(some(2, 1, 28, 28))
    with autograd.train_mode():
        in_training = net(X)
    if not near(in_training.asnumpy(), net(X).asnumpy()):
        raise not_yet("in training the network gives other scores than afterwards. Leave Dropout out.")
    return "two layers of the right sizes, relu between them, and weights with the right spread."


def shown_an_image(net):
    """The parameters of `net`, which has then seen an image, so that all have their shapes."""
    try:
        if not list(net.collect_params().values()):
            raise not_yet("the network has no layer with parameters: net.add(nn.Dense(...), nn.Dense(...)).")
        O = net(nd.array(some(2, 1, 28, 28)))
        params = list(net.collect_params().values())
        for param in params:
            param.data()
        nd.waitall()
    except Verdict:
        raise
    except Exception as error:  # of a Block of the reader's own too
        if "initialize" in str(error):
            raise not_yet("the network has no numbers yet: net.initialize(init.Normal(sigma=0.01)).") from None
        first, *_ = str(error).splitlines() or [type(error).__name__]
        raise not_yet(f"the network can't take two images of shape (1, 28, 28): {first}") from None
    if not isinstance(O, nd.NDArray):
        raise not_yet(f"the network gives {a_type(O)}, where scores in an NDArray are asked for.")
    return params


def _shapes(shapes):
    if shapes == SHAPES:
        return
    known = {
        "the layers are in the wrong order: 256 hidden units first, then 10 scores.": [(10, 784), (10,), (256, 10), (256,)],
        "the output layer is missing: nn.Dense(10).": SHAPES[:2],
        "the hidden layer is missing: nn.Dense(256, activation=\"relu\").": [(10, 784), (10,)],
        "the layers have no biases. Leave use_bias as it is.": SHAPES[::2],
        "images are not flattened. Leave flatten as it is.": [(256, 28), (256,), (10, 256), (10,)],
        "the output layer has 256 units. There are 10 classes.": [*SHAPES[:2], (256, 256), (256,)],
        "the first layer has 784 units. That is the number of its inputs: Dense names those that come out, 256.":
            [(784, 784), (784,), (10, 784), (10,)],
        "784 is the number of inputs, which needs no layer: 256 hidden units, then 10 scores.":
            [(784, 784), (784,), (256, 784), (256,), (10, 256), (10,)],
        "there is one hidden layer too many.": [*SHAPES[:2], (256, 256), (256,), *SHAPES[2:]],
    }  # fmt: skip
    why = next((why for why, wrong in known.items() if shapes == wrong), "the layers have the wrong sizes.")
    listed = ", ".join(map(str, SHAPES))
    raise not_yet(f"{why}\nFor images of shape (1, 28, 28) its arrays should be {listed}, and are {', '.join(map(str, shapes))}.")


def _weights(name, w):
    sd = w.std()
    wrong = {
        "initialize() draws from -0.07 to 0.07 if nothing is said: init.Normal(sigma=0.01).": 0.07 / 3**0.5,
        "sigma is the standard deviation itself, not its square: init.Normal(sigma=0.01).": 1e-4,
        "the numbers are from -0.01 to 0.01, all equally likely: init.Normal, not init.Uniform.": 0.01 / 3**0.5,
        "sigma is ten times too large: 0.01.": 0.1,
        "sigma is a hundred times too large: 0.01.": 1,
        "sigma is ten times too small: 0.01.": 0.001,
        "this is Xavier's rule, whose spread comes from the sizes: init.Normal(sigma=0.01).": (6 / sum(w.shape)) ** 0.5 / 3**0.5,
    }
    if w.min() == w.max():
        raise not_yet(
            f"all weights are {w.flat[0]:.3g}, so the hidden units stay equal to each other for ever: init.Normal(sigma=0.01)."
        )
    if near_enough(sd, 0.01) and 0.65 < (np.abs(w) < sd).mean() < 0.72:
        return
    why = next((why for why, other in wrong.items() if near_enough(sd, other)), None)
    why = why or ("the weights are not normal: init.Normal." if near_enough(sd, 0.01) else "the weights have the wrong spread.")
    raise not_yet(f"{why}\nThe standard deviation of {name} should be about 0.01, and is {sd:.3g}.")
