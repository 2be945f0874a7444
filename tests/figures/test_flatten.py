"""The row is the one that TensorFlow makes, and every number can be followed into it."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import flaws
from said_numbers import assert_says, quoted, tables

from figures.flatten import describe, draw, find_place, trace
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

SMALL = [[[3, 9], [8, 2], [0, 9]], [[7, 7], [3, 9], [3, 1]]]
MAPS = arrays(np.int64, st.tuples(st.integers(1, 3), st.integers(1, 2), st.integers(1, 4)), elements=st.integers(-9, 9))


@given(MAPS)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_the_row_is_tensorflows(maps: Any) -> None:
    assert trace(input=maps).output.tolist() == tf.reshape(maps, [-1]).numpy().tolist()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_the_row_is_that_of_keras_layer() -> None:
    from keras import layers

    row = layers.Flatten()(np.array(SMALL, np.float32)[None])[0].numpy()
    assert trace(input=SMALL).output.tolist() == row.tolist()


@given(MAPS)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_every_number_stands_at_its_place(maps: Any) -> None:
    shown = trace(input=maps)
    for (row, column, channel), value in np.ndenumerate(maps):
        assert shown.output[find_place(shown, row, column, channel)] == value


def test_the_words_say_the_order_and_the_distance_of_two_pixels_above_each_other() -> None:
    words = describe(trace(input=SMALL))
    assert "into a row of 12 numbers: 3, 9, 8, 2, 0, 9, 7, 7, 3, 9, 3, 1." in words.alt
    assert "the place, counting everything from 0, is (row × 3 + column) × 2 + channel." in words.alt
    assert words.facts["down"] == 6
    assert words.facts["length"] == 12


@pytest.mark.parametrize(
    ("input", "problem"),
    [
        ([[1, 2]], r"input has shape \(1, 2\); give an array \(height, width, channels\)"),
        (np.ones((5, 5, 1)), "input is 5 × 5 × 1, 25 numbers; give at most 24"),
        (np.ones((1, 1, 5)), "give at most 24, in 1 to 4 channels"),
        ([[[-1234]]], "−1234 is too long for its cell; give numbers of at most 4 characters"),
        ([[[1], [2, 3]]], "the rows of input differ in length"),
    ],
)
def test_what_does_not_fit_is_refused(input: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(input=input)


def test_every_number_is_written_twice_once_in_its_map_and_once_in_the_row() -> None:
    written = [text.get_text() for text in draw(trace(input=SMALL), LIGHT).axes[0].texts]
    for number in np.array(SMALL).ravel().tolist() * 2:
        written.remove(str(number))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(
    "shape", [(2, 3, 2), (3, 2, 4), (4, 6, 1), (1, 1, 1), (24, 1, 1), (1, 24, 1), (3, 4, 2), (1, 6, 4)]
)
def test_the_picture_fits_a_slide_and_its_texts_stand_apart(theme: Any, shape: tuple[int, int, int]) -> None:
    size = int(np.prod(shape))
    if shape == (24, 1, 1):
        with pytest.raises(ValueError, match="24 rows are too many to read; give at most 6"):
            trace(input=np.arange(size).reshape(shape))
        return
    figure = draw(trace(input=np.arange(size).reshape(shape)), theme)
    assert figure.get_size_inches()[1] <= 6
    assert flaws(figure) == []


@given(tables(1, 3, axes=3))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(input: Any) -> None:

    try:
        alt = describe(trace(input=input)).alt
    except ValueError as problem:
        assert "at most" in str(problem)  # noqa: PT017 - too many numbers, or too long ones
        return
    height, width, channels = input.shape
    maps = [number for k in range(channels) for number in (k, *quoted(input[:, :, k]))]
    row = [input[i, j, k] for i in range(height) for j in range(width) for k in range(channels)]
    assert_says(alt, [channels, *maps, len(row), *row, 0, width, channels])
