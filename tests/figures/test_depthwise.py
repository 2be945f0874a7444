"""A depthwise convolution is TensorFlow's, and no channel knows of another."""

import warnings
from typing import Any

import numpy as np
import pytest
from channel_layers import INPUT, KERNELS, volumes, whole
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import flaws, words_of
from plain_windows import plain_outputs, plain_padding, said_padding, said_pair, said_unused, unused_lines
from said_numbers import assert_adds_up, assert_says, quoted

from figures.depthwise import describe, draw, trace
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

CASE = {"layout": "tables", "input": INPUT, "kernels": KERNELS}
TWO = {
    "layout": "tables",
    "input": INPUT[:2],
    "kernels": [KERNELS[:2], [KERNELS[2], KERNELS[1]]],
    "biases": [1, 0, -1, 2],
    "padding": "same",
}
ONE = {"input": np.arange(20).reshape(4, 5, 1) % 6, "kernels": np.array([[[1]], [[-1]]]), "strides": 1}
CASES = {"three channels": CASE, "two kernels a channel": TWO, "one channel": ONE}


@st.composite
def layers(draw: Any) -> dict[str, Any]:
    """Draw a depthwise layer that Keras accepts and a slide can show."""
    image = draw(volumes())
    sides = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
    multiplier = draw(st.integers(1, 2))
    kernels = draw(whole((*sides, image.shape[2], multiplier), 1))
    padding = draw(st.sampled_from(["valid", "same"])) if max(image.shape[:2]) + max(sides) < 7 else "valid"
    biases = draw(whole(image.shape[2] * multiplier))
    return {
        "input": image,
        "kernels": kernels,
        "biases": biases,
        "strides": draw(st.integers(1, 2)),
        "padding": padding,
    }


@settings(max_examples=120, deadline=None, derandomize=True)
@given(layers())
def test_the_output_is_tensorflows_exactly(layer: dict[str, Any]) -> None:
    image, kernels = (tf.constant(layer[name], tf.float64) for name in ("input", "kernels"))
    strides = (1, layer["strides"], layer["strides"], 1)
    theirs = tf.nn.depthwise_conv2d(image[None], kernels, strides, layer["padding"].upper())[0].numpy()
    ours = trace(**layer).output
    np.testing.assert_array_equal(ours, theirs + layer["biases"])
    assert ours.dtype == np.int64


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_parameters_are_those_that_keras_counts(case: dict[str, Any]) -> None:
    import keras

    shown = trace(**case)
    size, multiplier = shown.kernels.shape[:2], shown.kernels.shape[3]
    layer = keras.layers.DepthwiseConv2D(size, depth_multiplier=multiplier)
    ordinary = keras.layers.Conv2D(shown.output.shape[2], size)
    for made, count in ((layer, shown.parameters), (ordinary, shown.full_parameters)):
        made.build((None, *shown.input.shape))
        assert made.count_params() == count


def test_a_channel_changes_only_its_own_map() -> None:
    before, changed = trace(**CASE).output, [*INPUT[:2], [[9, 9, 9, 9]] * 4]
    after = trace(**{**CASE, "input": changed}).output
    assert np.array_equal(before[..., :2], after[..., :2])
    assert not np.array_equal(before[..., 2], after[..., 2])


def test_the_words_say_each_channel_and_the_comparison() -> None:
    words = describe(trace(**CASE))
    assert "with the kernel 3 × 3 [1, 0, 1; 0, 1, 0; 0, 0, 1] makes 2 × 2 [4, 3; 3, 3]" in words.alt
    assert words.alt.endswith(
        "(3 × 3 weights + 1 bias) × 3 maps = 30 parameters; an ordinary convolution to 3 maps has 84."
    )
    assert words.facts["depth_multiplier"] == 1


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"input": [[1, 2], [3, 4]]}, r"input has shape \(2, 2\); give \(channels, height, width\)"),
        ({"input": [[[1.0, float("nan")]]] * 3}, "input holds a value that is not finite"),
        ({"kernels": KERNELS[:2]}, "kernels are for 2 channels and the input has 3; give one per channel"),
        ({"kernels": [KERNELS] * 3}, "the kernels are 3 × 3, 3 per channel; at most 2"),
        ({"kernels": [[[1, 2], [3]]]}, "the rows of kernels differ in length"),
        ({"biases": [1]}, "there are 1 biases and 3 output maps"),
        ({"strides": 0}, "strides is 0; the smallest is 1"),
        ({"padding": "even"}, "there is no padding 'even'"),
        ({"layout": "rows"}, "there is no layout 'rows'"),
        ({"input": np.full((3, 4, 4), 500)}, "input holds 500, which is too long"),
    ],
)
def test_a_bad_argument_is_refused(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**{**CASE, **change})


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_the_still_is_legible_and_has_every_number(case: dict[str, Any], theme: Any) -> None:
    shown = trace(**case)
    figure = draw(shown, theme)
    assert figure.get_size_inches().tolist() == pytest.approx([12.8, 6.0])
    assert flaws(figure) == []
    written = words_of(figure)
    for value in [*shown.padded.ravel(), *shown.kernels.ravel(), *shown.output.ravel()]:
        written.remove(str(value).replace("-", "−"))


@given(layers(), st.sampled_from([1, 0.5]))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(layer: dict[str, Any], scale: float) -> None:

    kernels, biases, step = layer["kernels"] * scale, layer["biases"], (layer["strides"],) * 2
    image = layer["input"]
    around = [
        plain_padding(layer["padding"], *each) for each in zip(image.shape[:2], kernels.shape[:2], step, strict=True)
    ]
    padded = np.pad(image, [*around, (0, 0)])

    depth, multiplier = kernels.shape[2:]
    said, places = [*said_padding(*around), *said_pair(step)], 0
    for c in range(depth):
        said += [c + 1, *quoted(image[:, :, c])]
        for m in range(multiplier):
            bias = biases[c * multiplier + m]
            output = plain_outputs(padded[:, :, c], kernels[:, :, c, m], step) + bias
            said += [*quoted(kernels[:, :, c, m]), *([bias] if biases.any() else []), *quoted(output)]
            places = output.size
    lines = zip(image.shape[:2], around, kernels.shape[:2], step, strict=True)
    unused = said_unused([unused_lines(*each) for each in lines])
    maps, sides = depth * multiplier, kernels.shape[:2]
    parameters, full = (sides[0] * sides[1] + 1) * maps, (sides[0] * sides[1] * depth + 1) * maps
    try:
        words = describe(trace(**{**layer, "kernels": kernels}))
    except ValueError as problem:
        assert "too long" in str(problem)  # noqa: PT017 - halves may be too long for their cells
        return
    assert_says(words.alt, [*said, *sides, 1, maps, parameters, maps, full, *unused])
    assert assert_adds_up(words.alt) == 1
    assert places
