"""A confusion matrix: rows are the true classes, nothing on the diagonal is an error, the largest are named."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import flaws
from said_numbers import assert_says

from figures.confusion import describe, draw, trace
from generator.theme import DARK, LIGHT

SMALL = [[5, 2, 0], [0, 7, 1], [0, 2, 3]]
DIGITS = np.diag([974, 1134, 1023, 1003, 974, 884, 950, 1017, 966, 1001])
DIGITS[[2, 5, 5, 0], [7, 6, 3, 9]] = [7, 7, 6, 1]
MATRICES = st.integers(2, 6).flatmap(lambda n: arrays(np.int64, (n, n), elements=st.integers(0, 20)))


@given(MATRICES)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_errors_are_all_that_is_off_the_diagonal(matrix: Any) -> None:
    if not matrix.any():
        return
    shown = trace(matrix=matrix, count=5)
    off = matrix[~np.eye(len(matrix), dtype=bool)]
    assert shown.errors == off.sum()
    assert [confusion.count for confusion in shown.largest] == sorted(off[off > 0], reverse=True)[:5]
    assert all(matrix[int(c.true), int(c.answered)] == c.count for c in shown.largest)


def test_rows_are_the_true_classes_and_of_equal_confusions_the_first_is_named() -> None:
    assert [str(confusion) for confusion in trace(matrix=SMALL).largest] == ["0 → 1", "2 → 1", "1 → 2"]


def test_row_sums_are_the_counts_of_the_classes() -> None:
    assert describe(trace(matrix=SMALL)).facts["counts"] == [7, 8, 5]


def test_the_matrix_that_tensorflow_makes_of_labels_and_answers_is_read_the_right_way() -> None:
    import tensorflow as tf

    labels, answers = np.array([0, 0, 1, 2, 2, 2]), np.array([0, 1, 1, 2, 0, 0])
    shown = trace(matrix=tf.math.confusion_matrix(labels, answers).numpy())
    assert [(str(c), c.count) for c in shown.largest] == [("2 → 0", 2), ("0 → 1", 1)]


def test_the_text_names_the_largest_with_their_counts() -> None:
    alt = describe(trace(matrix=SMALL, names=["ant", "bee", "cat"])).alt
    assert "20 images, rows the true class, columns the answer: 5 errors (25.00 %)" in alt
    assert "ant → bee 2 times, cat → bee 2 times, bee → cat once" in alt
    assert alt.endswith("ant: 5 of 7; bee: 7 of 8; cat: 3 of 5.")


def test_a_matrix_without_errors_names_none() -> None:
    words = describe(trace(matrix=np.eye(3, dtype=int)))
    assert "Largest confusions (true → answered): none." in words.alt
    assert words.facts["largest"] == {}
    draw(trace(matrix=np.eye(3, dtype=int)), LIGHT)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"matrix": [[1, 2, 3]]}, r"matrix has shape \(1, 3\); give one row and one column per class"),
        ({"matrix": np.ones((13, 13))}, "2 to 12 classes"),
        ({"matrix": [[0.5, 0.5], [0, 1]]}, "matrix is not made of counts; give whole numbers"),
        ({"matrix": [[-1, 0], [0, 1]]}, "matrix is not made of counts"),
        ({"matrix": [[float("nan"), 0], [0, 1]]}, "matrix is not made of counts"),
        ({"names": ["a"]}, "there are 1 names for 3 classes; give one name per class"),
        ({"count": 0}, "count is 0; 1 to 5 confusions can be named"),
    ],
)
def test_what_is_no_confusion_matrix_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**({"matrix": SMALL} | arguments))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("matrix", [SMALL, DIGITS, np.arange(144).reshape(12, 12)])
def test_the_picture_fits_a_slide_and_has_every_count(theme: Any, matrix: Any) -> None:
    figure = draw(trace(matrix=matrix), theme)
    assert figure.get_size_inches()[0] == pytest.approx(12.8)
    assert figure.get_size_inches()[1] <= 6
    assert flaws(figure) == []
    written = [text.get_text() for text in figure.axes[0].texts]
    assert all(f"{count:,}" in written for count in np.ravel(matrix) if count)


@given(st.integers(2, 5), st.integers(0, 99), st.integers(1, 5), st.sampled_from([3, 40, 4000]))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(classes: int, seed: int, count: int, most: int) -> None:

    random = np.random.default_rng(seed)
    matrix = random.integers(0, most, (classes, classes)) * random.integers(0, 2, (classes, classes))
    matrix[0, 0] += 1
    wrong = sorted(
        (int(-matrix[i, j]), i, j) for i in range(classes) for j in range(classes) if i != j and matrix[i, j]
    )
    total, errors, said = int(matrix.sum()), -sum(each[0] for each in wrong), []
    for negative, true, answered in wrong[:count]:
        said += [true, answered, *([-negative] if negative < -1 else [])]
    ties = sum(each[0] == wrong[:count][-1][0] for each in wrong[count:])
    rows = [number for k in range(classes) for number in (k, matrix[k, k], matrix[k].sum())]
    expected = [total, errors, 100 * errors / total, *said, *([ties] if ties else []), *rows]
    assert_says(describe(trace(matrix=matrix, count=count)).alt, expected)


def test_confusions_that_tie_with_the_last_named_are_counted() -> None:
    alt = describe(trace(matrix=[[9, 2, 1], [1, 9, 0], [1, 0, 9]], count=2)).alt
    assert "0 → 1 2 times, 0 → 2 once, and 2 more occur as often as the last." in alt
