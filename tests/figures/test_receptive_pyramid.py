"""The pyramid's rows are the values that Keras uses, and its foot is the receptive field."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layer_facts import CONVNET, dilated_layers, layer, touched
from legibility import sheet_flaws
from said_numbers import assert_says

from figures import receptive_field
from figures.receptive_pyramid import describe, draw, trace
from generator.theme import DARK, LIGHT


def test_one_value_of_the_third_convolution_is_made_from_3_6_8_16_and_18() -> None:
    levels = trace(layers=CONVNET).levels
    assert [(level.name, level.count) for level in levels] == [
        ("pixels", 18), ("conv1", 16), ("pool1", 8), ("conv2", 6), ("pool2", 3), ("conv3", 1),
    ]  # fmt: skip


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 2)), min_size=1, max_size=4))
def test_the_foot_is_as_wide_as_the_receptive_field(stack: list[tuple[int, int]]) -> None:
    layers, size = [], 60
    for number, (kernel_size, strides) in enumerate(stack):
        layers.append(layer(f"l{number}", kernel_size, strides, size))
        size = layers[-1]["output_shape"][0]
    box = receptive_field.trace(layers=layers, image=np.ones((60, 60))).boxes[-1]
    foot = trace(layers=layers).levels[0]
    assert (foot.taken, foot.first) == (box.rows, box.top)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [1, 2])
def test_every_row_is_where_the_gradient_of_a_linear_network_is_not_zero(padding: str, strides: int) -> None:
    import tensorflow as tf
    from keras import Model
    from small_networks import build

    from lectures.experiments.parts.probing import layer_facts

    network = build(padding=padding, strides=strides, pooling="average", size=20)
    network.set_weights([np.ones_like(weights) for weights in network.get_weights()])
    levels = trace(layers=layer_facts(network)).levels
    names = [level.name for level in levels[1:]]
    image = tf.ones((1, 20, 20, 1))
    with tf.GradientTape() as tape:
        tape.watch(image)
        maps = Model(network.inputs, [network.get_layer(name).output for name in names])(image)
        value = tf.reduce_sum(maps[-1][0, levels[-1].first, levels[-1].first])
    for level, slope in zip(levels[:-1], tape.gradient(value, [image, *maps[:-1]]), strict=True):
        rows = np.flatnonzero(np.abs(slope[0]).sum(axis=(1, 2)))
        assert (level.first, level.last) == (rows[0], rows[-1]), level.name


def test_the_words_count_every_row() -> None:
    words = describe(trace(layers=CONVNET))
    assert "one value of conv3, in a line of 3, is made from 3 of 5 in pool2, 6 of 11 in conv2" in words.alt
    assert words.facts["size"] == 18
    assert words.facts["levels"]["conv1"] == {"count": 16, "places": 26}


@pytest.mark.parametrize(
    ("layers", "problem"),
    [
        ([{"name": "dense1"}], "0 layers have a window; give 1 to 8"),
        (CONVNET[:1] * 9, "9 layers have a window; give 1 to 8"),
        ([{"name": "conv1", "kernel_size": 3}], "a layer has no"),
    ],
)
def test_what_is_no_pyramid_is_refused(layers: list[dict], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(layers=layers)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("layers", [CONVNET, CONVNET[:1]])
def test_all_writing_is_on_the_sheet_apart_and_legible(layers: list[dict], theme: object) -> None:
    assert sheet_flaws(draw(trace(layers=layers), theme)) == []


@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 2), st.sampled_from(["valid", "same"])),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(stack: Any) -> None:

    layers = dilated_layers(stack, 24)
    places = [24, *(layer["output_shape"][0] for layer in layers)]
    middle, said = places[-1] // 2, [places[-1]]
    for number in range(len(layers) - 1, -1, -1):
        said += [len(touched(layers[number:], middle)), places[number]]
    assert_says(describe(trace(layers=layers)).alt, said)


def test_holes_between_the_values_that_take_part_are_said_and_not_filled() -> None:
    shown = trace(layers=dilated_layers([(3, 1, 2, "valid")], 9))
    assert shown.levels[0].taken == (2, 4, 6)
    assert "is made from 3 of 9 in pixels with holes between them" in describe(shown).alt
