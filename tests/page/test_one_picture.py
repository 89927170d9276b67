"""One picture through the network and back: the figures of utils/picture.py, and the picture in the hand, against autograd."""

import json
import re

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from mxnet import autograd, nd

from tools import demonstration as demo
from tools import hand
from utils import LABELS, init_params, mlp, plt, seed_everything, show_backward, show_forward, softmax, softmax_cross_entropy
from utils.plotting import SIGNS

pytestmark = pytest.mark.any_prose

BOOT, SANDAL = LABELS.index("ankle boot"), LABELS.index("sandal")
IMAGES = demo.read_js(demo.FOLDER / "images.js")
PIXELS = demo.unpacked(IMAGES["pixels"], "uint8").reshape(-1, 784).astype("float32") / 255
SUMS = 1e-4  # tolerance for sums of 784 rounded products, of which 1e-6 was measured; a wrong formula is off by far more


def with_gradients(x, y, params):
    """NDArrays: hidden units (256,), scores (10,), the gradient of the scores; and those of the parameters in their grad."""
    X = nd.array(x).reshape((1, -1))
    for param in params:
        param.attach_grad()
    with autograd.record():
        O = mlp(X, params)
        l = softmax_cross_entropy(O, nd.array([y]))
    l.backward()
    H = nd.maximum(nd.dot(X, params[0]) + params[1], 0)
    return H[0].asnumpy(), O[0].asnumpy(), [param.grad.asnumpy() for param in params], l.asscalar()


# The figures


@pytest.fixture
def network():
    seed_everything(1)
    return init_params(scale=0.1)


def axes_with(label):
    return next(ax for ax in plt.gcf().axes if label in ax.get_title("left"))


def lengths(ax):
    return [bar.get_width() for bar in ax.patches if isinstance(bar, plt.Rectangle)]


def shown(ax):
    """The numbers that a picture shows by hue and opacity, as shares of the largest."""
    picture = np.asarray(ax.images[0].get_array())
    return np.where(np.isclose(picture[..., :3], to_rgb(SIGNS["plus"])).all(axis=-1), 1, -1) * picture[..., 3]


def pictures(title):
    return np.array([shown(ax).ravel() for ax in plt.gcf().axes if title in ax.get_title()])


def are(shares, numbers):
    """Whether shares are those of the numbers, in the fifteenths of opacity that are drawn."""
    return np.abs(shares - numbers / np.abs(numbers).max()).max() < 0.5 / 15 + SUMS


@pytest.mark.filterwarnings("error:Conversion of an array with ndim")  # newer NumPy refuses it
def test_the_way_there_is_that_of_the_network(network):
    show_forward(PIXELS[36], network, np.array([BOOT]), units=(7, 100, 255))  # as y[0] of a minibatch is
    H, O, _, loss = with_gradients(PIXELS[36], BOOT, network)
    W1 = network[0].asnumpy()
    assert np.allclose(lengths(axes_with("scores")), O, atol=SUMS)
    assert np.allclose(lengths(axes_with("probability")), softmax(nd.array([O])).asnumpy(), atol=SUMS)
    assert f"loss {loss:.2f}" in axes_with("probability").get_title("left")
    assert np.allclose(axes_with("all hidden units").patches[0].get_data().values, H, atol=SUMS)
    weights = W1.T[[7, 100, 255]]
    assert are(pictures("unit"), weights) and are(pictures("× pixels"), weights * PIXELS[36])
    for unit in (7, 100, 255):
        assert any(f"relu {H[unit]:.3f}" in ax.get_xlabel() for ax in plt.gcf().axes)
    plt.close()


def test_the_way_back_is_minus_the_gradient_and_the_step_is_that_of_sgd(network):
    show_backward(PIXELS[36], network, BOOT, (7, 100, 255), lr=0.05)
    _, _, (dW1, db1, dW2, db2), _ = with_gradients(PIXELS[36], BOOT, network)
    assert np.allclose(lengths(axes_with("the scores")), -db2, atol=SUMS)
    assert are(shown(axes_with("wishes of W2")), -dW2.T)
    assert np.allclose(axes_with("wishes of the hidden units").patches[0].get_data().values, -db1, atol=SUMS)
    assert are(pictures("× pixels"), -dW1.T[[7, 100, 255]])
    stepped = [nd.array(param.asnumpy() - 0.05 * g) for param, g in zip(network, (dW1, db1, dW2, db2))]
    after = softmax(mlp(nd.array(PIXELS[36:37]), stepped)).asnumpy()
    drawn = [lengths(axes_with(when)) for when in ("probability", "after a step")]
    assert np.allclose(drawn[1], after, atol=SUMS) and not np.allclose(drawn[0], after, atol=0.01)
    plt.close()


# The picture in the hand


@pytest.fixture(scope="module")
def drawn(browser):
    page = browser.new_page(viewport={"width": 700, "height": 900})
    hand.first_state(page, "boot")
    yield page
    page.close()


@pytest.fixture
def page(drawn):
    drawn.get_by_role("button", name="Start again").click()
    return drawn


def says(page):
    return page.locator("[role=status]").inner_text()


def probability(page):
    return float(re.search(r"probability (\d\.\d+)", says(page))[1])


@pytest.mark.parametrize("image, label", [(37, SANDAL), (19, 4)])
def test_its_gradient_and_its_step_are_those_of_autograd(page, image, label):
    text = page.evaluate(
        """async ([image, label]) => {
            const { picture } = await import("/hand/boot.js"), state = Object.assign(picture.start(), { image });
            state.labels[image] = label;
            const { probabilities, loss, gradients } = picture.compute(state);
            picture.step(state);
            const { W1, b1, W2, b2 } = state.params, all = { probabilities, loss, ...gradients, after: [W1, b1, W2, b2] };
            return JSON.stringify(all, (key, value) => (ArrayBuffer.isView(value) ? [...value] : value));
        }""",
        [image, label],
    )
    computed = json.loads(text)
    params = [nd.array(param) for param in demo.dequantise(demo.read_js(demo.FOLDER / "weights-10.js"))]
    _, O, gradients, loss = with_gradients(PIXELS[image], label, params)
    assert np.allclose(computed["probabilities"], softmax(nd.array([O])).asnumpy(), atol=SUMS)
    assert computed["loss"] == pytest.approx(loss, abs=1e-3)
    assert np.allclose(computed["dZ"], gradients[1], atol=SUMS) and np.allclose(computed["dO"], gradients[3], atol=SUMS)
    W1, b1, W2, b2 = (np.array(param) for param in computed["after"])
    for ours, param, gradient in zip((W1.T, b1, W2.T, b2), params, gradients):
        assert np.allclose(ours, param.asnumpy() - 0.01 * gradient, atol=SUMS / 10)


def test_steps_make_the_label_likelier(page):
    before = probability(page)
    page.get_by_role("button", name="One step").click()
    one = probability(page)
    page.get_by_role("button", name="Ten steps").click()
    assert "After 11 steps" in says(page)
    assert before < one < probability(page)
    page.get_by_role("button", name="Start again").click()
    assert probability(page) == before and "After 0 steps" in says(page)


def test_the_true_label_follows_the_keys(page):
    label = page.get_by_role("slider", name="true label")
    assert label.get_attribute("aria-valuetext") == "ankle boot"
    label.press("Home")
    assert "t-shirt has the probability" in says(page)
    label.press("ArrowUp")
    assert "trouser has the probability" in says(page)


def test_the_true_label_follows_the_mouse(page):
    knob = page.locator("[data-name=label] .knob").bounding_box()
    x, y = knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 4 * 18)
    page.mouse.up()
    assert "sandal has the probability" in says(page) and probability(page) > 0.5


def test_the_unit_and_the_picture_are_chosen(page):
    page.get_by_role("slider", name="hidden unit").press("End")
    assert "Unit 255 " in says(page)
    page.get_by_text("coat", exact=True).last.click()
    assert "coat has the probability" in says(page)
