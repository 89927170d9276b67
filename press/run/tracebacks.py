"""The error messages that readers see when a listing fails."""

import traceback

NO_MEMORY = "MemoryError: this browser gives the page no more memory. Close other pages, or use smaller arrays."
NOT_HERE = """{name} isn't in this page, which has Python's own library, NumPy, Matplotlib, utils and the part of mxnet \
that the course uses. More is there when the chapter runs as a notebook."""
PLAIN = [  # words in an error of MXNet, and their meaning
    (("dot shape error",), "dot needs as many columns in its first array as there are rows in its second."),
    (("could not be broadcast",), "The shapes of these arrays don't fit together."),
    (("Inferring shapes failed",), "No array can have this shape."),
    (("Incompatible attr in node", "Invalid Input"), "These numbers are of a type that doesn't fit here."),
    (("not in a computational graph",), "There is nothing to differentiate: it was not computed under autograd.record()."),
    (("computational graph", "Inplace operations"), "An array that autograd has recorded can't be changed in place."),
    (("Cannot find argument",), "This function has no argument of that name."),
    (("this engine computes on mx.cpu()",), "A page has no graphics processor that MXNet could use."),
    (("Shape", "shape"), "The shapes of these arrays don't fit together."),
]
OTHERWISE = "MXNet can't compute this."


class NotHere(Exception):
    """Raised for a feature of notebooks that pages lack; its message is shown alone."""


def short_traceback(error, name):
    """The lines of the listings on the call stack, innermost last, and the error; the helpers' own lines are omitted."""
    if isinstance(error, SyntaxError) and error.filename == name:
        return "".join(traceback.format_exception_only(error)).replace(f'  File "{name}"', name).rstrip()
    lines = [
        line_of(frame) for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(("listing ", "your "))
    ]
    if len(lines) > 6:
        lines[3:-3] = [f"... {len(lines) - 6} more calls ..."]
    return "\n".join([*lines, sentence(error)])


def sentence(error):
    """The error message, with an explanation in plain words if Python's or MXNet's own needs one."""
    if isinstance(error, MemoryError):
        return NO_MEMORY
    if isinstance(error, NotHere):
        return str(error)
    if isinstance(error, ModuleNotFoundError) and error.name and error.name.split(".")[0] not in ("utils", "mxnet"):
        return NOT_HERE.format(name=error.name.split(".")[0])
    if type(error).__name__ == "MXNetError":
        words = str(error).removeprefix("MXNetError: ")
        plain = next((plain for signs, plain in PLAIN if any(sign in words for sign in signs)), OTHERWISE)
        return f"{plain}\nMXNetError: {words}"
    return "".join(traceback.TracebackException.from_exception(error).format_exception_only()).rstrip()  # with "Did you mean"


def line_of(frame):
    function = "" if frame.name == "<module>" else f", in {frame.name}"
    return f"{frame.filename}, line {frame.lineno}{function}\n    {frame.line}"
