"""A dense unit is one sum over all pixels, and its picture shows every product."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sheeting import sheet_faults

from figures.dense import describe, draw, trace
from generator.theme import DARK, LIGHT

PAIRS = st.tuples(st.integers(1, 6), st.integers(1, 6)).flatmap(
    lambda shape: st.tuples(*(arrays(np.float32, shape, elements=st.floats(-4, 4, width=32)) for _ in range(2)))
)
RANDOM = np.random.default_rng(0)
IMAGE = (RANDOM.random((28, 28)) > 0.8).astype(np.uint8) * 255
WEIGHTS = RANDOM.normal(size=(28, 28))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@given(PAIRS, st.floats(-3, 3, width=32))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_result_is_that_of_a_dense_layer_behind_flatten(pair: tuple[np.ndarray, np.ndarray], bias: float) -> None:
    import keras

    image, weights = pair
    model = keras.Sequential([keras.Input((*image.shape, 1)), keras.layers.Flatten(), keras.layers.Dense(1)])
    model.set_weights([weights.reshape(-1, 1), np.array([bias], np.float32)])
    ours = trace(input=image, weights=weights, bias=bias).result
    assert ours == pytest.approx(float(model(image[None, ..., None])[0, 0]), abs=1e-4)


def test_bytes_are_taken_from_zero_to_one() -> None:
    assert trace(input=np.full((2, 2), 255, np.uint8), weights=np.ones((2, 2))).result == 4


def test_weights_may_be_one_row_in_the_order_of_flatten() -> None:
    assert trace(input=[[1, 2], [3, 4]], weights=[1, 0, 0, 2]).products.tolist() == [[1, 0], [0, 8]]


def test_positive_and_negative_products_make_the_sum() -> None:
    facts = describe(trace(input=IMAGE, weights=WEIGHTS)).facts
    assert facts["positive"] + facts["negative"] == pytest.approx(facts["sum"])
    assert (facts["pixels"], facts["ink"]) == (784, int((IMAGE > 0).sum()))


def test_the_words_say_sum_bias_and_answer() -> None:
    alt = describe(trace(input=[[1, 2], [3, 4]], weights=[[1, 0], [0, -2]], bias=0.5)).alt
    assert alt.endswith("The products sum to −7, plus a bias of 0.5: the unit answers −6.5 before its activation.")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"weights": np.ones(9)}, "there are 9 weights for 784 pixels; give 28 × 28 = 784 numbers, one a pixel"),
        ({"input": np.ones((2, 3, 4))}, r"input has shape \(2, 3, 4\); give one picture"),
        ({"input": np.full((28, 28), np.nan)}, "input has shape"),
    ],
)
def test_sizes_that_do_not_fit_are_refused(arguments: dict, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**{"input": IMAGE, "weights": WEIGHTS, **arguments})


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("bias", [0, -0.25])
def test_all_writing_is_on_the_sheet_apart_and_legible(theme: object, bias: float) -> None:
    assert sheet_faults(draw(trace(input=IMAGE, weights=WEIGHTS, bias=bias), theme)) == []
