"""The oracle against TensorFlow, exactly for integers, and against numbers that others have published."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from figures.parts.arithmetic import correlate2d, output_size, pool2d, resolve_padding, same_padding

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

INTEGERS = st.integers(-9, 9)
SIDES = st.integers(1, 9)
PAIRS = st.tuples(st.integers(1, 3), st.integers(1, 3))


def tables(largest: int = 9) -> st.SearchStrategy[Any]:
    """Draw a table of small integers."""
    sides = st.tuples(st.integers(1, largest), st.integers(1, largest))
    return sides.flatmap(lambda shape: arrays(np.int64, shape, elements=INTEGERS))


def keras_convolution(input: Any, kernel: Any, strides: Any, padding: Any, dilation: Any) -> Any:
    """Return what TensorFlow makes of the same numbers, as integers."""
    if padding not in ("same", "valid"):
        reach = [(k - 1) * d + 1 for k, d in zip(kernel.shape, dilation, strict=True)]
        input, padding = np.pad(input, resolve_padding(padding, input.shape, tuple(reach), strides)), "valid"
    image, weights = (tf.constant(a, tf.float64) for a in (input[None, :, :, None], kernel[:, :, None, None]))
    result = tf.nn.conv2d(image, weights, strides, padding.upper(), dilations=dilation)[0, :, :, 0].numpy()
    assert (result == np.rint(result)).all()
    return result.astype(np.int64)


@st.composite
def convolutions(draw: Any) -> tuple[Any, ...]:
    """Draw a convolution that Keras accepts."""
    input, kernel = draw(tables()), draw(tables(4))
    padding = draw(st.sampled_from(["valid", "same", "full", 0, 1, 2, ((0, 1), (2, 0)), ((1, 2), (0, 3))]))
    strides, dilation = draw(st.sampled_from([(draw(PAIRS), (1, 1)), ((1, 1), draw(PAIRS))]))
    reach = tuple((k - 1) * d + 1 for k, d in zip(kernel.shape, dilation, strict=True))
    around = resolve_padding(padding, input.shape, reach, strides)
    assume(all(side + sum(ends) >= r for side, ends, r in zip(input.shape, around, reach, strict=True)))
    return input, kernel, strides, padding, dilation


@settings(max_examples=400, deadline=None, derandomize=True)
@given(convolutions())
def test_every_convolution_equals_tensorflows_exactly(case: tuple[Any, ...]) -> None:
    input, kernel, strides, padding, dilation = case
    ours = correlate2d(input, kernel, strides=strides, padding=padding, dilation_rate=dilation)
    np.testing.assert_array_equal(ours, keras_convolution(*case))
    assert ours.dtype == np.int64


@settings(max_examples=200, deadline=None, derandomize=True)
@given(tables(), PAIRS, PAIRS, st.sampled_from(["VALID", "SAME"]), st.sampled_from(["max", "average"]))
def test_every_pooling_equals_tensorflows(input: Any, size: Any, strides: Any, padding: str, mode: str) -> None:
    assume(padding == "SAME" or (np.asarray(input.shape) >= size).all())
    pool = tf.nn.max_pool2d if mode == "max" else tf.nn.avg_pool2d
    theirs = pool(tf.constant(input[None, :, :, None], tf.float64), size, strides, padding)[0, :, :, 0].numpy()
    ours = pool2d(input, size, strides=strides, padding=padding.lower(), mode=mode)
    np.testing.assert_allclose(ours, theirs, rtol=1e-14)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(1, 40), st.integers(1, 6), st.integers(1, 4))
def test_same_padding_leads_to_the_rounded_up_size(size: int, reach: int, strides: int) -> None:
    before, after = same_padding(size, reach, strides)
    assert output_size(size, reach, strides=strides, padding=before + after) == -(-size // strides)
    assert after - before in (0, 1)


@pytest.mark.parametrize("size", [2, 4, 6, 8, 28])
def test_stride_two_pads_an_even_input_only_at_the_end(size: int) -> None:
    assert same_padding(size, 3, 2) == (0, 1)
    image, kernel = np.arange(size * size).reshape(size, size), np.arange(9).reshape(3, 3)
    theirs = keras_convolution(image, kernel, (2, 2), "same", (1, 1))
    np.testing.assert_array_equal(correlate2d(image, kernel, strides=2, padding="same"), theirs)


@pytest.mark.parametrize(
    ("size", "kernel", "padding", "strides", "dilation", "places"),
    [
        (4, 3, 0, 1, 1, 2),         # no padding, no strides
        (5, 4, 2, 1, 1, 6),         # arbitrary padding
        (5, 3, 1, 1, 1, 5),         # half padding
        (5, 3, 2, 1, 1, 7),         # full padding
        (5, 3, 0, 2, 1, 2),         # strides
        (5, 3, 1, 2, 1, 3),         # padding and strides
        (6, 3, 1, 2, 1, 3),         # odd: the last partial window is dropped
        (7, 3, 0, 1, 2, 3),         # dilation
    ],
)  # fmt: skip
def test_sizes_are_those_of_the_guide_to_convolution_arithmetic(
    size: int, kernel: int, padding: int, strides: int, dilation: int, places: int
) -> None:
    assert output_size(size, kernel, strides=strides, padding=2 * padding, dilation_rate=dilation) == places
    made = correlate2d(
        np.ones((size, size)), np.ones((kernel, kernel)), strides=strides, padding=padding, dilation_rate=dilation
    )
    assert made.shape == (places, places)


def test_pooling_eleven_rows_gives_five() -> None:
    assert pool2d(np.zeros((11, 11)), 2).shape == (5, 5)


def test_pooling_agrees_with_the_lecture_notes_of_cs231n() -> None:
    assert pool2d([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]).tolist() == [[6, 8], [3, 4]]


def test_average_pooling_counts_only_real_cells() -> None:
    assert pool2d([[2, 4, 6]], (1, 2), padding="same", mode="average").tolist() == [[3, 6]]


def test_max_pooling_never_takes_padding_for_a_value() -> None:
    assert pool2d([[-5, -3, -7]], (1, 2), padding="same").tolist() == [[-3, -7]]


@given(tables(), st.integers(1, 3))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_strided_pooling_is_a_slice_of_the_map(input: Any, size: int) -> None:
    assume(min(input.shape) >= size)
    rows, columns = (side // size * size for side in input.shape)
    np.testing.assert_array_equal(pool2d(input, size, mode="strided"), input[:rows:size, :columns:size])


@given(tables(), tables(3), st.integers(1, 3))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_striding_keeps_every_second_of_the_unstrided_map(input: Any, kernel: Any, strides: int) -> None:
    assume((np.asarray(input.shape) >= kernel.shape).all())
    dense = correlate2d(input, kernel)
    np.testing.assert_array_equal(correlate2d(input, kernel, strides=strides), dense[::strides, ::strides])


@given(tables(7), tables(3))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_flipping_the_kernel_gives_true_convolution(input: Any, kernel: Any) -> None:
    full = np.zeros(np.add(input.shape, kernel.shape) - 1, dtype=np.int64)
    for (i, j), weight in np.ndenumerate(kernel):
        full[i : i + input.shape[0], j : j + input.shape[1]] += weight * input
    np.testing.assert_array_equal(correlate2d(input, kernel[::-1, ::-1], padding="full"), full)


def test_integers_stay_exact_where_a_float_would_round() -> None:
    assert correlate2d([[2**60, 1]], [[1, 1]]).tolist() == [[2**60 + 1]]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"kernel": [[1] * 4]}, "does not fit"),
        ({"strides": 0}, "strides is 0"),
        ({"strides": (1, 2, 3)}, "strides is"),
        ({"strides": 1.5}, "strides is 1.5"),
        ({"dilation_rate": -1}, "dilation_rate is -1"),
        ({"strides": 2, "dilation_rate": 2}, "do not go together"),
        ({"padding": "circular"}, "no padding 'circular'"),
        ({"padding": -1}, "padding is -1"),
        ({"padding": (1, 1)}, "padding is"),
        ({"input": [1, 2, 3]}, "shape"),
        ({"input": [[1, 2], [3]]}, "differ in length"),
        ({"input": [[1.0, float("nan")]]}, "not finite"),
        ({"input": [["a"]]}, "not made of numbers"),
        ({"input": np.zeros((0, 3))}, "shape"),
        ({"kernel": [[[1]]]}, "kernel has shape"),
    ],
)
def test_a_bad_argument_is_refused_with_a_problem_and_a_hint(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match="; ") as refused:
        correlate2d(**{"input": [[1, 2, 3]], "kernel": [[1]]} | arguments)
    assert problem in str(refused.value)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"mode": "median"}, "no pooling mode 'median'"),
        ({"padding": "full"}, "no pooling padding 'full'"),
        ({"pool_size": 5}, "does not fit"),
        ({"pool_size": 3, "strides": 1, "padding": "same", "mode": "strided"}, "begin in the padding"),
    ],
)
def test_a_pooling_that_does_not_exist_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match="; ") as refused:
        pool2d(np.ones((4, 4)), **arguments)
    assert problem in str(refused.value)
