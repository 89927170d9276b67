"""Swings that somebody has measured: a file that only some listings need."""

import os
from pathlib import Path

SWINGS = "length,seconds\n0.25,1.00\n0.50,1.42\n1.00,2.01\n2.00,2.84\n"
FOLDER = Path(os.environ.get("SWING_FOLDER", "/run"))


def write(folder=FOLDER):
    """Write the file into a folder, and return its path in a list, as the press asks for."""
    path = folder / "measured.csv"
    path.write_text(SWINGS, encoding="utf-8")
    return [path]


def measured():
    """The lengths in metres and the seconds of a swing: [(length, seconds), ...]."""
    path = FOLDER / "measured.csv"
    lines = (path.read_text(encoding="utf-8") if path.exists() else SWINGS).splitlines()[1:]
    return [tuple(map(float, line.split(","))) for line in lines]
