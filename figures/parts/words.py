"""Words for figures: the `Description` that a figure kind returns, and helpers that write numbers, sizes and tables.

Numbers are rounded when they are written. Whoever computes with what is written must not be misled by that, so one rule
holds in all kinds: a calculation has "=" only if none of its numbers is rounded, else "≈" (`equals`), in prose "about"
(`about`); a table with a rounded number says so (`quote`); and a share is 0 % or 100 % only if it is exactly that
(`write_percent`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from figures.parts.arithmetic import Array, Padding, Pair


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """What a kind says of the picture that stands beside a question: `alt`, in words that give nothing away.

    choices: where the picture has room for the answers to choose from.
    """

    alt: str
    choices: Literal["middle", "lower", "bottom", "right"] = "bottom"


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


def write_fixed(value: float, digits: int = 2) -> str:
    """Return a number with `digits` decimals and a true minus sign, but never as "−0.00".

    >>> write_fixed(-1.5), write_fixed(-0.001), write_fixed(2)
    ('−1.50', '0.00', '2.00')
    """
    return f"{round(float(value), digits) + 0.0:,.{digits}f}".replace("-", "−")  # + 0.0 turns -0.0 into 0.0


def write_percent(share: float, digits: int = 0) -> str:
    """Return a share in percent; what is only nearly 0 or 1 is not written as 0 % or 100 %.

    >>> write_percent(0.25), write_percent(0.1234, 1), write_percent(0.001), write_percent(0.9999, 1), write_percent(1)
    ('25 %', '12.3 %', '< 1 %', '> 99.9 %', '100 %')
    """
    unit, percent = 10.0**-digits, round(100 * float(share), digits)
    if (share > 0 and percent <= 0) or (share < 1 and percent >= 100):
        return f"< {unit:.{digits}f} %" if percent <= 0 else f"> {100 - unit:.{digits}f} %"
    return f"{write_fixed(percent, digits)} %"


def are_rounded(values: Iterable[float], digits: int = 2) -> bool:
    """Whether writing with `digits` decimals rounds any of these numbers; what only floating point adds is no rounding.

    >>> are_rounded([0.1 + 0.2, 3]), are_rounded([1 / 3])
    (False, True)
    """
    return any(abs(round(float(value), digits) - float(value)) > 1e-9 for value in values)


def equals(values: Iterable[float], digits: int = 2) -> str:
    """Return the sign before a result, with wide spaces: "≈" if writing rounds any of these numbers, else "="."""
    return "  ≈  " if are_rounded(values, digits) else "  =  "


def about(values: Iterable[float], digits: int = 2) -> str:
    """Return what a sentence says before a result, in place of a sign: "about " if any of these numbers is rounded."""
    return "about " if are_rounded(values, digits) else ""


def join(parts: Sequence[str]) -> str:
    """Return parts of a sentence as one: with commas, and "and" before the last.

    >>> join(["a"]), join(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def times(shape: Sequence[int]) -> str:
    """Return a shape as text: (5, 3) gives "5 × 3"."""
    return " × ".join(str(size) for size in shape)


def quote(values: Array) -> str:
    """Return a table as text: its size and its numbers row by row, or only their range if there are more than 100.

    >>> quote(np.array([[1, 2], [3, 4]])), quote(np.array([[0.5, 1 / 3]]))
    ('2 × 2 [1, 2; 3, 4]', '1 × 2 [0.5, 0.33] (rounded)')
    """
    size = times(values.shape)
    if values.size > 100:
        return f"{size} (values from {write_number(values.min())} to {write_number(values.max())})"
    rows = "; ".join(", ".join(write_number(value) for value in row) for row in values)
    return f"{size} [{rows}]{' (rounded)' if are_rounded(values.flat) else ''}"


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


def say_unused(dropped: Pair, skipped: Pair, *, is_dilated: bool = False) -> str:
    """Return sentences, each after a space, about rows and columns that no window uses; "" if there are none.

    dropped: how many lie beyond the last window. skipped: how many lie between the windows, or in a kernel's holes.

    >>> say_unused((1, 1), (0, 0)), say_unused((0, 0), (2, 0))    # doctest: +NORMALIZE_WHITESPACE
    (' The last row and column are dropped: no window fits there.',
     ' 2 rows between the windows are skipped: the stride is larger than the window.')
    """
    return _say_dropped(dropped, "stands" if any(skipped) else "fits") + _say_skipped(skipped, is_dilated=is_dilated)


def _say_dropped(counts: Pair, verb: str) -> str:
    """Return the sentence about the last rows and columns."""
    named = [
        name if count == 1 else f"{count} {name}s"
        for count, name in zip(counts, ("row", "column"), strict=True)
        if count
    ]
    is_one = len(named) == 1 and max(counts) == 1
    subject = f" The last {' and '.join(named)} {'is' if is_one else 'are'}"
    return f"{subject} dropped: no window {verb} there." if named else ""


def _say_skipped(counts: Pair, *, is_dilated: bool) -> str:
    """Return the sentence about what lies between the windows, or in the holes of a dilated kernel."""
    named = [count_noun(count, noun) for count, noun in zip(counts, ("row", "column"), strict=True) if count]
    where, why = "between the windows", "the stride is larger than the window"
    if is_dilated:
        where, why = "in the holes of the kernel", "it is dilated"
    is_one = counts in ((1, 0), (0, 1))
    return f" {' and '.join(named)} {where} {'is' if is_one else 'are'} skipped: {why}." if named else ""


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
