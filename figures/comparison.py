"""Networks compared fairly: one dot per seed, a line at the mean, and the verdict that the spread allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts.words import Description, Group, QuestionWords, join, verdict
from generator.theme import NARROW_WIDTH, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class ComparisonTrace:
    """The groups in the given order, what was measured, whether it is shown in percent, and a bracket."""

    groups: tuple[Group, ...]
    quantity: str
    percent: bool
    bracket: "Bracket | None" = None


@dataclass(frozen=True, slots=True)
class Bracket:
    """What joins the groups from number `first` to number `last`, said in words beside them."""

    first: int
    last: int
    words: str


def trace(
    *,
    names: Sequence[str],
    first: ArrayLike,
    second: ArrayLike,
    third: ArrayLike | None = None,
    fourth: ArrayLike | None = None,
    quantity: str = "test accuracy",
    percent: bool = True,
    bracket: str = "",
) -> ComparisonTrace:
    """Return two to four groups of results, each a list with one number per seed (`convnet.accuracy.each`).

    percent: whether the numbers are fractions, to be shown as percent. bracket: joins groups that are one thing in some
    way, as "linear, one layer | no ReLU between them: one layer" from the first named to the last. Raises ValueError if
    there are more or fewer names than groups, a group is not a list of finite numbers, or the bracket names no groups.
    """
    given = [values for values in (first, second, third, fourth) if values is not None]
    if len(names) != len(given):
        raise ValueError(f"there are {len(names)} names for {len(given)} groups; give one name per group")
    groups = tuple(Group(str(name), _read(name, values)) for name, values in zip(names, given, strict=True))
    return ComparisonTrace(groups, quantity, percent, _read_bracket(bracket, [group.name for group in groups]))


def _read_bracket(text: str, names: list[str]) -> Bracket | None:
    """Return the bracket that `text` asks for: the names of its first and last group, a bar, and its words."""
    if not text:
        return None
    ends, _, words = (part.strip() for part in str(text).partition("|"))
    for first, last in combinations(range(len(names)), 2):
        if words and ends == f"{names[first]}, {names[last]}":
            return Bracket(first, last, words)
    raise ValueError(
        f"bracket is {text!r}; give its first and its last group in their order, a bar and its words: "
        f"{names[0]}, {names[-1]} | what they have in common"
    )


def _read(name: str, values: ArrayLike) -> tuple[float, ...]:
    numbers = np.atleast_1d(np.asarray(values, dtype=float))
    if numbers.ndim != 1 or not numbers.size or not np.isfinite(numbers).all():
        raise ValueError(f"the results of {name} are not a list of numbers; give one number per seed")
    return tuple(float(number) for number in numbers)


def describe(trace: ComparisonTrace) -> Description:
    """Return the mean and range of every group, and the verdict on each pair of neighbors."""
    words = "; ".join(f"{group.name} {_say(trace, group.mean)} ({_range(trace, group)})" for group in trace.groups)
    verdicts = [verdict(one, other) for one, other in pairwise(trace.groups)]
    alt = f"{trace.quantity}, one dot per seed: {words}. Verdict: {'; '.join(verdicts)}.{_say_bracket(trace)}"
    facts = {"means": [group.mean for group in trace.groups], "verdicts": verdicts}
    return Description(alt[0].upper() + alt[1:], (), facts)


def _say_bracket(trace: ComparisonTrace) -> str:
    """Return the sentence about the bracket, after a space, if there is one."""
    if trace.bracket is None:
        return ""
    joined = join([group.name for group in trace.groups[trace.bracket.first : trace.bracket.last + 1]])
    return f" A bracket joins {joined}: {trace.bracket.words}."


def _say(trace: ComparisonTrace, value: float) -> str:
    return f"{100 * value:.2f} %" if trace.percent else f"{value:,.4g}"


def _range(trace: ComparisonTrace, group: Group) -> str:
    low, high = (_say(trace, value) for value in (min(group.values), max(group.values)))
    seeds = f"{len(group.values)} seed{'s' if len(group.values) > 1 else ''}"
    return f"{seeds}: {low} to {high}" if len(group.values) > 1 else seeds


def draw(trace: ComparisonTrace, theme: Theme) -> "Figure":
    """Return a row of dots for each group with its mean beside it, a bracket beside these, and the verdicts below."""
    from figures.parts import still
    from figures.parts.still import write_fitted

    rows = len(trace.groups)
    figure, sheet, axes = _draw_rows(trace, theme)
    for row, group in enumerate(trace.groups):
        _draw_group(axes, trace, theme, row, group)
        y = 0.25 + 0.85 * (row + 0.5)
        mean = _say(trace, group.mean)
        left = 2.6 + _plot_width(trace) + 0.35
        still.write(sheet, left, y - 0.02, mean, color=theme.output, points=still.HEADING, bold=True)
        still.write(sheet, left, y + 0.25, _range(trace, group), color=theme.muted, points=still.MIN_TEXT)
    for row, (one, other) in enumerate(pairwise(trace.groups)):
        y = 0.25 + 0.85 * rows + 1.1 + 0.34 * row
        write_fitted(sheet, (2.6, y, 10.1), verdict(one, other), color=theme.ink, align="left")
    if trace.bracket:
        _draw_bracket(sheet, trace.bracket, theme)
    return figure


def _plot_width(trace: ComparisonTrace) -> float:
    """Return the width of the plot in inches: a bracket and its words need room at the right."""
    return 5.2 if trace.bracket else 7.3


def _draw_bracket(sheet: "Axes", bracket: Bracket, theme: Theme) -> None:
    """Draw the bracket at the right of the rows that it joins, and its words beside it."""
    from figures.parts import still

    x, top, bottom = 10.75, 0.25 + 0.85 * bracket.first + 0.14, 0.25 + 0.85 * (bracket.last + 1) - 0.14
    corners = [(x - 0.14, top), (x, top), (x, bottom), (x - 0.14, bottom)]
    middle = (top + bottom) / 2
    lines = [*pairwise(corners), ((x, middle), (x + 0.14, middle))]
    still.rule(sheet, lines, color=theme.ink, linewidth=still.LINE, capstyle="projecting")
    rows = still.break_lines(bracket.words, 12.75 - x - 0.24, still.TEXT, bold=True)
    first = middle - (len(rows) - 1) * 0.14 + 0.07
    for row, words in enumerate(rows):
        still.write(sheet, x + 0.24, first + 0.28 * row, words, color=theme.ink, points=still.TEXT, bold=True)


def draw_narrow(trace: ComparisonTrace, theme: Theme) -> "Figure":
    """Return the same with the names above the dots, for a narrow page: a strip of dots for each group."""
    from figures.parts import still

    rows = len(trace.groups)
    said = _narrow_words(trace)
    figure = still.new_figure(theme, NARROW_WIDTH, 1.15 * rows + 1.15 + 0.3 * len(said) + 0.12)
    sheet = still.new_sheet(figure)
    for row, group in enumerate(trace.groups):
        top = 0.1 + 1.15 * row
        _draw_strip(figure, trace, theme, row, top + 0.6)
        still.write_fitted(sheet, (0.3, top + 0.25, 3.9), group.name, color=theme.ink, align="left", bold=True)
        mean = _say(trace, group.mean)
        still.write(sheet, 5.3, top + 0.25, mean, color=theme.output, points=still.HEADING, align="right", bold=True)
        still.write(sheet, 0.3, top + 0.52, _range(trace, group), color=theme.muted, points=still.MIN_TEXT)
    for line, (words, is_bold) in enumerate(said):
        y = 1.15 * rows + 1.25 + 0.3 * line
        still.write(sheet, 0.3, y, words, color=theme.ink, bold=is_bold)
    return figure


def _narrow_words(trace: ComparisonTrace) -> list[tuple[str, bool]]:
    """Return the lines below the strips, each with whether it is bold: the verdicts, and what the bracket says."""
    from figures.parts import still

    lines = [line for pair in pairwise(trace.groups) for line in still.break_lines(verdict(*pair), 5.1)]
    joined = still.break_lines(_say_bracket(trace).strip().removeprefix("A bracket joins "), 5.0, bold=True)
    return [(line, False) for line in lines] + [(line, True) for line in joined if line]


def _draw_strip(figure: "Figure", trace: ComparisonTrace, theme: Theme, row: int, top: float) -> None:
    """Draw the dots of one group on a strip of the axis, which is labeled below the last group."""
    from figures.parts import still

    axes = still.add_plot(figure, theme, left=0.35, top=top, width=4.85, height=0.5)
    _set_axes(axes, trace, theme)
    axes.set_ylim(0.5, -0.5)
    axes.locator_params(axis="x", nbins=4)
    if row < len(trace.groups) - 1:
        axes.set_xlabel("")
        axes.tick_params(axis="x", length=0, labelbottom=False)
    _draw_group(axes, trace, theme, 0, trace.groups[row])


def draw_question(trace: ComparisonTrace, theme: Theme) -> "Figure":
    """Return the rows without what was measured."""
    return _draw_rows(trace, theme)[0]


def describe_question(trace: ComparisonTrace) -> QuestionWords:
    """Return the names of the groups."""
    names = ", ".join(group.name for group in trace.groups)
    return QuestionWords(f"An empty chart of {trace.quantity}, with a row for each of these: {names}.")


def _draw_rows(trace: ComparisonTrace, theme: Theme) -> "tuple[Figure, Axes, Axes]":
    """Return the figure with the axis and a named row for each group, its sheet, and its axes."""
    from figures.parts import still
    from figures.parts.still import write_fitted

    rows = len(trace.groups)
    figure = still.new_figure(theme, height=1.55 + 0.85 * rows + 0.34 * (rows - 1))
    sheet = still.new_sheet(figure)
    axes = still.add_plot(figure, theme, left=2.6, top=0.25, width=_plot_width(trace), height=0.85 * rows)
    _set_axes(axes, trace, theme)
    for row, group in enumerate(trace.groups):
        y = 0.25 + 0.85 * (row + 0.5)
        write_fitted(sheet, (2.35, y + 0.07, 2.25), group.name, color=theme.ink, align="right", bold=True)
    return figure, sheet, axes


def _set_axes(axes: "Axes", trace: ComparisonTrace, theme: Theme) -> None:
    from figures.parts import still

    scale = 100 if trace.percent else 1
    values = [scale * value for group in trace.groups for value in group.values]
    margin = 0.08 * (max(values) - min(values)) or 0.01 * abs(values[0]) or 1.0
    axes.set_xlim(min(values) - margin, max(values) + margin)
    axes.set_ylim(len(trace.groups) - 0.5, -0.5)
    axes.set_yticks([])
    axes.set_xlabel(f"{trace.quantity} in %" if trace.percent else trace.quantity)
    axes.locator_params(axis="x", nbins=4 if trace.bracket else 6)
    still.style_axes(axes, theme)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=theme.rule, linewidth=still.HAIR)
    axes.set_axisbelow(True)


def _draw_group(axes: "Axes", trace: ComparisonTrace, theme: Theme, row: int, group: Group) -> None:
    from figures.parts import still

    scale = 100 if trace.percent else 1
    values = [scale * value for value in group.values]
    axes.plot([min(values), max(values)], [row, row], color=theme.input, linewidth=still.HAIR)
    axes.plot(
        values,
        [row] * len(values),
        "o",
        markersize=12,
        markerfacecolor=theme.input_tint,
        markeredgecolor=theme.input,
        markeredgewidth=still.LINE,
        clip_on=False,
    )
    axes.plot([scale * group.mean] * 2, [row - 0.26, row + 0.26], color=theme.output, linewidth=still.BOLD_LINE)
