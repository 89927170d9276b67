"""The chapters' prose, compared with the outputs beside it: numbers, sums and products, links, the glossary."""

import math
import re

import pytest

from tests.support.prose import each_chapter, facts, follows, read_pair, sections, value, written
from tools.notebooks.chapters import CHAPTERS, ROOT

# --- Numbers ----------------------------------------------------------------------------------------------------------

SIZES = [28, 255, 256, 784, 60_000, 10_000, 70_000, 6_000, 1_000, 100, math.ceil(60_000 / 256), 10 * math.ceil(60_000 / 256)]
PRODUCTS = [784 * 256, 784 * 256 + 256, 256 * 10, 256 * 10 + 10, 784 * 256 + 256 * 10, 784 * 256 + 256 + 256 * 10 + 10, 784 * 10]
COURSE = {*map(str, [*SIZES, *PRODUCTS, 784 * 10 + 10]), "1.9"}
# Numbers that no cell of their section computes: from a question, a figure or a cited source, or rounded constants.
GIVEN = {
    "01_fashion_mnist": "0.1",
    "04_model": "0.46 0.53",
    "05_loss": "0.25 0.7 2.303 2.7 3.4",
    "07_prediction": "0.05 0.25 0.87 1300",
    "12_gluon": "0.4 0.5 128",
    "13_pytorch": "0.9 2.67",
    "14_generalise": "0.01 0.1 1.998",
    "16_grow": "0.0125 0.1 0.8 512 3072",
    "17_problems": "0.892",
    "18_solutions_change": "50000",
    "18_solutions_look": "50000",
    "18_solutions_train": "200 0.836 0.866 0.872 0.877 0.897 0.904 50000 0.900",
    "19_reproducibility": "0.000000002 0.8075 0.8233",
}


def known_numbers(path):
    """For each section of a chapter (heading, prose, known numbers).

    Known are the numbers in its own cells and outputs, the sizes of the course, and the supported numbers of other sections.
    """
    problems = path.stem == "17_problems"
    parts = sections(read_pair(path), "###?" if problems else "##")
    given = COURSE | set(GIVEN.get(path.stem, "").split())
    own = [given | facts(cells) for _, _, cells in parts]
    if problems:  # a problem may name the numbers of its solution
        solved = {
            heading: facts(cells) for page in path.parent.glob("18_*.md") for heading, _, cells in sections(read_pair(page))
        }
        own = [known | solved.get(heading, set()) for (heading, _, _), known in zip(parts, own)]
    said = [{n for n, cent in written(prose) if follows(n, cent, known)} for (_, prose, _), known in zip(parts, own)]
    return [(heading, prose, known.union(*said)) for (heading, prose, _), known in zip(parts, own)]


@each_chapter
def test_every_number_in_prose_comes_from_its_section(path):
    for heading, prose, known in known_numbers(path):
        for number, percent in written(prose):
            assert follows(number, percent, known), (
                f"{path.stem}, {heading!r}: where is {number} from? Let a cell of this section print or assert it"
            )


OPERAND = r"\d(?:[\d,.]*\d)?"
ARITHMETIC = re.compile(rf"(?<![\w.^=*/+-] )(?<![\w.^])((?:{OPERAND}\s*[*+-]\s*)+{OPERAND})\s*(?:=|≈|is)\s*({OPERAND})")


@pytest.mark.parametrize("path", [*CHAPTERS, *sorted(ROOT.glob("reference/*.md"))], ids=lambda path: path.stem)
def test_a_product_or_sum_in_prose_is_right(path):
    text = re.sub(r"^```\{code-cell\}.*?^```", "", path.read_text(encoding="utf-8"), flags=re.S | re.M)
    text = re.sub(r"\\cdot|\\times|×|(?<=\d )x(?= \d)", "*", text.replace("$", "").replace("{,}", ","))
    text = text.replace("\\approx", "≈")
    for calculation, result in ARITHMETIC.findall(text):
        numbers = re.sub(r"[*+-]", " ", calculation.replace(",", "")).split()
        signs = re.findall(r"[*+-]", calculation)
        total, term, sign = 0, float(numbers[0]), 1
        for operator, number in zip(signs, numbers[1:]):
            if operator == "*":
                term *= float(number)
            else:
                total, term, sign = total + sign * term, float(number), -1 if operator == "-" else 1
        decimals = len(result.partition(".")[2])
        assert abs(total + sign * term - value(result)) <= 0.5000001 * 10**-decimals, f"{calculation} is not {result}"


# --- Links ------------------------------------------------------------------------------------------------------------

COMMON = set("the and for with from this that its own not chapter first next later".split())


def stems(text):
    """The significant words of a text, without their endings."""
    return {word[:5] for word in re.findall(r"[a-z]{3,}", text.lower().replace("_", " ")) if word not in COMMON}


def test_a_term_of_the_glossary_is_in_the_chapter_that_it_links_to():
    entries = re.findall(
        r"^(\S.*)\n  .*chapters/(\d\d_\w+)\.ipynb", (ROOT / "reference/glossary.md").read_text(encoding="utf-8"), re.M
    )
    texts = {path.stem: path.read_text(encoding="utf-8").lower() for path in CHAPTERS}
    lost = [(term, name) for term, name in entries if not any(re.search(rf"\b{stem}", texts[name]) for stem in stems(term))]
    assert len(entries) > 40 and lost == []


@pytest.mark.parametrize("path", [*CHAPTERS, *sorted(ROOT.glob("reference/*.md"))], ids=lambda path: path.stem)
def test_the_text_of_a_link_describes_its_target(path):
    order = [chapter.stem for chapter in CHAPTERS]
    link = r"(?<!!)\[([^\]]+)\]\((?:\.\./chapters/)?(\d\d_\w+)\.ipynb(#[\w-]+)?\)"
    for text, target, anchor in re.findall(link, path.read_text(encoding="utf-8")):
        assert target in order, f"{path.stem}: there is no {target}"
        where = f"{path.stem}: [{text}] links to {target}"
        here = order.index(path.stem) if path.stem in order else None
        number = re.match(r"(?:the )?(?:chapter )?(\d+)\b", text, re.I)
        if number:
            assert int(number[1]) == int(target[:2]), where
        elif re.search(r"\bnext chapter", text):
            assert order.index(target) == here + 1, where
        elif re.search(r"\bfirst chapter", text):
            assert target == order[1], where
        else:
            title = re.search(r"^# (.*)", (ROOT / f"chapters/{target}.md").read_text(encoding="utf-8"), re.M)[1]
            assert stems(text) & stems(f"{target} {title} {anchor}"), where
