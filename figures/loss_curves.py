"""How a loss goes over training steps in two to four ways: a thin line for each seed, a bold one for their mean.

The vertical axis is logarithmic, so that a loss that doubles goes up by as much wherever it stood.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts.end_names import spread
from figures.parts.words import Description, count_noun
from generator.theme import NARROW_WIDTH, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DASHES = ("-", (0, (5, 2)), (0, (1, 1.3)), (0, (6, 2, 1, 2)))
PLOT = (0.95, 0.7, 8.5, 4.1)  # left, top, width, height; inches
APART = 0.62  # inches between the names of two ways


@dataclass(frozen=True, slots=True)
class Way:
    """One way to train: its name, and for each seed its loss at each measurement."""

    name: str
    losses: tuple[tuple[float, ...], ...]

    @property
    def means(self) -> tuple[float, ...]:
        """The mean over the seeds at each measurement."""
        return tuple(float(value) for value in np.mean(self.losses, axis=0))


@dataclass(frozen=True, slots=True)
class LossCurvesTrace:
    """After how many steps was measured, the ways, and what was measured."""

    steps: tuple[int, ...]
    ways: tuple[Way, ...]
    quantity: str


def trace(
    *,
    steps: Sequence[int],
    names: Sequence[str],
    first: ArrayLike,
    second: ArrayLike,
    third: ArrayLike | None = None,
    fourth: ArrayLike | None = None,
    quantity: str = "validation loss",
) -> LossCurvesTrace:
    """Return the losses of two to four ways to train, measured after the same `steps`.

    first …: a row for each seed, as `unfreezing.curves.validation_loss.each`, or a single row. Raises ValueError if
    names, steps and losses do not match, or a loss is not above 0.
    """
    given = [table for table in (first, second, third, fourth) if table is not None]
    if len(names) != len(given):
        raise ValueError(f"there are {len(names)} names for {len(given)} ways; give one name per way")
    counts = [int(step) for step in steps]
    if len(counts) < 2 or counts != sorted(set(counts)):
        raise ValueError(f"steps are {list(steps)}; give two or more rising whole numbers")
    ways = tuple(Way(str(name), _read(str(name), table, len(counts))) for name, table in zip(names, given, strict=True))
    return LossCurvesTrace(tuple(counts), ways, quantity)


def _read(name: str, table: ArrayLike, length: int) -> tuple[tuple[float, ...], ...]:
    """Return the losses of one way as a row for each seed."""
    values = np.atleast_2d(np.asarray(table, dtype=float))
    if values.ndim != 2 or values.shape[1] != length:
        raise ValueError(f"the losses of {name} have shape {values.shape}; give {length} for each seed")
    if not np.isfinite(values).all() or values.min() <= 0:
        raise ValueError(f"the losses of {name} hold a number that is not above 0; the axis is logarithmic")
    return tuple(tuple(float(value) for value in row) for row in values)


def describe(trace: LossCurvesTrace) -> Description:
    """Return how the mean loss of each way begins, how high it gets, and how it ends."""
    said = []
    for way in trace.ways:
        top = int(np.argmax(way.means))
        rise = "" if top in (0, len(way.means) - 1) else f", {way.means[top]:.2g} after {trace.steps[top]} steps"
        seeds = count_noun(len(way.losses), "seed")
        said.append(f"{way.name} ({seeds}): {way.means[0]:.2g} at first{rise}, {way.means[-1]:.2g} at the end")
    alt = (
        f"{trace.quantity[0].upper()}{trace.quantity[1:]} over {trace.steps[-1]} steps, the mean over seeds: "
        f"{'; '.join(said)}."
    )
    facts = {
        "first": [way.means[0] for way in trace.ways],
        "highest": [max(way.means) for way in trace.ways],
        "last": [way.means[-1] for way in trace.ways],
    }
    return Description(alt, (), facts)


def draw(trace: LossCurvesTrace, theme: Theme) -> "Figure":
    """Return the curves, each way named at its end; dashes differ as well as colors."""
    from figures.parts import still
    from figures.parts.still import write_fitted

    figure = still.new_figure(theme, height=5.75)
    sheet = still.new_sheet(figure)
    left, top, width, height = PLOT
    axes = still.add_plot(figure, theme, left=left, top=top, width=width, height=height)
    _set_axes(axes, trace, theme)
    colors = (theme.input, theme.kernel, theme.output, theme.window)
    low, high = np.log(axes.get_ylim())
    ends = [top + height * (high - np.log(way.means[-1])) / (high - low) for way in trace.ways]
    for place, (way, y) in enumerate(zip(trace.ways, spread(ends, APART, (top, top + height)), strict=True)):
        _draw_way(axes, trace, way, (colors[place], place))
        x = left + width + 0.55
        sheet.plot([x - 0.42, x - 0.1], [y - 0.07] * 2, linestyle=DASHES[place], color=colors[place], linewidth=3)
        write_fitted(sheet, (x, y, 12.7 - x), way.name, color=colors[place], align="left", bold=True)
        still.write(sheet, x, y + 0.25, f"ends at {way.means[-1]:.2g}", color=theme.muted, points=still.MIN_TEXT)
    still.write(sheet, left, 0.42, trace.quantity, color=theme.ink, bold=True)
    return figure


def draw_narrow(trace: LossCurvesTrace, theme: Theme) -> "Figure":
    """Return the same for a narrow page, the ways named below the plot."""
    from figures.parts import still

    figure = still.new_figure(theme, NARROW_WIDTH, 5.6 + 0.58 * len(trace.ways))
    sheet = still.new_sheet(figure)
    axes = still.add_plot(figure, theme, left=0.75, top=0.7, width=4.55, height=4.1)
    _set_axes(axes, trace, theme)
    colors = (theme.input, theme.kernel, theme.output, theme.window)
    for place, way in enumerate(trace.ways):
        y = 5.75 + 0.58 * place
        _draw_way(axes, trace, way, (colors[place], place))
        sheet.plot([0.2, 0.6], [y - 0.07] * 2, linestyle=DASHES[place], color=colors[place], linewidth=3)
        still.write_fitted(sheet, (0.75, y, 4.7), way.name, color=colors[place], align="left", bold=True)
        still.write(sheet, 0.75, y + 0.25, f"ends at {way.means[-1]:.2g}", color=theme.muted, points=still.MIN_TEXT)
    still.write(sheet, 0.15, 0.42, trace.quantity, color=theme.ink, bold=True)
    return figure


def _set_axes(axes: "Axes", trace: LossCurvesTrace, theme: Theme) -> None:
    """Set the axis of steps, and a logarithmic one of losses with plain numbers."""
    from figures.parts import still

    losses = [loss for way in trace.ways for seed in way.losses for loss in seed]
    low, high = min(losses) / 1.15, max(losses) * 1.15
    ticks = [base * 10.0**power for power in range(-6, 6) for base in (1, 2, 5)]
    shown = [tick for tick in ticks if low <= tick <= high]
    axes.set_yscale("log")
    axes.set_ylim(low, high)
    axes.set_yticks(shown, [f"{tick:g}" for tick in shown])
    axes.minorticks_off()
    axes.set_xlim(trace.steps[0], trace.steps[-1])
    axes.set_xlabel("training steps")
    still.style_axes(axes, theme)
    axes.grid(axis="y", color=theme.rule, linewidth=still.HAIR)
    axes.set_axisbelow(True)


def _draw_way(axes: "Axes", trace: LossCurvesTrace, way: Way, look: tuple[str, int]) -> None:
    """Draw the lines of all seeds, and that of their mean."""
    from figures.parts import still

    color, place = look
    for losses in way.losses if len(way.losses) > 1 else ():
        axes.plot(trace.steps, losses, color=color, linewidth=still.HAIR, alpha=still.SEED_ALPHA, label="seed")
    axes.plot(trace.steps, way.means, color=color, linestyle=DASHES[place], linewidth=still.LINE + 0.9, label="mean")
