"""Global pooling: every map becomes one number, its largest value or its average, and the position is lost.

Pooling with small windows is different: it leaves a smaller map. Neither kind learns anything: they have no weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic
from figures.parts.arithmetic import Array
from figures.parts.layout import fit_text
from figures.parts.words import Description, about, count_noun, quote, times, write_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from generator.theme import Theme


MOST = 6  # maps side by side
FIRST, END = 1.95, 12.7  # inches: left and right edge of the row of maps
TOP, ROOM = 0.56, 2.85  # inches: top of the maps, their height at most
LARGEST_CELL = 0.62  # inches
ROWS = (("max", "framed"), ("average", "of all"))


@dataclass(frozen=True, slots=True)
class GlobalPoolingTrace:
    """Maps (height, width, shown) with their channel numbers, of `total`; the largest and average value of each map."""

    maps: Array
    channels: tuple[int, ...]
    total: int
    largest: Array
    average: Array

    @property
    def winners(self) -> tuple[tuple[int, int], ...]:
        """Where each map is largest, (row, column); of equal values, the first."""
        height, width, shown = self.maps.shape
        flat = self.maps.reshape(height * width, shown).argmax(axis=0)
        return tuple((int(place) // width, int(place) % width) for place in flat)


def trace(*, maps: ArrayLike, channels: Sequence[int] | None = None) -> GlobalPoolingTrace:
    """Return Keras's GlobalMaxPooling2D and GlobalAveragePooling2D of maps (height, width, channels).

    channels: the numbers, from 0, of the one to six that are shown; by default all. Raises ValueError for another
    shape, values that are not finite, or channels that do not exist.
    """
    values = arithmetic.read_values(maps, "maps", "height, width, channels")
    total = values.shape[2]
    chosen = list(range(total)) if channels is None else list(channels)
    wrong = [channel for channel in chosen if not 0 <= channel < total]
    if wrong:
        raise ValueError(f"there is no channel {wrong[0]}; the maps have 0 to {total - 1}")
    if not 1 <= len(chosen) <= MOST or len(set(chosen)) < len(chosen):
        raise ValueError(f"{len(chosen)} channels are to be shown; choose 1 to {MOST} different ones with channels=[…]")
    shown = values[..., chosen]
    return GlobalPoolingTrace(shown, tuple(chosen), total, shown.max(axis=(0, 1)), shown.mean(axis=(0, 1)))


def describe(trace: GlobalPoolingTrace) -> Description:
    """Return each map with its largest and its average value."""
    height, width, shown = trace.maps.shape
    words = "; ".join(
        f"channel {channel} {quote(trace.maps[..., k])}, largest {write_number(trace.largest[k])}, average "
        f"{about([trace.average[k]])}{write_number(trace.average[k])}"
        for k, channel in enumerate(trace.channels)
    )
    of = f" of {trace.total}" if shown < trace.total else ""
    alt = (
        f"Global pooling of {count_noun(shown, 'map')}{of}, {height} × {width} each: {words}. "
        f"{count_noun(height * width * shown, 'number')} become{'s' if height * width * shown == 1 else ''} {shown}."
    )
    facts = {
        "max": trace.largest.tolist(),
        "average": trace.average.tolist(),
        "before": height * width * trace.total,
        "after": trace.total,
        "shape": {"height": height, "width": width, "channels": trace.total},
    }
    return Description(alt, (), facts)


def draw(trace: GlobalPoolingTrace, theme: "Theme") -> "Figure":
    """Return the maps side by side; under each, its largest value (framed in the map) and its average."""
    from figures.parts import still

    figure = still.new_figure(theme, height=5.95)
    sheet = still.new_sheet(figure)
    height, width, shown = trace.maps.shape
    room = (END - FIRST) / shown
    cell = min((room - 0.3) / width, ROOM / height, LARGEST_CELL)
    bottom = TOP + cell * height
    for k in range(shown):
        middle = FIRST + (k + 0.5) * room
        _draw_map(sheet, trace, theme, k, (middle - cell * width / 2, cell))
        _draw_results(sheet, trace, theme, k, (middle, bottom))
    if _points(trace, cell) < still.MIN_TEXT:
        still.draw_scale(sheet, still.color_limits(trace.maps), left=0.15, top=TOP, width=1.55, theme=theme)
    for row, (name, note) in enumerate(ROWS):
        y = _result_top(bottom, row) + 0.26
        still.write(sheet, 0.15, y, name, color=theme.output, points=still.HEADING, bold=True)
        still.write(sheet, 0.15, y + 0.25, note, color=theme.muted, points=still.MIN_TEXT)
    words = f"{times(trace.maps.shape)} = {trace.maps.size} numbers  →  {count_noun(shown, 'number')}"
    y = _result_top(bottom, 1) + 1.08
    still.write(sheet, (FIRST + END) / 2, y, words, color=theme.ink, points=still.TEXT + 2, align="center")
    figure.set_size_inches(12.8, y + 0.25)
    sheet.set_ylim(y + 0.25, 0)
    return figure


def _result_top(bottom: float, row: int) -> float:
    """Return the top of a row of results, under maps that end at `bottom`."""
    return bottom + 0.5 + 0.72 * row


def _draw_map(sheet: "Axes", trace: GlobalPoolingTrace, theme: "Theme", k: int, where: tuple[float, float]) -> None:
    """Draw one map, as numbers if they fit and otherwise as colors, with its largest value framed."""
    from figures.parts import still

    (left, cell), values = where, trace.maps[..., k]
    middle = left + cell * values.shape[1] / 2
    name = f"channel {trace.channels[k]}"
    still.write(sheet, middle, TOP - 0.18, name, color=theme.input, points=still.TEXT, bold=True, align="center")
    points = _points(trace, cell)
    if points < still.MIN_TEXT:
        still.draw_map(
            sheet,
            values,
            left=left,
            top=TOP,
            width=cell * values.shape[1],
            theme=theme,
            color=theme.input,
            limits=still.color_limits(trace.maps),
        )
    else:
        still.draw_grid(
            sheet,
            _texts(values),
            left=left,
            top=TOP,
            cell=cell,
            theme=theme,
            colors=(theme.input, theme.input_tint),
            points=min(points, 20),
        )
    row, column = trace.winners[k]
    still.box(
        sheet, left + column * cell, TOP + row * cell, cell, cell, edgecolor=theme.output, linewidth=still.BOLD_LINE
    )


def _texts(values: Array) -> list[list[str]]:
    return [[write_number(value) for value in row] for row in values]


def _points(trace: GlobalPoolingTrace, cell: float) -> float:
    """Return the text size, in points, at which the numbers of all maps fit their cells."""
    return 72 * min(fit_text(_texts(trace.maps[..., k]), cell) for k in range(len(trace.channels)))


def _draw_results(sheet: "Axes", trace: GlobalPoolingTrace, theme: "Theme", k: int, where: tuple[float, float]) -> None:
    """Draw the two numbers that one map becomes: its largest value and its average."""
    from figures.parts import still

    middle, bottom = where
    still.write(sheet, middle, bottom + 0.37, "↓", color=theme.muted, points=still.HEADING, align="center")
    for row, value in enumerate((trace.largest[k], trace.average[k])):
        top = _result_top(bottom, row)
        still.box(
            sheet,
            middle - 0.65,
            top,
            1.3,
            0.54,
            facecolor=theme.output_tint,
            edgecolor=theme.output,
            linewidth=still.LINE,
        )
        text = write_number(value) if np.abs(value) < 1e5 else f"{value:.3g}"
        still.write(sheet, middle, top + 0.36, text, color=theme.ink, points=still.HEADING, bold=True, align="center")
