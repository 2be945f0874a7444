"""Shifting and convolving may change places exactly on the lattice of the strides, as TensorFlow agrees."""

import warnings
from typing import Any

import numpy as np
import pytest
from filming import Played, faults, play
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import PANEL_TEXT, flaws
from plain_windows import plain_outputs
from said_numbers import assert_says

from figures import equivariance
from figures.equivariance import describe, draw, say_error, say_shift, trace
from figures.parts.shifting import move
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

SIDES = st.tuples(st.integers(1, 6), st.integers(1, 6))
TABLES = arrays(np.int64, SIDES, elements=st.integers(-9, 9))
FLOATS = arrays(np.float64, SIDES, elements=st.floats(-9, 9, width=32))
KERNELS = arrays(np.int64, st.tuples(st.integers(1, 3), st.integers(1, 3)), elements=st.integers(-9, 9))
SHIFTS = st.tuples(st.integers(-5, 5), st.integers(-5, 5))
RING = [[0, 0, 0, 0, 0], [0, 9, 9, 9, 0], [0, 9, 0, 9, 0], [0, 9, 9, 9, 0], [0, 0, 0, 0, 0]]
EDGE = [[-1, 1], [-1, 1]]
LIST = [(0, 1), (2, 0), (-3, 4), (4, 4)]


def convolve(input: Any, kernel: Any, strides: int) -> Any:
    """Return TensorFlow's map."""
    image, weights = (tf.constant(a, tf.float64) for a in (input[None, :, :, None], kernel[:, :, None, None]))
    return tf.nn.conv2d(image, weights, strides, "VALID")[0, :, :, 0].numpy()


@given(TABLES, KERNELS, SHIFTS, st.integers(1, 3))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_both_ways_are_tensorflows(input: Any, kernel: Any, shift: Any, strides: int) -> None:
    assume(input.any() and kernel.any())
    try:
        shown = trace(input=input, kernel=kernel, shifts=[shift], strides=strides)
    except ValueError:
        assume(False)  # the strides leap over all that is not 0
    step = shown.steps[0]
    np.testing.assert_array_equal(shown.output, convolve(shown.input, kernel, strides))
    np.testing.assert_array_equal(step.shifted_first, convolve(step.input, kernel, strides))
    np.testing.assert_array_equal(step.convolved_first, move(shown.output, step.moved))


@given(st.one_of(TABLES, FLOATS), KERNELS, SHIFTS, st.integers(1, 3))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_on_the_lattice_of_the_strides_the_difference_is_exactly_0(
    input: Any, kernel: Any, shift: Any, strides: int
) -> None:
    assume(input.any() and kernel.any())
    try:
        shown = trace(input=input, kernel=kernel, shifts=[(strides * shift[0], strides * shift[1])], strides=strides)
    except ValueError:
        assume(False)
    step = shown.steps[0]
    assert step.is_exact
    assert step.error == 0
    assert step.moved == tuple(shift)


@given(TABLES, KERNELS, SHIFTS)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_nothing_leaves_the_picture(input: Any, kernel: Any, shift: Any) -> None:
    assume(input.any() and kernel.any())
    shown = trace(input=input, kernel=kernel, shifts=[shift])
    step = shown.steps[0]
    assert step.input.sum() == shown.input.sum() == input.sum()
    assert np.count_nonzero(step.convolved_first) == np.count_nonzero(shown.output)


@given(TABLES, KERNELS, st.tuples(st.sampled_from([-3, -1, 1, 3]), st.integers(-3, 3)))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_between_the_lattice_no_whole_shift_fits_better(input: Any, kernel: Any, shift: Any) -> None:
    assume(input.any() and kernel.any())
    try:
        shown = trace(input=input, kernel=kernel, shifts=[shift], strides=2)
    except ValueError:
        assume(False)
    step = shown.steps[0]
    near = [
        (i, j) for i in range(-2, 3) for j in range(-2, 3) if abs(2 * i - shift[0]) < 2 and abs(2 * j - shift[1]) < 2
    ]
    least = min(np.linalg.norm(step.shifted_first - move(shown.output, place)) for place in near)
    assert np.linalg.norm(step.difference) == least


def test_a_real_edge_kernel_at_stride_2_is_off_by_a_written_error_at_odd_shifts_only() -> None:
    facts = describe(trace(input=RING, kernel=EDGE, shifts=[(0, 1), (0, 2), (1, 2), (2, 2)], strides=2)).facts
    assert facts["exact"] == [False, True, False, True]
    assert [error == 0 for error in facts["errors"]] == facts["exact"]
    assert facts["largest_error"] > 0.3


def test_a_shift_moves_in_zeros() -> None:
    assert move(np.arange(1, 10).reshape(3, 3), (1, -1)).tolist() == [[0, 0, 0], [2, 3, 0], [5, 6, 0]]


def test_the_words_say_shift_and_verdict() -> None:
    words = describe(trace(input=RING, kernel=EDGE, shifts=[(0, 1), (0, 2)], strides=2))
    assert "the map would have to move 0.5 right" in words.steps[0]
    assert words.steps[1].endswith("moved 1 right; the difference is exactly 0.")
    assert all(sentence in words.alt for sentence in words.steps)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"shifts": []}, r"there are 0 shifts; give 1 to 5 pairs"),
        ({"shifts": [(0, 1)] * 6}, "there are 6 shifts; give 1 to 5"),
        ({"shifts": [3]}, r"a shift is 3; give a pair of whole numbers"),
        ({"shifts": [(0, 0.5)]}, r"a shift is \(0, 0.5\); give a pair of whole numbers"),
        ({"shifts": [(0, 17)]}, r"a shift is \(0, 17\); the furthest is 16 pixels"),
        ({"input": np.zeros((3, 3))}, "the input is 0 everywhere; give an object"),
        ({"input": np.ones((64, 64))}, r"need 72 × 72 pixels; at most 64 × 64 fit"),
        ({"kernel": [[0]]}, "the map is 0 everywhere, so no shift can be seen"),
        ({"kernel": [1]}, r"kernel has shape \(1,\); give a table"),
        ({"strides": 0}, "strides is 0; the smallest is 1"),
    ],
)
def test_a_bad_argument_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**({"input": RING, "kernel": EDGE} | arguments))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("strides", [1, 2, (1, 2), 3])
def test_the_picture_fits_a_slide_and_no_words_overlap(theme: Any, strides: Any) -> None:
    figure = draw(trace(input=RING, kernel=EDGE, shifts=LIST, strides=strides), theme)
    assert figure.get_size_inches().tolist() == pytest.approx([12.8, 6.0])
    assert flaws(figure) == []


@pytest.mark.parametrize("step", range(4))
def test_a_panel_fits_its_sheet(step: int) -> None:
    figure = draw(trace(input=RING, kernel=EDGE, shifts=LIST, strides=2), LIGHT, step)
    assert figure.get_size_inches().tolist() == pytest.approx([4.2, 3.2])
    assert flaws(figure, PANEL_TEXT) == []


@pytest.fixture(scope="module", params=[1, 2])
def played(request: Any) -> Played:
    return play(equivariance, {"input": RING, "kernel": EDGE, "shifts": LIST, "strides": request.param}, DARK)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_mark_follows_the_opening_and_each_shift(played: Played) -> None:
    assert played.sentences[1:] == list(describe(played.trace).steps)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_film_is_legible_and_says_the_numbers_of_the_trace(played: Played) -> None:
    assert faults(played) == []
    for step, mark in zip(played.trace.steps, played.marks[1:], strict=True):
        written = [text.text for text in mark]
        assert say_error(step) in written
        assert say_shift(step.shift) in written


@given(TABLES, KERNELS, st.lists(SHIFTS, min_size=1, max_size=3), st.integers(1, 3))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(input: Any, kernel: Any, shifts: Any, strides: int) -> None:

    try:
        shown = trace(input=input, kernel=kernel, shifts=shifts, strides=strides)
    except ValueError as problem:
        assert "0 everywhere" in str(problem)  # noqa: PT017 - nothing to be seen
        return
    words = describe(shown)
    rest, said = plain_outputs(shown.input, kernel, (strides, strides)), []
    for shift, sentence in zip(shifts, words.steps, strict=True):
        there = plain_outputs(move(shown.input, shift), kernel, (strides, strides))
        rows, columns = ({way // strides, -(-way // strides)} for way in shift)
        choices = [(np.linalg.norm(there - move(rest, (i, j))), i, j) for i in sorted(rows) for j in sorted(columns)]
        error, *moved = min(choices, key=lambda choice: choice[0])
        ways, to = [abs(way) for way in shift if way], [abs(way) for way in moved if way]
        expected = [*ways, *to, 0]
        if error:
            need = [abs(way) / strides for way in shift if way]
            expected = [*ways, strides, *need, *to, error / np.linalg.norm(move(rest, tuple(moved)))]
        assert_says(sentence, expected)
        said += expected
    ends = [*shown.input.shape, *kernel.shape, strides, *rest.shape, rest.min(), rest.max()]
    assert_says(words.alt, [*ends, *said])


def test_a_shift_between_cells_names_the_neighbor_that_fits_best() -> None:
    words = describe(trace(input=RING, kernel=EDGE, shifts=[(0, 1)], strides=3))
    assert (
        "the map would have to move about 0.33 right, but it can move only by whole cells; the best fit nearby"
        in words.alt
    )
