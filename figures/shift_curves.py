"""How well networks classify digits that are moved: accuracy for each shift, and how much ink has left the image.

Of a network that was trained with several seeds, the curve is their mean, with a faint one for each seed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from figures.parts.end_names import spread
from figures.parts.words import Description, QuestionWords, count_noun, write_percent
from generator.theme import NARROW_WIDTH, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


MARKS = (("o", "-"), ("s", (0, (5, 2))), ("^", (0, (1, 1.5))))


@dataclass(frozen=True, slots=True)
class ShiftCurvesTrace:
    """Accuracy (0 to 1) of each network at each shift in pixels, and the share of the digits' ink lost there.

    runs: of each network, the accuracies of each seed. cost_at: the shift at which the first network's loss is marked.
    """

    pixels: tuple[int, ...]
    names: tuple[str, ...]
    runs: tuple[tuple[tuple[float, ...], ...], ...]
    ink_lost: tuple[float, ...]
    chance: float
    cost_at: int | None = None

    @property
    def accuracies(self) -> tuple[tuple[float, ...], ...]:
        """The accuracy of each network at each shift, the mean of its seeds."""
        return tuple(tuple(sum(values) / len(values) for values in zip(*runs, strict=True)) for runs in self.runs)

    @property
    def cost(self) -> float:
        """By how much the first network's accuracy falls from unmoved digits to those moved by `cost_at` (0 to 1)."""
        place = self.pixels.index(self.cost_at) if self.cost_at is not None else 0
        return self.accuracies[0][0] - self.accuracies[0][place]

    @property
    def seeds(self) -> str:
        """Words for how many seeds the curves are means of; empty for one."""
        counts = {len(runs) for runs in self.runs}
        most, fewest = max(counts), min(counts)
        return "" if most == 1 else f"mean of {most} seeds" if fewest == most else f"mean of {fewest} to {most} seeds"


def trace(
    *,
    names: Sequence[str],
    first: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    second: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    third: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    classes: int = 10,
    cost_at: int | None = None,
) -> ShiftCurvesTrace:
    """Return the shift curves of one to three networks, each as `mnist_convnet.shift`: pixels, accuracy, ink_lost.

    A list of such results, one for each seed, gives a mean. cost_at: a shift in pixels at which the picture says how
    many points of accuracy it costs the first network. Raises ValueError if names and curves do not match, the curves
    have different shifts, or `cost_at` is none of these after the first.
    """
    curves = [_list_runs(curve) for curve in (first, second, third) if curve is not None]
    if len(names) != len(curves):
        raise ValueError(f"there are {len(names)} names for {len(curves)} curves; give one name per curve")
    pixels = list(curves[0][0]["pixels"])
    if any(list(run["pixels"]) != pixels for runs in curves for run in runs):
        raise ValueError("the curves have different shifts; measure all networks at the same ones")
    if cost_at is not None and cost_at not in pixels[1:]:
        raise ValueError(
            f"cost_at is {cost_at}; give one of the shifts {', '.join(str(pixel) for pixel in pixels[1:])}"
        )
    runs = tuple(tuple(tuple(float(value) for value in run["accuracy"]) for run in runs) for runs in curves)
    lost = tuple(float(value) for value in curves[0][0]["ink_lost"])
    return ShiftCurvesTrace(tuple(pixels), tuple(names), runs, lost, 1 / classes, cost_at)


def _list_runs(curve: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the results of a curve, one for each seed; raise ValueError if one of them is no curve."""
    runs = [curve] if isinstance(curve, Mapping) else list(curve)
    if not runs or any(
        not isinstance(run, Mapping) or not {"pixels", "accuracy", "ink_lost"} <= set(run) for run in runs
    ):
        raise ValueError("a curve has no pixels, accuracy and ink_lost; give one such as mnist_convnet.shift")
    return runs


def describe(trace: ShiftCurvesTrace) -> Description:
    """Return each network's accuracy unmoved, at the middle shift and at the largest."""
    middle = len(trace.pixels) // 2
    shown = sorted({0, middle, len(trace.pixels) - 1})
    words = "; ".join(
        f"{name} {', '.join(f'{write_percent(values[k], 1)} {_say_shift(trace.pixels[k])}' for k in shown)}"
        for name, values in zip(trace.names, trace.accuracies, strict=True)
    )
    lost = (
        f"At {count_noun(trace.pixels[middle], 'pixel')} {write_percent(trace.ink_lost[middle], 1)} of the ink is lost."
    )
    seeds = f" ({trace.seeds})" if trace.seeds else ""
    alt = f"Accuracy against how far digits are moved{seeds}: {words}. {lost}{_say_cost(trace)}"
    facts = {
        "pixels": list(trace.pixels),
        "ink_lost": list(trace.ink_lost),
        "accuracies": [list(values) for values in trace.accuracies],
    }
    if trace.cost_at is not None:
        facts["cost"] = trace.cost
    return Description(alt, (), facts)


def _say_cost(trace: ShiftCurvesTrace) -> str:
    """Return what the marked shift costs the first network, as a sentence behind others; empty if none is marked."""
    if trace.cost_at is None:
        return ""
    verb = "loses" if trace.cost >= 0 else "gains"
    points = count_noun(round(abs(100 * trace.cost)), "point")
    return f" By {count_noun(trace.cost_at, 'pixel')}, {trace.names[0]} {verb} {points}."


def _say_shift(pixels: int) -> str:
    """Return a shift in words."""
    return f"at {count_noun(pixels, 'pixel')}" if pixels else "unmoved"


def draw(trace: ShiftCurvesTrace, theme: Theme) -> "Figure":
    """Return the curves, named at their ends, with the share of ink lost below each shift."""
    from figures.parts import still

    figure, axes = _draw_shifts(trace, theme)
    _draw_curves(axes, trace, theme)
    # `spread` counts downward, from 100 % to 0 %.
    spots = [100 - y for y in spread([100 - 100 * values[-1] for values in trace.accuracies], 7.5, (0, 100))]
    for place, (name, values) in enumerate(zip(trace.names, trace.accuracies, strict=True)):
        color = _colors(theme)[place]
        words = f"{name}, {100 * values[-1]:.0f} %"
        still.write(axes, trace.pixels[-1] + 0.18, spots[place], words, color=color, bold=True, valign="center")
    _mark_cost(axes, trace, theme)
    return figure


def draw_narrow(trace: ShiftCurvesTrace, theme: Theme) -> "Figure | None":
    """Return the same for a narrow page, the networks named below; None if the shifts are too many for it."""
    from figures.parts import still

    left, width, count = 0.55, 4.75, len(trace.names)
    lost = [f"{100 * lost:.1f}" for lost in trace.ink_lost]
    if max(still.text_width(f"{words} ", still.MIN_TEXT) for words in lost) * (len(lost) - 1) > width:
        return None
    figure = still.new_figure(theme, NARROW_WIDTH, 5.95 + 0.32 * count)
    sheet = still.new_sheet(figure)
    axes = still.add_plot(figure, theme, left=left, top=0.6, width=width, height=3.9)
    _set_axes(axes, trace, theme)
    _draw_curves(axes, trace, theme)
    _mark_cost(axes, trace, theme, is_left=trace.cost_at in trace.pixels[len(trace.pixels) // 2 :])
    still.write(sheet, 0.1, 5.45, "ink lost in %", color=theme.muted, points=still.MIN_TEXT)
    for pixels, words in zip(trace.pixels, lost, strict=True):
        x = left + width * (pixels - trace.pixels[0]) / (trace.pixels[-1] - trace.pixels[0])
        still.write(sheet, x, 5.72, words, color=theme.muted, points=still.MIN_TEXT, align="center")
    for place, (name, values) in enumerate(zip(trace.names, trace.accuracies, strict=True)):
        color, y, (mark, dash) = _colors(theme)[place], 6.1 + 0.32 * place, MARKS[place]
        sheet.plot(
            [0.2, 0.4, 0.6], [y - 0.07] * 3, color=color, marker=mark, linestyle=dash, markevery=[1], markersize=8
        )
        words = f"{name}, {100 * values[-1]:.0f} %"
        still.write_fitted(sheet, (0.75, y, 4.7), words, color=color, align="left", bold=True)
    return figure


def _colors(theme: Theme) -> tuple[str, str, str]:
    """Return the color of each network."""
    return theme.input, theme.kernel, theme.output


def _draw_curves(axes: "Axes", trace: ShiftCurvesTrace, theme: Theme) -> None:
    """Draw each network's curve, and a thin one for each of its seeds."""
    from figures.parts import still

    for place, values in enumerate(trace.accuracies):
        color, (mark, dash) = _colors(theme)[place], MARKS[place]
        if len(trace.runs[place]) > 1:
            seeds = 100 * np.array(trace.runs[place]).T
            axes.plot(trace.pixels, seeds, color=color, linewidth=still.HAIR, alpha=still.SEED_ALPHA, zorder=1.5)
        axes.plot(
            trace.pixels,
            100 * np.array(values),
            color=color,
            marker=mark,
            linestyle=dash,
            markersize=8,
            linewidth=still.BOLD_LINE if place == 0 else still.LINE,
            clip_on=False,
        )


def _mark_cost(axes: "Axes", trace: ShiftCurvesTrace, theme: Theme, *, is_left: bool = False) -> None:
    """Draw how far the first curve has fallen at the marked shift, with the points beside it, on its right or left."""
    from figures.parts import still

    if trace.cost_at is None:
        return
    start = 100 * trace.accuracies[0][0]
    end = start - 100 * trace.cost
    ends = {"arrowstyle": "->", "color": theme.ink, "linewidth": still.LINE, "shrinkA": 0, "shrinkB": 6}
    axes.annotate("", (trace.cost_at, end), (trace.cost_at, start), arrowprops=ends)
    axes.plot([trace.pixels[0], trace.cost_at], [start, start], color=theme.ink, linewidth=still.HAIR, zorder=1.5)
    sign = "−" if trace.cost >= 0 else "+"
    words = f"{sign}{count_noun(round(abs(100 * trace.cost)), 'point')}"
    x, side = (trace.cost_at - 0.12, "right") if is_left else (trace.cost_at + 0.12, "left")
    still.write(axes, x, (start + end) / 2, words, color=theme.ink, bold=True, align=side, valign="center")


def draw_question(trace: ShiftCurvesTrace, theme: Theme) -> "Figure":
    """Return the same axes without the curves."""
    return _draw_shifts(trace, theme)[0]


def describe_question(trace: ShiftCurvesTrace) -> QuestionWords:
    """Return what the axes are of, and of which networks there will be curves."""
    names, last = ", ".join(trace.names), count_noun(trace.pixels[-1], "pixel")
    alt = f"Empty axes of the accuracy against how far digits are moved, up to {last}, for these networks: {names}."
    return QuestionWords(alt, "middle")


def _draw_shifts(trace: ShiftCurvesTrace, theme: Theme) -> "tuple[Figure, Axes]":
    """Return the figure with the shifts and the share of ink that each loses, and its empty axes."""
    from figures.parts import still

    figure = still.new_figure(theme, height=5.7)
    sheet = still.new_sheet(figure)
    axes = still.add_plot(figure, theme, left=1.2, top=0.6, width=9.4, height=3.9)
    _set_axes(axes, trace, theme)
    still.write(sheet, 0.1, 5.5, "ink lost", color=theme.muted, points=still.MIN_TEXT)
    for pixels, lost in zip(trace.pixels, trace.ink_lost, strict=True):
        x = 1.2 + 9.4 * (pixels - trace.pixels[0]) / (trace.pixels[-1] - trace.pixels[0])
        still.write(sheet, x, 5.5, f"{100 * lost:.1f} %", color=theme.muted, points=still.MIN_TEXT, align="center")
    return figure, axes


def _set_axes(axes: "Axes", trace: ShiftCurvesTrace, theme: Theme) -> None:
    from figures.parts import still

    axes.set_xlim(trace.pixels[0], trace.pixels[-1])
    axes.set_xticks(trace.pixels)
    axes.set_ylim(0, 100)
    axes.set_xlabel("digits moved to the right by … pixels")
    still.style_axes(axes, theme)
    axes.grid(axis="y", color=theme.rule, linewidth=still.HAIR)
    axes.axhline(100 * trace.chance, color=theme.padding, linewidth=still.LINE, linestyle=(0, (2, 2)))
    x, y = trace.pixels[0] + 0.08, 100 * trace.chance + 1.5
    still.write(axes, x, y, "guessing", color=theme.padding, points=still.MIN_TEXT)
    heading = still.font(still.TEXT, bold=True)
    axes.set_title(
        f"accuracy in %{trace.seeds and ', ' + trace.seeds}",
        loc="left",
        fontproperties=heading,
        color=theme.ink,
        pad=12,
    )
