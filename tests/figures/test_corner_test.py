"""Nine places: the numbers are those given, the trained place is framed and never counted as elsewhere."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import flaws
from said_numbers import assert_says

from figures.corner_test import describe, draw, trace
from generator.theme import DARK, LIGHT

CONV = [[0.102, 0.11, 0.09], [0.1, 0.074, 0.2], [0.12, 0.3, 0.954]]
DENSE = [[0.129, 0.1, 0.1], [0.1, 0.123, 0.1], [0.1, 0.1, 0.944]]
NAMES = ["Conv2D, then Flatten", "Dense", "GlobalMaxPooling", "GlobalMaxPooling, jittered by up to three pixels"]
SHARES = arrays(np.float64, (3, 3), elements=st.floats(0, 1))


@given(SHARES, st.integers(0, 2), st.integers(0, 2))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_elsewhere_is_all_but_the_trained_place(shares: Any, row: int, column: int) -> None:
    network = trace(names=["a"], first=shares, trained=(row, column)).networks[0]
    others = [float(shares[i, j]) for i in range(3) for j in range(3) if (i, j) != (row, column)]
    assert network.home == shares[row, column]
    assert network.elsewhere.tolist() == others


def test_the_text_says_every_number() -> None:
    alt = describe(trace(names=["conv", "dense"], first=CONV, second=DENSE)).alt
    assert alt.startswith(
        "Accuracy at 3 × 3 places, of networks trained on digits at the bottom right. conv: 95.4 % there"
    )
    assert "10.2, 11.0, 9.0; 10.0, 7.4, 20.0; 12.0, 30.0, 95.4" in alt
    assert "7.4 % to 30.0 % elsewhere" in alt


def test_facts_are_lists_in_the_order_of_the_networks() -> None:
    facts = describe(trace(names=["conv", "dense"], first=CONV, second=DENSE)).facts
    assert facts["home"] == [0.954, 0.944]
    assert facts["highest"] == [0.3, 0.129]
    assert facts["trained"] == {"row": 2, "column": 2, "name": "bottom right"}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"names": ["a", "b"]}, "there are 2 names for 1 tables; give one name per table"),
        ({"first": [[1, 0]]}, r"the table of a has shape \(1, 2\); give 3 rows of 3"),
        (
            {"first": 100 * np.array(CONV)},
            "the table of a holds a number that is no share; give accuracies from 0 to 1",
        ),
        ({"first": np.full((3, 3), np.nan)}, "holds a number that is no share"),
        ({"trained": [3, 0]}, r"trained is \[3, 0\]; give row and column, each 0, 1 or 2"),
        ({"trained": [2]}, r"trained is \[2\]; give row and column"),
    ],
)
def test_what_is_no_result_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**({"names": ["a"], "first": CONV} | arguments))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_the_picture_fits_a_slide(theme: Any, count: int) -> None:
    tables = dict(
        zip(
            ("first", "second", "third", "fourth"),
            [CONV, DENSE, np.ones((3, 3)), np.zeros((3, 3))][:count],
            strict=False,
        )
    )
    figure = draw(trace(names=NAMES[:count], **tables), theme)
    assert figure.get_size_inches()[0] == pytest.approx(12.8)
    assert figure.get_size_inches()[1] <= 6
    assert flaws(figure) == []


def test_every_number_stands_in_the_picture() -> None:
    written = [text.get_text() for text in draw(trace(names=["a"], first=CONV), LIGHT).axes[0].texts]
    assert all(f"{100 * share:.1f}" in written for row in CONV for share in row)


@given(SHARES, st.integers(0, 2), st.integers(0, 2))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(shares: Any, row: int, column: int) -> None:

    alt = describe(trace(names=["a"], first=shares, trained=(row, column))).alt
    others = [shares[i, j] for i in range(3) for j in range(3) if (i, j) != (row, column)]
    ends = [shares[row, column], min(others), max(others), *shares.ravel()]
    assert_says(alt, [3, 3, *(100 * np.array(ends))])


def test_an_accuracy_is_100_percent_only_if_it_is_exactly_that() -> None:
    alt = describe(trace(names=["a"], first=[[1, 0.9999, 0.5]] * 3, trained=(0, 1))).alt
    assert "> 99.9 % there, 50.0 % to 100.0 % elsewhere (rows from the top: 100.0, > 99.9, 50.0; " in alt
