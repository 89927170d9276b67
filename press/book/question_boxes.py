"""Questions that the reader answers in the page: check that they have the form which the scripts of page/ expect.

A box is what its classes say, never its title, which may be in any language. A question is an admonition of class `question`, or
`predict` if a listing below answers it. Its last part is an admonition of the classes `dropdown` and `answer`. If a numbered list
of choices precedes it, the answer is a numbered list as well, with a reason for each choice, and has the class `right-2` if the
second choice is right. Without choices, the answer begins with a number in bold, or with a smallest and a largest: **2.3**,
**0.8 to 0.9**. A list below it tells readers of wrong numbers what led to them; each item begins with its number in bold.

A box of class `refute` stands above a listing that asks for an input. It ends with an answer too, and nothing is asked in it.

A box of class `own-words` asks for a few sentences. It is one paragraph, and an answer that is a list of three points: no machine
marks these sentences, the reader compares them with the points (page/own_words.js).

A box of class `inventory` has the form of a question with choices. It is asked before the course and after it, and marked then
(page/inventory.js).

Of a prediction without an answer, the class `last` sets the last number that the listing below prints beside the guess. The
class `sketch` asks for a curve which that listing prints, with the class of the curve (`curves` in page/plugs.js).
"""

import re

from docutils import nodes
from sphinx.util import logging

LOG = logging.getLogger(__name__)
NUMBER = r"[-−]?\d[\d,]*(\.\d+)?"


def check_questions(doctree):
    """Warn of questions with a wrong form."""
    for box in doctree.findall(nodes.admonition):
        if has_form(box) and (problem := fault(box)):
            LOG.warning("%s: %s", box[0].astext(), problem, location=box)


def name_questions(doctree):
    """Give each question an id, by which My course links to it."""
    asking = [box for box in doctree.findall(nodes.admonition) if is_question(box) or is_own_words(box) or is_inventory(box)]
    for number, box in enumerate(asking, start=1):
        box["ids"].append(f"asks-{number}")


def is_question(box):
    return bool({"question", "predict"} & set(box["classes"]))


def is_refutation(box):
    return "refute" in box["classes"]


def is_own_words(box):
    return "own-words" in box["classes"]


def has_own_words(doctree):
    return any(is_own_words(box) for box in doctree.findall(nodes.admonition))


def is_inventory(box):
    return "inventory" in box["classes"]


def has_form(box):
    return is_question(box) or is_refutation(box) or is_own_words(box) or is_inventory(box)


def has_questions(doctree):
    return any(map(has_form, doctree.findall(nodes.admonition)))


def fault(box):
    """The fault in the form of a question, or None."""
    answer = box[-1]
    if not isinstance(answer, nodes.admonition):
        return None if "predict" in box["classes"] else "a question ends with an admonition of class answer"
    if not {"answer", "dropdown"} <= set(answer["classes"]):
        return "the admonition at its end must have the classes dropdown and answer"
    if is_refutation(box):
        return None
    if is_own_words(box):
        return fault_of_own_words(box, answer)
    if not isinstance(box[-2], nodes.enumerated_list):
        if is_inventory(box):
            return "its choices must be a numbered list"
        strong = answer.next_node(nodes.strong)
        if not (strong and re.fullmatch(rf"{NUMBER}(\D+{NUMBER})?\.?", strong.astext())):
            return "it has no numbered list of choices, so its answer must begin with a number in bold"
        if not all(re.match(NUMBER, item.astext()) and item.next_node(nodes.strong) for item in answer.findall(nodes.list_item)):
            return "each item below its number must begin with a wrong number in bold"
        return None
    reasons = answer[1].children if isinstance(answer[1], nodes.enumerated_list) else []
    if len(reasons) != len(box[-2]):
        return f"{len(box[-2])} choices need a numbered list of as many reasons as answer; {len(reasons)} are there"
    if not 1 <= right_choice(answer) <= len(reasons):
        return "its answer needs a class such as right-2: the number of the right choice"
    return None


def fault_of_own_words(box, answer):
    if len(box) != 3 or not isinstance(box[1], nodes.paragraph):
        return "what the reader is to say must be asked for in one paragraph above the answer"
    if len(answer) != 2 or not isinstance(answer[1], nodes.bullet_list) or len(answer[1]) != 3:
        return "its answer must be a list of three points"
    return None


def right_choice(answer):
    """The number of the right choice, from 1 on, or 0."""
    return int((re.findall(r"right-(\d+)", " ".join(answer["classes"])) or [0])[0])
