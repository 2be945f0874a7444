"""A channel that is silenced in a page: all that follows is what Keras makes of zeros in its place."""

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_networks import computed, written
from small_networks import build

from lectures.experiments.parts.silencing import silence_channels

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]
IMAGES = np.random.default_rng(0).random((3, 14, 14, 1)).astype(np.float32)
Silenced = list[tuple[str, int]]


def branching() -> keras.Model:
    """Return a network in which two layers take the output of a third."""
    keras.utils.set_random_seed(2)
    first = keras.Input((14, 14, 1))
    trunk = keras.layers.Conv2D(4, 3, activation="sigmoid", name="trunk")(first)
    left = keras.layers.Conv2D(4, 3, padding="same", name="left")(trunk)
    joined = keras.layers.Concatenate(name="joined")([trunk, left])
    pooled = keras.layers.GlobalAveragePooling2D(name="pooled")(joined)
    return keras.Model(first, keras.layers.Dense(3, activation="softmax", name="out")(pooled))


def outputs_by_hand(model: keras.Model, silenced: Silenced, images: np.ndarray) -> np.ndarray:
    """Return all values of all layers, each computed by Keras from the values before it, with zeros put in between."""
    from lectures.experiments.parts.probing import layers_of, sources_of

    sources, values = sources_of(model), {"input": images}
    for layer in layers_of(model):
        taken = [values[name] for name in sources[layer.name]]
        values[layer.name] = np.array(layer(taken if len(taken) > 1 else taken[0]))
        for name, channel in silenced:
            if name == layer.name:
                values[name][..., channel] = 0
    return np.concatenate([values[layer.name].reshape(len(images), -1) for layer in layers_of(model)], axis=1)


def in_page(model: keras.Model, silenced: Silenced, folder: Path) -> dict[str, Any]:
    """Return what the page's engine says of a network with silenced channels, beside Keras's values."""
    written(model, IMAGES, folder)
    (folder / "golden.bin").write_bytes(outputs_by_hand(model, silenced, IMAGES).astype("<f4").tobytes())
    (folder / "silenced.json").write_text(json.dumps(silenced))
    return computed([folder])[0]


@pytest.mark.parametrize(
    ("make", "silenced"),
    [
        (build, [("conv1", 0)]),
        (build, [("conv1", 2), ("conv1", 1), ("conv2", 3)]),
        (build, [("pool1", 1), ("flatten", 5)]),
        (branching, [("trunk", 1)]),
        (branching, [("left", 0), ("joined", 2), ("pooled", 7)]),
    ],
)
def test_all_values_behind_a_silenced_channel_are_those_of_keras(make: Any, silenced: Silenced, tmp_path: Path) -> None:
    result = in_page(make(), silenced, tmp_path / "net")
    assert result["compared"]
    assert result["largest"]["absolute"] <= 1e-6


def test_the_same_network_with_all_channels_has_other_values(tmp_path: Path) -> None:
    folder = tmp_path / "net"
    in_page(build(), [("conv1", 0)], folder)
    (folder / "silenced.json").unlink()
    assert computed([folder])[0]["largest"]["absolute"] > 1e-3


@pytest.mark.parametrize("make", [build, branching])
def test_keras_without_a_channel_answers_as_by_hand(make: Any) -> None:
    model = make()
    for name in ("conv1", "conv2") if make is build else ("trunk", "left"):
        silenced, choose = silence_channels(model, name)
        for channel in (0, 2, None):
            choose(channel)
            chosen = [] if channel is None else [(name, channel)]
            answer = outputs_by_hand(model, chosen, IMAGES)[:, -model.outputs[0].shape[-1] :]
            np.testing.assert_allclose(silenced.predict(IMAGES, verbose=0), answer, atol=1e-6)


@given(st.integers(0, 2), st.integers(0, 3))
@settings(max_examples=5, deadline=None, derandomize=True)
def test_to_silence_a_channel_leaves_the_network_itself_as_it_is(first: int, second: int) -> None:
    model = build()
    before = model.predict(IMAGES, verbose=0)
    for name, channel in (("conv1", first), ("conv2", second)):
        silence_channels(model, name)[1](channel)
    np.testing.assert_array_equal(model.predict(IMAGES, verbose=0), before)
