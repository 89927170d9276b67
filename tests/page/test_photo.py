"""A photograph in the demonstration: its way to 28 x 28 pixels, in the page and in Python, and what is kept of it."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from tests.page.test_demo import PAGE
from tests.support.page import module
from utils import fashion_mnist_arrays, photo_steps

BY_HAND = {"size": 100, "across": 50, "down": 50, "inverted": None, "take_off": 20, "stretched": True}
ALL_STEPS = """async ({ read, steps }, [bytes, by]) => {
    const grey = await read(new File([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], "photo.png"));
    return { grey: [...grey.values], ...Object.fromEntries(Object.entries(steps(grey, by)).map(([name, step]) => [name, [...step]])) };
}"""


def scene(image, side, ground=230, rng=None):
    """A test image as a photograph: dark on a bright sheet, or bright on a dark one, with a shadow and noise: (height, width, 3)."""
    rng = rng or np.random.RandomState(0)
    across = np.arange(side) * 28 // side
    cloth = image[across][:, across].astype(float)
    sheet = np.full((side + side // 3, side), float(ground))
    sheet[side // 6 : side // 6 + side] += (0.6 if ground < 128 else -0.8) * cloth
    sheet *= np.linspace(0.9, 1, side) * rng.uniform(0.97, 1.03, sheet.shape)
    return np.clip(sheet[..., None] * rng.uniform(0.85, 1, 3), 0, 255).astype("uint8")


def as_png(pixels):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png")
    return file.getvalue()


@pytest.fixture(scope="module")
def thirty():
    """Thirty photographs made from test images, as bytes of PNG files, from 28 to 1,300 pixels wide, with settings by hand."""
    images, rng = fashion_mnist_arrays()[1][0], np.random.RandomState(0)
    made = []
    for i, side in enumerate([28, 29, 41, 279, 280, 559, 560, 561, 1000, 1300] * 3):
        pixels = scene(images[i], side, ground=(230, 60)[i % 4 == 3], rng=rng)
        if i % 5 == 1:
            pixels = np.dstack(
                [pixels, np.where(images[i].max() - pixels[..., 0] > 30, 255, 0).astype("uint8")]
            )  # in parts transparent
        by = dict(BY_HAND)
        if i >= 10:
            by.update(size=int(rng.randint(1, 101)), across=int(rng.randint(101)), down=int(rng.randint(101)))
        if i >= 20:
            by.update(inverted=bool(i % 2), take_off=int(rng.randint(101)), stretched=bool(i % 3))
        made.append((as_png(pixels), by))
    return made


@pytest.fixture(scope="module")
def page(browser, site):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(site + PAGE)
    yield page
    context.close()


def test_the_page_and_python_take_the_same_steps_to_the_digit(page, thirty):
    photo, filled = module(page, "demo/photo.js"), 0
    for i, (file, by) in enumerate(thirty):
        expected = photo_steps(io.BytesIO(file), **by)
        got = photo.evaluate(ALL_STEPS, [base64.b64encode(file).decode(), by])
        assert list(got) == list(expected)
        for name, step in expected.items():
            assert got[name] == step.ravel().tolist(), f"photograph {i}, {name}"
        filled += (step > 128).mean() > 0.1
    assert filled >= 15, "little is left of them, so little was compared"
