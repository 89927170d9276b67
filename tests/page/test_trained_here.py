"""A network that a listing of the page has trained is there in the demonstration, of this page and of the first one."""

import pytest

from press.browser.chromium import settle
from press.browser.listings import open_page, run
from tests.support.networks import yours
from utils import fashion_mnist_arrays

pytestmark = pytest.mark.any_prose

TRAINED = """
from utils import *
from utils.data import Minibatches
train_iter, test_iter = load_data_fashion_mnist(256)
few = Minibatches(train_iter.images[:512].asnumpy()[:, 0], train_iter.labels[:512].asnumpy(), 256)
seed_everything(0)
params = init_params(num_hiddens=20, scale=0.1)
for epoch in range(2):
    train_epoch(lambda X: mlp(X, params), few, softmax_cross_entropy, lambda: sgd(params, 0.5, 256))
print("%.1f" % (100 * evaluate_accuracy(test_iter, lambda X: mlp(X, params))))
"""


def test_the_demonstration_takes_the_network_that_a_listing_trains_and_uses_the_newest(visitor, site):
    page = open_page(visitor, site, "chapters/06_training")
    page.locator("#draw").scroll_into_view_if_needed()
    trained_for = page.get_by_label("Trained for")
    trained_for.wait_for()
    assert trained_for.get_attribute("max") == "3"  # the book's four, until the reader has trained one
    state, _, accuracy = run(page, 1, TRAINED)
    assert state == "done"
    page.locator(".demo-body[data-epoch='yours']").wait_for()
    first = f"2 epochs, learning rate 0.5, 20 units: {accuracy.strip()} %"
    assert yours(page) == [first] and not page.get_by_text("the newest of these").is_visible()
    assert page.locator(".demo-curve").get_attribute("aria-label").endswith(f", {accuracy.strip()} %")
    assert trained_for.get_attribute("aria-valuetext") == "yours, 2 epochs"
    assert f"{accuracy.strip()}\N{NO-BREAK SPACE}% of all 10,000" in page.locator(".demo-score").inner_text()
    trained_for.fill("2")  # the book's, after three epochs
    later = run(page, 2, TRAINED.replace("0.5", "0.1"))[2].strip()
    page.get_by_text("the newest of these").wait_for()
    choice = page.locator(".demo-yours select")
    assert choice.input_value() == f"2 epochs, learning rate 0.1, 20 units: {later} %" and yours(page)[1:] == [first]
    choice.select_option(first)
    assert not page.get_by_text("the newest of these").is_visible()
    images, labels = fashion_mnist_arrays()[1]
    boot = images[labels == 9][0].ravel().tolist()
    code = f"from mxnet import nd\nprint(*(softmax(mlp(nd.array([{boot}]) / 255, params)) * 100).asnumpy()[0])"
    probabilities = [float(number) for number in run(page, 1, TRAINED + code)[2].split()[1:]]
    home = visitor.new_page()
    home.goto(site)
    home.locator("#demo").scroll_into_view_if_needed()
    home.locator(".demo-body[data-epoch='yours']").wait_for()
    settle(home)
    shown = [float(text.split()[0]) for text in home.locator(".demo-number").all_inner_texts()]
    assert shown == pytest.approx(probabilities, abs=1)  # parameters in 255 steps, and a hidden layer of 20 units
    assert home.locator(".demo-units").inner_text() == "20"
