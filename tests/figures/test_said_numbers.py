"""What reads the sentences of figures finds every number and every wrong one, and no kind of figure goes unread."""

from pathlib import Path

import numpy as np
import pytest
from plain_windows import plain_outputs, plain_padding, unused_lines
from said_numbers import assert_adds_up, assert_says, compute, find_numbers, quoted

from figures.parts.words import about, are_rounded, equals, write_percent

ROOT = Path(__file__).parents[2]
KINDS = sorted(path.stem for path in (ROOT / "figures").glob("[!_]*.py"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_words_of_every_kind_are_computed_again(kind: str) -> None:
    text = (ROOT / "tests" / "figures" / f"test_{kind}.py").read_text(encoding="utf-8")
    assert "def test_every_number_that_is_said_is_true(" in text
    assert "assert_says(" in text


def test_numbers_are_found_as_they_are_written() -> None:
    text = "conv2 has 1,234 values from −0.5 to 1.2e3, > 99 % of them in [1, 20, 300; 4]: 2 × 3."
    assert find_numbers(text) == ["1,234", "−0.5", "1.2e3", "> 99", "1", "20", "300", "4", "2", "3"]


@pytest.mark.parametrize(
    ("text", "values"),
    [("3 of 4", [3, 5]), ("3 of 4", [3]), ("3 of 4", [3, 4, 4]), ("0.33", [0.339]), ("< 1 %", [1.5]), ("> 99 %", [98])],
)
def test_a_number_that_is_wrong_missing_or_not_said_is_noticed(text: str, values: list[float]) -> None:
    with pytest.raises(AssertionError):
        assert_says(text, values)


def test_a_number_may_be_rounded_as_it_is_written() -> None:
    assert_says("0.33, 12 %, 1.2e3, > 99 %, −0", [1 / 3, 12.4, 1249, 99.7, -0.2])


@pytest.mark.parametrize(
    ("left", "value"),
    [
        ("1 × −2 + 3", 1),
        ("max(3, −1, 2)", 3),
        ("(1 + 2) ÷ 4", 0.75),
        ("⌊(7 − 3) / 3⌋ + 1", 2),
        ("(3 × 3 weights + 1 bias) × 2 filters", 20),
    ],
)
def test_a_calculation_is_computed_as_it_is_written(left: str, value: float) -> None:
    assert compute(left) == value


def test_a_sum_that_does_not_add_up_is_noticed_unless_it_is_said_to_be_about() -> None:
    assert assert_adds_up("Row 1: 0.23 + 0.07 + 0.11 + 0.1 ≈ 0.5.") == 1
    with pytest.raises(AssertionError):
        assert_adds_up("Row 1: 0.23 + 0.07 + 0.11 + 0.1 = 0.5.")


def test_what_floating_point_adds_is_no_rounding() -> None:
    assert not are_rounded([0.1 + 0.2])
    assert (equals([0.1 + 0.2]).strip(), about([0.1 + 0.2])) == ("=", "")
    assert (equals([1 / 3]).strip(), about([1 / 3])) == ("≈", "about ")


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (1e-9, "< 1 %"), (0.5, "50 %"), (0.9999, "> 99 %"), (1, "100 %"), (1.25, "125 %"), (-0.2, "−20 %")],
)
def test_a_share_is_0_or_100_percent_only_if_it_is_exactly_that(share: float, text: str) -> None:
    assert write_percent(share) == text


def test_plain_windows_are_as_one_counts_them_by_hand() -> None:
    assert plain_padding("same", 6, 3, 2) == (0, 1)
    assert unused_lines(8, (0, 0), 2, 4) == (2, 2)
    table = np.arange(9).reshape(3, 3)
    assert plain_outputs(table, np.array([[0, 1], [2, 3]]), (1, 1)).tolist() == [[19, 25], [37, 43]]  # d2l.ai, 7.2
    assert quoted(table)[:3] == [3, 3, 0]
