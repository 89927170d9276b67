"""`refute`: a reader's input for a function that looks right, and may be wrong for some."""

import inspect

import numpy as np
from mxnet import nd

from .calling import guarded, in_order, name_of
from .cases import random_numbers_kept
from .errors import head
from .given import shown
from .judging import ROUNDING, both_shown, outcome, same
from .mistakes import source_of
from .verdicts import Verdict, not_answered, not_yet, say

NONE_FOUND = "none found"
BEGIN = " Begin with the book's, and change its numbers."


def refute(name, *args):
    """Print a function that looks right, and the verdict on `args`, an input for which it should be wrong.

    The book's function and this one run on copies of the input, and it is refuted if they differ by more than rounding. "none found"
    in its place says that the function is right for every input. `name` is a key of REFUTATIONS in utils/judges/refutations.py,
    else KeyError is raised. In a notebook the try is noted in my-course.json (utils/judges/record.py).
    """
    from .refutations import REFUTATIONS, looks_right, nothing_refutes  # here, because it imports all judges

    if name not in list(REFUTATIONS):  # a list may be asked for anything, a dict only for what is hashable
        raise KeyError(f"{name!r} is not a refutation: choose from {', '.join(REFUTATIONS)}.")
    why, function = looks_right(name)
    print(source_of(function), end="\n\n")
    _, _, make, obvious, hint = REFUTATIONS[name]
    if len(args) == 1 and isinstance(args[0], str) and args[0].strip(" .!\n").lower() == NONE_FOUND:
        verdict = on_none_found(why, nothing_refutes(name), hint)
    else:
        with in_order(), random_numbers_kept():
            verdict = on_input(name, args, why, function, make, obvious)
    say("question", f"refute {name}", verdict)


def on_none_found(why, is_true, hint):
    if is_true:
        return Verdict("right", f"there is none, because it is right, in another way. {why}")
    return not_yet(f"it is wrong for some. Think of {hint}.")


def on_input(name, args, why, function, make, obvious):
    names = [*inspect.signature(make).parameters]
    if len(args) != len(names) or any(isinstance(arg, str) for arg in args):
        asked = ", ".join(names)
        return not_yet(f'it takes {asked}, or "{NONE_FOUND}": refute("{name}", {asked}) or refute("{name}", "{NONE_FOUND}").')
    try:
        given = plain(args)
        text, run, *other = make(*given)
        right = book_gives(run, function.book)
    except Verdict as no:
        said = no.why.removeprefix(head(name_of(function.book), no.raised, no.line))
        return not_yet(f"{function.__name__} is not made for such an input. {said}{BEGIN * bool(no.raised)}")
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return not_yet(f"{function.__name__} is not made for such an input.{BEGIN}")
    result = outcome(run, guarded(function))
    for argument, array in zip(names, given):
        if isinstance(array, np.ndarray):
            text = text.replace(f"{argument} = {shown(array)}", f"{argument} = {shown(array, digits_of(array))}")
    both = f"{text.rstrip(',')}:\n{side_by_side(right, result, function.__name__)}"
    if not same(right, result, **ROUNDING):
        return Verdict("right", f"refuted: {next(filter(None, other), why)}", both)
    kind = not_answered if equal(given, plain(obvious)) else not_yet
    if apart_by_rounding(right, result):
        return kind(
            "no refutation, because a difference of less than 1e-6, or 0.001 %, counts as rounding. Where do they differ by more? "
            'If nowhere, answer "none found".',
            both,
        )
    return kind('no refutation, because both give the same. Where do they differ? If nowhere, answer "none found".', both)


def apart_by_rounding(right, result):
    """The names of arrays that are shown differently in few digits, where they count as the same."""
    return [name for name in right if shown(right[name]) != shown(result[name])]


def digits_of(array):
    """As few digits as show the numbers that are in it."""
    numbers = array.ravel().astype(float)

    def enough(digits):
        return np.allclose([float(f"{number:.{digits}g}") for number in numbers], numbers, rtol=1e-7, atol=0)

    return next(filter(enough, (4, 6)), 9)


def book_gives(run, book):
    """What the book's function makes of the input. Raises the verdict that ends it, where it is not made for that."""
    result = outcome(run, guarded(book))
    if isinstance(result, Verdict):
        raise result
    return result


def side_by_side(right, result, name):
    """The arrays that the book's function gives and those of the other, called `name`: those that differ, or else the first."""
    first = next(iter(right))
    if isinstance(result, Verdict):
        without_line = result.why.replace(*(head(name, result.raised, line) for line in (result.line, 0)))  # some are not shown
        rows = [("", both_shown(right[first], right[first])[0], without_line)]
    else:
        names = [name for name in right if not same({"": right[name]}, {"": result[name]}, **ROUNDING)]
        names = names or apart_by_rounding(right, result)
        rows = [(name, *both_shown(right[name], result[name], **ROUNDING, alike=False)) for name in names]
        rows = rows or [(first, *both_shown(right[first], right[first]))]
        rows = [(f", {name}" if name else "", *both) for name, *both in rows]
    return "\n".join(f"  the book's{name}   {expected}\n  this one's{name}   {given}" for name, expected, given in rows)


def plain(value):
    """NDArrays as arrays of NumPy, in lists too. Ends the check if one is empty, or a number is none."""
    if isinstance(value, (list, tuple)):
        return [*map(plain, value)]
    if isinstance(value, (nd.NDArray, np.ndarray)) and 0 in value.shape:
        raise not_yet("It holds an array without a number in it.")
    if not isinstance(value, (nd.NDArray, np.ndarray)):
        return value
    if isinstance(value, nd.NDArray) and value.shape == ():
        raise not_yet("It holds a single number, where an array is asked for: nd.array([7]).")
    value = np.asarray(value.asnumpy() if isinstance(value, nd.NDArray) else value)  # no matrix of NumPy either
    if not np.isfinite(value).all():
        raise not_yet("It holds nan or inf, which are no numbers.")
    return value


def equal(value, obvious):
    """Whether two inputs, both `plain`, hold the same numbers, or formulas of the same text."""
    if isinstance(value, list) and isinstance(obvious, list):
        return len(value) == len(obvious) and all(map(equal, value, obvious))
    return text_of(value) == text_of(obvious) if callable(obvious) else np.array_equal(value, obvious)


def text_of(formula):
    """What Python has made of the text of a function, whatever its argument is called."""
    code = getattr(formula, "__code__", None)
    return code and (code.co_code, code.co_consts, code.co_names)
