"""The picture in the hand on the scores: its arithmetic compared with its chapter's; driven by mouse and keys."""

import re

import numpy as np
import pytest
from mxnet import autograd, nd

from press.notebooks.chapters import FOLDER
from tests.support.hand import computed, drag, numbers, says
from utils import LABELS, softmax_cross_entropy

pytestmark = pytest.mark.any_prose

PAGE = "05_loss"


def test_scores_give_the_chapters_loss_and_gradient(desk):
    assert computed(desk, "picture.names", ["scores", None]) == LABELS
    for seed, scale in ((0, 1), (1, 3), (2, 100)):
        scores, y = np.random.RandomState(seed).normal(scale=scale, size=10), seed + 3
        O = nd.array(scores).reshape((1, 10))
        O.attach_grad()
        with autograd.record():
            loss = softmax_cross_entropy(O, nd.array([y]))
        loss.backward()
        found = computed(desk, "picture.compute(argument)", ["scores", {"O": scores.tolist(), "y": y}])
        assert found["loss"] == pytest.approx(loss.asscalar(), rel=1e-5)
        assert found["gradient"] == pytest.approx(O.grad.asnumpy()[0].tolist(), abs=1e-5)


def test_a_score_is_dragged_by_mouse_and_moved_by_keys(visit):
    page = visit("scores")
    probability, loss, gradient = numbers(page)
    drag(page, "score-4", 40, 0)
    assert numbers(page)[0] > probability and numbers(page)[1] < loss and numbers(page)[2] > gradient
    assert numbers(page)[1] == pytest.approx(-np.log(numbers(page)[0]), abs=2e-3)
    coat = page.get_by_role("slider", name="score of coat")
    coat.press("Home")
    assert coat.get_attribute("aria-valuenow") == "-6" and numbers(page)[1] > 6
    coat.press("ArrowRight")
    assert coat.get_attribute("aria-valuetext").startswith("-5.9, probability 0.00")
    page.get_by_role("button", name="All scores 0").click()
    assert numbers(page) == [0.1, 2.303, -0.9]
    page.get_by_role("button", name="A step against").click()
    assert numbers(page)[1] < 2.303
    page.get_by_text("shirt", exact=True).and_(page.locator("label span")).click()
    assert "The right answer is shirt" in says(page)


def test_an_arrow_at_a_score_ends_where_the_next_step_leads(visit):
    page = visit("scores")
    arrows = page.locator("figure [data-hand=scores] path.fourth")
    ends = [float(re.findall(r"[\d.]+", arrow.get_attribute("d"))[2]) for arrow in arrows.all()[1:]]  # the first explains them
    page.get_by_role("button", name="A step against").click()
    places = [page.locator(f"[data-name=score-{k}]").get_attribute("transform") for k in (2, 4, 6)]
    assert ends == pytest.approx([float(re.search(r"[\d.]+", place)[0]) for place in places], abs=0.2), "of pullover, coat, shirt"


def test_the_point_on_the_curve_has_the_loss(visit):
    page, point = visit("scores"), "figure [data-hand=scores] circle.third"
    for _ in range(2):
        loss = 5 * (500 - 36 - float(page.locator(point).get_attribute("cy"))) / 82  # 82 pixels from 0 to 5
        assert loss == pytest.approx(numbers(page)[1], abs=0.01)
        page.get_by_role("button", name="All scores 0").click()


def test_the_steps_that_the_chapter_counts_put_the_coat_ahead(visit):
    caption = "An arrow ends where a step with a learning rate of 1 takes the score; a second puts the coat ahead."
    assert caption in (FOLDER / f"{PAGE}.md").read_text("utf-8")
    page, ahead = visit("scores"), []
    for _ in range(2):
        page.get_by_role("button", name="A step against").click()
        scores = [float(page.locator(f"[data-name=score-{k}]").get_attribute("aria-valuenow")) for k in range(10)]
        ahead.append(LABELS[int(np.argmax(scores))])
    assert ahead == ["pullover", "coat"]


def test_a_score_goes_to_a_click_on_its_rail(visit):
    page = visit("scores")
    coat, bag = (page.locator(f"[data-name=score-{k}]") for k in (4, 8))
    rail = page.locator("figure [data-hand=scores] .rail").nth(4).bounding_box()
    page.mouse.click(rail["x"] + rail["width"] / 2, rail["y"] + rail["height"] / 2)
    assert (coat.get_attribute("aria-valuenow"), bag.get_attribute("aria-valuenow")) == ("0", "-1")


def test_the_picture_that_opens_a_chapter_is_alive_and_no_twin_of_the_one_in_the_text(desk, site):
    desk.goto(f"{site}chapters/{PAGE}.html")
    for place in (".opening", "figure"):
        desk.locator(f"{place} [data-hand=scores]").scroll_into_view_if_needed()
        desk.locator(f"{place} [data-hand=scores] svg").wait_for()
        desk.locator(f"{place} .hand-controls").get_by_text("shirt", exact=True).click()
    desk.locator("figure .hand-controls").get_by_text("pullover", exact=True).click()
    assert "The right answer is shirt" in desk.locator(".opening [role=status]").inner_text()
    assert desk.locator(".opening .hand-controls").get_by_label("shirt", exact=True).is_checked()
    assert "The right answer is pullover" in desk.locator("figure .hand-controls [role=status]").inner_text()
