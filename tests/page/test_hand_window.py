"""The picture in the hand on the window: its arithmetic compared with its chapter's; driven by mouse and keys."""

import numpy as np
import pytest

from tests.support.hand import cells_up_to, computed, drag, note_what_is_said, numbers, says

pytestmark = pytest.mark.any_prose

PAGE = "18_convolution"


@pytest.fixture(scope="module")
def convolution():
    return cells_up_to(PAGE, "train_acc, valid_acc = train(")


def test_the_window_makes_the_chapters_feature_maps(desk, convolution):
    for name, answers in zip(("upper", "left"), convolution["answers"].transpose((2, 0, 1))):
        found = computed(desk, f"picture.map(picture.{name})", ["window", None])
        assert found == pytest.approx((answers / 255).asnumpy().ravel(), abs=1e-5), name


def test_the_trained_kernels_are_the_chapters(desk, convolution):
    K, k, *_dense = convolution["params"]
    trained = np.vstack([K.asnumpy(), k.asnumpy()]).T
    assert np.allclose(computed(desk, "picture.trained", ["window", None]), trained, atol=0.03), "rounded, and other processors'"


def test_the_window_moves_by_keys_mouse_and_clicks_and_fills_the_map(visit):
    page = visit("window")
    assert numbers(page) == [16, 6, 1.04, 1.04]
    window = page.get_by_role("application", name="the window")
    window.press("ArrowDown")
    window.press("ArrowRight")
    assert numbers(page)[:2] == [17, 7]
    drag(page, "window", 0, -60)
    assert numbers(page)[0] < 12 and numbers(page)[1] == 7
    image = page.locator("figure [data-hand=window] svg").bounding_box()
    page.mouse.click(image["x"] + 5, image["y"] + 30)
    assert numbers(page) == [0, 0, 0, 0]
    unseen = page.locator("figure [data-hand=window] .tint")
    assert unseen.get_attribute("d").startswith("M8 17H26"), "what was seen stays"
    page.get_by_role("button", name="Slide over all").click()
    assert numbers(page)[:2] == [25, 25] and unseen.get_attribute("d").startswith("M0 26")


def test_the_map_is_filled_row_by_row_where_motion_is_welcome(visit):
    page = visit("window", reduced_motion="no-preference")
    note_what_is_said(page)
    page.get_by_role("button", name="Slide over all").click()
    page.get_by_text("The square from pixel (25, 25)").wait_for()
    rows = page.evaluate("said.map((sentence) => Number(/\\((\\d+)/.exec(sentence)[1]))")
    assert len(rows) > 20 and rows == sorted(rows)


def test_a_weight_is_turned_by_click_finger_and_keys(visit, phone):
    for page, act in ((visit("window"), lambda weight: weight.click()), (visit("window", phone), lambda weight: weight.tap())):
        weight = page.get_by_role("button", name="weight 7")
        scrolled = page.evaluate("scrollY")
        for turned in ("-1", "0", "1"):
            act(weight)
            assert weight.get_attribute("aria-label").startswith(f"weight 7: {turned},")
        assert page.evaluate("scrollY") == scrolled
        for key, turned in (("Enter", "-1"), ("Space", "0")):
            weight.press(key)
            assert weight.get_attribute("aria-label").startswith(f"weight 7: {turned},")
        drag(page, "weight-6", 20, 0)
        assert weight.get_attribute("aria-label").startswith("weight 7: 0,"), "what is dragged away is no press"
    assert not page.get_by_role("radio", name="upper edges").is_checked()
    for number in (1, 2):
        page.get_by_role("button", name="A trained kernel").click()
        assert f"Kernel {number} of the 8 that training made." in says(page)
    page.get_by_role("button", name="Start again").click()
    assert numbers(page) == [16, 6, 1.04, 1.04] and page.get_by_role("radio", name="upper edges").is_checked()
