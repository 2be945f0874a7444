"""A small residual network: what two convolutions make of their input is added to that input (He et al. 2016)."""

from typing import Any

import keras
from keras import layers

from lectures.experiments.parts.probing import activations, describe_network
from lectures.experiments.parts.training import Data, Shape, judge, prepare, train

FILTERS = 16


def build_model(shape: Shape = (28, 28, 1), classes: int = 10) -> keras.Model:
    """Return the untrained network: a convolution, one residual block, pooling and a dense layer."""
    shown = keras.Input(shape)
    x = layers.Conv2D(FILTERS, 3, strides=2, padding="same", activation="relu", name="conv1")(shown)
    y = layers.Conv2D(FILTERS, 3, padding="same", activation="relu", name="conv2")(x)
    y = layers.Conv2D(FILTERS, 3, padding="same", name="conv3")(y)
    x = layers.ReLU(name="relu")(layers.Add(name="add")([x, y]))
    x = layers.Flatten(name="flatten")(layers.MaxPooling2D(2, name="pool")(x))
    return keras.Model(shown, layers.Dense(classes, activation="softmax", name="softmax")(x))


def measure(
    *, data: Data, seed: int = 0, epochs: float = 1, train_images: int = 10_000, digit: int = 23
) -> dict[str, Any]:
    """Return test results and costs of the trained network, and its layers' outputs for the test image `digit`."""
    split = prepare(data, train_images)
    keras.utils.set_random_seed(seed)
    model = build_model(split.shape, split.classes)
    curves = train(model, split, optimizer=keras.optimizers.Adam(4e-3), epochs=epochs, batch_size=64, seed=seed)
    return {
        "seed": seed,
        "epochs": epochs,
        **split.facts,
        **describe_network(model),
        **judge(model, split),
        "history": curves,
        "label": int(split.y_test[digit]),
        "maps": activations(model, split.x_test[digit]),
    }
