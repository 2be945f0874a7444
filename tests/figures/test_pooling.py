"""Pooling's trace is Keras's arithmetic, window by window; nothing is ever invented and what is dropped is said."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.text import Text
from plain_windows import plain_padding, said_padding, said_pair, said_unused, starts_of, unused_lines
from said_numbers import assert_adds_up, assert_says, find_numbers, quoted, tables

from figures.parts.arithmetic import pool2d
from figures.pooling import describe, draw, trace
from generator.theme import LIGHT

TABLES = arrays(np.int64, st.tuples(st.integers(2, 8), st.integers(2, 8)), elements=st.integers(-9, 9))
CS231N = [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]


def test_the_example_of_cs231n_comes_out_right() -> None:
    assert trace(input=CS231N).output.tolist() == [[6, 8], [3, 4]]


@given(TABLES, st.integers(1, 2), st.integers(1, 3), st.sampled_from(["valid", "same"]))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_what_max_pooling_keeps_is_the_first_largest_real_cell(
    input: Any, size: int, strides: int, padding: str
) -> None:
    for step in trace(input=input, pool_size=size, strides=strides, padding=padding).steps:
        assert step.chosen is not None
        assert step.real[step.chosen]
        values = np.where(step.real, step.operands, -100)
        assert step.operands[step.chosen] == values.max() == step.result
        assert divmod(int(values.argmax()), size) == step.chosen


@given(TABLES, st.sampled_from(["valid", "same"]))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_an_average_counts_real_cells_only(input: Any, padding: str) -> None:
    for step in trace(input=input, padding=padding, mode="average").steps:
        assert step.result == pytest.approx(step.operands[step.real].mean())
        assert step.chosen is None


@given(TABLES, st.sampled_from(["max", "average", "strided"]))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_each_steps_result_stands_in_the_output(input: Any, mode: str) -> None:
    shown = trace(input=input, mode=mode)
    assert np.array_equal(shown.output, pool2d(input, (2, 2), mode=mode))
    assert all(step.result == shown.output[step.row, step.column] for step in shown.steps)


def test_the_dropped_row_and_column_are_said() -> None:
    words = describe(trace(input=np.arange(25).reshape(5, 5)))
    assert words.facts["dropped"] == {"rows": 1, "columns": 1}
    assert words.steps[-1].endswith("The last row and column are dropped: no window fits there.")


def test_same_padding_drops_nothing() -> None:
    words = describe(trace(input=np.arange(49).reshape(7, 7), padding="same"))
    assert words.facts["dropped"] == {"rows": 0, "columns": 0}
    assert words.facts["shape"] == {"height": 4, "width": 4}


def test_relu_and_max_pooling_commute_but_relu_and_average_pooling_do_not() -> None:
    image = np.array([[-4, 2], [-3, 1]])
    assert max(trace(input=image).output.item(), 0) == trace(input=np.maximum(image, 0)).output.item()
    before = trace(input=np.maximum(image, 0), mode="average").output.item()
    assert max(trace(input=image, mode="average").output.item(), 0) != before


@pytest.mark.parametrize(
    ("arguments", "problem"), [({"mode": "median"}, "median"), ({"padding": "full"}, "full"), ({"pool_size": 5}, "5")]
)
def test_a_bad_argument_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**{"input": CS231N, **arguments})


def test_a_still_and_a_panel_are_drawn_at_their_sizes() -> None:
    shown = trace(input=CS231N)
    assert draw(shown, LIGHT).get_size_inches().tolist() == pytest.approx([12.8, 6.0])
    assert draw(shown, LIGHT, step=1).get_size_inches().tolist() == pytest.approx([4.2, 3.2])


@pytest.mark.parametrize("mode", ["max", "average", "strided"])
@pytest.mark.parametrize("size", [2, 3, 6])
def test_the_calculation_of_no_window_is_wider_than_the_picture(mode: str, size: int) -> None:
    values = np.random.default_rng(0).normal(size=(26, 26)).round(2)
    figure = draw(trace(input=values, pool_size=size, mode=mode, steps=[0]), LIGHT)
    width = figure.bbox.width
    places = [text.get_window_extent() for text in figure.findobj(Text) if text.get_text()]
    assert min(place.x0 for place in places) > 0
    assert max(place.x1 for place in places) < width


@given(
    tables(2, 7),
    st.tuples(st.integers(1, 3), st.integers(1, 2)),
    st.tuples(st.integers(1, 4), st.integers(1, 3)),
    st.sampled_from(["valid", "same"]),
    st.sampled_from(["max", "average", "strided"]),
)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(input: Any, size: Any, strides: Any, padding: Any, mode: str) -> None:

    around = [plain_padding(padding, *each) for each in zip(input.shape, size, strides, strict=True)]
    assume(input.shape[0] >= size[0])
    assume(mode != "strided" or not around[0][0] + around[1][0])
    rows, columns = (
        starts_of(side + sum(pad), reach, step)
        for side, pad, reach, step in zip(input.shape, around, size, strides, strict=True)
    )
    bounds = [
        [(max(0, i - pad[0]), max(0, i - pad[0] + reach)) for i in starts]
        for starts, pad, reach in zip((rows, columns), around, size, strict=True)
    ]
    seen = [[input[a:b, c:d].ravel() for c, d in bounds[1]] for a, b in bounds[0]]
    reduce = {"max": np.max, "average": np.mean, "strided": lambda window: window[0]}[mode]
    output = np.array([[reduce(window) for window in row] for row in seen])
    words = describe(trace(input=input, pool_size=size, strides=strides, padding=padding, mode=mode))
    unused = said_unused([unused_lines(*each) for each in zip(input.shape, around, size, strides, strict=True)])
    said = [*size, *said_pair(strides), *quoted(input), *said_padding(*around), *quoted(output), *unused]
    assert_says(words.alt, said)
    for number, step in enumerate(words.steps, start=1):
        ending = unused if number == len(words.steps) else []
        row, column = (int(number) - 1 for number in find_numbers(step)[:2])
        window, result = seen[row][column], output[row, column]
        counted = [len(window)] if mode == "average" else []
        terms = [result, *window[1:]] if mode == "strided" else [*window, *counted, result]
        assert_says(step, [row + 1, column + 1, *terms, *ending])
    assert_adds_up(words.steps)


@given(tables(4, 9), st.sampled_from(["max", "average", "strided"]))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_the_result_of_a_large_window_is_true(input: Any, mode: str) -> None:
    reduce = {"max": np.max, "average": np.mean, "strided": lambda window: window[0, 0]}[mode]
    for step in describe(trace(input=input, pool_size=4, strides=1, mode=mode)).steps:
        row, column = (int(number) - 1 for number in find_numbers(step)[:2])
        assert_says(step, [row + 1, column + 1, 16, reduce(input[row : row + 4, column : column + 4])])
