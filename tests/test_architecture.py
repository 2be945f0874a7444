"""A network's picture is read from its layers; nothing in it is typed."""

import numpy as np
import pytest

from figures.architecture import describe, draw, trace
from generator.theme import DARK, LIGHT

LAYERS = [
    {"name": "conv1", "kind": "Conv2D", "input_shape": [8, 8, 1], "output_shape": [6, 6, 4], "parameters": 40,
     "macs": 1296, "kernel_size": 3, "activation": "relu"},
    {"name": "pool1", "kind": "MaxPooling2D", "input_shape": [6, 6, 4], "output_shape": [3, 3, 4], "parameters": 0,
     "macs": 0, "kernel_size": 2},
    {"name": "flatten", "kind": "Flatten", "input_shape": [3, 3, 4], "output_shape": [36], "parameters": 0, "macs": 0},
    {"name": "softmax", "kind": "Dense", "input_shape": [36], "output_shape": [3], "parameters": 111, "macs": 108,
     "activation": "softmax"},
]  # fmt: skip


def maps() -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    shapes = {"input": (8, 8), **{str(layer["name"]): tuple(layer["output_shape"]) for layer in LAYERS}}
    return {name: random.random(shape, dtype=np.float32) for name, shape in shapes.items()}


def test_the_sums_are_those_of_the_layers() -> None:
    network = trace(layers=LAYERS)
    assert (network.parameters, network.macs) == (151, 1404)


def test_the_input_comes_first() -> None:
    first = trace(layers=LAYERS).layers[0]
    assert (first.kind, first.size) == ("Input", "8 × 8 × 1")


def test_the_text_names_every_layer_with_its_size() -> None:
    alt = describe(trace(layers=LAYERS)).alt
    assert "conv1 (Conv2D) gives 6 × 6 × 4, 40 parameters" in alt
    assert "151 parameters and 1,404 multiplications" in alt


def test_with_maps_the_text_says_the_answer() -> None:
    found = maps() | {"softmax": np.array([0.1, 0.7, 0.2], np.float32)}
    facts = describe(trace(layers=LAYERS, maps=found)).facts
    assert facts["answer"] == 1
    assert facts["probability"] == pytest.approx(0.7)


def test_maps_of_another_network_are_refused() -> None:
    with pytest.raises(ValueError, match=r"pool1 gives \(3, 3, 4\), its map is \(2, 2, 4\); take"):
        trace(layers=LAYERS, maps=maps() | {"pool1": np.zeros((2, 2, 4))})


@pytest.mark.parametrize(("layers", "problem"), [([], "layers is empty;"), ([{"name": "a"}], "a layer has no kind;")])
def test_what_is_no_network_is_refused(layers: list, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(layers=layers)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("real", [True, False])
def test_the_picture_fits_a_slide_and_writes_every_size(theme, *, real: bool) -> None:
    figure = draw(trace(layers=LAYERS, maps=maps() if real else None), theme)
    assert figure.get_size_inches()[0] == pytest.approx(12.8)
    assert figure.get_size_inches()[1] <= 6
    written = {text.get_text() for text in figure.axes[0].texts}
    assert {"6 × 6 × 4", "3 × 3 × 4", "36", "3", "40", "111", "1,296"} <= written


def test_every_text_is_legible_from_the_last_row() -> None:
    figure = draw(trace(layers=LAYERS, maps=maps()), LIGHT)
    assert min(text.get_fontsize() for text in figure.axes[0].texts) >= 13
