"""A pendulum: how long it swings, by a formula and step by step. The package of the press's sample book."""

import linecache
import math
import os
import sys

import numpy as np

__version__ = "1.0.0"
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


def trace(name, run, places):
    """Say which answers are what expressions give once lines have run, places: [(line, expression, answer), ...]."""
    answered = [(i, *place) for i, place in enumerate(places) if place[2] is not ...]
    found = values_at(run, places) if answered else {}
    said = [{"kind": "not answered", "why": ""} for _ in places]
    for i, line, expression, answer in answered:
        is_right = str(found.get(i)) == str(answer).strip()
        said[i] = {"kind": "right" if is_right else "not yet", "why": f"{expression} after {line} is compared with {answer}."}
        print(f"{i + 1}. {said[i]['why']}")
    kinds = [place["kind"] for place in said]
    kind = next((kind for kind in ("not yet", "not answered") if kind in kinds), "right")
    say(f"trace {name}", kind, f"{kinds.count('right')} of {len(places)} places.", said)


def values_at(run, places):
    """{the number of a place: the value of its expression when its line has run for the first time}"""
    found, running = {}, {}

    def follow(frame, event, value):
        if frame.f_globals is not run.__globals__:
            return None
        if number := running.pop(frame, None):
            line = linecache.getline(frame.f_code.co_filename, number).strip()
            for i, (begins, expression, _) in enumerate(places):
                if i not in found and line.startswith(begins):
                    found[i] = eval(expression, frame.f_globals, {"returned": value, **frame.f_locals})  # noqa: S307  the book's
        if event == "line":
            running[frame] = frame.f_lineno
        return follow

    sys.settrace(follow)
    try:
        run()
    finally:
        sys.settrace(None)
    return found


def say(name, kind, why, places=()):
    words = {"right": "\x1b[1;32m✓ Right:\x1b[0m", "not yet": "\x1b[1;33m✗ Not yet:\x1b[0m"}
    print(words.get(kind, "Not answered yet:"), why)
    heard.append({"about": "question", "name": name, "kind": kind, "why": why, "example": "", "places": [*places]})
