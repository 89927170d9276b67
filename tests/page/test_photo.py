"""A photograph in the demonstration: its way to 28 x 28 pixels, in the page and in Python, and what is kept of it."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import ExifTags, Image

from press.browser.listings import on_device
from tests.page.test_demo import PAGE, begin, begin_again, choose_epoch, drawn, of_demo, verdict
from tests.support.page import ask, forget, module
from utils import fashion_mnist_arrays, photo_steps

pytestmark = pytest.mark.any_prose

PHOTOGRAPHED = "photograph your own"
BY_HAND = {"size": 100, "across": 50, "down": 50, "inverted": None, "take_off": 20, "stretched": True}
ALL_STEPS = """async ({ read, steps }, [bytes, by]) => {
    const grey = await read(new File([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], "photo.png"));
    const all = Object.entries({ grey: grey.values, ...steps(grey, by) });
    const text = (bytes) => btoa(bytes.reduce((letters, byte) => letters + String.fromCharCode(byte), ""));
    return Object.fromEntries(all.map(([name, step]) => [name, text(step)]));
}"""


def scene(image, side, ground=230, rng=None):
    """A test image as a photograph, (height, width, 3): dark on a bright sheet or bright on a dark one, with shadow and noise."""
    rng = rng or np.random.RandomState(0)
    across = np.arange(side) * 28 // side
    cloth = image[across][:, across].astype(float)
    sheet = np.full((side + side // 3, side), float(ground))
    sheet[side // 6 : side // 6 + side] += (0.6 if ground < 128 else -0.8) * cloth
    sheet *= np.linspace(0.9, 1, side) * rng.uniform(0.97, 1.03, sheet.shape)
    return np.clip(sheet[..., None] * rng.uniform(0.85, 1, 3), 0, 255).astype("uint8")


def encoded(pixels, kind="png"):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, compress_level=1)
    return file.getvalue()


@pytest.fixture(scope="module")
def thirty():
    """Thirty photographs made from test images, as bytes of PNG files, from 28 to 1,300 pixels wide, with settings by hand."""
    images, rng = fashion_mnist_arrays()[1][0], np.random.RandomState(0)
    made = []
    sides = [28, 29, 41, 139, 140, 279, 280, 281]
    for i, side in enumerate([*sides, 700, 1300, *sides, 420, 421, *sides, 560, 561]):
        pixels = scene(images[i], side, ground=(230, 60)[i % 4 == 3], rng=rng)
        if i % 5 == 1:
            pixels = np.dstack(
                [pixels, np.where(images[i].max() - pixels[..., 0] > 30, 255, 0).astype("uint8")]
            )  # in parts transparent
        by = dict(BY_HAND)
        if i >= 10:
            by.update(size=int(rng.randint(1, 101)), across=int(rng.randint(101)), down=int(rng.randint(101)))
        if i >= 20:
            by.update(inverted=bool(i % 2), take_off=int(rng.randint(101)), stretched=bool(i % 3))
        made.append((encoded(pixels), by))
    return made


@pytest.fixture(scope="module")
def opened(browser, site):
    permissions = ["clipboard-read", "clipboard-write"]
    context = on_device(browser, 2, viewport={"width": 1280, "height": 900}, reduced_motion="reduce", permissions=permissions)
    page = context.new_page()
    page.goto(site + PAGE)
    yield page
    context.close()


@pytest.fixture
def page(opened):
    """The page that these tests share; the demonstration in it is rebuilt for each."""
    yield begin_again(opened)
    forget(opened)


def test_the_page_and_python_take_the_same_steps_to_the_digit(page, thirty):
    photo, filled = module(page, "demo/photo.js"), 0
    for i, (file, by) in enumerate(thirty):
        expected = photo_steps(io.BytesIO(file), **by)
        got = photo.evaluate(ALL_STEPS, [base64.b64encode(file).decode(), by])
        assert list(got) == list(expected)
        for name, step in expected.items():
            assert (np.frombuffer(base64.b64decode(got[name]), "uint8") == step.ravel()).all(), f"photograph {i}, {name}"
        filled += (step > 128).mean() > 0.1
    assert filled >= 15, "little is left of them, so little was compared"


def test_a_photograph_lies_as_it_was_held(page):
    file, held = io.BytesIO(), Image.Exif()
    held[ExifTags.Base.Orientation] = 6  # a quarter turn
    Image.fromarray(np.zeros((30, 60), "uint8")).save(file, "jpeg", exif=held)
    assert photo_steps(file)["grey"].shape == (60, 30)
    read = """async ({ read }, bytes) => {
        const { width, height } = await read(new File([Uint8Array.from(bytes)], ""));
        return [width, height];
    }"""
    assert module(page, "demo/photo.js").evaluate(read, [*file.getvalue()]) == [30, 60]


# Taking one


@pytest.fixture(scope="module")
def trouser():
    """A test image that the network knows, as the bytes of a photograph, and its 28 x 28 pixels."""
    file = encoded(scene(fashion_mnist_arrays()[1][0][2], 300))
    return file, photo_steps(io.BytesIO(file))["28 x 28"]


def take(page, file, name="photo.png"):
    if not page.locator(".own").count():
        page.get_by_role("button", name=PHOTOGRAPHED).click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="choose a file").click()
    chooser.value.set_files({"name": name, "mimeType": "", "buffer": file})


def says(page, words):
    page.locator(".own [role=status]").get_by_text(words).wait_for()


def test_a_photograph_is_shown_step_by_step_and_answered(context, site, trouser):
    file, pixels = trouser
    page = context.new_page()
    page.goto(site + PAGE)
    begin(page)
    context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})  # the shared page has the scripts
    module(page, "page/offline.js")  # by itself it comes when the page is idle
    asked = []
    page.on("request", lambda request: asked.append((request.method, re.sub(r".*/course/|\?v=\w+$", "", request.url))))
    take(page, file)
    page.locator(".own-steps li").nth(5).wait_for()
    names = ["photograph", "square", "inverted", "background off", "stretched", "28 × 28"]
    assert page.locator(".own-steps li").all_inner_texts() == names
    assert (np.rint(255 * drawn(page)) == pixels).all()
    assert verdict(page).startswith("The network says trouser") and "Your photograph" in verdict(page)
    scripts = {("GET", f"demo/{name}") for name in ("own.css", "own.js", "photo.js")}
    lost = {("GET", f"page/{name}") for name in ("lost.css", "lost.js", "note.js")}  # come with the pointer
    assert scripts <= {*asked} <= scripts | lost, "nothing is sent anywhere"
    page.get_by_role("button", name="undo").click()
    assert "ankle boot" in verdict(page), "what stood there can be had back"


def test_what_is_done_to_it_can_be_changed_by_hand_with_keys_alone(page, trouser):
    take(page, trouser[0])
    page.locator(".own-steps li").nth(5).wait_for()
    for name, label in {
        "size": "size",
        "across": "from the left",
        "down": "from the top",
        "take_off": "background taken off",
    }.items():
        slider = page.get_by_role("slider", name=label)
        slider.focus()
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        assert slider.input_value() == ("21" if name == "size" else "1")
    expected = photo_steps(io.BytesIO(trouser[0]), 21, 1, 1, take_off=1)["28 x 28"]
    assert (np.rint(255 * drawn(page)) == expected).all()
    page.get_by_label("inverted").press(" ")
    page.get_by_label("stretched").press(" ")
    expected = photo_steps(io.BytesIO(trouser[0]), 21, 1, 1, False, 1, False)["28 x 28"]
    assert (np.rint(255 * drawn(page)) == expected).all()
    assert page.locator(".own-steps li").all_inner_texts() == ["photograph", "square", "background off", "28 × 28"]
    page.get_by_role("button", name="undo").click()
    assert "ankle boot" in verdict(page), "all that was done by hand is one step"


BRING = """([bytes, kind]) => {
    const brought = new DataTransfer();
    const photo = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
    brought.items.add(new File([photo], "photo.png", { type: "image/png" }));
    const event = new DragEvent(kind, { dataTransfer: brought, bubbles: true, cancelable: true });
    document.querySelector("h1").dispatchEvent(event); // beside the pad
    return event.defaultPrevented;
}"""
COPY = """async (bytes) => {
    const blob = new Blob([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], { type: "image/png" });
    await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
}"""


def test_it_can_be_pasted_and_dropped(page, trouser):
    bytes = base64.b64encode(trouser[0]).decode()
    assert page.evaluate(BRING, [bytes, "dragover"]) and page.evaluate(BRING, [bytes, "drop"]), "the browser would open the file"
    page.locator(".own-steps li").nth(5).wait_for()
    assert "trouser" in verdict(page)
    page.get_by_role("button", name="clear").click()
    assert "blank" in verdict(page)
    page.evaluate(COPY, bytes)
    page.keyboard.press("Control+V")
    page.locator(".demo-verdict").get_by_text("Your photograph.").wait_for()
    assert (np.rint(255 * drawn(page)) == trouser[1]).all()


def damaged():
    file = encoded(scene(fashion_mnist_arrays()[1][0][2], 300), "jpeg")
    return file[:200]


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)
FAULTS = {  # the bytes of a file, its name, and the sentence, which is another than that of the fault before
    "damaged": (damaged, "boot.jpg", "it is damaged, or of a kind that this browser doesn't know"),
    "a strip": (
        lambda: encoded(np.zeros((5000, 1, 3), "uint8")),
        "strip.png",
        "at least 28 pixels in each direction, and this has 1 × 5000.",
    ),
    "no picture": (lambda: b"Dear reader", "letter.txt", "it is damaged, or of a kind that this browser doesn't know"),
    "HEIC": (lambda: HEIC, "IMG_1.HEIC", "This browser can't read HEIC"),
}


def test_a_file_that_is_no_use_gets_a_sentence_and_nothing_is_lost(page, trouser):
    take(page, trouser[0])
    page.locator(".own-steps li").nth(5).wait_for()
    before = drawn(page)
    for fault, (make, name, words) in FAULTS.items():
        take(page, make(), name)
        says(page, words)
        assert (drawn(page) == before).all() and page.locator(".own-steps li").count() == 6, fault
    page.get_by_role("slider", name="size").press("ArrowLeft")
    assert (drawn(page) != before).any(), "the photograph before can still be changed"


def test_what_is_said_of_a_file_stays_when_the_answer_is_announced(page):
    take(page, encoded(np.full((90, 90, 3), 200, "uint8")))
    page.locator(".demo-said").get_by_text("The network says").wait_for()
    assert page.locator(".own [role=status]").inner_text().startswith("Nothing is left of it")


def test_two_presses_at_once_open_one_panel(page):
    of_demo(page, "Promise.all([demo.photograph(), demo.photograph()])")
    assert page.locator(".own").count() == page.locator(".own-kept").count() == 1


def test_in_python_such_a_file_gets_a_sentence_too(tmp_path):
    for fault, words in {
        "damaged": "can't be read",
        "no picture": "can't be read",
        "a strip": "at least 28",
        "HEIC": "HEIC",
    }.items():
        make, name, _ = FAULTS[fault]
        (tmp_path / name).write_bytes(make())
        with pytest.raises(ValueError, match=words):
            photo_steps(tmp_path / name)


def test_forty_megapixels_and_a_transparent_picture_are_taken(page):
    image = fashion_mnist_arrays()[1][0][2]
    large = np.kron(255 - image, np.ones((230, 230), "uint8"))  # 41 megapixels
    take(page, encoded(large))
    page.locator(".own-steps li").nth(5).wait_for(timeout=120_000)
    assert "trouser" in verdict(page) and page.locator(".own-steps canvas").first.evaluate("({ width }) => width") < 280
    page.get_by_role("button", name="clear").click()
    black = np.zeros((280, 280, 4), "uint8")
    black[..., 3] = (
        np.kron(image, np.ones((10, 10), "uint8")) > 60
    )  # where it isn't transparent, nearly: what lies behind is white
    black[..., 3] *= 255
    take(page, encoded(black))
    page.locator(".demo-verdict").get_by_text("Your photograph.").wait_for()
    assert "trouser" in verdict(page)


# The twenty


def keep(page, name):
    page.get_by_label("It is:").select_option(name)
    page.get_by_role("button", name="keep it").click()


def table(page):
    return [[cell.strip() for cell in row.split("\t")] for row in page.locator(".own-kept tr").all_inner_texts()]


THROUGH_A_FILE = """async ({ fileOf, forget, load, read }) => {
    const text = fileOf();
    await forget();
    const isForgotten = localStorage.length === 0;
    load(read(text));
    return isForgotten;
}"""


def test_what_is_kept_makes_a_table_and_goes_with_my_course(page, trouser):
    take(page, trouser[0])
    page.locator(".own-steps li").nth(5).wait_for()
    page.get_by_role("button", name="keep it").click()
    says(page, "Choose what it is")
    for name in ("trouser", "trouser", "dress"):
        keep(page, name)
    assert page.locator(".own-kept caption").inner_text() == "Of your own, 2 of 3 are right:"
    assert table(page) == [
        ["it is", "yours", "right", "taken for"],
        ["trouser", "", "2 of 2", ""],
        ["dress", "", "0 of 1", "trouser 1"],
    ]
    choose_epoch(page, 0)
    assert page.locator(".own-kept caption").inner_text() != "Of your own, 2 of 3 are right:", "another network, another table"

    page.get_by_role("button", name="Your dress").click()
    assert (np.rint(255 * drawn(page)) == trouser[1]).all()
    page.get_by_role("button", name="remove it").press("Enter")
    assert len(table(page)) == 2

    assert module(page, "page/course.js").evaluate(THROUGH_A_FILE)
    begin_again(page)
    page.get_by_role("button", name=PHOTOGRAPHED).click()
    page.locator(".own-kept caption").wait_for()
    assert table(page)[1:] == [["trouser", "", "2 of 2", ""]]


COPY_18 = """({ all, set }) => {
    const [[thing, { value }]] = all("clothes");
    for (let i = 0; i < 18; i++) set({ ...thing, about: `copy ${i}` }, value);
}"""


def test_twenty_are_kept_and_no_more(page, trouser):
    take(page, trouser[0])
    page.locator(".own-steps li").nth(5).wait_for()
    keep(page, "trouser")
    module(page, "page/kept.js").evaluate(COPY_18)
    assert page.locator(".own-one").count() == 19
    keep(page, "trouser")
    assert page.locator(".own-one").count() == 20
    keep(page, "trouser")
    says(page, "20 are kept. Remove one")
    assert page.locator(".own-one").count() == 20


def test_on_a_phone_all_can_be_touched_and_the_camera_is_offered(browser, site, trouser):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    context = on_device(browser, 2, **phone, reduced_motion="reduce")
    page = context.new_page()
    page.goto(site + PAGE)
    page.get_by_role("button", name=PHOTOGRAPHED).tap()
    camera = page.get_by_role("button", name="use the camera")
    with page.expect_file_chooser() as chooser:
        camera.tap()
    assert chooser.value.element.get_attribute("capture") == "environment"
    chooser.value.set_files({"name": "photo.png", "mimeType": "image/png", "buffer": trouser[0]})
    page.locator(".own-steps li").nth(5).wait_for()
    keep(page, "trouser")
    assert min(ask(page, "shorterSides", ".own button, .own label, .own select, .own-one")) >= 44
    assert page.locator(".demo-verdict").bounding_box()["y"] >= 0, "the answer is in view where the photograph is taken"
    context.close()
