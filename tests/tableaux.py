"""What every picture made of a tableau has to keep to: text inside the sheet, legible, and not over other text."""

from collections.abc import Callable
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from figures.parts import still
from generator.theme import Theme


def flaws(figure: Figure, *, smallest: float = still.MIN_TEXT) -> list[str]:
    """Return what is wrong with the writing on a figure: cut off, too small (in points), or over other writing."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    width, height = canvas.get_width_height()
    placed: list[tuple[str, Any]] = []
    found = []
    for text in (text for axes in figure.axes for text in axes.texts):
        box, said = text.get_window_extent(canvas.get_renderer()), text.get_text()
        if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height:
            found.append(f"'{said}' leaves the sheet")
        if text.get_fontsize() < smallest - 0.01:
            found.append(f"'{said}' is too small")
        ink = box.y0 + 0.25 * box.height, box.y1 - 0.1 * box.height
        found += [f"'{said}' lies over '{other}'" for other, (a, b, c, d) in placed
                  if box.x0 + 1 < c and a + 1 < box.x1 and ink[0] < d and b < ink[1]]  # fmt: skip
        placed.append((said, (box.x0, ink[0], box.x1, ink[1])))
    return found


def texts(figure: Figure) -> list[str]:
    """Return everything that is written on a figure."""
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def view_flaws(draw: Callable[..., Figure], trace: Any, theme: Theme) -> list[str]:
    """Return what is wrong with the writing or the size of a still and of its second panel."""
    whole, panel = draw(trace, theme), draw(trace, theme, step=1)
    assert whole.get_size_inches().tolist() == pytest.approx([12.8, 6.0])
    assert panel.get_size_inches().tolist() == pytest.approx([still.PANEL_WIDTH, still.PANEL_HEIGHT])
    return flaws(whole) + flaws(panel, smallest=still.PANEL_TEXT)
