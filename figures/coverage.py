"""Which pixels a network can see at all: how much its answer changes when a single one of them is set to white."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from figures.parts.words import Description, QuestionWords, join, write_number, write_percent
from generator.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


Array = NDArray[Any]

LEFT, TOP, SIDE = 0.1, 0.5, 4.9  # inches: the first square's left and upper edge, and the side of both squares


@dataclass(frozen=True, slots=True)
class CoverageTrace:
    """The influence of each pixel (height, width), and an image of that size if one is shown."""

    influence: Array
    image: Array | None

    @property
    def unseen(self) -> Array:
        """Which pixels have an influence of exactly 0, bool (height, width)."""
        blind: Array = self.influence == 0
        return blind


def trace(*, influence: ArrayLike, image: ArrayLike | None = None) -> CoverageTrace:
    """Return the influence of each pixel (height, width) on a network's answer, as `mnist_convnet.border.influence`.

    Raises ValueError unless it is a table of numbers from zero up, or if the image has another size.
    """
    effect = np.asarray(influence, dtype=float)
    if effect.ndim != 2 or not np.isfinite(effect).all() or (effect < 0).any():
        raise ValueError("influence is not a table of numbers from 0 up; give mnist_convnet.border.influence")
    shown = None if image is None else np.asarray(image, dtype=float).squeeze()
    if shown is not None and shown.shape != effect.shape:
        raise ValueError(f"image is {shown.shape} and influence {effect.shape}; give an image of the same size")
    return CoverageTrace(effect, shown)


def describe(trace: CoverageTrace) -> Description:
    """Return how many pixels are unseen, and where."""
    unseen = trace.unseen
    rows, columns = (np.flatnonzero(unseen.all(axis=axis)) for axis in (1, 0))
    count, pixels, largest = int(unseen.sum()), unseen.size, float(trace.influence.max())
    lines = join([*_name(rows, "row"), *_name(columns, "column")]) if len(rows) or len(columns) else ""
    where = f" Never seen at all, counted from 1: {lines}." if lines else ""
    alt = (
        f"{count} of {pixels} pixels ({write_percent(count / pixels, 1)}) {'has' if count == 1 else 'have'} no "
        f"influence on the answer.{where} The largest influence of any pixel is "
        f"{write_number(largest, 2 if largest >= 0.1 else 6)}."
    )
    facts = {
        "unseen": count,
        "pixels": pixels,
        "share": count / pixels,
        "rows": [int(row) for row in rows],
        "columns": [int(column) for column in columns],
    }
    return Description(alt, (), facts)


def _name(numbers: Array, noun: str) -> list[str]:
    """Return lines by their numbers from 1, as ["rows 27 and 28"]; nothing if there are none."""
    named = join([str(number + 1) for number in numbers]) if len(numbers) else ""
    return [f"{noun}{'s' if len(numbers) > 1 else ''} {named}"] if named else []


def draw(trace: CoverageTrace, theme: Theme) -> "Figure":
    """Return the image with its unseen pixels crossed out, and the influence of every pixel beside it."""
    from figures.parts import still

    figure, sheet, left = _draw_known(trace, theme)
    if trace.image is not None:
        _hatch(sheet, trace.unseen, theme, (LEFT, TOP, SIDE))
    limits = (0.0, float(trace.influence.max()) or 1.0)
    place = {"left": left, "top": TOP, "width": SIDE}
    still.draw_map(sheet, trace.influence, theme=theme, limits=limits, color=theme.output, **place)
    _hatch(sheet, trace.unseen, theme, (left, TOP, SIDE))
    _write_count(sheet, trace, theme, left + SIDE + 0.3, limits)
    return figure


def draw_question(trace: CoverageTrace, theme: Theme) -> "Figure":
    """Return the bare image, if there is one, and room for the influence."""
    return _draw_known(trace, theme)[0]


def describe_question(trace: CoverageTrace) -> QuestionWords:
    """Return what there is to see."""
    seen = "An image, and beside it" if trace.image is not None else "There is"
    return QuestionWords(f"{seen} room for the influence of each pixel on the answer.", "right")


def _draw_known(trace: CoverageTrace, theme: Theme) -> "tuple[Figure, Axes, float]":
    """Return the figure with the headings and the image, its sheet, and the left edge of the influence in inches."""
    from figures.parts import still

    figure = still.new_figure(theme, height=5.75)
    sheet = still.new_sheet(figure)
    left = LEFT
    if trace.image is not None:
        still.write(sheet, left, 0.34, "what we see", color=theme.input, bold=True)
        largest = float(trace.image.max()) or 1.0
        place = {"left": left, "top": TOP, "width": SIDE}
        still.draw_image(sheet, trace.image, theme=theme, largest=largest, color=theme.input, **place)
        left += SIDE + 0.4
    still.write(sheet, left, 0.34, "what moves the answer", color=theme.output, bold=True)
    return figure, sheet, left


def _hatch(sheet: "Axes", unseen: Array, theme: Theme, where: tuple[float, float, float]) -> None:
    """Cross out the unseen pixels; the diagonal shows it without relying on color."""
    from figures.parts import still

    left, top, side = where
    cell = side / unseen.shape[1]
    cells = [(left + column * cell, top + row * cell) for row, column in np.argwhere(unseen)]
    still.boxes(sheet, cells, cell, facecolor=theme.window_tint)
    still.rule(sheet, [((x, y + cell), (x + cell, y)) for x, y in cells], color=theme.window, linewidth=still.HAIR)


def _write_count(sheet: "Axes", trace: CoverageTrace, theme: Theme, left: float, limits: tuple[float, float]) -> None:
    from figures.parts import still

    count, pixels = int(trace.unseen.sum()), trace.unseen.size
    still.write(sheet, left, 1.0, str(count), color=theme.window, points=40, bold=True)
    lines = (f"of {pixels} pixels", "never reach", "the answer:", "effect exactly 0")
    for row, line in enumerate(lines):
        still.write(sheet, left, 1.4 + 0.32 * row, line, color=theme.ink, points=still.TEXT)
    still.write(sheet, left, 4.75, "largest change in", color=theme.muted, points=still.MIN_TEXT)
    still.write(sheet, left, 4.98, "a class score", color=theme.muted, points=still.MIN_TEXT)
    still.draw_scale(sheet, limits, left=left, top=5.07, width=1.6, theme=theme)
