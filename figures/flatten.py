"""Flatten: maps become one row, pixel by pixel and, within a pixel, channel by channel, in `tf.reshape`'s order.

Nothing is computed: every number stays the same, only its neighbors change. The channels of a pixel end up side by
side, and pixels that were one above the other end up a whole row of the map apart.
"""

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic
from figures.parts.arithmetic import Array
from figures.parts.layout import fit_text
from figures.parts.words import Description, count_noun, quote, times, write_number
from generator.theme import NARROW_WIDTH, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


MOST, MOST_CHANNELS, MOST_ROWS = 24, 4, 6  # numbers, channels, rows of a map
LONGEST = 4  # characters of a number
TOP, ROOM = 0.6, 2.2  # inches: top of the maps, their height at most
LEFT, WIDTH = 0.3, 12.2  # inches: of the row
LARGEST_CELL, GAP = 0.8, 0.09  # inches: side of a cell at most, gap between pixels of the row


@dataclass(frozen=True, slots=True)
class FlattenTrace:
    """Maps (height, width, channels) and the same numbers as a row (height × width × channels,)."""

    input: Array
    output: Array


def trace(*, input: ArrayLike) -> FlattenTrace:
    """Return maps (height, width, channels) with up to 24 numbers, and the same numbers as a row in Keras's order.

    Raises ValueError for another shape, or for more or longer numbers than a slide can show.
    """
    maps = arithmetic.read_values(input, "input", "height, width, channels")
    if maps.size > MOST or maps.shape[2] > MOST_CHANNELS:
        raise ValueError(
            f"input is {times(maps.shape)}, {maps.size} numbers; give at most {MOST}, in 1 to {MOST_CHANNELS} channels"
        )
    if maps.shape[0] > MOST_ROWS:
        raise ValueError(f"{maps.shape[0]} rows are too many to read; give at most {MOST_ROWS}")
    longest = max((write_number(value) for value in maps.flat), key=len)
    if len(longest) > LONGEST:
        raise ValueError(f"{longest} is too long for its cell; give numbers of at most {LONGEST} characters")
    return FlattenTrace(maps, maps.reshape(-1))


def find_place(trace: FlattenTrace, row: int, column: int, channel: int) -> int:
    """Return the index (from 0) that a value of the maps has in the row.

    >>> find_place(trace(input=[[[1, 2], [3, 4]]]), 0, 1, 0)
    2
    """
    _, width, channels = trace.input.shape
    return int((row * width + column) * channels + channel)


def describe(trace: FlattenTrace) -> Description:
    """Return the maps, the row, and the order in words."""
    height, width, channels = trace.input.shape
    maps = "; ".join(f"channel {k} {quote(trace.input[..., k])}" for k in range(channels))
    row = ", ".join(write_number(value) for value in trace.output)
    order = [", then of the next one to the right"] * (width > 1) + [", then of the next row"] * (height > 1)
    alt = (
        f"Flatten turns {count_noun(channels, 'map')} ({maps}) into a row of "
        f"{count_noun(trace.output.size, 'number')}: {row}. First come all channels of the first "
        f"pixel{''.join(order)}: the place, counting everything from 0, is (row × {width} + column) × {channels} + "
        "channel."
    )
    facts = {
        "shape": {"height": height, "width": width, "channels": channels},
        "length": int(trace.output.size),
        "row": trace.output.tolist(),
        "down": width * channels,
    }
    return Description(alt, (), facts)


def draw(trace: FlattenTrace, theme: "Theme") -> "Figure":
    """Return the maps above and the row below, each pixel with its place; arrows follow the first pixel."""
    from figures.parts import still

    height, width, channels = trace.input.shape
    gap = 0.7
    cell = min(ROOM / height, (11.5 - gap * (channels - 1)) / (channels * width), LARGEST_CELL)
    below = TOP + height * cell + 1.25
    small = _cell_of_row(trace)
    figure = still.new_figure(theme, height=below + small + 1.12)
    sheet = still.new_sheet(figure)
    left = (12.8 - channels * width * cell - gap * (channels - 1)) / 2
    lefts = [left + k * (width * cell + gap) for k in range(channels)]
    for channel, x in enumerate(lefts):
        _draw_map(sheet, trace, theme, channel, (x, cell))
    _draw_arrows(sheet, trace, theme, (lefts, cell, below))
    _draw_row(sheet, trace, theme, below)
    words = f"under each pixel its row and column  ·  place = (row × {width} + column) × {channels} + channel"
    y = below + small + 0.9
    still.write(sheet, 6.4, y, words, color=theme.ink, points=still.TEXT + 1, align="center")
    return figure


def draw_narrow(trace: FlattenTrace, theme: "Theme") -> "Figure | None":
    """Return the same for a narrow page, the row on several lines; None if its maps are too wide for it."""
    from figures.parts import still

    height, width, channels = trace.input.shape
    texts = [[write_number(value) for value in trace.output]]
    cell = min(0.6, (5.2 - 0.4 * (channels - 1)) / (channels * width), 5.2 / channels)
    if 72 * fit_text(texts, cell) < still.MIN_TEXT:
        return None
    pixels = int((5.2 + 0.15) // (channels * cell + 0.15))
    lines, below = -(-height * width // pixels), TOP + height * cell + 0.75
    figure = still.new_figure(theme, NARROW_WIDTH, below + lines * (cell + 0.5) + 0.65)
    sheet = still.new_sheet(figure)
    for channel in range(channels):
        x = (NARROW_WIDTH - channels * width * cell - 0.4 * (channels - 1)) / 2 + channel * (width * cell + 0.4)
        _draw_map(sheet, trace, theme, channel, (x, cell))
    still.write(sheet, 0.2, below - 0.2, "the row", color=theme.output, points=still.TEXT + 1, bold=True)
    for pixel in range(height * width):
        line, place = divmod(pixel, pixels)
        x = 0.2 + place * (channels * cell + 0.15)
        _draw_pixel(sheet, trace, theme, pixel, (x, below + line * (cell + 0.5), cell))
    still.box(sheet, 0.2, below, channels * cell, cell, edgecolor=theme.window, linewidth=still.BOLD_LINE)
    y = below + lines * (cell + 0.5) + 0.15
    still.write(sheet, 0.2, y, "under each pixel its row and column", color=theme.ink)
    words = f"place = (row × {width} + column) × {channels} + channel"
    still.write(sheet, 0.2, y + 0.3, words, color=theme.ink)
    return figure


def _cell_of_row(trace: FlattenTrace) -> float:
    """Return the side of a cell in the row, in inches."""
    pixels = trace.input.shape[0] * trace.input.shape[1]
    return float(min((WIDTH - GAP * (pixels - 1)) / trace.output.size, LARGEST_CELL))


def _left_of(trace: FlattenTrace, place: int) -> float:
    """Return the left edge of a cell in the row; there is a gap between pixels."""
    cell, pixels = _cell_of_row(trace), trace.input.shape[0] * trace.input.shape[1]
    start = LEFT + (WIDTH - cell * trace.output.size - GAP * (pixels - 1)) / 2
    return float(start + place * cell + GAP * (place // trace.input.shape[2]))


def _points(trace: FlattenTrace, cell: float) -> float:
    from figures.parts import still

    texts = [[write_number(value) for value in trace.output]]
    return float(np.clip(72 * fit_text(texts, cell), still.MIN_TEXT, 20.0))


def _draw_map(sheet: "Axes", trace: FlattenTrace, theme: "Theme", channel: int, where: tuple[float, float]) -> None:
    """Draw one channel with its numbers, the first pixel framed."""
    from figures.parts import still

    (x, cell), values = where, trace.input[..., channel]
    middle = x + values.shape[1] * cell / 2
    name = f"channel {channel}"
    still.write(sheet, middle, TOP - 0.2, name, color=theme.input, points=still.TEXT + 1, bold=True, align="center")
    texts = [[write_number(value) for value in row] for row in values]
    still.draw_grid(
        sheet,
        texts,
        left=x,
        top=TOP,
        cell=cell,
        theme=theme,
        colors=(theme.input, theme.input_tint),
        points=_points(trace, cell),
    )
    still.boxes(sheet, [(x, TOP)], cell, facecolor=theme.window, alpha=0.16)
    still.box(sheet, x, TOP, cell, cell, edgecolor=theme.window, linewidth=still.BOLD_LINE)


def _draw_arrows(sheet: "Axes", trace: FlattenTrace, theme: "Theme", where: tuple[list[float], float, float]) -> None:
    """Draw an arrow from each channel of the first pixel into the row: out of the map, down its left side, across."""
    from figures.parts import still

    lefts, cell, below = where
    small = _cell_of_row(trace)
    for channel, x in enumerate(lefts):
        start, end = x - 0.16, _left_of(trace, channel) + small / 2
        level = below - 0.72 + 0.12 * channel
        tip = (end, below - 0.06)
        path = [(x, TOP + cell / 2), (start, TOP + cell / 2), (start, level), (end, level), tip]
        lines = list(itertools.pairwise(path))
        head = [((end - 0.06, tip[1] - 0.1), tip), ((end + 0.06, tip[1] - 0.1), tip)]
        still.rule(sheet, lines + head, color=theme.window, linewidth=still.LINE)


def _draw_row(sheet: "Axes", trace: FlattenTrace, theme: "Theme", below: float) -> None:
    """Draw the row with a gap between pixels, and under each pixel its row and column in the map."""
    from figures.parts import still

    cell, channels = _cell_of_row(trace), trace.input.shape[2]
    for pixel in range(trace.output.size // channels):
        _draw_pixel(sheet, trace, theme, pixel, (_left_of(trace, pixel * channels), below, cell))
    first = _left_of(trace, 0)
    still.box(sheet, first, below, channels * cell, cell, edgecolor=theme.window, linewidth=still.BOLD_LINE)


def _draw_pixel(
    sheet: "Axes", trace: FlattenTrace, theme: "Theme", pixel: int, where: tuple[float, float, float]
) -> None:
    """Draw the cells of one pixel; where: left, top, and the side of a cell."""
    from figures.parts import still

    (left, top, cell), channels = where, trace.input.shape[2]
    texts = [[write_number(value) for value in trace.output[pixel * channels : (pixel + 1) * channels]]]
    colors, points = (theme.output, theme.output_tint), _points(trace, cell)
    still.draw_grid(sheet, texts, left=left, top=top, cell=cell, theme=theme, colors=colors, points=points)
    row, column = divmod(pixel, trace.input.shape[1])
    middle, name, y = left + channels * cell / 2, f"{row}, {column}", top + cell + 0.28
    color = theme.muted if pixel else theme.window
    still.write(sheet, middle, y, name, color=color, points=still.MIN_TEXT, align="center", bold=not pixel)
