"""A window that slides over a table: what convolution and pooling have in common, in words and positions.

Says what the window sees at each place and writes the calculation out; `composition` says where it all stands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from figures.arithmetic import Array, Padding, Pair

Run = tuple[str, str]  # a piece of text, and the role that colors it


@dataclass(frozen=True, slots=True)
class Formula:
    """A calculation written out: `head`, then terms with `joint` between, then `tail`; lines break after a joint."""

    terms: tuple[tuple[Run, ...], ...]
    joint: str
    tail: tuple[Run, ...]
    head: tuple[Run, ...] = ()

    def pieces(self) -> tuple[tuple[Run, ...], ...]:
        """Return what cannot be broken: a piece a term, each with its joint, and the tail as the last."""
        ends: list[tuple[Run, ...]] = [((self.joint, "ink"),)] * (len(self.terms) - 1) + [()]
        first, *others = [term + end for term, end in zip(self.terms, ends, strict=True)]
        return (self.head + first, *others, self.tail)

    def tighten(self) -> "Formula":
        """Return the same calculation with single spaces."""

        def single(runs: Iterable[Run]) -> tuple[Run, ...]:
            return tuple((text.replace("  ", " "), role) for text, role in runs)

        terms = tuple(single(term) for term in self.terms)
        return Formula(terms, self.joint.replace("  ", " "), single(self.tail), single(self.head))

    def __str__(self) -> str:
        return " ".join("".join(text for piece in self.pieces() for text, _ in piece).split())


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the window: its `row` and `column` in the output, from 0, and the calculation there.

    `short` is the calculation with less written out; `chosen` counts (row by row) the cell of the window that won.
    """

    row: int
    column: int
    formula: Formula
    short: Formula | None = None
    chosen: int | None = None


@dataclass(frozen=True, slots=True)
class Sliding:
    """All that a picture of a sliding window shows; arrays are (height, width)."""

    padded: Array
    real: Array  # which cells of `padded` are input
    kernel: Array | None
    kernel_size: Pair
    strides: Pair
    output: Array
    places: tuple[Place, ...]
    dilation_rate: Pair = (1, 1)
    pad_text: str = "0"
    notes: dict[str, str] = field(default_factory=dict)  # the second line over each column

    @property
    def reach(self) -> Pair:
        """Rows and columns between the window's edges."""
        (height, width), (down, across) = self.kernel_size, self.dilation_rate
        return (height - 1) * down + 1, (width - 1) * across + 1

    @property
    def key(self) -> Place:
        """The place that stands for all in a still: the first, or in a large output the one with the largest result."""
        if self.output.size <= 100:
            return self.places[0]
        return max(self.places, key=lambda place: float(self.output[place.row, place.column]))

    @property
    def inner(self) -> tuple[int, int, int, int]:
        """The input within the padding: its first row and column, its height and width."""
        rows, columns = self.real.any(axis=1), self.real.any(axis=0)
        return int(rows.argmax()), int(columns.argmax()), int(rows.sum()), int(columns.sum())

    @property
    def dropped(self) -> Array:
        """Which cells of the input lie beyond the last window."""
        rows = (self.output.shape[0] - 1) * self.strides[0] + self.reach[0]
        columns = (self.output.shape[1] - 1) * self.strides[1] + self.reach[1]
        beyond = np.ones(self.padded.shape, dtype=bool)
        beyond[:rows, :columns] = False
        return np.asarray(beyond & self.real)

    @property
    def dropped_lines(self) -> Pair:
        """How many rows and columns of the input no window reaches."""
        whole = [(self.dropped | ~self.real).all(axis=axis) & self.real.any(axis=axis) for axis in (1, 0)]
        return int(whole[0].sum()), int(whole[1].sum())

    def corner(self, place: Place) -> Pair:
        """Return the window's first row and column in the padded input."""
        return place.row * self.strides[0], place.column * self.strides[1]

    def cells(self, place: Place) -> list[Pair]:
        """Return the cells of the padded input that the window takes, row by row."""
        top, left = self.corner(place)
        down, across = self.dilation_rate
        return [
            (top + i * down, left + j * across) for i in range(self.kernel_size[0]) for j in range(self.kernel_size[1])
        ]

    def texts(self, name: str, place: Place) -> list[list[str]]:
        """Return what stands in the cells of a column: "input", "window" (at `place`), "kernel" or "output"."""
        if name == "input":
            return [
                [write_number(v) if real else self.pad_text for v, real in zip(*pair, strict=True)]
                for pair in zip(self.padded, self.real, strict=True)
            ]
        return [[write_number(value) for value in row] for row in self.values(name, place)]

    def widest_texts(self, name: str) -> list[list[str]]:
        """Return for each cell of a column the longest text that ever stands there."""
        if name != "window":
            return self.texts(name, self.places[0])
        tables = [self.texts(name, place) for place in self.places]
        return [[max(cells, key=len) for cells in zip(*rows, strict=True)] for rows in zip(*tables, strict=True)]

    def values(self, name: str, place: Place) -> Array:
        """Return the numbers of a column, as `texts`."""
        if name == "window":
            seen = [self.padded[cell] for cell in self.cells(place)]
            return np.reshape(seen, self.kernel_size)
        columns = {"input": self.padded, "kernel": self.kernel, "output": self.output}
        return np.asarray(columns[name])


def write_number(value: float, digits: int = 2) -> str:
    """Return a number as people write it: no needless zeros, a true minus sign.

    >>> write_number(3), write_number(-0.5), write_number(2.0), write_number(0.333)
    ('3', '−0.5', '2', '0.33')
    """
    if isinstance(value, (int, np.integer)):
        return str(int(value)).replace("-", "−")
    text = f"{float(value):.{digits}f}".rstrip("0").rstrip(".")
    return ("0" if text in ("-0", "") else text).replace("-", "−")


def equals(values: Iterable[float], digits: int = 2) -> str:
    """Return the sign before a result, with wide spaces: "≈" if writing any of these numbers rounds it."""
    return "  =  " if all(round(float(v), digits) == float(v) for v in values) else "  ≈  "


def choose_places(output: Array, steps: int | Sequence[int] | None) -> list[Pair]:
    """Return which places of an output become steps, as (row, column).

    `steps`: so many from the start, or numbers counted row by row from 0. By default all of up to nine; of up to a
    hundred the first three, the first of the second row and the last; of more the
    largest, the most negative and the last.
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


def times(shape: Sequence[int]) -> str:
    """Return a size as text: (5, 3) is "5 × 3"."""
    return " × ".join(str(size) for size in shape)


def quote(values: Array) -> str:
    """Return a table as text: its size, and its numbers row by row; of a large one the range."""
    size = times(values.shape)
    if values.size > 100:
        return f"{size} (values from {write_number(values.min())} to {write_number(values.max())})"
    return f"{size} [" + "; ".join(", ".join(write_number(value) for value in row) for row in values) + "]"


def write_pair(name: str, pair: Pair, silent: int | None = None) -> str:
    """Return a vertical and a horizontal number as text, once if they are equal; nothing if both are `silent`."""
    if set(pair) == {silent}:
        return ""
    return f"{name} {pair[0]}" if pair[0] == pair[1] else f"{name} {pair[0]} down and {pair[1]} across"


def write_padding(padding: Padding) -> str:
    """Return a padding as text; one that differs between the ends names the ends."""
    (top, bottom), (left, right) = padding
    if top == bottom == left == right:
        return f"padding {top}" if top else "no padding"
    if padding[0] == padding[1]:
        return f"padding {top} before, {bottom} after"
    return f"padding {top} above, {bottom} below, {left} left, {right} right"


def drop_sentence(view: Sliding) -> str:
    """Return the sentence, with a space before it, that names what no window reaches; nothing if all is reached."""
    named = [
        name if count == 1 else f"{count} {name}s"
        for name, count in zip(("row", "column"), view.dropped_lines, strict=True)
        if count
    ]
    if not named:
        return ""
    is_one = len(named) == 1 and max(view.dropped_lines) == 1
    return f" The last {' and '.join(named)} {'is' if is_one else 'are'} dropped: no window fits there."
