"""Draws a tableau with Matplotlib: the still of a slide, or the small panel of one step."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures import board
from figures.composition import SLIDE, Sheet
from figures.tableau import Box, Item, Line, Rules
from generator.theme import Theme


def draw_tableau(items: Sequence[Item], theme: Theme, sheet: Sheet = SLIDE) -> Figure:
    """Return a picture as large as the sheet: areas lie lowest, then lines, then frames, then text."""
    figure = board.new_figure(theme, sheet.width / sheet.per_inch, sheet.height / sheet.per_inch)
    axes = board.new_sheet(figure)
    for kind in (_is_area, _is_rule, _is_frame, _is_line):
        for item in filter(kind, items):
            _draw_item(axes, item, theme, sheet)
    return figure


def _is_area(item: Item) -> bool:
    return isinstance(item, Box) and bool(item.fill)


def _is_rule(item: Item) -> bool:
    return isinstance(item, Rules)


def _is_frame(item: Item) -> bool:
    return isinstance(item, Box) and not item.fill


def _is_line(item: Item) -> bool:
    return isinstance(item, Line)


def _draw_item(axes: Axes, item: Item, theme: Theme, sheet: Sheet) -> None:
    """Draw one thing at its place on paper."""
    inch, point = 1 / sheet.per_inch, 72 / sheet.per_inch
    if isinstance(item, Line):
        _write_line(axes, item, theme, sheet)
    elif isinstance(item, Rules):
        lines = [((a * inch, b * inch), (c * inch, d * inch)) for (a, b), (c, d) in item.lines]
        board.rule(axes, lines, color=getattr(theme, item.role), linewidth=item.line * point)
    else:
        style: dict[str, Any] = {"linewidth": item.line * point if item.role else 0, "alpha": item.opacity}
        style |= {"facecolor": getattr(theme, item.fill)} if item.fill else {}
        style |= {"edgecolor": getattr(theme, item.role)} if item.role else {}
        style |= {"linestyle": (0, (3.5, 2.5))} if item.is_dashed else {}
        board.box(axes, item.left * inch, item.top * inch, item.width * inch, item.height * inch, **style)


def _write_line(axes: Axes, line: Line, theme: Theme, sheet: Sheet) -> None:
    """Write a line of text, shrunk if it is too wide."""
    size, runs = place_runs(line)
    for text, role, x in runs:
        board.write(axes, x / sheet.per_inch, line.y / sheet.per_inch, text, color=getattr(theme, role),
                    points=72 * size / sheet.per_inch, bold=line.is_bold)  # fmt: skip


def place_runs(line: Line) -> tuple[float, list[tuple[str, str, float]]]:
    """Return the size in pixels at which a line fits its limit, and its runs: text, role and where the text begins."""
    wide = sum(measure(text, 1.0, is_bold=line.is_bold) for text, _ in line.runs)
    size = min(line.size, line.limit / max(wide, 1e-9))
    x = line.x - {"left": 0.0, "center": 0.5, "right": 1.0}[line.align] * size * wide
    placed = []
    for text, role in line.runs:
        blank = text[: len(text) - len(text.lstrip())]
        if text.strip():
            placed.append((text.strip(), role, x + measure(blank, size, is_bold=line.is_bold)))
        x += measure(text, size, is_bold=line.is_bold)
    return size, placed


def measure(text: str, size: float, *, is_bold: bool) -> float:
    """Return how many pixels wide a text is, the spaces at its ends included."""
    return 0.72 * size * board.text_width(text, 100.0, bold=is_bold)
