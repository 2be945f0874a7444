"""Words for figures: the `Description` that a figure kind returns, and helpers that write numbers, sizes and tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from figures.parts.arithmetic import Array, Padding, Pair


@dataclass(frozen=True, slots=True)
class Group:
    """The results of one network, one number per seed."""

    name: str
    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean over the seeds."""
        return sum(self.values) / len(self.values)


def verdict(one: Group, other: Group) -> str:
    """Return how two groups compare; they differ only if their ranges of values do not overlap.

    >>> verdict(Group("max", (99.1, 99.2)), Group("average", (99.15, 99.3)))
    'these 2 seeds cannot tell max from average'
    >>> verdict(Group("max", (99.1,)), Group("average", (99.3,)))
    'max is below average in one run'
    """
    many, others = len(one.values), len(other.values)
    seeds = f"{many} seeds" if many == others else f"seeds ({many} against {others})"
    where = "in one run" if many == others == 1 else f"in all {seeds}"
    if min(one.values) > max(other.values):
        return f"{one.name} is above {other.name} {where}"
    if max(one.values) < min(other.values):
        return f"{one.name} is below {other.name} {where}"
    if many == others == 1:
        return f"{one.name} is level with {other.name} {where}"
    return f"these {seeds} cannot tell {one.name} from {other.name}"


def count_noun(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless the number is 1.

    >>> count_noun(1, "row"), count_noun(2, "row")
    ('1 row', '2 rows')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def write_number(value: float, digits: int = 2) -> str:
    """Return a number without trailing zeros and with a true minus sign, rounded to `digits` decimals.

    >>> write_number(3), write_number(-0.5), write_number(2.0), write_number(0.333)
    ('3', '−0.5', '2', '0.33')
    """
    if isinstance(value, (int, np.integer)):
        return str(int(value)).replace("-", "−")
    text = f"{float(value):.{digits}f}".rstrip("0").rstrip(".")
    return ("0" if text in ("-0", "") else text).replace("-", "−")


def equals(values: Iterable[float], digits: int = 2) -> str:
    """Return the sign before a result, with wide spaces: "≈" if writing rounds any of these numbers, else "="."""
    return "  =  " if all(round(float(v), digits) == float(v) for v in values) else "  ≈  "


def times(shape: Sequence[int]) -> str:
    """Return a shape as text: (5, 3) gives "5 × 3"."""
    return " × ".join(str(size) for size in shape)


def quote(values: Array) -> str:
    """Return a table as text: its size and its numbers row by row, or only their range if there are more than 100."""
    size = times(values.shape)
    if values.size > 100:
        return f"{size} (values from {write_number(values.min())} to {write_number(values.max())})"
    return f"{size} [" + "; ".join(", ".join(write_number(value) for value in row) for row in values) + "]"


def write_pair(name: str, pair: Pair, silent: int | None = None) -> str:
    """Return a (vertical, horizontal) pair as text, as one number if both are equal; "" if both equal `silent`."""
    if set(pair) == {silent}:
        return ""
    return f"{name} {pair[0]}" if pair[0] == pair[1] else f"{name} {pair[0]} down and {pair[1]} across"


def write_padding(padding: Padding) -> str:
    """Return a padding as text, naming the sides only where they differ."""
    (top, bottom), (left, right) = padding
    if top == bottom == left == right:
        return f"padding {top}" if top else "no padding"
    if padding[0] == padding[1]:
        return f"padding {top} before, {bottom} after"
    return f"padding {top} above, {bottom} below, {left} left, {right} right"


@dataclass(frozen=True, slots=True)
class Description:
    """The words that go with one trace.

    alt:   the whole picture in one or two sentences, with its numbers, for readers who cannot see it.
    steps: one sentence per step, in the order of the film's marks and of the panels of `draw`.
    facts: numbers and short texts, nested by name, which a lecture can quote with `{value}` (`shape.height`).
    """

    alt: str
    steps: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
