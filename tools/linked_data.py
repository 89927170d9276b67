"""What a page says of itself to machines: schema.org's Course on the first page, a LearningResource on a chapter with goals."""

import json
import re

from docutils import nodes

from tools.citation import citation

TEXT_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
TYPES = {"problems": "problem set", "solutions": "worked solutions"}  # by the first word in the file's name; others are lessons


def course(app, doctree):
    """The Course as JSON, with the minutes of all chapters."""
    cited, minutes = citation(), sum(minutes_on_map(doctree))
    return as_json(
        {
            "@type": "Course",
            "@id": course_id(app),
            "name": cited["title"],
            "url": app.config.html_baseurl or None,
            "description": cited["abstract"],
            "provider": {"@type": "Organization", "name": cited["authors"][0]["name"]},
            "license": [TEXT_LICENCE, "https://spdx.org/licenses/MIT"],
            "keywords": cited["keywords"],
            "version": cited["version"],
            "inLanguage": app.config.language,
            "isAccessibleForFree": True,
            "timeRequired": f"PT{minutes}M",
        }
    )


def course_id(app):
    """What chapters call the Course, which is described on the first page alone."""
    return f"{app.config.html_baseurl}#course" if app.config.html_baseurl else None


def minutes_on_map(doctree):
    return [int(line["minutes"]) for line in doctree.findall(nodes.paragraph) if line.get("minutes", "").isdigit()]


def chapter(app, doctree, name, description):
    """A chapter as JSON: its goals, what is needed first, its minutes. None if it has no learning goals."""
    base = app.config.html_baseurl
    boxes = [box for box in doctree.findall(nodes.Element) if "goals" in box.get("classes", [])]
    if not boxes:
        return None
    # "**Needed first:** Python. **Time:** 9 minutes", in any language
    words = "(.*?)".join(re.escape(label.astext()) for label in boxes[0][-1].findall(nodes.strong))
    needed = re.search(rf"{words}\D*(\d+)", one_line(boxes[0][-1]))
    return as_json(
        {
            "@type": "LearningResource",
            "name": one_line(doctree.next_node(nodes.title)),
            "url": base + app.builder.get_target_uri(name) if base else None,
            "description": description,
            "learningResourceType": TYPES.get(re.search(r"\d+_([a-z]+)[^/]*$", name)[1], "lesson"),
            "teaches": [one_line(goal) for goal in boxes[0].next_node(nodes.bullet_list)],
            "competencyRequired": needed[1].strip(" ."),
            "timeRequired": f"PT{needed[2]}M",
            "license": TEXT_LICENCE,
            "inLanguage": app.config.language,
            "isPartOf": {"@id": course_id(app)} if base else None,
        }
    )


def one_line(node):
    return " ".join(node.astext().split())


def as_json(said):
    """What is said as JSON, without what isn't known: a build without an address names none."""
    known = {key: value for key, value in said.items() if value is not None}
    text = json.dumps({"@context": "https://schema.org", **known}, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")  # so that no text ends the script
