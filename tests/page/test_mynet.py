"""The file mynet.py: the reader's functions are saved to it, loaded from it, and chapter 7 uses them beside a network."""

import base64
import re

import pytest
from playwright.sync_api import expect

from press.browser.listings import ended, hold, open_page, output, press_run, run, write
from press.notebooks.chapters import ROOT, code_cells, read_source
from tests.support.page import forget as forget_all
from tests.support.page import module
from tests.support.page_slots import keep
from utils.mynet import read, written

pytestmark = pytest.mark.any_prose

FIRST = "chapters/00_introduction"
RELU = "def relu(X):\n    return nd.maximum(X, 0)"
SGD = "def sgd(params, lr, batch_size):\n    for param in params:\n        param[:] = param - lr * param.grad / batch_size"


def test_functions_are_saved_as_a_file_and_python_starts_with_those_of_it_that_are_judged_right(visitor, site, tmp_path):
    """And with the reader's network. A function can fail though it was judged right, for what another listing gives it."""
    page = open_page(visitor, site, FIRST)
    for name, code in {"relu": RELU, "mlp": "def mlp(X", "sgd": SGD}.items():
        keep(page, name, code)
    page.reload()
    page.get_by_text(re.compile(r"^3 of \d\d are yours")).wait_for()
    assert page.locator(".map li.written").all_text_contents() == ["relu", "mlp", "sgd"]
    with page.expect_download() as download:
        page.get_by_role("button", name="Save mynet.py").click()
    file = tmp_path / "mynet.py"
    download.value.save_as(file)
    text = file.read_text(encoding="utf-8")
    assert RELU in text and SGD in text
    forget_all(page)
    keep_networks(page)
    page.reload()
    page.locator("#yours").scroll_into_view_if_needed()
    page.get_by_text(re.compile(r"^0 of \d\d are yours")).wait_for()
    file.write_text(text.replace("maximum", "minimum"), encoding="utf-8")
    release = hold(page, "judge")
    page.locator("#yours input").set_input_files(file)
    page.get_by_text("Judging function 1 of 3").wait_for()
    write(page, 1, code_of_chapter_7())
    press_run(page, 1)
    expect(page.locator(".cell").first).to_have_attribute("data-state", "waiting")
    release()
    said = page.locator("#yours p", has_text="are right and were loaded")
    said.wait_for()
    assert re.match(r"1 of \d\d are yours. 1 of the 3 functions in mynet.py are right", said.inner_text())
    assert "relu: Not yet: " in said.inner_text() and "mlp: Not yet: it can't be run" in said.inner_text()
    assert page.locator(".map li.written").all_text_contents() == ["sgd"]
    assert ended(page)[0] == "done" and output(page, 1).startswith("your network: test acc ")
    assert output(page, 1).endswith("\nyour network [0.5 0.5 0.5] mynet utils.network"), "sgd is the reader's, and mlp is not"
    assert "your sgd, line 3, in sgd" in run(page, 1, "from mxnet import nd\nfrom utils import sgd\nsgd([nd.ones(2)], 0.5, 1)")[2]
    file.write_text("print('another file')", encoding="utf-8")
    page.locator("#yours input").set_input_files(file)
    page.get_by_text("is no file that Save mynet.py made").wait_for()


def keep_networks(page):
    """Keep a network of the reader's, and one of another make, which does no harm."""
    kept = module(page, "page/kept.js")
    layers = {name: {"scale": 0.25, "bytes": base64.b64encode(bytes([2]) * size).decode()} for name, size in LAYERS.items()}
    kept.evaluate("({ set }, network) => set({ kind: 'network', about: 'mine' }, network)", {**layers, "accuracy": 0.5})
    kept.evaluate("({ set }) => set({ kind: 'network' }, {})")


def code_of_chapter_7():
    """Its listing that takes the reader's network, without the images. It prints whose that is, and whose two functions are."""
    cells = code_cells(read_source(ROOT / "chapters" / "07_prediction.md"))
    takes_it = next(cell.source for cell in cells if "mynetwork.npz" in cell.source)
    return f"{NO_DATA}{takes_it}\nprint(whose, params[0][0].asnumpy(), sgd.__module__, mlp.__module__)"


LAYERS = {"W1": 784 * 3, "b1": 3, "W2": 3 * 10, "b2": 10}
NO_DATA = """
from pathlib import Path
import numpy as np
from mxnet import nd
from utils import evaluate_accuracy, mlp, sgd
test_iter = [(nd.ones((1, 1, 28, 28)), nd.array([0]))]
"""


def test_python_and_the_page_write_and_read_one_mynet(context, site):
    page = open_page(context, site, FIRST)
    codes = {"relu": f"# --- mine\n{RELU}  # mine\n# --- use(globals())", "mlp": RELU}
    for name, code in codes.items():
        keep(page, name, code)
    functions, text = module(page, "run/functions.js"), written(codes)
    assert functions.evaluate("({ asFile }, names) => asFile(names)", [*codes]) == text
    assert functions.evaluate("({ fromFile }, text) => Object.fromEntries(fromFile(text))", text) == read(text)
