"""What the Python of a page of the book asks of this course: press/run/book.py says when. No notebook imports it.

Scripts of the page call `is_alone`, `judge`, `step_through`, `ask`, `time_ways`, `use_mine` and `use_network` by their names.
"""

import ast
import base64
import contextlib
import difflib
import functools
import io
import json
import pickle
import re
import sys
import types

import effects  # this and the next three lie beside book.py, but for epochs.py in web/run
import epochs
import kernel
import numpy as np
import tracebacks
from mxnet import nd

import __main__

from . import LAZY
from .blocks import leave_blocks
from .engine import random as generators
from .judges import verdicts

GROUPS = {
    "matplotlib": {"matplotlib", "utils.*", *LAZY, *LAZY.values(), "figures"},  # names that draw, and their modules
    "data": {"fashion_mnist_arrays", "load_data_fashion_mnist", "load_validation_split", "check_problem"},
}
MODULES = {"utils": "utils", "mxnet": "the part of mxnet that the course uses"}
SEEDS = {"seed_everything"}
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


# --- A listing runs --------------------------------------------------------------------------------------------------------


def before():
    leave_blocks()  # of autograd, in which a listing was stopped
    take_heard()
    epochs.begin()


def after():
    trained = epochs.end()
    reached = trained and (f"{trained['epochs']} epochs" if trained["epochs"] > 1 else "1 epoch")
    return {"checked": take_heard(), "reached": reached}


def take_heard():
    """What was said of answers since this was asked last."""
    said = [*verdicts.heard]
    verdicts.heard.clear()
    return said


def stopped(error, name, code):
    """In `history = train_ch3(...)` give `history` what the function has of that name, the epochs reached."""
    if not epochs.reached:
        return
    step = error.__traceback__
    while step.tb_next and step.tb_frame.f_code.co_filename != name:
        step = step.tb_next
    made = step.tb_next.tb_frame.f_locals if step.tb_next else {}
    for statement in ast.parse(kernel.magics.as_python(code)).body:
        if isinstance(statement, ast.Assign) and statement.lineno <= step.tb_lineno <= statement.end_lineno:
            names = {target.id for target in statement.targets if isinstance(target, ast.Name)}
            vars(__main__).update({name: made[name] for name in names & made.keys()})


def taken(group):
    if group == "data":
        epochs.watch()


def explain(error):
    if type(error).__name__ == "MXNetError":
        words = str(error).removeprefix("MXNetError: ")
        plain = next((plain for signs, plain in PLAIN if any(sign in words for sign in signs)), OTHERWISE)
        return f"{plain}\nMXNetError: {words}"


# --- What has changed ------------------------------------------------------------------------------------------------------


def parts(value):
    if issubclass(type(value), nd.NDArray):
        return (effects.checksum(value.asnumpy()), graph(value)), [value.grad]


def array(value):
    return value.asnumpy() if issubclass(type(value), nd.NDArray) else None


def graph(array):
    """A mark of an array's place in the recorded graph: `backward` frees the graph, and the trainer uses a fresh gradient up."""
    node = getattr(array, "node", None)
    return len(getattr(node, "inputs", ())), getattr(node, "fresh", False)


def random_mark():
    """It is enough to look at the first twister, which every draw uses."""
    return generators.start, generators.seeded, generators.seeded and pickle.dumps(generators.twisters[0].state)


def random_state():
    return generators.start, generators.seeded, [twister.state for twister in generators.twisters[: generators.seeded]]


def restore_random_state(state):
    generators.start, generators.seeded, states = state
    for twister, place in zip(generators.twisters, states):
        twister.state = place


# --- The reader's own functions and network --------------------------------------------------------------------------------


def is_alone(name):
    """Whether a function is to serve other pages, so that it is judged and timed by itself, without what the listings define."""
    from . import mynet

    return name in mynet.FUNCTIONS


def judge(name, defined, code, above):
    """The verdict on the function or class `defined` in a reader's code, None after *Stop*; the line there in which an error was
    raised, or 0; if the code can't be run, the traceback; and what is printed meanwhile:
    {"verdict": {"kind", "why", "example"}, "line", "traceback", "printed"}.

    `above`: the names that listings above define, a list, or None if the code comes from a file. Then, and if `is_alone`, it may
    use what a mynet.py may use, else what the listings have defined. Nothing of it stays there.
    """
    from . import mynet
    from .judges.all_judges import verdict_on

    alone = above is None or is_alone(name)
    place, namespace, state = f"your {defined}", dict(vars(mynet if alone else __main__)), effects.random_state()
    namespace.pop(defined, None)  # the book's is no answer
    line, traceback, printed = 0, "", io.StringIO()
    kernel.show_source(place, code)
    leave_blocks()
    try:
        with kernel.stoppable(), contextlib.redirect_stdout(printed):
            exec(compile(code, place, "exec"), namespace)
        verdict = verdicts.not_answered(f"there is no {defined} here. Keep its name.")
        if defined in namespace:
            leave_blocks()
            with kernel.stoppable():
                verdict = verdict_on(name, namespace[defined], printed=printed)
                line = verdict.line
    except KeyboardInterrupt:
        verdict = None
    except BaseException as error:
        verdict, line = verdicts.not_yet("it can't be run."), tracebacks.last_line(error, place)
        traceback = tracebacks.short_traceback(error, place)
    finally:
        effects.restore_random_state(state)
    unknown = re.search(r"name '(\w+)' is not defined", f"{verdict} {traceback}")
    if alone and unknown:
        verdict.why += elsewhere(unknown[1], verdict.why + traceback, above or [])
    said = verdict and verdict.parts()
    return {"verdict": said, "line": line, "traceback": traceback, "printed": beginning(printed.getvalue())}


def elsewhere(name, said, above):
    """What to say of a name that a function judged alone lacks: listings above have it, or one that looks like it, or ""."""
    known = [name] if name in above else difflib.get_close_matches(name, above, 1, 0.8)
    if not known or (known != [name] and "Did you mean" in said):
        return ""
    meant = "" if known == [name] else f" Did you mean {known[0]}?"
    return f"{meant} It is judged without the other listings: put all that it needs into it, and try it out in another one."


def beginning(text):
    """The first lines of a text, and dots if there are more: a judge calls a function many times."""
    lines = text.splitlines()
    return "\n".join([line[:200] for line in lines[:8]] + ["..."] * (len(lines) > 8))


def step_through(name, defined, code):
    """Follow the function or class `defined` in a reader's code on a case of its judge, and send its lines as those of a listing.

    Returns what to say of it, or None after *Stop*. Nothing of it stays.
    """
    from . import mynet
    from .judges.calling import in_order
    from .judges.examples import follow_example

    place, namespace, state = f"your {defined}", dict(vars(mynet if is_alone(name) else __main__)), effects.random_state()
    namespace.pop(defined, None)
    kernel.show_source(place, code)
    leave_blocks()
    try:
        with kernel.stoppable(), in_order(), contextlib.redirect_stdout(io.StringIO()):
            exec(compile(code, place, "exec"), namespace)
            if not callable(namespace.get(defined)):
                return f"There is no function {defined} here. Keep its name."
            return follow_example(name, namespace[defined], functools.partial(kernel.following, ends=True))
    except KeyboardInterrupt:
        return None
    except BaseException as error:
        return f"Your {defined} can't be run. {tracebacks.sentence(error).splitlines()[-1]}"
    finally:
        effects.restore_random_state(state)


def ask(name, defined, given):
    """What the book's function gives for the arguments `given`, a text such as "nd.array([[-1, 2]])", or None after *Stop*:
    {"said": words, "value": what `step.described` says of it}. Of what the listings have it gets copies.
    """
    import step  # here, as few readers ask

    from . import mynet
    from .judges.calling import guarded, in_order
    from .judges.ways import book_of

    def asked(*args, **options):
        taken.extend(map(copy_of, [*args, *options.values()]))
        return book(*taken[: len(args)], **dict(zip(options, taken[len(args) :])))

    taken, state = [], effects.random_state()
    call = given if given.startswith(f"{defined}(") else f"{defined}({given}\n)"  # it may end with a comment
    kernel.show_source("your input", call)
    try:
        book = guarded(book_of(name))
        with kernel.stoppable(), in_order(), contextlib.redirect_stdout(io.StringIO()):
            value = eval(call, {**vars(mynet), **vars(__main__), defined: asked})
    except KeyboardInterrupt:
        return None
    except verdicts.Verdict as no:
        return {"said": f"The book's {no.why.replace(f' in line {no.line}', '')}"}
    except BaseException as error:
        why = error.msg if isinstance(error, SyntaxError) else tracebacks.sentence(error)
        return {"said": f"This is no input for {defined}. {why}"}
    finally:
        effects.restore_random_state(state)
    if value is None:
        changed = next((arg for arg in taken if isinstance(arg, (list, nd.NDArray, np.ndarray))), taken)
        return {"said": "It returns nothing, and leaves what it was given so:", "value": step.described(changed)}
    return {"said": "It gives", "value": step.described(value)}


def copy_of(value):
    """A copy of an array, with its gradient if it has one, also of those in a list."""
    if isinstance(value, list):
        return [*map(copy_of, value)]
    if not isinstance(value, nd.NDArray):
        return value.copy() if isinstance(value, np.ndarray) else value
    copy = value.copy()
    if value.grad is not None:
        copy.attach_grad()
        copy.grad[:] = value.grad
    return copy


def time_ways(name, defined, code):
    """The seconds that the function `defined` in a reader's code takes, the book's, and each other way, in a list, or None."""
    from . import mynet
    from .judges.ways import book_of, seconds, ways

    namespace, state = dict(vars(mynet if is_alone(name) else __main__)), effects.random_state()
    leave_blocks()
    try:
        with kernel.stoppable():
            exec(compile(code, f"your {defined}", "exec"), namespace)
            return [seconds(name, function) for function in (namespace[defined], book_of(name), *ways(name).values())]
    except BaseException:  # it was right, and needs what is there no more, or Stop has ended it
        return None
    finally:
        effects.restore_random_state(state)


def use_mine(functions):
    """Make the module mynet of the reader's functions, {name: code}, so that utils gives them. Returns what went wrong, or ""."""
    from . import mynet

    module, problems = types.ModuleType("mynet"), []
    sys.modules["mynet"] = module
    exec("from utils.mynet import *", vars(module))
    for name, source in functions.items():
        place = f"your {name}"  # as a traceback calls it
        kernel.show_source(place, source)
        try:
            exec(compile(source, place, "exec"), vars(module))
        except BaseException as error:  # it may exit
            problems.append(tracebacks.short_traceback(error, place))
    mynet.use(vars(module))
    return "\n".join(problems)


def use_network(text):
    """Put the network that the page keeps, as epochs.py made it, where chapter 7 looks for it, into mynetwork.npz. Returns ""."""
    with contextlib.suppress(Exception):  # whatever is kept must not end Python
        stored = json.loads(text)
        parts = [stored[name] for name in ("W1", "b1", "W2", "b2")]
        W1, b1, W2, b2 = (np.frombuffer(base64.b64decode(part["bytes"]), np.int8) * np.float32(part["scale"]) for part in parts)
        np.savez("mynetwork.npz", W1.reshape(len(b1), -1).T, b1, W2.reshape(len(b2), -1).T, b2)
    return ""
