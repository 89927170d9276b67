"""Count parameters and multiplications of a network with layers of any sizes."""

import numpy as np

from ..given import answered, array_of
from ..judging import compare
from ..mistakes import mistakes
from ..verdicts import not_yet


def count(sizes):
    pairs = list(zip(sizes, sizes[1:]))
    num_multiplications = sum(a * b for a, b in pairs)
    num_params = num_multiplications + sum(b for a, b in pairs)
    return num_params, num_multiplications


def counts_of(sizes):
    def run(count):
        given = list(sizes)
        counted = answered(count, count(given))
        if given != sizes:
            raise not_yet("count changes sizes, which others still need. Loop over it, and leave it as it is.")
        if isinstance(counted, (list, tuple)) and any(isinstance(number, float) for number in counted):
            raise not_yet(f"counts are whole numbers, and count gives {tuple(counted)}. Leave float and / out.")
        counts = array_of("the counts", counted).reshape(-1)
        if counts.shape != (2,):
            raise not_yet("count should return two numbers: return num_params, num_multiplications.")
        return {"the number of parameters": counts[0], "the number of multiplications": counts[1]}

    return f"For sizes = {sizes}", run


CASES = [counts_of(sizes) for sizes in ([784, 256, 10], [784, 10], [20, 30, 40, 50], [3, 2])]
RETURN = "return num_params, num_multiplications"
MISTAKES = mistakes(count, {
    "the two numbers are the wrong way round: parameters first.": (RETURN, "return num_multiplications, num_params"),
    "the biases are missing: each unit after the input has one.": (RETURN, "return num_multiplications, num_multiplications"),
    "the multiplications include the biases. A bias is added, not multiplied.": (RETURN, "return num_params, num_params"),
    "there is a bias for each input too. Inputs are given, they are no units.": ("sum(b for", "sizes[0] + sum(b for"),
    "there is no bias at the output layer. It has one a class.": ("sum(b for", "-sizes[-1] + sum(b for"),
    "these are the counts of 784-256-10. Use the argument sizes.": (RETURN, "return 203530, 203264"),
    "only the first layer is counted. Add one term for each pair of neighbours in sizes.": ("sizes[1:]", "sizes[1:2]"),
    "only the first three sizes are counted. sizes may hold any number of layers.": ("sizes[1:]", "sizes[1:3]"),
    "the counts multiply sizes that are not neighbours. A layer connects two neighbours.":
        ("sum(a * b for a, b in pairs)", "int(np.prod(sizes))"),
}, np=np)  # fmt: skip


def judge(count_):
    compare(count_, count, CASES, MISTAKES, "a count is wrong. Draw the network and count one layer at a time.", rtol=0)
    return "the course's network has 203,530 parameters and 203,264 multiplications for an image. Each weight is used once."


judge.mistakes = MISTAKES
