"""What a page promises (test_promises.py) of the pictures to try, each in its chapter, and of the strip of panels that plays."""

import pytest

from tests.page.test_animation import PAGE as ANIMATED
from tests.page.test_promises import (  # noqa: F401 its fixtures and tests are those of this file too
    address,
    asked_of,
    in_view,
    judged,
    open_at,
    page,
    state,
    test_axe_finds_nothing,
    test_it_fits_a_screen_of_320_pixels,
    test_keyboard_reaches_all_of_it_and_leaves,
    test_nothing_moves_where_motion_is_not_welcome,
    test_nothing_shifts_as_it_comes,
    test_what_is_chosen_is_seen_in_forced_colours,
    test_without_scripts_it_can_be_read_and_no_button_is_dead,
    there,
    with_python,
    without_scripts,
)
from tests.support.pictures import PAGES

pytestmark = pytest.mark.any_prose

PICTURES = []

for one, file in PAGES.items():
    figure = f"figure:has([data-hand={one}])"
    state(f"chapters/{file}.html", figure, f"figure [data-hand={one}] img", name=f"the picture {one}", to=PICTURES)(
        in_view(f"figure [data-hand={one}]")
    )


@state(ANIMATED, ".cell:has(.animation)", ".animation img", alone=True, to=PICTURES)
def an_animation(page):  # noqa: F811
    page.locator(".animation-controls").scroll_into_view_if_needed()


pytest_generate_tests = asked_of(PICTURES)
