"""How often a cell is seen is what TensorFlow's own gradient of a convolution of ones says."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from legibility import flaws
from plain_windows import plain_padding, starts_of
from said_numbers import assert_adds_up, assert_says

from figures.padding_modes import describe, draw, trace
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf


def tensorflow_visits(size: int, kernel_size: int, strides: int, mode: str) -> tuple[Any, Any]:
    """Return how far each cell of an input moves the sum of a convolution with ones, and the output's shape."""
    image = tf.ones((1, size, size, 1), tf.float64)
    kernel = tf.ones((kernel_size, kernel_size, 1, 1), tf.float64)
    ring = kernel_size - 1 if mode == "full" else 0
    with tf.GradientTape() as tape:
        tape.watch(image)
        padded = tf.pad(image, [[0, 0], [ring, ring], [ring, ring], [0, 0]])
        output = tf.nn.conv2d(padded, kernel, strides, "SAME" if mode == "same" else "VALID")
        total = tf.reduce_sum(output)
    return tape.gradient(total, image)[0, :, :, 0].numpy(), output.shape[1:3].as_list()


@given(st.integers(1, 9), st.integers(1, 5), st.integers(1, 4), st.sampled_from(["valid", "same", "full"]))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_visits_and_sizes_are_tensorflows(size: int, kernel_size: int, strides: int, mode: str) -> None:
    assume(mode != "valid" or kernel_size <= size)
    (panel,) = trace(size=size, kernel_size=kernel_size, strides=strides, modes=[mode]).panels
    visits, shape = tensorflow_visits(size, kernel_size, strides, mode)
    assert panel.visits.tolist() == visits.tolist()
    assert [panel.output, panel.output] == shape


def test_without_padding_a_corner_is_seen_once_and_the_middle_nine_times() -> None:
    facts = describe(trace()).facts
    assert (facts["valid"]["corner"], facts["valid"]["middle"]) == (1, 9)
    assert (facts["same"]["corner"], facts["full"]["corner"]) == (4, 9)
    assert [facts[mode]["output"] for mode in ("valid", "same", "full")] == [4, 6, 8]


def test_full_padding_lets_every_cell_be_seen_equally_often() -> None:
    (panel,) = trace(size=7, kernel_size=4, modes=["full"]).panels
    assert (panel.visits == 16).all()


def test_same_at_stride_two_pads_an_even_input_at_its_end_only_and_says_that_pytorch_differs() -> None:
    shown = trace(size=6, kernel_size=3, strides=2)
    assert [panel.padding for panel in shown.panels] == [(0, 0), (0, 1), (2, 2)]
    assert "Same pads 0 before and 1 after" in describe(shown).alt
    assert "PyTorch's padding=1 differs: it pads 1 on both sides" in describe(shown).alt
    written = [text.get_text() for text in draw(shown, LIGHT).axes[0].texts]
    assert "not PyTorch’s padding=1: that adds 1 on both sides" in written


def test_even_padding_says_nothing_of_pytorch() -> None:
    assert "PyTorch" not in describe(trace()).alt


def test_what_no_window_sees_is_counted_and_named() -> None:
    words = describe(trace(strides=2))
    assert words.facts["valid"]["unseen"] == 11
    assert "No window sees 11 cells of the input." in words.alt


def test_every_number_of_the_trace_is_written() -> None:
    shown = trace(size=5)
    written = [text.get_text() for text in draw(shown, LIGHT).axes[0].texts]
    for count in (str(count) for panel in shown.panels for count in panel.visits.flat):
        written.remove(count)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"size": 0}, "size is 0; give a whole number from 1 to 32"),
        ({"size": 6.0}, r"size is 6\.0; give a whole number"),
        ({"kernel_size": True}, "kernel_size is True; give a whole number"),
        ({"strides": 0}, "strides is 0; give a whole number from 1"),
        ({"size": 3, "kernel_size": 4}, "a window of 4 does not fit into 3 cells; take a smaller one"),
        ({"modes": ["half"]}, "there is no padding mode 'half'; there is 'valid', 'same' and 'full'"),
        ({"modes": []}, r"modes is \[\]; give one to three"),
        ({"modes": ["same", "same"]}, r"modes is \['same', 'same'\]; give one to three different"),
    ],
)
def test_a_bad_argument_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**arguments)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(
    "arguments",
    [{}, {"strides": 2}, {"size": 28, "kernel_size": 5}, {"size": 9, "modes": ["valid", "same"]}, {"modes": ["same"]},
     {"size": 7, "kernel_size": 2, "strides": 3}, {"size": 1, "kernel_size": 3, "modes": ["full"]}],
)  # fmt: skip
def test_the_picture_fits_a_slide_and_its_texts_stand_apart(theme: Any, arguments: dict[str, Any]) -> None:
    figure = draw(trace(**arguments), theme)
    assert figure.get_size_inches().tolist() == pytest.approx([12.8, 6.0])
    assert flaws(figure) == []


def test_counts_are_never_larger_than_a_window() -> None:
    assert max(int(np.max(panel.visits)) for panel in trace(size=20, kernel_size=4).panels) == 16


@given(st.integers(1, 9), st.integers(1, 5), st.integers(1, 4))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(size: int, kernel: int, strides: int) -> None:

    modes = [mode for mode in ("valid", "same", "full") if mode != "valid" or kernel <= size]
    said = [size, size, kernel, kernel, strides]
    for mode in modes:
        before, after = plain_padding(mode, size, kernel, strides)
        starts = starts_of(size + before + after, kernel, strides)
        line = np.array([sum(at <= cell + before < at + kernel for at in starts) for cell in range(size)])
        visits = np.outer(line, line)
        corners = [visits[0, 0]] if line[0] == line[-1] else [visits[0, 0], visits[-1, -1], visits[0, -1]]
        counts = [count for count in (*corners, visits[size // 2, size // 2]) if count > 1]
        pads, places = [before, after] if before + after else [], len(starts)
        formula = [size, *([before + after] if before + after else []), kernel, strides, 1, places]
        unseen = int((visits == 0).sum())
        said += [*pads, *counts, places, places, *formula, *([unseen] if unseen else [])]
        said += [after, after] if before != after else []
    words = describe(trace(size=size, kernel_size=kernel, strides=strides, modes=modes))
    assert_says(words.alt, said)
    assert assert_adds_up(words.alt) == len(modes)


def test_corners_that_differ_are_named_one_by_one() -> None:
    alt = describe(trace(size=4, kernel_size=2, modes=["same"])).alt
    assert (
        "the corner at the top left is seen once, that at the bottom right 4 times, the other two 2 times, "
        "the cell in the middle 4 times"
    ) in alt
