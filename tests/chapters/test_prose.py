"""The chapters' prose: numbers, which cells compute, sums and products, links, the glossary."""

import functools
import re

import nbformat
import pytest
from matplotlib.colors import rgb_to_hsv, to_rgb

from press.notebooks.chapters import CHAPTERS, ROOT
from press.notebooks.to_write import write_missing
from tests.support.prose import (
    NUMBER,
    WRITTEN,
    described,
    drawn_in,
    each_chapter,
    everything,
    facts,
    follows,
    precise,
    read_pair,
    read_source,
    text,
    value,
)
from utils.plotting import SIGNS

# --- Numbers ----------------------------------------------------------------------------------------------------------

SOLUTIONS = [path for path in CHAPTERS if "_solutions_" in path.stem]


@functools.cache
def whole_numbers():
    return {number for path in CHAPTERS for number in facts(path) if number.replace(",", "").isdigit()}


def known_numbers(path):
    """The numbers of a chapter's cells, and the whole ones of all chapters, such as 203530 parameters."""
    known = whole_numbers() | facts(path)
    if path.stem == "23_problems":  # a problem may name the numbers of its solution and of its judge
        judges = [module.read_text(encoding="utf-8") for module in ROOT.glob("utils/judges/**/*.py")]
        known = known.union(*map(facts, SOLUTIONS), *map(NUMBER.findall, judges))
    return known


@each_chapter
def test_a_precise_number_in_prose_is_that_of_a_cell(path):
    known = known_numbers(path)
    lost = [number for number, percent in precise(text(path)) if not follows(number, percent, known)]
    assert lost == [], f"{path.stem}: where are they from? Let a cell print or assert them, or be less precise"


def quotes(source):
    """What the comments of a cell quote: what stands in double quotes in lines that are comments, joined."""
    comments = re.findall(r"(?:^ *# .*\n?)+", source, re.M)
    return [quote for lines in comments for quote in re.findall('"([^"]+)"', re.sub(r"\n *# ", " ", lines))]


def test_quotes_are_found_in_each_comment_that_has_its_lines_for_itself():
    source = '# Checked: "one\n# half"\nfor x in X:\n    # so "two\n    # thirds"\n    print("three", x)\n'
    assert quotes(source) == ["one half", "two thirds"]


@each_chapter
def test_what_a_check_quotes_stands_in_its_chapter(path):
    """Whoever rewords a sentence so meets the cell that asserts it."""
    said = re.sub(r"[*`$\\]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", everything(path)))
    checks = [cell.source for cell in read_source(path).cells if cell.source.startswith("# Checked: ")]
    assert [quote for source in checks for quote in quotes(source) if quote not in " ".join(said.split())] == []


def sections(path):
    """The cells of a chapter's executed pair, section by section."""
    found = [[]]
    for cell in read_pair(path).cells:
        if cell.cell_type == "markdown" and re.search("^## ", cell.source, re.M):
            found.append([])
        found[-1].append(cell)
    return found


@each_chapter
def test_a_number_in_the_description_of_a_figure_is_one_of_its_section(path):
    """The prose may speak of another chapter; what is told of a figure is seen in it, or beside it."""
    lost = []
    for cells in sections(path):
        shown = [output for cell in cells if cell.cell_type == "code" for output in cell.outputs]
        drawn = [text for output in shown for text in drawn_in(output.get("data", {}))]
        printed = [text for output in shown for text in (output.get("text", ""), output.get("data", {}).get("text/plain", ""))]
        known = set(NUMBER.findall("\n".join([*(cell.source for cell in cells), *printed, *drawn])))
        told = "\n".join(described(cell) for cell in cells)
        lost += [number for number, percent in precise(told) if not follows(number, percent, known | {"256", "784"})]
    assert lost == []


@each_chapter
def test_a_count_in_the_caption_of_a_stored_picture_stands_in_its_chapter_too(path):
    """From 1,000 on, in the description of the picture too: no cell draws it, so nothing else would say that it is stale."""
    source = path.read_text(encoding="utf-8")
    for figure in re.finditer(r"^```\{figure\}.*?^```", source, re.M | re.S):
        known = {*NUMBER.findall(source.replace(figure[0], "")), "256", "784"}
        counts = [number.rstrip(",") for number in WRITTEN.findall(figure[0]) if re.search(r"\d,\d", number)]
        assert [number for number in counts if not follows(number, False, known)] == []


MEMORY = re.compile(r"\d[\d,.]*\s*(?:[KMG]B|(?:kilo|mega|giga)bytes?)\b")


MEASURED = "parameters|products|weights|mistakes|search|length|work|time"
PART = re.compile(rf"\b(?:half|third|quarter|[a-z]+th) of (?:the|its|all) (?:{MEASURED})\b")


@each_chapter
def test_a_size_in_memory_and_a_part_in_words_are_quoted_where_they_are_checked(path):
    quoted = " ".join(quote for cell in read_source(path).cells for quote in quotes(cell.source))
    said = [" ".join(re.sub(r"[*`$\\]", "", sentence).split()) for sentence in re.split(r"(?<=[.?!:])\s+", text(path))]
    assert [
        sentence for sentence in said for kind in (MEMORY, PART) for size in kind.findall(sentence) if size not in quoted
    ] == []


SUBSCRIPTS = re.compile(r"(?:\\mathrm\{d\})?([A-Z])_\{(\d?),?([a-z]{2})\}")


@each_chapter
def test_the_subscripts_of_an_array_stand_in_one_order(path):
    found = {}
    for array, number, letters in SUBSCRIPTS.findall(everything(path)):
        found.setdefault((array, number, "".join(sorted(letters))), set()).add(letters)
    assert [(name, orders) for name, orders in found.items() if len(orders) > 1] == []


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


# How the text names the two colours of weights, and what it says of each; orange is also the dots of a class.
HUES = {"purple": "plus", "orange": "minus"}
MEANINGS = {
    "plus": r"\bpositive|(?:speaks|counts) for|\(for\)|above 0|\badded",
    "minus": r"\bnegative|\bagainst|below (0|$)|taken away",
}


@each_chapter
def test_a_colour_of_weights_means_what_it_is_drawn_for(path):
    """A caption in which the two have changed places looks as right as the true one."""
    clauses = [clause for clause in re.split(r"[,.;]\s|\band\b", everything(path)) if re.search("|".join(HUES), clause, re.I)]
    for clause in clauses:
        said = {sign for hue, sign in HUES.items() if hue in clause.lower()}
        meant = {sign for sign, words in MEANINGS.items() if re.search(words, clause)}
        assert not meant or meant == said, clause


def test_the_colours_of_weights_have_the_hues_that_the_text_names():
    hues = {sign: round(360 * rgb_to_hsv(to_rgb(SIGNS[sign]))[0]) for sign in SIGNS}
    assert 250 < hues["plus"] < 290 and 15 < hues["minus"] < 40


# --- Links ------------------------------------------------------------------------------------------------------------


@pytest.mark.any_chapter
def test_a_term_of_the_glossary_is_in_the_chapter_that_it_links_to():
    entries = re.findall(
        r"^(\S.*)\n  .*chapters/(\d\d_\w+)\.ipynb", (ROOT / "reference/glossary.md").read_text(encoding="utf-8"), re.M
    )
    texts = {path.stem: path.read_text(encoding="utf-8").lower() for path in CHAPTERS}
    beginnings = {term: [word[:7] for word in term.lower().split()] for term, _ in entries}  # normalises, for normalisation
    lost = [(term, name) for term, name in entries if not any(word in texts[name] for word in beginnings[term])]
    assert len(entries) > 40 and lost == []


@pytest.mark.parametrize("path", [*CHAPTERS, *sorted(ROOT.glob("reference/*.md"))], ids=lambda path: path.stem)
def test_a_link_that_names_a_chapter_by_its_number_leads_there(path):
    link = r"\[(?:the )?(?:chapter )?(\d+)\b[^\]]*\]\((?:\.\./chapters/)?(\d\d)_\w+\.ipynb"
    links = re.findall(link, path.read_text(encoding="utf-8"), re.I)
    assert [(number, target) for number, target in links if int(number) != int(target)] == []


PAGES = [*CHAPTERS, *sorted(ROOT.glob("reference/*.md"))]


@functools.cache
def headings(path):
    """The headings of a page by their addresses."""
    prose = re.sub(r"^```\{code-cell\}.*?^```", "", path.read_text(encoding="utf-8"), flags=re.S | re.M)
    return {address_of(heading): heading for heading in re.findall(r"^#+ (.*)", prose, re.M)}


def address_of(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_link_whose_text_is_a_heading_leads_to_that_heading(path):
    pages = {page.stem: page for page in PAGES}
    for words, target, place in re.findall(r"\[([^\]]+)\]\(([^)#\s:]*)#([\w-]+)\)", path.read_text(encoding="utf-8")):
        there = headings(pages[re.sub(r".*/|\.\w+$", "", target)] if target else path)
        assert address_of(words) not in there or address_of(words) == place, f"[{words}] leads to {there.get(place)}"


RELATIVE = {"the next chapter", "a problem"}  # each leads from where it stands


def test_the_same_words_lead_to_the_same_page_from_everywhere():
    """Most links of the glossary name their chapter in words that others have too, so that a wrong target is the odd one."""
    leads = {}
    for path in PAGES:
        for words, target in re.findall(r"\[([^][]+)\]\((?!https?:)([^)#\s]+)(?:#[\w-]+)?\)", path.read_text(encoding="utf-8")):
            leads.setdefault(words.lower(), {}).setdefault(re.sub(r".*/|\.\w+$", "", target), []).append(path.stem)
    assert len(leads) > 80
    assert {words: targets for words, targets in leads.items() if len(targets) > 1 and words not in RELATIVE} == {}


def test_a_sentence_with_a_number_and_a_link_to_a_section_leads_to_where_the_number_is_too():
    """Of its numbers with two digits or more, but for zeros, the section has one, in its text or its code."""
    pages, met = {path.stem: path for path in PAGES}, 0
    for path in PAGES:
        prose = re.sub(r"^```\{code-cell\}.*?^```", "", path.read_text(encoding="utf-8"), flags=re.S | re.M)
        for sentence in re.split(r"(?<=[.?!:])\s+", prose):
            told = {number.rstrip(",") for number in WRITTEN.findall(re.sub(r"\[[^]]*\]\([^)]*\)", "", sentence))}
            told = {number for number in told if len(re.sub("[.,]", "", number).strip("0")) > 1}
            for target, place in re.findall(r"\]\((?!http)([^)#\s:]*)#([\w-]+)\)", sentence):
                there = section(pages[re.sub(r".*/|\.\w+$", "", target)] if target else path, place)
                met += bool(told and there)
                assert not told or not there or any(number in there for number in told), sentence
    assert met > 5


def section(path, place):
    """What stands below the heading with this address, up to the next one."""
    cells = re.sub(
        r"^```\{code-cell\}.*?^```", lambda cell: cell[0].replace("\n#", "\n%"), path.read_text("utf-8"), flags=re.S | re.M
    )
    return next(
        (text for heading, text in re.findall(r"^#+ (.*)\n((?:(?!#+ ).*\n?)*)", cells, re.M) if address_of(heading) == place), ""
    )


@pytest.mark.parametrize("path, follower", list(zip(CHAPTERS, CHAPTERS[1:])), ids=lambda path: path.stem)
def test_next_leads_to_the_next_chapter(path, follower):
    links = re.findall(r"^Next: \[.*\]\((\w+)\.ipynb\)", path.read_text(encoding="utf-8"), re.M)
    assert links == [follower.stem] or links == []


def test_each_link_and_figure_in_the_notebooks_to_write_in_leads_to_a_file(tmp_path):
    for name in ("chapters", "reference"):
        (tmp_path / name).symlink_to(ROOT / name)
    folder = tmp_path / "write"
    write_missing(folder)
    for file in folder.iterdir():
        prose = "\n".join(cell.source for cell in nbformat.read(file, as_version=4).cells if cell.cell_type == "markdown")
        targets = re.findall(r"(?:\]\(|\{figure\} )(?!https?:|#)([^)#\s]+)", prose)
        assert [target for target in targets if not (folder / target).exists()] == [], file.name


def test_the_statement_on_access_names_tests_that_there_are():
    text = (ROOT / "reference/accessibility.md").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+)`", text)
    there = {name for path in (ROOT / "tests").rglob("*.py") for name in re.findall(r"^def (\w+)", path.read_text("utf-8"), re.M)}
    assert len(named) > 10 and set(named) <= there
    assert len(re.findall(r"\w[\w-]*", text)) <= 300


def test_readers_are_told_when_and_how_much_is_asked_again():
    script, told = (ROOT.joinpath(name).read_text("utf-8") for name in ("press/page/again.js", "reference/before_you_start.md"))
    waits, most = re.search(r"AFTER = \[(.*)\], MOST = (\d+)", script).groups()
    days = [{"DAY": "a day", "7 * DAY": "a week", "30 * DAY": "a month"}[wait] for wait in waits.split(", ")]
    when = f"{', '.join(days[:-1])} and {days[-1]}"
    assert f"Each comes back {when} after" in script
    assert f"comes back below a page's title after {when}," in told
    assert f"at most {['none', 'one', 'two', 'three', 'four', 'five', 'six'][int(most)]} questions a day" in told
