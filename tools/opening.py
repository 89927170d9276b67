"""How a chapter opens: with a question of one line and its picture, and with its goals folded into a line; its landmarks."""

import posixpath
import re
from pathlib import Path

from docutils import nodes

from press.book.folding import Folded, Summary
from press.book.sentences import _
from tools.wide import COLUMN, PHONE, grid, widen

# For each chapter that opens with one of its figures: words of the figure's caption, and what to ask of it.
OPENINGS = {
    "01_fashion_mnist": ("You would mix up some", _("Which of these would you mix up?")),
    "02_parameters": ("A *multilayer", _("What should stand on these lines before any training?")),
    "03_activation": ("On the page, drag the bends", _("How near can four bends come to a curve?")),
    "04_model": ("The boot before training", _("What does a network make of a boot before it has learned anything?")),
    "05_loss": ("On the page, drag the scores", _("Which scores does the loss push, and how hard?")),
    "06_training": ("The ankle boot after ten epochs", _("What does the same network make of the boot, once it has learned?")),
    "07_prediction": ("Weights of 15 hidden units", _("What does a hidden unit look for?")),
    "09_descent": ("On the page, drag the ball", _("Where does a ball come to rest that sees only the ground below it?")),
    "15_linear_baseline": ("The weights of the linear model", _("What does a network without a hidden layer look for?")),
    "10_autograd": ("The computational graph", _("How fast does the last number grow with each of the others?")),
    "12_autograd_arrays": ("The graph of the losses", _("How does a gradient find its way back through sixteen arrays?")),
    "11_backpropagation": ("The same for another boot", _("What does one wrong answer ask of all the weights?")),
    "13_gluon": ("One softmax, and two", _("What does one softmax too many cost?")),
    "14_pytorch": ("The difference of the two losses", _("Why do two programs that do the same drift apart?")),
    "16_generalise": ("One training image", _("Are these five images, or one?")),
    "17_compare": ("On the page, make more trials", _("Of a remedy that does nothing, how many trials say that it helps?")),
    "18_convolution": ("The boot, and the answers", _("What is seen by a unit that looks at neighbours alone?")),
    "19_diagnose": ("Patient A", _("What ails this network?")),
    "20_grow": ("How long a step takes", _("When does twice the work take twice the time?")),
    "21_reproducibility": ("How far one changed bit leads", _("How far apart do two trainings come by a single bit?")),
}
UNNAMED = {"01_fashion_mnist", "16_generalise"}  # the names in its picture would say the answer
# A chapter's figures are as wide as a phone. On a larger page these open it in this size, with their panels in these boxes
# (tools/wide.py). A picture without letters is shown in any size.
SIZES = {
    "01_fashion_mnist": grid(PHONE, count=20, columns=5, gap=4),
    "04_model": (
        (COLUMN, 290),
        [
            (0, 66, 92, 92),
            *[(left, top, 64, 64) for top in (27, 113) for left in (124, 206, 288)],
            (24, 236, 322, 48),
            (428, 16, 124, 268),
        ],
    ),
    "06_training": ((COLUMN, 318), [(0, 21, 110, 110), (140, 21, 412, 110), (72, 178, 220, 140), (320, 178, 232, 140)]),
    "07_prediction": grid(COLUMN, count=15, columns=5, gap=12, above=16),
    "13_gluon": ((COLUMN, 240),),
    "14_pytorch": ((COLUMN, 240),),
    "15_linear_baseline": grid(COLUMN, count=10, columns=5, gap=12, above=16),
    "16_generalise": grid(PHONE, count=5, columns=5, gap=4),
    "19_diagnose": ((COLUMN, 302), [(22, 15, 220, 250), *[(left, top, 108, 98) for top in (15, 166) for left in (294, 444)]]),
    "20_grow": ((COLUMN, 240),),
    "21_reproducibility": ((COLUMN, 240),),
}
WAITS = {"11_backpropagation"}  # its picture loads a whole network, and only for a reader who has moved
# Sections that many chapters have, by the beginning of their anchor, and what they are.
LANDMARKS = {"what-goes-wrong": "wrong", "check-yourself": "ask", "summary": "sum"}


def mark_landmarks(doctree):
    """Give the title of a landmark a class, and what stands before its colon a line of its own."""
    for title in [section[0] for section in doctree.findall(nodes.section) if section.parent is not doctree]:
        for begin, kind in LANDMARKS.items():
            if title.parent["ids"][0].startswith(begin):
                title["classes"] += ["landmark", kind]
                what, colon, rest = title[0].astext().partition(": ")
                if colon:
                    title[:1] = [nodes.inline("", what, classes=["kind"]), nodes.Text(rest[:1].upper() + rest[1:])]


def open_chapter(app, doctree, name):
    """Show the picture once more below the first paragraph. In its own place it stands beside the sentences about it."""
    words, question = OPENINGS.get(posixpath.basename(name), (None, None))
    if words:
        caption = next((caption for caption in doctree.findall(nodes.caption) if words in caption.rawsource), None)  # in English
        if caption is None:
            raise ValueError(f"{name}: no caption has the words {words!r}; name others of its opening figure in tools/opening.py")
        figure, first = caption.parent, doctree.next_node(nodes.paragraph)
        if figure.parent is first.parent:  # it stands there already
            figure["classes"].append("opening")
            figure.insert(0, nodes.paragraph("", question))
        else:
            image = figure.next_node(nodes.image).deepcopy()
            if posixpath.basename(name) in SIZES:
                draw_anew(app, image, name)
            place = first.parent.index(first) + 1
            waits = ["waits"] * (posixpath.basename(name) in WAITS)
            first.parent.insert(place, nodes.container("", nodes.paragraph("", question), image, classes=["opening", *waits]))
    for line in [line for line in doctree.findall(nodes.paragraph) if "**Time:**" in line.rawsource]:  # in English
        *_others, time = line.findall(nodes.strong)
        doctree["about"] = [re.search(rf"{re.escape(time.astext())}\s*(\d+ \w+)", line.astext())[1]]
        box = line.parent
        if "goals" in box["classes"]:
            title = Summary("", _("Goals, and what is needed first"))
            box.replace_self(Folded("", title, *box.children[1:], classes=box["classes"]))
        else:
            line[:] = line[: line.index(time)]  # it is said below the title


def draw_anew(app, image, name):
    """Let the image be a copy of its figure: in its size for a large page, or without letters for any page."""
    chapter, figure = posixpath.basename(name), Path(app.srcdir, image["uri"])
    copy, svg = figure.with_name(f"opening-{figure.name}"), figure.read_text("utf-8")
    if chapter in UNNAMED:
        svg = re.sub(r'<g id="text_\d+">.*?</g>', "", svg, flags=re.DOTALL)
    else:
        image["narrow"] = image["uri"]
    copy.write_text(widen(svg, *SIZES[chapter]), "utf-8")
    image["uri"] = posixpath.join(posixpath.dirname(image["uri"]), copy.name)
    image["candidates"] = {"*": image["uri"]}
    app.env.images.add_file(name, image["uri"])
