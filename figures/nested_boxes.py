"""The drawing of `receptive_field`: boxes within boxes on a digit, named at its side, and the map of what counts."""

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures import board, ink
from figures.outline import dark_of, light_of
from generator.theme import Theme

if TYPE_CHECKING:
    from figures.receptive_field import Box, Effect, ReceptiveFieldTrace

TOP, SIDE = 0.5, 4.65
NAMES = 0.35  # from the digit to the names of its boxes


def draw_boxes(trace: "ReceptiveFieldTrace", theme: Theme) -> Figure:
    """Return the whole picture on a slide."""
    figure = board.new_figure(theme, height=TOP + SIDE + (0.72 if trace.effect else 0.15))
    sheet = board.new_sheet(figure)
    left = 0.1 if trace.effect else 2.6
    board.write(sheet, left, 0.34, "what one value can see", color=theme.window, bold=True)
    largest = float(trace.image.max()) or 1.0
    ink.draw_ink(sheet, trace.image, left=left, top=TOP, width=SIDE, theme=theme, largest=largest, color=theme.input)
    for box in trace.boxes:
        _draw_box(sheet, trace, box, left, theme)
    for order, box in enumerate(reversed(trace.boxes)):
        _name_box(sheet, trace, box, (left, order), theme)
    if trace.effect:
        _draw_effect(sheet, trace, trace.effect, 12.7 - SIDE, theme)
    return figure


def _pixel(trace: "ReceptiveFieldTrace") -> float:
    """Return how wide one pixel is on the sheet, in inches."""
    return SIDE / float(trace.image.shape[1])


def _draw_box(sheet: Axes, trace: "ReceptiveFieldTrace", box: "Box", left: float, theme: Theme) -> None:
    place = (box.top, box.left)
    ink.draw_place(sheet, place, box.size, left=left, top=TOP, pixel=_pixel(trace), theme=theme)


def _name_box(sheet: Axes, trace: "ReceptiveFieldTrace", box: "Box", where: tuple[float, int], theme: Theme) -> None:
    """Write a box's name beside the digit and lead a line to its right edge: the largest on top, so none cross."""
    left, order = where
    pixel, x = _pixel(trace), left + SIDE + NAMES
    room = SIDE / len(trace.boxes)
    y = TOP + (order + 0.5) * room
    at = (left + (box.left + box.size) * pixel, TOP + (box.top + min(1, box.size / 2)) * pixel)
    board.rule(sheet, [(at, (x - 0.1, y))], color=theme.paper, linewidth=board.BOLD_LINE, alpha=0.7)
    board.rule(sheet, [(at, (x - 0.1, y))], color=theme.window, linewidth=1.0)
    board.boxes(sheet, [(at[0] - 0.035, at[1] - 0.035)], 0.07, facecolor=theme.window)
    board.write(sheet, x, y - 0.02, box.layer, color=theme.ink, bold=True, points=board.HEADING)
    words = f"{box.size} × {box.size} pixels"
    board.write(sheet, x, y + 0.26, words, color=theme.muted, points=board.MIN_TEXT)


def _draw_effect(sheet: Axes, trace: "ReceptiveFieldTrace", effect: "Effect", left: float, theme: Theme) -> None:
    """Draw how much each pixel counts, the box that can count, and the square with half of all effect (dashed)."""
    last, pixel = trace.boxes[-1], _pixel(trace)
    title = f"how much each pixel moves {last.layer}"
    board.write(sheet, left, 0.34, title, color=theme.output, bold=True)
    limits = (0.0, float(effect.values.max()) or 1.0)
    board.draw_map(sheet, effect.values, left=left, top=TOP, width=SIDE, theme=theme, limits=limits, color=theme.output)
    x, y = left + last.left * pixel, TOP + last.top * pixel
    board.box(sheet, x, y, last.size * pixel, last.size * pixel, edgecolor=dark_of(theme), linewidth=board.LINE)
    inset = (last.size - effect.half) / 2 * pixel
    side = effect.half * pixel
    style = {"linewidth": board.LINE + 0.4, "linestyle": (0, (4, 2))}
    board.box(sheet, x + inset, y + inset, side, side, edgecolor=light_of(theme), **style)
    board.draw_scale(sheet, limits, left=left, top=TOP + SIDE + 0.15, width=1.4, theme=theme)
    words = f"dashed: half of all effect, {effect.half} × {effect.half} pixels"
    board.write(sheet, 12.7, TOP + SIDE + 0.32, words, color=theme.ink, points=board.MIN_TEXT, align="right")
    words = f"gradient, mean of {effect.images:,} digits"
    board.write(sheet, left - 0.25, TOP + SIDE + 0.32, words, color=theme.muted, points=board.MIN_TEXT, align="right")
