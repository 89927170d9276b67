"""The questions in the *check yourself* cells of the chapters, and the verdict on an answer."""

import numpy as np

from .given import array_of
from .judging import near
from .verdicts import Verdict, not_answered, not_yet, say

# name: (the right answer, the message for it, {a common wrong answer: the message for it}, a hint for any other)
QUESTIONS = {
    "minibatches": (
        [600, 100],
        "600 x 100 is 60,000, and nothing is left over for a shorter one.",
        {
            (600, 0): "600 is right. The last of them is as full as the others.",
            (100, 600): "the two numbers are in the other order: minibatches first, then images in the last one.",
            (601, 0): "nothing is left over, so no further minibatch is needed.",
            (235, 96): "that is for batch_size 256.",
        },
        "divide 60,000 by 100; what is left over goes into the last minibatch. Answer with a list of two numbers.",
    ),
    "parameters": (
        784 * 64 + 64 + 64 * 10 + 10,
        "two matrices of weights and two rows of biases.",
        {
            784 * 64 + 64 * 10: "those are the weights. Each of the 64 units and 10 classes has a bias as well.",
            784 * 64 + 64: "that is the first layer. There is a second one.",
            784 * 64: "that is W1 alone.",
            203530: "that is the network with 256 hidden units.",
        },
        "count the numbers in W1, b1, W2 and b2 and add them up.",
    ),
    "three units": (
        [1, -2, 1],
        "each unit adds its weight to the slope, which is 1 between 1 and 2, -1 between 2 and 3, and 0 from there on.",
        {
            (1, -1, 0): "those are the slopes of the pieces. By how much does each differ from the one before?",
            (0, 1, 0): "those are the heights at 1, 2 and 3. A weight is by how much the slope changes there.",
            (1, -1, 1): "behind 2 that is level, at a height of 1, because the first unit goes on rising.",
            (1, -2, 0): "up to 3 that is right. Behind 3 it goes on falling.",
            (1, -2, 2): "up to 3 that is right. Behind 3 it rises.",
        },
        "which slope has each piece, and by how much does it differ from the slope before? That is the weight of the unit there.",
    ),
    "loss": (
        0.469563,
        "that of A is 0.693: B is surer, and mostly right. Had it given 1e-6 for 0.01, its mean would be twice that of A.",
        {
            0.693147: "that is the loss of A.",
            -0.469563: "the size is right. A probability below 1 has a negative logarithm; the loss has the other sign.",
            4.605170: "that is the loss of the one picture. The question asks for the mean of all ten.",
            4.695623: "that is the sum of the ten losses. Divide it by ten.",
            0.114289: "that is the loss of the mean probability. Take the mean of the losses.",
            0.203929: "that is with the logarithm to base 10. Nats take the natural one.",
            0.677436: "that is in bits, with the logarithm to base 2. Nats take the natural one.",
        },
        "the loss of a picture is minus the natural logarithm of its probability. Add up ten of them, and divide by ten.",
    ),
    "fall": (
        0.0036,
        "0.01 times 0.36. Only while the step is short: at 1 it would promise 0.36, and the ground bends long before.",
        {
            0.36: "that is the sum of the squares. A step of 0.01 takes a hundredth of that.",
            0.006: "that is the step's length, 0.01 times the root of 0.36. The loss falls by the sum of the squares, not by their root.",
            0.000036: "the learning rate enters once: the step is in proportion to it, and so is the fall.",
            -0.0036: "the size is right. The question asks by how much the loss falls, which is a positive number.",
        },
        "a parameter with the gradient g moves by -lr g, and the loss falls by about lr times g times g. Add that up.",
    ),
    "confidence": (
        30,
        "0.03 of 1,000, and nobody knows which. Of pictures of another kind it may be any number.",
        {
            0: "0.97 is not certain. How many of a hundred such answers are wrong?",
            970: "those are the right ones.",
            3: "that is for a hundred pictures.",
            0.03: "that is their share. How many of 1,000 is it?",
        },
        "calibrated means that of the answers given with 0.97, 0.97 are right.",
    ),
    "doubled pixels": (
        4,
        "each weight moves twice as far, and each pixel makes twice as much of that. A quarter of the rate takes the old step.",
        {
            2: "that is how far the weights move. What does a pixel twice as large make of it?",
            1: "the scores are the same, but the gradient of a weight is made of its pixels, and these are twice as large.",
            0.25: "that is the rate with which the step would be the old one.",
            0.5: "that is what was done to the weights. How far do they move now?",
        },
        "the gradient of a weight is the sum of its pixels times the mistakes, and a score is the sum of pixels times weights.",
    ),
    "weights in Gluon": (
        [64, 256],
        "a row for each output, the other way round than in this course.",
        {
            (256, 64): "that is how this course keeps it: a column for each unit. Which way round does Gluon?",
            (64,): "that is the bias.",
            (64, 784): "that would be for images of 784 pixels as the input. Here it is 256 numbers.",
        },
        "Gluon keeps a row for each output of the layer, with a number for each input.",
    ),
    "sum for mean": (
        0.1 / 64,
        "the sum is 64 times the mean, and so is its gradient.",
        {
            6.4: "that makes the steps longer still. The sum's gradient is already 64 times as long.",
            0.1: "with that, each step is 64 times as long as it should be.",
            0.0016: "nearly: give one digit more.",
            0.1 / 256: "that is for minibatches of 256.",
            0.5 / 256: "that is the rate of the listing, for minibatches of 256.",
            64: "that is how many times too long the steps are. What does that make of 0.1?",
        },
        "divide 0.1 by the number of losses that are added up.",
    ),
    "undivided": (
        0.3,
        "the sum of six gradients is six times their mean, and so is the step.",
        {
            0.05: "with that, the single process takes the mean of all images, and a step a sixth as long.",
            0.05 / 6: "the sum is longer than the mean, so what must the rate be to go as far by the mean?",
            6: "that is how many times too long the steps are. What does that make of 0.05?",
        },
        "the single process takes the mean. How many times as long is the sum of six?",
    ),
    "rounding": (
        [8, 5],
        "after 1e8 the next float32 is 1e8 + 8, so 1e8 + 5 is rounded to that.",
        {
            (5, 5): "that is right on paper. A float32 near 1e8 moves in steps of 8: where does 1e8 + 5 land?",
            (0, 5): "1e8 + 5 is not rounded down: 1e8 + 8 is nearer.",
            (5, 8): "both numbers are right, the order is not.",
            (8, 8): "the first is right. In the second, 1e8 has already cancelled when the 5 comes.",
        },
        "add one number at a time, and round to the next float32 after each.",
    ),
    "patience": (
        [2, 4],
        "a patience of one gives up after the third epoch, and never sees the fourth.",
        {
            (4, 4): "the second is right. With a patience of one, does training come as far as the fourth epoch?",
            (3, 6): "those are the epochs after which it gives up. It goes back to the copy that it made at the lowest loss.",
            (2, 2): "the first is right. With a patience of two the fourth epoch is a new low.",
            (6, 6): "that epoch has the lowest training loss, but the validation loss decides.",
            (1, 3): "count the epochs from 1.",
            (4, 2): "both numbers are right, the order is not.",
        },
        "go from epoch to epoch: is it a new low? If not, how many epochs in a row have been none?",
    ),
    "spreads": (
        1.5,
        "the mean is 0.012, the spread 0.008. By chance alone three runs may show 2.5 spreads, so this decides nothing.",
        {
            1.84: "the spread divides by the number of runs less one: std(ddof=1).",
            2.6: "that is by the spread of the mean. Divide by the spread of the gains themselves.",
            0.6667: "the other way round: the mean, divided by the spread.",
            0.012: "that is the mean. Divide it by the spread.",
            0.008: "that is the spread. Divide the mean by it.",
            0.75: "that is by the distance from the lowest to the highest. The spread is the standard deviation.",
        },
        "divide the mean of the three gains by their standard deviation, std(ddof=1).",
    ),
    "convolution": (
        5 * 5 * 16 + 16,
        "25 weights and a bias for each of the 16 kernels, whatever the size of the image.",
        {
            5 * 5 * 16: "those are the weights. Each kernel has a bias as well.",
            5 * 5 + 1: "that is one kernel.",
            24 * 24 * 16: "that is how many answers they give for an image. The weights are the same at each place.",
            784 * 16 + 16: "that is a dense layer of 16 units. A kernel sees 5 x 5 pixels at a time.",
        },
        "how many weights and how many biases has one kernel? Take that 16 times.",
    ),
    "sick networks": (
        [3, 5, 2],
        "A takes steps that are too short, B has a layer without a living unit, C has weights too small for its depth.",
        {
            (6, 5, 2): "B and C are right. A's steps are short, but they are not zero.",
            (2, 5, 2): "B and C are right. Are A's gradients small?",
            (3, 2, 2): "A and C are right. Look at B's silent units.",
            (3, 4, 2): "A and C are right. Too long a step may have been B's cause once; what is B's state now?",
            (3, 5, 3): "A and B are right. C's steps are short in all layers: what makes them so?",
            (3, 5, 5): "A and B are right. Most of C's units answer. By how much does each layer shrink what they say?",
        },
        "go through the five checks for each: start, end, steps, gradients and values by layer, silent units.",
    ),
    "multiplications": (
        128 * (3072 * 512 + 512 * 100),
        "each of the 128 images meets each of the 1,624,064 weights once.",
        {
            3072 * 512 + 512 * 100: "that is for one image.",
            128 * 3072 * 512: "that is the first layer. There is a second one.",
            128 * (3072 * 512 + 512 + 512 * 100 + 100): "the biases are added, not multiplied.",
            128 * (2 * 3072 * 512 + 3 * 512 * 100): "that is the whole step. The question asks for the forward pass.",
            128 * 3 * (3072 * 512 + 512 * 100): "that is more than the whole step. The forward pass takes one product a layer.",
        },
        "count the weights of both layers; each image meets each of them once.",
    ),
}


def check(name, answer):
    """Print a verdict on the answer to the question called `name`: right, or not yet, and a hint.

    `answer` is a number, or a list, tuple or array of numbers; `...` counts as not answered yet. One number may also stand in an
    array or in lists, as MXNet's scalars do. Integers must be exact, other numbers within 0.2 %, about three digits. A notebook
    notes the try in my-course.json (utils/judges/record.py). Raises KeyError for an unknown name.
    """
    if name not in list(QUESTIONS):  # a list may be asked for anything, a dict only for what is hashable
        raise KeyError(f"{name!r} is not a question: choose from {', '.join(QUESTIONS)}.")
    say("question", name, _verdict_on(answer, *QUESTIONS[name]))


def _verdict_on(answer, right, praise, wrong, hint):
    if answer is ...:
        return not_answered("put your answer in the place of the dots and run the cell again.")
    try:
        given = array_of("the answer", answer)
    except Verdict:
        return not_yet(hint)
    if _same(given, right):
        return Verdict("right", praise)
    if np.ndim(right) == 1 and _same(given.ravel(), right):
        return not_yet("the numbers are right. Give them as a flat list, such as [1, 2].")
    return not_yet(next((why for usual, why in wrong.items() if _same(given, usual)), hint))


def _same(given, right):
    right = np.asarray(right)
    given = given.reshape(()) if right.ndim == 0 and given.size == 1 else given
    return near(given, right, rtol=0 if right.dtype.kind == "i" else 2e-3, atol=1e-9)
