"""Accuracy against training images per class, for several ways to begin: a dot for each seed, a line through the means.

Shows when borrowed features help: with few images and a related task. The horizontal axis is logarithmic; the vertical
one does not begin at 0. Where the dots of two ways mix, the means do not say which is better.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from figures.parts.end_names import spread
from figures.parts.words import Description, Group, verdict
from generator.theme import NARROW_WIDTH, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


MARKS = (("o", "-"), ("s", (0, (5, 2))), ("^", (0, (1, 1.3))), ("D", (0, (6, 2, 1, 2))))
ASIDE = 0.035  # decades between the dots of one way and the next, so that none hides another
PLOT = (0.85, 0.7, 8.6, 4.1)  # left, top, width, height; inches


@dataclass(frozen=True, slots=True)
class Way:
    """One way to begin, and its accuracies (0 to 1): for each number of shots, one for each seed."""

    name: str
    values: tuple[tuple[float, ...], ...]

    @property
    def means(self) -> tuple[float, ...]:
        """The mean over the seeds at each number of shots."""
        return tuple(sum(seeds) / len(seeds) for seeds in self.values)


@dataclass(frozen=True, slots=True)
class TransferCurveTrace:
    """The numbers of images per class, rising, and one to four ways to begin; others are compared with the first."""

    shots: tuple[int, ...]
    ways: tuple[Way, ...]

    @property
    def verdicts(self) -> tuple[str, ...]:
        """What can be said of each way compared with the first, with the fewest images."""
        groups = [Group(way.name, way.values[0]) for way in self.ways]
        return tuple(verdict(group, groups[0]) for group in groups[1:])


def trace(
    *,
    shots: Sequence[int],
    names: Sequence[str],
    first: ArrayLike,
    second: ArrayLike | None = None,
    third: ArrayLike | None = None,
    fourth: ArrayLike | None = None,
    rows: Literal["shots", "seeds"] = "shots",
) -> TransferCurveTrace:
    """Return the accuracies (0 to 1) of one to four ways to begin, such as from scratch or from frozen features.

    shots: training images per class, rising. first …: a table (shots, seeds), or one number for each number of shots.
    rows: what a row of a table is; "seeds" turns the tables, as `few_shot.accuracy.each` has them. Raises ValueError if
    names, shots and tables do not match, or a number is not between 0 and 1.
    """
    tables = [np.asarray(table, dtype=float) for table in (first, second, third, fourth) if table is not None]
    tables = [table.T if rows == "seeds" and table.ndim == 2 else table for table in tables]
    if len(names) != len(tables):
        raise ValueError(f"there are {len(names)} names for {len(tables)} tables; give one name per table")
    counts = [int(shot) for shot in shots]
    if not counts or counts != sorted(set(counts)) or counts[0] < 1:
        raise ValueError(f"shots are {list(shots)}; give rising whole numbers from 1 up")
    ways = (Way(str(name), _read(name, table, counts)) for name, table in zip(names, tables, strict=True))
    return TransferCurveTrace(tuple(counts), tuple(ways))


def _read(name: str, table: ArrayLike, shots: Sequence[int]) -> tuple[tuple[float, ...], ...]:
    """Return one way's accuracies as a row of seeds for each number of shots."""
    values = np.asarray(table, dtype=float)
    values = values[:, None] if values.ndim == 1 else values
    if values.ndim != 2 or len(values) != len(shots) or not values.shape[1]:
        raise ValueError(f"the table of {name} has shape {values.shape}; give {len(shots)} rows (shots) of seeds")
    if not np.isfinite(values).all() or values.min() < 0 or values.max() > 1:
        raise ValueError(f"the table of {name} holds a number that is no share; give accuracies from 0 to 1")
    return tuple(tuple(float(value) for value in row) for row in values)


def describe(trace: TransferCurveTrace) -> Description:
    """Return mean and range of each way at each number of shots, and the verdicts for the fewest images."""
    ways = "; ".join(f"{way.name}: {_say(trace, way)}" for way in trace.ways)
    verdicts = f" With {trace.shots[0]}: {'; '.join(trace.verdicts)}." if trace.verdicts else ""
    alt = f"Test accuracy against training images per class, one dot per seed. {ways}.{verdicts}"
    facts = {
        "shots": list(trace.shots),
        "means": [list(way.means) for way in trace.ways],
        "gains": [[a - b for a, b in zip(way.means, trace.ways[0].means, strict=True)] for way in trace.ways[1:]],
        "verdicts": list(trace.verdicts),
    }
    return Description(alt.replace("%", " %"), (), facts)


def _say(trace: TransferCurveTrace, way: Way) -> str:
    """Return one way's means, with the range if there are several seeds."""
    parts = []
    for shots, seeds, mean in zip(trace.shots, way.values, way.means, strict=True):
        spread = f" ({min(seeds):.1%} to {max(seeds):.1%})" if len(seeds) > 1 else ""
        parts.append(f"{mean:.1%} with {shots}{spread}")
    return ", ".join(parts)


def draw(trace: TransferCurveTrace, theme: Theme) -> "Figure":
    """Return the curves with their dots, each way named at its end; marks and dashes differ as well as colors."""
    from figures.parts import still
    from figures.parts.still import write_fitted

    figure = still.new_figure(theme, height=5.75)
    sheet = still.new_sheet(figure)
    left, top, width, height = PLOT
    axes = still.add_plot(figure, theme, left=left, top=top, width=width, height=height)
    _set_axes(axes, trace, theme)
    colors = (theme.input, theme.kernel, theme.output, theme.window)
    low, high = axes.get_ylim()
    ends = [top + height * (high - 100 * way.means[-1]) / (high - low) for way in trace.ways]
    for place, (way, y) in enumerate(zip(trace.ways, spread(ends, 0.56, (top, top + height)), strict=True)):
        _draw_way(axes, trace, way, theme, (place, colors[place]))
        mark, x = MARKS[place][0], left + width + 0.55
        _draw_mark(sheet, theme, (x - 0.22, y - 0.07), (mark, colors[place]))
        write_fitted(sheet, (x, y, 12.7 - x), way.name, color=colors[place], align="left", bold=True)
        mean = f"{100 * way.means[-1]:.1f} % with {trace.shots[-1]}"
        still.write(sheet, x, y + 0.24, mean, color=theme.muted, points=still.MIN_TEXT)
    still.write(sheet, left, 0.42, "test accuracy in %", color=theme.ink, bold=True)
    return figure


def draw_narrow(trace: TransferCurveTrace, theme: Theme) -> "Figure":
    """Return the same for a narrow page, the ways named below the plot."""
    from figures.parts import still

    figure = still.new_figure(theme, NARROW_WIDTH, 5.6 + 0.58 * len(trace.ways))
    sheet = still.new_sheet(figure)
    axes = still.add_plot(figure, theme, left=0.6, top=0.7, width=4.75, height=4.1)
    _set_axes(axes, trace, theme)
    colors = (theme.input, theme.kernel, theme.output, theme.window)
    for place, way in enumerate(trace.ways):
        y = 5.75 + 0.58 * place
        _draw_way(axes, trace, way, theme, (place, colors[place]))
        _draw_mark(sheet, theme, (0.4, y - 0.07), (MARKS[place][0], colors[place]))
        still.write_fitted(sheet, (0.65, y, 4.8), way.name, color=colors[place], align="left", bold=True)
        mean = f"{100 * way.means[-1]:.1f} % with {trace.shots[-1]}"
        still.write(sheet, 0.65, y + 0.24, mean, color=theme.muted, points=still.MIN_TEXT)
    still.write(sheet, 0.15, 0.42, "test accuracy in %", color=theme.ink, bold=True)
    return figure


def _set_axes(axes: "Axes", trace: TransferCurveTrace, theme: Theme) -> None:
    """Set a logarithmic axis of shots, and an axis of percent that holds every dot."""
    from figures.parts import still

    values = [100 * value for way in trace.ways for seeds in way.values for value in seeds]
    low, high = 5 * np.floor((min(values) - 1) / 5), min(100.0, 5 * np.ceil((max(values) + 1) / 5))
    axes.set_xscale("log")
    axes.set_xlim(trace.shots[0] / 1.35, trace.shots[-1] * 1.35)
    axes.set_xticks(trace.shots, [f"{shots:,}" for shots in trace.shots])
    axes.minorticks_off()
    axes.set_ylim(max(0.0, float(low)), float(high))
    axes.locator_params(axis="y", nbins=6, steps=[1, 2, 5, 10])
    axes.set_xlabel("training images per class")
    still.style_axes(axes, theme)
    axes.grid(axis="y", color=theme.rule, linewidth=still.HAIR)
    axes.set_axisbelow(True)


def _draw_way(axes: "Axes", trace: TransferCurveTrace, way: Way, theme: Theme, look: tuple[int, str]) -> None:
    """Draw one way: its line through the means, and a dot for every seed."""
    from figures.parts import still

    place, color = look
    mark, dash = MARKS[place]
    aside = 10 ** (ASIDE * (place - (len(trace.ways) - 1) / 2))
    across = [shots * aside for shots in trace.shots]
    means = [100 * mean for mean in way.means]
    axes.plot(across, means, color=color, linestyle=dash, linewidth=still.LINE + 0.6, label="mean")
    for x, seeds in zip(across, way.values, strict=True):
        axes.plot(
            [x] * len(seeds),
            [100 * value for value in seeds],
            mark,
            markersize=8,
            markerfacecolor=theme.paper,
            markeredgecolor=color,
            markeredgewidth=still.LINE,
            clip_on=False,
            label="seeds",
        )


def _draw_mark(sheet: "Axes", theme: Theme, where: tuple[float, float], look: tuple[str, str]) -> None:
    """Draw a dot like those of the seeds, as the key to a way's name."""
    from figures.parts import still

    mark, color = look
    sheet.plot(
        *where,
        mark,
        markersize=8,
        markerfacecolor=theme.paper,
        markeredgecolor=color,
        markeredgewidth=still.LINE,
        clip_on=False,
    )
