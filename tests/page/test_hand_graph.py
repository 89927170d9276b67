"""The picture in the hand on the graph of numbers: its arithmetic compared with its chapter's; driven by mouse and keys."""

import pytest
from mxnet import autograd, nd

from tests.support.hand import computed, drag, note_what_is_said, says

pytestmark = pytest.mark.any_prose

PAGE = "10_autograd"


def test_the_graph_has_the_gradients_of_autograd(desk):
    for numbers_in in ((3, 2, 1, -1, 1), (-4, 2, 5, 3, -2), (1, 1, 0, 2, -9)):
        inputs = dict(zip(("w1", "x1", "w2", "x2", "b"), numbers_in))
        params = {name: nd.array([value]) for name, value in inputs.items()}
        for param in params.values():
            param.attach_grad()
        with autograd.record():
            w1, x1, w2, x2, b = params.values()
            e = nd.relu(w1 * x1 + w2 * x2 + b) - 4
            L = e * e
        L.backward()
        for name, param in params.items():
            found = computed(desk, f"picture.backward(picture.forward(argument).edges).{name}", ["graph", inputs])
            assert found == param.grad.asscalar(), (inputs, name)


def test_a_node_shows_its_paths_and_an_input_changes_the_gradients(visit):
    page = visit("graph")
    page.locator("[data-name=s] rect").hover()
    assert says(page) == "Two paths lead along s → h → e → L. ds = 1 · 1 · 2 + 1 · 1 · 2 = 4."
    w1 = page.get_by_role("slider", name="w1", exact=True)
    w1.focus()
    assert says(page).endswith("dw1 = 2 · 1 · 1 · 1 · 2 + 2 · 1 · 1 · 1 · 2 = 8.")
    b = page.get_by_role("slider", name="b", exact=True)
    b.press("PageDown")
    assert b.get_attribute("aria-valuenow") == "-9" and says(page).endswith(" = 0.")
    drag(page, "w1", 0, -24)
    assert w1.get_attribute("aria-valuetext") == "5, gradient 0"


def test_the_gradients_go_back_edge_by_edge(visit):
    page = visit("graph")
    gradients = {}
    for count in range(12):
        page.get_by_role("button", name="One edge back").click()
        gradients[count] = [page.locator(f"[data-name={name}]").get_attribute("aria-label").split()[-1] for name in "es"]
    assert says(page).startswith("Point at a number") and gradients[11] == ["4", "4"]
    assert [gradients[count] for count in range(5)] == [["?", "?"], ["2", "?"], ["4", "?"], ["4", "?"], ["4", "4"]]
    for _ in range(3):
        page.get_by_role("button", name="One edge back").press("Enter")
    assert says(page) == "Edge 2 of 11, L to e: the slope 2 times dL = 1 is added, and de is 4 now."
    page.locator("[data-name=s] rect").hover()
    assert says(page).startswith("Edge 2 of 11"), "pointing would end what plays"
    page.get_by_role("button", name="Backward").click()
    assert says(page).startswith("Point at a number")


def test_the_gradients_are_watched_on_their_way_where_motion_is_welcome(visit):
    page = visit("graph", reduced_motion="no-preference")
    note_what_is_said(page)
    page.get_by_role("button", name="Backward").click()
    page.get_by_role("status").filter(has_text="Point at a number").wait_for()
    edges = page.evaluate(
        "said.filter((sentence) => sentence.startsWith('Edge ')).map((sentence) => Number(sentence.split(' ')[1]))"
    )
    assert edges == sorted(set(edges)) and len(edges) > 5
