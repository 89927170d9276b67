"""What the guides say in numbers is what the code, the workflows and the data have."""

import re

import pytest

from press.notebooks import minutes
from press.notebooks.chapters import CHAPTERS, ROOT, imported
from tests.support.everything import ROOMS
from utils.files import FILES
from utils.judges.problems import PROBLEMS

WORDS = dict(enumerate("zero one two three four five six seven eight nine ten eleven twelve".split()))


def in_file(name, pattern):
    """What a file says in the groups of a pattern: numbers, where they are some."""
    found = re.search(pattern, (ROOT / name).read_text(encoding="utf-8"), re.M).groups()
    return [int(text) if text.isdigit() else text for text in found]


ON_TORCH = [int(path.stem[:2]) for path in CHAPTERS if "torch" in imported(path)]
UNPACKED = round(sum(size for size, _ in FILES.values()) / 1e6)
(DAYS,) = in_file(".github/workflows/test.yml", r"name: site\n.*\n *retention-days: (\d+)")
SAID = [  # where, a sentence, and what its numbers are
    ("README.md", "Chapters {} and {} need PyTorch", ON_TORCH),
    ("README.md", "{words} problems at the end of the course", [len(PROBLEMS)]),
    ("README.md", "{words} rooms", [len(ROOMS)]),
    ("README.md", "{words} files, {} MB unpacked", [len(FILES), UNPACKED]),
    ("README.md", "written for MXNet {}, the last release", in_file("pyproject.toml", r'"mxnet==([\d.]+);')),
    ("README.md", "http://127.0.0.1:{}>", in_file("Makefile", r"http\.server (\d+)")),
    ("CONTRIBUTING.md", "Chapters {} and {} need `make test-torch`", ON_TORCH),
    ("CONTRIBUTING.md", "runs it {words} times", in_file("Makefile", r"^flaky: ROUNDS := (\d+)")),
    ("reference/before_you_start.md", "Only {} and {} need PyTorch", ON_TORCH),
    ("reference/teaching.md", "only chapters {} and {} use", ON_TORCH),
    (
        "reference/teaching.md",
        "at {} words of prose or {} lines of code a minute",
        [minutes.WORDS_A_MINUTE, minutes.LINES_A_MINUTE],
    ),
    ("reference/publish.md", "the site is kept for {words} weeks", [DAYS / 7]),
    ("press/README.md", "is a book of {words} pages", [len(list((ROOT / "press/sample").rglob("*.md")))]),
    ("utils/data.py", "The {words} files ({} MB)", [len(FILES), UNPACKED]),
    (".devcontainer/devcontainer.json", '"forwardPorts": [{}]', in_file("lab.py", r"^PORT = (\d+)")),
]


@pytest.mark.parametrize("name, sentence, numbers", SAID, ids=lambda value: str(value)[:30])
def test_a_number_that_a_guide_repeats_is_that_of_its_origin(name, sentence, numbers):
    text = (ROOT / name).read_text(encoding="utf-8")
    said = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text) if name.endswith(".md") else text  # of a link its text
    numbers = iter(numbers)
    expected = re.sub(r"\{(words)?\}", lambda place: WORDS[next(numbers)] if place[1] else str(next(numbers)), sentence)
    assert re.search(re.escape(expected), " ".join(said.split()), re.I), expected
