"""Each layer that a page computes gives what Keras gives, for every option that it takes; all others are refused."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers
from page_networks import computed, written

from lectures.experiments.parts.page_network import ACTIVATIONS, OPTIONS, UNCHANGED, round_weights, write_network

CLOSE = 1e-5
Build = Callable[[Any], Any]
numbers = count()


def fill(model: Any, seed: int = 0) -> Any:
    """Give all weights of a model values that differ, those of a variance positive."""
    random = np.random.default_rng(seed)
    for weight in model.weights:
        if "seed" not in weight.name:
            low = 0.2 if "variance" in weight.name else -0.5
            weight.assign(random.uniform(low, 0.8, weight.shape))
    return model


def apart(model: Any, folder: Path, seed: int = 0) -> float:
    """Return how far any value of any layer is from Keras's, as a share of it if that is beyond 1, for inputs of noise."""
    images = np.random.default_rng(seed).normal(0, 1, (3, *model.inputs[0].shape[1:])).astype(np.float32)
    (result,) = computed([written(fill(model, seed), images, folder / f"case-{next(numbers)}")])
    assert result["compared"], "the page has computed another number of values"
    return float(result["largest"]["relative"])


def chain(*made: Any, shape: tuple[int, ...] = (7, 6, 4)) -> Any:
    return keras.Sequential([keras.Input(shape), *made])


WINDOWS = (
    "Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose", "MaxPooling2D", "AveragePooling2D",
)  # fmt: skip


@st.composite
def windows(draw: st.DrawFn) -> tuple[str, dict[str, Any], tuple[int, int, int]]:
    """Return the kind and the options of a layer with a window, and the shape of its input."""
    kind, shape = (
        draw(st.sampled_from(WINDOWS)),
        (*draw(st.tuples(*2 * [st.integers(5, 9)])), draw(st.sampled_from([1, 2, 4]))),
    )
    size, strides = draw(st.tuples(st.integers(1, 3), st.integers(1, 3))), draw(st.integers(1, 3))
    options: dict[str, Any] = {"strides": strides, "padding": draw(st.sampled_from(["valid", "same"]))}
    if kind.endswith("Pooling2D"):
        return kind, options | {"pool_size": size}, shape
    options |= {"kernel_size": size, "use_bias": draw(st.booleans())}
    options["activation"] = draw(st.sampled_from(["linear", "relu", "tanh"]))
    if strides == 1 and kind != "Conv2DTranspose":
        options["dilation_rate"] = draw(st.integers(1, 2))
    if kind in ("DepthwiseConv2D", "SeparableConv2D"):
        options["depth_multiplier"] = draw(st.integers(1, 3))
    if kind == "Conv2D":
        options["groups"] = draw(st.sampled_from([1, shape[2]]))
    if kind != "DepthwiseConv2D":
        options["filters"] = draw(st.integers(1, 3)) * options.get("groups", 1)
    return kind, options, shape


@given(windows(), st.integers(0, 99))
@settings(max_examples=40)
def test_a_window_gives_what_keras_gives(tmp_path_factory: pytest.TempPathFactory, drawn: Any, seed: int) -> None:
    kind, options, shape = drawn
    assert apart(chain(getattr(layers, kind)(**options), shape=shape), tmp_path_factory.mktemp("window"), seed) <= CLOSE


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_gives_what_keras_gives(tmp_path: Path, name: str) -> None:
    assert apart(chain(layers.Dense(40), layers.Activation(name), shape=(30,)), tmp_path) <= CLOSE


@pytest.mark.parametrize(
    "made",
    [
        [layers.GlobalMaxPooling2D()],
        [layers.GlobalAveragePooling2D(keepdims=True)],
        [layers.BatchNormalization()],
        [layers.BatchNormalization(center=False, scale=False, epsilon=0.1)],
        [layers.Flatten(), layers.Dense(5, activation="softmax")],
        [layers.Dense(3, use_bias=False)],
        [layers.Reshape((6, 7, 4)), layers.Reshape((-1, 2))],
        [layers.Rescaling(2.5, offset=-0.25), layers.ReLU()],
        [layers.ReLU(max_value=0.6, negative_slope=0.25, threshold=0.1)],
        [layers.LeakyReLU(negative_slope=0.4)],
        [layers.ELU(alpha=0.7)],
        [layers.PReLU()],
        [layers.PReLU(shared_axes=[1, 2])],
        [layers.PReLU(shared_axes=[2])],
        [layers.Softmax()],
        [layers.Conv2DTranspose(2, 3, strides=2, padding="same", output_padding=1)],
        [layers.Dropout(0.5), layers.SpatialDropout2D(0.5), layers.GaussianNoise(1.0), layers.GaussianDropout(0.5)],
        [layers.ActivityRegularization(l2=0.1), layers.Identity()],
    ],
    ids=lambda made: "_".join(layer.name for layer in made),
)
def test_a_layer_gives_what_keras_gives(tmp_path: Path, made: list[Any]) -> None:
    assert apart(chain(*made), tmp_path) <= CLOSE


@pytest.mark.parametrize("merge", ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"])
def test_a_graph_with_a_merge_gives_what_keras_gives(tmp_path: Path, merge: str) -> None:
    image = keras.Input((8, 8, 2))
    left = layers.Conv2D(4, 3, padding="same", activation="relu")(image)
    right = layers.MaxPooling2D(3, strides=1, padding="same")(layers.Conv2D(4, 1)(left))
    taken = [left, right] if merge == "Subtract" else [left, right, layers.DepthwiseConv2D(3, padding="same")(right)]
    joined = getattr(layers, merge)()(taken)
    model = keras.Model(image, layers.Dense(3, activation="softmax")(layers.GlobalAveragePooling2D()(joined)))
    assert apart(model, tmp_path) <= CLOSE


def test_all_layers_that_are_taken_are_known_to_the_page_and_tested_here() -> None:
    known = (Path(__file__).parents[2] / "generator/html/templates/network/layers.js").read_text(encoding="utf-8")
    listed = known[known.index("export const LAYERS") :]
    assert {kind for kind in [*OPTIONS, *UNCHANGED] if f"\n  {kind}:" not in listed} == set()


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: chain(layers.ZeroPadding2D(1, name="pad")), "the layer 'pad' (ZeroPadding2D) cannot be computed in a page; a"),
        (lambda: chain(layers.UpSampling2D(name="up")), "the layer 'up' (UpSampling2D) cannot be computed in a page; a page"),
        (lambda: chain(layers.Conv2D(2, 3, activation=keras.ops.square, name="c")), "the layer 'c' (Conv2D) has the activation 'square'; a page computes linear"),
        (lambda: chain(layers.BatchNormalization(axis=1, name="n")), "the layer 'n' (BatchNormalization) works along axis 1; normalize channels: axis=-1"),
        (lambda: chain(layers.Softmax(axis=1, name="s")), "the layer 's' (Softmax) works along axis 1; let it work along the classes: axis=-1"),
        (lambda: chain(layers.Rescaling([1.0, 2.0, 3.0, 4.0], name="r")), "the layer 'r' (Rescaling) has a scale for each channel; let it have one number for all"),
        (lambda: chain(layers.Conv2D(2, 1, name="any"), shape=(None, None, 1)), "the layer 'any' (Conv2D) has an output of any size; let the model begin"),
    ],
)  # fmt: skip
def test_what_a_page_cannot_compute_is_refused_by_its_name(build: Build, said: str) -> None:
    with pytest.raises(ValueError, match="; ") as caught:
        write_network(build())
    assert str(caught.value).startswith(said)


def test_a_model_with_two_inputs_is_refused() -> None:
    one, two = keras.Input((3,)), keras.Input((3,))
    with pytest.raises(
        ValueError, match="the model has 2 inputs and 1 outputs; a page computes networks with one of each"
    ):
        write_network(keras.Model([one, two], layers.Add()([one, two])))


def test_a_weight_that_half_precision_lacks_is_refused() -> None:
    model = chain(layers.Dense(2, name="large"), shape=(2,))
    model.layers[0].set_weights([np.full((2, 2), 1e5), np.zeros(2)])
    with pytest.raises(ValueError, match=r"the layer 'large' \(Dense\) has weights beyond ±65504; train it anew"):
        round_weights(model)


def test_rounded_weights_are_those_that_are_written() -> None:
    model = fill(chain(layers.Conv2D(3, 2), layers.Flatten(), layers.Dense(2)))
    total = round_weights(model)
    written_weights = write_network(model)["weights"]
    kept = np.concatenate([weight.ravel() for weight in model.get_weights()])
    assert total == written_weights.size
    assert np.array_equal(written_weights.astype(np.float32), kept)
