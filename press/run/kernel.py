"""Run a page's listings one after the other in one namespace, like the kernel of a notebook."""

import ast
import asyncio
import builtins
import contextlib
import functools
import importlib
import inspect
import json
import linecache
import math
import operator
import os
import pprint
import signal
import sys
import time
import types
import warnings

import book
import effects
import lookup
import magics
from pyodide.ffi import can_run_sync, create_proxy, run_sync
from tracebacks import short_traceback
from worker import interrupt, send  # the JavaScript around this Python

import __main__

REST = 0.1  # seconds between two looks for Stop while a listing sleeps
known = effects.marks(vars(__main__))  # the mark of each name after the last run
plain_sleep = time.sleep
streams = sys.stdout, sys.stderr
random_after = {}  # the states of the random generators after each listing that drew numbers, by its number
drawn_last = None  # the number of the listing after which the generators are now as they were


def set_up():
    os.environ["MPLBACKEND"] = "module://figures"
    builtins.display = display
    sys.modules["matplotlib_inline"] = sys.modules["matplotlib_inline.backend_inline"] = inline()
    time.sleep = sleep
    builtins.input = magics.no_input
    builtins.exit = builtins.quit = sys.exit  # those of a terminal close stdin, which `help` asks
    for stream in streams:
        stream.close = lambda: None  # else no later listing could print
    warnings.formatwarning = format_warning
    sys.stdout.reconfigure(line_buffering=True)


def inline():
    """What stands in for a notebook's way to draw, of which listings ask a format: a page draws SVG."""
    module = types.ModuleType("matplotlib_inline")
    module.backend_inline, module.set_matplotlib_formats = module, lambda *formats, **options: None
    return module


def listen(number, frame):
    """Wait until the page's messages have arrived, and end the listing if one of them was *stop* (see worker.js)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # else the waiting would be interrupted as well
    if can_wait():
        run_sync(interrupt.messages())
    signal.signal(signal.SIGINT, listen)
    end_if_stopped()


def can_wait():
    return can_run_sync() and interrupt.canWait()


def end_if_stopped():
    """Raise KeyboardInterrupt; again if the listing goes on, but not in the `finally` or `except` that handles the last one."""
    handled = sys.exception()
    while handled and not isinstance(handled, KeyboardInterrupt):
        handled = handled.__context__
    if interrupt.stopped and not handled:
        raise KeyboardInterrupt


def sleep(seconds):
    """`time.sleep`, but where the page can wait, the processor rests and *Stop* is heard."""
    seconds = seconds if isinstance(seconds, float) else operator.index(seconds)
    if not (0 < seconds < math.inf and can_wait()):
        return plain_sleep(seconds)
    end = time.monotonic() + seconds
    interrupt.end()  # no signal may come while Python waits
    try:
        while (left := end - time.monotonic()) > 0:
            run_sync(interrupt.rest(1000 * min(left, REST)))
            end_if_stopped()
    finally:
        interrupt.begin()


def facts(code):
    """The facts about a listing that the page needs before it runs, as JSON: `effects.facts`, and the groups of files to load."""
    try:
        tree = ast.parse(magics.as_python(code))
        return json.dumps({**effects.facts(tree), "groups": needs(tree)})
    except (SyntaxError, ValueError):
        return facts("")


def needs(tree):
    """The groups of files that a listing needs, by the names in it."""
    nodes = list(ast.walk(tree))
    names = {str(getattr(node, field, "")) for node in nodes for field in ("id", "attr", "name", "module")}
    words = {word for name in names for word in name.split(".")}
    words |= {f"{node.module}.*" for node in nodes if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"}
    return [group for group, asking in book.GROUPS.items() if words & asking]


async def run(number, code, unknown, drawn_after, steps=False):
    """Run a listing and send its output, its figures and its last value. Returns the result of the run, as JSON, with what
    `book.after` adds.

    `number`: of the listing, as "5a" of one that the reader has added, or the name of a file, such as network.py.
    `unknown`: names that no listing above assigns. They are deleted: a value could only come from below or from edited code.
    `drawn_after`: the number of the listing after whose random numbers this one continues, or None for the present state.
    `steps`: whether to send what each line does as well (step.py).
    """
    global drawn_last
    if drawn_after in random_after and drawn_after != drawn_last:  # else for nothing: there may be many generators
        effects.restore_random_state(random_after[drawn_after])
        known[effects.RANDOM] = effects.random_mark()
        drawn_last = drawn_after
    for name in unknown:
        vars(__main__).pop(name, None)
    book.before()
    start = time.perf_counter()
    how = await execute(
        number if str(number).endswith(".py") else f"listing {number}", code, following if steps else contextlib.nullcontext
    )
    seconds = time.perf_counter() - start
    more = book.after()
    names = changes()
    if effects.RANDOM in names:
        random_after[number] = effects.random_state()
        drawn_last = number
    return json.dumps({"how": how, "seconds": seconds, "changed": names, **more})


async def call(name, given):
    """What the function `name` of the book's module `page` returns for the arguments `given`, both as JSON. Scripts call it."""
    return json.dumps(getattr(book.page, name)(*json.loads(given)))


def look(how, text, codes):
    """What lookup.py says of a name that stands in an editor, as JSON, where `codes` stand above it, a list as JSON."""
    namespace = lookup.imported(codes) | vars(__main__)
    return json.dumps({"complete": lookup.complete, "explain": lookup.explain}[how](text, namespace))


def show_source(name, code):
    """Let tracebacks show the lines of a code."""
    linecache.cache[name] = len(code), None, code.splitlines(keepends=True), name


def changes():
    """The names whose values have changed since the last listing."""
    global known
    before, known = known, effects.marks(vars(__main__))
    return effects.changed(before, known)


async def execute(name, code, around):
    """Run a listing's code, its statements within `around()`; returns "ran", "failed" or "stopped"."""
    show_source(name, code)
    vars(__main__).pop("__warningregistry__", None)  # so that a repeated run repeats its warnings
    try:
        await perform(ast.parse(magics.as_python(code), name), name, code, around)
        return "ran"
    except KeyboardInterrupt as error:
        book.stopped(error, name, code)
        return "stopped"
    except BaseException as error:
        take_back_streams()
        send("error", short_traceback(error, name))
        return "failed"
    finally:
        take_back_streams()


async def perform(tree, name, code, around):
    """The part of a run that Stop can interrupt: run the statements, then show the last value and the open figures."""
    last = tree.body.pop().value if ends_with_value(tree, code) else None
    with stoppable():
        with around():
            await evaluate(compile(tree, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT))
            value = await evaluate(compile(ast.Expression(last), name, "eval", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)) if last else None
        show_value(value)
        show_figures()


def following(**options):
    """Send what each line does that runs within, as `step.followed` says."""
    return importlib.import_module("step").followed(
        functools.partial(send, "steps"), **options
    )  # here, because few readers ask for it


@contextlib.contextmanager
def stoppable():
    """Let *Stop* end what runs within."""
    signal.signal(signal.SIGINT, listen)
    interrupt.begin()
    try:
        yield
    finally:
        interrupt.end()


async def evaluate(code):
    value = eval(code, vars(__main__))
    return await interruptible(value) if code.co_flags & inspect.CO_COROUTINE else value


@types.coroutine
def interruptible(coroutine):
    """Await a listing. While it waits, the event loop runs, which no signal may interrupt: *Stop* cancels what it waits for."""
    cancel = create_proxy(asyncio.current_task().cancel)
    resume = functools.partial(coroutine.send, None)
    while True:
        try:
            awaited = resume()
        except StopIteration as end:
            return end.value
        interrupt.end()
        interrupt.cancel = cancel
        try:
            resume = functools.partial(coroutine.send, (yield awaited))
        except BaseException as error:
            resume = functools.partial(coroutine.throw, KeyboardInterrupt() if interrupt.stopped else error)
        finally:
            interrupt.cancel = None
            interrupt.begin()


def ends_with_value(tree, code):
    """Whether a notebook would show the value of the last line: it must be an expression, without a semicolon after it."""
    if not tree.body or not isinstance(tree.body[-1], ast.Expr):
        return False
    last = tree.body[-1]
    line = code.split("\n")[last.end_lineno - 1].encode()[last.end_col_offset :]  # ast counts bytes
    return not line.strip().startswith(b";")


def flush():
    """Send buffered text now, so that it precedes later output."""
    sys.stdout.flush()
    sys.stderr.flush()


def take_back_streams():
    """Send what is left, and print to the page again, if a listing has put another stream in the place of its own."""
    sys.stdout, sys.stderr = streams
    flush()


def show_value(value):
    """Show the last value of a listing: a figure is drawn, and not once more with those that are open."""
    if is_figure(value):
        figures().show_figure(value)
    elif value is not None:
        flush()
        for kind, describe in ("table", in_html), ("result", as_text):
            if (text := described(describe, value)) is not None:
                return send(kind, text)


def described(describe, value):
    """What `describe` makes of a value. If that raises, the error is shown and ends nothing, as in a notebook."""
    try:
        return describe(value)
    except Exception as error:
        flush()
        send("error", short_traceback(error, "listing "))


def in_html(value):
    """The table in HTML by which a value describes itself, as one of pandas does, or None."""
    describe = getattr(type(value), "_repr_html_", None)
    html = describe(value) if callable(describe) else None
    return html if isinstance(html, str) and "<table" in html else None


def as_text(value):
    """A value as a notebook writes it."""
    return AsInNotebook(sort_dicts=False).pformat(value)


NESTED = dict, list, tuple, set


class AsInNotebook(pprint.PrettyPrinter):
    """A notebook breaks the lines of what holds others alone, and indents the further lines of what is held."""

    _dispatch = {kind.__repr__: pprint.PrettyPrinter._dispatch[kind.__repr__] for kind in NESTED}

    def format(self, value, context, levels, level):
        if type(value) is set and value:
            return "{%s}" % ", ".join(self.format(one, context, levels, level + 1)[0] for one in in_order(value)), True, False
        if type(value) in NESTED:
            return super().format(value, context, levels, level)
        return in_one(value).replace("\n", "\n" + " " * level), True, False


def in_order(values):
    try:
        return sorted(values)
    except TypeError:
        return values


def in_one(value):
    """A value that holds no others: a type, or what has no form of its own, by its type's name, a function as it is called."""
    if isinstance(value, type) and type(value).__repr__ is type.__repr__:
        return value.__qualname__ if value.__module__ == "builtins" else f"{value.__module__}.{value.__qualname__}"
    if type(value).__repr__ is object.__repr__:
        return f"<{in_one(type(value))} at {id(value):#x}>"
    if isinstance(value, types.FunctionType):
        return f"<function {value.__module__}.{value.__qualname__}{inspect.signature(value)}>"
    return repr(value)


def display(*values, display_id=None):
    """Show values like a notebook's `display`. With a `display_id`, `update(figure)` of the result redraws the last figure."""
    for value in values:
        if is_figure(value):
            figures().send_figure(value)
        else:
            show_value(value)
    return types.SimpleNamespace(update=lambda figure: figures().send_figure(figure, "redrawn")) if display_id else None


def is_figure(value):
    return "matplotlib.figure" in sys.modules and isinstance(value, sys.modules["matplotlib.figure"].Figure)


def figures():
    """The backend of Matplotlib, imported only when a figure is drawn."""
    return importlib.import_module("figures")


def show_figures():
    """Show the figures that a listing drew but did not show."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].show()


def format_warning(message, category, filename, lineno, line=None):
    return f"{filename}, line {lineno}: {category.__name__}: {message}\n"


set_up()
