"""Check a gradient by differences."""

import math

import numpy as np

from ..given import number_of
from ..judging import near
from ..verdicts import not_yet

TINY = 1e-14  # above the rounding error of moving a number and putting it back


def judge(gradient_error):
    x = np.random.RandomState(0).uniform(0.5, 1.5, size=(3, 4))

    def error(f, gradient, scale=1.0):
        point, claimed, moves = x.copy(), scale * gradient, []

        def noting(z):
            if getattr(z, "dtype", None) != x.dtype:
                raise not_yet(
                    "gradient_error gives f an array that is not float64, as x is. float32 keeps seven digits, too few for a step of 1e-5."
                )
            moves.append(np.asarray(z) - x)
            return scale * f(z)

        value = number_of(gradient_error, (noting, point, claimed), "the largest relative difference")
        _judge_moves(moves)
        if not np.allclose(point, x, rtol=0, atol=TINY):
            raise not_yet("gradient_error leaves x changed. Put each number back before you move the next one.")
        if not np.array_equal(claimed, scale * gradient):
            raise not_yet("gradient_error changes gradient, which others still need. Make a new array.")
        if math.isnan(value):
            raise not_yet(
                "gradient_error gives nan, which comes from 0 / 0: f does not depend on one of the numbers, so both "
                "gradients are 0 there. Add something tiny to the denominator."
            )
        return value

    def wave(z):
        return float(np.sin(20 * z).sum())

    def product(z):
        return float((z[:, 1] * z[:, 2] ** 2).sum())

    slope, product_slope = 20 * np.cos(20 * x), np.zeros((3, 4))
    product_slope[:, 1], product_slope[:, 2] = x[:, 2] ** 2, 2 * x[:, 1] * x[:, 2]
    plain = error(lambda z: float((z**2).sum()), 2 * x)
    if abs(plain) > 0.1:
        raise not_yet(
            f"for f = sum(x ** 2) and its right gradient 2 * x the error should be tiny, and gradient_error gives {plain:.2g}. "
            "Divide f(x + h) - f(x - h) by 2 * h, for every number of x, and compare with the same number of gradient."
        )
    if abs(error(wave, slope)) > 1e-5:
        raise not_yet(
            f"a right gradient of a curved f gets an error of {error(wave, slope):.1g}. Take h about 1e-5: with a larger one "
            "the curvature shows, with a much smaller one rounding does."
        )
    _judge_wrong_gradients(error, wave, slope)
    if error(wave, slope, scale=1e6) > 1e-5:
        raise not_yet(
            "where gradients are about 10,000,000, a right one gets a large error. Divide the difference by the size "
            "of the gradients, to have a relative one."
        )
    if error(product, product_slope) > 1e-5:
        raise not_yet("a right gradient that is 0 for some numbers gets a large error. Where both are 0 the difference is 0.")
    return "right gradients pass, whatever their size, and a few wrong numbers among twelve are found."


def _judge_moves(moves):
    """Check the points at which f was evaluated: `moves` holds their differences from x."""
    if moves and (np.abs(moves[0]) > TINY).sum() > 1:
        raise not_yet(
            "gradient_error moves several numbers at once. x has rows: np.ndindex(*x.shape) gives the index of each number."
        )
    if any((np.abs(move) > TINY).sum() > 1 for move in moves):
        raise not_yet("gradient_error moves several numbers at once. Put each number back before you move the next one.")
    ups, downs = (any((sign * move > TINY).any() for move in moves) for sign in (1, -1))
    if not ups and not downs:
        raise not_yet("gradient_error never asks for f at a place beside x, so it can't know how f changes there.")
    if not ups or not downs:
        raise not_yet("gradient_error asks for f on one side of x only. Step up *and* down by h: then the curvature cancels.")


def _judge_wrong_gradients(error, wave, slope):
    for factor, name in ((2, "twice too large"), (-1, "of the wrong sign")):
        if error(wave, factor * slope) < 0.1:
            raise not_yet(
                f"a gradient that is {name} passes with an error of {error(wave, factor * slope):.1g}. Is the "
                "difference's absolute value taken?"
            )
    if (off := error(wave, 1.01 * slope, scale=1e-6)) < 1e-6:
        raise not_yet(
            "where gradients are about 0.00001, one that is 1 % off passes. Divide the difference by the size of the "
            "gradients, to have a relative one."
        )
    if off < 0.004:
        raise not_yet(
            f"where gradients are about 0.00001, one that is 1 % off should get an error of 0.005, and gets {off:.1g}. Is something added "
            "to the denominator? 1e-8 is small enough."
        )
    missed = [
        place
        for place in np.ndindex(slope.shape)
        if max(error(wave, _wrong_at(place, slope, factor)) for factor in (1.5, 1 / 1.5)) < 1e-5
    ]
    if 0 < len(missed) < slope.size:
        raise not_yet(
            f"a gradient that is wrong at x[{', '.join(map(str, missed[0]))}] alone passes, as at {len(missed)} of the "
            f"{slope.size} numbers. Does the loop reach all of them, and does the return stand after it?"
        )
    if error(wave, slope * (slope == slope[0, 0])) < 0.1:
        raise not_yet("a gradient that is 0 at all places but one passes. Are numbers compared where gradient is 0 too?")
    small = 1 + np.argsort(np.abs(slope.flat[1:-1]))[:2]  # small slopes: dividing by one scale for all would hide their errors
    for factor, other in ((1.5, 1.4), (1 / 1.5, 1 / 1.4)):
        few_wrong = slope.copy()
        few_wrong.flat[small] *= factor, other
        value, right = error(wave, few_wrong), 0.5 / 2.5
        if not near(value, right, rtol=0.02):
            raise not_yet(
                "2 of 12 numbers are wrong, the worse by a factor of 1.5, a relative difference of (1.5 - 1) / (1.5 + 1) = "
                f"{right}. gradient_error gives {value:.2g}. Divide each absolute difference by its own two sizes, then return the largest."
            )
    if error(wave, -slope) > 1.5:
        raise not_yet(
            f"a gradient of the wrong sign has a relative difference of 1, and gradient_error gives {error(wave, -slope):.2g}. Divide by "
            "the sum of the two sizes, each an absolute value: with |a + b| they cancel."
        )


def _wrong_at(place, slope, factor):
    wrong = slope.copy()
    wrong[place] *= factor
    return wrong
