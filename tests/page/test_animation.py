"""Animations: one frame at a time on the page, all frames in print and without scripts."""

import re

import pytest

import utils
from press.browser.listings import on_device

pytestmark = pytest.mark.any_prose

PAGE = "chapters/09_descent.html"


def shown_frame(page):
    """The panel of the strip that is visible in the animation's window, from their positions on the screen: (column, row)."""
    return page.evaluate("""() => {
        const animation = document.querySelector(".animation"), strip = animation.querySelector("img");
        const window_ = animation.getBoundingClientRect(), all = strip.getBoundingClientRect();
        return [Math.round((window_.x - all.x) / window_.width), Math.round((window_.y - all.y) / window_.height)];
    }""")


@pytest.fixture
def page(site, browser):
    """The page with the animation; its clock stands still, and moves on only by `run_for`."""
    context = on_device(browser, 2)
    page = context.new_page()
    page.clock.install(time=0)
    page.goto(site + PAGE)
    page.clock.pause_at(1e9)
    yield page
    context.close()


def test_the_slider_shows_each_frame_under_its_own_name(page):
    animation = page.locator(".animation").first
    columns, names = int(animation.get_attribute("data-columns")), animation.get_attribute("data-frames").split("|")
    slider, name = page.locator(".animation-controls input").first, page.locator(".animation-controls output").first
    assert slider.input_value() == str(len(names) - 1), "the last frame is what the animation shows"
    slider.press("Home")
    for number, expected in enumerate(names):
        assert shown_frame(page) == [number % columns, number // columns]
        assert name.inner_text() == expected == slider.get_attribute("aria-valuetext")
        page.keyboard.press("ArrowRight")
    assert shown_frame(page) == [(len(names) - 1) % columns, (len(names) - 1) // columns], "it stays at the last frame"


def test_play_runs_to_the_end_and_pauses(page):
    play, animation = page.locator(".animation-controls .play").first, page.locator(".animation").first
    page.locator(".animation-controls input").first.press("End")
    play.click()  # from the last frame it starts over
    page.clock.run_for(1500)
    play.click()
    paused = shown_frame(page)
    page.clock.run_for(5000)
    assert paused == shown_frame(page) == [2, 0] and play.inner_text() == "Play"
    play.click()
    page.clock.run_for(20_000)
    last = animation.get_attribute("data-frames").split("|")[-1]
    assert page.locator(".animation-controls output").first.inner_text() == last and play.inner_text() == "Play"
    play.click()
    page.locator(".animation-controls input").first.press("ArrowRight")
    page.clock.run_for(5000)
    assert shown_frame(page) == [1, 0] and play.inner_text() == "Play", "who moves the slider stops it"


def test_all_frames_are_shown_on_request_in_print_and_without_scripts(page, site, browser):
    def all_are_visible(page):
        animation, strip = page.locator(".animation").first.bounding_box(), page.locator(".animation img").first.bounding_box()
        return strip["width"] <= animation["width"]

    button = page.locator(".animation-controls .strip").first
    assert not all_are_visible(page)
    button.click()
    assert all_are_visible(page)
    button.click()
    assert not all_are_visible(page)
    page.emulate_media(media="print")
    assert all_are_visible(page) and not page.locator(".animation-controls").first.is_visible()
    plain = browser.new_page(java_script_enabled=False)
    plain.goto(site + PAGE)
    assert all_are_visible(plain)
    plain.close()


@pytest.mark.parametrize("number, rows", [(2, 1), (4, 1), (5, 2)])
def test_any_number_of_frames_is_drawn(number, rows):
    drawn = []
    utils.show_animation(lambda ax, frame: drawn.append(frame), {f"frame {i}": i for i in range(number)}, columns=4)
    assert drawn == list(range(number)) and utils.plt.gcf().get_gid() == f"animation-4-{rows}"


def test_a_strip_has_a_panel_for_each_name(folder):
    sources = [picture.read_text(encoding="utf-8") for picture in folder.glob("_images/*.svg")]
    strips = [source for source in sources if '<g id="animation-' in source]
    assert strips
    for source in strips:
        columns, rows = map(int, re.search(r'<g id="animation-(\d+)-(\d+)">', source).groups())
        names = re.findall(r'<g id="frame: ([^"]*)">', source)
        assert len(set(names)) == len(names) and (rows - 1) * columns < len(names) <= rows * columns
        width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', source).groups())
        assert abs(width / columns - height / rows) < 0.1, (
            "its panels are not square: an animation's window would show parts of two"
        )
