"""The judge: what a function makes of some cases is compared with the book's, and the first that goes wrong gets a sentence."""

import functools
import inspect
import random

import mxnet as mx
import numpy as np

from .calling import Unending, guarded, takes
from .cases import random_numbers_kept
from .errors import USE_ND
from .given import FEW, shown
from .verdicts import Verdict, not_yet

ROUNDING = dict(rtol=1e-5, atol=1e-6)  # what two right ways to compute a number in float32 may differ by


def judging(book, cases, mistakes, otherwise, right, seen=None, rtol=1e-3):
    """The judge of a slot, a function that returns the sentence `right` or raises a Verdict, as `compare` and `takes` do.

    Its attribute `mistakes` is the table, {sentence: a function that makes this mistake}, and `cases` are those that it asks for.
    """

    def judge_slot(function):
        compare(function, book, cases, mistakes, otherwise, seen=seen, rtol=rtol)
        takes(function, *inspect.signature(book).parameters)
        return right

    judge_slot.mistakes, judge_slot.cases = mistakes, cases
    return judge_slot


def _that_was(text):
    return f"That was {text[0].lower()}{text[1:].rstrip(',')}."


@random_numbers_kept()
def compare(function, book, cases, mistakes, otherwise, also=(), seen=None, rtol=1e-3):
    """End with a verdict unless `function` gives what `book` gives in all cases, or one of the functions in `also`.

    mistakes: {sentence: a function that makes this mistake}. A sentence is used only if its function gives what the learner's
    gives in *every* case; else what `seen` says of the arrays that are right and those that came out, in the first case that goes
    wrong, or, if that is nothing, `otherwise`. This case is the example. `rtol`: how far two numbers that count as the same may
    differ, as a share.
    """
    rights = [known(run, book) for _, run in cases]  # first: nothing of the learner's has run yet
    results = outcomes(function, cases)

    def behaves_as(other):
        return all(same(known(run, other), result, rtol) for (_, run), result in zip(cases, results))

    if any(map(behaves_as, (book, *also))):
        return
    wrong = next(i for i, (right, result) in enumerate(zip(rights, results)) if not same(right, result, rtol))
    always_fails = all(isinstance(result, Verdict) for result in results)  # then its own message says more
    why = None if always_fails else next((why for why, mistake in mistakes.items() if behaves_as(mistake)), None)
    if is_nothing(results[wrong]) and why is None and not all(map(is_nothing, results)):
        raise not_yet(
            f"{function.__name__} returns nothing in a case. Each way through it should end with `return`.",
            _that_was(cases[wrong][0]),
        )
    if seen and why is None and not isinstance(results[wrong], Verdict):
        why = seen(rights[wrong], results[wrong])
    raise verdict(why, otherwise, cases[wrong][0], rights[wrong], results[wrong], rtol)


def outcomes(function, cases):
    """What `function` makes of the cases. At the end the first, with the same random numbers, must give the same once more."""
    results = [outcome(run, function) for _, run in cases]
    text, first = cases[0]
    if not same(results[0], outcome(first, function)):
        raise not_yet(
            f"{function.__name__} keeps something from one call to the next: a second call with the same arguments gives "
            "something else. What a later call needs belongs into an argument, and all else is made anew in each call.",
            _that_was(text),
        )
    return results


def outcome(run, function):
    """What `function` makes of a case, always with the same random numbers, or the verdict that ends it."""
    random.seed(0)
    np.random.seed(0)
    mx.random.seed(0)
    try:
        return run(function)
    except Unending:
        raise
    except Verdict as reached:
        if reached.cause == "numpy":
            raise not_yet(  # at once: NumPy reads a large NDArray number by number, which takes minutes
                f"{function.__name__} calls a function of NumPy, which can't take an NDArray. {USE_ND}"
            ) from None
        if reached.cause == "unrecorded":
            return not_yet(
                "backward starts from what was not recorded. All that leads there belongs inside `with autograd.record():`, "
                "a sum or mean of the losses too.",
                line=reached.line,
            )
        return reached


def is_nothing(result):
    return isinstance(result, Verdict) and result.cause == "nothing"


@functools.cache  # the book's function and those with a mistake give the same each time
def known(run, function):
    """What a function of the course makes of a case."""
    return outcome(run, guarded(function, limit=False))  # it ends, and counting its steps takes time


def same(a, b, rtol=1e-3, atol=1e-5):
    if isinstance(a, Verdict) or isinstance(b, Verdict):
        return isinstance(a, Verdict) and isinstance(b, Verdict) and _nature(a) == _nature(b)
    return a.keys() == b.keys() and all(
        a[name].shape == b[name].shape and np.allclose(a[name], b[name], rtol, atol, equal_nan=True) for name in a
    )


def _nature(reached):
    """A verdict without what differs between functions with the same mistake, the message of an exception."""
    return reached.kind, reached.raised or reached.why


def verdict(why, otherwise, text, right, result, rtol):
    """The verdict on a `result` that is not `right`, for the reason `why`, if one is known. `text` shows the case."""
    if isinstance(result, Verdict) and result.kind == "not answered" and why is None:
        return result
    if isinstance(result, Verdict) and why is None:
        return not_yet(result.why, _that_was(text), raised=result.raised, line=result.line)
    if isinstance(result, Verdict):
        return not_yet(why, f"{text.rstrip(',')}: {result.why}", line=result.line)
    name = next(name for name in right if not same({"": right[name]}, {"": result[name]}, rtol))
    expected, given = both_shown(right[name], result[name], rtol)
    what = f"{name} should be {expected}, and is" if name else f"it should give {expected}, and gives"
    if name.startswith("the gradient"):
        values = [other for other in right if not other.startswith("the gradient")]
        exact = all(np.allclose(result[other], right[other], **ROUNDING) for other in values)
        otherwise = f"the values are {'' if exact else 'nearly '}right, but their gradient is not."
    elif np.isfinite(right[name]).all() and not np.isfinite(result[name]).all():
        otherwise = "what comes out is not finite: an exponential overflows, a logarithm takes 0, or something is divided by 0."
    if right[name].shape != result[name].shape:
        otherwise = f"{name or 'the result'} has the wrong shape."
    if name == "l" and result[name].ndim == 0:
        otherwise = f"{name} is one number, where each row has its own. Leave out the sum or mean over all rows."
    if name == "dO":
        otherwise = "l is right, and dO is not: dO = softmax(O) - one_hot(y), in each row."
    return not_yet(why or otherwise, f"{text} {what} {given}.")


def both_shown(right, result, rtol=1e-3, atol=1e-5, alike=True):
    """Two arrays as the end of a sentence shows them: whole if they are small, else their shapes or where they differ first.

    What counts as the same is shown alike unless `alike` is False, and what differs with as many digits as show it.
    """
    if right.shape != result.shape and max(right.size, result.size) > FEW:
        return f"an array of shape {right.shape}", f"one of shape {result.shape}"
    if right.shape == result.shape:
        equal = np.isclose(result, right, rtol, atol, equal_nan=True)
        result = np.where(equal, right, result) if alike else result
    if right.size <= FEW:
        return apart(right, result)
    row = next((i for i in range(len(right)) if not equal[i].all()), 0)
    if right[row].size > FEW:
        first = int(np.argmin(equal[row].ravel()))
        parts = apart(*(array[row].ravel()[first : first + 4] for array in (right, result)))
        begins = "begins " if first == 0 else f"has from entry {first} on "
        return tuple(f"an array whose row {row} {begins}{part[:-1]}, ...]" for part in parts)
    return tuple(
        f"an array whose {'row' if right.ndim > 1 else 'entry'} {row} is {part}" for part in apart(right[row], result[row])
    )


def apart(right, result):
    """Both, shown with as few digits as tell them apart."""
    for digits in (4, 6, 9):
        both = shown(right, digits), shown(result, digits)
        if both[0] != both[1]:
            return both
    return shown(right), shown(result)


def near(value, right, rtol=1e-3, atol=1e-5):
    return np.shape(value) == np.shape(right) and np.allclose(value, right, rtol=rtol, atol=atol)
