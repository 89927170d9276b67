"""Files of learners, as *My course* saves them, and how the page for teachers is given them."""

import json

TEACHING = "reference/teaching"
TIME = "2026-11-27T12:00:00.000Z"


def entry(kind, page, about, first, last, tries=1, at=TIME):
    """What kept.js keeps of tries: `first` and `last` are (said, right)."""
    said = {name: {"said": text, "right": bool(right), "at": at} for name, (text, right) in (("first", first), ("last", last))}
    return {"kind": kind, **({"page": page} if page else {}), "about": about, "tries": tries, **said}


def course(name, kept, saved=TIME):
    head = {"course": "A Multilayer Perceptron from Scratch", "version": 2, "edition": "1.0.0", "name": name, "saved": saved}
    return json.dumps({**head, "kept": kept})


def as_file(name, text):
    return {"name": name, "mimeType": "application/json", "buffer": text.encode()}


def give(page, *files, by="input[accept]"):
    """Choose files, and wait for what is said of them."""
    page.locator("#class-files [role=status]").evaluate("(says) => says.replaceChildren()")
    page.locator(f"#class-files {by}").set_input_files(files if by == "input[accept]" else files[0])
    page.locator("#class-files [role=status] p").wait_for()
