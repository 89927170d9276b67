"""A pendulum: how long it swings, by a formula and step by step. The package of the press's sample book."""

import math
import os

import numpy as np

__version__ = "1.0"
GRAVITY = float(os.environ.get("SWING_GRAVITY", 9.81))  # metres per second squared
heard = []  # what `check` has said since a listing began, for swing/page.py
ANSWERS = {"swings": 30}


def period(length):
    """The seconds that a pendulum of so many metres takes there and back, if it swings little."""
    if length <= 0:
        raise ValueError(f"length {length}: a pendulum is longer than 0 m.")
    return 2 * math.pi * math.sqrt(length / GRAVITY)


def height(length, angle):
    """By how many metres its weight is lifted at an angle in radians."""
    return length * (1 - math.cos(angle))


def simulate(length, angle, seconds, step=0.001):
    """The angles of a pendulum that is let go, one for each step, as an array."""
    speed, angles = 0.0, np.empty(round(seconds / step))
    for i in range(len(angles)):
        speed -= step * GRAVITY / length * math.sin(angle)
        angle += step * speed
        angles[i] = angle
    return angles


def draw(curves, seconds):
    """Draw curves over the time, {name: angles}."""
    import matplotlib.pyplot as plt  # here, because a page fetches it for the listings that draw

    try:
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("svg")
    except (ImportError, AttributeError):  # in a page, which draws so anyway
        pass
    plt.figure(figsize=(5, 3))
    for name, angles in curves.items():
        plt.plot(np.linspace(0, seconds, len(angles)), angles, label=name)
    plt.xlabel("seconds")
    plt.ylabel("angle")
    plt.legend()
    plt.show()


def check(name, answer):
    """Say whether an answer to the question `name` is right, within a hundredth of it."""
    if answer is ...:
        say(name, "not answered", "put a number in the place of the dots.")
    elif math.isclose(answer, ANSWERS[name], rel_tol=0.01):
        say(name, "right", f"it is {ANSWERS[name]}.")
    else:
        say(name, "not yet", f"{answer} is too {'small' if answer < ANSWERS[name] else 'large'}.")


def say(name, kind, why):
    words = {"right": "\x1b[1;32m✓ Right:\x1b[0m", "not yet": "\x1b[1;33m✗ Not yet:\x1b[0m"}
    print(words.get(kind, "Not answered yet:"), why)
    heard.append({"about": "question", "name": name, "kind": kind, "why": why, "example": ""})
