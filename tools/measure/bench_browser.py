"""Time the listings of the site that `make site` built in Chromium, and the same code natively: `make bench-browser`.

Seconds are medians of several rounds, in which the page and the native loops take turns. A cold start is in a browser with an
empty cache, a warm one in the same browser later.
"""

import argparse
import os
import re
import statistics
import time
from pathlib import Path

import utils
from tools.browser.chromium import open_browser
from tools.browser.listings import ended, output, press_run, write
from tools.browser.server import serve

from . import bench

SITE = Path("_build/site")
PAGE = "chapters/03_activation.html"
NOTEBOOK = "lite/notebooks/index.html?path=02_parameters.ipynb"

SET_UP = """
import time
import utils
from utils.engine import product

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
WITHOUT_KERNEL = "kernel, product.sgemm = product.sgemm, None\nprint(epoch())\nproduct.sgemm = kernel"
TEN_EPOCHS = """
utils.seed_everything(42)
params = utils.init_params()
start = time.perf_counter()
utils.train_ch3(model, train_iter, test_iter, utils.softmax_cross_entropy, 10, 256, params, 0.5)
print(time.perf_counter() - start)
"""
NATIVE = {"this course": bench.course, "the original way": bench.original}
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
    """Run `code` instead of the first cell of a notebook in JupyterLite, wait for its end, and return its last output."""
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)
    page.keyboard.press("Shift+Enter")
    printed = page.locator(".jp-CodeCell").first.locator(".jp-OutputArea-output").last
    page.wait_for_function(
        "() => /^[.]?\\[\\d+\\]:$/.test(document.querySelector('.jp-CodeCell .jp-InputPrompt').innerText)", timeout=600_000
    )
    return printed.inner_text()


def last_number(printed):
    return float(re.findall(r"[\d.]+", printed)[-1])


def watched(page):
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


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def starts(address, rounds):
    """For the page: seconds to the first output, cold and warm, then to the first figure; megabytes and requests."""
    found = {"cold": [], "warm": [], "figure": []}
    for _ in range(rounds):
        with open_browser() as browser:
            context = browser.new_context()
            for kind in ("cold", "warm"):
                page = context.new_page()
                page.goto(address + PAGE, wait_until="networkidle")
                requests = watched(page)
                found[kind].append(run_listing(page, "import numpy as np\nprint(np.arange(3))")[0])
                found[f"{kind} bytes"], found[f"{kind} requests"] = megabytes(requests), len(requests)
                if kind == "cold":
                    found["figure"].append(run_listing(page, FIGURE)[0])
                    found["bytes with figure"] = megabytes(requests)
                    page.wait_for_timeout(10_000)  # the page prepares the next start when it is idle
                page.close()
    return found


def training(address, rounds):
    """Seconds an epoch: in the page with the kernel and without, and natively; of ten epochs; and the page's memory."""
    native = {f"natively, {utils.engine_name}, {name}": loop() for name, loop in NATIVE.items()}
    times = {"in the page": [], "in the page, without the kernel": [], **{name: [] for name in native}}
    with open_browser() as browser:
        page = browser.new_page()
        page.goto(address + PAGE)
        run_listing(page, SET_UP)
        for _ in range(rounds):
            times["in the page"].append(last_number(run_listing(page, "print(epoch())", 2)[1]))
            for name, work in native.items():
                times[name].append(seconds(work))
        ten = last_number(run_listing(page, TEN_EPOCHS, 2)[1])
        peak = memory(browser)
        times["in the page, without the kernel"].append(last_number(run_listing(page, WITHOUT_KERNEL, 2)[1]))
    return times, ten, peak


def notebook(address):
    """For JupyterLite: seconds from the link to the first output, seconds an epoch, memory."""
    with open_browser() as browser:
        page = browser.new_page()
        start = time.perf_counter()
        page.goto(address + NOTEBOOK)
        page.wait_for_selector(".jp-CodeCell .cm-content", timeout=120_000)
        run_cell(page, "import numpy as np\nprint(np.arange(3))")
        first = time.perf_counter() - start
        page.keyboard.press("Escape")
        taken = last_number(run_cell(page, f"{SET_UP}\nprint(epoch())"))
        return first, taken, memory(browser)


def show(rows):
    for name, value in rows.items():
        print(f"{name:50} {value:10.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description="Time running in the page.")
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    print(f"{os.cpu_count()} cores; seconds, megabytes, numbers", flush=True)
    with serve(SITE, "/course/") as address:
        found = starts(address, rounds)
        show(
            {
                "from Run to the first output, cold (s)": statistics.median(found["cold"]),
                "from Run to the first output, warm (s)": statistics.median(found["warm"]),
                "from Run to the first figure, after that (s)": statistics.median(found["figure"]),
                "first Run, over the wire (MB)": found["cold bytes"],
                "first Run, requests": found["cold requests"],
                "first Run of a second visit, over the wire (MB)": found["warm bytes"],
                "first Run of a second visit, requests": found["warm requests"],
                "first Run and first figure, over the wire (MB)": found["bytes with figure"],
            }
        )
        times, ten, peak = training(address, rounds)
        show({f"an epoch {name} (s)": statistics.median(taken) for name, taken in times.items()})
        show({"ten epochs in the page (s)": ten, "peak memory of a page that trains (MB)": peak})
        first, lite_epoch, lite_peak = notebook(address)
        show(
            {
                "JupyterLite: from the link to a first output (s)": first,
                "JupyterLite: an epoch (s)": lite_epoch,
                "JupyterLite: peak memory (MB)": lite_peak,
            }
        )


if __name__ == "__main__":
    main()
