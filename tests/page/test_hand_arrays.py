"""The picture in the hand on the graph of arrays: its arithmetic compared with its chapter's; driven by mouse and keys."""

import re

import pytest

from tests.support.hand import cells_up_to, computed, says

pytestmark = pytest.mark.any_prose

PAGE = "12_autograd_arrays"


def test_the_arrays_are_the_chapters_in_their_order(desk):
    chapter = cells_up_to(PAGE, "tiny = [")
    l, _ = chapter["loss_and_gradients"](*(chapter[name] for name in ("X", "y", "tiny")))
    order = chapter["topological_order"]([l.node])
    edges = [[order.index(source) for source in node.inputs if source] for node in order]
    nodes = computed(desk, "Object.values(picture.nodes)", ["arrays", None])
    places = computed(desk, "Object.keys(picture.nodes)", ["arrays", None])
    assert [tuple(node["shape"]) for node in nodes] == [node.shape for node in order]
    assert [[places.index(source) for source in node["from"]] for node in nodes] == edges
    assert [len(node["rules"]) for node in nodes] == [len(found) for found in edges]


def test_a_gradient_is_complete_when_all_users_have_passed_theirs_on(visit):
    page = visit("arrays")
    page.locator("[data-name=exp] rect").hover()
    assert says(page) == "With the gradient dC, exp hands back dC times its result to subtract."
    back = page.get_by_role("button", name="One node back")
    come = []
    for _ in range(6):
        back.click()
        come.append(re.search(r"\d of \d", page.locator("[data-name=Z]").get_attribute("aria-label"))[0])
    assert come == ["0 of 2", "0 of 2", "1 of 2", "1 of 2", "1 of 2", "2 of 2"]
    assert says(page) == "With the gradient dC, exp hands back dC times its result to subtract."
    page.get_by_role("button", name="Backward").press("Enter")
    assert "1 of 1" in page.get_by_role("button", name="b1:").get_attribute("aria-label")
    page.get_by_role("button", name="b1:").focus()
    assert says(page) == "b1 is a parameter, so its gradient stays here, in its shape."
