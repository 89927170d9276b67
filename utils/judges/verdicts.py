"""A verdict, and how it is said: printed, and told to whoever listens."""

import builtins

WORDS = {"right": "Right", "not yet": "Not yet", "not answered": "Not answered yet"}
MARKS = {"right": "\x1b[1;32m✓", "not yet": "\x1b[1;33m✗"}  # bold and green, bold and yellow


class Verdict(Exception):
    """What a judge finds. `kind` is "right", "not yet" or "not answered", `why` says the reason, `example` shows it, or is "".

    A judge raises it, or returns why an answer is right. If an exception in the reader's function led to it, `raised` names its
    type, and `line` is the number of the line there; else they are "" and 0. `cause` is what a judge goes by, where it does: that
    the function returns "nothing", gives an NDArray to "numpy", or calls backward on what is "unrecorded".
    """

    def __init__(self, kind, why, example="", raised="", line=0, cause=""):
        super().__init__(kind, why, example, raised, line, cause)
        self.kind, self.why, self.example, self.raised, self.line, self.cause = kind, why, example, raised, line, cause

    def __str__(self):
        return f"{WORDS[self.kind]}: {self.told()}"

    def told(self):
        """The reason, and below it the example."""
        return f"{self.why}\n{self.example}" if self.example else self.why

    def parts(self):
        return {"kind": self.kind, "why": self.why, "example": self.example}


def not_yet(why, example="", **more):
    return Verdict("not yet", why, example, **more)


def not_answered(why, example="", **more):
    return Verdict("not answered", why, example, **more)


# What was said since `take_heard` in utils/page.py has last emptied this list: dicts with the keys "about", "name", "kind", "why" and
# "example", all texts, and "places", a list of such, each with a "kind" and a "why", if the answer has parts.
heard = []


def say(about, name, verdict, places=()):
    """Print the verdict on an answer, in a notebook and in a page of the book with a coloured mark, and note it there.

    `about` is what was answered: a "question", a "problem" or a "function" of the network. `places`: the verdicts on parts of it, each
    on a line of its own.
    """
    for i, place in enumerate(places, start=1):
        print(f"{i}. {place}")
    head = f"{WORDS[verdict.kind]}:"
    if verdict.kind in MARKS and hasattr(builtins, "display"):
        head = f"{MARKS[verdict.kind]} {head}\x1b[0m"
    print(head, verdict.told())
    heard.append({"about": about, "name": name, **verdict.parts(), "places": [place.parts() for place in places]})
    if hasattr(builtins, "get_ipython"):
        from .record import note  # here, because only a notebook needs it

        note(about, name, verdict)
