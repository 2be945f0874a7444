"""TODO docstring of figures/parts/layout.py."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Measure = Callable[[str, float], float]  # how wide a text is, at a size; both in pixels
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A surface of `width` x `height` pixels, and what is right on it."""

    width: float
    height: float
    per_inch: float
    margin: float
    heading: float  # size of a column's name
    note: float  # size of the line under it; 0: none
    formula: float  # largest size of a calculation
    min_text: float  # a number smaller than that becomes a color
    top: float  # where the tables begin
    bottom: float  # and end
    gap: float  # at most, between columns
    max_cell: float


SLIDE = Sheet(1536, 720, 120, 48, 34, 27, 40, 24, 108, 556, 120, 84)
PANEL = Sheet(420, 320, 100, 10, 16, 0, 17, 15, 30, 240, 40, 46)
ROLES = {"input": "input", "window": "window", "kernel": "kernel", "output": "output"}


@dataclass(frozen=True, slots=True)
class Placed:
    """A run of text whose box, spaces left out, begins at `x` and is `width` wide, on the baseline `y`."""

    text: str
    role: str
    x: float
    y: float
    width: float
    size: float


def fit_text(texts: Iterable[Iterable[str]], cell: float) -> float:
    """Return the size at which the longest of `texts` fits its square cell (a digit is 0.6 of its size wide)."""
    longest = max((len(text) - 0.5 * ("." in text) for row in texts for text in row), default=1)
    return min(0.56 * cell, 0.82 * cell / (0.6 * max(longest, 1)))


def hatch(corners: Iterable[Point], cell: float) -> list[tuple[Point, Point]]:
    """Return diagonal strokes over square cells, given by their top left corners."""
    third = cell / 3
    strokes = [((0.0, k * third), (k * third, 0.0)) for k in (1, 2, 3)]
    strokes += [((k * third, cell), (cell, k * third)) for k in (1, 2)]
    return [((x + a, y + b), (x + c, y + d)) for x, y in corners for (a, b), (c, d) in strokes]


Run = tuple[str, str]  # a piece of text, and the role that colors it
