"""Sizes of the two surfaces that sliding-window figures are laid out on, and small layout helpers; draws nothing.

`SLIDE` is the full picture (a still or a film), `PANEL` one step of a handout's filmstrip. Positions and sizes are
pixels from the top left corner.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Measure = Callable[[str, float], float]  # the width of a text at a given size, both in pixels
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A surface of `width` x `height` pixels, with its margins, text sizes and limits, all in pixels."""

    width: float
    height: float
    per_inch: float  # pixels per inch of a Matplotlib figure
    margin: float
    heading: float  # text size of a column's name
    note: float  # text size of the line below it; 0 for no such line
    formula: float  # largest text size of a calculation
    min_text: float  # where numbers would be smaller, cells are drawn as colors
    top: float  # y where the tables begin
    bottom: float  # y where the tables end
    gap: float  # largest distance between columns
    max_cell: float  # largest side of a cell


SLIDE = Sheet(1536, 720, 120, 48, 34, 27, 40, 24, 108, 556, 120, 84)
PANEL = Sheet(420, 320, 100, 10, 16, 0, 17, 15, 30, 240, 40, 46)


@dataclass(frozen=True, slots=True)
class Placed:
    """A run of text that begins at `x` on the baseline `y` and is `width` wide, not counting outer spaces."""

    text: str
    role: str
    x: float
    y: float
    width: float
    size: float


def fit_text(texts: Iterable[Iterable[str]], cell: float) -> float:
    """Return the text size at which the longest of `texts` fits a square cell (a digit is 0.6 of its size wide)."""
    longest = max((len(text) - 0.5 * ("." in text) for row in texts for text in row), default=1)
    return min(0.56 * cell, 0.82 * cell / (0.6 * max(longest, 1)))


def hatch(corners: Iterable[Point], cell: float) -> list[tuple[Point, Point]]:
    """Return diagonal strokes, as (start, end) points, that hatch square cells given by their top left corners."""
    third = cell / 3
    strokes = [((0.0, k * third), (k * third, 0.0)) for k in (1, 2, 3)]
    strokes += [((k * third, cell), (cell, k * third)) for k in (1, 2)]
    return [((x + a, y + b), (x + c, y + d)) for x, y in corners for (a, b), (c, d) in strokes]


Run = tuple[str, str]  # a piece of text, and the theme role that gives its color
