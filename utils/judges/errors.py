"""What is said of an exception in a reader's function."""

import builtins
import difflib
import dis
import inspect
import re
import textwrap
import traceback

from mxnet import nd

from ..data import Minibatches

USE_ND = "For NDArrays use nd: nd.exp, and nd.dot for the matrix product. For arrays of NumPy use np."
A_SHAPE = "A shape has as many numbers as the array has axes, that of a single number none, and X may be flat: (n, d)."
# What to say of an error besides its message, and the file that raised it, in which this pattern occurs.
HINTS = {
    "truth value of an NDArray": "max and if look at one number. nd.maximum(A, B) and nd.where(condition, A, B) go element "
    "by element.",
    "truth value of an array": "max and if look at one number. np.maximum(A, B) and np.where(condition, A, B) go element by element.",
    r"for @: 'NDArray'|no attribute '?(dot|matmul)|no mxnet.nd.matmul": "The matrix product is nd.dot(A, B).",
    r"shapes [\[(](\d+)(,\d+[\])] [\[(]\1,10[\])]|,10[\])] [\[(]\1,\d+[\])])|(from shape \(\d+,\)|of size \d+) into shape \(10,?\)|"
    r"for axis \d with size 10": "Are ten classes written in? y_hat.shape[1], or O.shape[1], counts them.",
    r"index (\d+) is out of bounds for axis 1 with size \1": "An index counts from 0. Is a size written in? The shape says how many there are.",
    r"shapes (\[\d+\] \[\d+\]|\(\d+,\) \(\d+,\))": "A number for each row comes from axis=1, as in argmax(axis=1).",
    r"shapes \[\d+,(\d+)\] \[\1,\d+\]": "The matrix product is nd.dot(A, B): + and * take entry by entry. "
    "Or did a matrix come where a bias should be?",
    "dot shape error": "nd.dot needs as many columns in its first array as there are rows in its second.",
    "Argument length must have NDArray type, but": "An axis is named: nd.softmax(O, axis=1).",
    "(?<!length) must have NDArray type": "Functions of nd take NDArrays only, those of NumPy, np, its own arrays.",
    r"expected (float32, got int32|int32, got float32)": 'Labels are int32. To compare them, y.astype("float32"); to take the number in '
    "the column of each label, nd.pick(A, y).",
    "already in a computational graph|Inplace operations": "An array that is recorded can't change. Make a new one, with H = H + b in place "
    "of H += b, of rows with nd.stack; a step of sgd stands outside `with autograd.record():`.",
    r"annot reshape .* into shape \(.*\b(784|28|256)\b": "Is a size written in, or is W1, b1 or params of the page taken? "
    "All comes from the arguments, whose shapes say how large it is.",
    r"annot reshape .* into shape \(-1, \d+\)": "A row of X has as many numbers as W, by which it is multiplied, has rows: W.shape[0].",
    r"'(list|tuple)' object has no attribute '(shape|T|reshape|grad|attach_grad)'": "That is a list of arrays: take them out, as in "
    "W, b = params, or loop over them.",
    "no option keepdims": "Leave keepdims out. Where a column is needed, reshape makes one.",
    "'NDArray' object has no attribute 'data'": "PyTorch has it. Here the array itself changes: param -= ...",
    "'NDArray' object has no attribute 'zero_'": "Gradients need not be cleared: backward writes new ones.",
    "param.grad can't be replaced": "It need not be cleared either: backward writes a new one. What a step changes is param.",
    "'NDArray' object is not callable": "An array has no brackets behind it: param.grad, W1.",
    r"step\(\) takes 0": "Call it as step(): it knows how long a step is.",
    "must be real number, not NDArray": "math computes with one number. nd has the functions for arrays: nd.log, nd.exp.",
    "ndarray'> not supported": f"An array of NumPy and an NDArray don't go together. {USE_ND}",
    "Shape inconsistent": "Two shapes don't fit. If += stands there, it keeps that of its left side; if nd.pick(A, y) does, the array comes "
    "first, then a column for each of its rows, along axis=1.",
    r"is out of bounds for axis .*[\\/](mxnet|engine)[\\/]": "An index counts from 0. And an NDArray takes the condition of X[X < 0] for numbers of rows, 0 and 1.",
    r"Distribution parameters|tuple' and 'int'.*[\\/](mxnet|engine)[\\/]": "nd.random.normal takes the mean, the standard deviation and the shape, in this order.",
    "'tuple' and 'int'": "A tuple holds several numbers: take one of them, shape[0], or loop over all.",
    r"nd\.broadcast_(add|plus|sub|minus|mul|div)": "The signs +, -, * and / do that: A + b.",
    "is not a scalar": "asscalar takes an array with one number in it. This one has more.",
    r"'(int|float)' and 'Node'|'Node' and '(int|float)'": "The number of a node is its value, as in self.value.",
    "for //": "The quotient of arrays is /.",
    "name 'net' is not defined": "The network is mlp(X, params).",
    r"'(Normal|functools.partial)' object has no attribute 'collect_params'|(Block|Sequential)\.\w+\(\) missing 1 .*'self'": "A class makes a network, "
    "or a layer, only with brackets behind it: net = nn.Sequential().",
    r"'list' object has no attribute 'collect_params'|unhashable type: 'list'": "net.add takes the layers themselves, without a list: "
    "net.add(layer, layer).",
    "initializer must be of string|must be an initializer": "An initializer has its brackets: init.Normal(sigma=0.01).",
    r"Normal(.__init__)?\(\) takes": "The mean is 0, and only sigma is given: init.Normal(sigma=0.01).",
    r"nn(\.|' has no attribute ')relu|'ReLU'|Invalid Input: .* relu|'function' and 'str'.*gluon|missing 1 .*'activation'": "An activation is named by a text: "
    'nn.Dense(256, activation="relu").',
    "name '(Sequential|Dense)' is not": "Layers are found in nn: nn.Sequential(), nn.Dense(10).",
    r"'_children'|Block.__init__\(\) takes": "Make it empty, nn.Sequential(), and then net.add(layer, layer).",
    r"Dense.__init__\(\)": "nn.Dense takes the number of its outputs, and finds that of its inputs itself.",
    "inhomogeneous shape": "np.array takes numbers, and rows of equal length.",
    "array like": "nd.array takes numbers, and no list with NDArrays in it. Functions of nd take a whole array at once.",
    "no argument dtype here": "A function of NumPy such as np.mean can't take an NDArray: A.mean(), or A.asnumpy() first.",
    "StopIteration": "next has come to the end of the data. A loop, `for X, y in ...`, begins anew each time.",
    "list index out of range": "It holds fewer. Where it may hold any number, loop over it.",
    r"tuple index out of range|not enough values to unpack \(expected 4, got 2\)": A_SHAPE,
    "Deferred initialization failed.*_npx": "Was npx.set_np() called? This course computes with nd: npx.reset_np().",
    "^RecursionError": "It calls itself again and again. When should that end?",
    "numpy.ndarray' object has no attribute 'attach_grad": "That is an array of NumPy. nd has its own: nd.random.normal, nd.zeros, nd.array.",
}
# What something is called elsewhere, in NumPy or in PyTorch, and its name in MXNet.
NAMES = {
    "dim": "axis",
    "dims": "axis",
    "axes": "axis",
    "keepdim": "keepdims",
    "size": "shape",
    "min": "a_min",
    "max": "a_max",
    "num_classes": "depth",
    "bias": "use_bias",
    "std": "scale",
    "item": "asscalar",
    "numpy": "asnumpy",
    "view": "reshape",
    "clamp": "clip",
    "unsqueeze": "expand_dims",
    "requires_grad_": "attach_grad",
    "matmul": "dot",
    "Linear": "Dense",
    "gradient": "grad",
}
# What of an error's message shows the `cause` of a Verdict.
CAUSES = {"numpy": "exceed the maximum number of dimension|__array_ufunc__", "unrecorded": "not in a computational graph"}
LONGEST = 200  # letters of a message


def head(name, raised, line):
    """How a sentence begins about a function called `name` that raised an exception of the type `raised` in a line, or 0 if that is not known."""
    did = "has filled the memory:" if raised.endswith("MemoryError") else "raised"
    return f"{name} {did} {raised}{f' in line {line}' if line else ''}: "


def line_of(function, error):
    """The number of the line in the reader's cell, or 0 if the error came from elsewhere."""
    code = getattr(inspect.unwrap(function), "__code__", None) if inspect.isroutine(function) else None
    own = [(frame, line) for frame, line in _frames(error)[::-1] if code and frame.f_code.co_filename == code.co_filename]
    calls = [
        line for frame, line in own if line > frame.f_code.co_firstlineno
    ]  # where one call is too many, it begins and does no more
    return next(iter(calls if isinstance(error, RecursionError) and calls else [line for _, line in own]), 0)


def cause_of(error):
    return next((cause for cause, pattern in CAUSES.items() if re.search(pattern, _message(error))), "")


def told(function, error):
    """The message of an `error` that `function` raised, and what to do."""
    message, file = _message(error), _frames(error)[-1][0].f_code.co_filename  # of MXNet, say, or the reader's own
    hints = (hint for pattern, hint in HINTS.items() if re.search(pattern, f"{type(error).__name__}: {message} {file}"))
    ended = message if message.endswith(" ...") else f"{message.rstrip('.')}."
    seen = _unpacked(error, message) or _of_the_page(function, error)
    return f"{ended} {seen or next(hints, _meant(error, message))}".rstrip()


def _unpacked(error, message):
    """What to say if a list that has a name was unpacked into too few or too many names."""
    last = error.__traceback__
    while last.tb_next:
        last = last.tb_next
    if "values to unpack" not in message:
        return ""
    *_, loaded = (step for step in dis.get_instructions(last.tb_frame.f_code) if step.offset < last.tb_lasti)
    value = last.tb_frame.f_locals.get(loaded.argval) if loaded.opname.startswith("LOAD_FAST") else None
    return (
        f"Here {loaded.argval} holds {len(value)}. Where it may hold any number, loop over it." if isinstance(value, list) else ""
    )


def _of_the_page(function, error):
    """What to say if the function uses arrays or data of the page, which were not handed to it."""
    code = getattr(inspect.unwrap(function), "__code__", None) if inspect.isroutine(function) else None
    page = next((frame.f_globals for frame, _ in _frames(error) if frame.f_code is code), None)
    if page is None or isinstance(error, NameError):
        return ""
    loaded = [step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"]
    used = [name for name in dict.fromkeys(loaded) if _is_data(page.get(name))]
    return (
        f"{' and '.join(used)} of the page {'is' if len(used) == 1 else 'are'} used, where all comes from the arguments."
        if used
        else ""
    )


def _is_data(value):
    return isinstance(value, (nd.NDArray, Minibatches)) or (
        isinstance(value, list) and bool(value) and all(isinstance(array, nd.NDArray) for array in value)
    )


def _frames(error):
    """The frames that the error has passed, and the line in each. The last one raised it."""
    return list(traceback.walk_tb(error.__traceback__))


def _message(error):
    """The message of an error in one line."""
    try:
        text = str(error).strip()
    except Exception:  # in a class of the reader's own
        text = ""
    if argument := re.search(r"Cannot find argument '(.+)', Possible Arguments:\s*(.*?)( in the course's|$)", text, re.S):
        return f"there is no argument {argument[1]} here{_among(argument[2])}"
    if isinstance(error, AttributeError) and re.search("'NDArray' object has no attribute 'grad'$|'grad' of 'NDArray'", text):
        return "param.grad can't be replaced"
    lines = text.splitlines() or ["(no message)"]
    line = text if text and isinstance(error, AssertionError) else lines[-1]  # which ends with an array in several lines
    return _shortened(re.sub(r"[\w.]*<locals>\.|^MXNetError: ", "", line.split("Check failed: ")[-1]))


def _shortened(message):
    """The message in one line, cut between words, and before a bracket that would stay open."""
    short = textwrap.shorten(message, LONGEST, placeholder="")
    if short == " ".join(message.split()):
        return short
    while short.count("[") > short.count("]"):
        short = short[: short.rindex("[")]
    return f"{short.rstrip()} ..."


def _among(possible):
    """The names in MXNet's list of arguments, each with a line and more about it, or in the own engine's, which has the names alone."""
    names = re.findall(r"^(\w+) : ", possible, re.M) or re.findall(r"\w+", possible)
    return f", only {', '.join(names)}" if names else ""


def _meant(error, message):
    """What to write for a name that is not known: its name in MXNet, or one that looks like it."""
    if isinstance(error, NameError):
        frame = _frames(error)[-1][0]
        names, known = [error.name], {*frame.f_locals, *frame.f_globals, *dir(builtins)}
    elif isinstance(error, AttributeError):
        names, known = [error.name], [name for name in dir(error.obj) if not name.startswith("_")]
    elif argument := re.search(r"no argument (.+) here(?:, only (.*))?|unexpected keyword argument '(\w+)'", message):
        names, known = (argument[1] or argument[3]).split(", "), (argument[2] or "").split(", ")
    else:
        return ""
    called = [
        f"{name} is called {NAMES[name]}" for name in names if NAMES.get(name) in known or (known == [""] and name in NAMES)
    ]
    close = [f"Did you mean {match}?" for name in names for match in difflib.get_close_matches(name or "", known, 1, 0.8)]
    return f"Here {' and '.join(called)}." if called else " ".join(close)
