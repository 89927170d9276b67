"""Check a gradient by differences."""

import math

import numpy as np

from .verdicts import not_yet, number_of


def judge(gradient_error):
    rng = np.random.RandomState(0)
    x = rng.uniform(0.5, 1.5, size=(3, 4))

    def error(f, gradient, scale=1.0):
        point = x.copy()
        value = number_of(gradient_error, (lambda z: scale * f(z), point, scale * gradient), "the largest relative difference")
        if not np.allclose(point, x, rtol=1e-12):
            raise not_yet("gradient_error leaves x changed. Put each number back before you move the next one.")
        if math.isnan(value):
            raise not_yet(
                "gradient_error gives nan, which comes from 0 / 0: f does not depend on one of the numbers, so both "
                "gradients are 0 there. Add something tiny to the denominator."
            )
        return value

    def wave(z):
        return float(np.sin(20 * z).sum())

    slope = 20 * np.cos(20 * x)
    product, product_slope = (lambda z: float((z[:, 0] * z[:, 1] ** 2).sum())), np.zeros((3, 4))
    product_slope[:, 0], product_slope[:, 1] = x[:, 1] ** 2, 2 * x[:, 0] * x[:, 1]

    plain = error(lambda z: float((z**2).sum()), 2 * x)
    if abs(plain) > 0.1:
        raise not_yet(
            "for f = sum(x ** 2) and its right gradient 2 * x the error should be tiny, and gradient_error gives "
            f"{plain:.2g}. Move one number at a time, by h up and by h down; the outputs are then 2 * h apart in x."
        )
    if abs(error(wave, slope)) > 1e-5:
        raise not_yet(
            f"a right gradient of a curved f gets an error of {error(wave, slope):.1g}. Step up *and* down by h "
            "(central differences), with h about 1e-5: then the curvature cancels."
        )
    for factor, name in ((2, "twice too large"), (-1, "of the wrong sign"), (0, "all zeros")):
        if error(wave, factor * slope) < 0.1:
            raise not_yet(
                f"a gradient that is {name} passes with an error of {error(wave, factor * slope):.1g}. Is the "
                "difference's absolute value taken?"
            )
    one_wrong = slope.copy()
    one_wrong[2, 1] *= 1.5
    if error(wave, one_wrong) < 0.01:
        raise not_yet(
            "a gradient with 1 wrong number in 12 passes. Compare every number, and return the largest of the "
            "absolute differences."
        )
    if error(wave, 1.01 * slope, scale=1e-6) < 1e-3:
        raise not_yet(
            "where gradients are about 0.00001, one that is 1 % off passes. Divide the difference by the size of the "
            "gradients, to have a relative one."
        )
    if error(wave, slope, scale=1e6) > 1e-5:
        raise not_yet(
            "where gradients are about 10,000,000, a right one gets a large error. Divide the difference by the size "
            "of the gradients, to have a relative one."
        )
    if error(product, product_slope) > 1e-5:
        raise not_yet("a right gradient that is 0 for some numbers gets a large error. Where both are 0 the difference is 0.")
    return "right gradients pass, whatever their size, and one wrong number in twelve is found."
