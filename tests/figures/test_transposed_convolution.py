"""Stamps that overlap and add up are TensorFlow's transposed convolution, and so is the way with inserted zeros."""

import warnings
from typing import Any

import numpy as np
import pytest
from filming import faults, play
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import view_flaws, words_of
from plain_windows import said_pair
from said_numbers import assert_says, find_numbers, quoted

from figures import transposed_convolution
from figures.parts.arithmetic import correlate2d
from figures.parts.words import write_number
from figures.transposed_convolution import describe, draw, trace
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

UNEVEN = {"input": [[1, 2, 0], [3, 1, 2], [0, 2, 1]], "kernel": [[1, 2, 1], [0, 1, 0], [2, 0, 1]], "strides": 2}
EVEN = {"input": [[1, 2], [3, -4]], "kernel": [[1, 2], [3, 4]], "strides": 2}
CROPPED = {"input": [[1, 2], [3, 4]], "kernel": [[1, 2, 0], [3, 4, 1], [0, 1, 0]], "strides": 1, "padding": "same"}
GAPS = {"input": [[0.5, 1.5]], "kernel": [[1, 2]], "strides": 3}
CASES = {"uneven": UNEVEN, "even": EVEN, "cropped": CROPPED, "gaps": GAPS}
SMALL = arrays(np.int64, st.tuples(st.integers(1, 3), st.integers(1, 3)), elements=st.integers(-4, 4))
PAIRS = st.tuples(st.integers(1, 3), st.integers(1, 3))
PADDINGS = st.sampled_from(["valid", "same"])


def keras_size(size: int, kernel: int, strides: int, padding: str) -> int:
    """Return the size that Keras gives to the output of Conv2DTranspose."""
    from keras.src.backend.common.backend_utils import compute_conv_transpose_output_shape

    shape = compute_conv_transpose_output_shape((1, size, 1), (kernel, 1, 1), 1, (strides,), padding)
    return int(shape[1])


@settings(max_examples=150, deadline=None, derandomize=True)
@given(SMALL, SMALL, PAIRS, PADDINGS)
def test_stamps_and_inserted_zeros_both_give_tensorflows_output_exactly(
    input: Any, kernel: Any, strides: Any, padding: str
) -> None:
    shown = trace(input=input, kernel=kernel, strides=strides, padding=padding)
    image, weights = (tf.constant(a, tf.float64) for a in (input[None, :, :, None], kernel[:, :, None, None]))
    size = (1, *shown.output.shape, 1)
    theirs = tf.nn.conv2d_transpose(image, weights, size, strides, padding.upper())[0, :, :, 0].numpy()
    np.testing.assert_array_equal(shown.output, theirs)
    np.testing.assert_array_equal(shown.inserted, theirs)
    assert shown.output.dtype == np.int64


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_sizes_are_those_of_keras(padding: str) -> None:
    for size, kernel, strides in np.ndindex(3, 4, 4):
        i, k, s = size + 1, kernel + 1, strides + 1
        if (i - 1) * s + max(k, s) <= 9:
            output = trace(input=np.ones((i, 1)), kernel=np.ones((k, 1)), strides=(s, 1), padding=padding).output
            assert len(output) == keras_size(i, k, s, padding)
            assert len(output) == (i * s if padding == "same" or k < s else (i - 1) * s + k)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(SMALL, SMALL, PAIRS)
def test_it_is_the_adjoint_of_the_convolution_with_the_same_kernel(input: Any, kernel: Any, strides: Any) -> None:
    shown = trace(input=input, kernel=kernel, strides=strides)
    other = np.arange(shown.output.size).reshape(shown.output.shape) % 7 - 3
    there = (correlate2d(other, kernel, strides=strides)[: input.shape[0], : input.shape[1]] * input).sum()
    assert there == (other * shown.output).sum()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(SMALL, SMALL, PAIRS)
def test_the_stamps_add_up_to_the_canvas_and_are_counted(input: Any, kernel: Any, strides: Any) -> None:
    shown = trace(input=input, kernel=kernel, strides=strides, steps=input.size)
    for step, next_step in zip(shown.steps, shown.steps[1:], strict=False):
        assert np.array_equal(step.after, next_step.before)
        assert (step.after - step.before).sum() == step.stamp.sum()
    assert np.array_equal(shown.steps[-1].after, shown.canvas)
    assert shown.counts.sum() == input.size * kernel.size


def test_kernel_three_at_stride_two_counts_like_a_checkerboard_and_kernel_two_does_not() -> None:
    assert trace(**UNEVEN).counts[2].tolist() == [2, 2, 4, 2, 4, 2, 2]
    assert trace(**EVEN).counts.tolist() == np.ones((4, 4), int).tolist()
    assert not trace(**UNEVEN).is_even
    assert trace(**EVEN).is_even


def test_the_words_say_the_stamps() -> None:
    words = describe(trace(**UNEVEN))
    assert words.steps[1] == (
        "Input row 1, column 2: 2 times the kernel is stamped on rows 1 to 3, columns 3 to 5; "
        "3 of its cells lie on earlier stamps and add up."
    )
    assert words.facts["stamps"] == {"fewest": 1, "most": 4}
    assert "after the border is cut off from 4 × 4" in describe(trace(**CROPPED)).alt
    assert "deconv" not in f"{words} {transposed_convolution.__doc__}".lower()


def test_the_still_says_whether_the_overlaps_are_even() -> None:
    assert "overlaps are uneven: 1 to 4 stamps on a cell" in words_of(draw(trace(**UNEVEN), LIGHT))
    assert "one stamp on each cell" in words_of(draw(trace(**EVEN), LIGHT))
    assert "stamps leave gaps: 0 to 1 stamps on a cell" in words_of(draw(trace(**GAPS), LIGHT))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"input": [1, 2]}, r"input has shape \(2,\); give a table"),
        ({"input": [[1.0, float("nan")]]}, "input holds a value that is not finite"),
        ({"input": np.ones((5, 5), int)}, "input 5 × 5, kernel 3 × 3: at most 4 × 4"),
        ({"input": np.ones((4, 4), int), "strides": 3}, "the stamps reach over 12 × 12 cells; at most 9 × 9"),
        ({"kernel": [[1000]]}, "kernel holds 1000, which is too long"),
        ({"strides": 0}, "strides is 0; the smallest is 1"),
        ({"padding": "full"}, "there is no padding 'full' of a transposed convolution"),
        ({"steps": [9]}, r"steps are \[9\]; give rising numbers from 0 to 8"),
    ],
)
def test_a_bad_argument_is_refused(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**{**UNEVEN, **change})


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_stills_and_panels_are_legible(case: dict[str, Any], theme: Any) -> None:
    assert view_flaws(draw, trace(**case), theme) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_the_film_says_the_steps_and_ends_with_every_number(case: dict[str, Any]) -> None:
    played = play(transposed_convolution, case)
    assert faults(played) == []
    assert played.sentences[1:] == list(describe(played.trace).steps)
    written = [text.text for text in played.marks[-1]]
    for array in (played.trace.input, played.trace.kernel, played.trace.canvas, played.trace.counts):
        for value in array.ravel():
            written.remove(write_number(value))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_film_of_few_steps_still_ends_with_the_whole_output(monkeypatch: pytest.MonkeyPatch) -> None:
    from figures.parts import film

    shown: list[Any] = []
    show = film.Player.show
    monkeypatch.setattr(film.Player, "show", lambda self, beat: (shown.append(beat), show(self, beat)))
    play(transposed_convolution, {**UNEVEN, "steps": 1})
    names = {item.name for item in shown[-1].items}
    assert {f"output {i} {j}" for i in range(7) for j in range(7)} <= names


@given(SMALL, SMALL, PAIRS, PADDINGS)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(input: Any, kernel: Any, strides: Any, padding: str) -> None:

    size = [(n - 1) * s + max(k, s) for n, k, s in zip(input.shape, kernel.shape, strides, strict=True)]
    if max(size) > 9:
        return
    canvas, counts, overlaps = np.zeros(size), np.zeros(size), []
    (tall, wide), (down, across) = kernel.shape, strides
    for i, j in np.ndindex(input.shape):
        here = np.s_[i * down : i * down + tall, j * across : j * across + wide]
        overlaps.append(int((counts[here] > 0).sum()))
        canvas[here] += input[i, j] * kernel
        counts[here] += 1
    cut = [max(k - s, 0) if padding == "same" else 0 for k, s in zip(kernel.shape, strides, strict=True)]
    (top, left), (height, width) = (cut[0] // 2, cut[1] // 2), (size[0] - cut[0], size[1] - cut[1])
    output = canvas[top : top + height, left : left + width]
    words = describe(trace(input=input, kernel=kernel, strides=strides, padding=padding))
    gaps = [0] if counts.min() == 0 else []
    cropped = size if output.shape != tuple(size) else []
    said = [*quoted(input), *quoted(kernel), *said_pair(strides), *quoted(output), *cropped, *gaps, *quoted(counts)]
    assert_says(words.alt, said)
    for sentence in words.steps:
        i, j = (int(number) - 1 for number in find_numbers(sentence)[:2])
        rows, columns = (
            (first * step + 1, first * step + reach)
            for first, step, reach in zip((i, j), strides, kernel.shape, strict=True)
        )
        lines = [*rows[: min(tall, 2)], *columns[: min(wide, 2)]]
        overlap = overlaps[i * input.shape[1] + j]
        assert_says(sentence, [i + 1, j + 1, input[i, j], *lines, *([overlap] if overlap else [])])


@pytest.mark.parametrize(
    ("shape", "kernel", "strides", "words"),
    [
        ((1, 1), (3, 3), 2, "is the same everywhere: 3 × 3"),
        ((2, 2), (2, 2), 3, "is 0 where the strides leave gaps: 6 × 6"),
        ((3, 1), (3, 3), 2, "is uneven, in stripes: 7 × 3"),
        ((3, 3), (3, 3), 2, "is uneven, as in a checkerboard: 7 × 7"),
        ((3, 3), (2, 2), 1, "is the same everywhere away from the border: 4 × 4"),
    ],
)
def test_how_the_stamps_are_spread_is_what_is_counted(shape: Any, kernel: Any, strides: int, words: str) -> None:
    assert words in describe(trace(input=np.ones(shape, int), kernel=np.ones(kernel, int), strides=strides)).alt
