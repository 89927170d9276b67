"""Early stopping: stop in time, and keep the best parameters."""

import numpy as np
from mxnet import nd

from ..calling import TooLong
from ..given import number_of
from ..judging import compare
from ..mistakes import mistakes
from ..verdicts import not_yet


def train_with_patience(run_epoch, params, patience, max_epochs):
    best, best_accuracy, best_params = 0, -1, None
    for epoch in range(1, max_epochs + 1):
        accuracy = run_epoch()
        if accuracy > best_accuracy:
            best, best_accuracy = epoch, accuracy
            best_params = [param.copy() for param in params]
        if epoch - best == patience:
            break
    for param, old in zip(params, best_params):
        param[:] = old
    return best


def story(*accuracies, patience, max_epochs):
    """A case: training goes as the accuracies tell. Each epoch writes its number into all of params."""

    def run(train_with_patience):
        params, epoch = [nd.zeros(shape) for shape in ((2, 3), (3,), (3, 2), (2,))], 0
        for param in params:
            param.attach_grad()

        def run_epoch():
            nonlocal epoch
            epoch += 1
            if epoch > max_epochs + 10:
                raise TooLong(f"has run {epoch - 1} epochs, where max_epochs is {max_epochs},")
            for param in params:
                param[:] = epoch
            return accuracies[epoch - 1] if epoch <= len(accuracies) else 0.5

        given = list(params)
        best = number_of(train_with_patience, (run_epoch, given, patience, max_epochs), "the number of the best epoch")
        if [*map(id, given)] != [*map(id, params)]:
            raise not_yet(
                "params holds other arrays at the end: `params[i] = ...` and `params[:] = ...` put new ones into the list, and the network "
                "keeps its own. `params[i][:] = ...` writes into the array itself."
            )
        from_epochs = [param.asnumpy() for param in params]
        if len({*np.concatenate([array.ravel() for array in from_epochs])}) > 1:
            left = [i for i, array in enumerate(from_epochs) if (array == epoch).all()]
            raise not_yet(
                f"{len(left)} of the {len(params)} arrays in params end as the last epoch left them, params[{left[0]}] for one. "
                "Copy every array, and write every one back."
            )
        return {
            "the number of epochs": np.array(float(epoch)),
            "the best epoch": np.array(best),
            "the epoch whose numbers params holds at the end": from_epochs[0].ravel()[0],
        }

    told = " ".join(f"{accuracy:g}" for accuracy in accuracies)
    return f"For the accuracies {told}, patience = {patience} and max_epochs = {max_epochs},", run


STORIES = [
    story(0.70, 0.80, 0.79, 0.78, 0.82, 0.81, 0.82, 0.80, 0.81, 0.79, 0.90, patience=3, max_epochs=20),
    story(0.90, 0.80, 0.70, patience=1, max_epochs=20),
    story(0.50, 0.60, 0.70, 0.80, 0.8001, patience=2, max_epochs=5),
    story(0.70, 0.90, 0.80, patience=5, max_epochs=3),
    story(0.05, 0.08, 0.07, patience=3, max_epochs=3),
    story(0, 0, 0, 0.5, patience=3, max_epochs=4),
]
STOP, BACK = "if epoch - best == patience:", "for param, old in zip(params, best_params):\n        param[:] = old"
MISTAKES = mistakes(train_with_patience, {
    "an accuracy that only equals the best is not better, so it does not restart the count.": (">", ">="),
    "training stops at the first epoch that is worse. patience is the number of epochs without a new best to wait for.":
        ("epoch - best == patience", "accuracy < best_accuracy"),
    "training stops one epoch early. patience is the number of epochs without a new best.": ("== patience", "== patience - 1"),
    "training stops one epoch late. patience is the number of epochs without a new best.": ("== patience", "== patience + 1"),
    "a new best does not restart the count: set it back to 0.":
        ("-1, None", "-1, None\n    waited = 0", STOP, "waited += epoch > best\n        if waited == patience:"),
    "training goes on to max_epochs, whatever patience is.": ("break", "pass"),
    "training goes on beyond max_epochs until patience ends. Stop after max_epochs too.":
        ("range(1, max_epochs + 1)", "range(1, max_epochs + 9)"),
    "training stops only once both are reached, patience and max_epochs. Either is enough: the loop goes on while both allow it, `and`.":
        ("range(1, max_epochs + 1)", "range(1, max_epochs + 9)", "epoch - best == patience:", "epoch - best >= patience and epoch >= max_epochs:"),
    "the epoch with the lowest accuracy is called the best. Of accuracies the highest is.": (">", "<", "-1", "1"),
    "epochs are counted from 0. Count them from 1.": ("range(1, max_epochs + 1)", "range(max_epochs)"),
    "it gives the best accuracy. The number of its epoch is asked for.": ("return best", "return best_accuracy"),
    "it gives the number of the last epoch, not of the best.": ("return best", "return epoch"),
    "params end as the last epoch left them. Usual reasons: every epoch is copied; `best = params` keeps names, not numbers (copy each "
    "one); `params = best` at the end renames, where `param[:] = ...` writes back.":
        (BACK, "params = best_params"),
    "the best numbers are put back only when patience ends. Put them back after the last epoch too.":
        (f"{STOP}\n            break\n    {BACK}", f"{STOP}\n            for param, old in zip(params, best_params):\n"
         "                param[:] = old\n            break"),
    "the first accuracy is a new best, however low it is. The best so far should begin at -1.": ("-1, None", "0.5, None"),
    "the first accuracy is a new best, however low it is. The best so far should begin at -1, without parameters.":
        ("-1, None", "0.5, params"),
    "the first accuracy is a new best, even if it is 0. The best so far should begin at -1.": ("-1, None", "0, None"),
    "the first accuracy is a new best, even if it is 0. The best so far should begin at -1, without parameters.": ("-1, None", "0, params"),
    "the first accuracy is a new best, even if it is 0. The best so far should begin at -1, or the numbers before any epoch count as the best.":
        ("-1, None", "0, [param.copy() for param in params]"),
    "each accuracy is compared with that of the epoch before. Compare it with the best so far.":
        ("        if epoch - best", "        best_accuracy = accuracy\n        if epoch - best"),
    "run_epoch() is called twice in an epoch, and trains each time. Call it once, and keep what it returns.":
        ("if accuracy >", "if run_epoch() >"),
    "run_epoch() is called a second time where the accuracy is a new best, and trains again. Call it once an epoch, and keep what it returns.":
        ("epoch, accuracy\n", "epoch, run_epoch()\n"),
    "training stops one epoch before max_epochs: from 1 to max_epochs, that one too.": ("max_epochs + 1", "max_epochs"),
    "the first epoch is left out: begin at 1, and go on to max_epochs, that one too.": ("range(1, max_epochs + 1)", "range(2, max_epochs + 1)"),
    "the first epoch and one more are left out: begin at 1, and go on to max_epochs, that one too.":
        ("range(1, max_epochs + 1)", "range(2, max_epochs)"),
    "training stops after patience epochs in all. patience is the number of epochs without a new best.":
        ("epoch - best == patience", "epoch == patience"),
    "an accuracy that is only a little better is a new best too.": (">", "> 0.001 +"),
})  # fmt: skip


def judge(train_with_patience_):
    compare(train_with_patience_, train_with_patience, STORIES, MISTAKES, "training goes another way.", rtol=0)
    return "training stops in time, and the parameters of the best epoch are back in place."


judge.mistakes = MISTAKES
