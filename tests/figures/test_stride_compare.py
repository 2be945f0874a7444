"""A strided convolution is every s-th place of the dense one, exactly, and both are TensorFlow's."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import flaws
from plain_windows import plain_outputs, said_unused, starts_of, unused_lines
from said_numbers import assert_adds_up, assert_says, quoted, tables

from figures.stride_compare import describe, draw, trace
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

EDGE = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
SEVEN = np.random.default_rng(3).integers(0, 10, (7, 7))
INPUTS = arrays(np.int64, st.tuples(st.integers(3, 5), st.integers(3, 5)), elements=st.integers(-3, 3))
KERNELS = arrays(np.int64, st.tuples(st.integers(2, 3), st.integers(1, 3)), elements=st.integers(-1, 1))


@given(INPUTS, KERNELS)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_output_is_tensorflows_and_every_sth_place_of_the_dense_one(input: Any, kernel: Any) -> None:
    shown = trace(input=input, kernel=kernel)
    image, weights = tf.constant(input[None, :, :, None], tf.float64), tf.constant(kernel[:, :, None, None], tf.float64)
    for panel in shown.panels:
        step = panel.strides
        assert panel.output.tolist() == shown.dense[::step, ::step].tolist()
        assert panel.output.tolist() == tf.nn.conv2d(image, weights, step, "VALID")[0, :, :, 0].numpy().tolist()


@given(INPUTS, KERNELS)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_dropped_cells_change_no_output(input: Any, kernel: Any) -> None:
    for panel in trace(input=input, kernel=kernel).panels:
        rows, columns = panel.dropped
        changed = input.copy()
        changed[input.shape[0] - rows :], changed[:, input.shape[1] - columns :] = 9, 9
        (again,) = trace(input=changed, kernel=kernel, strides=[panel.strides]).panels
        assert again.output.tolist() == panel.output.tolist()


def test_seven_cells_give_five_three_and_two_places() -> None:
    words = describe(trace(input=SEVEN, kernel=EDGE))
    assert [words.facts[f"stride_{step}"]["height"] for step in (1, 2, 3)] == [5, 3, 2]
    assert "Stride 2 keeps 9 of 25 places, ⌊(7 − 3) / 2⌋ + 1 = 3" in words.alt
    assert words.alt.endswith("No window reaches the last row and column of the input.")


def test_height_and_width_have_their_own_calculation_where_they_differ() -> None:
    alt = describe(trace(input=np.ones((5, 7), int), kernel=[[1, 1], [1, 1], [1, 1]], strides=[2])).alt
    assert "⌊(5 − 3) / 2⌋ + 1 = 2 and ⌊(7 − 2) / 2⌋ + 1 = 3" in alt


def test_every_number_is_written() -> None:
    shown = trace(input=SEVEN, kernel=EDGE)
    written = [text.get_text() for text in draw(shown, LIGHT).axes[0].texts]
    tables = [shown.input, shown.kernel, *[shown.dense] * 3, *[panel.output for panel in shown.panels]]
    for number in (str(number).replace("-", "−") for table in tables for number in table.flat):
        written.remove(number)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"strides": []}, r"strides is \[\]; give one to three different strides"),
        ({"strides": [2, 2]}, r"strides is \[2, 2\]; give one to three different"),
        ({"strides": [1, 2, 3, 4]}, "give one to three different strides"),
        ({"strides": [0, 1]}, "a stride is 0; give a whole number from 1"),
        ({"input": np.ones((28, 28), int)}, "has numbers too small to read; give fewer cells"),
        ({"input": SEVEN * 12345}, "give fewer cells .* or numbers of at most three"),
        ({"kernel": np.ones((8, 8), int)}, "a window of 8 × 8 does not fit into 7 × 7 cells"),
        ({"input": [[float("nan")]]}, "input holds a value that is not finite"),
    ],
)
def test_a_bad_argument_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**{"input": SEVEN, "kernel": EDGE, **arguments})


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(
    "arguments",
    [
        {"input": SEVEN, "kernel": EDGE},
        {"input": SEVEN[:6, :6], "kernel": [[0, 1], [1, 0]], "strides": [1, 3]},
        {"input": SEVEN[:5], "kernel": EDGE, "strides": [2]},
        {"input": SEVEN[:4], "kernel": [[1, 1]], "strides": [2, 3]},
        {"input": [[1, 2]], "kernel": [[3]]},
    ],
)
def test_the_picture_fits_a_slide_and_its_texts_stand_apart(theme: Any, arguments: dict[str, Any]) -> None:
    figure = draw(trace(**arguments), theme)
    assert figure.get_size_inches().tolist() == pytest.approx([12.8, 6.0])
    assert flaws(figure) == []


@given(tables(3, 6), tables(1, 3), st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(input: Any, kernel: Any, strides: Any) -> None:

    dense = plain_outputs(input, kernel, (1, 1))
    try:
        words = describe(trace(input=input, kernel=kernel, strides=strides))
    except ValueError as problem:
        assert "too small to read" in str(problem)  # noqa: PT017 - numbers of seven letters do not fit
        return
    said = [*quoted(input), *quoted(kernel), 1, *quoted(dense)]
    for step in strides:
        output = plain_outputs(input, kernel, (step, step))
        if step == 1:
            said += [1, output.size]
            continue
        axes = dict.fromkeys(zip(input.shape, kernel.shape, strict=True))
        formulas = [
            number for size, reach in axes for number in (size, reach, step, 1, len(starts_of(size, reach, step)))
        ]
        lines = [unused_lines(size, (0, 0), reach, step) for size, reach in zip(input.shape, kernel.shape, strict=True)]
        said += [step, output.size, dense.size, *formulas, *quoted(output), *said_unused(lines)]
    assert_says(words.alt, said)
    assert_adds_up(words.alt)


def test_what_lies_between_the_windows_is_said_and_counted() -> None:
    shown = trace(input=np.ones((7, 7), int), kernel=[[1, 1], [1, 1]], strides=[4])
    assert describe(shown).alt.endswith(
        "No window reaches the last row and column of the input. Between the windows 2 rows and 2 columns of the input "
        "are left out."
    )
    assert "unused: 3 rows, 3 columns" in [text.get_text() for text in draw(shown, LIGHT).axes[0].texts]
