"""What a page promises of the pictures to try, each in its chapter, and of the strip of panels (tests/support/promises.py)."""

import pytest

from tests.page.test_animation import PAGE as ANIMATED
from tests.support.pictures import PAGES
from tests.support.promises import *  # noqa: F403  the promises, and their fixtures
from tests.support.promises import asked_of, in_view, state

pytestmark = pytest.mark.any_prose

PICTURES = []

for one, file in PAGES.items():
    figure = f"figure:has([data-hand={one}])"
    state(PICTURES, f"chapters/{file}.html", figure, f"figure [data-hand={one}] img", name=f"the picture {one}")(
        in_view(f"figure [data-hand={one}]")
    )


@state(PICTURES, ANIMATED, ".cell:has(.animation)", ".animation img", alone=True)
def an_animation(page):
    page.locator(".animation-controls").scroll_into_view_if_needed()


pytest_generate_tests = asked_of(PICTURES)
