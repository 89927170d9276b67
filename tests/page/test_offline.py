"""The course without a network, and in a browser that has less than others: what it has besides other books.

What any book's pages do without a network is tested on the sample book (tests/press/test_without_network.py).
"""

import json

import pytest

from press.browser.listings import open_page, run
from tests.support.humble import humble_page
from tests.support.page import module
from tests.support.reader import copied

pytestmark = pytest.mark.any_prose


# One has a network and images; the others take from the demonstration.
@pytest.mark.parametrize(
    ("name", "hand"),
    [("chapters/11_backpropagation", "boot"), ("chapters/16_generalise", "stop"), ("chapters/18_convolution", "window")],
)
def test_a_picture_in_the_hand_is_there_without_a_network(browser, folder, tmp_path, name, hand):
    context = browser.new_context()
    with copied(folder, tmp_path) as (site, copy):
        page = open_page(context, site, name)
        page.get_by_text("This page is kept in this browser: it opens without a network.").wait_for()
    page.reload()
    figure = page.locator(f"figure:has([data-hand={hand}])")
    figure.scroll_into_view_if_needed()
    figure.locator(".hand svg").first.wait_for()
    context.close()


def test_the_demonstration_is_there_without_a_network(browser, folder, tmp_path):
    context = browser.new_context()
    with copied(folder, tmp_path) as (site, copy):
        page = open_page(context, site, "reference/glossary")
        page.locator(".contents a[href*='chapters/']").evaluate_all("(links) => links.slice(1).forEach((one) => one.remove())")
        module(page, "page/offline.js").evaluate("({ keepPages }) => keepPages()")
    page.reload()
    page.goto(site)
    page.locator("#demo").scroll_into_view_if_needed()
    page.locator("#demo .demo-pad").wait_for()
    context.close()


def test_fashion_mnist_and_other_ways_to_write_a_function_are_among_what_is_kept_of_the_whole_course(folder, context, site):
    page = open_page(context, site, "reference/glossary")
    megabytes = module(page, "page/offline.js").evaluate("async ({ whole }) => (await whole()).megabytes")
    manifest = json.loads((folder / "run/manifest.json").read_text(encoding="utf-8"))
    assert any("fashion-mnist" in file["path"] for file in manifest["files"])
    python = [file["bytes"] for file in manifest["files"] if file["group"] != "page"]  # the scripts are among the pages
    assert megabytes == pytest.approx((sum(python) + manifest["pages"]["bytes"]) / 1e6)
    scripts = json.loads((folder / "scripts.json").read_text(encoding="utf-8"))
    assert {"questions.json", "run/ways.json"} <= {path.split("?")[0] for path in scripts}


def test_in_a_humble_browser_the_engine_multiplies_without_its_own_product(browser, folder, site):
    product = "from utils.engine.product import sgemm\nimport numpy as np\nA = np.ones((2, 3), 'float32')\n"
    with humble_page(browser, folder, site, "chapters/00_introduction") as page:
        assert run(page, 1, f"{product}print(sgemm, np.dot(A, A.T).tolist())")[::2] == ("done", "None [[3.0, 3.0], [3.0, 3.0]]")
