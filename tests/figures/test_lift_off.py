"""One value of a map is TensorFlow's, and its products, parts and sum are what is drawn and said."""

import warnings
from typing import Any

import numpy as np
import pytest
from filming import Played, faults, play
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import PANEL_TEXT, flaws, sheet_flaws, words_of
from plain_windows import plain_outputs
from said_numbers import assert_adds_up, assert_says, quoted, tables

from figures import lift_off
from figures.lift_off import Bar, compose_ending, compose_patch, compose_stack, describe, draw, place_patch, trace
from figures.parts.keyframes import Box, Line
from figures.parts.still import READABLE, contrast
from figures.parts.words import write_number
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

SOBEL = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
DIGIT = np.kron(np.eye(7, dtype=np.uint8) * 200, np.ones((4, 4), np.uint8))
SMALL = [[2, 2, 3, 3, 3], [0, 1, 3, 0, 3], [2, 3, 0, 1, 3], [3, 3, 2, 1, 2], [3, 3, 0, 2, 3]]
CASES: dict[str, dict[str, Any]] = {
    "digit": {"input": DIGIT, "kernel": SOBEL},
    "all positive": {"input": SMALL, "kernel": [[2, 0, 1], [1, 0, 0], [0, 1, 1]]},
    "all negative": {"input": SMALL, "kernel": [[-2]], "place": [4, 4]},
    "fractions": {"input": np.arange(36).reshape(6, 6) / 35 - 0.4, "kernel": [[0.25, -0.5], [0.3, 0.1]]},
    "nothing left": {"input": [[1, 1], [2, 2]], "kernel": [[1, -1]], "place": [0, 0]},
}
SIDES = st.tuples(st.integers(1, 8), st.integers(1, 8))
TABLES = arrays(np.int64, SIDES, elements=st.integers(-9, 9))
KERNELS = arrays(np.int64, st.tuples(st.integers(1, 3), st.integers(1, 3)), elements=st.integers(-9, 9))


def fits(input: Any, kernel: Any) -> bool:
    """Whether the kernel fits into the picture."""
    return all(a >= b for a, b in zip(input.shape, kernel.shape, strict=True))


@given(TABLES, KERNELS)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_the_map_is_tensorflows_and_the_products_sum_to_its_value(input: Any, kernel: Any) -> None:
    assume(fits(input, kernel))
    image, weights = (tf.constant(a, tf.float64) for a in (input[None, :, :, None], kernel[:, :, None, None]))
    output = tf.nn.conv2d(image, weights, 1, "VALID")[0, :, :, 0].numpy()
    try:
        shown = trace(input=input, kernel=kernel)
    except ValueError as problem:
        assert "are 0" in str(problem)  # noqa: PT017 - nothing to be stacked
        return
    np.testing.assert_array_equal(shown.output, output)
    assert shown.products.sum() == sum(shown.parts) == shown.sum == output[shown.at]


def test_without_a_place_a_large_value_is_taken_that_has_negative_products() -> None:
    plain = trace(input=np.array([[0, 0, 9, 9], [3, 1, 0, 8]]), kernel=[[-1, 1]])
    assert (plain.at, plain.parts) == ((0, 1), (9, 0))
    mixed = trace(input=np.array([[0, 9, 0], [3, 8, 0]]), kernel=[[-1, 1]])
    assert (mixed.at, mixed.parts) == ((1, 0), (8, -3))


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"input": np.ones((41, 3))}, "input is 41 × 3; at most 40 × 40 can be seen here"),
        ({"kernel": np.ones((4, 4))}, "kernel is 4 × 4; at most 3 × 3 can be seen here"),
        ({"place": [3, 0]}, r"place is \[3, 0\]; give a row from 0 to 2 and a column from 0 to 2"),
        ({"place": 3}, "place is 3; give a row from 0 to 2"),
        ({"place": [0, 0.5]}, r"place is \[0, 0.5\]; give a row"),
        ({"place": [True, 0]}, r"place is \[True, 0\]; give a row"),
        ({"input": np.zeros((5, 5))}, r"all products at place \[0, 0\] are 0; give another place"),
        ({"kernel": [[123456789]]}, "'123456789' is too long for a cell"),
    ],
)
def test_a_bad_argument_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**{"input": SMALL, "kernel": SOBEL, **arguments})


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("case", CASES)
def test_the_picture_fits_a_slide_and_no_words_overlap(theme: Any, case: str) -> None:
    assert sheet_flaws(draw(trace(**CASES[case]), theme)) == []


@pytest.mark.parametrize("case", CASES)
def test_panels_fit_their_sheets(case: str) -> None:
    shown = trace(**CASES[case])
    for step in range(5):
        assert flaws(draw(shown, LIGHT, step), PANEL_TEXT) == []


def test_the_still_writes_the_patch_the_kernel_and_the_sums() -> None:
    shown = trace(**CASES["digit"])
    written = words_of(draw(shown, LIGHT))
    for number in [*shown.patch.flat, *shown.kernel.flat, *shown.parts, shown.sum]:
        written.remove(write_number(number))


@pytest.mark.parametrize("case", ["digit", "fractions", "all negative"])
def test_each_part_of_the_bar_is_as_tall_as_its_product_and_the_sum_as_what_is_left(case: str) -> None:
    shown, bar = trace(**CASES[case]), Bar()
    parts = {item.name: item for item in compose_stack(shown, bar, shown.kernel.size) if isinstance(item, Box)}
    for i, j in np.argwhere(shown.products):
        part = parts[f"product {i} {j}"]
        assert part.height == pytest.approx(abs(shown.products[i, j]) * bar.scale(shown))
        is_up = part.top + part.height <= bar.ground(shown) + 1e-6
        assert is_up == (shown.products[i, j] > 0)
    total = next(item for item in compose_ending(shown) if item.name == "sum")
    assert isinstance(total, Box)
    assert total.height == pytest.approx(abs(shown.sum) * bar.scale(shown))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_pixels_and_weights_have_the_contrast_of_text_on_the_patch(theme: Any) -> None:
    shown = trace(**CASES["digit"])
    items = list(compose_patch(shown, place_patch(shown), is_written=True, is_multiplied=True))
    (fill,) = [item.fill for item in items if isinstance(item, Box) and item.fill]
    roles = {role for item in items if isinstance(item, Line) for _, role in item.runs}
    assert roles == {"input", "kernel"}
    assert all(contrast(getattr(theme, role), getattr(theme, fill)) >= READABLE for role in roles)


@pytest.fixture(scope="module", params=CASES)
def played(request: Any) -> Played:
    return play(lift_off, CASES[request.param])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_film_says_its_steps_and_its_texts_stand_apart(played: Played) -> None:
    assert played.sentences[1:] == list(describe(played.trace).steps)
    assert faults(played) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_weights_lie_on_the_patch_from_the_second_step_on_and_the_sum_stands_there_from_the_fourth(
    played: Played,
) -> None:
    shown = played.trace
    marks = [[text.text for text in mark] for mark in played.marks]
    weights = [f"× {write_number(weight)}" for weight in shown.kernel.flat]
    assert not any(weight in mark for mark in marks[:2] for weight in weights)
    for mark in marks[2:]:
        for weight in weights:
            assert mark.count(weight) == weights.count(weight)
    assert [("patch" in mark, "map" in mark) for mark in marks] == [(False, True), *[(True, True)] * 5]
    assert write_number(shown.sum) in marks[4]
    assert write_number(shown.sum) in marks[5]


@given(tables(1, 7), tables(1, 3))
@settings(max_examples=80, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(input: Any, kernel: Any) -> None:
    assume(fits(input, kernel))
    try:
        shown = trace(input=input, kernel=kernel)
    except ValueError as problem:
        assert "are 0" in str(problem) or "too long" in str(problem)  # noqa: PT017
        return
    (row, column), (height, width), output = shown.at, kernel.shape, plain_outputs(input, kernel, (1, 1))
    patch = input[row : row + height, column : column + width]
    products = patch * kernel
    above, below = products[products > 0].sum(), products[products < 0].sum()
    spans = [
        [start + 1] if side == 1 else [start + 1, start + side] for start, side in ((row, height), (column, width))
    ]
    said = [
        [*spans[0], *spans[1], *quoted(patch)],
        quoted(kernel),
        [kernel.size, above, below],
        [above, abs(below), output[row, column], row + 1, column + 1],
        [output.size, *quoted(output)],
    ]
    words = describe(shown)
    for sentence, numbers in zip(words.steps, said, strict=True):
        assert_says(sentence, numbers)
    assert_says(words.alt, [*quoted(input), *output.shape, *(number for part in said for number in part)])
    assert_adds_up(words.steps)
