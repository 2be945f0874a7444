"""A depthwise separable convolution is TensorFlow's, and it costs what Keras counts."""

import warnings
from typing import Any

import numpy as np
import pytest
from channel_layers import INPUT, KERNELS, volumes, whole
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import flaws, words_of
from plain_windows import plain_outputs, plain_padding, said_padding, said_pair, said_unused, unused_lines
from said_numbers import assert_says, quoted

from figures import depthwise, pointwise
from figures.separable import describe, draw, trace
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

CASE = {
    "layout": "tables",
    "input": INPUT,
    "depthwise_kernels": KERNELS,
    "pointwise_weights": [[1, 2], [0, 1], [-1, 1]],
}
PADDED = {
    "layout": "tables",
    "input": INPUT[:2],
    "depthwise_kernels": KERNELS[:2],
    "pointwise_weights": [[1, 2], [0, 1]],
    "biases": [1, 0],
    "padding": "same",
}
WIDER = {
    "layout": "tables",
    "input": INPUT[:1],
    "depthwise_kernels": KERNELS[:1],
    "pointwise_weights": [[1, 2, -1]],
}
CASES = {"three channels": CASE, "same padding": PADDED, "one channel": WIDER}


@st.composite
def layers(draw: Any) -> dict[str, Any]:
    """Draw a separable layer that Keras accepts and a slide can show."""
    image, filters = draw(volumes(4)), draw(st.integers(1, 2))
    sides = (draw(st.integers(1, 2)), draw(st.integers(1, 3)))
    return {
        "input": image,
        "depthwise_kernels": draw(whole((*sides, image.shape[2]), 1)),
        "pointwise_weights": draw(whole((image.shape[2], filters), 1)),
        "biases": draw(whole(filters, 3)),
        "strides": draw(st.integers(1, 2)),
        "padding": draw(st.sampled_from(["valid", "same"])) if max(image.shape) + max(sides) < 6 else "valid",
    }


@settings(max_examples=120, deadline=None, derandomize=True)
@given(layers())
def test_the_output_is_tensorflows_exactly(layer: dict[str, Any]) -> None:
    image = tf.constant(layer["input"][None], tf.float64)
    kernels = tf.constant(layer["depthwise_kernels"][..., None], tf.float64)
    weights = tf.constant(layer["pointwise_weights"][None, None], tf.float64)
    strides = (1, layer["strides"], layer["strides"], 1)
    theirs = tf.nn.separable_conv2d(image, kernels, weights, strides, layer["padding"].upper())[0].numpy()
    ours = trace(**layer).output
    np.testing.assert_array_equal(ours, theirs + layer["biases"])
    assert ours.dtype == np.int64


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_parameters_are_those_that_keras_counts(case: dict[str, Any]) -> None:
    import keras

    shown = trace(**case)
    filters, size = shown.output.shape[2], shown.depthwise_kernels.shape[:2]
    layers = (
        (keras.layers.SeparableConv2D(filters, size), shown.cost),
        (keras.layers.Conv2D(filters, size), shown.full_cost),
    )
    for layer, cost in layers:
        layer.build((None, *shown.input.shape))
        assert layer.count_params() == cost.parameters


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_it_is_a_depthwise_and_then_a_pointwise_convolution_and_costs_their_multiplications(
    case: dict[str, Any],
) -> None:
    shown = trace(**case)
    kernels, padding = shown.depthwise_kernels, case.get("padding", "valid")
    first = depthwise.trace(input=shown.input, kernels=kernels, padding=padding)
    second = pointwise.trace(input=first.output, weights=shown.pointwise_weights, biases=shown.biases)
    np.testing.assert_array_equal(first.output, shown.middle)
    np.testing.assert_array_equal(second.output, shown.output)
    assert shown.cost.multiplications == first.multiplications + second.multiplications
    assert shown.full_cost.multiplications == shown.output.size * kernels.size


def test_the_words_say_both_steps_and_both_costs() -> None:
    words = describe(trace(**CASE))
    assert "makes 2 × 2 [4, 3; 3, 3]" in words.alt
    assert words.alt.endswith(
        "It has 35 parameters and takes 132 multiplications; an ordinary convolution of this size has 56 and takes 216."
    )
    assert words.facts["full"] == {"parameters": 56, "multiplications": 216}
    assert words.facts["share"]["parameters"] == 35 / 56


def test_it_does_not_always_cost_less() -> None:
    one = trace(**{**WIDER, "pointwise_weights": [[1]]})
    assert one.cost.parameters > one.full_cost.parameters


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"input": [[1, 2], [3, 4]]}, r"input has shape \(2, 2\); give \(channels, height, width\)"),
        ({"input": [[[1.0, float("inf")]]] * 3}, "input holds a value that is not finite"),
        ({"input": np.ones((3, 5, 5), int)}, "the input with its padding is 5 × 5; at most 4 × 4"),
        ({"depthwise_kernels": KERNELS[:2]}, "depthwise_kernels are for 2 channels and the input has 3"),
        ({"pointwise_weights": [[1, 2]]}, "the input has 3 channels; give 3 depthwise kernels and rows"),
        ({"pointwise_weights": [[1] * 4] * 3}, "4 filters with kernels of 3 × 3; at most 3 of 3 × 3"),
        ({"pointwise_weights": [[9999]] * 3}, "pointwise_weights holds 9999, which is too long"),
        ({"biases": [1]}, "there are 1 biases and 2 output maps"),
        ({"strides": 0}, "strides is 0; the smallest is 1"),
        ({"padding": "even"}, "there is no padding 'even'"),
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
    arrays = (shown.padded, shown.depthwise_kernels, shown.middle, shown.pointwise_weights, shown.output)
    for value in (value for array in arrays for value in array.ravel()):
        written.remove(str(value).replace("-", "−"))
    for count in (shown.cost.parameters, shown.full_cost.parameters, shown.cost.multiplications):
        written.remove(str(count))


@given(layers(), st.sampled_from([1, 0.5]))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(layer: dict[str, Any], scale: float) -> None:

    image, weights, biases, step = (
        layer["input"],
        layer["pointwise_weights"] * scale,
        layer["biases"],
        (layer["strides"],) * 2,
    )
    kernels = layer["depthwise_kernels"]
    around = [
        plain_padding(layer["padding"], *each) for each in zip(image.shape[:2], kernels.shape[:2], step, strict=True)
    ]
    padded = np.pad(image, [*around, (0, 0)])
    depth, filters = weights.shape
    middle = [plain_outputs(padded[:, :, c], kernels[:, :, c], step) for c in range(depth)]
    said = [*said_padding(*around), *said_pair(step)]
    for c in range(depth):
        said += [c + 1, *quoted(image[:, :, c]), *quoted(kernels[:, :, c]), *quoted(middle[c])]
    said += [1, 1, *quoted(weights), *(biases if biases.any() else [])]
    for f in range(filters):
        said += [f + 1, *quoted(sum(middle[c] * weights[c, f] for c in range(depth)) + biases[f])]
    lines = zip(image.shape[:2], around, kernels.shape[:2], step, strict=True)
    unused = said_unused([unused_lines(*each) for each in lines])
    places, small, large = middle[0].size, kernels.size + depth * filters, kernels.size * filters
    try:
        words = describe(trace(**{**layer, "pointwise_weights": weights}))
    except ValueError as problem:
        assert "too long" in str(problem)  # noqa: PT017 - halves may be too long for their cells
        return
    assert_says(words.alt, [*said, small + filters, small * places, large + filters, large * places, *unused])
