"""Pictures that move: one frame at a time on the page, all of them on paper and without a script."""

import re

import pytest

import utils
from tests.support.listings import SITE

PAGE = "chapters/06_training.html"


def shown_frame(page):
    """Which panel of the strip stands in the film's window, as the pixels on the screen say: (column, row)."""
    return page.evaluate("""() => {
        const film = document.querySelector(".film"), strip = film.querySelector("img");
        const window_ = film.getBoundingClientRect(), all = strip.getBoundingClientRect();
        return [Math.round((window_.x - all.x) / window_.width), Math.round((window_.y - all.y) / window_.height)];
    }""")


@pytest.fixture(scope="module")
def page(site, browser):
    page = browser.new_page()
    page.clock.install()
    page.goto(site + PAGE)
    yield page
    page.close()


def test_the_slider_shows_each_frame_under_its_own_name(page):
    film = page.locator(".film").first
    columns, names = int(film.get_attribute("data-columns")), film.get_attribute("data-frames").split("|")
    slider, name = page.locator(".film-controls input").first, page.locator(".film-controls output").first
    slider.focus()
    for number, expected in enumerate(names):
        assert shown_frame(page) == [number % columns, number // columns]
        assert name.inner_text() == expected == slider.get_attribute("aria-valuetext")
        page.keyboard.press("ArrowRight")
    assert shown_frame(page) == [(len(names) - 1) % columns, (len(names) - 1) // columns], "it stays at the last frame"


def test_play_runs_to_the_end_and_pauses(page):
    play, film = page.locator(".film-controls .play").first, page.locator(".film").first
    play.click()  # from the last frame it begins anew
    page.clock.run_for(1500)
    play.click()
    paused = shown_frame(page)
    page.clock.run_for(5000)
    assert paused == shown_frame(page) == [2, 0] and play.inner_text() == "Play"
    play.click()
    page.clock.run_for(20_000)
    last = film.get_attribute("data-frames").split("|")[-1]
    assert page.locator(".film-controls output").first.inner_text() == last and play.inner_text() == "Play"


def test_all_frames_are_there_when_asked_for_on_paper_and_without_a_script(page, site, browser):
    def all_are_seen(page):
        film, strip = page.locator(".film").first.bounding_box(), page.locator(".film img").first.bounding_box()
        return strip["width"] <= film["width"]

    button = page.locator(".film-controls .strip").first
    assert not all_are_seen(page)
    button.click()
    assert all_are_seen(page)
    button.click()
    assert not all_are_seen(page)
    page.emulate_media(media="print")
    assert all_are_seen(page) and not page.locator(".film-controls").first.is_visible()
    plain = browser.new_page(java_script_enabled=False)
    plain.goto(site + PAGE)
    assert all_are_seen(plain)


@pytest.mark.parametrize("number, rows", [(2, 1), (4, 1), (5, 2)])
def test_each_frame_is_drawn_whatever_their_number(number, rows):
    drawn = []
    utils.show_film(lambda ax, frame: drawn.append(frame), {f"frame {i}": i for i in range(number)}, columns=4)
    assert drawn == list(range(number)) and utils.plt.gcf().get_gid() == f"film-4-{rows}"


def test_a_strip_has_a_panel_for_each_name():
    sources = [picture.read_text() for picture in SITE.glob("_images/*.svg")]
    strips = [source for source in sources if '<g id="film-' in source]
    assert strips
    for source in strips:
        columns, rows = map(int, re.search(r'<g id="film-(\d+)-(\d+)">', source).groups())
        names = re.findall(r'<g id="frame: ([^"]*)">', source)
        assert len(set(names)) == len(names) and (rows - 1) * columns < len(names) <= rows * columns
        width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', source).groups())
        assert abs(width / columns - height / rows) < 0.1, "its panels are not square: a film's window would show parts of two"
