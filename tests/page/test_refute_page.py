"""Refutations in a page: a listing asks for an input for which a function that looks right is wrong."""

from tools.browser.listings import listing, open_page, run, written


def number_of(page, words):
    """The number of the listing whose code has these words."""
    return page.evaluate(
        "(words) => [...document.querySelectorAll('.cell')].findIndex((cell) => cell.textContent.includes(words)) + 1", words
    )


def test_an_input_refutes_or_does_not_and_what_was_said_outlives_a_visit(visitor, site):
    page = open_page(visitor, site, "chapters/03_activation")
    number = number_of(page, 'refute("relu"')
    book = written(page, number)
    done = page.locator(".done-here")
    assert "Done in this chapter: 0 of" in done.text_content()
    said = run(page, number, book.replace("3]", "6]"))[2]
    assert "def relu(X):\n    return nd.clip(X, 0, 6)" in said and "Not yet: no refutation, because both give the same." in said
    said = run(page, number, book.replace("3]", "7]"))[2]
    assert "Right: refuted: numbers above 6" in said and "  the book's   [[0, 0, 7]]\n  this one's   [[0, 0, 6]]" in said
    page.get_by_text("Done in this chapter: 1 of").wait_for(state="attached")
    page.reload()
    listing(page, number).get_by_text("Right: refuted: numbers above 6").wait_for(state="attached")
    assert "7]" in written(page, number)
    kept = page.evaluate("JSON.parse(localStorage['my course\\ncheck\\n\\nrefute relu'])")
    assert (kept["tries"], kept["first"]["right"], kept["last"]["right"]) == (2, False, True)
