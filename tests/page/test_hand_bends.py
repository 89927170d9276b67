"""The picture in the hand on the bends: its arithmetic compared with its chapter's; driven by mouse and keys."""

import re

import numpy as np
import pytest
from mxnet import nd

from tests.support.hand import cell_with, computed, drag, numbers, says
from tests.support.page import ask_again

pytestmark = pytest.mark.any_prose

PAGE = "03_activation"


def test_the_path_of_even_bends_is_the_chapters(visit):
    page = visit("bends")
    chapter = cell_with(PAGE, "def path", np=np, nd=nd, relu=nd.relu)
    x = np.linspace(0, 5, 501)
    for num_units in (2, 4, 8):
        page.locator("figure .hand-controls label").get_by_text(str(num_units), exact=True).click()
        far = abs(chapter["path"](x, chapter["even"](num_units)) - chapter["curve"](x)).max()
        assert says(page).startswith(f"{num_units} units: at most {far:.2f} off")


def test_a_bend_is_dragged_by_mouse_and_moved_by_keys(visit):
    page = visit("bends")
    far = numbers(page)[1]
    drag(page, "bend-4-1", -25, -15)
    assert numbers(page)[1] < far
    bend = page.get_by_role("application", name="bend 2, where unit 2 begins")
    before = bend.get_attribute("aria-label")
    bend.press("ArrowRight")
    assert bend.get_attribute("aria-label") != before
    end = page.get_by_role("slider", name="bend 5, the end")
    end.press("End")
    assert numbers(page)[1] > 2 and end.get_attribute("aria-valuenow") == "5"


def test_the_weights_make_the_path_that_is_drawn(desk):
    """The network that the picture's numbers describe, in NumPy, goes through the bends."""
    bends = {"x": [0, 0.7, 2.4, 3.9, 5], "y": [0.3, 1.5, 0.1, 3, 1.9]}
    weights = np.array(computed(desk, "picture.weights(argument)", ["bends", bends]))
    at = np.array([*bends["x"], 6])
    path = np.maximum(at[:, None] - np.array(bends["x"][:-1]), 0) @ weights + bends["y"][0]
    assert path[:5] == pytest.approx(bends["y"])
    assert computed(desk, "picture.path(argument, 6)", ["bends", bends]) == pytest.approx(path[5])
    straight = (at[:, None] - np.array(bends["x"][:-1])) @ weights + bends["y"][0]
    assert computed(desk, "[0, 2.4, 6].map((at) => picture.path(argument, at, false))", ["bends", bends]) == pytest.approx(
        straight[[0, 2, 5]].tolist()
    )


def test_without_relu_one_straight_line_is_left_and_nothing_is_cut(visit):
    page = visit("bends")
    cut, sum_of = page.locator("figure [data-hand=bends] .dotted"), page.locator("figure [data-hand=bends] .dashed")
    assert cut.count() == 5, "of four units, and the line alone of the chosen one"
    page.get_by_role("group", name="Between the layers").get_by_text("nothing").click()
    assert says(page).endswith("on one straight line.") and cut.count() == 0
    x, y = np.array(re.findall(r"([\d.]+) ([\d.]+)", sum_of.get_attribute("d")), float).T
    assert np.ptp(x) > 300 and abs(np.polyval(np.polyfit(x, y, 1), x) - y).max() < 0.2, "pixels, rounded to tenths"


def test_the_unit_that_is_pointed_at_is_spelled_out(visit):
    page = visit("bends")
    words = page.locator("figure [data-hand=bends] text").filter(has_text=re.compile("^(unit|x −|cut|×)"))
    page.get_by_role("application", name="bend 3, where unit 3 begins").focus()
    assert words.all_text_contents() == ["unit 3", "x − 2.5", "cut at 0", "× 2.8"]
    assert "weight 2.8" in page.locator("[data-name='bend-4-2']").get_attribute("aria-label")


def test_a_picture_that_a_server_failed_to_send_can_be_asked_for_again(phone, site):
    picture = "figure [data-hand=bends]"
    ask_again(phone, f"{site}chapters/{PAGE}.html", picture, "hand/kit.js", f"{picture} svg")
