"""Three poolings of one map are Keras's, and the words say their numbers."""

import warnings
from typing import Any

import numpy as np
import pytest
from filming import Played, faults, play
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import PANEL_TEXT, flaws, sheet_flaws, words_of
from said_numbers import assert_adds_up, assert_says, quoted, tables

from figures import pooling_compare
from figures.parts.words import write_number
from figures.pooling_compare import NAMES, describe, draw, trace
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

MAP = [
    [1, 3, 2, 1, 0, 2],
    [2, 9, 1, 1, 4, 3],
    [1, 3, 2, 3, 1, 1],
    [5, 6, 1, 2, 0, 2],
    [0, 1, 4, 2, 7, 1],
    [3, 2, 1, 0, 2, 5],
]
SIDES = st.tuples(st.integers(3, 7), st.integers(3, 7))
CASES = {
    "six": {"input": MAP},
    "dropped": {"input": np.array(MAP)[:5, :5]},
    "one window": {"input": [[1, 2], [3, 4]]},
    "threes": {"input": np.arange(81).reshape(9, 9), "pool_size": 3},
    "fractions": {"input": np.arange(42).reshape(6, 7) / 7 - 3},
}  # fmt: skip


@given(arrays(np.int64, SIDES, elements=st.integers(-9, 9)), st.sampled_from([2, 3]))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_three_outputs_are_tensorflows(input: Any, pool_size: int) -> None:
    shown = trace(input=input, pool_size=pool_size)
    image = tf.constant(input[None, :, :, None], tf.float64)
    most, mean = (tf.nn.pool(image, (pool_size,) * 2, kind, strides=(pool_size,) * 2) for kind in ("MAX", "AVG"))
    np.testing.assert_array_equal(shown.outputs["max"], most[0, :, :, 0])
    np.testing.assert_allclose(shown.outputs["average"], mean[0, :, :, 0], atol=1e-12)


@given(arrays(np.int64, SIDES, elements=st.integers(-9, 9)), st.sampled_from([2, 3]))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_top_left_values_are_those_of_a_strided_convolution_with_a_kernel_of_1(input: Any, pool_size: int) -> None:
    shown = trace(input=input, pool_size=pool_size)
    strided = tf.nn.conv2d(tf.constant(input[None, :, :, None], tf.float64), np.ones((1, 1, 1, 1)), pool_size, "VALID")
    rows, columns = shown.shape
    np.testing.assert_array_equal(shown.outputs["strided"], strided[0, :rows, :columns, 0])


def test_the_telling_window_is_the_one_whose_results_differ_most() -> None:
    shown = trace(input=np.rot90(MAP))
    results = np.stack([*shown.outputs.values()])
    spread = np.ptp(results, axis=0)
    assert spread[shown.telling] == spread.max()
    assert shown.places == [(0, 0), shown.telling]
    assert "where the three differ most" in describe(shown).steps[1]


def test_where_the_first_window_is_the_telling_one_another_is_a_step_too() -> None:
    assert trace(input=MAP).places == [(0, 0), (1, 0)]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"pool_size": 4}, "pool_size is 4; give 2 or 3"),
        ({"pool_size": True}, "pool_size is True; give 2 or 3"),
        ({"input": np.ones((8, 3))}, "input is 8 × 3; give a smaller map, of at most 3 × 3 windows"),
        ({"input": [[1234567, 0], [0, 0]]}, "'1234567' is too long for a cell of an output; give rounded"),
        ({"input": [[1, 2]]}, r"a window of 2 × 2 does not fit into 1 × 2 cells"),
    ],
)
def test_a_bad_argument_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**{"input": MAP, **arguments})


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("case", CASES)
def test_the_picture_fits_a_slide_and_no_words_overlap(theme: Any, case: str) -> None:
    assert sheet_flaws(draw(trace(**CASES[case]), theme)) == []


@pytest.mark.parametrize("case", CASES)
def test_panels_fit_their_sheets(case: str) -> None:
    shown = trace(**CASES[case])
    for step in range(len(describe(shown).steps)):
        assert flaws(draw(shown, LIGHT, step), PANEL_TEXT) == []


def test_the_still_writes_every_number_of_the_outputs() -> None:
    shown = trace(input=MAP)
    written = words_of(draw(shown, LIGHT))
    for output in shown.outputs.values():
        for value in output.flat:
            written.remove(write_number(value))


@pytest.fixture(scope="module", params=CASES)
def played(request: Any) -> Played:
    return play(pooling_compare, CASES[request.param])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_film_says_its_steps_and_its_texts_stand_apart(played: Played) -> None:
    assert played.sentences[1:] == list(describe(played.trace).steps)
    assert faults(played) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_film_fills_the_outputs_up_to_the_window_of_each_step(played: Played) -> None:
    shown = played.trace
    ends = [row * shown.shape[1] + column + 1 for row, column in shown.places]
    for known, mark in zip([*ends, shown.outputs["max"].size], played.marks[1:], strict=True):
        written = [text.text for text in mark]
        for number in [value for output in shown.outputs.values() for value in output.ravel()[:known]]:
            written.remove(write_number(number))


@given(tables(3, 7), st.sampled_from([2, 3]))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(input: Any, pool_size: int) -> None:
    assume(input.shape[0] >= pool_size and input.shape[1] >= pool_size)
    shown = trace(input=input, pool_size=pool_size)
    words, (rows, columns) = describe(shown), (side // pool_size for side in input.shape)
    cut = input[: rows * pool_size, : columns * pool_size].reshape(rows, pool_size, columns, pool_size)
    outputs = [cut.max(axis=(1, 3)), cut.mean(axis=(1, 3)), cut[:, 0, :, 0]]
    unused = [side % pool_size for side in input.shape if side % pool_size > 1]
    said = [number for output in outputs for number in quoted(output)]
    assert_says(words.alt, [*quoted(input), pool_size, pool_size, *said, *unused])
    for (row, column), sentence in zip(shown.places, words.steps[:-1], strict=True):
        window = cut[row, :, column].ravel()
        results = [output[row, column] for output in outputs]
        numbers = [*window, results[0], *window, pool_size**2, results[1], results[2]]
        assert_says(sentence, [row + 1, column + 1, *numbers])
    many = [rows * columns] if rows * columns > 1 else []
    assert_says(words.steps[-1], [*many, pool_size**2, pool_size**2 - 1, *unused])
    assert_adds_up(words.steps)
    assert [len(NAMES), words.facts["windows"]] == [3, rows * columns]
