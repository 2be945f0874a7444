"""Networks and images that train in a moment, for tests of experiments."""

from types import SimpleNamespace
from typing import Any

import numpy as np


def build(*, padding: str = "valid", strides: int = 1, pooling: str = "max", size: int = 14) -> Any:
    """Return an untrained network with two convolutions, with one kind of pooling or the other."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(1)
    pool = layers.MaxPooling2D if pooling == "max" else layers.AveragePooling2D
    return keras.Sequential([
        keras.Input((size, size, 1)),
        layers.Conv2D(3, 3, activation="relu", padding=padding, name="conv1"),
        pool(2, name="pool1"),
        layers.Conv2D(4, 3, strides=strides, activation="relu", padding=padding, name="conv2"),
        layers.Flatten(name="flatten"),
        layers.Dense(5, activation="softmax", name="softmax"),
    ])  # fmt: skip


def bars(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return images of an upright bar in the left, middle or right third: three classes a network learns at once."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 3, count).astype(np.uint8)
    images = random.integers(0, 40, (count, 28, 28), dtype=np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[4:24, 5 + 8 * label : 8 + 8 * label] = 250
    return images, labels


def data(train: int = 240, test: int = 60) -> SimpleNamespace:
    """Return a dataset of bars."""
    x_train, y_train = bars(train, 0)
    x_test, y_test = bars(test, 1)
    return SimpleNamespace(x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test, digest="0")
