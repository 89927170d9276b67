"""Count parameters and multiplications of a network with layers of any sizes."""

import numpy as np

from ..given import answered, array_of
from ..judging import compare
from ..verdicts import not_yet


def judge(count):
    def right(sizes):
        products = sum(a * b for a, b in zip(sizes, sizes[1:]))
        return products + sum(sizes[1:]), products

    for sizes in ([784, 256, 10], [784, 10], [20, 30, 40, 50], [3, 2]):
        value = array_of("the counts", answered(count, count(list(sizes)))).reshape(-1)
        if value.shape != (2,):
            raise not_yet("count should return two numbers: return num_params, num_multiplications.")
        params, products = right(sizes)
        every = sum(sizes[1:])
        compare(value, np.array([params, products]), {
            f"for {sizes} the two numbers are the wrong way round: parameters first.": (products, params),
            f"for {sizes} the biases are missing: each unit after the input has one, {every} in all.": (products, products),
            f"for {sizes} the multiplications include the {every} biases. A bias is added, not multiplied.": (params, params),
            f"for {sizes} there is a bias for each input too. Inputs are given, they are no units.":
                (params + sizes[0], products),
            f"for {sizes} there is no bias at the output layer. It has one a class.": (params - sizes[-1], products),
            f"for {sizes} you give the answer for 784-256-10. Use the argument sizes.": right([784, 256, 10]),
            f"for {sizes} only the first layer is counted. Add one term for each pair of neighbours in sizes.": right(sizes[:2]),
            f"for {sizes} only the first three sizes are counted. sizes may hold any number of layers.": right(sizes[:3]),
            f"for {sizes} the counts multiply sizes that are not neighbours. A layer connects two neighbours.":
                (np.prod(sizes) + every, np.prod(sizes)),
        }, f"for {sizes} count gives {value[0]:.10g} parameters and {value[1]:.10g} multiplications, and {_off(value, (params, products))}. "
           "Draw the network and count one layer at a time.", rtol=0)  # fmt: skip
    return "the course's network has 203,530 parameters and 203,264 multiplications for an image. Each weight is used once."


def _off(value, right):
    wrong = [name for name, one, other in zip(("the parameters", "the multiplications"), value, right) if one != other]
    return f"{' and '.join(wrong)} are off"
