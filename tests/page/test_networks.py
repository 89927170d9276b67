"""The reader's networks in the demonstration: which are kept, by which names, and what is none."""

import itertools

import pytest

from press.browser.listings import open_page
from tests.support.networks import network_of, yours
from tests.support.page import module

pytestmark = pytest.mark.any_prose

LAYER, LAYER_OF_1 = {"scale": 0.1, "bytes": "AAAA"}, {"scale": 1e300, "bytes": "AA=="}
NO_NETWORKS = {
    "layers of no network": {name: LAYER for name in ("W1", "b1", "W2", "b2")},
    "no hidden units": network_of(0),
    "what float32 can't hold": network_of(1) | {"b1": LAYER_OF_1},
    "better than any": network_of(1) | {"accuracy": 9e99},
}
# What is said of a file of My course with such a network, or how many things it has.
READ = """({ fileOf, read }, value) => {
    const text = JSON.stringify({ ...JSON.parse(fileOf()), kept: [{ kind: "network", about: "mine", value }] });
    try {
        return read(text).kept.length;
    } catch ({ message }) {
        return message;
    }
}"""


def test_a_file_with_a_network_that_is_none_is_refused(context, site):
    course = module(open_page(context, site, "reference/glossary"), "page/course.js")
    assert course.evaluate(READ, network_of(1) | {"accuracy": 0.1}) == 1
    said = {fault: course.evaluate(READ, value) for fault, value in NO_NETWORKS.items()}
    assert set(said.values()) == {"it is damaged at entry 1."}, said


def test_five_networks_are_kept_and_those_with_a_name_or_in_use_stay(context, site):
    page, asked, answers = open_page(context, site, "chapters/00_introduction"), [], []

    def answer(dialog):
        asked.append(dialog.message)
        given = answers.pop(0) if answers else ""
        dialog.dismiss() if given is None else dialog.accept(given)

    page.on("dialog", answer)
    page.locator("#demo").scroll_into_view_if_needed()
    page.locator(".demo-verdict").wait_for()
    assert not page.locator(".demo-yours").is_visible()
    networks, count = module(page, "page/networks.js"), itertools.count()

    def train(*accuracies):
        for accuracy in accuracies:
            network = network_of(256) | {"accuracy": accuracy, "training": next(count)}
            for epochs in (2, 3):
                networks.evaluate("({ keepTrained }, network) => keepTrained(network)", network | {"epochs": epochs})

    def rename(name):
        answers.append(name)
        page.get_by_role("button", name="rename").click()

    train(0.8, 0.1, 0.2)
    assert yours(page) == [f"3 epochs: {share}0.0 %" for share in (2, 1, 8)], "an epoch takes the place of the one before"
    choice = page.locator(".demo-yours select")
    assert choice.input_value() == "3 epochs: 20.0 %", "the newest"
    choice.select_option("3 epochs: 10.0 %")
    rename(" lost  at 5 ")
    assert choice.input_value() == "lost at 5"
    before = page.evaluate("JSON.stringify(localStorage)")
    rename(None)
    assert page.evaluate("JSON.stringify(localStorage)") == before, "nothing, where the reader cancels"
    rename("")
    assert choice.input_value() == "3 epochs: 10.0 %", "its own words"
    rename("lost at 5")
    rename("lost at 5")  # OK, and nothing was changed
    rename("3 epochs: 20.0 %")
    assert choice.input_value() == "lost at 5" and asked[-1] == "Another network has this name."
    train(0.3, 0.4, 0.5, 0.6, 9e9)
    damaged = {"W1": 1, "accuracy": 1}
    module(page, "page/kept.js").evaluate("({ set }, value) => set({ kind: 'network', about: 'damaged' }, value)", damaged)
    page.reload()
    page.locator("#demo").scroll_into_view_if_needed()
    page.locator(".demo-body[data-epoch='yours']").wait_for()
    assert yours(page) == [*(f"3 epochs: {share}0.0 %" for share in (6, 5, 4, 3)), "lost at 5"]
    assert page.locator(".demo-score").inner_text().endswith("60.0\N{NO-BREAK SPACE}% of all 10,000 test images")
    for left in range(4, -1, -1):
        page.get_by_role("button", name="remove").click()
        assert len(yours(page)) == left and asked[-1].startswith("Remove the network")
    page.locator(".demo-body[data-epoch='10']").wait_for()
    assert not page.locator(".demo-yours").is_visible()
