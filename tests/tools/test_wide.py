"""A figure for a phone in another size, against what Matplotlib draws in that size."""

import io
import re
from xml.etree import ElementTree

import pytest

from tools.wide import SVG, grid, widen
from utils import plt

OLD, NEW = (280, 300), (552, 240)
OLD_BOXES = [(40, 20, 220, 100), (40, 170, 100, 100)]
NEW_BOXES = [(40, 30, 260, 180), (372, 30, 150, 150)]


@pytest.fixture(autouse=True)
def letters():
    with plt.rc_context({"font.size": 10.5, "svg.fonttype": "none", "svg.hashsalt": "test", "path.simplify": False}):
        yield
    plt.close("all")


def drawn(size, boxes, title="a title"):
    """A chart whose y axis is logarithmic, an image, and letters inside and outside; all that a browser needs, as text."""
    figure = plt.figure(figsize=[side / 72 for side in size])
    places = [(x / size[0], (size[1] - y - height) / size[1], width / size[0], height / size[1]) for x, y, width, height in boxes]
    chart, *others = [figure.add_axes(place) for place in places]
    chart.plot([0, 1, 2], [1e-3, 1e-1, 1e2], marker="o")
    chart.plot([0, 1, 2], [1e-2, 3e3, 1e1])  # leaves the chart, and comes back
    chart.bar([0, 1], [1e-2, 1e1])
    chart.set(yscale="log", ylim=(1e-4, 1e3), yticks=[1e-3, 1e2], xticks=[0, 1, 2], xlabel="step", title=title)
    chart.minorticks_off()  # there are more of them in a larger chart
    chart.text(1, 1, "in the chart", ha="center", va="center")
    for x, ha in ((4, "left"), (-4, "right")):
        chart.annotate("beside a point", (1, 1e-1), (x, 0), textcoords="offset points", ha=ha, va="center")
    for ax in others:
        ax.imshow([[0, 1], [2, 3]], interpolation="none")
        ax.axis("off")
    file = io.StringIO()
    figure.savefig(file, format="svg")
    return file.getvalue()


def places(svg):
    """(what, numbers) of each thing that has a place, but for the paper and the shapes of marks."""
    root = ElementTree.fromstring(re.sub(r' transform="rotate[^"]*"', "", svg))
    shapes = {part for defs in root.iter(f"{SVG}defs") for part in defs.iter(f"{SVG}path")}
    paper = {part for part in root.find(f"{SVG}g").findall(f"{SVG}g[@id='patch_1']") for part in part}
    found = []
    for part in root.iter():
        if part not in shapes | paper and part.tag != f"{SVG}tspan":
            for name in {"d", "x", "y", "width", "height", "transform", "viewBox"} & part.attrib.keys():
                found.append((part.tag, name, [float(number) for number in re.findall(r"-?[\d.]+", part.get(name))]))
    return sorted(found, key=lambda place: place[:2])


def assert_same(svg, expected):
    ours, theirs = places(svg), places(expected)
    assert [place[:2] for place in ours] == [place[:2] for place in theirs]
    for (tag, name, numbers), (_tag, _name, wanted) in zip(ours, theirs):
        # They are written to a hundredth of a point; how far above its line a text ends depends on its letters.
        assert numbers == pytest.approx(wanted, abs=0.5 if (tag, name) == (f"{SVG}text", "y") else 0.02), (tag, name)


def test_panels_in_other_boxes_are_what_matplotlib_draws_there():
    assert_same(widen(drawn(OLD, OLD_BOXES), NEW, NEW_BOXES), drawn(NEW, NEW_BOXES))


def test_a_single_panel_keeps_its_margins():
    assert_same(widen(drawn((280, 190), [(40, 20, 220, 130)]), (552, 240)), drawn((552, 240), [(40, 20, 492, 180)]))


def test_lines_one_below_the_other_stand_in_the_middle_of_their_panel():
    svg = widen(drawn(OLD, OLD_BOXES, "two lines\nof a title"), NEW, NEW_BOXES)
    lines = re.findall(r'<text style="text-anchor: middle;[^>]* transform="translate\(([\d.]+) [\d.]+\)">', svg)
    assert [float(x) for x in lines] == [170, 170]


def test_a_figure_with_another_number_of_panels_gets_no_boxes():
    with pytest.raises(ValueError):
        widen(drawn(OLD, OLD_BOXES), NEW, NEW_BOXES[:1])
    with pytest.raises(ValueError):
        widen(drawn(OLD, OLD_BOXES), NEW)


def test_a_grid_fills_its_width_row_by_row():
    (width, height), boxes = grid(100, count=3, columns=2, gap=10, above=5)
    assert boxes == [(0, 5, 45, 45), (55, 5, 45, 45), (0, 65, 45, 45)] and (width, height) == (100, 110)
