"""Questions that the reader answers in the page: check that they have the form which page/question.js expects.

A question is an admonition of class `question`, or one titled "Predict first". Its last part is a folded admonition titled
"Answer". If a numbered list of choices precedes it, the answer is a numbered list as well, with a reason for each choice; the
reason of the right choice begins with "Right". Without choices, the answer begins with a number in bold, or two: **2.3**,
**about 200,000**, **0.8 to 0.9**.

Of a "Predict first" without an answer, the class `last` sets the last number that the listing below prints beside the guess. The
class `sketch` asks for a curve, with the name of what that listing prints for each epoch: `test-accuracy` or `validation-loss`.
"""

import re

from docutils import nodes
from sphinx.util import logging

LOG = logging.getLogger(__name__)
NUMBER = r"[-−]?\d[\d,]*(\.\d+)?"


def mark_questions(doctree):
    """Mark the questions of a page for its style and its script, and warn of questions with a wrong form."""
    for box in doctree.findall(nodes.admonition):
        if box[0].astext() == "Predict first":
            box["classes"].append("predict")
        if is_question(box) and (problem := fault(box)):
            LOG.warning("%s: %s", box[0].astext(), problem, location=box)


def is_question(box):
    return bool({"question", "predict"} & set(box["classes"]))


def has_questions(doctree):
    return any(map(is_question, doctree.findall(nodes.admonition)))


def fault(box):
    """The fault in the form of a question, or None."""
    answer = box[-1]
    if not isinstance(answer, nodes.admonition):
        return None if "predict" in box["classes"] else "a question ends with an admonition Answer"
    if answer[0].astext() != "Answer" or "dropdown" not in answer["classes"]:
        return "the admonition at its end must be titled Answer and have the class dropdown"
    if not isinstance(box[-2], nodes.enumerated_list):
        strong = answer.next_node(nodes.strong)
        if not (strong and re.fullmatch(rf"(about )?{NUMBER}( to {NUMBER})?\.?", strong.astext())):
            return "it has no numbered list of choices, so its answer must begin with a number in bold"
        return None
    reasons = answer[1].children if isinstance(answer[1], nodes.enumerated_list) else []
    if len(reasons) != len(box[-2]):
        return f"{len(box[-2])} choices need a numbered list of as many reasons as answer; {len(reasons)} are there"
    if [reason.astext().startswith("Right") for reason in reasons].count(True) != 1:
        return 'exactly one reason must begin with "Right"'
    return None
