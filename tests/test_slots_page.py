"""Slots in a page: the reader writes a function, is judged, and from then on the pages run on it."""

import re

import pytest

from tools.browser.chromium import settle
from tools.browser.listings import ended, open_page, output, press_run, run, write
from utils.mynet import written

RELU = "def relu(X):\n    return nd.maximum(X, 0)"
NUMBER = 6  # of the listing with the slot relu in chapter 3
SLOT = "#write-relu"


@pytest.fixture
def context(browser):
    context = browser.new_context()
    yield context
    context.close()


def slot_number(page, name):
    """The number of the listing with a slot."""
    return page.evaluate(
        "(id) => [...document.querySelectorAll('.cell:has(> .cell_input)')].indexOf(document.getElementById(id)) + 1",
        f"write-{name}",
    )


def verdict(page, name):
    return page.locator(f"#write-{name} .verdict")


def test_without_scripts_and_on_paper_only_the_books_function_is_there(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}chapters/03_activation.html")
    assert page.locator(f"{SLOT} .book").is_visible() and not page.locator(f"{SLOT} .mine").is_visible()
    context.close()


def test_a_page_prints_the_books_function(context, site):
    page = open_page(context, site, "chapters/03_activation")
    assert page.locator(f"{SLOT} .mine").is_visible() and not page.locator(f"{SLOT} .book").is_visible()
    page.emulate_media(media="print")
    assert page.locator(f"{SLOT} .book").is_visible() and not page.locator(f"{SLOT} .mine").is_visible()


def test_the_listings_run_with_the_books_function_until_the_readers_is_right(context, site):
    page = open_page(context, site, "chapters/03_activation")
    number = slot_number(page, "relu")
    run(page, number + 1)  # it uses relu, which nobody has written
    assert "100" in output(page, number + 1)
    write(page, number, "def relu(X):\n    return nd.minimum(X, 0)")
    run(page, number)
    wrong = verdict(page, "relu").text_content()
    assert "keeps what is negative" in wrong and "the book's relu" in wrong
    run(page, number + 1)
    assert "100" in output(page, number + 1)
    write(page, number, RELU + "  # mine")
    run(page, number)
    assert verdict(page, "relu").get_attribute("data-kind") == "right"
    write(page, number + 1, "import inspect\nprint('mine' in inspect.getsource(relu))")
    run(page, number + 1)
    assert output(page, number + 1) == "True"
    page.reload()
    verdict(page, "relu").get_by_text("relu is yours").wait_for()
    other = open_page(context, site, "chapters/04_model")
    other.get_by_text("The listings of this page use your own relu").wait_for()
    write(other, 1, "from utils import mlp, relu\nprint(relu.__module__, mlp.__module__)")
    run(other, 1)
    assert output(other, 1) == "mynet utils.network"
    other.get_by_role("button", name="Use the book's").click()
    other.get_by_text("use the book's functions, not yours").wait_for()
    run(other, 1)
    assert output(other, 1) == "utils.network utils.network"


@pytest.mark.parametrize(
    "code, said",
    [
        ("def relu(X):\n    return X.asnumpy()", "NumPy"),
        ("def relu(X):\n    while True:\n        pass", "When should its loop end"),
        ("def relu(X)\n    return X", "SyntaxError"),
        ("def other(X):\n    return X", "Not answered yet"),
        ("raise SystemExit", "SystemExit"),
    ],
)
def test_whatever_is_written_gets_a_sentence_and_harms_nothing(context, site, code, said):
    page = open_page(context, site, "chapters/03_activation")
    number = slot_number(page, "relu")
    write(page, number, code)
    run(page, number)
    assert said in verdict(page, "relu").text_content()
    run(page, number + 1)
    assert "100" in output(page, number + 1)


def test_stop_ends_a_judge(context, site):
    page = open_page(context, site, "chapters/03_activation")
    number = slot_number(page, "relu")
    run(page, number)
    assert "Not written yet" in verdict(page, "relu").text_content()
    write(page, number, "import time\ntime.sleep(600)\n" + RELU)
    press_run(page, number)
    page.get_by_text("Judging your relu").wait_for()
    page.click(".run-bar .stop")
    assert ended(page)[0] == "stopped"


def test_the_lines_of_a_function_are_put_in_order_by_keys(context, site):
    page = open_page(context, site, "chapters/03_activation")
    number = slot_number(page, "relu")
    page.locator(SLOT).get_by_role("button", name="Help").click()
    page.locator(SLOT).get_by_text("which one should come out").wait_for()
    page.locator(SLOT).get_by_role("button", name="Put its lines in order").click()
    line = page.locator(f"{SLOT} .lines .free", has_text="nd.maximum(X, 0)")
    line.focus()
    while page.locator(f"{SLOT} .lines .border ~ .free", has_text="nd.maximum(X, 0)").count():
        page.keyboard.press("ArrowUp")
    page.locator(SLOT).get_by_role("button", name="Use these lines").click()
    run(page, number)
    assert "Written with its lines given" in verdict(page, "relu").text_content()


def test_the_first_page_counts_saves_and_loads_what_is_yours(context, site, tmp_path):
    page = open_page(context, site, "chapters/03_activation")
    write(page, slot_number(page, "relu"), RELU)
    run(page, slot_number(page, "relu"))
    page.goto(site)
    page.get_by_text(re.compile(r"^1 of \d\d are yours")).wait_for()
    assert page.locator("#yours .written").all_text_contents() == ["relu"]
    with page.expect_download() as download:
        page.get_by_role("button", name="Save mynet.py").click()
    file = tmp_path / "mynet.py"
    download.value.save_as(file)
    assert RELU in file.read_text(encoding="utf-8")
    page.evaluate("localStorage.clear()")
    page.reload()
    page.get_by_text(re.compile(r"^0 of \d\d are yours")).wait_for()
    page.locator("#yours input").set_input_files(file)
    page.get_by_text(re.compile(r"^1 of \d\d are yours")).wait_for()
    file.write_text("print('another file')", encoding="utf-8")
    page.locator("#yours input").set_input_files(file)
    page.get_by_text("is no file that Save mynet.py made").wait_for()


def test_a_function_from_a_file_is_judged_before_it_is_the_readers(context, site, tmp_path):
    file = tmp_path / "mynet.py"
    sgd = "def sgd(params, lr, batch_size):\n    for param in params:\n        param[:] = param - lr * param.grad / batch_size"
    file.write_text(
        written({"relu": "def relu(X):\n    return nd.minimum(X, 0)", "mlp": "def mlp(X", "sgd": sgd}), encoding="utf-8"
    )
    page = open_page(context, site, "chapters/00_introduction")
    page.locator("#yours input").set_input_files(file)
    page.get_by_text("Judging function 1 of 3").wait_for()
    write(page, 1, "from utils import sgd\nprint(sgd.__module__)")
    press_run(page, 1)  # it waits until the file is judged
    said = page.locator("#yours p", has_text="are right and were loaded")
    said.wait_for()
    assert re.match(r"1 of \d\d are yours. 1 of the 3 functions in mynet.py are right", said.inner_text())
    assert "relu: Not yet: " in said.inner_text() and "mlp: Not yet: it can't be run" in said.inner_text()
    assert page.locator("#yours .written").all_text_contents() == ["sgd"]
    assert ended(page)[0] == "done" and output(page, 1) == "mynet"


def test_the_same_right_text_is_right_again_after_a_wrong_one(context, site):
    page = open_page(context, site, "chapters/03_activation")
    number = slot_number(page, "relu")
    for code, kind in ((RELU, "right"), ("def relu(X):\n    return X", "not yet"), (RELU, "right")):
        write(page, number, code)
        run(page, number)
        assert verdict(page, "relu").get_attribute("data-kind") == kind


def test_a_verdict_fades_when_its_text_is_changed(context, site):
    page = open_page(context, site, "chapters/03_activation")
    number = slot_number(page, "relu")
    run(page, number, RELU)
    assert "old" not in verdict(page, "relu").get_attribute("class").split()
    write(page, number, RELU + " * 1")
    assert "old" in verdict(page, "relu").get_attribute("class").split()


def test_the_listings_below_a_slot_use_the_books_function_if_the_reader_wants_it(context, site):
    page = open_page(context, site, "chapters/03_activation")
    number = slot_number(page, "relu")
    write(page, number, RELU + "  # mine")
    run(page, number)
    write(page, number + 1, "import inspect\nprint('mine' in inspect.getsource(relu))")
    run(page, number + 1)
    assert output(page, number + 1) == "True"
    page.reload()
    page.get_by_role("button", name="Use the book's").click()
    page.get_by_text("use the book's functions, not yours").wait_for()
    run(page, number + 1)
    assert output(page, number + 1) == "False"


def test_an_error_in_a_readers_function_names_it(context, site):
    """It can fail though it was judged right: for what a later page gives it."""
    page = open_page(context, site, "chapters/04_model")
    page.evaluate(
        "(code) => localStorage.setItem('mine relu', code)", "def relu(X):\n    assert len(X) < 3\n    return nd.maximum(X, 0)"
    )
    page.reload()
    _, _, printed = run(page, 1, "from mxnet import nd\nfrom utils import relu\nrelu(nd.ones((4, 2)))")
    assert "your relu, line 2, in relu" in printed


def test_a_line_is_dragged_over_several_others(context, site):
    page = open_page(context, site, "chapters/06_training")
    slot = page.locator("#write-sgd")
    slot.get_by_role("button", name="Help").click()
    slot.get_by_role("button", name="Put its lines in order").click()
    rows = slot.locator(".lines li")
    last = rows.last.text_content()
    from_, to = rows.last.bounding_box(), rows.nth(1).bounding_box()
    page.mouse.move(from_["x"] + 20, from_["y"] + from_["height"] / 2)
    page.mouse.down()
    page.mouse.move(to["x"] + 20, to["y"] + 2, steps=10)
    page.mouse.up()
    assert rows.nth(1).text_content() == last
    assert slot.locator(".held").count() == 0


def test_the_contents_count_what_is_yours(context, site):
    page = open_page(context, site, "chapters/03_activation")
    count = page.locator(".contents a[aria-current] span")
    write(page, slot_number(page, "relu"), "def relu(X):\n    return X")
    run(page, slot_number(page, "relu"))
    assert count.count() == 0
    write(page, slot_number(page, "relu"), RELU)
    run(page, slot_number(page, "relu"))
    assert count.text_content() == "1/1 yours"
    other = open_page(context, site, "chapters/04_model")
    assert other.locator(".contents a span").all_text_contents() == ["1/1 yours"]


TRAINED = """
import numpy as np
from mxnet import nd
from utils import init_params, seed_everything
seed_everything(0)
params = init_params(num_hiddens=20, scale=0.1)
history = {"test_acc": [0.5, 0.625]}
"""


def test_the_demonstration_takes_the_network_that_a_listing_has_trained(context, site):
    page = open_page(context, site, "chapters/06_training")
    page.locator("#draw").scroll_into_view_if_needed()
    trained_for = page.get_by_label("Trained for")
    trained_for.wait_for()
    assert trained_for.get_attribute("max") == "3"  # the book's four, until the reader has trained one
    run(page, 1, TRAINED)
    page.locator(".demo-body[data-epoch='yours']").wait_for()
    assert trained_for.get_attribute("aria-valuetext") == "yours, 2 epochs"
    assert "62.5\N{NO-BREAK SPACE}% of all 10,000" in page.locator(".demo-score").inner_text()
    code = (
        TRAINED
        + """
from utils import fashion_mnist_arrays, mlp, softmax
images, labels = fashion_mnist_arrays()[1]
boot = images[labels == 9][0].reshape(1, 784) / 255
print(*(softmax(mlp(nd.array(boot), params)) * 100).asnumpy()[0])
"""
    )
    probabilities = [float(number) for number in run(page, 1, code)[2].split()]
    page.goto(site)
    page.locator("#demo").scroll_into_view_if_needed()
    page.locator(".demo-body[data-epoch='yours']").wait_for()
    settle(page)
    shown = [float(text.split()[0]) for text in page.locator(".demo-number").all_inner_texts()]
    assert shown == pytest.approx(probabilities, abs=1)  # parameters in 255 steps, and a hidden layer of 20 units
    assert page.locator(".demo-units").inner_text() == "20"
