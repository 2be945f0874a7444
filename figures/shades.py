"""Cells of a table that are numbers on a shade: text in the color that reads best on what lies under it."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb

from figures import board
from generator.theme import Theme, contrast_of

READABLE = 4.5  # the contrast that text needs (WCAG 2.2, 1.4.3)
Box = tuple[float, float, float, float]  # left, top, width, height; inches


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colors, `#rrggbb`, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    return contrast_of(to_rgb(one), to_rgb(other))


def blend(low: str, high: str, share: float) -> str:
    """Return the color `share` (0 to 1) of the way from `low` to `high`."""
    start, end = np.array(to_rgb(low)), np.array(to_rgb(high))
    return str(to_hex(np.clip(start + share * (end - start), 0, 1)))


def color_on(shade: str, theme: Theme) -> str:
    """Return ink or paper, whichever reads better on `shade`."""
    return max((theme.ink, theme.paper), key=lambda color: contrast(color, shade))


def legible(shade: str, theme: Theme) -> str:
    """Return the color nearest to `shade`, on the way to the paper, that ink or paper can be read on (4.5 to 1)."""
    ways = (blend(shade, theme.paper, step / 40) for step in range(41))
    return next(color for color in ways if contrast(color_on(color, theme), color) >= READABLE)


def draw_shaded(
    sheet: Axes,
    box: Box,
    lines: Sequence[tuple[str, float]],
    *,
    shade: str,
    theme: Theme,
    bold: bool = False,
    color: str | None = None,
) -> None:
    """Draw one cell: `shade` with lines of (text, points) in the middle, in `color` or what reads best."""
    left, top, width, height = box
    shade = legible(shade, theme) if lines and color is None else shade
    board.box(sheet, left, top, width, height, facecolor=shade)
    tall = sum(1.25 * points / 72 for _, points in lines)
    y = top + (height - tall) / 2
    for text, points in lines:
        y += 1.25 * points / 72
        where = (left + width / 2, y - 0.28 * points / 72)
        board.write(
            sheet, *where, text, color=color or color_on(shade, theme), points=points, align="center", bold=bold
        )
