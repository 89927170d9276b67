"""Print the built book into one PDF with working links and an outline: `python -m tools.site.pdf [_build/html] [book.pdf]`."""

import html
import re
import sys
from pathlib import Path
from urllib.parse import urldefrag, urljoin

from tools.browser.chromium import load_all_figures, open_browser
from tools.browser.server import serve
from tools.site.contents import pages

FOOTER = """<div style="width: 100%; font: 8pt sans-serif; text-align: center"><span class="pageNumber"></span></div>"""


def chapter(folder, name):
    """A page's text as part of the whole: its anchors carry its name, and links between pages lead from part to part."""

    def link(match):
        page, anchor = urldefrag(urljoin(f"{name}.html", html.unescape(match[1])))
        if page.removesuffix(".html") not in pages():
            return match[0] if page.startswith("http") else ""
        return f'href="#{page.removesuffix(".html")}{"--" * bool(anchor)}{anchor}"'

    text = (folder / f"{name}.html").read_text().split("<article>")[1].split("</article>")[0]
    text = re.sub(r'\bhref="([^"]*)"', link, text)
    text = re.sub(r'\bid="([^"]*)"', rf'id="{name}--\1"', text)
    return f'<article id="{name}">{text.replace("<details", "<details open")}</article>'


def whole_book(folder):
    """All chapters as one page."""
    parts = [chapter(folder, name) for name in pages()]
    title = re.search("<title>(.*?)</title>", (folder / "index.html").read_text())[1]
    return f"""<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>{title}</title>
        <link rel="stylesheet" href="../_static/theme.css">
        {"".join(parts)}</html>"""


def print_book(folder, target):
    with serve(folder) as site, open_browser() as browser:
        page = browser.new_page()
        address = urljoin(site, urljoin(pages()[0], "whole.html"))
        page.route(address, lambda route: route.fulfill(body=whole_book(folder), content_type="text/html"))
        page.goto(address)
        load_all_figures(page)
        page.pdf(
            path=target,
            format="A4",
            outline=True,
            tagged=True,
            print_background=True,
            display_header_footer=True,
            header_template="<i></i>",
            footer_template=FOOTER,
            margin={"top": "18mm", "bottom": "20mm", "left": "20mm", "right": "20mm"},
        )


if __name__ == "__main__":
    folder = Path(sys.argv[1] if sys.argv[1:] else "_build/html")
    target = Path(sys.argv[2]) if sys.argv[2:] else folder.parent / "mlp-from-scratch.pdf"
    print_book(folder, target)
    print(f"Done: {target}")
