"""The course's Python in a page, whose listings a reader replaces: its numbers, its arrays, its trainings, its problems."""

import json
import re

import pytest

from press.book.contents import file_of
from press.browser.listings import ended, listing, open_blank, open_page, output, press_run, run, states, write, write_all
from tests.support.dependencies import run_in_each_order
from tests.support.page import restore
from tests.support.page_python import open_kernel
from tools import browser_numbers

pytestmark = pytest.mark.any_prose

LIGHT = "chapters/01_fashion_mnist"  # any with listings


@pytest.fixture(scope="module")
def opened(reader, site):
    return open_page(reader, site, LIGHT)


@pytest.fixture
def page(opened, site):
    """The page that these tests share, so that Python starts once. After each test the original listings are restored."""
    opened.bring_to_front()  # a tab in the background is slow
    if not opened.url.startswith(site + file_of(LIGHT)):  # a test has failed, and has left it
        opened.goto(site + file_of(LIGHT))
    yield opened
    restore(opened)


@pytest.fixture(scope="module")
def blank(reader, site):
    page = open_blank(reader, site)
    yield page
    page.close()


@pytest.mark.parametrize(
    ("name", "code"),
    [("losses", browser_numbers.LOSSES), pytest.param("epochs", browser_numbers.EPOCHS, marks=pytest.mark.weekly)],
)
def test_numbers_are_the_same_in_every_browser(page, name, code):
    """Bit for bit: WebAssembly's arithmetic is deterministic."""
    assert browser_numbers.printed(page, code) == json.loads(browser_numbers.FILE.read_text(encoding="utf-8"))[name]


def test_a_page_offers_no_other_engine(page):
    assert run(page, 1, "from mxnet import nd\nnd.unknown")[2].endswith(": use a name from the chapters.")


def test_outputs_follow_from_the_code_above_in_any_order_of_runs(page):
    """Backward frees the graph, which belongs to the W with which it was recorded."""
    make = "from mxnet import autograd, nd\nW = nd.ones(2)\nW.attach_grad()"
    write_all(page, make, "with autograd.record():\n    l = (W * W).sum()", "l.backward()\nprint(W.grad.asnumpy())")
    run(page, 3)
    for number in (2, 2, 1, 3, 2, 3, 2):
        run(page, number)
        assert listing(page, number).get_attribute("data-state") == "ran"
    assert states(page) == ["ran"] * 3, "a repeated run with the same code changes nothing"
    assert output(page, 3) == "[2. 2.]"


SCENES = [
    ("from mxnet import nd\nX = nd.ones(2)", "X[:] = 5", "print(X.asnumpy())"),
    ("import random\nfrom utils import seed_everything\nseed_everything(1)", *["print(random.random())"] * 2),
    ("import random\nfrom utils import seed_everything", *["seed_everything(1)\nprint(random.random())"] * 2),
]


@pytest.fixture(scope="module")
def kernel():
    with open_kernel() as ask:
        yield ask


@pytest.mark.parametrize("codes", SCENES)
def test_each_order_of_runs_gives_what_a_run_from_top_to_bottom_gives(blank, kernel, codes):
    run_in_each_order(blank, kernel, codes)


def test_the_bar_says_how_far_an_epoch_is(page):
    write(page, 1, "import epochs\nepochs.PAUSE = 0\nfrom utils import load_data_fashion_mnist\n"
          "train_iter, _ = load_data_fashion_mnist(256)\nwhile True:\n    for X, y in train_iter: pass")  # fmt: skip
    press_run(page, 1)
    page.locator(".run-meter", has_text=re.compile(r"^\d+ of 235 minibatches, \d+ s$")).wait_for()
    page.click(".run-bar .stop")
    assert ended(page)[0] == "stopped"


@pytest.mark.weekly
def test_stop_in_the_middle_of_an_epoch_and_continue(page):
    write(page, 1, TRAINING)
    press_run(page, 1)
    listing(page, 1).get_by_text("epoch 1,").wait_for()
    page.click(".run-bar .stop")
    assert ended(page)[0] == "stopped"
    first_line = output(page, 1).splitlines()[0]
    state, _, text = run(page, 1, TRAINING.replace("num_epochs = 9", "num_epochs = 1"), 300)
    assert state == "done" and text.splitlines()[0] == first_line


TRAINING = """
from utils import *
num_epochs = 9
seed_everything(42)
train_iter, test_iter = load_data_fashion_mnist(256)
params = init_params()
train_ch3(lambda X: mlp(X, params), train_iter, test_iter, softmax_cross_entropy, num_epochs, 256, params, 0.5)
"""


RIGHT_ERROR = """
def gradient_error(f, x, gradient, h=1e-5):
    numeric = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        old = x[i]
        x[i] = old + h
        above = f(x)
        x[i] = old - h
        below = f(x)
        x[i] = old
        numeric[i] = (above - below) / (2 * h)
    return np.max(np.abs(numeric - gradient) / (np.abs(numeric) + np.abs(gradient) + 1e-30))

check_problem("gradient check", gradient_error)
"""


def test_problems_that_are_solved_are_counted(page, reader, site):
    assert "Right: " in run(page, 1, f"import numpy as np\nfrom utils import check_problem\n{RIGHT_ERROR}")[2]
    later = open_page(reader, site, "chapters/23_problems")
    assert later.locator(".done-here [role=status]").inner_text() == "Done in this chapter: 1 of 12 problems."
    assert later.locator(".contents a", has_text="Solve problems").inner_text().endswith("1 of 12 problems")
    later.close()
