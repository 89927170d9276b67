"""What a page promises of a curve to draw, and of networks that its reader has trained (tests/support/promises.py)."""

import pytest

from tests.support.networks import network_of
from tests.support.page import module
from tests.support.promises import *  # noqa: F403  the promises, and their fixtures
from tests.support.promises import asked_of, in_view, state

pytestmark = pytest.mark.any_prose

PAGE = "chapters/06_training.html"
TRAINING = []


@state(TRAINING, PAGE, ".predict.sketch", ".predict.sketch")
def a_curve_drawn(page):
    page.locator(".predict.sketch").get_by_role("slider").focus()
    for key in ("ArrowUp", "End", "ArrowUp"):
        page.keyboard.press(key)
    page.locator(".predict.sketch").get_by_role("button", name="Compare").click()


@state(TRAINING, PAGE, "#draw .demo-top", "#draw p")
def networks_of_the_readers_to_choose_from(page):
    keep = (
        "({ keepTrained }, network) => [3, 10].forEach((epochs) => "
        "keepTrained({ ...network, training: epochs, epochs, accuracy: 0.8, lr: 0.5 }))"
    )
    module(page, "page/networks.js").evaluate(keep, network_of(256) | {"curve": [[1, 0.7], [2, 0.8]]})
    in_view("#draw")(page)
    page.locator(".demo-yours select").wait_for()


pytest_generate_tests = asked_of(TRAINING)
