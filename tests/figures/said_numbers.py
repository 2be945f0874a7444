"""Reads the numbers and the calculations that a figure says aloud, so that a test can compute them again."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

NUMBER = r"−?(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d+)?(?:e−?\d+)?"
SAID = re.compile(rf"(?P<bound>[<>] )?(?<![\w.])(?P<number>{NUMBER})")
WORDS = r"max|bias|weights?|maps?|filters?"
CALCULATION = re.compile(
    rf"(?P<left>(?:{WORDS}|[-0-9.,−×+÷/() ⌊⌋])*[\d)⌋](?: (?:{WORDS}))*) (?P<sign>[=≈]) (?P<right>{NUMBER})"
)
LONGEST_TABLE = 100  # numbers; of a larger table, only the range is said


def find_numbers(text: str) -> list[str]:
    """Return every number of a text as it is written, with "<" or ">" before it where that is said."""
    return [(found["bound"] or "") + found["number"] for found in SAID.finditer(text)]


def read(number: str) -> float:
    """Return the value of a number as it is written."""
    return float(number.replace("−", "-").replace(",", ""))


def quoted(values: Any) -> list[float]:
    """Return the numbers that a quoted table says: its size, then all its values, or only their range."""
    table = np.asarray(values)
    said = table.ravel() if table.size <= LONGEST_TABLE else np.array([table.min(), table.max()])
    return [*map(float, table.shape), *map(float, said)]


def assert_says(text: str, expected: Iterable[float]) -> None:
    """Assert that the numbers in `text` are exactly `expected`, in this order, each rounded as it is written."""
    said, true = find_numbers(text), [float(value) for value in expected]
    assert len(said) == len(true), f"{said} are not {true} in: {text}"
    for number, value in zip(said, true, strict=True):
        assert _is_true(number, value), f"{number} is said for {value} in: {text}"


def _is_true(number: str, value: float) -> bool:
    """Return whether a number, as it is written, stands for `value`."""
    if number[0] in "<>":
        bound = read(number[2:])
        return value < bound if number[0] == "<" else value > bound
    digits = number.partition("e")[0].partition(".")[2]
    unit = 10.0 ** (int((number.partition("e")[2] or "0").replace("−", "-")) - len(digits))
    return math.isclose(read(number), value, rel_tol=1e-9, abs_tol=0.5 * unit * (1 + 1e-6) + 1e-12)


def find_calculations(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield every calculation in a text as (left side, "=" or "≈", result)."""
    for found in CALCULATION.finditer(text):
        yield found["left"].strip(" ,."), found["sign"], found["right"]


def compute(calculation: str) -> Fraction:
    """Return the exact value of a calculation as it is written."""
    text = re.sub(r"\b(?!max)[a-z]+\b", "", calculation).replace("⌊", "floor(").replace("⌋", ")")
    text = re.sub(r"\d+(?:\.\d+)?", lambda found: f"Fraction('{found.group()}')", text)
    for sign, operator in (("−", "-"), ("×", "*"), ("÷", "/")):
        text = text.replace(sign, operator)
    return Fraction(eval(text.strip(), {"Fraction": Fraction, "max": _largest, "floor": math.floor}))  # noqa: S307


def _largest(*values: Fraction) -> Fraction:
    """Return the largest of one or more numbers."""
    return max(values)


def assert_adds_up(texts: str | Sequence[str]) -> int:
    """Assert that every calculation with "=" gives, as it is written, what it says; return how many there are."""
    found = [each for text in ([texts] if isinstance(texts, str) else texts) for each in find_calculations(text)]
    for left, sign, right in found:
        if sign == "=":
            assert compute(left) == Fraction(str(read(right))), f"{left} = {right}"
    return len(found)


def tables(least: int, most: int, axes: int = 2) -> st.SearchStrategy[Any]:
    """Return a strategy for tables with sides from `least` to `most`: whole numbers, short decimals, long ones."""
    shapes = st.tuples(*[st.integers(least, most)] * axes)
    whole = arrays(np.int64, shapes, elements=st.integers(-9, 9))
    return st.one_of(whole, whole.map(lambda table: table / 10), whole.map(lambda table: table / 7))
