"""The notebooks to write in, as they are made from the chapters."""

import re

import nbformat
import pytest

from press.notebooks.chapters import code_cells
from press.notebooks.to_write import write_missing
from tests.support.slots import CELLS

pytestmark = [pytest.mark.own_engine, pytest.mark.every_chapter, pytest.mark.any_prose]


@pytest.fixture
def folder(tmp_path):
    write_missing(tmp_path / "write")
    return tmp_path / "write"


def test_each_slot_is_empty_between_the_solution_which_is_folded_unless_it_is_to_read_and_its_judge(folder):
    found = []
    for file in sorted(folder.iterdir()):
        cells = code_cells(nbformat.read(file, as_version=4))
        for book, write, judge in zip(cells, cells[1:], cells[2:]):
            if write.id.endswith("-write"):
                (name,) = re.findall(r'judged\(["\'](.+?)["\']', judge.source)
                found.append(name)
                is_to_read = CELLS[name].metadata["slot"].get("read", False)
                assert book.metadata.get("jupyter", {}).get("source_hidden", False) != is_to_read
                assert CELLS[name].source in book.source
                assert (
                    "...  # your code" in write.source
                    and len(write.source.splitlines()) < len(CELLS[name].source.splitlines()) + 1
                )
    assert found == [*CELLS]


def test_what_is_written_there_stays(folder):
    mine, deleted = folder / "03_activation.ipynb", folder / "04_model.ipynb"
    mine.write_text("mine", encoding="utf-8")
    deleted.unlink()
    write_missing(folder)
    assert mine.read_text(encoding="utf-8") == "mine" and deleted.exists() and not [*folder.glob("*.part")]
