"""Record the exact losses of training in the page in tests/browser_numbers.json: `python -m tools.browser_numbers`.

WebAssembly's arithmetic is deterministic, so these numbers hold in every browser and on every processor.
"""

import json

from press.browser.chromium import open_browser
from press.browser.listings import ROOT, SITE, open_page, run
from press.browser.server import serve

FILE = ROOT / "tests" / "browser_numbers.json"
START = """
from utils import init_params, load_data_fashion_mnist, mlp, seed_everything, sgd, softmax_cross_entropy, train_ch3
from mxnet import autograd

seed_everything(42)
train_iter, test_iter = load_data_fashion_mnist(256)
params = init_params()
"""
LOSSES = """
for step, (X, y) in zip(range(10), train_iter):
    with autograd.record():
        l = softmax_cross_entropy(mlp(X, params), y)
    l.backward()
    sgd(params, 0.5, 256)
    print(float(l.mean().asscalar()).hex())
"""
EPOCHS = "train_ch3(lambda X: mlp(X, params), train_iter, test_iter, softmax_cross_entropy, 10, 256, params, 0.5);"


def printed(page, code):
    """The lines that this code prints as the first listing of a page."""
    state, said, text = run(page, 1, START + code, seconds=900)
    if state != "done":
        raise RuntimeError(f"{said}\n{text}")
    return text.splitlines()


def main():
    with serve(SITE, "/course/") as site, open_browser() as browser:
        page = open_page(browser, site, "chapters/05_loss")
        numbers = {"losses": printed(page, LOSSES), "epochs": printed(page, EPOCHS)}
    FILE.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
    print(*numbers["losses"], *numbers["epochs"], sep="\n")


if __name__ == "__main__":
    main()
