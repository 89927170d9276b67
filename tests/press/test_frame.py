"""The frame of a page in a real browser, what it keeps of where a reader is, and its predictions, on the sample book."""

import pytest
from playwright.sync_api import expect

from press.run import dark
from tests.support.page import ask_from_the_start, module, press_that_says
from tests.support.sample import SWING, WRITE

# Of the page in the dark, as its figures take it
GROUND, INK = ("rgb({}, {}, {})".format(*bytes.fromhex(colour[1:])) for colour in (dark.PAGE, dark.INK))


def test_the_theme_is_remembered_and_applied_from_the_start(page, site):
    ground = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="light")
    page.goto(f"{site}{SWING}.html")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.click(".theme-switch")
    assert page.evaluate(ground) == GROUND and page.evaluate("getComputedStyle(document.body).color") == INK
    ask_from_the_start(page, "observeTheme")
    page.goto(f"{site}{WRITE}.html")
    assert page.evaluate("atFirst") == "dark" and page.evaluate(ground) == GROUND
    page.click(".theme-switch")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_copy_appears_under_the_mouse_moves_and_covers_nothing_and_copies_even_if_the_clipboard_is_denied(page, site):
    page.goto(f"{site}{SWING}.html")
    box, codes = page.locator(".cell_input").nth(1), page.locator(".cell_input pre").all_text_contents()
    page.locator("h1").hover()
    look = "(box) => [getComputedStyle(box.querySelector('.copy')).opacity, box.getBoundingClientRect().height]"
    shown, height = box.evaluate(look)
    assert shown == "0"
    box.hover()
    assert box.evaluate(look) == ["1", height]
    page.locator("h1").hover()
    box.locator("button").first.focus()
    assert box.evaluate(look) == ["1", height]

    press_that_says(box.locator(".copy"), "Copied")
    assert page.evaluate("navigator.clipboard.readText()").strip() == codes[1].strip()
    for cell in page.locator(".cell:not(.slot, .folded) > .cell_input:visible").all():
        code, button = cell.locator("pre:visible").bounding_box(), cell.locator(".copy").bounding_box()
        assert code["y"] + code["height"] <= button["y"]

    deny = "() => { navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }"
    page.evaluate(deny)
    press_that_says(page.locator(".cell").nth(3).locator(".copy"), "Copied")  # another, as the first may still say so
    assert page.evaluate("getSelection().toString()").strip() == codes[3].strip()


def test_chapters_carry_their_number(page, site):
    page.goto(f"{site}{SWING}.html")
    assert page.locator("h1").inner_text().startswith("1 Let it swing") and page.title().startswith("1 Let it swing ·")
    listed = page.locator(".contents a").all_text_contents()
    assert listed == ["Start", "1 Let it swing", "2 Write it yourself", "Words", "Before and after"]
    assert page.locator(".turn a[rel=next]").inner_text().endswith("2 Write it yourself")


def test_a_chapter_that_was_read_to_its_end_is_ticked_and_the_first_page_leads_on(page, site):
    ticked = "[...document.querySelectorAll('.contents .read')].map((link) => link.textContent)"
    page.goto(f"{site}{SWING}.html")
    assert page.evaluate(ticked) == []
    page.locator(".turn").scroll_into_view_if_needed()
    page.locator(".contents .read").wait_for()
    page.goto(f"{site}{WRITE}.html")
    assert page.evaluate(ticked) == ["1 Let it swing"]
    page.goto(site)
    page.get_by_role("link", name="Go on with 2 ").click()
    assert page.url == f"{site}{WRITE}.html"
    section = page.locator(".toc li li a").nth(0)
    place = section.get_attribute("href")
    section.evaluate("(link) => link.click()")
    page.locator(f".toc [aria-current][href='{place}']").wait_for(state="attached")
    page.goto(site)
    assert page.get_by_role("link", name="Go on with 2 ").get_attribute("href").endswith(f"{WRITE}.html{place}")


def test_the_map_has_each_chapter_as_wide_as_it_is_long_and_marks_what_was_read_and_where_to_go_on(page, site):
    page.goto(site)
    size = "all => all.map((box) => [parseInt(box.querySelector('.minutes').textContent), box.offsetWidth])"
    sizes = page.locator(".map > div > ul > li").evaluate_all(size)
    assert [minutes for minutes, _ in sizes] == [14, 12] and sizes[0][1] / 14 == pytest.approx(sizes[1][1] / 12, abs=0.2)
    links = page.locator(".map [data-slot] a").evaluate_all("(all) => all.map((link) => [link.textContent, link.href])")
    assert links == [["height", f"{site}{WRITE}.html#write-height"], ["top_speed", f"{site}{WRITE}.html#write-top-speed"]]
    module(page, "page/kept.js").evaluate(
        """({ set }, [one, other]) => {
            set({ kind: "read", page: one }, "yes");
            set({ kind: "done", page: other }, "1 of 4 questions, tasks and functions");
        }""",
        [f"{SWING}.html", f"{WRITE}.html"],
    )
    page.reload()
    assert page.locator(".map a.read").all_inner_texts() == ["Let it swing"]
    assert page.locator(".map .next > p a").all_inner_texts() == ["Write it yourself"]
    assert page.locator(".map .next progress").get_attribute("title") == "1 of 4 questions, tasks and functions"


def test_what_a_reader_left_on_a_chapter_stays_with_it_under_another_number(page, site):
    before, here = "lessons/4_swing.html", f"{SWING}.html"
    page.goto(f"{site}{WRITE}.html")
    records = [
        [{"kind": "read", "page": before}, {"value": "yes"}],
        [{"kind": "edit", "page": before, "about": "1 + 1"}, {"value": "older", "changed": "2026-11-28T12:00:00.000Z"}],
        [{"kind": "edit", "page": here, "about": "1 + 1"}, {"value": "newer", "changed": "2026-11-29T12:00:00.000Z"}],
    ]
    module(page, "page/kept.js").evaluate("({ put }, all) => all.forEach(([thing, record]) => put(thing, record))", records)
    page.goto(f"{site}{WRITE}.html")
    page.goto(f"{site}{here}")
    assert page.locator(".contents .read").all_text_contents() == ["1 Let it swing"]
    kept = module(page, "page/kept.js").evaluate("({ all }) => all().map(([{ kind, page }, { value }]) => [kind, page, value])")
    assert kept == [["edit", here, "newer"], ["read", here, "yes"]]


def test_the_menu_closes(page, site):
    page.goto(f"{site}{SWING}.html")
    menu = page.locator(".more")
    for close in (lambda: page.keyboard.press("Escape"), lambda: page.locator("h1").click()):
        menu.locator("summary").click()
        menu.get_by_role("link", name="Markdown").wait_for()
        close()
        menu.get_by_role("link", name="Markdown").wait_for(state="hidden")


def test_a_page_to_which_the_reader_goes_back_shows_what_was_kept_since(page, site):
    page.goto(f"{site}index.html")
    page.evaluate("""async () => {
        const another = await import(new URL("page/kept.js", location)); // the script of another page
        dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
        another.set({ kind: "read", page: "lessons/1_swing.html" }, "yes");
        dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    }""")
    assert page.locator(f".contents a.read[href$='{SWING}.html']").count() == 1
    assert page.locator(".home main a", has_text="Go on with").count() == 1


# Predictions


@pytest.fixture
def two_predictions(page, site):
    """The outputs that answer the two predictions of a chapter, whose page is open."""
    page.goto(f"{site}{SWING}.html")
    return page.locator(".predict + .cell .cell_output").all()


def test_a_guess_uncovers_what_answers_it_and_stands_above_it(page, two_predictions):
    first, second = two_predictions
    assert not first.locator("pre").is_visible() and not second.locator("img").is_visible()
    says_it = page.get_by_text("does count, although little")
    expect(says_it).to_be_hidden()
    page.get_by_role("button", name="Compare").first.click()
    expect(page.get_by_label("Your guess").first).to_be_focused()
    assert not first.locator("pre").is_visible(), "nothing was guessed"
    page.get_by_label("Your guess").first.fill("not far")
    page.keyboard.press("Enter")
    expect(says_it).to_be_visible()
    said = page.locator(".predict + .cell .said").first
    assert first.locator("pre").is_visible() and said.inner_text() == "You said: not far"
    assert not second.locator("img").is_visible()
    page.get_by_role("button", name="Show it").click()
    assert second.locator("img").is_visible()
    page.reload()
    assert first.locator("pre").is_visible() and second.locator("img").is_visible() and said.inner_text() == "You said: not far"


def test_nothing_is_covered_on_paper_and_for_a_reader_who_does_not_want_it(page, two_predictions):
    first, second = two_predictions
    page.emulate_media(media="print")
    assert first.locator("pre").is_visible() and not page.locator(".cover").first.is_visible()
    expect(page.get_by_text("does count, although little")).to_be_visible()
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Never cover").first.click()
    assert first.locator("pre").is_visible() and second.locator("img").is_visible()
    page.reload()
    assert page.locator(".cover").count() == 0
    page.get_by_role("button", name="Cover the answers").first.click()
    assert not first.locator("pre").is_visible() and not second.locator("img").is_visible()


def test_a_guess_that_is_a_number_comes_into_view_beside_what_was_printed(page, two_predictions):
    page.set_viewport_size({"width": 1280, "height": 400})
    guess, said = page.get_by_label("Your guess").first, page.locator(".predict + .cell .said").first
    guess.evaluate("(input) => input.scrollIntoView({ block: 'end' })")
    guess.fill("1,5")
    expect(said).not_to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(said).to_be_in_viewport(ratio=1)
    assert said.inner_text() == "You said 1,5. It printed 0.666."
    first, _ = two_predictions
    error = "<div class='output traceback'><pre>listing 4, line 3</pre></div>"
    first.evaluate("(output, error) => output.insertAdjacentHTML('beforeend', error)", error)
    expect(said).to_have_text("You said: 1,5")
