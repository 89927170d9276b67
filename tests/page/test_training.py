"""A training that is stopped, or left: the last epoch is kept, and the listings below go on with it."""

import base64
import os
import re

import pytest

from press.browser.chromium import wait_until
from press.browser.listings import ENDED, ended, open_page, output, press_run, ran, row, run, write_all
from tests.support.killed import to_be_killed
from tests.support.networks import network_of, yours
from tests.support.page import module

pytestmark = pytest.mark.any_prose

CHAPTER = "chapters/09_descent"  # its first four listings are none to write

TRAINING = """from utils import *
from utils.data import Minibatches
train_iter, test_iter = load_data_fashion_mnist(256)
few = Minibatches(train_iter.images[:512].asnumpy()[:, 0], train_iter.labels[:512].asnumpy(), 256, shuffle=True)
def train(epochs):
    return train_ch3(lambda X: mlp(X, params), few, few, softmax_cross_entropy, epochs, 256, params, 0.1)"""
ENDLESS_TRAINING = """params = init_params(num_hiddens=8)
def train_for_long():
    history = {"test_acc": []}
    for epoch in range(10_000):
        history["test_acc"] += train(1)["test_acc"]
    return history
history = train_for_long()"""
EPOCHS = """() => Object.entries(localStorage).filter(([key]) => key.startsWith("my course /course/\\nnetwork\\n"))
    .map(([, record]) => JSON.parse(record).value?.epochs).filter(Boolean).sort((one, other) => one - other)"""


# Whether the database has what was kept last.
WRITTEN = """new Promise((resolve) => {
    const opening = indexedDB.open("my course /course/");
    opening.onsuccess = () => {
        const asked = opening.result.transaction("records").objectStore("records").getAll();
        asked.onsuccess = () => resolve(asked.result.some(({ text }) => text.includes("typed")));
    };
})"""


def epochs_kept(page, least):
    """After how many epochs each of the networks that are kept stands, once the last is at least so many."""
    page.wait_for_function(f"(least) => Math.max(0, ...({EPOCHS})()) >= least", arg=least, polling=20)
    return page.evaluate(EPOCHS)


def test_a_training_that_is_stopped_or_left_keeps_the_last_epoch_and_the_listings_below_go_on_with_it(visitor, site):
    page = open_page(visitor, site, CHAPTER)
    write_all(page, TRAINING, ENDLESS_TRAINING, "print(len(history['test_acc']))", "again = train(1)")
    press_run(page, 2)
    epochs_kept(page, 2)
    page.click(".run-bar .stop")
    state, said = ended(page)
    [reached] = epochs_kept(page, 2)
    assert state == "stopped" and said.startswith(f"Listing 2 is stopped after {reached} epochs.")
    assert row(page, 2) == f"Listing 2 · edited · stopped after {reached} epochs"
    assert ran(page, 3) == [3] and int(output(page, 3)) in (reached - 1, reached), "its last epoch may not be measured yet"
    assert page.locator(f".run-bar {ENDED}").inner_text().endswith(f"Listing 2 was stopped after {reached} epochs.")
    assert ran(page, 4) == [4] and epochs_kept(page, 3) == [reached + 1]
    press_run(page, 2)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator(".cell[data-state=running]").wait_for()
    page.click(".turn a >> nth=0", no_wait_after=True)
    page.wait_for_function("() => true")
    assert asked == ["beforeunload"] and CHAPTER in page.url
    page.wait_for_function(f"() => ({EPOCHS})().length === 2 && ({EPOCHS})()[0] >= 1", polling=20)
    page.close()
    later = open_page(visitor, site, CHAPTER)
    assert len(later.evaluate(EPOCHS)) == 2, "both trainings"
    check = 1 + later.locator(".cell:has(> .cell_input)").evaluate_all("all => all.findIndex((one) => one.matches('details'))")
    looks = "from pathlib import Path\nassert Path('mynetwork.npz').exists()"
    write_all(later, looks, *["pass"] * (check - 2))
    why = "It looks into your network, \\d+ epochs?, learning rate 0.1, 8 units"
    assert re.match(f"What listing {check} checks does not hold. {why}", run(later, check + 1, "pass")[1])
    later.close()


def test_what_was_reached_is_there_after_the_whole_browser_was_killed(browser, site, tmp_path):
    edit = {"kind": "edit", "page": "index.html", "about": "x"}
    with to_be_killed(browser.browser_type, tmp_path) as context:
        page = open_page(context, site, "chapters/00_introduction")
        networks, kept = module(page, "page/networks.js"), module(page, "page/kept.js")
        weights = {"scale": 1, "bytes": base64.b64encode(os.urandom(784 * 256)).decode()}  # as long as a trained network's
        for epochs in range(1, 8):
            network = network_of(256) | {"W1": weights, "training": 1, "epochs": epochs, "accuracy": 0.8}
            networks.evaluate("({ keepTrained }, network) => keepTrained(network)", network)
        kept.evaluate("({ set }, edit) => set(edit, 'typed')", edit)
        wait_until(page, WRITTEN, 10)
    with to_be_killed(browser.browser_type, tmp_path) as context:
        page = open_page(context, site, "chapters/00_introduction")
        page.locator("#demo").scroll_into_view_if_needed()
        page.locator(".demo-yours select").wait_for()
        assert yours(page) == ["7 epochs: 80.0 %"]
        assert module(page, "page/kept.js").evaluate("({ get }, edit) => get(edit)", edit) == "typed"
