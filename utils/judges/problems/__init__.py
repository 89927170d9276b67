"""The problems of the chapter *Solve problems*, each with a check that explains what is wrong with an answer.

A check (`judge`, in the module named after the problem) calls the learner's functions with small inputs of its own and compares
their results with the right one and with those of common mistakes. It never inspects their source code.
"""

from . import (
    activation,
    batch_size,
    best_result,
    counting,
    early_stopping,
    gradient_check,
    hidden_units,
    initialisation,
    learning_rate,
    momentum,
    one_more_layer,
    three_bugs,
)

# In the order of the chapter.
PROBLEMS = {
    "hidden units": hidden_units.judge,
    "one more layer": one_more_layer.judge,
    "learning rate": learning_rate.judge,
    "batch size": batch_size.judge,
    "activation": activation.judge,
    "initialisation": initialisation.judge,
    "counting": counting.judge,
    "three bugs": three_bugs.judge,
    "gradient check": gradient_check.judge,
    "momentum": momentum.judge,
    "early stopping": early_stopping.judge,
    "best result": best_result.judge,
}
