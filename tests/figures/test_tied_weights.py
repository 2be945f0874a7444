"""A dense layer with tied weights computes what Keras's convolution does, and its weights are counted rightly."""

from typing import Any

import numpy as np
import pytest
from filming import Played, faults, play
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import PANEL_TEXT, flaws, sheet_flaws, words_of
from plain_windows import plain_outputs
from said_numbers import assert_adds_up, assert_says, quoted

from figures import tied_weights
from figures.parts.keyframes import SMALLEST, Letters
from figures.tied_weights import FREE, color_weight, compose_steps, describe, draw, trace
from generator.theme import DARK, LIGHT

INPUT = [[2, 2, 3, 3, 3], [0, 1, 3, 0, 3], [2, 3, 0, 1, 3], [3, 3, 2, 1, 2], [3, 3, 0, 2, 3]]
KERNEL = [[2, 0, 1], [1, 0, 0], [0, 1, 1]]
CASES: dict[str, dict[str, Any]] = {
    "five": {"input": INPUT, "kernel": KERNEL},
    "four": {"input": np.arange(16).reshape(4, 4), "kernel": [[1, -2], [0, -1]]},
    "one output": {"input": [[1, 2], [3, 4]], "kernel": [[1, 2], [3, 4]]},
    "a row": {"input": [list(range(9))], "kernel": [[-1, 1]]},
}
SIDES = st.tuples(st.integers(1, 5), st.integers(1, 5))
TABLES = arrays(np.int64, SIDES, elements=st.integers(0, 3))
KERNELS = arrays(np.int64, st.tuples(st.integers(1, 3), st.integers(1, 3)), elements=st.integers(-2, 2))


def fits(input: Any, kernel: Any) -> bool:
    """Whether a convolution of the two has one to nine outputs, short enough to be read."""
    sides = [a - b + 1 for a, b in zip(input.shape, kernel.shape, strict=True)]
    if min(sides) < 1 or sides[0] * sides[1] > 9:
        return False
    try:
        trace(input=input, kernel=kernel)
    except ValueError as problem:
        assert "too long for a cell" in str(problem)  # noqa: PT017 - numbers that cannot be read
        return False
    return True


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("case", CASES)
def test_keras_gives_the_same_by_a_dense_layer_with_these_weights_and_by_a_convolution(case: str) -> None:
    import keras
    from keras import layers

    shown = trace(**CASES[case])
    convolution = layers.Conv2D(1, shown.kernel.shape, use_bias=False)
    dense = layers.Dense(shown.size[0], use_bias=False)
    image = shown.input.astype(np.float32)[None, ..., None]
    by_convolution = keras.Sequential([keras.Input(image.shape[1:]), convolution])
    by_dense = keras.Sequential([keras.Input(image.shape[1:]), layers.Flatten(), dense])
    convolution.set_weights([shown.kernel[..., None, None].astype(np.float32)])
    dense.set_weights([shown.matrix.T.astype(np.float32)])
    first, second = (model(image).numpy().ravel() for model in (by_convolution, by_dense))
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(first, shown.output.ravel())
    assert dense.count_params() == describe(shown).facts["dense"]
    assert convolution.count_params() == describe(shown).facts["different"]


@given(TABLES, KERNELS)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_both_ways_give_the_same_numbers(input: Any, kernel: Any) -> None:
    assume(fits(input, kernel))
    shown = trace(input=input, kernel=kernel)
    np.testing.assert_array_equal(shown.dense_output, shown.output)
    np.testing.assert_array_equal(shown.output, plain_outputs(input, kernel, (1, 1)))


@given(TABLES, KERNELS)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_every_output_has_each_weight_of_the_kernel_once_and_zeros_elsewhere(input: Any, kernel: Any) -> None:
    assume(fits(input, kernel))
    shown = trace(input=input, kernel=kernel)
    for places, weights in zip(shown.places, shown.matrix, strict=True):
        assert sorted(places[places != FREE]) == list(range(kernel.size))
        assert not weights[places == FREE].any()


def test_the_weights_of_a_small_picture_are_counted() -> None:
    facts = describe(trace(input=INPUT, kernel=KERNEL)).facts
    counts = [facts[name] for name in ("dense", "kept", "zero", "different", "difference")]
    assert counts == [225, 81, 144, 9, 0]


def test_tied_weights_have_a_color_each() -> None:
    assert len({color_weight(number, 9) for number in range(9)}) == 9


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"input": np.ones((6, 6), int)}, "the input has 36 numbers; at most 25 can be read here"),
        ({"input": np.ones((4, 5), int), "kernel": [[1]]}, "the output has 20 numbers; at most 9 can be read here"),
        ({"kernel": np.ones((4, 4), int)}, "the kernel has 16 numbers; at most 9 can be read here"),
        ({"kernel": [[0.5, 1], [1, 1]]}, "kernel has fractions; give whole numbers"),
        ({"input": [[12345, 1]], "kernel": [[1234567]]}, "is too long for a cell; give smaller whole numbers"),
        ({"kernel": np.ones((3, 6), int)}, "a window of 3 × 6 does not fit into 5 × 5 cells"),
    ],
)
def test_a_bad_argument_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**{"input": INPUT, "kernel": KERNEL, **arguments})


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("case", CASES)
def test_the_picture_fits_a_slide_and_no_words_overlap(theme: Any, case: str) -> None:
    assert sheet_flaws(draw(trace(**CASES[case]), theme)) == []


@pytest.mark.parametrize("case", CASES)
def test_panels_fit_their_sheets(case: str) -> None:
    shown = trace(**CASES[case])
    for step in range(4):
        assert flaws(draw(shown, LIGHT, step), PANEL_TEXT) == []


def test_the_still_has_the_letter_of_a_weight_once_for_each_output_and_once_in_the_kernel() -> None:
    written = words_of(draw(trace(input=INPUT, kernel=KERNEL), LIGHT))
    assert [written.count(letter) for letter in "abcdefghi"] == [10] * 9


@pytest.fixture(scope="module", params=CASES)
def played(request: Any) -> Played:
    return play(tied_weights, CASES[request.param])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_film_says_its_steps_and_its_texts_stand_apart(played: Played) -> None:
    assert played.sentences[1:] == list(describe(played.trace).steps)
    assert faults(played) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_output_stands_there_at_the_last_mark_only(played: Played) -> None:
    *before, last = [[text.text for text in mark] for mark in played.marks]
    assert "output" in last
    assert all("output" not in mark for mark in before)
    for number in played.trace.output.flat:
        last.remove(str(number).replace("-", "−"))


def test_letters_in_the_film_are_large_enough() -> None:
    items = [
        item for step in compose_steps(trace(input=INPUT, kernel=KERNEL)) for frame in step for item in frame.items
    ]
    sizes = {item.size for item in items if isinstance(item, Letters)}
    assert min(sizes) >= SMALLEST


@given(TABLES, KERNELS)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(input: Any, kernel: Any) -> None:
    assume(fits(input, kernel))
    output = plain_outputs(input, kernel, (1, 1))
    words, dense = describe(trace(input=input, kernel=kernel)), output.size * input.size
    kept = output.size * kernel.size
    said = [
        [output.size, input.size, dense],
        [kernel.size, dense - kept, kept],
        [kept, kernel.size, *quoted(kernel)],
        [*quoted(output), *quoted(output), 0],
    ]
    for sentence, numbers in zip(words.steps, said, strict=True):
        assert_says(sentence, numbers)
    assert_says(words.alt, [output.size, *quoted(input), *(number for part in said for number in part)])
    assert_adds_up(words.steps)
