"""What is wrong with a drawn figure, found without looking at it: its size, and its writing.

A text may not be cut off, be too small to read, or lie over another.
"""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from figures.parts import still
from generator.theme import STILL_HEIGHT, STILL_WIDTH, Theme

SLIDE_TEXT, PANEL_TEXT = 18 * 0.72, still.PANEL_TEXT  # points


def texts_of(figure: Figure) -> list[Text]:
    """Return all texts that are written on a figure, the labels of its axes left out."""
    return [text for axes in figure.axes for text in axes.texts if text.get_text().strip()]


def words_of(figure: Figure) -> list[str]:
    """Return everything that is written on a figure."""
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def flaws(figure: Figure, least: float = SLIDE_TEXT) -> list[str]:
    """Return a sentence for every fault of the texts of a figure, its axes' labels included; `least`: points."""
    figure.draw_without_rendering()
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    found = [f"'{text.get_text()}' is too small" for text in texts if text.get_fontsize() < least - 0.01]
    found += [f"'{name}' leaves the sheet" for name, box in boxes if not _is_inside(box, figure)]
    return found + [
        f"'{one[0]}' lies over '{other[0]}'" for one, other in combinations(boxes, 2) if _overlap(one[1], other[1])
    ]


def sheet_flaws(figure: Figure) -> list[str]:
    """Return what is wrong with the figure of a slide: its size, and its texts."""
    width, height = figure.get_size_inches()
    fits = abs(width - STILL_WIDTH) < 1e-6 and height <= STILL_HEIGHT
    return ([] if fits else [f"is {width} x {height} inches"]) + flaws(figure)


def view_flaws(draw: Callable[..., Figure], trace: Any, theme: Theme) -> list[str]:
    """Return what is wrong with the writing or the size of a still and of its second panel."""
    whole, panel = draw(trace, theme), draw(trace, theme, step=1)
    assert whole.get_size_inches().tolist() == pytest.approx([STILL_WIDTH, STILL_HEIGHT])
    assert panel.get_size_inches().tolist() == pytest.approx([still.PANEL_WIDTH, still.PANEL_HEIGHT])
    return flaws(whole) + flaws(panel, PANEL_TEXT)


def _is_inside(box: Any, figure: Figure) -> bool:
    """Whether a box is on the sheet, but for a pixel."""
    width, height = figure.bbox.width + 1, figure.bbox.height + 1
    return bool(box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width and box.y1 <= height)


def _overlap(one: Any, other: Any) -> bool:
    """Whether the ink of two texts may touch: a box has room over and under its letters, and a blank is no ink."""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    (bottom, top), (low, high) = ((box.y0 + 0.25 * box.height, box.y1 - 0.1 * box.height) for box in (one, other))
    return bool(across > 3 and min(top, high) > max(bottom, low))
