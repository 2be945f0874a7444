"""A neuron's number is the one that Keras's Dense layer gives for the flattened image."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import flaws
from said_numbers import assert_says, tables

from figures.dense import describe, draw, trace
from generator.theme import DARK, LIGHT

RANDOM = np.random.default_rng(0)
DIGIT = np.kron(np.eye(7, dtype=np.uint8) * 200, np.ones((4, 4), np.uint8))
WEIGHTS = RANDOM.normal(size=784) / 10
SHAPES = st.tuples(st.integers(1, 6), st.integers(1, 6))
WHOLE = st.integers(-9, 9)


@given(st.data(), SHAPES, st.integers(-9, 9))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_products_sum_to_the_result_exactly_for_integers(data: Any, shape: tuple[int, int], bias: int) -> None:
    image, weights = (data.draw(arrays(np.int64, shape, elements=WHOLE)) for _ in range(2))
    shown = trace(input=image, weights=weights, bias=bias)
    assert shown.products.tolist() == (image * weights).tolist()
    assert shown.result == image.ravel() @ weights.ravel() + bias
    assert sum(shown.parts) == shown.sum


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_the_number_is_that_of_keras_dense_layer() -> None:
    import keras
    from keras import layers

    keras.utils.set_random_seed(3)
    layer = layers.Dense(4, bias_initializer="random_normal")
    model = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layer])
    given = model((DIGIT / 255).astype(np.float32)[None, ..., None])[0].numpy()
    kernel, bias = layer.get_weights()
    for unit in range(4):
        shown = trace(input=DIGIT, weights=kernel[:, unit], bias=float(bias[unit]))
        assert shown.result == pytest.approx(given[unit], abs=1e-5)


def test_bytes_are_divided_by_255_and_other_numbers_are_not() -> None:
    assert trace(input=np.full((1, 1), 255, np.uint8), weights=[[2]]).sum == 2
    assert trace(input=np.full((1, 1), 255), weights=[[2]]).sum == 510


def test_weights_may_be_a_picture_or_a_column_of_a_kernel() -> None:
    one, other = trace(input=DIGIT, weights=WEIGHTS), trace(input=DIGIT, weights=WEIGHTS.reshape(28, 28))
    assert one.products.tolist() == other.products.tolist()


def test_the_words_say_the_sums_and_compare_a_large_image_with_a_kernel() -> None:
    words = describe(trace(input=[[1, 2], [3, 0]], weights=[[1, -1], [2, 5]], bias=-1))
    assert (
        "Of the 4 products, the positive ones sum to 7 and the negative ones to −2, together 5; with the bias −1"
        in words.alt
    )
    assert words.alt.endswith("the neuron gives 4.")
    assert describe(trace(input=DIGIT, weights=WEIGHTS)).alt.endswith(
        "A kernel of 3 × 3 at the same scale has 9 weights."
    )
    assert words.facts["result"] == 4
    assert words.facts["idle"] == 1


def test_the_sums_are_written_and_rounding_is_admitted() -> None:
    exact = {text.get_text() for text in draw(trace(input=[[2]], weights=[[3]], bias=1), LIGHT).axes[0].texts}
    assert {"6", "7", "="} <= exact
    assert "≈" not in exact
    assert "≈" in {text.get_text() for text in draw(trace(input=DIGIT, weights=WEIGHTS), LIGHT).axes[0].texts}


def test_a_kernel_is_drawn_for_scale_where_it_is_small_beside_the_image() -> None:
    for arguments, is_drawn in (
        ({"input": DIGIT, "weights": WEIGHTS}, True),
        ({"input": [[1]], "weights": [[2]]}, False),
    ):
        texts = [text.get_text() for text in draw(trace(**arguments), LIGHT).axes[0].texts]
        assert any(text.startswith("for scale: a 3 × 3 kernel has 9 weights") for text in texts) is is_drawn


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"input": [1, 2]}, r"input has shape \(2,\); give an array \(height, width\)"),
        ({"input": np.ones((65, 1))}, "input is 65 × 1; give an image of at most 64 × 64"),
        ({"weights": WEIGHTS[:9]}, r"weights has shape \(9,\) and input \(28, 28\); give a weight for every pixel"),
        ({"weights": WEIGHTS.reshape(14, 56)}, r"weights has shape \(14, 56\) and input \(28, 28\)"),
        ({"weights": WEIGHTS * np.nan}, "weights holds a value that is not finite"),
        ({"bias": "much"}, "bias is 'much'; give one number"),
    ],
)
def test_a_bad_argument_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**{"input": DIGIT, "weights": WEIGHTS, **arguments})


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(
    "arguments",
    [{"input": DIGIT, "weights": WEIGHTS, "bias": -0.1}, {"input": [[0, 0]], "weights": [[0, 0]]},
     {"input": [[1], [2], [3]], "weights": [[1e5], [-2e6], [3]]}, {"input": DIGIT[:, :9], "weights": np.ones((28, 9))}],
)  # fmt: skip
def test_the_picture_fits_a_slide_and_its_texts_stand_apart(theme: Any, arguments: dict[str, Any]) -> None:
    figure = draw(trace(**arguments), theme)
    assert figure.get_size_inches().tolist() == pytest.approx([12.8, 5.75])
    assert flaws(figure) == []


@given(tables(2, 8), st.integers(0, 9), st.sampled_from([0.0, -0.5, 1 / 3]))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(input: Any, seed: int, bias: float) -> None:

    weights = np.random.default_rng(seed).normal(size=input.shape)
    products = [float(a) * float(b) for a, b in zip(input.flat, weights.flat, strict=True)]
    above, below = sum(p for p in products if p > 0), sum(p for p in products if p < 0)
    words = describe(trace(input=input, weights=weights, bias=bias))
    total = sum(products)
    ends = [weights.min(), weights.max(), input.size, above, below, total, bias, total + bias]
    assert_says(words.alt, [*input.shape, *ends])


def test_sums_that_are_rounded_are_said_to_be_about() -> None:
    words = describe(trace(input=[[1.0, 1.0]], weights=[[1.234, -0.336]], bias=0.5))
    assert (
        "the positive ones sum to 1.23 and the negative ones to −0.34, together about 0.9; with the bias 0.5"
        in words.alt
    )
    assert words.alt.endswith("the neuron gives about 1.4.")
    exact = describe(trace(input=[[1, 1]], weights=[[3, -1]], bias=0.5))
    assert "together 2; with the bias 0.5, the neuron gives 2.5." in exact.alt
