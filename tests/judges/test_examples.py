"""What a reader's function is stepped through on: a case of its judge, the first that goes wrong."""

import contextlib

import pytest

from utils.judges.examples import follow_example
from utils.judges.slots import SLOTS
from utils.judges.ways import book_of

pytestmark = [pytest.mark.own_engine, pytest.mark.any_chapter]


@contextlib.contextmanager
def noting(followed):
    followed.append(True)
    yield


@pytest.mark.parametrize("slot", SLOTS)
def test_each_slot_has_a_case_which_the_books_function_passes(slot):
    followed = []
    said = follow_example(slot, book_of(slot), lambda: noting(followed))
    assert said.endswith(f", the judge's first case, this is what your {book_of(slot).__name__} does.")
    assert len(followed) == 1, "only one call is followed"


@pytest.mark.parametrize("slot", [slot for slot in SLOTS if len(getattr(SLOTS[slot], "cases", [1, 1])) > 1])
def test_what_a_mistake_makes_wrong_is_found(slot):
    said = follow_example(slot, next(iter(SLOTS[slot].mistakes.values())), contextlib.nullcontext)
    assert "goes wrong first, and this is what it does there." in said
