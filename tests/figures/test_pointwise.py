"""A 1 × 1 convolution is TensorFlow's, and a dense layer at every place."""

import warnings
from typing import Any

import numpy as np
import pytest
from channel_layers import INPUT, volumes, whole
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import flaws, words_of
from said_numbers import assert_adds_up, assert_says, quoted

from figures.pointwise import describe, draw, trace
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

CASE = {"layout": "tables", "input": INPUT, "weights": [[1, 2], [0, 1], [-1, 1]], "biases": [1, -1], "place": [2, 1]}
WIDER = {"layout": "tables", "input": INPUT[:2], "weights": [[1, 2, 3], [0, -1, 2]]}
MEAN = {"layout": "tables", "input": INPUT[:2], "weights": [[0.5], [0.5]], "place": [3, 3]}
CASES = {"fewer maps": CASE, "more maps": WIDER, "mean": MEAN}


@st.composite
def layers(draw: Any) -> dict[str, Any]:
    """Draw a 1 × 1 layer."""
    image, filters = draw(volumes(5)), draw(st.integers(1, 3))
    weights, biases = draw(whole((image.shape[2], filters), 1)), draw(whole(filters, 3))
    place = [draw(st.integers(0, side - 1)) for side in image.shape[:2]]
    return {"input": image, "weights": weights, "biases": biases, "place": place}


@settings(max_examples=120, deadline=None, derandomize=True)
@given(layers())
def test_the_output_is_tensorflows_exactly(layer: dict[str, Any]) -> None:
    image, weights = (tf.constant(layer[name], tf.float64) for name in ("input", "weights"))
    theirs = tf.nn.conv2d(image[None], weights[None, None], 1, "VALID")[0].numpy() + layer["biases"]
    ours = trace(**layer)
    np.testing.assert_array_equal(ours.output, theirs)
    np.testing.assert_array_equal(ours.values @ ours.weights + ours.biases, ours.results)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_it_is_a_dense_layer_at_every_place_with_as_many_parameters(case: dict[str, Any]) -> None:
    import keras

    shown = trace(**case)
    dense = keras.layers.Dense(shown.weights.shape[1])
    dense.build((None, shown.weights.shape[0]))
    dense.set_weights([shown.weights, shown.biases])
    for place in np.ndindex(shown.input.shape[:2]):
        theirs = dense(shown.input[place][None].astype(np.float32))[0].numpy()
        np.testing.assert_allclose(shown.output[place], theirs, rtol=1e-5)
    assert shown.parameters == dense.count_params()


def test_a_pixel_changes_only_its_own_place() -> None:
    changed = np.array(INPUT)
    changed[:, 1, 2] = 5
    differs = trace(**CASE).output != trace(**{**CASE, "input": changed}).output
    assert np.argwhere(differs.any(axis=2)).tolist() == [[1, 2]]


def test_the_words_say_the_sums_at_the_place() -> None:
    words = describe(trace(**CASE))
    assert words.facts["sums"] == ["1 × 1 + 1 × 0 + 0 × −1 + bias 1 = 2", "1 × 2 + 1 × 1 + 0 × 1 − bias 1 = 2"]
    assert "At row 3, column 2: map 1: 1 × 1 + " in words.alt
    assert words.alt.endswith("(1 × 1 × 3 weights + 1 bias) × 2 filters = 8 parameters.")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"input": [[1, 2], [3, 4]]}, r"input has shape \(2, 2\); give \(channels, height, width\)"),
        ({"input": [[[1.0, float("nan")]]] * 3}, "input holds a value that is not finite"),
        ({"input": np.ones((4, 3, 3), int), "weights": [[1, 1]] * 4}, "the input has 4 channels; at most 3"),
        ({"input": np.ones((3, 6, 6), int)}, "the input is 6 × 6; at most 5 × 5"),
        ({"weights": [[1, 2]]}, "weights have 1 rows and the input has 3 channels; give one row per channel"),
        ({"weights": [1, 2, 3]}, r"weights has shape \(3,\); give \(channels, filters\)"),
        ({"weights": [[1] * 4] * 3, "biases": None}, "weights make 4 maps; at most 3"),
        ({"weights": [[9999, 1]] * 3}, "weights holds 9999, which is too long"),
        ({"biases": [1, 2, 3]}, "there are 3 biases and 2 output maps"),
        ({"place": [4, 0]}, r"place is \[4, 0\]; give a row from 0 to 3 and a column from 0 to 3"),
        ({"place": [1]}, r"place is \[1\]; give a row"),
    ],
)
def test_a_bad_argument_is_refused(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**{**CASE, **change})


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_the_still_is_legible_and_has_every_number(case: dict[str, Any], theme: Any) -> None:
    from figures.parts.words import write_number

    shown = trace(**case)
    figure = draw(shown, theme)
    assert figure.get_size_inches().tolist() == pytest.approx([12.8, 6.0])
    assert flaws(figure) == []
    written = words_of(figure)
    arrays = (shown.input, shown.weights, shown.output, shown.values, shown.results)
    for value in (value for array in arrays for value in array.ravel()):
        written.remove(write_number(value))


@given(layers(), st.sampled_from([1, 0.5]))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(layer: dict[str, Any], scale: float) -> None:

    image, weights, biases, place = layer["input"], layer["weights"] * scale, layer["biases"], layer["place"]
    depth, filters = weights.shape
    output = np.array(
        [[[sum(cell * weights[:, f]) + biases[f] for f in range(filters)] for cell in row] for row in image]
    )
    said = [1, 1, *image.shape]
    said += [number for c in range(depth) for number in (c + 1, *quoted(image[:, :, c]))]
    said += [*quoted(weights), place[0] + 1, place[1] + 1]
    for f in range(filters):
        terms = [number for c in range(depth) for number in (image[(*place, c)], weights[c, f])]
        said += [f + 1, *terms, *([abs(biases[f])] if biases.any() else []), output[(*place, f)]]
    said += output.shape
    said += [number for f in range(filters) for number in (f + 1, *quoted(output[:, :, f]))]
    try:
        words = describe(trace(**{**layer, "weights": weights}))
    except ValueError as problem:
        assert "too long" in str(problem)  # noqa: PT017 - halves may be too long for their cells
        return
    assert_says(words.alt, [*said, 1, 1, depth, 1, filters, (depth + 1) * filters])
    assert assert_adds_up(words.alt) == filters + 1
