"""The picture in the hand on the image of a boot on its way through the network, which loads much."""

import pytest

from tests.support.page import module

pytestmark = pytest.mark.any_prose

PAGE = "11_backpropagation"


@pytest.mark.parametrize("sign", ["moves the pointer", "presses a key"])
def test_a_picture_that_loads_much_is_alive_as_soon_as_a_reader_stirs_without_a_press_and_in_its_room(desk, site, sign):
    loaded = []
    desk.on("request", lambda request: loaded.append(request.url))
    desk.goto(f"{site}chapters/{PAGE}.html")
    opening = desk.locator(".opening")
    height = opening.bounding_box()["height"]
    module(desk, "page/near.js")
    assert opening.locator("svg").count() == 0 and not [url for url in loaded if "weights" in url], "before anybody reads"
    if sign == "moves the pointer":
        desk.mouse.move(20, 20)
        desk.mouse.move(30, 30)
    else:
        desk.keyboard.press("Shift")
    opening.locator(".hand svg").wait_for()
    assert opening.bounding_box()["height"] == height, "a layout shift"
