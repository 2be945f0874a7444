"""A confusion matrix, which class is taken for which: a row for each true class, a column for each answer.

Only errors are in color. Their shade grows with the logarithm of the count, so that single errors stay visible; the
numbers are the counts themselves. A row sums to the number of images of its class; a column need not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts.arithmetic import Array
from figures.parts.words import Description, QuestionWords, write_percent
from generator.theme import NARROW_WIDTH, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


MOST_CLASSES = 12  # with more, the numbers would be too small to read
LEFT, TOP, WIDTH, HEIGHT = 1.15, 1.0, 7.2, 4.7  # inches: the whole table


@dataclass(frozen=True, slots=True)
class Confusion:
    """One kind of error: how many images of the class `true` were answered with `answered`."""

    true: str
    answered: str
    count: int

    def __str__(self) -> str:
        return f"{self.true} → {self.answered}"


@dataclass(frozen=True, slots=True)
class ConfusionTrace:
    """Counts (classes, classes), true classes as rows and answers as columns; class names; the largest confusions."""

    matrix: Array
    names: tuple[str, ...]
    largest: tuple[Confusion, ...]

    @property
    def total(self) -> int:
        """How many images there are."""
        return int(self.matrix.sum())

    @property
    def errors(self) -> int:
        """How many images were answered wrongly."""
        return self.total - int(np.trace(self.matrix))

    @property
    def tied(self) -> int:
        """How many more confusions are as frequent as the last of the largest."""
        wrong = self.matrix[~np.eye(len(self.matrix), dtype=bool)]
        least = self.largest[-1].count if self.largest else 0
        return int((wrong == least).sum()) - sum(one.count == least for one in self.largest) if least else 0


def trace(*, matrix: ArrayLike, names: Sequence[str] | None = None, count: int = 3) -> ConfusionTrace:
    """Return a confusion matrix (classes, classes) of counts, true classes as rows, and its `count` largest confusions.

    names: of the classes, by default 0, 1, 2 … Equally frequent confusions are ranked in row-by-row order. Raises
    ValueError for a table that is not square or holds anything but counts.
    """
    counts = np.asarray(matrix)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or not 2 <= len(counts) <= MOST_CLASSES:
        raise ValueError(
            f"matrix has shape {counts.shape}; give one row and one column per class, 2 to {MOST_CLASSES} classes"
        )
    if counts.dtype.kind not in "biuf" or (counts != np.floor(counts)).any() or (counts < 0).any() or not counts.any():
        raise ValueError("matrix is not made of counts; give whole numbers from 0 up, not shares")
    labels = [str(k) for k in range(len(counts))] if names is None else [str(name) for name in names]
    if len(labels) != len(counts):
        raise ValueError(f"there are {len(labels)} names for {len(counts)} classes; give one name per class")
    if not 1 <= count <= 5:
        raise ValueError(f"count is {count}; 1 to 5 confusions can be named")
    whole = counts.astype(np.int64)
    return ConfusionTrace(whole, tuple(labels), _rank(whole, labels)[:count])


def _rank(counts: Array, names: Sequence[str]) -> tuple[Confusion, ...]:
    """Return all confusions that occur, the most frequent first; `sorted` is stable, so equal ones stay in order."""
    wrong = counts - np.diag(np.diag(counts))
    places = [(int(i), int(j)) for i, j in np.argwhere(wrong)]
    ranked = sorted(places, key=lambda place: -wrong[place])
    return tuple(Confusion(names[i], names[j], int(wrong[i, j])) for i, j in ranked)


def describe(trace: ConfusionTrace) -> Description:
    """Return the errors in words, the largest confusions first, and as facts the totals and each class's count."""
    named = ", ".join(f"{one} {_say_times(one.count)}" for one in trace.largest) or "none"
    if trace.tied:
        named += f", and {trace.tied} more occur as often as the last"
    hits, sums = np.diag(trace.matrix), trace.matrix.sum(axis=1)
    rows = "; ".join(f"{name}: {hit:,} of {total:,}" for name, hit, total in zip(trace.names, hits, sums, strict=True))
    share = trace.errors / trace.total
    alt = (
        f"Confusion matrix of {trace.total:,} images, rows the true class, columns the answer: "
        f"{trace.errors:,} error{'' if trace.errors == 1 else 's'} ({write_percent(share, 2)}). "
        f"Largest confusions (true → answered): {named}. Right answers by class: {rows}."
    )
    facts = {
        "errors": trace.errors,
        "total": trace.total,
        "accuracy": 1 - share,
        "counts": [int(total) for total in sums],
        "largest": {
            place: {"true": confusion.true, "answered": confusion.answered, "count": confusion.count}
            for place, confusion in zip(("first", "second", "third", "fourth", "fifth"), trace.largest, strict=False)
        },
    }
    return Description(alt, (), facts)


def _say_times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def draw(trace: ConfusionTrace, theme: Theme) -> "Figure":
    """Return the matrix with its row sums, and the largest confusions listed beside it."""
    figure, sheet, cell = _draw_classes(trace, theme)
    _draw_cells(sheet, trace, theme, cell)
    _write_verdict(sheet, trace, theme, LEFT + WIDTH + 1.4)
    return figure


def draw_narrow(trace: ConfusionTrace, theme: Theme) -> "Figure | None":
    """Return the same for a narrow page, the verdict below the matrix; None if it has no room for names or counts."""
    from figures.parts import still

    count = len(trace.names)
    left, top, width = 0.35, 0.75, 5.17
    cell = min(0.75, width / count)
    widest = max(still.text_width(f"{int(trace.matrix.max()):,}", still.MIN_TEXT), *map(_name_width, trace.names))
    if widest > cell or max(map(_name_width, trace.names)) > left - 0.08:
        return None
    bottom, sums = top + count * cell, _lines_of_sums(trace)
    below = bottom + 0.3 + 0.27 * len(sums)
    figure = still.new_figure(theme, NARROW_WIDTH, below + 0.95 + 0.4 * len(trace.largest))
    sheet = still.new_sheet(figure)
    still.write(sheet, left, 0.3, "answered", color=theme.output, bold=True)
    still.write(sheet, 0.05, 0.6, "true", color=theme.input, bold=True)
    for place, name in enumerate(trace.names):
        x, y = left + (place + 0.5) * cell, top + (place + 0.5) * cell + 0.07
        still.write(sheet, x, 0.6, name, color=theme.output, bold=True, align="center")
        still.write(sheet, left - 0.08, y, name, color=theme.input, bold=True, align="right")
    _draw_counts(sheet, trace, theme, Table(left, top, cell, cell, still.MIN_TEXT))
    for row, line in enumerate(sums):
        still.write(sheet, left, bottom + 0.3 + 0.27 * row, line, color=theme.muted, points=still.MIN_TEXT)
    _write_verdict_below(sheet, trace, theme, (left, below + 0.4))
    return figure


def _lines_of_sums(trace: ConfusionTrace) -> list[str]:
    """Return how many images each class has, in lines for a narrow page."""
    from figures.parts import still

    lines = ["images by class:"]
    for name, row in zip(trace.names, trace.matrix, strict=True):
        longer = f"{lines[-1]}  {name}: {int(row.sum()):,}"
        if still.text_width(longer, still.MIN_TEXT) <= 5.15:
            lines[-1] = longer
        else:
            lines.append(f"{name}: {int(row.sum()):,}")
    return lines


def _name_width(name: str) -> float:
    from figures.parts import still

    return still.text_width(name, bold=True)


def _write_verdict_below(sheet: "Axes", trace: ConfusionTrace, theme: Theme, where: tuple[float, float]) -> None:
    """Write the number of errors below the matrix, and the largest confusions as true → answered."""
    from figures.parts import still

    left, y = where
    end = still.write_runs(sheet, left, y, [(f"{trace.errors:,}", theme.wrong)], points=30, bold=True)
    still.write(sheet, end + 0.15, y, f"errors in {trace.total:,}", color=theme.ink)
    for place, confusion in enumerate(trace.largest):
        below = y + 0.45 + 0.4 * place
        if not place:
            still.write(sheet, left, below, "most often", color=theme.muted)
        runs = [(confusion.true, theme.input), (" → ", theme.muted), (confusion.answered, theme.output)]
        end = still.write_runs(sheet, left + 1.5, below, runs, points=still.HEADING, bold=True)
        still.write(sheet, end + 0.2, below, f"{confusion.count} ×", color=theme.wrong, points=still.HEADING)


def draw_question(trace: ConfusionTrace, theme: Theme) -> "Figure":
    """Return the matrix without its counts: only the right answers have a shade."""
    from figures.parts import still

    figure, sheet, (across, down) = _draw_classes(trace, theme)
    for place in range(len(trace.names)):
        still.box(sheet, LEFT + place * across, TOP + place * down, across, down, facecolor=theme.surface)
    _rule_cells(sheet, theme, Table(LEFT, TOP, across, down, still.TEXT), len(trace.names))
    return figure


def describe_question(trace: ConfusionTrace) -> QuestionWords:
    """Return what the rows and columns are."""
    alt = f"An empty confusion matrix of {trace.total:,} images, rows the true class, columns the answer."
    return QuestionWords(alt, "middle")


def _draw_classes(trace: ConfusionTrace, theme: Theme) -> "tuple[Figure, Axes, tuple[float, float]]":
    """Return the figure with the names of the classes and the row sums, its sheet, and a cell's width and height."""
    from figures.parts import still

    figure = still.new_figure(theme, height=TOP + HEIGHT + 0.2)
    sheet = still.new_sheet(figure)
    across, down = WIDTH / len(trace.names), HEIGHT / len(trace.names)
    still.write(sheet, LEFT, 0.36, "answered", color=theme.output, bold=True)
    still.write(sheet, LEFT - 0.18, TOP - 0.16, "true", color=theme.input, bold=True, align="right")
    still.write(sheet, LEFT + WIDTH + 0.85, TOP - 0.16, "images", color=theme.muted, align="right")
    for place, name in enumerate(trace.names):
        x, y = LEFT + (place + 0.5) * across, TOP + (place + 0.5) * down + 0.07
        still.write(sheet, x, TOP - 0.16, name, color=theme.output, bold=True, align="center")
        still.write(sheet, LEFT - 0.18, y, name, color=theme.input, bold=True, align="right")
        total = f"{int(trace.matrix[place].sum()):,}"
        still.write(sheet, LEFT + WIDTH + 0.85, y, total, color=theme.muted, align="right")
    return figure, sheet, (across, down)


def _draw_cells(sheet: "Axes", trace: ConfusionTrace, theme: Theme, cell: tuple[float, float]) -> None:
    """Draw the counts of all cells, and the lines between them."""
    from figures.parts import still

    _draw_counts(sheet, trace, theme, Table(LEFT, TOP, *cell, still.TEXT))


@dataclass(frozen=True, slots=True)
class Table:
    """Where the cells stand, how large they are, in inches, and the size of their text in points."""

    left: float
    top: float
    across: float
    down: float
    points: float


def _draw_counts(sheet: "Axes", trace: ConfusionTrace, theme: Theme, table: Table) -> None:
    """Draw the count of every cell that is not 0; only errors are in color."""
    from figures.parts import still

    wrong = trace.matrix - np.diag(np.diag(trace.matrix))
    most = np.log1p(max(int(wrong.max()), 1))
    for (row, column), count in np.ndenumerate(trace.matrix):
        box = (table.left + column * table.across, table.top + row * table.down, table.across, table.down)
        is_right = row == column
        share = 0.0 if is_right else float(np.log1p(count) / most)
        shade = theme.surface if is_right else still.blend(theme.paper, theme.wrong, 0.85 * share)
        lines = ((f"{count:,}" if count else "", table.points),)
        color = theme.muted if is_right else None
        still.draw_shaded(sheet, box, lines, shade=shade, theme=theme, color=color, bold=share == 1)
    _rule_cells(sheet, theme, table, len(trace.names))


def _rule_cells(sheet: "Axes", theme: Theme, table: Table, count: int) -> None:
    """Draw the lines between the cells, and the frame around them."""
    from figures.parts import still

    left, top, width, height = table.left, table.top, count * table.across, count * table.down
    steps = range(1, count)
    rules = [((left, top + k * table.down), (left + width, top + k * table.down)) for k in steps]
    rules += [((left + k * table.across, top), (left + k * table.across, top + height)) for k in steps]
    still.rule(sheet, rules, color=theme.rule, linewidth=still.HAIR)
    still.box(sheet, left, top, width, height, edgecolor=theme.muted, linewidth=still.LINE)


def _write_verdict(sheet: "Axes", trace: ConfusionTrace, theme: Theme, left: float) -> None:
    """Write the number of errors, and the largest confusions as true → answered."""
    from figures.parts import still

    still.write(sheet, left, TOP + 0.4, f"{trace.errors:,}", color=theme.wrong, points=36, bold=True)
    still.write(sheet, left, TOP + 0.75, f"errors in {trace.total:,}", color=theme.ink)
    if trace.largest:
        still.write(sheet, left, TOP + 1.6, "most often", color=theme.muted)
    for place, confusion in enumerate(trace.largest):
        y = TOP + 2.1 + 0.48 * place
        runs = [(confusion.true, theme.input), (" → ", theme.muted), (confusion.answered, theme.output)]
        end = still.write_runs(sheet, left, y, runs, points=still.HEADING + 3, bold=True)
        still.write(sheet, end + 0.2, y, f"{confusion.count} ×", color=theme.wrong, points=still.HEADING)
