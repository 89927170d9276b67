"""Runs a page's listings one after the other, in one namespace: what a notebook's kernel does, as far as a book needs it."""

import ast
import builtins
import linecache
import os
import pprint
import sys
import traceback
import warnings

from page import send  # the worker's

import __main__

# What a name in a listing asks for, beyond NumPy and utils.
GROUPS = {
    "matplotlib": set(
        "matplotlib COLORS diagnose plot_diagnosis plot_history plot_lines plt set_figsize show_fashion_mnist show_animation "
        "use_svg_display utils.*".split()
    ),
    "data": set("fashion_mnist_arrays load_data_fashion_mnist load_validation_split check_problem".split()),
}
NO_MEMORY = "MemoryError: this browser gives the page no more memory. Close other pages, or use smaller arrays."


def set_up():
    os.environ["MPLBACKEND"] = "module://figures"
    builtins.display = display
    warnings.formatwarning = format_warning
    sys.stdout.reconfigure(line_buffering=True)


def needs(code):
    """The groups of files that the names in a listing ask for; none where it isn't Python."""
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except SyntaxError:
        return []
    names = {str(getattr(node, field, "")) for node in nodes for field in ("id", "attr", "name", "module")}
    words = {word for name in names for word in name.split(".")}
    words |= {f"{node.module}.*" for node in nodes if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"}
    return [group for group, asking in GROUPS.items() if words & asking]


def run(name, code):
    """Run a listing and send what it prints, draws and gives as its last value. Returns whether it came to its end."""
    linecache.cache[name] = len(code), None, code.splitlines(keepends=True), name
    namespace = vars(__main__)
    namespace.pop("__warningregistry__", None)  # so that a listing that runs again warns again
    try:
        tree = ast.parse(code, name)
        last = tree.body.pop().value if ends_with_value(tree, code) else None
        exec(compile(tree, name, "exec"), namespace)
        if last:
            show_value(eval(compile(ast.Expression(last), name, "eval"), namespace))
        show_figures()
        return True
    except BaseException as error:
        flush()
        send("error", short_traceback(error, name))
        return False
    finally:
        flush()


def ends_with_value(tree, code):
    """Whether a notebook would show the value of the last line: a semicolon keeps it back."""
    return bool(tree.body) and isinstance(tree.body[-1], ast.Expr) and not code.rstrip().endswith(";")


def flush():
    """What was printed comes before what follows it."""
    sys.stdout.flush()
    sys.stderr.flush()


def show_value(value):
    if value is not None:
        flush()
        send("result", pprint.pformat(value, sort_dicts=False) if type(value) in (dict, list, tuple, set) else repr(value))


def display(*values):
    """What a notebook offers under this name: show a value, a figure as a picture."""
    for value in values:
        if hasattr(value, "savefig"):
            import figures

            figures.send_figure(value)
        else:
            show_value(value)


def show_figures():
    """A figure that a listing has drawn and not shown is shown at its end."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].show()


def short_traceback(error, name):
    """The lines of the listings that led to the error, the innermost last, and the error; the helpers' own lines are left out."""
    if isinstance(error, SyntaxError) and error.filename == name:
        return "".join(traceback.format_exception_only(error)).replace(f'  File "{name}"', name).rstrip()
    if hasattr(error, "_render_traceback_"):  # what IPython asks for too: this error speaks for itself
        return "\n".join(error._render_traceback_())
    lines = [line_of(frame) for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith("listing ")]
    if len(lines) > 6:
        lines[3:-3] = [f"... {len(lines) - 6} more calls ..."]
    what = NO_MEMORY if isinstance(error, MemoryError) else "".join(traceback.format_exception_only(error)).rstrip()
    return "\n".join([*lines, what])


def line_of(frame):
    function = "" if frame.name == "<module>" else f", in {frame.name}"
    return f"{frame.filename}, line {frame.lineno}{function}\n    {frame.line}"


def format_warning(message, category, filename, lineno, line=None):
    return f"{filename}, line {lineno}: {category.__name__}: {message}\n"


set_up()
