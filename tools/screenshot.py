"""Take the README's picture of a page at work, assets/page.png: `python -m tools.screenshot`, by `make screenshot`."""

from press.browser.chromium import open_browser, settle
from press.browser.listings import ROOT, SITE, open_page, run
from press.browser.server import serve

CHAPTER = "chapters/05_loss"
SIZE = {"width": 1000, "height": 780}


def main():
    with serve(SITE, "/course/") as site, open_browser() as browser:
        page = open_page(browser.new_context(viewport=SIZE), site, CHAPTER)
        figures = page.locator(".cell:has(.cell_output img)").all()
        figure = min(figures, key=lambda cell: len(cell.locator(".cell_input").text_content()))  # all of it is to be seen
        number = 1 + figure.evaluate("(cell) => [...document.querySelectorAll('.cell')].indexOf(cell)")
        state, said, _ = run(page, number)
        if state != "done":
            raise SystemExit(said)
        figure.locator("details").evaluate("(code) => { code.open = true }")
        page.emulate_media(reduced_motion="reduce")  # no smooth scrolling
        figure.evaluate("(cell) => scrollTo(0, cell.getBoundingClientRect().top + scrollY - 90)")
        page.mouse.move(0, 0)  # what lies under it looks pointed at
        settle(page)
        page.screenshot(path=ROOT / "assets" / "page.png")


if __name__ == "__main__":
    main()
