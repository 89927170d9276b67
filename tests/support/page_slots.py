"""What tests ask of functions that a reader writes in a page."""

from press.book.contents import file_of
from tests.support.page import forget, module


def open_alone(reader, site, name):
    """A page that hears of other tabs only while its window.hears is true.

    On a slow machine, what a test has done in one would arrive after the test.
    """
    page = reader.new_page()
    page.add_init_script("addEventListener('storage', (event) => window.hears || event.stopImmediatePropagation(), true)")
    page.goto(site + file_of(name))
    return page


def forget_functions(page):
    """Forget all that the reader has kept, as if the page were opened anew: its contents are drawn again."""
    forget(page)
    module(page, "page/kept.js").evaluate("({ set }) => set({ kind: 'function', about: 'relu' })")
    forget(page)


def keep(page, name, code):
    """Keep a function of the reader, as if it had been judged right."""
    kept = module(page, "page/kept.js")
    kept.evaluate("({ set }, [about, code]) => set({ kind: 'function', about }, code)", [name, code])


def anew(page):
    """The page, shared by tests, as if nothing had been written in it yet."""
    page.bring_to_front()
    copy = page.get_by_role("button", name="Copy link")  # of an edit
    while copy.count():
        page.locator(".run-row", has=copy).first.locator(".chips button").first.click()
    for shown in page.locator(".slot.shown").get_by_role("button", name="The book's").all():
        shown.click()
    forget_functions(page)
    return page


def slot_number(page, name):
    """The number of the listing with a slot."""
    return page.evaluate(
        "(id) => [...document.querySelectorAll('.cell:has(> .cell_input)')].indexOf(document.getElementById(id)) + 1",
        f"write-{name}",
    )


def judged(page, name):
    """What the judge has said of the slot: its kind, and its words."""
    verdict = page.locator(f"#write-{name} .verdict")
    return verdict.get_attribute("data-kind"), verdict.text_content()
