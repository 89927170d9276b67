"""The questions of the book as a deck for Anki: a text with tabs, which Anki's *File, Import* reads."""

import re

from docutils import nodes

from press.book.question_boxes import fault, is_own_words, is_question, right_choice

HEAD = """#separator:Tab
#html:true
#notetype:Basic
#deck:{title}
#columns:Front\tBack\tTags
#tags column:3
"""


def cards(app, doctree, name):
    """[(front, back, tag), ...] of a page's questions with an answer, before answers are folded. Fronts and backs are HTML."""
    boxes = [box for box in doctree.findall(nodes.admonition) if (is_question(box) or is_own_words(box)) and not fault(box)]
    title = doctree.next_node(nodes.title).astext()
    return [card(app, box, title, name) for box in boxes if isinstance(box[-1], nodes.admonition)]


def card(app, box, title, name):
    *asked, answer = box.children[1:]
    reasons = list(answer.children[1:])
    if isinstance(reasons[0], nodes.enumerated_list):
        right = right_choice(answer) - 1
        reasons = [*asked[-1][right].children, *reasons[0][right].children, *reasons[1:]]
    heading = re.sub(r"^\d+\. ", "", box[0].astext())
    question = [] if "predict" in box["classes"] else [nodes.paragraph("", "", nodes.strong("", heading))]
    source = nodes.paragraph("", "", nodes.emphasis("", title))
    return html(app, [*question, *asked]), html(app, [*reasons, source]), name.replace("/", "::")


def html(app, parts):
    """The HTML of parts of a page in one line, without their links within the book, which lead nowhere in Anki."""
    whole = nodes.container("", *(part.deepcopy() for part in parts))
    for link in list(whole.findall(nodes.reference)):
        link.replace_self(link.children)
    return " ".join(app.builder.render_partial(whole)["fragment"].split())


def deck(title, rows):
    return HEAD.format(title=title) + "".join("\t".join(row) + "\n" for row in rows)
