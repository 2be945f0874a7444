"""One convolution at several strides: a stride of s keeps every s-th row and column of the stride-1 output.

Above is the stride-1 output with the visited places framed, below is what is left. This is not pooling: nothing is
compared or averaged, the other places are simply never computed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic
from figures.parts.arithmetic import Array, Pair
from figures.parts.layout import fit_text
from figures.parts.words import Description, count_noun, join, quote, times, write_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from generator.theme import Theme


TOP, ROOM = 0.82, 4.0  # inches: top of the upper tables; height for two tables above one line of text
LEAD = 0.28  # from line to line
BETWEEN = 0.42  # from the upper to the lower table
LARGEST_CELL = 0.48
LEFT, FIRST = 0.35, 4.1  # left edge of the input; of the first stride's column
END = 12.7


@dataclass(frozen=True, slots=True)
class StridePanel:
    """One stride: `output` (height, width), and how many rows and columns of the input no window uses.

    dropped: beyond the last window; skipped: between the windows, where the stride is larger than the kernel.
    """

    strides: int
    output: Array
    dropped: Pair
    skipped: Pair

    @property
    def unused(self) -> Pair:
        """How many rows and columns no window uses, at the end and in between."""
        return self.dropped[0] + self.skipped[0], self.dropped[1] + self.skipped[1]


@dataclass(frozen=True, slots=True)
class StrideCompareTrace:
    """Input, kernel and the output at stride 1 (`dense`), all (height, width), and a panel for each stride."""

    input: Array
    kernel: Array
    dense: Array
    panels: tuple[StridePanel, ...]


def trace(*, input: ArrayLike, kernel: ArrayLike, strides: Sequence[int] = (1, 2, 3)) -> StrideCompareTrace:
    """Return a Keras convolution without padding at one to three strides; the kernel is not flipped.

    input, kernel: tables (height, width); integers are computed exactly. Raises ValueError if the kernel does not fit,
    or if the tables are too large for their numbers to be read.
    """
    image, weights = arithmetic.read_matrix(input, "input"), arithmetic.read_matrix(kernel, "kernel")
    steps = [
        arithmetic.read_count(step, "a stride", 32) for step in ([strides] if isinstance(strides, int) else strides)
    ]
    if not 1 <= len(steps) <= 3 or len(set(steps)) < len(steps):
        raise ValueError(f"strides is {steps}; give one to three different strides, such as [1, 2, 3]")
    dense = arithmetic.correlate2d(image, weights)
    panels = tuple(
        StridePanel(
            step,
            arithmetic.correlate2d(image, weights, strides=step),
            _drop(dense, step),
            _skip(dense, weights, step),
        )
        for step in steps
    )
    made = StrideCompareTrace(image, weights, dense, panels)
    if 72 * _fit(made, _cell(made)) < 13:
        raise ValueError(
            f"input {times(image.shape)} with kernel {times(weights.shape)} has numbers too small to read; "
            "give fewer cells (7 × 7 fit) or numbers of at most three characters"
        )
    return made


def _drop(dense: Array, strides: int) -> Pair:
    """Return how many rows and columns lie beyond the last window."""
    height, width = dense.shape
    return (height - 1) % strides, (width - 1) % strides


def _skip(dense: Array, kernel: Array, strides: int) -> Pair:
    """Return how many rows and columns lie between the windows."""
    height, width = (
        (size - 1) // strides * max(0, strides - reach) for size, reach in zip(dense.shape, kernel.shape, strict=True)
    )
    return height, width


def _cell(trace: StrideCompareTrace) -> float:
    """Return the size of every cell, in inches."""
    rows, columns = trace.dense.shape
    heights = [(ROOM - LEAD * (_count_lines(trace, panel) - 1)) / (rows + len(panel.output)) for panel in trace.panels]
    source = trace.input.shape[0] + trace.kernel.shape[0]
    room = (END - FIRST) / len(trace.panels) - 0.5
    widest = max(trace.input.shape[1], trace.kernel.shape[1])
    return float(min(*heights, ROOM / source, room / columns, (FIRST - LEFT - 0.3) / widest, LARGEST_CELL))


def _count_lines(trace: StrideCompareTrace, panel: StridePanel) -> int:
    """Return how many lines of text stand below the table of a stride."""
    return len(_formulas(trace, panel)) + bool(_name_dropped(panel))


def _fit(trace: StrideCompareTrace, cell: float) -> float:
    """Return the text size, in inches, at which all numbers fit their cells."""
    tables = (trace.input, trace.kernel, trace.dense)
    return min(fit_text(_texts(table), cell) for table in tables)


def _texts(values: Array) -> list[list[str]]:
    return [[write_number(value) for value in row] for row in values]


def write_formula(size: int, kernel_size: int, strides: int) -> str:
    """Return the size along one axis with its calculation.

    >>> write_formula(7, 3, 2)
    '⌊(7 − 3) / 2⌋ + 1 = 3'
    """
    places = arithmetic.output_size(size, kernel_size, strides=strides)
    return f"⌊({size} − {kernel_size}) / {strides}⌋ + 1 = {places}"


def describe(trace: StrideCompareTrace) -> Description:
    """Return input, kernel, and for each stride the size, its calculation and the numbers that are left."""
    alt = (
        f"A convolution of the input, {quote(trace.input)}, with the kernel, {quote(trace.kernel)}, without padding. "
        f"At stride 1 it gives {quote(trace.dense)}. "
    ) + " ".join(_say(trace, panel) for panel in trace.panels)
    facts = {
        f"stride_{panel.strides}": {
            "height": panel.output.shape[0],
            "width": panel.output.shape[1],
            "places": int(panel.output.size),
            "share": panel.output.size / trace.dense.size,
            "dropped_rows": panel.dropped[0],
            "dropped_columns": panel.dropped[1],
            "skipped_rows": panel.skipped[0],
            "skipped_columns": panel.skipped[1],
        }
        for panel in trace.panels
    }
    return Description(alt.strip(), (), facts)


def _say(trace: StrideCompareTrace, panel: StridePanel) -> str:
    """Return the sentences about one stride."""
    if panel.strides == 1:
        return f"Stride 1 keeps all {panel.output.size} places."
    words = " and ".join(_formulas(trace, panel))
    return (
        f"Stride {panel.strides} keeps {panel.output.size} of {trace.dense.size} places, {words}: "
        f"{quote(panel.output)}.{_say_unused(panel)}"
    )


def _say_unused(panel: StridePanel) -> str:
    """Return the sentences, each after a space, about what no window uses; "" if all is used."""
    last = [noun if count == 1 else f"{count} {noun}s" for count, noun in _name(panel.dropped)]
    between = [count_noun(count, noun) for count, noun in _name(panel.skipped)]
    said = f" No window reaches the last {join(last)} of the input." if last else ""
    return said + (f" Between the windows {join(between)} of the input are left out." if between else "")


def _name(counts: Pair) -> list[tuple[int, str]]:
    """Return how many rows and how many columns there are, without what there is none of."""
    return [(count, noun) for count, noun in zip(counts, ("row", "column"), strict=True) if count]


def _formulas(trace: StrideCompareTrace, panel: StridePanel) -> list[str]:
    """Return the calculation of the height, and that of the width if it differs."""
    pairs = list(zip(trace.input.shape, trace.kernel.shape, strict=True))
    return [write_formula(size, reach, panel.strides) for size, reach in dict.fromkeys(pairs)]


def _name_dropped(panel: StridePanel) -> str:
    """Return what no window uses, as "unused: 1 row", or an empty text."""
    parts = [count_noun(count, noun) for count, noun in _name(panel.unused)]
    return f"unused: {', '.join(parts)}" if parts else ""


def draw(trace: StrideCompareTrace, theme: "Theme") -> "Figure":
    """Return input and kernel on the left, and for each stride the visited places above what is left of them."""
    from figures.parts import still

    figure = still.new_figure(theme)
    sheet = still.new_sheet(figure)
    cell = _cell(trace)
    _draw_input(sheet, trace, theme, cell)
    room = (END - FIRST) / len(trace.panels)
    for number, panel in enumerate(trace.panels):
        _draw_panel(sheet, trace, panel, theme, (FIRST + (number + 0.5) * room, cell))
    framed = [("places of the stride-1 output that are kept", theme.window, "-"), ("the output", theme.output, "-")]
    still.draw_key(sheet, 5.9, framed, theme)
    return figure


def _draw_input(sheet: "Axes", trace: StrideCompareTrace, theme: "Theme", cell: float) -> None:
    """Draw the input, with the kernel below it."""
    from figures.parts import still

    points = 72 * _fit(trace, cell)
    middle = (LEFT + FIRST - 0.3) / 2
    below = TOP + trace.input.shape[0] * cell + BETWEEN
    tables = ((trace.input, TOP, theme.input, theme.input_tint), (trace.kernel, below, theme.kernel, theme.kernel_tint))
    for values, top, color, tint in tables:
        left = middle - values.shape[1] * cell / 2
        still.draw_grid(
            sheet, _texts(values), left=left, top=top, cell=cell, theme=theme, colors=(color, tint), points=points
        )
    still.write(sheet, middle, 0.33, "input", color=theme.input, points=still.HEADING + 3, bold=True, align="center")
    size = times(trace.input.shape)
    still.write(sheet, middle, 0.64, size, color=theme.muted, points=still.TEXT, align="center")
    still.write(sheet, middle, below - 0.13, "kernel", color=theme.kernel, bold=True, align="center")


def _draw_panel(
    sheet: "Axes", trace: StrideCompareTrace, panel: StridePanel, theme: "Theme", where: tuple[float, float]
) -> None:
    """Draw the visited places of one stride, what is left of them, and the calculation of the size."""
    from figures.parts import still

    (middle, cell), points = where, 72 * _fit(trace, where[1])
    name = f"stride {panel.strides}"
    still.write(sheet, middle, 0.33, name, color=theme.ink, points=still.HEADING + 3, bold=True, align="center")
    kept = f"{panel.output.size} of {trace.dense.size} places"
    still.write(sheet, middle, 0.64, kept, color=theme.muted, points=still.TEXT, align="center")
    _draw_visits(sheet, trace, panel, theme, where)
    left, top = middle - panel.output.shape[1] * cell / 2, TOP + trace.dense.shape[0] * cell + BETWEEN
    still.write(sheet, middle, top - 0.13, "↓", color=theme.muted, points=still.HEADING, align="center")
    still.draw_grid(
        sheet,
        _texts(panel.output),
        left=left,
        top=top,
        cell=cell,
        theme=theme,
        colors=(theme.output, theme.output_tint),
        points=points,
    )
    bottom = top + panel.output.shape[0] * cell
    for row, formula in enumerate(_formulas(trace, panel)):
        still.write_middle(sheet, middle, bottom + 0.3 + LEAD * row, ((formula, "output"),), theme, points=still.TEXT)
    if dropped := _name_dropped(panel):
        y = bottom + 0.3 + LEAD * len(_formulas(trace, panel))
        still.write(sheet, middle, y, dropped, color=theme.wrong, points=still.MIN_TEXT, align="center")


def _draw_visits(
    sheet: "Axes", trace: StrideCompareTrace, panel: StridePanel, theme: "Theme", where: tuple[float, float]
) -> None:
    """Draw the stride-1 output, with visited places framed and dark, the others pale."""
    from figures.parts import still

    (middle, cell), (rows, columns) = where, trace.dense.shape
    left, step = middle - columns * cell / 2, panel.strides
    is_visited = np.zeros(trace.dense.shape, dtype=bool)
    is_visited[::step, ::step] = True
    still.box(sheet, left, TOP, columns * cell, rows * cell, facecolor=theme.surface)
    places = [(left + j * cell, TOP + i * cell) for i, j in np.argwhere(is_visited)]
    still.boxes(sheet, places, cell, facecolor=theme.window_tint)
    still.rule_grid(sheet, rows, columns, left=left, top=TOP, cell=cell, color=theme.rule)
    for x, y in places:
        still.box(sheet, x, y, cell, cell, edgecolor=theme.window, linewidth=still.LINE)
    for mask, color in ((is_visited, theme.ink), (~is_visited, theme.muted)):
        texts = [
            [text if shown else "" for text, shown in zip(*pair, strict=True)]
            for pair in zip(_texts(trace.dense), mask, strict=True)
        ]
        still.write_cells(sheet, texts, left=left, top=TOP, cell=cell, color=color, points=72 * _fit(trace, cell))
