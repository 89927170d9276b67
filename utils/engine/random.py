"""Random numbers, the same as MXNet's on a CPU, so that a run on either engine starts from the same weights.

MXNet divides the numbers of a call among up to 1024 blocks, each with a Mersenne twister of its own; NumPy has that generator."""

import math
import numbers

import numpy as np

from .base import ADVICE, require, require_cpu
from .ndarray import NDArray, lengths

MOST_BLOCKS, SMALLEST_BLOCK = 1024, 64
twisters, start, seeded = [], 0, 0  # seeded: how many of the twisters are


def seed(seed_state, ctx="all"):
    """Start the sequence of random numbers that belongs to `seed_state`. Raises ValueError unless it is a whole number."""
    global start, seeded
    if not isinstance(seed_state, (int, np.integer)):
        raise ValueError("seed_state must be int")
    start, seeded = 127 * int(seed_state), 0


def seed_first(blocks):
    """Seed the twisters of the first `blocks`, as far as `seed` has left them. A twister is made once."""
    global seeded
    while seeded < blocks:
        if seeded == len(twisters):
            twisters.append(np.random.MT19937(0))
        np.random.RandomState(twisters[seeded]).seed((start + seeded) % 2**32)
        seeded += 1


def block_sizes(n):
    """How many of `n` numbers each block draws: equally many, except for the last blocks."""
    blocks = min(math.ceil(n / SMALLEST_BLOCK), MOST_BLOCKS)
    step = math.ceil(n / blocks)
    return np.clip(n - step * np.arange(blocks), 0, step)


def words(counts, of=1):
    """Random 32-bit words, shape (sum of counts, of): `counts[i]` rows of `of` words from the twister of block i."""
    seed_first(len(counts))
    found = [twister.random_raw(count * of) for twister, count in zip(twisters, counts.tolist()) if count]
    return np.concatenate(found).reshape(-1, of)


def draws(counts, dtype):
    """Numbers in [0, 1), `counts[i]` of them from block i. Each is made of one random word, or of two for float64."""
    of = dtype().itemsize // 4
    values = words(counts, of).astype(dtype) @ (dtype(2.0**32) ** np.arange(of, dtype=dtype)) / dtype(2) ** dtype(32 * of)
    return np.minimum(values, np.nextafter(dtype(1), dtype(0)))


def normal_numbers(n, dtype):
    """`n` numbers from N(0, 1), by the polar method (Marsaglia and Bray, 1964, doi:10.1137/1006063).

    A point (u, v) inside the unit circle gives one number; one outside is rejected, and its block draws another."""
    blocks, found, lacking = [], [], block_sizes(n)
    while lacking.any():
        u, v = 2 * draws(2 * lacking, dtype).reshape(-1, 2).T - 1
        w = u * u + v * v
        inside = (0 < w) & (w <= 1)
        v, w = v[inside], w[inside]
        log_w = np.log(w.astype(np.float64)).astype(dtype)
        found.append(v * np.sqrt(-2 * log_w / w))
        blocks.append(np.repeat(np.arange(len(lacking)), lacking)[inside])
        lacking = lacking - np.bincount(blocks[-1], minlength=len(lacking))
    return np.concatenate(found)[np.argsort(np.concatenate(blocks), kind="stable")]


def scaled(draw, factor, offset, shape, dtype, ctx):
    """An array of `shape`, made of the numbers draw(n, dtype) * factor + offset."""
    require_cpu(ctx)
    shape, dtype = lengths(shape), np.dtype(dtype).type
    require(dtype in (np.float32, np.float64), f"Invalid Input: '{np.dtype(dtype)}', valid values are: 'float32', 'float64'")
    factor, offset = dtype(np.float32(factor)), dtype(np.float32(offset))  # MXNet keeps them as float32 whatever the type
    return NDArray((draw(math.prod(shape), dtype) * factor + offset).reshape(shape))


def require_numbers(*parameters):
    """Raise an error unless the parameters of a distribution are numbers: TypeError for an NDArray, which MXNet takes too."""
    for parameter in parameters:
        if isinstance(parameter, NDArray):
            raise TypeError(f"The course's own engine takes numbers, not NDArrays, as parameters of a distribution: {ADVICE}")
        if not isinstance(parameter, numbers.Real) or isinstance(parameter, bool):
            raise ValueError(f"Distribution parameters must be either NDArray or numbers, but got {type(parameter)}.")


def normal(loc=0, scale=1, shape=1, dtype="float32", ctx=None):
    """Numbers of the normal distribution with mean `loc` and standard deviation `scale`, in an array of `shape`."""
    require_numbers(loc, scale)
    require(scale > 0, f"param.scale > 0 ({scale} vs. 0) : scale parameter in gaussian has to be positive")
    return scaled(normal_numbers, scale, loc, shape, dtype, ctx)


def randn(*shape, loc=0, scale=1, dtype="float32", ctx=None):
    """The same as `normal`, with the lengths of the axes one by one."""
    return normal(loc, scale, shape, dtype, ctx)


def uniform(low=0, high=1, shape=1, dtype="float32", ctx=None):
    """Numbers drawn uniformly from `low` to `high`, in an array of `shape`."""
    require_numbers(low, high)
    require(high >= low, f"param.high >= param.low: low must be less or equal to high in uniform distribution, not {low}, {high}")
    return scaled(lambda n, number: draws(block_sizes(n), number), np.float32(high) - np.float32(low), low, shape, dtype, ctx)
