"""Handwriting as a figure shows it: brightness becomes ink on the theme's paper, and a place in it gets a box."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from numpy.typing import ArrayLike, NDArray

from figures import board
from generator.theme import Theme


def ink_colors(values: ArrayLike, theme: Theme, largest: float = 255.0) -> NDArray[np.uint8]:
    """Return `values` from 0 (paper) to `largest` (ink) as RGB bytes (height, width, 3)."""
    share = np.clip(np.asarray(values, dtype=float) / largest, 0, 1)[..., None]
    paper, ink = np.array(to_rgb(theme.paper)), np.array(to_rgb(theme.ink))
    colors: NDArray[np.uint8] = np.rint(255 * (paper + share * (ink - paper))).astype(np.uint8)
    return colors


def draw_ink(
    sheet: Axes,
    values: ArrayLike,
    *,
    left: float,
    top: float,
    width: float,
    theme: Theme,
    largest: float = 255.0,
    color: str | None = None,
) -> float:
    """Draw an image `width` inches wide in a thin frame of `color`; return its height in inches."""
    colors = ink_colors(values, theme, largest)
    height: float = width * colors.shape[0] / colors.shape[1]
    extent = (left, left + width, top + height, top)
    sheet.imshow(colors, extent=extent, interpolation="none", aspect="auto")
    board.box(sheet, left, top, width, height, edgecolor=color or theme.padding, linewidth=board.HAIR)
    return height


def draw_place(
    sheet: Axes,
    place: tuple[float, float],
    size: float,
    *,
    left: float,
    top: float,
    pixel: float,
    theme: Theme,
) -> None:
    """Draw a box of `size` pixels at `place` (row, column) of an image at (left, top), a pixel `pixel` inches wide.

    A line in the paper's color on both sides keeps the box visible where it runs through ink.
    """
    x, y, side = left + place[1] * pixel, top + place[0] * pixel, size * pixel
    board.box(sheet, x, y, side, side, edgecolor=theme.paper, linewidth=board.BOLD_LINE, alpha=0.7)
    board.box(sheet, x, y, side, side, edgecolor=theme.window, linewidth=board.LINE + 0.2)
