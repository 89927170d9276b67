"""Follow the code of a page's listings line by line, and note what each line has changed. step.js shows it.

It is `sys.settrace`, not `sys.monitoring`, because a line needs its frame, and what is not followed costs one call of a function.
A line is noted once it is done, with the names that have other values than before (`effects.mark`), so that an array that is
changed in place is seen. A line that calls a function of a listing's is noted before that as well.
"""

import dis
import functools
import inspect
import json
import linecache
import reprlib
import sys
import time
import types
from contextlib import contextmanager, suppress

import book
import effects
import numpy as np

OWN = "listing ", "your "  # how the names of what a reader sees or writes begin
APART = {"<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>"}  # parts of a line
MOST_STEPS, MOST_LINES = 1000, 100_000  # what is noted, and the lines that are followed
SECONDS = 4  # of the processor, that this takes itself
FEW, LEVELS, ROWS, COLUMNS = 4, 9, 28, 48  # entries of a list; shades of a sign; numbers in a picture
SMALL = 12  # numbers of an array that is shown whole
GIVEN = types.ModuleType, type, types.FunctionType, types.BuiltinFunctionType  # what is known without being shown
SHORT = reprlib.Repr()
SHORT.maxstring = SHORT.maxother = SHORT.maxlong = 60
UNFINISHED = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


class Enough(BaseException):
    """Ends what is followed."""


@contextmanager
def followed(tell, ends=False):
    """Follow what runs within, which by `ends` an exception ends once enough is noted. tell(text) is called once, then or at the
    end, with a JSON of what was noted:

    calls  those of functions and, first, a listing's own lines: {file, name, parent, depth, lines: [first, last], given: values}
    steps  {call, line, kind, changed: {name: value, or null for a name that is gone}, times}, with `value`, what is returned or
           yielded, or `said`, an error
    codes  the text of each file
    cut    why nothing more was noted, "lines" or "time", or ""
    """
    record = Record(tell, ends)
    sys.settrace(record.trace)
    try:
        yield
    finally:
        sys.settrace(None)
        record.end()


class Record:
    def __init__(self, tell, ends):
        self.tell, self.ends, self.calls, self.steps, self.known = tell, ends, [], [], {}
        self.lines, self.seconds, self.is_over = 0, 0, False

    def trace(self, frame, event, arg):
        if self.is_over or not is_own(frame.f_code):
            return None
        start = time.process_time()
        {"call": self.call, "line": self.line, "exception": self.raises, "return": self.leaves}[event](frame, arg)
        self.lines += 1
        self.seconds += time.process_time() - start
        if len(self.steps) >= MOST_STEPS or self.lines >= MOST_LINES:
            self.end("lines")
        elif self.seconds > SECONDS:
            self.end("time")
        if self.is_over and self.ends:
            raise Enough
        return self.trace

    def call(self, frame, _):
        """A function is called, goes on after its `yield`, or the listing begins."""
        if frame.f_code.co_flags & UNFINISHED and self.find(frame):
            return
        parent = self.parent_of(frame)
        if parent and parent.line:
            self.note(parent, "calls")
        known = self.find(frame)
        if known:
            known.line = frame.f_lineno
            if is_module(frame):  # the listing's last value
                self.knows(known, {name: value for name, value in values_in(frame).items() if name not in known.marks})
            else:
                self.note(known, "resumes")
            return
        values, number = values_in(frame), len(self.calls)
        known = types.SimpleNamespace(number=number, line=None, raised=False, marks={})
        self.known[key_of(frame)] = known
        local = {} if is_module(frame) else {name: value for name, value in values.items() if name in frame.f_locals}
        depth = self.calls[parent.number]["depth"] + 1 if parent else 0
        self.calls.append(
            {
                "file": frame.f_code.co_filename,
                "name": frame.f_code.co_name,
                "parent": parent and parent.number,
                "depth": depth,
                "lines": lines_of(frame.f_code),
                "given": {},
            }
        )
        known.marks = marks_of(local)
        self.knows(known, {name: value for name, value in values.items() if name not in local})
        if not is_module(frame):
            known.line = frame.f_code.co_firstlineno
            self.note(known, "called", {name: described(value) for name, value in local.items()})
            known.line = None

    def knows(self, known, values):
        """A call begins with these values of the page's names."""
        known.marks |= marks_of(values)
        self.calls[known.number]["given"] |= {
            name: described(value) for name, value in values.items() if not isinstance(value, GIVEN)
        }

    def line(self, frame, _):
        known = self.find(frame)
        if not known:
            return
        if known.line and not known.raised:
            self.done(frame, known)
        known.line, known.raised = frame.f_lineno, False

    def raises(self, frame, raised):
        known, (kind, error, traceback) = self.find(frame), raised
        if known and known.line and traceback:  # the end of an iterator in a loop has none
            self.done(frame, known, "raises", said=in_words(kind, error))
            known.raised = True

    def leaves(self, frame, value):
        """A function returns, or waits at a `yield`, or an error leaves it, which was noted."""
        known, how = self.find(frame), last_operation(frame)
        waits = how == "YIELD_VALUE"
        if not known or not known.line or (waits and frame.f_code.co_flags & UNFINISHED):
            return
        if waits or how.startswith("RETURN_"):
            kind = "line" if is_module(frame) else "yields" if waits else "returns"
            has_value = not is_module(frame) or value is not None
            self.done(frame, known, kind, **({"value": described(value)} if has_value else {}))
        known.line = None
        if not waits and not is_module(frame):
            del self.known[key_of(frame)]

    def done(self, frame, known, kind="line", **more):
        """A line has run: note it with what has changed."""
        values = values_in(frame)
        marks = marks_of(values)
        changed = {name: described(values[name]) for name in marks if marks[name] != known.marks.get(name)}
        still = frame.f_globals if is_module(frame) else values  # its last line is a code of its own, which uses other names
        changed |= {name: None for name in known.marks if name not in values and name not in still}
        known.marks = marks
        self.note(known, kind, changed, **more)

    def note(self, known, kind, changed=None, **more):
        step, last = {"call": known.number, "line": known.line, "kind": kind, "changed": changed or {}, **more}, self.steps[-1:]
        if kind == "line" and last and {**last[0], "times": 1} == {**step, "times": 1}:  # `while True: pass`
            last[0]["times"] = last[0].get("times", 1) + 1
        else:
            self.steps.append(step)

    def find(self, frame):
        return self.known.get(key_of(frame))

    def parent_of(self, frame):
        while frame := frame.f_back:
            if is_own(frame.f_code) and self.find(frame):
                return self.find(frame)
        return None

    def end(self, cut=""):
        if self.is_over:
            return
        self.is_over = True
        sys.settrace(None)
        codes = {call["file"]: "".join(linecache.getlines(call["file"])) for call in self.calls}
        self.tell(json.dumps({"calls": self.calls, "steps": self.steps, "codes": codes, "cut": cut}))
        self.known.clear()


def is_own(code):
    """Whether code is a listing's, or of a function in one; a class is made in one step."""
    is_class = not code.co_flags & inspect.CO_NEWLOCALS and code.co_name != "<module>"
    return code.co_filename.startswith(OWN) and code.co_name not in APART and not is_class


def is_module(frame):
    return frame.f_code.co_name == "<module>"


def key_of(frame):
    """A listing's last value is computed apart from its other lines."""
    return frame.f_code.co_filename if is_module(frame) else frame


def last_operation(frame):
    return dis.opname[frame.f_code.co_code[frame.f_lasti]] if frame.f_lasti >= 0 else ""


def lines_of(code):
    numbers = [code.co_firstlineno, *(line for *_, line in code.co_lines() if line)]
    return [min(numbers), max(numbers)]


@functools.cache
def named_by(code):
    """The names of the page that code uses."""
    return {
        step.argval
        for step in dis.get_instructions(code)
        if step.opname in ("LOAD_GLOBAL", "STORE_GLOBAL", "LOAD_NAME", "STORE_NAME")
    }


def values_in(frame):
    """The names of a frame and those of the page that it uses, without modules."""
    own = {} if is_module(frame) else frame.f_locals
    used = {name: frame.f_globals[name] for name in sorted(named_by(frame.f_code)) if name in frame.f_globals}
    return {
        name: value
        for name, value in {**used, **own}.items()
        if not name.startswith(("__", ".")) and not isinstance(value, types.ModuleType)
    }


def marks_of(values):
    return {name: effects.mark(value) for name, value in values.items()}


def in_words(kind, error):
    with suppress(Exception):
        return f"{kind.__name__}: {error}".removesuffix(": ")[:200]
    return kind.__name__


def described(value, is_part=False):
    """What is shown of a value: `text`, of an array what `of_array` gives, or `items`, its first parts, [[name, part], ...]."""
    with suppress(Exception):  # a value may answer with any error
        array = value if isinstance(value, np.ndarray) else book.array(value)
        if array is not None:
            return of_array(array)
        if isinstance(value, (np.generic, int, float, complex, str, bytes, type(None))):
            return {"text": str(value) if isinstance(value, np.generic) else SHORT.repr(value)}
        if isinstance(value, types.FunctionType):
            return {"text": f"the function {value.__name__}"}
        if isinstance(value, type):
            return {"text": f"the class {value.__name__}"}
        parts, text = parts_of(value)
        if parts is not None and not is_part:
            return {
                "text": text,
                "items": [[name, described(part, True)] for name, part in parts[:FEW]],
                "more": max(0, len(parts) - FEW),
            }
        return {"text": text}
    return {"text": type(value).__name__}


def parts_of(value):
    """The parts of a value with their names, or None, and what it is."""
    name = type(value).__name__
    if isinstance(value, dict):
        return [(SHORT.repr(key), part) for key, part in value.items()], f"{name} of {len(value)}"
    if isinstance(value, (list, tuple)):
        return [(f"[{i}]", part) for i, part in enumerate(value)], f"{name} of {len(value)}"
    if isinstance(value, (set, frozenset)):
        return [("", part) for part in value], f"{name} of {len(value)}"
    if type(value).__module__ == "__main__":
        return [(f".{part}", held) for part, held in vars(value).items()], name
    return None, name


def of_array(array):
    """Of an array its shape, type and range; all of a small one; and `rows`, a picture: a letter for each number, from a for the
    most negative to s for the most positive. Of more than two axes it is the first entry's, of a large array a sample."""
    said = {"shape": str(array.shape), "type": str(array.dtype)}
    if array.dtype.kind not in "biuf" or not array.size:
        return said
    low, high = array.min(), array.max()
    if array.dtype.kind == "f" and not np.isfinite([low, high]).all():
        finite = array[np.isfinite(array)]
        said["wrong"] = array.size - finite.size
        low, high = (finite.min(), finite.max()) if finite.size else (None, None)
    if low is not None:
        said |= {"low": f"{float(low):.4g}", "high": f"{float(high):.4g}"}
    if low == high and array.size > 1 and "wrong" not in said:
        return said
    if array.size <= SMALL:
        said["text"] = str(np.round(array.astype(float), 4).tolist() if array.dtype.kind == "f" else array.tolist())
    if array.size > 1:
        while array.ndim > 2:
            array = array[0]
        said["rows"] = picture(sampled(sampled(np.atleast_2d(array), ROWS).T, COLUMNS).T.astype(float))
    return said


def sampled(rows, most):
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).astype(int)]


def picture(rows):
    limit = np.abs(rows[np.isfinite(rows)]).max(initial=0) or 1
    levels = np.round(LEVELS * np.nan_to_num(rows / limit, nan=0, posinf=1, neginf=-1)).astype(int)
    return ["".join(chr(ord("a") + LEVELS + level) for level in row) for row in levels]
