"""The error messages that readers see when a listing fails."""

import re
import traceback

import book

NO_MEMORY = "MemoryError: this browser gives the page no more memory. Close other pages, or use smaller arrays."
NOT_HERE = "{} isn't in this page, which has {} and {}. More is there when the page runs as a notebook."

# What typesetters write, by the key that Python reads.
KEYS = {"-": "−–—", '"': "“”„«»", "'": "‘’‚´", "*": "×·", "/": "÷", ",": "，", ":": "："}


class NotHere(Exception):
    """Raised for a feature of notebooks that pages lack; its message is shown alone."""


def short_traceback(error, name):
    """The lines of the listings on the call stack, innermost last, and the error; the helpers' own lines are omitted."""
    if isinstance(error, SyntaxError) and error.filename == name:
        return "".join(traceback.format_exception_only(error)).replace(f'  File "{name}"', name).rstrip() + key_for(error)
    own = "listing ", "your ", name
    lines = [line_of(frame) for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(own)]
    if len(lines) > 6:
        lines[3:-3] = [f"... {len(lines) - 6} more calls ..."]
    return "\n".join([*lines, sentence(error)])


def last_line(error, name):
    """The number of the line of the code called `name` in which an error was raised, or 0 if it did not pass through that."""
    if isinstance(error, SyntaxError) and error.filename == name:
        return error.lineno or 0
    return next((frame.lineno for frame in traceback.extract_tb(error.__traceback__)[::-1] if frame.filename == name), 0)


def sentence(error):
    """The error message, or an explanation in plain words if it needs one."""
    if isinstance(error, MemoryError):
        return NO_MEMORY
    if isinstance(error, NotHere):
        return str(error)
    if isinstance(error, ModuleNotFoundError) and error.name and error.name.split(".")[0] not in book.MODULES:
        *others, last = ["Python's own library", "NumPy", "Matplotlib", *book.MODULES.values()]
        return NOT_HERE.format(error.name.split(".")[0], ", ".join(others), last)
    if said := book.explain(error):
        return said
    return "".join(traceback.TracebackException.from_exception(error).format_exception_only()).rstrip()  # with "Did you mean"


def key_for(error):
    """Which key writes what Python does not read, as a sentence, or nothing."""
    _, character = re.match("(invalid character '(.))?", error.msg).groups()
    return next((f". In its place type the key {key}" for key, others in KEYS.items() if character and character in others), "")


def line_of(frame):
    function = "" if frame.name == "<module>" else f", in {frame.name}"
    return f"{frame.filename}, line {frame.lineno}{function}\n    {frame.line}"
