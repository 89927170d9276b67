"""The numbers that are drawn for a question: each draw says what is true, computed here in another way than in the chapter."""

import re

import numpy as np
import pytest

from press.book.drawn_boxes import draws
from press.notebooks.chapters import CHAPTERS
from tests.support.prose import everything

WORDS = dict(zip("one two three four five six seven eight nine ten".split(), range(1, 11))) | {
    "twenty": 20,
    "hundred": 100,
    "thousand": 1000,
}
DRAWN = re.compile(r"^`{4}\{admonition\} (.*)\n:class: question.*\n\n<!-- draw\n((?:.*\n)*?)-->", re.M)
QUESTIONS = [found for path in CHAPTERS for found in DRAWN.findall(everything(path))]


def number(word):
    return float(word) if word[0].isdigit() else WORDS[word.lower()]


def shuffled_or_sorted(training, afterwards):
    return training > 0.8 and abs(afterwards - 0.1) < 0.03


def shirts(a, b, one_in, wrongly, for_each):
    pictures = np.arange(one_in * 1000) % one_in > 0  # the others are shirts
    return a > b and abs(wrongly * pictures.sum() / (~pictures).sum() - for_each) < 0.1


def softmax_twice(more, classes, least, loss):
    """The loss of a network that is right and as sure as it can be, where its probabilities are taken for scores."""
    sure = np.eye(int(classes))[0]
    best = -np.log(np.exp(sure[0]) / np.exp(sure).sum())
    return more == classes - 1 and abs(best - least) < 0.005 and best < loss < best + 0.02


def part_of_the_time(first, many, as_long):
    """Some time that is the same for both, and some for each multiplication, explain it."""
    fixed, each = np.linalg.solve([[1, 1], [1, many]], [1, as_long])
    return first == many and fixed > 0 and each > 0


def summed(classes, word, first, total):
    return classes == word == first and round(sum(-np.log(1 / classes) for _ in range(int(classes))), 1) == total


def momentum_steps(momentum, rate, longer, word, answer, shorter, over):
    velocity = 0
    for _ in range(2000):
        velocity = momentum * velocity + 1
    by_hand = velocity, velocity, rate * velocity, momentum * rate
    return np.allclose((longer, word, answer, shorter), by_hand) and abs(over * momentum - rate) < 1e-4


# By the beginning of a question: what must hold of the numbers of each of its draws.
HOLDS = {
    "1. During training": shuffled_or_sorted,
    "1. One in a hundred": shirts,
    "2. A network tells": softmax_twice,
    "1. With dropout": lambda training, validation: 0 < training - validation < 0.1,
    "1. Of forty": None,  # of as many settings as there are, in a word
    "1. A card": None,
    "1. Four times": part_of_the_time,
    "2. Before training": summed,
    "1. Momentum 0.8": momentum_steps,
    "2. You try 200": lambda many, few: many > 2 * few,
}


def test_each_drawn_question_is_looked_at_here():
    starts = [[start for start in HOLDS if title.startswith(start)] for title, _ in QUESTIONS]
    assert len(QUESTIONS) == len(HOLDS) and all(len(some) == 1 for some in starts)


@pytest.mark.parametrize(("title", "text"), QUESTIONS, ids=[title[:20] for title, _ in QUESTIONS])
def test_what_is_drawn_holds_in_each_draw(title, text):
    holds = next(holds for start, holds in HOLDS.items() if title.startswith(start))
    some = draws(text)
    assert len(some) > 2 and len(set(map(tuple, some))) == len(some)
    assert holds is None or all(holds(*map(number, draw)) for draw in some)
