"""What learns is the sum of Keras's trainable weights; every layer shows its state without color."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import flaws
from said_numbers import assert_says

from figures.freeze import describe, draw, trace
from generator.theme import DARK, LIGHT

LAYERS = [
    {"name": "conv1", "kind": "Conv2D", "parameters": 320},
    {"name": "pool1", "kind": "MaxPooling2D", "parameters": 0},
    {"name": "conv2", "kind": "Conv2D", "parameters": 18_496},
    {"name": "pool2", "kind": "MaxPooling2D", "parameters": 0},
    {"name": "conv3", "kind": "Conv2D", "parameters": 36_928},
    {"name": "flatten", "kind": "Flatten", "parameters": 0},
    {"name": "dense", "kind": "Dense", "parameters": 36_928},
    {"name": "softmax", "kind": "Dense", "parameters": 650},
]
BASE = ["conv1", "conv2", "conv3"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_what_learns_is_the_sum_of_keras_trainable_weights() -> None:
    import keras
    from keras import layers

    model = keras.Sequential([
        keras.Input((12, 12, 1)),
        layers.Conv2D(3, 3, name="conv1"),
        layers.MaxPooling2D(name="pool1"),
        layers.Conv2D(4, 3, use_bias=False, name="conv2"),
        layers.Flatten(name="flatten"),
        layers.Dense(5, name="dense"),
    ])  # fmt: skip
    facts = [
        {"name": layer.name, "kind": type(layer).__name__, "parameters": layer.count_params()} for layer in model.layers
    ]
    names = [layer.name for layer in model.layers]
    for count in range(len(names) + 1):
        for frozen in combinations(names, count):
            for layer in model.layers:
                layer.trainable = layer.name not in frozen
            shown = trace(layers=facts, frozen=frozen)
            assert shown.trainable == sum(int(np.prod(weights.shape)) for weights in model.trainable_weights)
            assert shown.parameters == model.count_params()


def test_a_frozen_base_leaves_the_head() -> None:
    words = describe(trace(layers=LAYERS, frozen=BASE))
    assert words.facts["trainable"] == 37_578
    assert words.facts["frozen"] == 55_744
    assert "conv1 (Conv2D) is frozen, 320 parameters; pool1 (MaxPooling2D) has no parameters" in words.alt
    assert words.alt.endswith("37,578 of 93,322 parameters learn (40.3 %).")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"frozen": ["conv4"]}, "there is no layer 'conv4' to freeze; there is conv"),
        ({"frozen": ["xyz"]}, "there is no layer 'xyz' to freeze; there is conv1, pool1"),
        ({"layers": []}, "there are 0 layers; 1 to 10 fit a slide"),
        ({"layers": [{"name": "a"}]}, "a layer has no kind; give the layers of a network"),
        (
            {"layers": [{"name": "a", "kind": "BatchNormalization", "parameters": 4}]},
            "BatchNormalization has numbers that never learn",
        ),
    ],
)
def test_what_cannot_be_frozen_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**({"layers": LAYERS} | arguments))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("frozen", [[], BASE, [layer["name"] for layer in LAYERS]])
@pytest.mark.parametrize("count", [1, 8, 10])
def test_the_picture_fits_a_slide_and_says_each_state_in_words(theme: Any, frozen: list[str], count: int) -> None:
    layers = [
        *LAYERS,
        {"name": "a_rather_long_name", "kind": "Dense", "parameters": 1_234_567},
        LAYERS[0] | {"name": "again"},
    ][:count]
    shown = trace(layers=layers, frozen=[name for name in frozen if name in [layer["name"] for layer in layers]])
    figure = draw(shown, theme)
    assert figure.get_size_inches()[0] == pytest.approx(12.8)
    assert figure.get_size_inches()[1] <= 6
    assert flaws(figure) == []
    written = [text.get_text() for text in figure.axes[0].texts]
    assert written.count("frozen") == sum(layer.is_frozen and layer.parameters > 0 for layer in shown.layers)
    assert written.count("learns") == sum(layer.trainable > 0 for layer in shown.layers)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8), st.sets(st.integers(0, 7)))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(counts: list[int], frozen: set[int]) -> None:

    layers = [{"name": f"l{k}", "kind": "Dense", "parameters": count} for k, count in enumerate(counts)]
    chosen = [layer["name"] for k, layer in enumerate(layers) if k in frozen]
    learning, total = sum(count for k, count in enumerate(counts) if k not in frozen), sum(counts)
    alt = describe(trace(layers=layers, frozen=chosen)).alt
    said = [len(counts), *[count for count in counts if count], learning, total]
    assert_says(alt, [*said, 100 * learning / max(1, total)])
