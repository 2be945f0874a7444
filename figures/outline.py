"""The outline of a digit, drawn over a map that is colored by something else."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from numpy.typing import ArrayLike

from figures import board
from generator.theme import Theme


def dark_of(theme: Theme) -> str:
    """Return the darker of ink and paper: maps have a white middle in every theme, and what lies on them must show."""
    return min((theme.ink, theme.paper), key=lambda color: sum(to_rgb(color)))


def light_of(theme: Theme) -> str:
    """Return the lighter of ink and paper, for what lies on the dark end of a map."""
    return max((theme.ink, theme.paper), key=lambda color: sum(to_rgb(color)))


def draw_outline(
    sheet: Axes, image: ArrayLike, *, left: float, top: float, width: float, theme: Theme, linewidth: float = board.LINE
) -> None:
    """Draw the line along which an image (height, width), `width` inches wide on the sheet, has half its brightness."""
    values = np.pad(np.asarray(image, dtype=float), 1)  # a digit that touches the border is closed there
    rows, columns = values.shape
    cell = width / (columns - 2)
    x, y = left + (np.arange(columns) - 0.5) * cell, top + (np.arange(rows) - 0.5) * cell
    level = values.max() / 2
    if level > 0:
        lines = sheet.contour(x, y, values, levels=[level], colors=[dark_of(theme)], linewidths=linewidth)
        lines.set_clip_on(False)
