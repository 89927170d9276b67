"""Time the listings of the site that `make site` built in Chromium: `make bench-browser`.

Seconds are medians of several rounds. A cold start is in a browser with an empty cache, a warm one in the same browser later.
"""

import argparse
import os
import re
import statistics
import time
from pathlib import Path

from tools.browser.chromium import open_browser, wait_until
from tools.browser.listings import NEXT_START, ended, output, press_run, write
from tools.browser.server import serve

SITE = Path("_build/site")
PAGE = "chapters/03_activation.html"
NOTEBOOK = "lite/notebooks/index.html?path=02_parameters.ipynb"

SET_UP = """
import time
import utils

utils.seed_everything(42)
params = utils.init_params()
train_iter, test_iter = utils.load_data_fashion_mnist(256)
model = lambda X: utils.mlp(X, params)

def epoch():
    start = time.perf_counter()
    utils.train_epoch(model, train_iter, utils.softmax_cross_entropy, lambda: utils.sgd(params, 0.5, 256))
    utils.evaluate_accuracy(test_iter, model)
    return time.perf_counter() - start
"""
FIGURE = "from utils import plt\nplt.plot([1, 2])\nplt.show()"


def run_listing(page, code, number=1):
    """Run `code` instead of a listing's; returns the seconds until it ended, and its output."""
    write(page, number, code)
    press_run(page, number)
    start = time.perf_counter()
    state, said = ended(page, seconds=600)
    taken = time.perf_counter() - start
    if state != "done":
        raise RuntimeError(f"{said}\n{output(page, number)}")
    return taken, output(page, number)


def run_cell(page, code):
    """Run `code` instead of the first cell of a notebook in JupyterLite, and wait for its end."""
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(
        "() => /^[.]?\\[\\d+\\]:$/.test(document.querySelector('.jp-CodeCell .jp-InputPrompt').innerText)", timeout=600_000
    )


def answered(page):
    """A list to which every answered request of the page is appended."""
    requests = []
    page.on("requestfinished", lambda request: requests.append(request))
    return requests


def megabytes(requests):
    return sum(request.sizes()["responseBodySize"] for request in requests if not request.failure) / 1e6


def memory(browser):
    """The peak memory, in MB, of the browser's largest renderer process (Linux only)."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    status = [Path(f"/proc/{process['id']}/status") for process in processes if process["type"] == "renderer"]
    peaks = [int(re.search(r"VmHWM:\s+(\d+) kB", path.read_text(encoding="utf-8"))[1]) for path in status if path.exists()]
    return max(peaks, default=0) / 1024


def starts(address, rounds):
    """For the page: seconds to the first output, cold and warm, then to the first figure; megabytes of a cold start."""
    measured = {"cold": [], "warm": [], "figure": []}
    for _ in range(rounds):
        with open_browser() as browser:
            context = browser.new_context()
            for kind in ("cold", "warm"):
                page = context.new_page()
                page.goto(address + PAGE, wait_until="networkidle")
                requests = answered(page)
                measured[kind].append(run_listing(page, "import numpy as np\nprint(np.arange(3))")[0])
                if kind == "cold":
                    measured["megabytes"] = megabytes(requests)
                    measured["figure"].append(run_listing(page, FIGURE)[0])
                    wait_until(page, NEXT_START)
                page.close()
    return measured


def training(address, rounds):
    """Seconds of each of several epochs in the page, and its peak memory in MB."""
    with open_browser() as browser:
        page = browser.new_page()
        page.goto(address + PAGE)
        run_listing(page, SET_UP)
        return [float(run_listing(page, "print(epoch())", 2)[1]) for _ in range(rounds)], memory(browser)


def notebook(address):
    """Seconds from the link to the first output in JupyterLite."""
    with open_browser() as browser:
        page = browser.new_page()
        start = time.perf_counter()
        page.goto(address + NOTEBOOK)
        page.wait_for_selector(".jp-CodeCell .cm-content")
        run_cell(page, "import numpy as np\nprint(np.arange(3))")
        return time.perf_counter() - start


def show(name, value):
    print(f"{name:50} {value:10.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description="Time running in the page.")
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    print(f"{os.cpu_count()} cores", flush=True)
    with serve(SITE, "/course/") as address:
        measured = starts(address, rounds)
        show("from Run to the first output, cold (s)", statistics.median(measured["cold"]))
        show("from Run to the first output, warm (s)", statistics.median(measured["warm"]))
        show("from Run to the first figure, after that (s)", statistics.median(measured["figure"]))
        show("first Run, over the wire (MB)", measured["megabytes"])
        epochs, peak = training(address, rounds)
        show("an epoch in the page (s)", statistics.median(epochs))
        show("peak memory of a page that trains (MB)", peak)
        show("JupyterLite: from the link to the first output (s)", notebook(address))


if __name__ == "__main__":
    main()
