"""Predictions that are drawn: a curve by mouse and keys, and the real one over it."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.any_prose


def test_a_curve_is_drawn_and_the_real_one_over_it_and_each_output_that_answers_it_is_uncovered(page, site):
    page.goto(f"{site}chapters/06_training.html")
    box = page.locator(".predict.sketch")
    plot, said, output = box.get_by_role("slider"), box.locator(".said"), page.locator(".sketch + .cell .cell_output pre")
    plot.scroll_into_view_if_needed()
    where = plot.bounding_box()
    page.mouse.click(where["x"] + 0.5 * where["width"], where["y"] + 0.9 * where["height"])
    assert heights(box, "yours") == [], "a click on an epoch's number draws nothing"
    page.mouse.move(where["x"] + 0.1 * where["width"], where["y"] + 0.75 * where["height"])
    page.mouse.down()
    page.mouse.move(where["x"] + 0.99 * where["width"], where["y"] + 0.4 * where["height"])
    page.mouse.up()
    assert said.inner_text() == "" and not output.is_visible()
    drawn = heights(box, "yours")
    assert len(drawn) == 10 and drawn == sorted(drawn, reverse=True) and drawn[0] - drawn[9] > 0.3 * 280
    covered = page.locator(".covered").count()
    box.get_by_role("button", name="Compare").click()
    assert page.locator(".covered").count() == covered - 2, "the training below it, and its curves"
    assert output.is_visible() and said.inner_text().endswith(" It printed 0.819 at epoch 1 and 0.872 at epoch 10.")
    page.reload()
    assert said.inner_text().endswith(" It printed 0.819 at epoch 1 and 0.872 at epoch 10.")
    assert heights(box, "yours") == pytest.approx(drawn, abs=0.2) and len(heights(box, "real")) == 10
    yours, printed = (box.get_by_text(name, exact=True).bounding_box() for name in ("yours", "it printed"))
    assert yours["y"] > printed["y"] and yours["x"] + yours["width"] > where["x"] + 0.9 * where["width"], (
        "each at its curve's end"
    )


def heights(box, line):
    points = box.locator(f".{line}").get_attribute("points").split()
    return [float(point.split(",")[1]) for point in points]


def test_a_curve_is_compared_once_it_is_drawn_to_its_end(page, site):
    """What is left undrawn is neither made up nor said back as the reader's."""
    page.goto(f"{site}chapters/06_training.html")
    box, output = page.locator(".predict.sketch"), page.locator(".sketch + .cell .cell_output pre")
    plot, compare, wanted = box.get_by_role("slider"), box.get_by_role("button", name="Compare"), "from epoch 1 to epoch 10"
    compare.click()
    expect(box.locator(".said")).to_contain_text(wanted)
    plot.scroll_into_view_if_needed()
    where = plot.bounding_box()

    def at(across, down):
        return where["x"] + across * where["width"], where["y"] + down * where["height"]

    page.mouse.move(*at(0.1, 0.6))
    page.mouse.down()
    page.mouse.move(*at(0.4, 0.5))
    page.mouse.up()
    compare.click()
    expect(box.locator(".said")).to_contain_text(wanted)
    assert 1 < len(heights(box, "yours")) < 6 and not output.is_visible()
    begun = heights(box, "yours")
    page.reload()
    assert heights(box, "yours") == pytest.approx(begun, abs=0.5) and not output.is_visible(), "what is begun survives a reload"
    plot.scroll_into_view_if_needed()
    where = plot.bounding_box()
    page.mouse.click(*at(0.98, 0.3))
    assert len(heights(box, "yours")) == 10, "a new stroke goes on from the end of the last"
    compare.click()
    assert output.is_visible() and "You said" in box.locator(".said").inner_text()


def test_a_curve_is_drawn_by_keys(page, site):
    page.goto(f"{site}chapters/06_training.html")
    box = page.locator(".predict.sketch")
    box.get_by_role("slider").focus()
    for key in ("ArrowUp", "End", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    assert box.get_by_role("slider").get_attribute("aria-valuetext") == "epoch 10: 0.856"
    own = "epoch 1 loss 0.80 test 0.81\nepoch 2 loss 0.50 test 0.84"
    page.locator(".sketch + .cell .cell_output pre").evaluate("(pre, own) => { pre.textContent = own; }", own)
    page.wait_for_function("() => document.querySelector('.sketch .real').getAttribute('points')")
    assert len(heights(box, "real")) == 2, "the curve of a run grows before it is compared, also one in other words"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert box.locator(".said").inner_text() == (
        "You said 0.852 at epoch 1 and 0.856 at epoch 10. It printed 0.810 at epoch 1 and 0.840 at epoch 2."
    )


def test_a_loss_that_rises_again_is_drawn_over_a_guess_that_falls(page, site):
    page.goto(f"{site}chapters/16_generalise.html")
    box = page.locator(".predict.sketch")
    box.get_by_role("slider").focus()
    for key in ("ArrowDown", "End", "ArrowDown"):
        page.keyboard.press(key)
    assert box.get_by_role("slider").get_attribute("aria-valuetext") == "epoch 120: 0.46"
    box.get_by_role("button", name="Compare").click()
    real = heights(box, "real")
    assert len(real) == 6 and max(real) > real[-1] + 10, "smaller is higher: the last loss is above the least"
