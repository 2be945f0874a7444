"""ReLU keeps what is positive, and the picture counts what is not."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from said_numbers import assert_says, quoted, tables

from figures.relu import describe, draw, trace
from generator.theme import LIGHT

MAPS = arrays(np.float32, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.floats(-9, 9, width=32))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@given(MAPS)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_output_is_tensorflows(values: np.ndarray) -> None:
    import tensorflow as tf

    np.testing.assert_array_equal(trace(input=values).output, tf.nn.relu(values).numpy())


def test_negatives_and_zeros_are_counted() -> None:
    facts = describe(trace(input=[[-1, 0], [2, -3]])).facts
    assert (facts["negative"], facts["zeros"], facts["percent"]) == (2, 3, 75)


def test_the_words_say_what_becomes_zero() -> None:
    alt = describe(trace(input=[[-1, 0], [2, -3]])).alt
    assert "2 of its 4 values are below zero and become 0" in alt
    assert "Afterwards 3 values, 75 %, are zero: 2 × 2 [0, 0; 2, 0]." in alt


@pytest.mark.parametrize(("side", "are_numbers"), [(3, True), (26, False)])
def test_small_maps_are_numbers_and_large_ones_colors(side: int, are_numbers: bool) -> None:
    values = np.random.default_rng(0).normal(size=(side, side))
    texts = [text.get_text() for axes in draw(trace(input=values), LIGHT).axes for text in axes.texts]
    assert (f"{values[1, 1]:.2f}".replace("-", "−") in texts) == are_numbers


@given(tables(1, 12))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(input: Any) -> None:

    output = np.array([[value if value > 0 else 0 for value in row] for row in input])
    zeros = int((output == 0).sum())
    said = [*quoted(input), int((input < 0).sum()), input.size, 0, zeros, 100 * zeros / output.size, *quoted(output), 0]
    assert_says(describe(trace(input=input)).alt, said)


def test_a_map_that_is_nearly_all_zero_is_not_said_to_be_so() -> None:
    almost = np.zeros((20, 20), int)
    almost[3, 4] = 1
    assert "399 values, > 99 %, are zero" in describe(trace(input=almost)).alt
    assert "none" not in describe(trace(input=almost)).alt
