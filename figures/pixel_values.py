"""What a picture is for a computer: a table of numbers, and a window of it so large that each number can be read.

Nothing in the table says "digit": that neighbors belong together, and that ink is dark, is what people see in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from figures.parts import arithmetic
from figures.parts.arithmetic import Array
from figures.parts.words import Description, count_noun, quote, times, write_percent
from generator.theme import NARROW_WIDTH, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


LARGEST = 255  # the number of full ink
MOST_SIDE = 40  # pixels of the whole picture
LEAST, USUAL, MOST = 3, 8, 10  # pixels a side of the window
TOP, WHOLE, ENLARGED = 0.78, 4.7, 4.7  # inches: top of both squares, and how large they are
LEFT, RIGHT = 0.45, 7.45  # inches: where the picture and the enlarged window begin


@dataclass(frozen=True, slots=True)
class PixelValuesTrace:
    """The whole picture (height, width), and the place (row, column) and side of the window that is enlarged."""

    image: Array
    row: int
    column: int
    size: int

    @property
    def window(self) -> Array:
        """The numbers of the window (size, size)."""
        return self.image[self.row : self.row + self.size, self.column : self.column + self.size]


def trace(*, image: ArrayLike, window: Sequence[int] | None = None) -> PixelValuesTrace:
    """Return a picture (height, width) of whole numbers from 0, paper, to 255, ink, and a window of it to enlarge.

    window: row and column of its upper left pixel, counted from 0, and its side, 3 to 10 pixels. By default it is the
    window of 8 × 8 pixels whose numbers differ most. Raises ValueError for other numbers, for a picture of more than 40
    rows or columns, and for a window that reaches beyond it.
    """
    values = arithmetic.read_values(image, "image", "height, width")
    if (values != values.round()).any() or values.min() < 0 or values.max() > LARGEST:
        raise ValueError(f"image is not made of pixels; give whole numbers from 0 to {LARGEST}, such as digit(5)")
    if min(values.shape) < LEAST or max(values.shape) > MOST_SIDE:
        raise ValueError(f"image is {times(values.shape)}; its sides may have {LEAST} to {MOST_SIDE} pixels")
    pixels = values.astype(np.int64)
    return PixelValuesTrace(pixels, *(_find_window(pixels) if window is None else _read_window(pixels, window)))


def _find_window(pixels: Array) -> tuple[int, int, int]:
    """Return row, column and side of the window whose numbers have the largest standard deviation."""
    size = min(USUAL, *pixels.shape)
    spread = sliding_window_view(pixels, (size, size)).std(axis=(2, 3))
    row, column = np.unravel_index(int(spread.argmax()), spread.shape)
    return int(row), int(column), size


def _read_window(pixels: Array, window: Sequence[int]) -> tuple[int, int, int]:
    """Return row, column and side as they are given; raise ValueError if that is no window of the picture."""
    numbers = [each for each in np.atleast_1d(np.asarray(window, dtype=object)) if type(each) is int]
    if len(numbers) != 3 or len(window) != 3:
        raise ValueError(f"window is {window!r}; give row, column and size, as [8, 10, 8]")
    row, column, size = numbers
    if not LEAST <= size <= MOST:
        raise ValueError(f"the window has {size} pixels a side; {LEAST} to {MOST} are legible")
    if min(row, column) < 0 or row + size > pixels.shape[0] or column + size > pixels.shape[1]:
        raise ValueError(f"the window {window!r} reaches beyond {times(pixels.shape)} pixels; move it")
    return row, column, size


def describe(trace: PixelValuesTrace) -> Description:
    """Return how many numbers the picture has, how many are 0, and the numbers of the window."""
    zeros = int((trace.image == 0).sum())
    (rows, columns), share = trace.image.shape, zeros / trace.image.size
    last_row, last_column = trace.row + trace.size - 1, trace.column + trace.size - 1
    alt = (
        f"A picture of {rows} × {columns} pixels, each a number from 0 (paper) to {LARGEST} (ink); {zeros:,} of "
        f"{trace.image.size:,} are 0 ({write_percent(share)}). Enlarged, with the numbers in it, is the window of rows "
        f"{trace.row} to {last_row} and columns {trace.column} to {last_column}, row by row: {quote(trace.window)}."
    )
    window = {"row": trace.row, "column": trace.column, "size": trace.size}
    window |= {"smallest": int(trace.window.min()), "largest": int(trace.window.max())}
    facts = {
        "shape": {"height": rows, "width": columns},
        "numbers": trace.image.size,
        "zeros": zeros,
        "zero_share": share,
        "largest": int(trace.image.max()),
        "window": window,
    }
    return Description(alt, (), facts)


def draw(trace: PixelValuesTrace, theme: Theme) -> "Figure":
    """Return the whole picture with a box on it, and beside it what is in the box, pixel by pixel."""
    from figures.parts import still

    figure = still.new_figure(theme)
    sheet = still.new_sheet(figure)
    pixel = WHOLE / max(trace.image.shape)
    rows, columns = trace.image.shape
    top, left = TOP + (WHOLE - rows * pixel) / 2, LEFT + (WHOLE - columns * pixel) / 2
    _lead_over(sheet, trace, theme, (left, top, pixel))
    still.draw_image(sheet, trace.image, left=left, top=top, width=columns * pixel, theme=theme, color=theme.input)
    still.draw_place(sheet, (trace.row, trace.column), trace.size, left=left, top=top, pixel=pixel, theme=theme)
    _draw_window(sheet, trace, theme)
    _write_words(sheet, trace, theme)
    return figure


def draw_narrow(trace: PixelValuesTrace, theme: Theme) -> "Figure":
    """Return the same for a narrow page: the picture above, and below it what is in the box."""
    from figures.parts import still

    (rows, columns), cell = trace.image.shape, 4.9 / trace.size
    pixel, left, top = 2.6 / max(rows, columns), 0.2, 3.2
    figure = still.new_figure(theme, NARROW_WIDTH, top + 4.9 + 0.75)
    sheet = still.new_sheet(figure)
    box = (left + trace.column * pixel, 0.2 + (trace.row + trace.size) * pixel)
    lines = [(box, (left, top)), ((box[0] + trace.size * pixel, box[1]), (left + 4.9, top))]
    still.rule(sheet, lines, color=theme.window, linewidth=still.HAIR)
    still.draw_image(sheet, trace.image, left=left, top=0.2, width=columns * pixel, theme=theme, color=theme.input)
    still.draw_place(sheet, (trace.row, trace.column), trace.size, left=left, top=0.2, pixel=pixel, theme=theme)
    _draw_cells(sheet, trace, theme, (left, top, cell))
    for k in range(trace.size):
        middle = (k + 0.5) * cell
        x = left + middle
        still.write(
            sheet, x, top + 5.1, str(trace.column + k), color=theme.muted, points=still.MIN_TEXT, align="center"
        )
        y = top + middle + 0.06
        still.write(sheet, left + 4.97, y, str(trace.row + k), color=theme.muted, points=still.MIN_TEXT)
    _write_beside(sheet, trace, theme, 0.4 + columns * pixel)
    words = f"{times(trace.window.shape)} of them"
    end = still.write_runs(sheet, left, top + 5.5, [(words, theme.window)], bold=True)
    still.write(sheet, end + 0.25, top + 5.5, f"0 is paper, {LARGEST} is ink", color=theme.ink)
    return figure


def _write_beside(sheet: "Axes", trace: PixelValuesTrace, theme: Theme, left: float) -> None:
    """Write beside the picture on a narrow page how many numbers it has."""
    from figures.parts import still

    room = NARROW_WIDTH - left - 0.1
    words = f"{times(trace.image.shape)} pixels"
    still.write_fitted(sheet, (left, 0.45, room), words, color=theme.input, align="left", bold=True)
    lines = f"{count_noun(trace.image.size, 'number')},", f"{int((trace.image == 0).sum()):,} of them 0"
    for row, line in enumerate(lines):
        still.write(sheet, left, 0.8 + 0.28 * row, line, color=theme.ink)


def _lead_over(sheet: "Axes", trace: PixelValuesTrace, theme: Theme, where: tuple[float, float, float]) -> None:
    """Draw lines from the box in the picture to the enlarged window."""
    from figures.parts import still

    left, top, pixel = where
    x, y = left + (trace.column + trace.size) * pixel, top + trace.row * pixel
    lines = [((x, y), (RIGHT, TOP)), ((x, y + trace.size * pixel), (RIGHT, TOP + ENLARGED))]
    still.rule(sheet, lines, color=theme.window, linewidth=still.HAIR)


def _draw_window(sheet: "Axes", trace: PixelValuesTrace, theme: Theme) -> None:
    """Draw the enlarged window, its rows and columns numbered."""
    from figures.parts import still

    cell = ENLARGED / trace.size
    _draw_cells(sheet, trace, theme, (RIGHT, TOP, cell))
    for k in range(trace.size):
        middle = (k + 0.5) * cell
        for x, y, number, align in (
            (RIGHT + middle, TOP - 0.1, trace.column + k, "center"),
            (RIGHT + ENLARGED + 0.12, TOP + middle + 0.06, trace.row + k, "left"),
        ):
            still.write(sheet, x, y, str(number), color=theme.muted, points=still.MIN_TEXT, align=align)


def _draw_cells(sheet: "Axes", trace: PixelValuesTrace, theme: Theme, where: tuple[float, float, float]) -> None:
    """Draw the pixels of the window as squares with their numbers; `where`: left, top, and the side of a square."""
    from figures.parts import still

    left, top, cell = where
    points = min(20.0, max(still.MIN_TEXT, 72 * cell * 0.36))
    for i, j in np.ndindex(trace.size, trace.size):
        value = int(trace.window[i, j])
        place = (left + j * cell, top + i * cell, cell, cell)
        shade = still.blend(theme.paper, theme.ink, value / LARGEST)
        still.draw_shaded(sheet, place, [(str(value), points)], shade=shade, theme=theme)
    still.rule_grid(sheet, trace.size, trace.size, left=left, top=top, cell=cell, color=theme.rule)
    side = trace.size * cell
    still.box(sheet, left, top, side, side, edgecolor=theme.window, linewidth=still.LINE)


def _write_words(sheet: "Axes", trace: PixelValuesTrace, theme: Theme) -> None:
    """Write what each part is above it, and below what the numbers mean."""
    from figures.parts import still

    middle, right = LEFT + WHOLE / 2, RIGHT + ENLARGED / 2
    words = f"{times(trace.image.shape)} pixels"
    still.write(sheet, middle, 0.34, words, color=theme.input, points=still.HEADING, align="center", bold=True)
    words = f"{times(trace.window.shape)} of them"
    still.write(sheet, right, 0.34, words, color=theme.window, points=still.HEADING, align="center", bold=True)
    zeros = int((trace.image == 0).sum())
    words = f"{count_noun(trace.image.size, 'number')}, {zeros:,} of them 0"
    still.write(sheet, middle, TOP + WHOLE + 0.36, words, color=theme.ink, align="center")
    words = f"0 is paper, {LARGEST} is ink"
    still.write(sheet, right, TOP + ENLARGED + 0.36, words, color=theme.ink, align="center")
