"""The picture in the hand on the landscape: its arithmetic compared with its chapter's; driven by mouse and keys."""

import re

import numpy as np
import pytest
from mxnet import autograd, nd

from press.browser.chromium import settle
from tests.support.hand import cell_with, computed, drag, note_what_is_said, numbers, says
from utils import softmax_cross_entropy

pytestmark = pytest.mark.any_prose

PAGE = "09_descent"


def test_the_walks_end_where_the_chapters_end(desk):
    from utils import seed_everything, sgd

    given = dict(np=np, nd=nd, autograd=autograd, seed_everything=seed_everything, sgd=sgd)
    chapter = cell_with(PAGE, "def unit_losses", **given, softmax_cross_entropy=softmax_cross_entropy, relu=nd.relu)
    walks = "picture.walk(picture.data(), argument.start, argument.lr, argument.num_steps, argument.batch_size, argument.seed)"
    for start, lr, num_steps, batch_size, seed in (
        ((1, 3), 0.03, 60, 8, 1), ((1, 3), 1, 60, 8, 3), ((1, 3), 4, 60, 8, 6), ((1, 3), 8, 60, 8, 12), ((4, -1), 0.3, 200, 80, 1)
    ):  # fmt: skip
        settings = {"start": start, "lr": lr, "num_steps": num_steps, "batch_size": batch_size, "seed": seed}
        path = chapter["walk"](*settings.values())
        found = computed(desk, walks, ["landscape", settings])
        assert np.allclose(found, path, atol=1e-3), settings
        height = chapter["unit_losses"](chapter["points"], chapter["labels"], nd.array(path[-1])).mean().asscalar()
        assert computed(desk, "picture.height(picture.data(), argument)", ["landscape", found[-1]]) == pytest.approx(
            height, abs=1e-3
        )


def test_the_ball_is_dropped_at_two_rates_and_moved(visit):
    page = visit("landscape")
    drop = page.get_by_role("button", name="Drop it")
    drop.click()
    assert says(page) == "At 1, of 20 walks 18 reach the green valley, 0 end on the flat place, 2 elsewhere."
    page.get_by_role("group", name="Learning rate").get_by_text("8", exact=True).click()
    assert says(page).startswith("At w = 1.0, b = 3.0")
    drop.click()
    assert says(page) == "At 8, of 20 walks 2 reach the green valley, 15 end on the flat place, 3 elsewhere."
    ball = page.get_by_role("application", name="the ball")
    ball.press("ArrowUp")
    where = numbers(page)
    assert where[:2] == [1, 3.1]
    ball.press("PageUp")
    assert numbers(page)[:2] == [1, 4.1]


def test_a_step_is_minus_the_rate_times_the_gradient(visit):
    page = visit("landscape")
    page.get_by_role("group", name="Points a step").get_by_text("80").click()
    ball, button = page.get_by_role("application", name="the ball"), page.get_by_role("button", name="One step")
    arrow = page.locator("figure [data-hand=landscape] path.fourth")
    takes = (button.click, lambda: ball.press("Enter"), lambda: ball.press("Space"), ball.click, lambda: drag(page, "ball", 2, 2))
    for take in takes:  # a press that slips a little is no drag
        w, b, _, _, by_w, by_b, lr, then = numbers(page)
        tip = re.findall(r"[\d.]+", arrow.get_attribute("d"))[2:4]
        take()
        assert numbers(page)[:3] == pytest.approx([w - lr * by_w, b - lr * by_b, then], abs=0.11), "one step and no more"
        assert ball.get_attribute("transform") == "translate({} {})".format(*tip)
    ball.press("Home")
    ball.press("PageDown")
    assert numbers(page)[1] != b


def test_what_is_let_go_on_the_ball_after_another_way_is_no_press(visit):
    page = visit("landscape")
    ball = page.get_by_role("application", name="the ball")
    for is_first in (True, False):  # before any press, and after one
        before, box = ball.get_attribute("aria-label"), ball.locator(".knob").bounding_box()
        page.mouse.move(box["x"] - 60, box["y"] - 60)
        page.mouse.down()
        page.mouse.move(box["x"] + 8, box["y"] + 8)
        page.mouse.up()
        assert ball.get_attribute("aria-label") == before
        if is_first:
            ball.click()
            assert ball.get_attribute("aria-label") != before


def test_on_the_flat_place_a_step_leads_nowhere(visit):
    page = visit("landscape")
    ball = page.get_by_role("application", name="the ball")
    for _ in range(8):
        ball.press("PageDown")
    assert "b = -5.0" in says(page).replace("−", "-") and "is (0.00, 0.00)" in says(page)
    before = ball.get_attribute("aria-label")
    ball.press("Enter")
    assert ball.get_attribute("aria-label") == before


def test_a_drop_is_watched_step_by_step_where_motion_is_welcome(visit):
    page = visit("landscape", reduced_motion="no-preference")
    note_what_is_said(page)
    page.get_by_role("button", name="Drop it").click()
    page.get_by_text("of 20 walks").wait_for()
    assert page.evaluate("said.filter((sentence) => sentence.startsWith('Step ')).length") > 3


def test_the_ball_is_dragged_by_finger_and_the_page_stays(visit, phone):
    page = visit("landscape", phone)
    before, scrolled = numbers(page), page.evaluate("scrollY")
    box = page.locator("[data-name=ball] .knob").bounding_box()
    x, y = box["x"] + 8, box["y"] + 8
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for far in range(10, 121, 10):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y + far}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settle(page)
    box = page.locator("[data-name=ball] .knob").bounding_box()
    assert box["y"] + 8 == pytest.approx(y + 120, abs=8), "it lies below the finger, though the ground falls"
    assert numbers(page)[0] == before[0] and numbers(page)[1] < before[1]
    assert page.evaluate("scrollY") == scrolled
