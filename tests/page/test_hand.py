"""The pictures in the hand: their arithmetic compared with the chapters', and each driven by mouse and keys in its page."""

import json
import re

import numpy as np
import pytest
from mxnet import autograd, nd

from press.browser.chromium import settle
from press.browser.listings import on_device
from press.notebooks.chapters import FOLDER, code_cells, read_source
from tests.support.page import ask, ask_again, module
from tools import hand
from tools.experiments import stopping
from utils import LABELS, softmax_cross_entropy

pytestmark = pytest.mark.any_prose

PAGES = {
    "bends": "03_activation",
    "scores": "05_loss",
    "landscape": "09_descent",
    "graph": "10_autograd",
    "boot": "11_backpropagation",
    "arrays": "12_autograd_arrays",
    "stop": "16_generalise",
    "runs": "17_compare",
    "window": "18_convolution",
}


@pytest.fixture(scope="module")
def desk(browser, site):
    """The page that these tests share, on a wide screen. What only computes does so in whichever page of the book it shows."""
    context = on_device(browser, 2, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{site}search.html")
    yield page
    context.close()


@pytest.fixture(scope="module")
def paper(browser):
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture
def phone(browser):
    context = on_device(browser, 2, viewport={"width": 390, "height": 800}, has_touch=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def visit(desk, site):
    """A function that opens the page of a picture, and returns the page at the picture, which is in its first state."""
    problems = []

    def note(said):
        problems.append(str(said))

    def open_at(name, page=desk, reduced_motion="reduce"):
        for kind in ("console", "pageerror"):
            page.on(kind, note)
        page.emulate_media(reduced_motion=reduced_motion)
        address = f"{site}chapters/{PAGES[name]}.html"
        ask(page, "showInHandAgain", name) if page.url == address else page.goto(address)
        page.evaluate("document.querySelector('.opening')?.remove()")  # the same picture, which has a test of its own
        page.locator(f"figure [data-hand={name}]").scroll_into_view_if_needed()
        page.locator(f"figure [data-hand={name}] svg").wait_for()
        return page

    yield open_at
    for kind in ("console", "pageerror"):
        desk.remove_listener(kind, note)
    assert problems == []


def says(page):
    return page.locator("figure .hand-controls > [role=status]").inner_text()


def note_what_is_said(page):
    page.evaluate("""() => {
        const says = document.querySelector("figure .hand-controls p");
        window.said = [];
        new MutationObserver(() => said.push(says.textContent)).observe(says, { childList: true });
    }""")


def numbers(page):
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", says(page).replace("−", "-"))]


def computed(page, expression, argument=None):
    """What an expression of a picture and `argument` is in a page. argument: the picture's name, and what it is asked with."""
    name, argument = argument
    return module(page, f"hand/{name}.js").evaluate(f"({{ picture }}, argument) => {expression}", argument)


def drag(page, name, right, down):
    box = page.locator(f"[data-name='{name}']").locator("circle, rect").last.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2)
    page.mouse.move(x + right, y + down)
    page.mouse.up()


def cell_with(stem, text, **names):
    """The names that a chapter's cell with `text` defines, given those that it needs."""
    source = next(cell.source for cell in code_cells(read_source(FOLDER / f"{stem}.md")) if text in cell.source)
    exec(source, names)
    return names


def cells_up_to(stem, text):
    """The names that a chapter has defined when its first cell with `text` has run."""
    sources, names = [cell.source for cell in code_cells(read_source(FOLDER / f"{stem}.md"))], {}
    for source in sources[: next(i for i, source in enumerate(sources) if text in source) + 1]:
        exec(source, names)
    return names


def test_a_picture_that_a_server_failed_to_send_can_be_asked_for_again(phone, site):
    picture = "figure [data-hand=bends]"
    ask_again(phone, f"{site}chapters/{PAGES['bends']}.html", picture, "hand/kit.js", f"{picture} svg")


# All of them


def test_each_picture_is_tried_here():
    assert sorted(PAGES) == sorted(hand.names()), "write its chapter into PAGES above"


@pytest.mark.parametrize("name", hand.names())
def test_the_stored_picture_is_the_first_state(paper, name):
    for kind in hand.WIDTHS:
        assert hand.first_state(paper, name, kind) == hand.stored(name, kind).read_text("utf-8"), "make pictures"


@pytest.mark.parametrize("name", hand.names())
def test_a_picture_is_at_most_8_kb(name):
    assert (hand.WEB / "hand" / f"{name}.js").stat().st_size <= 8192


def test_the_picture_that_opens_a_chapter_is_alive_and_no_twin_of_the_one_in_the_text(desk, site):
    desk.goto(f"{site}chapters/05_loss.html")
    for place in (".opening", "figure"):
        desk.locator(f"{place} [data-hand=scores]").scroll_into_view_if_needed()
        desk.locator(f"{place} [data-hand=scores] svg").wait_for()
        desk.locator(f"{place} .hand-controls").get_by_text("shirt", exact=True).click()
    desk.locator("figure .hand-controls").get_by_text("pullover", exact=True).click()
    assert "The right answer is shirt" in desk.locator(".opening [role=status]").inner_text()
    assert desk.locator(".opening .hand-controls").get_by_label("shirt", exact=True).is_checked()
    assert "The right answer is pullover" in desk.locator("figure .hand-controls [role=status]").inner_text()


@pytest.mark.parametrize("sign", ["moves the pointer", "presses a key"])
def test_a_picture_that_loads_much_is_alive_as_soon_as_a_reader_stirs_without_a_press_and_in_its_room(desk, site, sign):
    loaded = []
    desk.on("request", lambda request: loaded.append(request.url))
    desk.goto(f"{site}chapters/11_backpropagation.html")
    opening = desk.locator(".opening")
    height = opening.bounding_box()["height"]
    module(desk, "page/near.js")
    assert opening.locator("svg").count() == 0 and not [url for url in loaded if "weights" in url], "before anybody reads"
    if sign == "moves the pointer":
        desk.mouse.move(20, 20)
        desk.mouse.move(30, 30)
    else:
        desk.keyboard.press("Shift")
    opening.locator(".hand svg").wait_for()
    assert opening.bounding_box()["height"] == height, "a layout shift"


# Scores


def test_scores_give_the_chapters_loss_and_gradient(desk):
    assert computed(desk, "picture.names", ["scores", None]) == LABELS
    for seed, scale in ((0, 1), (1, 3), (2, 100)):
        scores, y = np.random.RandomState(seed).normal(scale=scale, size=10), seed + 3
        O = nd.array(scores).reshape((1, 10))
        O.attach_grad()
        with autograd.record():
            loss = softmax_cross_entropy(O, nd.array([y]))
        loss.backward()
        found = computed(desk, "picture.compute(argument)", ["scores", {"O": scores.tolist(), "y": y}])
        assert found["loss"] == pytest.approx(loss.asscalar(), rel=1e-5)
        assert found["gradient"] == pytest.approx(O.grad.asnumpy()[0].tolist(), abs=1e-5)


def test_a_score_is_dragged_by_mouse_and_moved_by_keys(visit):
    page = visit("scores")
    probability, loss, gradient = numbers(page)
    drag(page, "score-4", 40, 0)
    assert numbers(page)[0] > probability and numbers(page)[1] < loss and numbers(page)[2] > gradient
    assert numbers(page)[1] == pytest.approx(-np.log(numbers(page)[0]), abs=2e-3)
    coat = page.get_by_role("slider", name="score of coat")
    coat.press("Home")
    assert coat.get_attribute("aria-valuenow") == "-6" and numbers(page)[1] > 6
    coat.press("ArrowRight")
    assert coat.get_attribute("aria-valuetext").startswith("-5.9, probability 0.00")
    page.get_by_role("button", name="All scores 0").click()
    assert numbers(page) == [0.1, 2.303, -0.9]
    page.get_by_role("button", name="A step against").click()
    assert numbers(page)[1] < 2.303
    page.get_by_text("shirt", exact=True).and_(page.locator("label span")).click()
    assert "The right answer is shirt" in says(page)


def test_an_arrow_at_a_score_ends_where_the_next_step_leads(visit):
    page = visit("scores")
    arrows = page.locator("figure [data-hand=scores] path.fourth")
    ends = [float(re.findall(r"[\d.]+", arrow.get_attribute("d"))[2]) for arrow in arrows.all()[1:]]  # the first explains them
    page.get_by_role("button", name="A step against").click()
    places = [page.locator(f"[data-name=score-{k}]").get_attribute("transform") for k in (2, 4, 6)]
    assert ends == pytest.approx([float(re.search(r"[\d.]+", place)[0]) for place in places], abs=0.2), "of pullover, coat, shirt"


def test_the_point_on_the_curve_has_the_loss(visit):
    page, point = visit("scores"), "figure [data-hand=scores] circle.third"
    for _ in range(2):
        loss = 5 * (500 - 36 - float(page.locator(point).get_attribute("cy"))) / 82  # 82 pixels from 0 to 5
        assert loss == pytest.approx(numbers(page)[1], abs=0.01)
        page.get_by_role("button", name="All scores 0").click()


def test_the_steps_that_the_chapter_counts_put_the_coat_ahead(visit):
    caption = "An arrow ends where a step with a learning rate of 1 takes the score; a second puts the coat ahead."
    assert caption in (FOLDER / "05_loss.md").read_text("utf-8")
    page, ahead = visit("scores"), []
    for _ in range(2):
        page.get_by_role("button", name="A step against").click()
        scores = [float(page.locator(f"[data-name=score-{k}]").get_attribute("aria-valuenow")) for k in range(10)]
        ahead.append(LABELS[int(np.argmax(scores))])
    assert ahead == ["pullover", "coat"]


def test_a_score_goes_to_a_click_on_its_rail(visit):
    page = visit("scores")
    coat, bag = (page.locator(f"[data-name=score-{k}]") for k in (4, 8))
    rail = page.locator("figure [data-hand=scores] .rail").nth(4).bounding_box()
    page.mouse.click(rail["x"] + rail["width"] / 2, rail["y"] + rail["height"] / 2)
    assert (coat.get_attribute("aria-valuenow"), bag.get_attribute("aria-valuenow")) == ("0", "-1")


# The landscape


def test_the_walks_end_where_the_chapters_end(desk):
    from utils import seed_everything, sgd

    given = dict(np=np, nd=nd, autograd=autograd, seed_everything=seed_everything, sgd=sgd)
    chapter = cell_with("09_descent", "def unit_losses", **given, softmax_cross_entropy=softmax_cross_entropy, relu=nd.relu)
    walks = "picture.walk(picture.data(), argument.start, argument.lr, argument.num_steps, argument.batch_size, argument.seed)"
    for start, lr, num_steps, batch_size, seed in (
        ((1, 3), 0.03, 60, 8, 1), ((1, 3), 1, 60, 8, 3), ((1, 3), 4, 60, 8, 6), ((1, 3), 8, 60, 8, 12), ((4, -1), 0.3, 200, 80, 1)
    ):  # fmt: skip
        settings = {"start": start, "lr": lr, "num_steps": num_steps, "batch_size": batch_size, "seed": seed}
        path = chapter["walk"](*settings.values())
        found = computed(desk, walks, ["landscape", settings])
        assert np.allclose(found, path, atol=1e-3), settings
        height = chapter["unit_losses"](chapter["points"], chapter["labels"], nd.array(path[-1])).mean().asscalar()
        assert computed(desk, "picture.height(picture.data(), argument)", ["landscape", found[-1]]) == pytest.approx(
            height, abs=1e-3
        )


def test_the_ball_is_dropped_at_two_rates_and_moved(visit):
    page = visit("landscape")
    drop = page.get_by_role("button", name="Drop it")
    drop.click()
    assert says(page) == "At 1, of 20 walks 18 reach the green valley, 0 end on the flat place, 2 elsewhere."
    page.get_by_role("group", name="Learning rate").get_by_text("8", exact=True).click()
    assert says(page).startswith("At w = 1.0, b = 3.0")
    drop.click()
    assert says(page) == "At 8, of 20 walks 2 reach the green valley, 15 end on the flat place, 3 elsewhere."
    ball = page.get_by_role("application", name="the ball")
    ball.press("ArrowUp")
    where = numbers(page)
    assert where[:2] == [1, 3.1]
    ball.press("PageUp")
    assert numbers(page)[:2] == [1, 4.1]


def test_a_step_is_minus_the_rate_times_the_gradient(visit):
    page = visit("landscape")
    page.get_by_role("group", name="Points a step").get_by_text("80").click()
    ball, button = page.get_by_role("application", name="the ball"), page.get_by_role("button", name="One step")
    arrow = page.locator("figure [data-hand=landscape] path.fourth")
    takes = (button.click, lambda: ball.press("Enter"), lambda: ball.press("Space"), ball.click, lambda: drag(page, "ball", 2, 2))
    for take in takes:  # a press that slips a little is no drag
        w, b, _, _, by_w, by_b, lr, then = numbers(page)
        tip = re.findall(r"[\d.]+", arrow.get_attribute("d"))[2:4]
        take()
        assert numbers(page)[:3] == pytest.approx([w - lr * by_w, b - lr * by_b, then], abs=0.11), "one step and no more"
        assert ball.get_attribute("transform") == "translate({} {})".format(*tip)
    ball.press("Home")
    ball.press("PageDown")
    assert numbers(page)[1] != b


def test_what_is_let_go_on_the_ball_after_another_way_is_no_press(visit):
    page = visit("landscape")
    ball = page.get_by_role("application", name="the ball")
    for is_first in (True, False):  # before any press, and after one
        before, box = ball.get_attribute("aria-label"), ball.locator(".knob").bounding_box()
        page.mouse.move(box["x"] - 60, box["y"] - 60)
        page.mouse.down()
        page.mouse.move(box["x"] + 8, box["y"] + 8)
        page.mouse.up()
        assert ball.get_attribute("aria-label") == before
        if is_first:
            ball.click()
            assert ball.get_attribute("aria-label") != before


def test_on_the_flat_place_a_step_leads_nowhere(visit):
    page = visit("landscape")
    ball = page.get_by_role("application", name="the ball")
    for _ in range(8):
        ball.press("PageDown")
    assert "b = -5.0" in says(page).replace("−", "-") and "is (0.00, 0.00)" in says(page)
    before = ball.get_attribute("aria-label")
    ball.press("Enter")
    assert ball.get_attribute("aria-label") == before


def test_a_drop_is_watched_step_by_step_where_motion_is_welcome(visit):
    page = visit("landscape", reduced_motion="no-preference")
    note_what_is_said(page)
    page.get_by_role("button", name="Drop it").click()
    page.get_by_text("of 20 walks").wait_for()
    assert page.evaluate("said.filter((sentence) => sentence.startsWith('Step ')).length") > 3


def test_the_ball_is_dragged_by_finger_and_the_page_stays(visit, phone):
    page = visit("landscape", phone)
    before, scrolled = numbers(page), page.evaluate("scrollY")
    box = page.locator("[data-name=ball] .knob").bounding_box()
    x, y = box["x"] + 8, box["y"] + 8
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for far in range(10, 121, 10):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y + far}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settle(page)
    box = page.locator("[data-name=ball] .knob").bounding_box()
    assert box["y"] + 8 == pytest.approx(y + 120, abs=8), "it lies below the finger, though the ground falls"
    assert numbers(page)[0] == before[0] and numbers(page)[1] < before[1]
    assert page.evaluate("scrollY") == scrolled


# Bends


def test_the_path_of_even_bends_is_the_chapters(visit):
    page = visit("bends")
    chapter = cell_with("03_activation", "def path", np=np, nd=nd, relu=nd.relu)
    x = np.linspace(0, 5, 501)
    for num_units in (2, 4, 8):
        page.locator("figure .hand-controls label").get_by_text(str(num_units), exact=True).click()
        far = abs(chapter["path"](x, chapter["even"](num_units)) - chapter["curve"](x)).max()
        assert says(page).startswith(f"{num_units} units: at most {far:.2f} off")


def test_a_bend_is_dragged_by_mouse_and_moved_by_keys(visit):
    page = visit("bends")
    far = numbers(page)[1]
    drag(page, "bend-4-1", -25, -15)
    assert numbers(page)[1] < far
    bend = page.get_by_role("application", name="bend 2, where unit 2 begins")
    before = bend.get_attribute("aria-label")
    bend.press("ArrowRight")
    assert bend.get_attribute("aria-label") != before
    end = page.get_by_role("slider", name="bend 5, the end")
    end.press("End")
    assert numbers(page)[1] > 2 and end.get_attribute("aria-valuenow") == "5"


def test_the_weights_make_the_path_that_is_drawn(desk):
    """The network that the picture's numbers describe, in NumPy, goes through the bends."""
    bends = {"x": [0, 0.7, 2.4, 3.9, 5], "y": [0.3, 1.5, 0.1, 3, 1.9]}
    weights = np.array(computed(desk, "picture.weights(argument)", ["bends", bends]))
    at = np.array([*bends["x"], 6])
    path = np.maximum(at[:, None] - np.array(bends["x"][:-1]), 0) @ weights + bends["y"][0]
    assert path[:5] == pytest.approx(bends["y"])
    assert computed(desk, "picture.path(argument, 6)", ["bends", bends]) == pytest.approx(path[5])
    straight = (at[:, None] - np.array(bends["x"][:-1])) @ weights + bends["y"][0]
    assert computed(desk, "[0, 2.4, 6].map((at) => picture.path(argument, at, false))", ["bends", bends]) == pytest.approx(
        straight[[0, 2, 5]].tolist()
    )


def test_without_relu_one_straight_line_is_left_and_nothing_is_cut(visit):
    page = visit("bends")
    cut, sum_of = page.locator("figure [data-hand=bends] .dotted"), page.locator("figure [data-hand=bends] .dashed")
    assert cut.count() == 5, "of four units, and the line alone of the chosen one"
    page.get_by_role("group", name="Between the layers").get_by_text("nothing").click()
    assert says(page).endswith("on one straight line.") and cut.count() == 0
    x, y = np.array(re.findall(r"([\d.]+) ([\d.]+)", sum_of.get_attribute("d")), float).T
    assert np.ptp(x) > 300 and abs(np.polyval(np.polyfit(x, y, 1), x) - y).max() < 0.2, "pixels, rounded to tenths"


def test_the_unit_that_is_pointed_at_is_spelled_out(visit):
    page = visit("bends")
    words = page.locator("figure [data-hand=bends] text").filter(has_text=re.compile("^(unit|x −|cut|×)"))
    page.get_by_role("application", name="bend 3, where unit 3 begins").focus()
    assert words.all_text_contents() == ["unit 3", "x − 2.5", "cut at 0", "× 2.8"]
    assert "weight 2.8" in page.locator("[data-name='bend-4-2']").get_attribute("aria-label")


# The graph


def test_the_graph_has_the_gradients_of_autograd(desk):
    for numbers_in in ((3, 2, 1, -1, 1), (-4, 2, 5, 3, -2), (1, 1, 0, 2, -9)):
        inputs = dict(zip(("w1", "x1", "w2", "x2", "b"), numbers_in))
        params = {name: nd.array([value]) for name, value in inputs.items()}
        for param in params.values():
            param.attach_grad()
        with autograd.record():
            w1, x1, w2, x2, b = params.values()
            e = nd.relu(w1 * x1 + w2 * x2 + b) - 4
            L = e * e
        L.backward()
        for name, param in params.items():
            found = computed(desk, f"picture.backward(picture.forward(argument).edges).{name}", ["graph", inputs])
            assert found == param.grad.asscalar(), (inputs, name)


def test_a_node_shows_its_paths_and_an_input_changes_the_gradients(visit):
    page = visit("graph")
    page.locator("[data-name=s] rect").hover()
    assert says(page) == "Two paths lead along s → h → e → L. ds = 1 · 1 · 2 + 1 · 1 · 2 = 4."
    w1 = page.get_by_role("slider", name="w1", exact=True)
    w1.focus()
    assert says(page).endswith("dw1 = 2 · 1 · 1 · 1 · 2 + 2 · 1 · 1 · 1 · 2 = 8.")
    b = page.get_by_role("slider", name="b", exact=True)
    b.press("PageDown")
    assert b.get_attribute("aria-valuenow") == "-9" and says(page).endswith(" = 0.")
    drag(page, "w1", 0, -24)
    assert w1.get_attribute("aria-valuetext") == "5, gradient 0"


def test_the_gradients_go_back_edge_by_edge(visit):
    page = visit("graph")
    gradients = {}
    for count in range(12):
        page.get_by_role("button", name="One edge back").click()
        gradients[count] = [page.locator(f"[data-name={name}]").get_attribute("aria-label").split()[-1] for name in "es"]
    assert says(page).startswith("Point at a number") and gradients[11] == ["4", "4"]
    assert [gradients[count] for count in range(5)] == [["?", "?"], ["2", "?"], ["4", "?"], ["4", "?"], ["4", "4"]]
    for _ in range(3):
        page.get_by_role("button", name="One edge back").press("Enter")
    assert says(page) == "Edge 2 of 11, L to e: the slope 2 times dL = 1 is added, and de is 4 now."
    page.locator("[data-name=s] rect").hover()
    assert says(page).startswith("Edge 2 of 11"), "pointing would end what plays"
    page.get_by_role("button", name="Backward").click()
    assert says(page).startswith("Point at a number")


def test_the_gradients_are_watched_on_their_way_where_motion_is_welcome(visit):
    page = visit("graph", reduced_motion="no-preference")
    note_what_is_said(page)
    page.get_by_role("button", name="Backward").click()
    page.get_by_role("status").filter(has_text="Point at a number").wait_for()
    edges = page.evaluate(
        "said.filter((sentence) => sentence.startsWith('Edge ')).map((sentence) => Number(sentence.split(' ')[1]))"
    )
    assert edges == sorted(set(edges)) and len(edges) > 5


# The graph of arrays


def test_the_arrays_are_the_chapters_in_their_order(desk):
    chapter = cells_up_to("12_autograd_arrays", "tiny = [")
    l, _ = chapter["loss_and_gradients"](*(chapter[name] for name in ("X", "y", "tiny")))
    order = chapter["topological_order"]([l.node])
    edges = [[order.index(source) for source in node.inputs if source] for node in order]
    nodes = computed(desk, "Object.values(picture.nodes)", ["arrays", None])
    places = computed(desk, "Object.keys(picture.nodes)", ["arrays", None])
    assert [tuple(node["shape"]) for node in nodes] == [node.shape for node in order]
    assert [[places.index(source) for source in node["from"]] for node in nodes] == edges
    assert [len(node["rules"]) for node in nodes] == [len(found) for found in edges]


def test_a_gradient_is_complete_when_all_users_have_passed_theirs_on(visit):
    page = visit("arrays")
    page.locator("[data-name=exp] rect").hover()
    assert says(page) == "With the gradient dC, exp hands back dC times its result to subtract."
    back = page.get_by_role("button", name="One node back")
    come = []
    for _ in range(6):
        back.click()
        come.append(re.search(r"\d of \d", page.locator("[data-name=Z]").get_attribute("aria-label"))[0])
    assert come == ["0 of 2", "0 of 2", "1 of 2", "1 of 2", "1 of 2", "2 of 2"]
    assert says(page) == "With the gradient dC, exp hands back dC times its result to subtract."
    page.get_by_role("button", name="Backward").press("Enter")
    assert "1 of 1" in page.get_by_role("button", name="b1:").get_attribute("aria-label")
    page.get_by_role("button", name="b1:").focus()
    assert says(page) == "b1 is a parameter, so its gradient stays here, in its shape."


# Where to stop


def test_the_curves_are_the_chapters_training(desk):
    """Its first epochs, trained here; by then other processors' last digits have not grown."""
    rows, probabilities, X, y = stopping.run(num_epochs=8)
    stored = json.loads(re.search(r"default ({.*});", stopping.FILE.read_text("utf-8"), re.S)[1])
    for name, values in zip(("train_loss", "train_acc", "valid_loss", "valid_acc"), rows.T):
        assert stored[name][:8] == pytest.approx(values.tolist(), abs=0.02), name
    assert stored["won"][-1] == stored["lost"][-1] == 0
    for image in stored["images"]:
        [place] = [i for i in np.flatnonzero(y == image["label"]) if stopping.packed(X[i]) == image["pixels"]]
        of_label = probabilities[:, place].max(axis=1)
        assert np.mean(image["sure"][:8]) == pytest.approx(100 * of_label.mean(), abs=4)


def test_patience_decides_which_low_is_kept(visit):
    page, kept = visit("stop"), {}
    for patience in (3, 5, 10, 30):
        page.locator("figure .hand-controls label").get_by_text(str(patience), exact=True).click()
        kept[patience] = int(numbers(page)[0])
    assert kept == {3: 14, 5: 21, 10: 42, 30: 42}


def test_the_stop_is_dragged_and_moved_by_keys_and_images_change_sides(visit):
    page = visit("stop")
    marks = page.locator("figure [data-hand=stop] path:is(.third, .soft).fill")
    right = "(marks) => marks.map((mark) => mark.matches('.third') && mark.getAttribute('d').startsWith('M0 5.7'))"
    assert marks.evaluate_all(right) == [True] * 4 + [False] * 4
    stop = page.get_by_role("slider", name="stop after epoch")
    stop.press("ArrowRight")
    assert numbers(page)[0] == 43 and not page.get_by_role("radio", name="10", exact=True).is_checked()
    drag(page, "stop", 60, 0)
    assert 55 < numbers(page)[0] < 75
    stop.press("End")
    assert marks.evaluate_all(right) == [False] * 4 + [True] * 4
    assert "0 of the 3,000 go from right to wrong, and 0 from wrong" in says(page)


# Runs


def test_trials_are_numpys_and_the_interval_is_students(desk):
    runs = """(() => {
        const state = { ...argument, trials: {} };
        picture.add(state);
        picture.add(state);
        return state.trials[picture.key(state)][0].runs;
    })()"""
    np.random.seed(1)
    assert computed(desk, runs, ["runs", {"n": 5, "gain": 0.5}]) == pytest.approx(np.random.normal(0.5, size=5))
    chance = np.random.RandomState(0).normal(size=(20000, 3))
    measured = np.percentile(abs(chance.mean(axis=1)) / chance.std(axis=1, ddof=1), 95)
    assert computed(desk, "picture.byChance(3)", ["runs", None]) == pytest.approx(measured, rel=0.05)
    assert computed(desk, "picture.byChance(35)", ["runs", None]) == pytest.approx(2.0322 / 35**0.5, rel=1e-3)


def test_start_again_ends_what_plays(visit):
    page = visit("runs", reduced_motion="no-preference")
    page.get_by_role("button", name="100 trials").click()
    page.get_by_text(re.compile(r"^(?!20 )\d+ trials of 3 runs")).wait_for()
    page.get_by_role("button", name="Start again").click()
    frames = page.evaluate(TEN_FRAMES)
    assert frames > 100 and says(page).startswith("20 trials of 3 runs"), "what plays makes a trial in 50 milliseconds"


# The milliseconds that ten frames or more take, more than a tenth of a second.
TEN_FRAMES = """() => new Promise((done) => {
    let first, count = 0;
    const next = (now) => ((first ??= now), ++count >= 10 && now - first > 100 ? done(now - first) : requestAnimationFrame(next));
    requestAnimationFrame(next);
})"""


def test_a_trial_of_nothing_that_leaves_out_0_is_a_false_alarm(visit):
    page = visit("runs")
    assert says(page) == "20 trials of 3 runs: the interval lies above 0 in 0, below 0 in 0: no false alarm yet."
    page.get_by_role("button", name="100 trials").click()
    *_, above, _, below, alarms = numbers(page)
    assert alarms == above + below > 1


def test_more_runs_settle_more(visit):
    page = visit("runs")
    page.locator("figure .hand-controls").get_by_text("a spread", exact=True).click()
    page.get_by_role("button", name="100 trials").click()
    few = numbers(page)  # of twenty trials and a hundred more
    page.locator("figure .hand-controls label").get_by_text("10", exact=True).click()
    page.get_by_role("button", name="100 trials").press("Enter")
    many = numbers(page)
    assert few[:2] == [120, 3] and many[:2] == [120, 10]
    assert 0.08 <= few[3] / 120 <= 0.3 and 0.68 <= many[3] / 120 <= 0.92, "about 18 and 81 of 100, as the chapter says"
    page.get_by_role("button", name="One trial").click()
    assert numbers(page)[0] == 121


# The window


@pytest.fixture(scope="module")
def convolution():
    return cells_up_to("18_convolution", "train_acc, valid_acc = train(")


def test_the_window_makes_the_chapters_feature_maps(desk, convolution):
    for name, answers in zip(("upper", "left"), convolution["answers"].transpose((2, 0, 1))):
        found = computed(desk, f"picture.map(picture.{name})", ["window", None])
        assert found == pytest.approx((answers / 255).asnumpy().ravel(), abs=1e-5), name


def test_the_trained_kernels_are_the_chapters(desk, convolution):
    K, k, *_dense = convolution["params"]
    trained = np.vstack([K.asnumpy(), k.asnumpy()]).T
    assert np.allclose(computed(desk, "picture.trained", ["window", None]), trained, atol=0.03), "rounded, and other processors'"


def test_the_window_moves_by_keys_mouse_and_clicks_and_fills_the_map(visit):
    page = visit("window")
    assert numbers(page) == [16, 6, 1.04, 1.04]
    window = page.get_by_role("application", name="the window")
    window.press("ArrowDown")
    window.press("ArrowRight")
    assert numbers(page)[:2] == [17, 7]
    drag(page, "window", 0, -60)
    assert numbers(page)[0] < 12 and numbers(page)[1] == 7
    image = page.locator("figure [data-hand=window] svg").bounding_box()
    page.mouse.click(image["x"] + 5, image["y"] + 30)
    assert numbers(page) == [0, 0, 0, 0]
    unseen = page.locator("figure [data-hand=window] .tint")
    assert unseen.get_attribute("d").startswith("M8 17H26"), "what was seen stays"
    page.get_by_role("button", name="Slide over all").click()
    assert numbers(page)[:2] == [25, 25] and unseen.get_attribute("d").startswith("M0 26")


def test_the_map_is_filled_row_by_row_where_motion_is_welcome(visit):
    page = visit("window", reduced_motion="no-preference")
    note_what_is_said(page)
    page.get_by_role("button", name="Slide over all").click()
    page.get_by_text("The square from pixel (25, 25)").wait_for()
    rows = page.evaluate("said.map((sentence) => Number(/\\((\\d+)/.exec(sentence)[1]))")
    assert len(rows) > 20 and rows == sorted(rows)


def test_a_weight_is_turned_by_click_finger_and_keys(visit, phone):
    for page, act in ((visit("window"), lambda weight: weight.click()), (visit("window", phone), lambda weight: weight.tap())):
        weight = page.get_by_role("button", name="weight 7")
        scrolled = page.evaluate("scrollY")
        for turned in ("-1", "0", "1"):
            act(weight)
            assert weight.get_attribute("aria-label").startswith(f"weight 7: {turned},")
        assert page.evaluate("scrollY") == scrolled
        for key, turned in (("Enter", "-1"), ("Space", "0")):
            weight.press(key)
            assert weight.get_attribute("aria-label").startswith(f"weight 7: {turned},")
        drag(page, "weight-6", 20, 0)
        assert weight.get_attribute("aria-label").startswith("weight 7: 0,"), "what is dragged away is no press"
    assert not page.get_by_role("radio", name="upper edges").is_checked()
    for number in (1, 2):
        page.get_by_role("button", name="A trained kernel").click()
        assert f"Kernel {number} of the 8 that training made." in says(page)
    page.get_by_role("button", name="Start again").click()
    assert numbers(page) == [16, 6, 1.04, 1.04] and page.get_by_role("radio", name="upper edges").is_checked()
