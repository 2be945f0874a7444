"""Variants of the convnet with one thing changed: how it shrinks its feature maps, or its activation.

As in any ablation, the rest stays the same: data, order, seeds, training, number of parameters.
"""

from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from lectures.experiments.mnist_convnet import BATCH_SIZE, LEARNING_RATE
from lectures.experiments.parts.training import Shape, Split, train, warm_up_and_decay

Array = NDArray[Any]
POOLINGS = ("max", "average", "strided")


def build_variant(
    shape: Shape = (28, 28, 1), classes: int = 10, *, pooling: str = "max", activation: str = "relu"
) -> keras.Sequential:
    """Return the untrained convnet with another pooling or activation; 93,322 parameters for 28 x 28 images.

    pooling: "max", "average", or "strided": without pooling layers; the convolution before each has strides of two
    instead (its surplus row and column are cropped, so that the dense layer keeps its size). Raises ValueError for any
    other.
    """
    if pooling not in POOLINGS:
        raise ValueError(f"there is no pooling '{pooling}' here; there are {', '.join(POOLINGS)}")
    model = keras.Sequential([keras.Input(shape)])
    side = shape[0]
    for number, filters in ((1, 32), (2, 64)):
        for layer in _shrinking_stage(number, filters, pooling, activation, side):
            model.add(layer)
        side = (side - 2) // 2
    model.add(layers.Conv2D(64, 3, activation=activation, name="conv3"))
    model.add(layers.Flatten(name="flatten"))
    model.add(layers.Dense(64, activation=activation, name="dense1"))
    model.add(layers.Dense(classes, activation="softmax", name="softmax"))
    return model


def _shrinking_stage(number: int, filters: int, pooling: str, activation: str, side: int) -> list[keras.Layer]:
    """Return a convolution and the layer that halves its feature map, for an input of `side` pixels."""
    name = f"conv{number}"
    if pooling != "strided":
        make = {"max": layers.MaxPooling2D, "average": layers.AveragePooling2D}[pooling]
        return [layers.Conv2D(filters, 3, activation=activation, name=name), make(2, name=f"pool{number}")]
    strided = layers.Conv2D(filters, 3, strides=2, activation=activation, name=name)
    # A strided convolution can yield one row and column more than a convolution followed by pooling.
    crop = (side - 3) // 2 + 1 - (side - 2) // 2
    return [strided, *([layers.Cropping2D(((0, crop), (0, crop)), name=f"crop{number}")] if crop else [])]


def build_softmax_regression(shape: Shape = (28, 28, 1), classes: int = 10) -> keras.Sequential:
    """Return a single dense layer with softmax: all that a stack of linear layers can amount to."""
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Flatten(name="flatten"),
            layers.Dense(classes, activation="softmax", name="softmax"),
        ]
    )


def fit_variant(model: keras.Sequential, split: Split, *, seed: int, epochs: float) -> dict[str, list[float]]:
    """Train `model` in place exactly as the convnet is trained, and return its training curves."""
    rate = warm_up_and_decay(split, peak=LEARNING_RATE, epochs=epochs, batch_size=BATCH_SIZE)
    return train(model, split, optimizer=keras.optimizers.Adam(rate), epochs=epochs, batch_size=BATCH_SIZE, seed=seed)


def shuffle_pixels(images: Array, seed: int = 0) -> Array:
    """Return `images` (n, height, width, 1) with the pixels of each reordered by the same permutation."""
    order = np.random.default_rng(seed).permutation(images[0].size)
    shuffled: Array = images.reshape(len(images), -1)[:, order].reshape(images.shape)
    return shuffled
