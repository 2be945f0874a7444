"""The model and layout of a window sliding over a table, shared by the figures of convolution and pooling.

`Sliding` holds what the window covers at each place and the calculation there; `arrange` and `write_formula` position
the tables and the calculation. `sliding_still` and `sliding_film` draw the result, so that the still, the panels and
the film have the same layout. Positions are pixels from the top left corner of a `layout.Sheet`. Must not know any
drawing library: the width of a text is passed in as a `Measure`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np

from figures.parts.arithmetic import Array, Pair, count_unused, used_cells
from figures.parts.layout import PANEL, Measure, Placed, Point, Run, Sheet, fit_text
from figures.parts.words import say_unused, write_number


@dataclass(frozen=True, slots=True)
class Formula:
    """A calculation written out: `head`, terms separated by `joint`, `tail`; lines may break after a joint."""

    terms: tuple[tuple[Run, ...], ...]
    joint: str
    tail: tuple[Run, ...]
    head: tuple[Run, ...] = ()

    def pieces(self) -> tuple[tuple[Run, ...], ...]:
        """Return the pieces that must not be broken: each term with the joint after it, and last the tail."""
        ends: list[tuple[Run, ...]] = [((self.joint, "ink"),)] * (len(self.terms) - 1) + [()]
        first, *others = [term + end for term, end in zip(self.terms, ends, strict=True)]
        return (self.head + first, *others, self.tail)

    def tighten(self) -> "Formula":
        """Return the same calculation with single instead of double spaces."""

        def single(runs: Iterable[Run]) -> tuple[Run, ...]:
            return tuple((text.replace("  ", " "), role) for text, role in runs)

        terms = tuple(single(term) for term in self.terms)
        return Formula(terms, self.joint.replace("  ", " "), single(self.tail), single(self.head))

    def __str__(self) -> str:
        return " ".join("".join(text for piece in self.pieces() for text, _ in piece).split())


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the window: its `row` and `column` in the output, from 0, and the calculation there.

    `short` is a shorter form of the calculation; `chosen` is the index, row by row, of the window's cell that
    the result was taken from, where it was taken from one.
    """

    row: int
    column: int
    formula: Formula
    short: Formula | None = None
    chosen: int | None = None


@dataclass(frozen=True, slots=True)
class Sliding:
    """Everything that a picture of a sliding window shows; arrays are (height, width)."""

    padded: Array
    real: Array  # True for cells of `padded` that belong to the input
    kernel: Array | None
    kernel_size: Pair
    strides: Pair
    output: Array
    places: tuple[Place, ...]
    dilation_rate: Pair = (1, 1)
    pad_text: str = "0"
    notes: dict[str, str] = field(default_factory=dict)  # the second line above each column, by the column's name

    @property
    def reach(self) -> Pair:
        """How many rows and columns the window spans."""
        (height, width), (down, across) = self.kernel_size, self.dilation_rate
        return (height - 1) * down + 1, (width - 1) * across + 1

    @property
    def key(self) -> Place:
        """The place that a still shows: the first, or with over 100 output cells the one with the largest result."""
        if self.output.size <= 100:
            return self.places[0]
        return max(self.places, key=lambda place: float(self.output[place.row, place.column]))

    @property
    def inner(self) -> tuple[int, int, int, int]:
        """The input inside the padding as (first row, first column, height, width)."""
        rows, columns = self.real.any(axis=1), self.real.any(axis=0)
        return int(rows.argmax()), int(columns.argmax()), int(rows.sum()), int(columns.sum())

    @property
    def used_lines(self) -> tuple[Array, Array]:
        """Which rows, and which columns, of the input some window uses, bool; not those between windows or in holes."""
        top, left, height, width = self.inner
        (rows, columns), (tall, wide) = self.output.shape, self.kernel_size
        (down, across), spread = self.strides, self.dilation_rate
        return (
            used_cells(height, rows, tall, down, before=top, spread=spread[0]),
            used_cells(width, columns, wide, across, before=left, spread=spread[1]),
        )

    @property
    def unseen(self) -> Array:
        """A mask over `padded` of the input cells that no window uses."""
        mask, (top, left, height, width) = np.zeros(self.padded.shape, dtype=bool), self.inner
        mask[top : top + height, left : left + width] = ~np.outer(*self.used_lines)
        return mask

    @property
    def dropped_lines(self) -> Pair:
        """How many last rows and columns of the input lie beyond the last window."""
        rows, columns = self.used_lines
        return count_unused(rows)[0], count_unused(columns)[0]

    @property
    def skipped_lines(self) -> Pair:
        """How many rows and columns of the input lie between the windows, or in the holes of a dilated kernel."""
        rows, columns = self.used_lines
        return count_unused(rows)[1], count_unused(columns)[1]

    @property
    def hatch_label(self) -> str:
        """What the hatched cells are, in words."""
        return "hatched: no window reaches here" if any(self.skipped_lines) else "hatched: dropped"

    def corner(self, place: Place) -> Pair:
        """Return the window's first row and column in the padded input."""
        return place.row * self.strides[0], place.column * self.strides[1]

    def cells(self, place: Place) -> list[Pair]:
        """Return the cells of the padded input that the window uses, row by row."""
        top, left = self.corner(place)
        down, across = self.dilation_rate
        return [
            (top + i * down, left + j * across) for i in range(self.kernel_size[0]) for j in range(self.kernel_size[1])
        ]

    def texts(self, name: str, place: Place) -> list[list[str]]:
        """Return the texts in the cells of a column: "input", "window" (at `place`), "kernel" or "output"."""
        if name == "input":
            return [
                [write_number(v) if real else self.pad_text for v, real in zip(*pair, strict=True)]
                for pair in zip(self.padded, self.real, strict=True)
            ]
        return [[write_number(value) for value in row] for row in self.values(name, place)]

    def widest_texts(self, name: str) -> list[list[str]]:
        """Return for each cell of a column the longest text that it ever shows."""
        if name != "window":
            return self.texts(name, self.places[0])
        tables = [self.texts(name, place) for place in self.places]
        return [[max(cells, key=len) for cells in zip(*rows, strict=True)] for rows in zip(*tables, strict=True)]

    def values(self, name: str, place: Place) -> Array:
        """Return the numbers in the cells of a column, named as in `texts`."""
        if name == "window":
            seen = [self.padded[cell] for cell in self.cells(place)]
            return np.reshape(seen, self.kernel_size)
        columns = {"input": self.padded, "kernel": self.kernel, "output": self.output}
        return np.asarray(columns[name])


def choose_places(output: Array, steps: int | Sequence[int] | None) -> list[Pair]:
    """Return which places of an output become steps, as (row, column).

    `steps` is a count from the start, or a list of indices counted row by row from 0. By default an output of up to 9
    cells has all of them as steps; of up to 100, the first three, the first of the second row and the last; a larger
    one, the largest, the most negative and the last. Raises ValueError for indices that do not rise or do not exist.
    """
    count, width = output.size, output.shape[1]
    if steps is None:
        extremes = {int(output.argmax()), count - 1, *([int(output.argmin())] if output.min() < 0 else [])}
        few = {0, 1, 2, width, count - 1} if count <= 100 else extremes
        steps = list(range(count)) if count <= 9 else sorted(place for place in few if place < count)
    numbers = list(range(min(int(steps), count))) if isinstance(steps, (int, np.integer)) else list(steps)
    if not numbers or any(not 0 <= k < count for k in numbers) or numbers != sorted(set(numbers)):
        raise ValueError(f"steps are {steps}; give rising numbers from 0 to {count - 1}, or how many")
    return [divmod(int(k), width) for k in numbers]


def drop_sentence(view: Sliding) -> str:
    """Return sentences, each after a space, that name the rows and columns no window uses; "" if there are none."""
    return say_unused(view.dropped_lines, view.skipped_lines, is_dilated=max(view.dilation_rate) > 1)


# Layout: where the tables and the calculation go, the same for the still, the panel and the film.


@dataclass(frozen=True, slots=True)
class Column:
    """A table and its position; `text` is the size of its numbers, 0 if they are drawn as colors."""

    name: str
    rows: int
    columns: int
    cell: float
    text: float
    left: float = 0.0
    top: float = 0.0

    @property
    def width(self) -> float:
        """The width in pixels."""
        return self.columns * self.cell

    @property
    def height(self) -> float:
        """The height in pixels."""
        return self.rows * self.cell

    @property
    def middle(self) -> float:
        """The x of the middle."""
        return self.left + self.width / 2

    @property
    def caption(self) -> float:
        """The baseline of a caption below the table, and below its color scale if it has one."""
        return self.top + self.height + (36 if self.text else 88)

    def corner(self, cell: tuple[int, int]) -> Point:
        """Return the top left corner of the cell (row, column)."""
        return self.left + cell[1] * self.cell, self.top + cell[0] * self.cell


def arrange(view: Sliding, sheet: Sheet, measure: Measure) -> dict[str, Column]:
    """Return the columns by name, from left to right: input, kernel (if there is one) and output.

    An input drawn as colors is followed by an enlarged "window" with numbers. A panel has neither window nor kernel.
    """
    names = ["input", "output"] if view.kernel is None or sheet is PANEL else ["input", "kernel", "output"]
    columns = _size(view, names, sheet)
    if not columns[0].text and sheet is not PANEL:
        columns = _size(view, ["input", "window", *names[1:]], sheet)
    widths = [max(column.width, _heading_width(view, column, sheet, measure)) for column in columns]
    room = sheet.width - 2 * sheet.margin - sum(widths)
    gap = max(0.0, min(sheet.gap, room / max(1, len(columns) - 1)))
    left = (sheet.width - sum(widths) - gap * (len(columns) - 1)) / 2
    middle = (sheet.top + sheet.bottom) / 2
    placed = {}
    for column, width in zip(columns, widths, strict=True):
        inset, top = (width - column.width) / 2, middle - column.height / 2
        placed[column.name] = replace(column, left=round(left + inset), top=round(top))
        left += width + gap
    return placed


def _heading_width(view: Sliding, column: Column, sheet: Sheet, measure: Measure) -> float:
    """Return the width of the wider of the two lines above a column."""
    note = measure(view.notes.get(column.name, ""), sheet.note) if sheet.note else 0.0
    return max(measure(column.name, sheet.heading) * 1.05, note)


def _size(view: Sliding, names: list[str], sheet: Sheet) -> list[Column]:
    """Return the columns without positions, with their cell sizes chosen.

    Among the cell sizes at which all columns fit the width, takes the one at which the most columns are legible as
    numbers, and of those the largest.
    """
    texts = {name: view.widest_texts(name) for name in names}
    width = sheet.width - 2 * sheet.margin - 0.6 * sheet.gap * (len(names) - 1)
    common = min((sheet.bottom - sheet.top) / max(map(len, texts.values())), sheet.max_cell)
    room = sheet.bottom - sheet.top - (4.6 if view.unseen.any() else 3.2) * sheet.min_text  # for a map
    choices = [_fit(texts, share * common / 20, room, sheet) for share in range(20, 7, -1)]
    narrow = [columns for columns in choices if sum(column.width for column in columns) <= width]
    return max(narrow or choices[-1:], key=lambda columns: sum(column.text > 0 for column in columns))


def _fit(texts: dict[str, list[list[str]]], common: float, room: float, sheet: Sheet) -> list[Column]:
    """Return columns with cells of side `common`, larger where numbers need more space to be legible.

    Next to an input that is drawn as colors, the enlarged window and the kernel get one and a half times that space.
    """
    columns = []
    is_wide = fit_text(texts["input"], common) < sheet.min_text
    for name, rows in texts.items():
        ease = 1.5 if is_wide and name in ("window", "kernel") else 1.01
        needed = common * max(1.0, ease * sheet.min_text / fit_text(rows, common))
        most = min((sheet.bottom - sheet.top) / len(rows), sheet.max_cell)
        cell = needed if needed <= most else max(common, most) if ease > 1.1 else common
        columns.append(_column(name, rows, cell, room, sheet))
    return columns


def _column(name: str, texts: list[list[str]], cell: float, room: float, sheet: Sheet) -> Column:
    """Return a column of numbers, or of colors at most `room` high if numbers would be too small to read."""
    text = fit_text(texts, cell)
    if text >= sheet.min_text:
        return Column(name, len(texts), len(texts[0]), cell, text)
    return Column(name, len(texts), len(texts[0]), _whole(min(cell, room / len(texts))), 0.0)


def _whole(cell: float) -> float:
    """Return the side of a colored cell rounded down to whole pixels, which gives sharp edges, unless it is tiny."""
    return float(int(cell)) if cell >= 4 else cell


def write_formula(place: Place, sheet: Sheet, measure: Measure) -> list[list[Placed]]:
    """Return the calculation as a list of pieces, each a list of runs, centered below the tables on one or two lines.

    Tries smaller text, then single spaces, then the place's short form, until it fits on two lines.
    """
    forms = [place.formula, place.formula.tighten(), place.short or place.formula]
    sizes = (sheet.formula, 0.85 * sheet.formula, 0.72 * sheet.formula)
    tries = [(form, size) for form in forms for size in sizes if size >= sheet.min_text] or [
        (forms[-1], sheet.min_text)
    ]
    limit = sheet.width - 2 * sheet.margin
    for form, size in tries:
        lines = _wrap(form, size, limit, measure)
        if len(lines) <= 2 and all(_width(chain(*line), size, measure) <= limit for line in lines):
            break
    return list(_place_lines(lines, size, sheet, measure))


def _width(piece: Iterable[Run], size: float, measure: Measure) -> float:
    return sum(measure(text, size) for text, _ in piece)


def _wrap(formula: Formula, size: float, limit: float, measure: Measure) -> list[list[tuple[Run, ...]]]:
    """Return the pieces on as few lines as `limit` allows, with lines of about equal length."""
    pieces = formula.pieces()
    widths = [_width(piece, size, measure) for piece in pieces]
    widths[-2:] = [widths[-2] + widths[-1]]  # the result stays with the last term
    fewest = len(_break(widths, limit))
    # The narrowest limit that needs no further line balances the lines: else the last might hold a single term.
    narrow = next(limit * k / 40 for k in range(1, 41) if k == 40 or len(_break(widths, limit * k / 40)) == fewest)
    ends = _break(widths, narrow)
    ends[-1] = len(pieces)
    return [list(pieces[start:end]) for start, end in zip([0, *ends], ends, strict=False)]


def _break(widths: list[float], limit: float) -> list[int]:
    """Return the end index of each line, filling lines greedily up to `limit` with at least one piece each."""
    ends, length = [], 0.0
    for k, width in enumerate(widths):
        if k and length + width > limit:
            ends.append(k)
            length = 0.0
        length += width
    return [*ends, len(widths)]


def _place_lines(
    lines: list[list[tuple[Run, ...]]], size: float, sheet: Sheet, measure: Measure
) -> Iterator[list[Placed]]:
    """Yield the pieces with their runs placed, line by line, in the space below the tables."""
    leading = 1.45 * size
    y = (sheet.bottom + sheet.height) / 2 + 0.5 * size - leading * (len(lines) - 1) / 2
    for line in lines:
        x = (sheet.width - sum(_width(piece, size, measure) for piece in line)) / 2
        for piece in line:
            placed = []
            for text, role in piece:
                start = x + measure(text[: len(text) - len(text.lstrip())], size)
                placed.append(Placed(text.strip(), role, start, y, measure(text.strip(), size), size))
                x += measure(text, size)
            yield placed
        y += leading
