"""Boxes are where Keras says that pixels matter, and each is named beside the digit."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layer_facts import CONVNET, dilated_layers, layer, touched
from legibility import sheet_flaws, texts_of
from said_numbers import assert_says
from small_networks import build

from figures.receptive_field import describe, draw, trace
from generator.theme import DARK, LIGHT

RANDOM = np.random.default_rng(0)
IMAGE = RANDOM.integers(0, 256, (28, 28))
EFFECT = {"effect": RANDOM.random((28, 28)), "half": 10, "images": 500}


def test_the_network_of_the_lecture_sees_3_4_8_10_and_18_pixels() -> None:
    boxes = trace(layers=CONVNET, image=IMAGE).boxes
    assert [(box.size, box.jump) for box in boxes] == [(3, 1), (4, 2), (8, 2), (10, 4), (18, 4)]
    assert (boxes[-1].top, boxes[-1].left) == (4, 4)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.integers(1, 5), st.integers(1, 3), st.sampled_from(["valid", "same"])), min_size=1, max_size=5
    )
)
def test_each_box_lies_in_the_next(stack: list[tuple[int, int, str]]) -> None:
    layers, size = [], 60
    for number, (kernel_size, strides, padding) in enumerate(stack):
        # A window that leaves no gaps, so that middles are inside.
        layers.append(layer(f"l{number}", max(kernel_size, strides), strides, size, padding))
        size = layers[-1]["output_shape"][0]
        if size < 7:
            break
    boxes = trace(layers=layers, image=np.ones((60, 60))).boxes
    for inner, outer in pairwise(boxes):
        assert outer.top <= inner.top <= inner.top + inner.size <= outer.top + outer.size
        assert outer.left <= inner.left <= inner.left + inner.size <= outer.left + outer.size


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [1, 2])
def test_the_largest_box_is_where_the_gradient_of_a_linear_twin_is_not_zero(padding: str, strides: int) -> None:
    from lectures.experiments.parts.probing import layer_facts
    from lectures.experiments.parts.reaching import reach

    twin = build(padding=padding, strides=strides, pooling="average", size=20)
    for part in twin.layers:
        part.set_weights([np.ones_like(weights) for weights in part.get_weights()])
    box = trace(layers=layer_facts(twin), image=np.ones((20, 20))).boxes[-1]
    found = reach(twin, np.ones((1, 20, 20, 1), np.float32), name="conv2")
    rows, columns = (np.flatnonzero(found["effect"].any(axis=axis)) for axis in (1, 0))
    assert (rows[0], columns[0]) == (max(0, box.top), max(0, box.left))
    assert (rows[-1], columns[-1]) == (min(19, box.top + box.size - 1), min(19, box.left + box.size - 1))


def test_the_text_names_every_box_and_what_counts() -> None:
    words = describe(trace(layers=CONVNET, image=IMAGE, effect=EFFECT))
    assert "conv1 3 × 3, pool1 4 × 4, conv2 8 × 8, pool2 10 × 10, conv3 18 × 18" in words.alt
    assert "half of all effect lies in the 10 × 10 pixels" in words.alt
    assert words.facts["half"] == {"size": 10, "area": pytest.approx(100 / 324)}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"layers": [{"name": "dense1"}]}, "no layer has a window; give the layers of a convnet"),
        ({"layers": [{"name": "conv1", "kernel_size": 3}]}, "a layer has no strides; give the layers"),
        ({"image": np.ones((20, 20))}, r"image has shape \(20, 20\); the network takes \(28, 28\)"),
        ({"effect": {"effect": np.ones((28, 28))}}, "effect has no half; give a measured reach"),
        ({"effect": EFFECT | {"effect": -np.ones((28, 28))}}, r"effect has shape \(28, 28\); give numbers from 0 up"),
    ],
)
def test_what_does_not_fit_is_refused(arguments: dict, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**({"layers": CONVNET, "image": IMAGE} | arguments))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("effect", [None, EFFECT])
@pytest.mark.parametrize("depth", [1, 3, 5])
def test_the_picture_fits_a_slide_and_names_every_box(theme, effect, depth: int) -> None:
    figure = draw(trace(layers=CONVNET[:depth], image=IMAGE, effect=effect), theme)
    assert sheet_flaws(figure) == []
    written = {text.get_text() for text in texts_of(figure)}
    assert {part["name"] for part in CONVNET[:depth]} <= written


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
    words = describe(trace(layers=layers, image=np.ones((24, 24)), effect={**EFFECT, "effect": np.ones((24, 24))}))
    boxes = trace(layers=layers, image=np.ones((24, 24))).boxes
    said = [24, 24]
    for number, box in enumerate(boxes):
        sizes = {len(touched(layers[: number + 1], unit)) for unit in range(layers[number]["output_shape"][0])}
        part = [len(box.rows), len(box.columns)]
        assert {*part} <= sizes
        said += [box.size, box.size, *([] if box.sees_all else part)]
    assert_says(words.alt, [*said, 500, 10, 10])


def test_a_dilated_kernel_sees_less_than_its_box() -> None:
    (one,) = dilated_layers([(3, 1, 2, "valid")], 9)
    words = describe(trace(layers=[one], image=np.ones((9, 9))))
    assert words.alt.endswith("l0 5 × 5 (with holes: it sees 3 × 3 pixels).")


def test_a_box_that_reaches_beyond_the_image_says_what_it_sees() -> None:
    layers = dilated_layers([(5, 1, 1, "same"), (5, 1, 1, "same")], 6)
    words = describe(trace(layers=layers, image=np.ones((6, 6))))
    assert words.alt.endswith("l1 9 × 9 (partly in the padding: it sees 6 × 6 pixels).")
