"""What Keras computes, and what mathematics calls convolution, differ by half a turn of the kernel."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import flaws, words_of
from plain_windows import plain_outputs, plain_padding, said_padding
from said_numbers import assert_adds_up, assert_says, quoted

from figures.kernel_flip import describe, draw, trace
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

CASE = {
    "input": [[1, 2, 0, 1, 3], [0, 1, 3, 2, 1], [2, 1, 0, 1, 0], [1, 3, 2, 0, 1], [0, 1, 1, 2, 2]],
    "kernel": [[1, 2, 0], [0, 1, 0], [0, 0, -1]],
}
FULL = {"input": [[1, 2, 3], [4, 5, 6]], "kernel": [[1, 2], [3, 4]], "padding": "full"}
SYMMETRIC = {"input": np.arange(36).reshape(6, 6) % 5, "kernel": [[1, 0, 1], [0, -4, 0], [1, 0, 1]]}
TABLES = arrays(np.int64, st.tuples(st.integers(3, 4), st.integers(3, 4)), elements=st.integers(-1, 1))
KERNELS = arrays(np.int64, st.tuples(st.integers(1, 3), st.integers(1, 3)), elements=st.integers(-1, 1))


def keras_convolution(input: Any, kernel: Any) -> Any:
    image, weights = (tf.constant(a, tf.float64) for a in (input[None, :, :, None], kernel[:, :, None, None]))
    return tf.nn.conv2d(image, weights, 1, "VALID")[0, :, :, 0].numpy()


def defined_convolution(input: Any, kernel: Any) -> Any:
    """Return the full convolution straight from its definition: every input cell spreads the kernel."""
    height, width = kernel.shape
    made = np.zeros((input.shape[0] + height - 1, input.shape[1] + width - 1), np.int64)
    for i, j in np.ndindex(input.shape):
        made[i : i + height, j : j + width] += input[i, j] * kernel
    return made


@settings(max_examples=100, deadline=None, derandomize=True)
@given(TABLES, KERNELS)
def test_cross_correlation_is_what_keras_computes_and_convolution_takes_the_turned_kernel(
    input: Any, kernel: Any
) -> None:
    shown = trace(input=input, kernel=kernel)
    np.testing.assert_array_equal(shown.correlated, keras_convolution(input, kernel))
    np.testing.assert_array_equal(shown.convolved, keras_convolution(input, kernel[::-1, ::-1]))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(TABLES, KERNELS)
def test_convolution_is_the_one_of_mathematics_or_its_valid_part(input: Any, kernel: Any) -> None:
    whole, (height, width) = defined_convolution(input, kernel), kernel.shape
    np.testing.assert_array_equal(trace(input=input, kernel=kernel, padding="full").convolved, whole)
    valid = whole[height - 1 : input.shape[0], width - 1 : input.shape[1]]
    np.testing.assert_array_equal(trace(input=input, kernel=kernel).convolved, valid)


def test_convolution_commutes_and_cross_correlation_does_not() -> None:
    one, other = np.array([[1, 2], [3, 4]]), np.array([[0, 1], [5, -2]])
    there, back = (trace(input=a, kernel=b, padding="full") for a, b in ((one, other), (other, one)))
    assert np.array_equal(there.convolved, back.convolved)
    assert not np.array_equal(there.correlated, back.correlated)


def test_a_kernel_that_looks_the_same_when_turned_makes_no_difference() -> None:
    words = describe(trace(**SYMMETRIC))
    assert words.facts["is_symmetric"]
    assert words.alt.endswith("0 of 16 numbers differ.")
    assert "no number" in words_of(draw(trace(**SYMMETRIC), LIGHT))


def test_the_words_say_both_outputs_and_how_many_numbers_differ() -> None:
    words = describe(trace(**CASE))
    assert "gives 3 × 3 [6, 4, 4; 1, 7, 7; 6, 1, 0]" in words.alt
    assert words.alt.endswith("gives 3 × 3 [2, 2, 4; 9, 3, −1; 4, 5, 6]. 8 of 9 numbers differ.")
    assert words.facts["sum"]["convolution"].endswith("+ 1 × 2 + 0 × 1 = 2")


def test_the_place_that_is_written_out_is_one_that_differs() -> None:
    shown = trace(input=[[1, 1, 1], [1, 1, 2], [1, 1, 1]], kernel=[[0, 1], [1, 2]])
    assert shown.differs[shown.place]
    assert (shown.window * shown.kernel).sum() == shown.correlated[shown.place]
    assert (shown.window * shown.flipped).sum() == shown.convolved[shown.place]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"input": [1, 2]}, r"input has shape \(2,\); give a table"),
        ({"input": [[1.0, float("nan")]]}, "input holds a value that is not finite"),
        ({"input": [[1, 2], [3]]}, "the rows of input differ in length"),
        ({"input": np.ones((9, 9), int)}, "the input with its padding is 9 × 9; at most 8 × 8"),
        ({"input": [[1, 2], [3, 4]]}, "a window of 3 × 3 does not fit into 2 × 2 cells"),
        ({"input": np.full((4, 4), 12345)}, "input holds 12345, which is too long"),
        ({"kernel": np.ones((4, 4), int)}, "the kernel is 4 × 4; at most 3 × 3"),
        ({"kernel": np.full((3, 3), 999)}, "the output holds 10989, which is too long"),
        ({"padding": "even"}, "there is no padding 'even'"),
    ],
)
def test_a_bad_argument_is_refused(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**{**CASE, **change})


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("case", [CASE, FULL, SYMMETRIC], ids=["valid", "full", "symmetric"])
def test_the_still_is_legible(case: dict[str, Any], theme: Any) -> None:
    figure = draw(trace(**case), theme)
    assert figure.get_size_inches().tolist() == pytest.approx([12.8, 6.0])
    assert flaws(figure) == []


def test_numbers_that_differ_are_bold_in_the_still() -> None:
    figure = draw(trace(**CASE), LIGHT)
    bold = [text.get_text() for text in figure.axes[0].texts if "SemiBold" in str(text.get_fontproperties().get_file())]
    shown = trace(**CASE)
    for value in [*shown.correlated[shown.differs], *shown.convolved[shown.differs]]:
        bold.remove(str(value).replace("-", "−"))
    assert not any(text.strip("−").isdigit() for text in bold)


@given(TABLES, KERNELS, st.sampled_from(["valid", "full", "same"]))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(input: Any, kernel: Any, padding: str) -> None:

    around = [plain_padding(padding, size, reach, 1) for size, reach in zip(input.shape, kernel.shape, strict=True)]
    turned = kernel[::-1, ::-1]
    one, other = (plain_outputs(np.pad(input, around), each, (1, 1)) for each in (kernel, turned))
    words = describe(trace(input=input, kernel=kernel, padding=padding))
    ends = [*quoted(kernel), *quoted(one), 180, *quoted(turned), *quoted(other), (one != other).sum(), one.size]
    assert_says(words.alt, [*quoted(input), *said_padding(*around), *ends])
    sums = words.facts["sum"]
    assert assert_adds_up([sums["correlation"], sums["convolution"]]) == 2


def test_what_floating_point_adds_in_another_order_is_no_difference() -> None:
    words = describe(trace(input=[[0.1, 0.2, 0.3]], kernel=[[0.1, 0.1, 0.1]]))
    assert words.alt.endswith("0 of 1 number differ.")
