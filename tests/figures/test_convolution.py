"""A convolution's trace is the arithmetic, step by step, and its words say the same numbers."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from plain_windows import plain_outputs, plain_padding, said_padding, said_pair, said_unused, unused_lines
from said_numbers import assert_adds_up, assert_says, find_numbers, quoted, tables

from figures.convolution import describe, draw, look, trace
from figures.parts.arithmetic import correlate2d
from generator.theme import LIGHT

# The animation of 2016 that is still on the web has six of these nine wrong.
GOLDEN = {
    "input": [[2, 2, 3, 3, 3], [0, 1, 3, 0, 3], [2, 3, 0, 1, 3], [3, 3, 2, 1, 2], [3, 3, 0, 2, 3]],
    "kernel": [[2, 0, 1], [1, 0, 0], [0, 1, 1]],
    "strides": 2,
    "padding": 1,
}
TABLES = arrays(np.int64, st.tuples(st.integers(3, 7), st.integers(3, 7)), elements=st.integers(-9, 9))
KERNELS = arrays(np.int64, st.tuples(st.integers(1, 3), st.integers(1, 3)), elements=st.integers(-9, 9))


def test_the_famous_stride_example_comes_out_right() -> None:
    assert trace(**GOLDEN).output.tolist() == [[1, 5, 6], [7, 8, 3], [3, 10, 4]]


def test_the_guide_to_convolution_arithmetic_comes_out_right() -> None:
    guide = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
    kernel = [[0, 1, 2], [2, 2, 0], [0, 1, 2]]
    assert trace(input=guide, kernel=kernel, strides=2, padding=1).output.tolist() == [
        [6, 17, 3],
        [8, 17, 13],
        [6, 4, 4],
    ]


def test_dive_into_deep_learnings_first_example_comes_out_right() -> None:
    shown = trace(input=np.arange(9).reshape(3, 3), kernel=[[0, 1], [2, 3]])
    assert shown.output.tolist() == [[19, 25], [37, 43]]


@given(TABLES, KERNELS, st.integers(1, 3), st.sampled_from(["valid", "same", "full", 1]))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_each_steps_products_sum_to_the_number_in_the_output(
    input: Any, kernel: Any, strides: int, padding: Any
) -> None:
    shown = trace(input=input, kernel=kernel, strides=strides, padding=padding)
    for step in shown.steps:
        assert step.products.sum() == step.sum == step.result == shown.output[step.row, step.column]


@given(TABLES, KERNELS, st.integers(1, 3))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_every_window_lies_in_the_padded_input(input: Any, kernel: Any, strides: int) -> None:
    shown = trace(input=input, kernel=kernel, strides=strides, padding="same")
    view = look(shown)
    for step, place in zip(shown.steps, view.places, strict=True):
        seen = [shown.padded[cell] for cell in view.cells(place)]
        assert seen == step.operands.ravel().tolist()


def test_bias_and_relu_follow_the_sum() -> None:
    plain = correlate2d(np.array(GOLDEN["input"]), np.array(GOLDEN["kernel"]))
    shown = trace(input=GOLDEN["input"], kernel=GOLDEN["kernel"], bias=-9, activation="relu")
    assert shown.output.tolist() == np.maximum(plain - 9, 0).tolist()
    assert [step.result for step in shown.steps] == shown.output.ravel().tolist()


def test_up_to_nine_places_are_all_steps() -> None:
    assert [(step.row, step.column) for step in trace(**GOLDEN).steps] == [(i, j) for i in range(3) for j in range(3)]


def test_steps_can_be_chosen() -> None:
    assert [(step.row, step.column) for step in trace(**GOLDEN, steps=[1, 8]).steps] == [(0, 1), (2, 2)]
    assert len(trace(**GOLDEN, steps=4).steps) == 4


def test_of_a_real_digit_the_most_telling_places_are_steps() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[5:20, 10:13] = 200
    shown = trace(input=image, kernel=[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    assert {step.result for step in shown.steps} >= {shown.output.max(), shown.output.min()}


def test_the_words_say_the_calculation_and_the_result() -> None:
    words = describe(trace(**GOLDEN))
    assert words.steps[0].startswith("Row 1, column 1 of the output: 0 × 2 + 0 × 0 + ")
    assert words.steps[0].endswith(" = 1.")
    assert "The output is 3 × 3 [1, 5, 6; 7, 8, 3; 3, 10, 4]." in words.alt


def test_the_words_say_what_is_dropped() -> None:
    words = describe(trace(input=np.ones((6, 6), int), kernel=np.ones((3, 3), int), strides=2))
    assert words.facts["dropped"] == {"rows": 1, "columns": 1}
    assert words.alt.endswith("The last row and column are dropped: no window fits there.")


def test_facts_carry_the_sizes() -> None:
    facts = describe(trace(**GOLDEN)).facts
    assert facts["shape"] == {"height": 3, "width": 3}
    assert facts["padding"] == {"top": 1, "bottom": 1, "left": 1, "right": 1}
    assert facts["multiplications"] == 81


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"bias": "much"}, "bias is 'much'; give one number"),
        ({"activation": "tanh"}, "there is no activation 'tanh' here; there is 'relu', or none"),
        ({"steps": [9]}, r"steps are \[9\]; give rising numbers from 0 to 8, or how many"),
        ({"steps": [2, 1]}, r"steps are \[2, 1\]; give rising numbers"),
        ({"strides": 0}, "strides"),
        ({"input": [[1, float("nan")]]}, "input"),
    ],
)
def test_a_bad_argument_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**{**GOLDEN, **arguments})


def test_a_still_and_a_panel_are_drawn_at_their_sizes() -> None:
    shown = trace(**GOLDEN)
    assert draw(shown, LIGHT).get_size_inches().tolist() == pytest.approx([12.8, 6.0])
    assert draw(shown, LIGHT, step=3).get_size_inches().tolist() == pytest.approx([4.2, 3.2])


@given(
    tables(2, 6),
    tables(1, 3),
    st.tuples(st.integers(1, 4), st.integers(1, 4)),
    st.tuples(st.integers(1, 2), st.integers(1, 2)),
    st.sampled_from(["valid", "same", "full", 1]),
    st.sampled_from([0, 2, -1, 0.125]),
    st.sampled_from([None, "relu"]),
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(
    input: Any, kernel: Any, strides: Any, spread: Any, padding: Any, bias: float, activation: Any
) -> None:
    strides = (1, 1) if max(spread) > 1 else strides
    reach = [(k - 1) * d + 1 for k, d in zip(kernel.shape, spread, strict=True)]
    around = [plain_padding(padding, *each) for each in zip(input.shape, reach, strides, strict=True)]
    padded = np.pad(input, around)
    assume(padded.shape[0] >= reach[0] and padded.shape[1] >= reach[1])
    sums = plain_outputs(padded, kernel, strides, spread) + bias
    output = np.maximum(sums, 0) if activation else sums
    words = describe(
        trace(
            input=input,
            kernel=kernel,
            strides=strides,
            padding=padding,
            dilation_rate=spread,
            bias=bias,
            activation=activation,
        )
    )
    unused = said_unused(
        [unused_lines(*each) for each in zip(input.shape, around, kernel.shape, strides, spread, strict=True)]
    )
    settings_said = [*said_padding(*around), *said_pair(strides), *said_pair(spread, 1), *([bias] if bias else [])]
    assert_says(words.alt, [*quoted(kernel), *quoted(input), *settings_said, *quoted(output), *unused])
    for number, step in enumerate(words.steps, start=1):
        ending = unused if number == len(words.steps) else []
        row, column = (int(number) - 1 for number in find_numbers(step)[:2])
        top, left = row * strides[0], column * strides[1]
        seen = padded[top : top + reach[0] : spread[0], left : left + reach[1] : spread[1]]
        terms = [number for pair in zip(seen.flat, kernel.flat, strict=True) for number in pair]
        result = [sums[row, column], output[row, column]] if activation else [output[row, column]]
        assert_says(step, [row + 1, column + 1, *terms, *([abs(bias)] if bias else []), *result, *ending])
    assert assert_adds_up(words.steps) == len(words.steps)


def test_the_sums_of_rows_that_are_rounded_only_nearly_add_up() -> None:
    kernel = np.full((5, 3), 0.25)
    words = describe(trace(input=np.full((5, 3), 0.3), kernel=kernel, bias=0.02))
    assert (
        words.steps[0] == "Row 1, column 1 of the output: row by row: 0.22 + 0.22 + 0.22 + 0.22 + 0.22 + 0.02 ≈ 1.14."
    )
    assert_adds_up(words.steps)


def test_what_lies_between_windows_is_said_to_be_skipped() -> None:
    words = describe(trace(input=np.ones((8, 7), int), kernel=np.ones((2, 2), int), strides=4))
    assert words.alt.endswith(
        "The last 2 rows and column are dropped: no window stands there. "
        "2 rows and 2 columns between the windows are skipped: the stride is larger than the window."
    )
    assert words.facts["skipped"] == {"rows": 2, "columns": 2}


def test_the_holes_of_a_dilated_kernel_are_said_to_be_skipped() -> None:
    words = describe(trace(input=np.ones((5, 5), int), kernel=np.ones((3, 3), int), dilation_rate=2))
    assert "stride 1, dilation 2." in words.alt
    assert words.alt.endswith("2 rows and 2 columns in the holes of the kernel are skipped: it is dilated.")


@given(tables(9, 10), tables(4, 9), st.sampled_from([0, 0.02, -3]))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_the_sums_of_a_large_kernels_rows_are_true(input: Any, kernel: Any, bias: float) -> None:
    words, (height, width) = describe(trace(input=input, kernel=kernel, bias=bias)), kernel.shape
    for step in words.steps:
        row, column = (int(number) - 1 for number in find_numbers(step)[:2])
        rows = [(input[row + k, column : column + width] * kernel[k]).sum() for k in range(height)]
        terms = [rows[0], *(abs(each) for each in rows[1:])] if height <= 8 else [kernel.size]
        added = [abs(bias)] if bias else []
        assert_says(step, [row + 1, column + 1, *terms, *added, sum(rows) + bias])
    if height <= 8:
        assert assert_adds_up(words.steps) == len(words.steps)
