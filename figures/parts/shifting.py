"""Moves what stands on a background of 0, for figures that shift an input and look at what becomes of its maps."""

import numpy as np

from figures.parts.arithmetic import Array, Pair


def crop(image: Array) -> Array:
    """Return an image without its blank border; raise ValueError if all of it is blank."""
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    if not len(rows):
        raise ValueError("the input is 0 everywhere; give an object on a background of 0")
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def move(values: Array, shift: Pair) -> Array:
    """Return a table moved by (rows down, columns to the right); zeros move in, and what moves out is lost."""
    (height, width), (down, across) = values.shape[:2], shift
    moved = np.zeros_like(values)
    remaining = values[max(0, -down) : height - max(0, down), max(0, -across) : width - max(0, across)]
    moved[max(0, down) : height + min(0, down), max(0, across) : width + min(0, across)] = remaining
    return moved


def relative_error(values: Array, expected: Array) -> float:
    """Return the norm (root of the sum of squares) of the difference, relative to that of `expected`."""
    return float(np.linalg.norm(values - expected) / np.linalg.norm(expected))
