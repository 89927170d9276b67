"""Print the built book into one PDF with working links and an outline: `python -m press.site.pdf [_build/html] [book.pdf]`."""

import contextlib
import html
import re
import sys
from pathlib import Path
from urllib.parse import urldefrag, urljoin

from press.book.contents import file_of, pages
from press.browser.chromium import load_all_figures, open_browser
from press.browser.server import serve

FOOTER = """<div style="width: 100%; font: 8pt sans-serif; text-align: center"><span class="pageNumber"></span></div>"""


def chapter(folder, name):
    """The article of a page, for the whole book: its ids get the page's name as a prefix, and links point to these ids."""
    parts = {file_of(page): page for page in pages()}

    def link(match):
        page, anchor = urldefrag(urljoin(file_of(name), html.unescape(match[1])))
        if page not in parts:
            return match[0] if page.startswith("http") else ""
        return f'href="#{parts[page]}{"--" * bool(anchor)}{anchor}"'

    def picture(match):
        return f'src="{urljoin(file_of(name), match[1])}"'

    text = (folder / file_of(name)).read_text("utf-8").split("<article>")[1].split("</article>")[0]
    text = re.sub(r'\bhref="([^"]*)"', link, text)
    text = re.sub(r'\bsrc="([^"]*)"', picture, text)
    text = re.sub(r'\bid="([^"]*)"', rf'id="{name}--\1"', text)
    return f'<article id="{name}">{text}</article>'


def whole_book(folder):
    """All chapters as one page, for the folder of the book."""
    parts = [chapter(folder, name) for name in pages()]
    addresses = dict.fromkeys(address for name in pages() for address in styles_of(folder, name))
    styles = [f'<link rel="stylesheet" href="{address}">' for address in addresses]
    title = re.search("<title>(.*?)</title>", (folder / "index.html").read_text("utf-8"))[1]
    return f"""<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>{title}</title>
        {"".join(styles)}{"".join(parts)}</html>"""


def styles_of(folder, name):
    """The addresses of a page's stylesheets."""
    text = (folder / file_of(name)).read_text("utf-8")
    return [urljoin(file_of(name), link) for link in re.findall('<link rel="stylesheet" href="([^"]*)"', text)]


@contextlib.contextmanager
def open_whole_book(folder, browser):
    """The page with the whole book, ready to be printed."""
    with serve(folder) as site:
        page = browser.new_page()
        page.route(f"{site}whole.html", lambda route: route.fulfill(body=whole_book(folder), content_type="text/html"))
        page.goto(f"{site}whole.html")
        load_all_figures(page)
        yield page


def printed(page):
    """A page as a PDF, with an outline of its headings, and tags for screen readers."""
    return page.pdf(
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
    target = Path(sys.argv[2]) if sys.argv[2:] else folder.parent / "book.pdf"
    with open_browser() as browser, open_whole_book(folder, browser) as page:
        target.write_bytes(printed(page))
    print(f"Done: {target}")
