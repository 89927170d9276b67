"""Measure the built book's pages as a phone on a slow network meets them: `python -m tools.measure.pages [_build/html]`.

412 pixels wide, 1.6 Mbit/s down, 150 ms, a processor four times slower: bytes over the wire with every figure, requests, the
time until the largest part of the first screen is there (LCP, median of three), and how far things moved (CLS).
"""

import statistics
import sys
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from tests.support.browser import OBSERVE, TRANSFERRED, load_all_figures, open_browser
from tests.support.server import serve
from tools.book.contents import pages

SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}


def first_load(browser, address):
    context = browser.new_context(viewport={"width": 412, "height": 915}, device_scale_factor=2.6, is_mobile=True)
    page = context.new_page()
    page.add_init_script(OBSERVE)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW_4G)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address, wait_until="networkidle")
    largest = page.evaluate("largest")
    load_all_figures(page)
    page.wait_for_timeout(200)
    result = page.evaluate(TRANSFERRED), largest, page.evaluate("shift")
    context.close()
    return result


def axe_findings(browser, address):
    """How many rules of axe a page breaks in each of the four settings."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    counts = []
    for width, scheme in [(width, scheme) for width in (1280, 375) for scheme in ("light", "dark")]:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        counts.append(len(Axe().run(page).response["violations"]))
    context.close()
    return counts


def main(folder):
    print("| page | kB | requests | LCP s | CLS | axe: wide light, wide dark, narrow light, narrow dark |")
    print("| --- | ---: | ---: | ---: | ---: | --- |")
    with open_browser() as browser, serve(folder) as site:
        for name in [*pages(), "search"]:
            loads = [first_load(browser, f"{site}{name}.html") for _ in range(3)]
            sizes = loads[0][0]
            largest, shift = (statistics.median(load[i] for load in loads) for i in (1, 2))
            axe = ", ".join(map(str, axe_findings(browser, f"{site}{name}.html")))
            print(f"| {name} | {sum(sizes) / 1000:.0f} | {len(sizes)} | {largest / 1000:.2f} | {shift:.3f} | {axe} |", flush=True)


if __name__ == "__main__":
    main(Path(*(sys.argv[1:] or ["_build/html"])))
