"""Run a page's listings one after the other in one namespace, like the kernel of a notebook."""

import ast
import asyncio
import base64
import builtins
import contextlib
import difflib
import functools
import importlib
import inspect
import io
import json
import linecache
import math
import operator
import os
import pprint
import re
import signal
import sys
import time
import types
import warnings

import effects
import epochs
import lookup
import magics
import numpy as np
from lazy import LAZY  # written by the build: names of utils that import Matplotlib
from pyodide.ffi import can_run_sync, create_proxy, run_sync
from tracebacks import short_traceback
from worker import interrupt, send  # the JavaScript around this Python

import __main__

# The names in a listing for which the page must load a group of files. `from utils import *` includes all lazy names.
GROUPS = {
    "matplotlib": {"matplotlib", "utils.*", *LAZY},
    "data": set("fashion_mnist_arrays load_data_fashion_mnist load_validation_split check_problem".split()),
}
REST = 0.1  # seconds between two looks for Stop while a listing sleeps
known = effects.marks(vars(__main__))  # the mark of each name after the last run
plain_sleep = time.sleep
streams = sys.stdout, sys.stderr
random_after = {}  # the states of the random generators after each listing that drew numbers, by its number
drawn_last = None  # the number of the listing after which the generators are now as they were


def set_up():
    os.environ["MPLBACKEND"] = "module://figures"
    builtins.display = display
    time.sleep = sleep
    builtins.input = magics.no_input
    builtins.exit = builtins.quit = sys.exit  # those of a terminal close stdin, which `help` asks
    for stream in streams:
        stream.close = lambda: None  # else no later listing could print
    warnings.formatwarning = format_warning
    sys.stdout.reconfigure(line_buffering=True)


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
    return [group for group, asking in GROUPS.items() if words & asking]


async def run(number, code, unknown, drawn_after):
    """Run a listing and send its output, its figures and its last value. Returns the result of the run, as JSON. In it `checked`
    holds what was said of answers by check and check_problem: a list of {"about", "name", "kind", "why", "example"}, all texts;
    `reached` is after how many epochs the network stands that the listing has trained, or null.

    `number`: of the listing, or 0 for the file of the reader's whole network.
    `unknown`: names that no listing above assigns. They are deleted: a value could only come from below or from edited code.
    `drawn_after`: the number of the listing after whose random numbers this one continues, or None for the present state.
    """
    global drawn_last
    if drawn_after in random_after and drawn_after != drawn_last:  # else for nothing: there are a thousand generators
        effects.restore_random_state(random_after[drawn_after])
        known[effects.RANDOM] = effects.random_mark()
        drawn_last = drawn_after
    for name in unknown:
        vars(__main__).pop(name, None)
    take_heard()
    epochs.begin()
    start = time.perf_counter()
    how = await execute(f"listing {number}" if number else "network.py", code)
    seconds = time.perf_counter() - start
    trained = epochs.end()
    names = changes()
    if effects.RANDOM in names:
        random_after[number] = effects.random_state()
        drawn_last = number
    reached = trained and trained["epochs"]
    return json.dumps({"how": how, "seconds": seconds, "changed": names, "reached": reached, "checked": take_heard()})


def take_heard():
    """What was said of answers since this was asked last (utils/judges/verdicts.py)."""
    verdicts = sys.modules.get("utils.judges.verdicts")
    said = [*verdicts.heard] if verdicts else []
    if verdicts:
        verdicts.heard.clear()
    return said


def look(how, text, codes):
    """What lookup.py says of a name that stands in an editor, as JSON, where `codes` stand above it, a list as JSON."""
    namespace = lookup.imported(codes) | vars(__main__)
    return json.dumps({"complete": lookup.complete, "explain": lookup.explain}[how](text, namespace))


async def judge(name, defined, code, alone):
    """The verdict on the function or class `defined` in a reader's code, what is printed meanwhile, and if it can't be run the
    traceback, as JSON: {"verdict": {"kind", "why", "example"}, "traceback", "printed"}, with `verdict` null after *Stop*.

    A function that is to serve other pages, and any if `alone`, may use what a mynet.py may use, the others what the listings
    have defined. Nothing of it stays there.
    """
    from utils import mynet
    from utils.judges.all_judges import verdict_on
    from utils.judges.verdicts import not_answered, not_yet

    alone = alone or name in mynet.FUNCTIONS
    place, namespace, state = f"your {defined}", dict(vars(mynet if alone else __main__)), effects.random_state()
    namespace.pop(defined, None)  # the book's is no answer
    traceback, printed = "", io.StringIO()
    show_source(place, code)
    try:
        with stoppable(), contextlib.redirect_stdout(printed):
            exec(compile(code, place, "exec"), namespace)
        verdict = not_answered(f"there is no {defined} here. Keep its name.")
        if defined in namespace:
            with stoppable():
                verdict = verdict_on(name, namespace[defined], printed=printed)
    except KeyboardInterrupt:
        verdict = None
    except BaseException as error:
        verdict, traceback = not_yet("it can't be run."), short_traceback(error, place)
    finally:
        effects.restore_random_state(state)
    unknown = re.search(r"name '(\w+)' is not defined", f"{verdict} {traceback}")
    if alone and unknown:
        verdict.why += elsewhere(unknown[1], verdict.why + traceback)
    return json.dumps({"verdict": verdict and verdict.parts(), "traceback": traceback, "printed": beginning(printed.getvalue())})


def elsewhere(name, said):
    """What to say of a name that a function judged alone lacks: other listings have it, or one that looks like it, or ""."""
    known = [name] if name in vars(__main__) else difflib.get_close_matches(name, vars(__main__), 1, 0.8)
    if not known or (known != [name] and "Did you mean" in said):
        return ""
    meant = "" if known == [name] else f" Did you mean {known[0]}?"
    return f"{meant} It is judged without the other listings: put all that it needs into it, and try it out in another one."


async def time_ways(name, defined, code):
    """The seconds that the function `defined` in a reader's code takes, the book's, and each other way, as JSON, or null."""
    from utils import mynet
    from utils.judges.ways import book_of, seconds, ways

    namespace, state = dict(vars(mynet if name in mynet.FUNCTIONS else __main__)), effects.random_state()
    try:
        with stoppable():
            exec(compile(code, f"your {defined}", "exec"), namespace)
            return json.dumps([seconds(name, function) for function in (namespace[defined], book_of(name), *ways(name).values())])
    except BaseException:  # it was right, and needs what is there no more, or Stop has ended it
        return "null"
    finally:
        effects.restore_random_state(state)


def beginning(text):
    """The first lines of a text, and dots if there are more: a judge calls a function many times."""
    lines = text.splitlines()
    return "\n".join([line[:200] for line in lines[:8]] + ["..."] * (len(lines) > 8))


def use_mine(text):
    """Make the module mynet from its text, so that utils gives the reader's functions. Returns what went wrong, or ""."""
    from utils import mynet

    module, problems = types.ModuleType("mynet"), []
    sys.modules["mynet"] = module
    exec("from utils.mynet import *", vars(module))
    for name, source in mynet.read(text).items():
        place = f"your {name}"  # as a traceback calls it
        show_source(place, source)
        try:
            exec(compile(source, place, "exec"), vars(module))
        except BaseException as error:  # it may exit
            problems.append(short_traceback(error, place))
    mynet.use(vars(module))
    return "\n".join(problems)


def use_network(text):
    """Put the network that the page keeps, as epochs.py made it, where chapter 7 looks for the reader's: mynetwork.npz."""
    with contextlib.suppress(Exception):  # whatever is kept must not end Python
        stored = json.loads(text)
        parts = [stored[name] for name in ("W1", "b1", "W2", "b2")]
        W1, b1, W2, b2 = (np.frombuffer(base64.b64decode(part["bytes"]), np.int8) * np.float32(part["scale"]) for part in parts)
        np.savez("mynetwork.npz", W1.reshape(len(b1), -1).T, b1, W2.reshape(len(b2), -1).T, b2)


def show_source(name, code):
    """Let tracebacks show the lines of a code."""
    linecache.cache[name] = len(code), None, code.splitlines(keepends=True), name


def changes():
    """The names whose values have changed since the last listing."""
    global known
    before, known = known, effects.marks(vars(__main__))
    return effects.changed(before, known)


async def execute(name, code):
    """Run a listing's code; returns "ran", "failed" or "stopped"."""
    show_source(name, code)
    vars(__main__).pop("__warningregistry__", None)  # so that a repeated run repeats its warnings
    try:
        tree = ast.parse(magics.as_python(code), name)
        if "mxnet" in {alias.name.split(".")[0] for alias in imported(tree)}:
            import utils  # noqa: F401  registers the course's own engine under that name
        await perform(tree, name, code)
        return "ran"
    except KeyboardInterrupt as error:
        if epochs.reached:
            keep_assigned(error, name, code)
        return "stopped"
    except BaseException as error:
        take_back_streams()
        send("error", short_traceback(error, name))
        return "failed"
    finally:
        take_back_streams()


def keep_assigned(error, name, code):
    """After a stop in `history = train_ch3(...)`: give `history` what the function has of that name, the epochs reached."""
    step = error.__traceback__
    while step.tb_next and step.tb_frame.f_code.co_filename != name:
        step = step.tb_next
    made = step.tb_next.tb_frame.f_locals if step.tb_next else {}
    for statement in ast.parse(magics.as_python(code)).body:
        if isinstance(statement, ast.Assign) and statement.lineno <= step.tb_lineno <= statement.end_lineno:
            names = {target.id for target in statement.targets if isinstance(target, ast.Name)}
            vars(__main__).update({name: made[name] for name in names & made.keys()})


async def perform(tree, name, code):
    """The part of a run that Stop can interrupt: run the statements, then show the last value and the open figures."""
    last = tree.body.pop().value if ends_with_value(tree, code) else None
    with stoppable():
        await evaluate(compile(tree, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT))
        if last:
            show_value(await evaluate(compile(ast.Expression(last), name, "eval", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)))
        show_figures()


@contextlib.contextmanager
def stoppable():
    """Let *Stop* end what runs within."""
    leave_blocks()
    signal.signal(signal.SIGINT, listen)
    interrupt.begin()
    try:
        yield
    finally:
        interrupt.end()


def leave_blocks():
    """Leave the blocks of autograd in which a listing was stopped."""
    if autograd := sys.modules.get("utils.engine.autograd"):
        autograd.leave_blocks()


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


def imported(tree):
    """The imports of a listing: the aliases, and for `from module import ...` the module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from node.names
        elif isinstance(node, ast.ImportFrom):
            yield ast.alias(node.module or "")


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
    if value is not None:
        flush()
        send("result", pprint.pformat(value, sort_dicts=False) if type(value) in (dict, list, tuple, set) else repr(value))


def display(*values, display_id=None):
    """Show values like a notebook's `display`. With a `display_id`, `update(figure)` of the result redraws the last figure."""
    for value in values:
        if hasattr(value, "savefig"):
            figures().send_figure(value)
        else:
            show_value(value)
    return types.SimpleNamespace(update=lambda figure: figures().send_figure(figure, "redrawn")) if display_id else None


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
