"""Maps, rows and largest values are those of Keras's layers, and places that are lit are counted."""

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

from figures import flatten_shift
from figures.flatten_shift import describe, draw, say_shift, trace
from figures.parts.shifting import move
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

INPUT = np.pad(np.random.default_rng(0).integers(1, 200, (12, 12)), 8)
KERNELS = np.array([[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], [[1, 1, 1], [0, 0, 0], [-1, -1, -1]]])
SOME = {"input": INPUT, "kernels": KERNELS, "shift": (0, 4)}
OBJECTS = arrays(np.int64, (5, 5), elements=st.integers(-9, 9)).map(lambda table: np.pad(table, 5))
WEIGHTS = arrays(np.int64, st.tuples(st.integers(1, 3), st.just(3), st.just(3)), elements=st.integers(-9, 9))
WAYS = st.tuples(st.integers(-4, 4), st.integers(-4, 4)).filter(any)


@given(OBJECTS, WEIGHTS, WAYS, st.integers(3, 5))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_maps_rows_and_largest_values_are_tensorflows(input: Any, kernels: Any, shift: Any, size: int) -> None:
    try:
        shown = trace(input=input, kernels=kernels, shift=shift, pool_size=size)
    except ValueError:
        assume(False)
    weights = tf.constant(kernels.transpose(1, 2, 0)[:, :, None], tf.float64)
    for state, image in ((shown.rest, input), (shown.moved, move(input, shift))):
        maps = tf.nn.relu(tf.nn.conv2d(tf.constant(image, tf.float64)[None, :, :, None], weights, 1, "VALID"))
        pooled = tf.nn.max_pool2d(maps, size, size, "VALID")
        np.testing.assert_array_equal(state.maps, pooled[0])
        np.testing.assert_array_equal(state.row, tf.reshape(pooled, [-1]))
        np.testing.assert_array_equal(state.largest, tf.reduce_max(pooled, axis=(0, 1, 2)))


def test_a_place_is_lit_from_half_the_largest_value_of_its_map_at_rest_on() -> None:
    shown = trace(input=np.pad([[2, 1, 4]], ((2, 2), (4, 4))), kernels=[[[1]]], pool_size=1, shift=(0, 2))
    assert shown.rest.row[shown.lit(shown.rest)].tolist() == [2, 4]
    assert describe(shown).facts["lit"] == {"rest": 2, "moved": 2, "both": 1}


def test_a_shift_by_whole_windows_keeps_the_largest_values_and_lights_other_places() -> None:
    facts = describe(trace(**SOME)).facts
    assert facts["largest"]["rest"] == facts["largest"]["moved"]
    assert facts["lit"]["both"] < facts["lit"]["rest"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"input": np.ones((33, 4))}, "input is 33 × 4; give at most 32 × 32 pixels"),
        ({"kernels": np.ones((4, 3, 3))}, "there are 4 kernels; give 1 to 3"),
        ({"kernels": [[1, 2]]}, r"kernels has shape \(1, 2\); give an array \(count, height, width\)"),
        ({"pool_size": 2}, "the maps have 338 values; at most 120 fit, take a larger pool_size"),
        ({"shift": (0, 9)}, r"a shift of \(0, 9\) moves a part of the object out of the picture"),
        ({"shift": (0, 0)}, r"shift is \(0, 0\); move the input"),
        ({"shift": 3}, "shift is 3; give a pair of whole numbers"),
        ({"kernels": [[[-1]], [[1]]]}, "a map is 0 everywhere"),
        ({"kernels": [[[123456.5]]]}, "is too long for its cell"),
    ],
)
def test_a_bad_argument_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**(SOME | arguments))


def test_a_shift_is_said_in_words() -> None:
    assert say_shift((1, -2)) == "1 pixel down and 2 pixels to the left"


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_picture_fits_a_slide_and_no_words_overlap(theme: Any, count: int) -> None:
    kernels = [*KERNELS, KERNELS[0].T][:count]
    figure = draw(trace(**SOME | {"kernels": kernels, "shift": (-4, -3)}), theme)
    assert figure.get_size_inches().tolist() == pytest.approx([12.8, 6.0])
    assert flaws(figure) == []


@pytest.mark.parametrize("step", range(3))
def test_a_panel_fits_its_sheet(step: int) -> None:
    figure = draw(trace(**SOME), LIGHT, step)
    assert figure.get_size_inches().tolist() == pytest.approx([4.2, 3.2])
    assert flaws(figure, PANEL_TEXT) == []


@pytest.fixture(scope="module")
def played() -> Played:
    return play(flatten_shift, SOME, DARK)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_mark_follows_the_opening_and_each_step(played: Played) -> None:
    assert played.sentences[1:] == list(describe(played.trace).steps)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_film_is_legible_and_says_the_numbers_of_the_trace(played: Played) -> None:
    assert faults(played) == []
    facts = describe(played.trace).facts
    written = [text.text for text in played.marks[-1]]
    assert f"{facts['lit']['moved']} lit when moved, {facts['lit']['both']} of them as before" in written
    assert all(written.count(str(value)) >= 2 for value in facts["largest"]["rest"])


@given(OBJECTS, WEIGHTS, WAYS, st.integers(3, 5))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(input: Any, kernels: Any, shift: Any, size: int) -> None:
    try:
        words = describe(trace(input=input, kernels=kernels, shift=shift, pool_size=size))
    except ValueError:
        return
    states = []
    for image in (input, move(input, shift)):
        maps = np.stack([np.maximum(plain_outputs(image, kernel, (1, 1)), 0) for kernel in kernels], axis=-1)
        rows = maps.shape[0] // size
        blocks = maps[: rows * size, : rows * size].reshape(rows, size, rows, size, len(kernels))
        states.append(blocks.max(axis=(1, 3)))
    half = states[0].max(axis=(0, 1)) / 2
    before, after = (state >= half for state in states)
    tops = [state.max(axis=(0, 1)) for state in states]
    shape = [*states[0].shape]
    beats = [
        [*shape, before.size, *shape[:2], *shape[2:][: shape[2] > 1], before.sum()],
        [*(abs(way) for way in shift if way), after.sum(), (before & after).sum()],
        [number for k in range(len(kernels)) for number in (k + 1, tops[0][k], tops[1][k])],
    ]
    for sentence, numbers in zip(words.steps, beats, strict=True):
        assert_says(sentence, numbers)
    opening = [*input.shape, shape[2], *shape[:2], size, size]
    assert_says(words.alt, [*opening, *(number for numbers in beats for number in numbers)])
