"""The slot of the chapter on the parameters."""

import math

import numpy as np

from ...network import init_params as book
from ..calling import takes
from ..cases import can_learn, near_enough, random_numbers_kept
from ..given import EQUAL_COLUMNS, EQUAL_UNITS, params_of, shown
from ..mistakes import mistakes
from ..verdicts import not_yet

NAMES = "W1", "b1", "W2", "b2"
LARGE, SCALE = (200, 150, 100), 0.3  # so many numbers show how they are distributed

SHAPE1, SHAPE2 = "shape=(num_inputs, num_hiddens)", "shape=(num_hiddens, num_outputs)"
MISTAKES = mistakes(book, {
    EQUAL_COLUMNS.format("W1"): (f"nd.random.normal(scale=scale, {SHAPE1})", "nd.zeros((num_inputs, num_hiddens))"),
    "scale is squared: nd.random.normal takes the standard deviation itself.": ("scale=scale", "scale=scale**2"),
    "biases start at zero.": ("nd.zeros(num_outputs)", "nd.ones(num_outputs)"),
    EQUAL_COLUMNS.format("W2"): (f"nd.random.normal(scale=scale, {SHAPE2})", "nd.zeros((num_hiddens, num_outputs))"),
    EQUAL_UNITS.format("W1"): (
        f"nd.random.normal(scale=scale, {SHAPE1})", "nd.zeros((num_inputs, num_hiddens))",
        f"nd.random.normal(scale=scale, {SHAPE2})", "nd.zeros((num_hiddens, num_outputs))"),
    "rows of W1 are equal to each other. Draw all 12 numbers at random, shape=(3, 4).":
        (f"nd.random.normal(scale=scale, {SHAPE1})", "nd.ones((num_inputs, 1)) * nd.random.normal(scale=scale, shape=num_hiddens)"),
    "b1 and b2 share memory, so that a step of one would move the other too. Make each with a call of its own.": (
        "b1 = nd.zeros(num_hiddens)", "b = nd.zeros(max(num_hiddens, num_outputs))\n    b1 = b[:num_hiddens]",
        "nd.zeros(num_outputs)", "b[:num_outputs]"),
    "scale is taken for the variance. It is the standard deviation: N(0, scale**2).": ("scale=scale", "scale=math.sqrt(scale)"),
    "the numbers are from -scale to scale, all equally likely. Draw them with nd.random.normal.":
        ("normal(scale=scale", "uniform(-scale, scale"),
    "scale is not used: these numbers have the spread 1.": ("scale=scale, ", ""),
    "scale is not used: these numbers have the spread 0.01.": ("scale=scale", "scale=0.01"),
    "scale is not used: this is He's rule.":
        (f"scale, {SHAPE1}", f"math.sqrt(2 / num_inputs), {SHAPE1}", f"scale, {SHAPE2}", f"math.sqrt(2 / num_hiddens), {SHAPE2}"),
    "scale is not used: the spread comes from the number of inputs.":
        (f"scale, {SHAPE1}", f"math.sqrt(1 / num_inputs), {SHAPE1}", f"scale, {SHAPE2}", f"math.sqrt(1 / num_hiddens), {SHAPE2}"),
}, math=math)  # fmt: skip


@random_numbers_kept()
def judge_init_params(init_params):
    params = params_of(init_params, (3, 4, 2, 0.5), (3, 4, 2))
    for name, param in zip(NAMES, params):
        _begins_well(name, param)
    _share_no_memory(*params[1::2])
    params_of(init_params, (3, 1, 2), (3, 1, 2))  # one hidden unit has a matrix too
    for i, W in enumerate(params_of(init_params, (*LARGE, SCALE), LARGE)[::2]):
        _is_normal(i, W.asnumpy())
    for names in (("num_inputs", "num_hiddens", "num_outputs", "scale"), ("num_hiddens",), ("scale",), ()):
        takes(init_params, *names)
    for name, W in zip(NAMES[::2], params_of(init_params, (), (784, 256, 10))[::2]):
        if not near_enough(W.asnumpy().std(), 0.01):
            raise _wrong_spread("the default of scale is another one than 0.01.", name, W.asnumpy(), 0.01, "init_params()")
    return "the shapes are right, the weights random with the spread asked for, the biases 0, and all have room for a gradient."


judge_init_params.mistakes, judge_init_params.cases = MISTAKES, [("For init_params()", lambda init_params: init_params())]


def _begins_well(name, param):
    can_learn(name, param)
    if name.startswith("b") and param.asnumpy().any():
        raise not_yet(
            "biases start at zero.",
            f"For init_params(3, 4, 2, 0.5), {name} should be {shown(np.zeros(param.shape))}, and is {shown(param.asnumpy())}.",
        )


def _share_no_memory(b1, b2):
    b1 += 1
    if b2.asnumpy().any():
        raise not_yet("b1 and b2 share memory, so that a step of one would move the other too. Make each with a call of its own.")


def _is_normal(i, w):
    """End unless the numbers w of the layer `i` can be from N(0, SCALE**2)."""
    name, sd, call = NAMES[2 * i], w.std(), f"init_params({', '.join(map(str, LARGE))}, {SCALE})"
    if (w >= 0).all():
        raise not_yet("no weight is negative: draw from the normal distribution, which has the mean 0.", f"That was for {call}.")
    if abs(w.mean()) > 0.1 * sd:
        hint = " Is scale the first argument of nd.random.normal? That is the mean: write scale=scale."
        raise not_yet(
            f"the mean of {name} should be near 0.{hint if abs(w.mean() - SCALE) < 0.1 else ''}",
            f"For {call} it is {w.mean():.3f}.",
        )
    if not near_enough(sd, SCALE):
        alike = (why for why, mistake in MISTAKES.items() if near_enough(mistake(*LARGE, SCALE)[2 * i].asnumpy().std(), sd))
        why = next(alike, f"the weights {name} have the wrong spread.")
        raise _wrong_spread(why.replace("is not used", "is not used for W2") if i else why, name, w, SCALE, call)
    inside = (np.abs(w) < sd).mean()
    if not 0.65 < inside < 0.72:
        raise not_yet(
            f"the numbers in {name} are not normal: draw them with nd.random.normal.",
            f"For {call}, of a normal distribution 0.68 lie within one standard deviation, of this one {inside:.2f}.",
        )
    if np.abs(w).max() < 3.2 * sd:
        raise not_yet(
            f"the largest numbers in {name} are cut off. Leave them as nd.random.normal draws them.",
            f"For {call}, some should lie beyond {3.2 * SCALE:g}, and none is beyond {np.abs(w).max():.2g}.",
        )


def _wrong_spread(why, name, w, scale, call):
    return not_yet(why, f"For {call} the standard deviation of {name} should be about {scale}, and is {w.std():.3g}.")
