"""A notebook and its Markdown: it is executed only if it is stale, needs what it imports, and keeps digits that agree."""

import sys
import types

import nbformat
import pytest

from press.notebooks import chapters, fingerprint
from press.notebooks import refresh as notebooks
from press.notebooks.chapters import code_cells
from press.notebooks.digits import snapped

HEADER = """---
file_format: mystnb
kernelspec:
  name: python3
  display_name: Python 3
  language: python
---

"""


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A small book with one chapter and its helper modules, to change and refresh."""
    for name, text in {
        "_config.yml": "sphinx: {config: {press: {package: helpers, stand_in: {figures: helpers.engine}}}}\n",
        "requirements.txt": "numpy==1.26.4 --hash=x\npillow==12.0.0 --hash=y\n",
        "helpers/__init__.py": "from .near import double\nfrom .other import draw\nfrom .results import read_results\n\n"
        "LAZY = {'late': 'drawing'}\n",
        "helpers/near.py": "import numpy\n\nfrom .deep import ONE\n\n\ndef double(x):\n    return 2 * x * ONE\n",
        "helpers/deep/__init__.py": "from .far import ONE\n",
        "helpers/deep/far.py": "def one():\n    from .. import engine, last\n    return last.ONE\n\n\nONE = one()\n",
        "helpers/last.py": "ONE = 1\n",
        "helpers/engine/__init__.py": "from .nd import dot\n",
        "helpers/engine/nd.py": "from . import base\n\n\ndef dot():\n    return base\n",
        "helpers/engine/base.py": "",
        "helpers/drawing.py": "late = 1\n",
        "helpers/other.py": "def draw():\n    pass\n",
        "chapters/01_small.md": HEADER + "# Small\n\nSome prose.\n\n```{code-cell} ipython3\n"
        "import time\n\nfrom helpers import double, read_results\n\n"
        'print(double(time.time()), read_results("found"))\n```\n',
        "helpers/results/__init__.py": "import json, pathlib\n\n\ndef read_results(name):\n"
        "    return json.loads(pathlib.Path(__file__).with_name(name + '.json').read_text())\n",
        "helpers/results/found.json": "[1]\n",
        "helpers/results/others.json": "[1]\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    for module in (fingerprint, notebooks):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "figures", types.ModuleType("figures"))  # the library is here
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path


def refresh(book):
    state = notebooks.refresh(book / "chapters/01_small.md")
    return state, chapters.read_pair(book / "chapters/01_small.md")


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_refresh_runs_a_chapter_only_if_it_is_stale(book, monkeypatch):
    chapter = book / "chapters/01_small.md"
    assert [refresh(book)[0] for _ in range(2)] == ["run", "in step"]
    first = chapters.read_pair(chapter)

    edit(chapter, "Some prose.", "Other prose.")
    state, pair = refresh(book)
    assert state == "refreshed"
    assert "Other prose." in pair.cells[0].source and pair.cells[1].outputs == first.cells[1].outputs

    documented = '# a remark\ndef double(x):\n    """Twice x."""\n'
    for name, old, new in (
        ("helpers/other.py", "pass", "return 1"),  # a module that the chapter does not need
        ("helpers/drawing.py", "late = 1", "late = 2"),  # imported by the package on first use
        ("helpers/engine/nd.py", "return base", "return 0"),  # what stands in for the library
        ("helpers/near.py", "def double(x):\n", documented),
        ("requirements.txt", "pillow==12.0.0", "pillow==12.0.1"),
        ("helpers/results/others.json", "1", "2"),  # a data file that the chapter does not name
    ):
        edit(book / name, old, new)
        assert refresh(book)[0] == "in step", f"{name}: {old} -> {new}"

    for name, old, new in (
        ("helpers/near.py", "return 2", "return 3"),
        ("helpers/last.py", "ONE = 1", "ONE = 1.0"),  # imported by near.py and deep/far.py
        ("requirements.txt", "numpy==1.26.4", "numpy==1.26.3"),
        ("helpers/results/found.json", "1", "2"),
        ("chapters/01_small.ipynb", "[1]", "[3]"),  # an output, changed by hand
    ):
        edit(book / name, old, new)
        assert notebooks.is_stale(chapters.read_source(chapter), chapters.read_pair(chapter)), f"{name}: {old} -> {new}"
        edit(book / name, new, old)

    two_cells = ("\n\nprint(double", "\n```\n\n```{code-cell} ipython3\nprint(double")
    edit(chapter, *two_cells)
    assert notebooks.is_stale(chapters.read_source(chapter), chapters.read_pair(chapter)), "outputs would stand below other cells"
    edit(chapter, *reversed(two_cells))

    edit(chapter, "print(double", "print(0 + double")
    state, pair = refresh(book)
    assert state == "run" and pair.cells[1].outputs != first.cells[1].outputs

    with pytest.raises(SystemExit, match="No chapter is called 99: give a number"):
        notebooks.main(["99"])


DIGITS = """# Digits

```{code-cell} ipython3
:tags: [within-0.02]

print("loss", 0.5024)
```

```{code-cell} ipython3
print("engine")
```
"""


def test_where_a_module_stands_in_for_the_library_the_digits_stay_those_of_the_library(book, monkeypatch):
    chapter = book / "chapters/02_digits.md"
    chapter.write_text(HEADER + DIGITS, encoding="utf-8")

    def refreshed():
        return notebooks.refresh(chapter), [cell.outputs[0].text for cell in code_cells(chapters.read_pair(chapter))]

    pair = chapters.read_source(chapter)
    for cell, text in zip(code_cells(pair), ("loss 0.5012\n", "library\n")):
        cell.outputs = [nbformat.v4.new_output("stream", text=text)]
    nbformat.write(pair, chapter.with_suffix(".ipynb"))
    monkeypatch.setitem(sys.modules, "figures", types.ModuleType("helpers.engine"))
    state, texts = refreshed()
    assert texts == ["loss 0.5012\n", "engine\n"] and state == "run on helpers.engine"

    edit(chapter, 'print("engine")', "import nothing_that_is_installed")
    assert refreshed() == ("NOT RUN, as nothing_that_is_installed is not installed here", texts)
    monkeypatch.setattr(notebooks, "chosen", lambda names: [chapter])
    assert notebooks.main([]) == "These chapters are still to be run: 02_digits."


@pytest.mark.parametrize(
    "code, modules",
    [
        ("from helpers import double", {"near", "deep", "deep.far", "last"}),
        ("from helpers import late", {"drawing"}),
        ("import helpers", {"near", "deep", "deep.far", "last", "other", "drawing", "results"}),
        ("from helpers.engine import nd", {"engine", "engine.nd", "engine.base"}),
        ("from helpers.deep.far import ONE", {"deep", "deep.far", "last"}),
        ("import numpy", set()),
    ],
)
def test_code_needs_the_helpers_that_it_imports(book, code, modules):
    assert fingerprint.modules_for(code) == {f"helpers.{name}" for name in modules}


@pytest.mark.parametrize(
    "text, passes",
    [
        ("epoch 1, loss 0.7924, test acc 0.819", True),
        ("epoch 1, loss 0.7800, test acc 0.830", True),
        ("epoch 1, loss 0.7500, test acc 0.819", False),  # a number too far off
        ("epoch 2, loss 0.7924, test acc 0.819", False),  # a whole number
        ("epoch 1, loss nan, test acc 0.819", False),
        ("epoch 1, loss 0.7924", False),  # a number too few
        ("epoch 1, LOSS 0.7924, test acc 0.819", False),  # another word
    ],
)
def test_outputs_are_compared_within_their_tolerance_and_no_further(text, passes):
    stored = "epoch 1, loss 0.7924, test acc 0.819"
    assert (snapped(text, stored, 0.02) == stored) is passes
