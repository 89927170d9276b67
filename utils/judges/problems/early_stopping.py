"""Early stopping: stop in time, and keep the best parameters."""

import numpy as np
from mxnet import nd

from ..given import number_of
from ..verdicts import Verdict, not_yet


def judge(train_with_patience):
    def run(accuracies, patience, max_epochs):
        arrays = [nd.zeros(shape) for shape in ((2, 3), (3,), (3, 2), (2,))]
        for array in arrays:
            array.attach_grad()
        calls = []

        def run_epoch():
            if len(calls) > len(accuracies) + 10:
                raise not_yet(
                    f"train_with_patience was still running after {len(calls)} epochs; max_epochs was {max_epochs} "
                    f"and patience {patience}."
                )
            calls.append(None)
            for array in arrays:
                array[:] = len(calls)
            return accuracies[len(calls) - 1] if len(calls) <= len(accuracies) else 0.5

        best = number_of(train_with_patience, (run_epoch, list(arrays), patience, max_epochs), "the number of the best epoch")
        return best, len(calls), [array.asnumpy() for array in arrays]

    story = [0.70, 0.80, 0.79, 0.78, 0.82, 0.81, 0.82, 0.80, 0.81, 0.79, 0.90]
    best, calls, values = run(story, 3, 20)
    told = "for the accuracies 0.70 0.80 0.79 0.78 0.82 0.81 0.82 0.80 0.81 0.79 0.90 and patience 3 "
    if 0 < best < 1:
        raise not_yet(f"train_with_patience gives {best:.2f}. Return the number of the best epoch, not its accuracy.")
    if best == 1:
        raise not_yet(told + "epoch 1, with the lowest of them, is called the best. Of accuracies the highest is.")
    reasons = {
        3: "at the first that is worse than the one before. Patience 3 waits for three without a new best.",
        4: "one early: epochs 3 and 4 are only two without a new best.",
        6: "too early: a new best, here in epoch 5, restarts the count.",
        9: "one late: epochs 6, 7 and 8 are the three without a new best.",
        10: "too late: epoch 7 equals the best and is not better, so it does not restart the count.",
    }
    if calls != 8:
        raise not_yet(
            told + f"training ran for {calls} epochs, "
            f"{reasons.get(calls, 'not 8: epochs 6, 7 and 8 are the three without a new best.')}"
        )
    if best != 5:
        why = {4: "Count epochs from 1.", 7: "Epoch 7 only equals it; keep the first.", 8: "Epoch 8 is the last, not the best."}
        raise not_yet(told + f"the best epoch is number 5, and train_with_patience gives {best:g}. {why.get(best, '')}".rstrip())
    ends = [{5: "best", 8: "last"}.get(value.flat[0]) if np.ptp(value) == 0 else None for value in values]
    if {*ends} == {"best", "last"}:
        raise not_yet(
            f"the epochs are right, but {ends.count('last')} of the {len(ends)} arrays in params end as the last epoch left "
            f"them, params[{ends.index('last')}] for one. Copy every array, and write every one back."
        )
    if "last" in ends:
        raise not_yet(
            "the epochs are right, but params end as the last epoch left them. Usual reasons: every epoch is copied; "
            "`best = params` keeps names, not numbers (copy each one); `params = best` at the end renames, as `params[:] = best` "
            "puts other arrays into the list, where `param[:] = ...` writes back."
        )
    if {*ends} != {"best"}:
        raise not_yet("the epochs are right, but params do not all end with the numbers of the best epoch, 5.")
    best, calls, _ = run([0.5, 0.6, 0.7, 0.8, 0.8001], 2, 5)
    if (best, calls) != (5, 5):
        raise not_yet(
            "when every epoch is better and max_epochs is 5, training should run for 5 and the best is the 5th; you "
            f"have {calls} and {best:g}."
        )
    best, calls, values = run([0.9, 0.8, 0.7], 1, 20)
    if (best, calls) != (1, 2) or not all((value == 1).all() for value in values):
        raise not_yet(
            "for the accuracies 0.9, 0.8 and patience 1, training should stop after 2 epochs with the numbers of "
            f"the 1st; you have {calls} and {best:g}."
        )
    best, calls, values = run([0.7, 0.9, 0.8], 5, 3)
    if (best, calls) != (2, 3) or not all((value == 2).all() for value in values):
        raise not_yet(
            "for the accuracies 0.7, 0.9, 0.8, patience 5 and max_epochs 3, training should end after 3 epochs with the numbers "
            "of the 2nd in params. Put them back there too, not only when patience ends."
        )
    _judge_low(run)
    return "training stops in time, and the parameters of the best epoch are back in place."


def _judge_low(run):
    """Check that the first accuracy is a new best, however low it is: one above 0 that is worse than guessing."""
    told = "for the accuracies 0.05, 0.08, 0.07 and max_epochs 3 the best epoch is number 2"
    why = "The best so far should begin at 0, so that any accuracy is better."
    try:
        best, _, values = run([0.05, 0.08, 0.07], 3, 3)
    except Verdict as reached:
        raise not_yet(f"{told}, but {reached.why}. {why}") from None
    if best != 2:
        raise not_yet(f"{told}, and train_with_patience gives {best:g}. {why}")
    if not all((value == 2).all() for value in values):
        raise not_yet(f"{told}, and params do not end with its numbers. {why}")
