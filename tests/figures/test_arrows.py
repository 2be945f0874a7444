"""Arrows are kernels: their count times their size, and a bias a channel, are the parameters that Keras counts."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import flaws
from said_numbers import assert_says

from figures.arrows import choose, describe, draw, trace
from generator.theme import DARK, LIGHT


def layer(
    name: str, kind: str, before: list[int], after: list[int], parameters: int = 0, **more: Any
) -> dict[str, Any]:
    """Return a layer's facts."""
    return {"name": name, "kind": kind, "input_shape": before, "output_shape": after, "parameters": parameters} | more


NETWORK = [
    layer("conv1", "Conv2D", [28, 28, 1], [26, 26, 32], 320, kernel_size=3),
    layer("pool1", "MaxPooling2D", [26, 26, 32], [13, 13, 32], kernel_size=2),
    layer("conv2", "Conv2D", [13, 13, 32], [11, 11, 64], 18_496, kernel_size=3),
    layer("pool2", "MaxPooling2D", [11, 11, 64], [5, 5, 64], kernel_size=2),
    layer("conv3", "Conv2D", [5, 5, 64], [3, 3, 64], 36_928, kernel_size=3),
    layer("flatten", "Flatten", [3, 3, 64], [576]),
    layer("dense1", "Dense", [576], [64], 36_928),
    layer("softmax", "Dense", [64], [10], 650),
]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_arrows_times_their_size_and_the_biases_are_keras_parameters() -> None:
    import keras
    from keras import layers

    from lectures.experiments.parts.probing import layer_facts

    model = keras.Sequential([
        keras.Input((20, 20, 3)), layers.Conv2D(5, 3), layers.AveragePooling2D(2), layers.Conv2D(4, 1, use_bias=False),
        layers.GlobalMaxPooling2D(), layers.Dense(7), layers.Dense(2),
    ])  # fmt: skip
    facts = layer_facts(model)
    shown = trace(layers=facts).layers[1:]
    for fact, column, made in zip(facts, shown, model.layers, strict=True):
        assert column.channels == made.output.shape[-1]
        if column.is_full:
            size = fact.get("kernel_size", 1) ** 2 if "kernel_size" in fact else 1
            assert column.arrows * size + (column.channels if made.use_bias else 0) == made.count_params()
    assert [column.arrows for column in shown] == [15, 5, 20, 4, 28, 14]


@given(st.integers(1, 600), st.integers(1, 3))
@settings(max_examples=80, deadline=None, derandomize=True)
def test_first_and_last_circle_are_always_drawn_and_dots_only_stand_for_some(count: int, shown: int) -> None:
    chosen = choose(count, shown)
    assert (chosen[0], chosen[-1]) == (0, count - 1)
    assert len(chosen) <= shown + 2
    assert (None in chosen) == (count > shown + 1)


def test_the_text_counts_channels_and_arrows() -> None:
    words = describe(trace(layers=NETWORK))
    assert "It begins with 1 channel of 28 × 28. conv1 has 32 channels of 26 × 26, with 32 arrows" in words.alt
    assert (
        "conv2 has 64 channels of 11 × 11, with 2,048 arrows, from every circle to every circle, each 3 × 3"
        in words.alt
    )
    assert "pool1 has 32 channels of 13 × 13, with 32 arrows, one into each circle, each max 2 × 2" in words.alt
    assert words.facts["kernels"] == 32 + 2_048 + 4_096
    assert words.facts["arrows"]["dense1"] == 36_864


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"layers": []}, "there are 0 layers; 1 to 9 fit a slide"),
        ({"shown": 4}, "shown is 4; 1 to 3 circles"),
        ({"layers": [{"name": "a"}]}, "a layer has no kind; give the layers of a network"),
        (
            {"layers": [NETWORK[2] | {"parameters": 640}]},
            "conv2 has 640 parameters; arrows from every channel to every channel have 18,496",
        ),
        ({"layers": [NETWORK[2] | {"kind": "LSTM"}]}, "conv2 is a LSTM, whose arrows are not known; there is Conv2D"),
    ],
)
def test_what_has_no_arrows_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**({"layers": NETWORK} | arguments))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("count", [1, 3, 8])
@pytest.mark.parametrize("shown", [1, 3])
def test_the_picture_fits_a_slide(theme: Any, count: int, shown: int) -> None:
    layers = [*NETWORK[:-1], NETWORK[-1] | {"name": "a_name_that_is_too_long"}][-count:]
    figure = draw(trace(layers=layers, shown=shown), theme)
    assert figure.get_size_inches()[0] == pytest.approx(12.8)
    assert figure.get_size_inches()[1] <= 6
    assert flaws(figure) == []


@given(st.lists(st.integers(1, 40), min_size=1, max_size=4), st.integers(1, 3))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(depths: list[int], side: int) -> None:

    size, before, network, said = 28, 1, [], []
    for number, depth in enumerate(depths):
        shape = [size, size, before]
        size -= side - 1
        arrows = before * depth
        parameters = arrows * side * side + depth
        network.append(layer(f"conv{number}", "Conv2D", shape, [size, size, depth], parameters, kernel_size=side))
        said += [depth, size, size, arrows, side, side]
        before = depth
    values = size * size * before
    network += [
        layer("flatten", "Flatten", [size, size, before], [values]),
        layer("dense", "Dense", [values], [3], 3 * values + 3),
    ]
    said += [values, values, 1, 3, 3 * values, 1]
    assert_says(describe(trace(layers=network)).alt, [1, 28, 28, *said])
