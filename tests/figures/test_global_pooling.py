"""Global pooling is TensorFlow's reduction over rows and columns."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import flaws
from said_numbers import assert_says, quoted, tables

from figures.global_pooling import describe, draw, trace
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

SMALL = np.random.default_rng(1).integers(-5, 10, (4, 4, 3))
REAL = np.maximum(np.random.default_rng(2).normal(size=(11, 11, 64)), 0)
MAPS = arrays(np.float64, st.tuples(*[st.integers(1, 5)] * 3), elements=st.floats(-100, 100, width=32))


@given(MAPS)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_the_numbers_are_tensorflows(maps: Any) -> None:
    shown = trace(maps=maps)
    assert shown.largest.tolist() == tf.reduce_max(maps, axis=(0, 1)).numpy().tolist()
    np.testing.assert_allclose(shown.average, tf.reduce_mean(maps, axis=(0, 1)).numpy(), atol=1e-5)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_the_numbers_are_those_of_keras_layers() -> None:
    from keras import layers

    batch = REAL[None].astype(np.float32)
    shown = trace(maps=REAL, channels=[3, 60])
    np.testing.assert_allclose(shown.largest, layers.GlobalMaxPooling2D()(batch)[0].numpy()[[3, 60]], atol=1e-5)
    np.testing.assert_allclose(shown.average, layers.GlobalAveragePooling2D()(batch)[0].numpy()[[3, 60]], atol=1e-5)


@given(MAPS)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_the_framed_cell_holds_the_largest_value(maps: Any) -> None:
    shown = trace(maps=maps)
    assert [maps[row, column, k] for k, (row, column) in enumerate(shown.winners)] == shown.largest.tolist()


def test_moving_a_map_changes_neither_number() -> None:
    one, other = trace(maps=SMALL), trace(maps=np.roll(SMALL, (1, 2), axis=(0, 1)))
    assert one.largest.tolist() == other.largest.tolist()
    assert one.average.tolist() == other.average.tolist()


def test_the_words_say_every_number_and_facts_count_them() -> None:
    words = describe(trace(maps=[[[1, 5], [2, -6]]]))
    assert "channel 0 1 × 2 [1, 2], largest 2, average 1.5" in words.alt
    assert words.alt.endswith("4 numbers become 2.")
    assert words.facts["max"] == [2, 5]
    assert describe(trace(maps=REAL, channels=[0])).facts["after"] == 64


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"maps": [[1, 2]]}, r"maps has shape \(1, 2\); give an array \(height, width, channels\)"),
        ({"maps": np.full((2, 2, 1), np.nan)}, "maps holds a value that is not finite"),
        ({"maps": REAL}, r"64 channels are to be shown; choose 1 to 6 different ones with channels=\[…\]"),
        ({"maps": REAL, "channels": [64]}, "there is no channel 64; the maps have 0 to 63"),
        ({"maps": SMALL, "channels": []}, "0 channels are to be shown"),
    ],
)
def test_what_does_not_fit_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**arguments)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(
    "arguments",
    [{"maps": SMALL}, {"maps": REAL, "channels": [0, 1, 2, 3, 4, 5]}, {"maps": REAL - 1, "channels": [9]},
     {"maps": SMALL[:1, :1] / 7}, {"maps": np.full((2, 9, 2), -1234.5)}],
)  # fmt: skip
def test_the_picture_fits_a_slide_and_its_texts_stand_apart(theme: Any, arguments: dict[str, Any]) -> None:
    figure = draw(trace(**arguments), theme)
    assert figure.get_size_inches()[1] <= 6
    assert flaws(figure) == []


@given(tables(1, 4, axes=3))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(maps: Any) -> None:

    height, width, channels = maps.shape
    each = [
        [*quoted(maps[:, :, k]), maps[:, :, k].max(), maps[:, :, k].sum() / (height * width)] for k in range(channels)
    ]
    said = [number for k in range(channels) for number in (k, *each[k])]
    expected = [channels, height, width, *said, height * width * channels, channels]
    assert_says(describe(trace(maps=maps)).alt, expected)


def test_an_average_that_is_rounded_is_said_to_be_about() -> None:
    words = describe(trace(maps=np.array([[[1], [0], [0]]])))
    assert "largest 1, average about 0.33. 3 numbers become 1." in words.alt
