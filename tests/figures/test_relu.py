"""ReLU keeps what is positive, and the picture counts what is not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

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
