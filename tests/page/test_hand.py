"""The pictures in the hand, whichever they are; what each does in its page stands in a file of its own, test_hand_NAME.py."""

from pathlib import Path

import pytest

from tools import hand

pytestmark = pytest.mark.any_prose


@pytest.fixture(scope="module")
def paper(browser):
    page = browser.new_page()
    yield page
    page.close()


def test_each_picture_has_its_tests():
    files = Path(__file__).parent.glob("test_hand_*.py")
    assert sorted(file.stem.removeprefix("test_hand_") for file in files) == hand.names()


@pytest.mark.parametrize("name", hand.names())
def test_the_stored_picture_is_the_first_state(paper, name):
    for kind in hand.WIDTHS:
        assert hand.first_state(paper, name, kind) == hand.stored(name, kind).read_text("utf-8"), "make pictures"


@pytest.mark.parametrize("name", hand.names())
def test_a_picture_is_at_most_8_kb(name):
    assert (hand.WEB / "hand" / f"{name}.js").stat().st_size <= 8192
