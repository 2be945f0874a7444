"""ReLU on a real feature map: values below zero become zero, the rest stays; and how much of the map is then zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic
from figures.parts.arithmetic import Array
from figures.parts.layout import fit_text
from figures.parts.words import Description, count_noun, quote, times, write_number, write_percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from generator.theme import Theme


TABLE = 3.8  # inches, the longer side of a map
LARGEST_CELL = 0.85  # inches
TOP, BASELINE = 1.0, 5.75
LEFTS = (0.5, 8.5)  # left edges of the two maps; the curve stands between them


@dataclass(frozen=True, slots=True)
class ReluTrace:
    """A feature map before and after ReLU, both (height, width)."""

    input: Array
    output: Array

    @property
    def negative(self) -> int:
        """How many values are below zero and become zero."""
        return int((self.input < 0).sum())

    @property
    def zeros(self) -> int:
        """How many values are zero afterwards."""
        return int((self.output == 0).sum())

    @property
    def share(self) -> float:
        """How much of the map is zero afterwards, from 0 to 1."""
        return self.zeros / self.output.size


def trace(*, input: ArrayLike) -> ReluTrace:
    """Return ReLU of a map (height, width), integers or floats, such as a layer's values before its activation."""
    image = arithmetic.read_matrix(input, "input")
    return ReluTrace(image, np.maximum(image, 0))


def describe(trace: ReluTrace) -> Description:
    """Return the text alternative and the facts: shape, how many values are negative, and how many zero afterwards."""
    alt = (
        f"ReLU of a map, {quote(trace.input)}: {trace.negative} of its {trace.input.size} values "
        f"{'is below zero and becomes' if trace.negative == 1 else 'are below zero and become'} 0, the others stay. "
        f"Afterwards {count_noun(trace.zeros, 'value')}, {write_percent(trace.share)}, "
        f"{'is' if trace.zeros == 1 else 'are'} zero: "
        f"{quote(trace.output)}. Between the maps stands the function's curve: flat up to 0, then rising with "
        "its input."
    )
    facts = {
        "shape": {"height": trace.input.shape[0], "width": trace.input.shape[1]},
        "values": int(trace.input.size),
        "negative": trace.negative,
        "zeros": trace.zeros,
        "percent": 100 * trace.share,
        "smallest": trace.input.min().item(),
        "largest": trace.input.max().item(),
    }
    return Description(alt, (), facts)


def draw(trace: ReluTrace, theme: "Theme") -> "Figure":
    """Return the map, the curve of the function, and the map after ReLU, with one color scale for both maps."""
    from figures.parts import still

    figure = still.new_figure(theme)
    sheet = still.new_sheet(figure)
    limits = still.color_limits(trace.input)
    notes = (
        ("before", f"{times(trace.input.shape)}, {trace.negative} below zero", trace.input),
        ("after ReLU", f"{times(trace.output.shape)}, {trace.zeros} zeros", trace.output),
    )
    for left, color, (name, note, values) in zip(LEFTS, (theme.input, theme.output), notes, strict=True):
        middle = left + TABLE / 2
        still.write(sheet, middle, 0.42, name, color=color, points=still.HEADING + 3, bold=True, align="center")
        still.write(sheet, middle, 0.76, note, color=theme.muted, points=still.TEXT + 1.6, align="center")
        _draw_map(sheet, values, left, limits, theme, color)
    _draw_curve(still.add_plot(figure, theme, left=5.15, top=1.5, width=2.6, height=2.6), trace, theme)
    still.write(sheet, 6.45, 0.42, "max(0, x)", color=theme.ink, points=still.HEADING + 3, bold=True, align="center")
    _write_conclusion(sheet, trace, theme)
    return figure


def _draw_map(
    sheet: "Axes", values: Array, left: float, limits: tuple[float, float], theme: "Theme", color: str
) -> None:
    """Draw a map as numbers if they fit, else as colors with their scale; cells not above zero stay pale."""
    from figures.parts import still

    rows, columns = values.shape
    cell = min(TABLE / max(rows, columns), LARGEST_CELL)
    x, y = left + (TABLE - columns * cell) / 2, TOP + (TABLE - rows * cell) / 2
    texts = [[write_number(value) for value in row] for row in values]
    points = 72 * fit_text(texts, cell)
    if points < still.MIN_TEXT:
        height = still.draw_map(
            sheet, values, left=x, top=y, width=columns * cell, theme=theme, limits=limits, color=color
        )
        still.draw_scale(sheet, limits, left=x, top=y + height + 0.1, width=columns * cell, theme=theme)
        return
    tint = theme.input_tint if color == theme.input else theme.output_tint
    still.draw_grid(sheet, texts, left=x, top=y, cell=cell, theme=theme, colors=(color, theme.surface), points=0)
    lit = [(x + j * cell, y + i * cell) for i, j in np.argwhere(values > 0)]
    still.boxes(sheet, lit, cell, facecolor=tint)
    still.draw_grid(sheet, texts, left=x, top=y, cell=cell, theme=theme, colors=(color, "none"), points=points)


def _draw_curve(axes: "Axes", trace: ReluTrace, theme: "Theme") -> None:
    """Draw the function over the range of the map."""
    from figures.parts import still

    reach = max(float(np.abs(trace.input).max()), 1e-9)
    axes.plot([-reach, 0, reach], [0, 0, reach], color=theme.output, linewidth=still.BOLD_LINE, clip_on=False)
    axes.set(xlim=(-reach, reach), ylim=(-0.08 * reach, reach))
    axes.set_xticks([-reach, 0, reach], [_short(-reach), "0", _short(reach)])
    axes.set_yticks([0, reach], ["0", _short(reach)])
    axes.axvline(0, color=theme.rule, linewidth=still.HAIR, zorder=0)
    still.style_axes(axes, theme)


def _short(value: float) -> str:
    """Return a number at the end of an axis as text."""
    return (f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}").replace("-", "−")


def _write_conclusion(sheet: "Axes", trace: ReluTrace, theme: "Theme") -> None:
    """Write the count below the picture, centered."""
    from figures.parts import still

    runs: Sequence[tuple[str, str]] = (
        (f"{trace.negative} of {trace.input.size}", theme.input),
        (" values become 0: now ", theme.ink),
        (write_percent(trace.share), theme.output),
        (" of the map is zero", theme.ink),
    )
    width = sum(still.text_width(text, still.HEADING + 3) for text, _ in runs)
    still.write_runs(sheet, (12.8 - width) / 2, BASELINE, runs, points=still.HEADING + 3)
