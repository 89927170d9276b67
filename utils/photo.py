"""A photograph on its way to an image as the network knows them. In the book, web/demo/photo.js takes the same steps.

Both reckon in whole numbers, so that both get the same image from the same pixels.
"""

import numpy as np

from . import arguments

LEAST, ENOUGH = 28, 140  # a photograph whose shorter side has twice ENOUGH pixels or more is made smaller first


def photo_steps(photo, size=100, across=50, down=50, inverted=None, take_off=20, stretched=True):
    """Make an image of 28 x 28 from a photograph. Returns each step on the way: a dict of uint8 arrays, the last is "28 x 28".

    photo: the path of a file, or an array of grey levels from 0 to 255: (height, width). The steps: a square is cut out, as large
    as `size` percent of the shorter side, `across` and `down` percent from the left and the top of what room there is; it is
    inverted if `inverted`, by default if its border is bright; the grey of its border and `take_off` more are subtracted; if
    `stretched`, what is left is made to reach 255. Raises ValueError or TypeError for an argument that doesn't fit.
    """
    for name, value in {"size": size, "across": across, "down": down, "take_off": take_off}.items():
        arguments.integer(name, value, 0, 100)
    arguments.file_or_array("photo", photo)
    photo = photo if isinstance(photo, np.ndarray) else _grey(photo)
    arguments.photo(photo, LEAST)
    steps = {"grey": _smaller(photo)}
    height, width = steps["grey"].shape
    side = max(LEAST, min(height, width) * size // 100)
    top, left = (height - side) * down // 100, (width - side) * across // 100
    square = steps["square"] = steps["grey"][top : top + side, left : left + side]
    if (_border(square) >= 128) if inverted is None else inverted:
        square = steps["inverted"] = 255 - square
    square = np.maximum(square.astype("int64") - _border(square) - take_off, 0)
    steps["background off"] = square.astype("uint8")
    if stretched:
        most = square.size * 99 // 100  # of 100 pixels one may be brighter
        brightest = max(1, np.partition(square, most, axis=None)[most])
        square = np.minimum(square * 255 // brightest, 255)
        steps["stretched"] = square.astype("uint8")
    shares = _shares(side).astype("float64")  # whole numbers still, in products many times as fast
    steps["28 x 28"] = ((shares @ square @ shares.T + side * side // 2) // (side * side)).astype("uint8")
    return steps


def _grey(path):
    """A file's grey levels, (height, width), as seen by an eye: green counts most. What is transparent lies on white."""
    from PIL import Image, ImageOps

    try:
        image = ImageOps.exif_transpose(Image.open(path)).convert("RGBA")
    except (OSError, SyntaxError) as error:  # SyntaxError: what Pillow raises for a damaged PNG
        if isinstance(error, FileNotFoundError):
            raise
        raise ValueError(
            f"photo can't be read as a picture: {path} is damaged, or of a kind such as HEIC. Save it as JPEG."
        ) from None
    on_white = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return ((np.asarray(on_white) @ np.array([299, 587, 114], "int32") + 500) // 1000).astype("uint8")


def _smaller(grey):
    """The mean of each block of k x k pixels, where k is as large as leaves ENOUGH."""
    k = max(1, min(grey.shape) // ENOUGH)
    height, width = grey.shape[0] // k, grey.shape[1] // k
    sums = grey[: height * k, : width * k].reshape(height, k, width, k).sum(axis=(1, 3), dtype="int64")
    return ((sums + k * k // 2) // (k * k)).astype("uint8")


def _border(square):
    """The grey level in the middle of those of the outermost pixels, in order."""
    border = np.concatenate([square[0], square[-1], square[1:-1, 0], square[1:-1, -1]])
    return int(np.sort(border)[len(border) // 2])


def _shares(side):
    """How much of each of `side` pixels lies in each of 28, in 28ths of a pixel: (28, side). A row sums to `side`."""
    ends, pixels = np.arange(28)[:, None] * side, np.arange(side) * 28
    return np.clip(np.minimum(ends + side, pixels + 28) - np.maximum(ends, pixels), 0, None)
