"""Tells what is wrong with the writing of a still: a text cut off, two that overlap, one too small."""

from itertools import combinations
from typing import Any

from matplotlib.figure import Figure
from matplotlib.text import Text

SLIDE_TEXT, PANEL_TEXT = 13.0, 11.0  # points


def flaws(figure: Figure, least: float = SLIDE_TEXT) -> list[str]:
    """Return a sentence for every fault of the texts of a figure, its axes' labels included."""
    figure.draw_without_rendering()
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    found = [f"'{text.get_text()}' is too small" for text in texts if text.get_fontsize() < least - 0.01]
    found += [f"'{name}' leaves the sheet" for name, box in boxes if not _is_inside(box, figure)]
    return found + [
        f"'{one[0]}' lies over '{other[0]}'" for one, other in combinations(boxes, 2) if _overlap(one[1], other[1])
    ]


def _is_inside(box: Any, figure: Figure) -> bool:
    """Whether a box is on the sheet, but for a pixel."""
    width, height = figure.bbox.width + 1, figure.bbox.height + 1
    return bool(box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width and box.y1 <= height)


def _overlap(one: Any, other: Any) -> bool:
    """Whether two boxes share more than three pixels of width (a space is no ink) and, of their height, more than the room over letters."""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    return bool(across > 3 and down > 0.2 * min(one.height, other.height))
