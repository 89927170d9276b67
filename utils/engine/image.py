"""`nd.image`: pictures of another size."""

import numpy as np

from .ndarray import NDArray


def neighbours(old, new):
    """For each of `new` places the two nearest of `old` places, and the share of the second: bilinear, pixels as squares."""
    place = np.clip((np.arange(new) + 0.5) * (old / new) - 0.5, 0, old - 1).astype(np.float32)
    first = np.floor(place).astype(int)
    return first, np.minimum(first + 1, old - 1), place - first


def resize(data, size, keep_ratio=False, interp=1):
    """Pictures (n, h, w, c) or (h, w, c) in another size: `size` is a width and a height, or one number for both.

    Each new pixel is mixed from the four nearest old ones, for bytes in steps of 1/2048, as in MXNet.
    """
    width, height = (size, size) if isinstance(size, int) else size
    up, down, v = neighbours(data.shape[-3], height)
    left, right, u = neighbours(data.shape[-2], width)
    u, v = u[:, np.newaxis], v[:, np.newaxis, np.newaxis]
    A = data.data
    if A.dtype == np.uint8:
        u, v = (np.rint(2048 * share).astype(np.int32) for share in (u, v))
        return NDArray(mixed_bytes(A.astype(np.int32), up, down, left, right, u, v))
    rows = A[..., left, :] * (1 - u) + A[..., right, :] * u
    return NDArray((rows[..., up, :, :] * (1 - v) + rows[..., down, :, :] * v).astype(A.dtype))


def mixed_bytes(A, up, down, left, right, u, v):
    """The same in whole numbers."""
    rows = A[..., left, :] * (2048 - u) + A[..., right, :] * u
    above, below = (rows[..., up, :, :] >> 4) * (2048 - v) >> 16, (rows[..., down, :, :] >> 4) * v >> 16
    return (above + below + 2 >> 2).astype(np.uint8)
