"""Trains and evaluates the convnet of the lecture (93,322 parameters), and examines its layers."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from keras import layers

from lectures.experiments.parts.patches import top_patches
from lectures.experiments.parts.probing import activations, before_activation, describe_network, influence, silence
from lectures.experiments.parts.shifting import shift_curve
from lectures.experiments.parts.training import Data, Shape, Split, judge, prepare, train, warm_up_and_decay

BATCH_SIZE = 128
LEARNING_RATE = 8e-3  # the peak of the schedule


def build_model(shape: Shape = (28, 28, 1), classes: int = 10) -> keras.Sequential:
    """Return the network, untrained: three convolutions, two poolings, two dense layers."""
    model = keras.Sequential()
    model.add(keras.Input(shape))
    model.add(layers.Conv2D(32, (3, 3), activation="relu", name="conv1"))
    model.add(layers.MaxPooling2D((2, 2), name="pool1"))
    model.add(layers.Conv2D(64, (3, 3), activation="relu", name="conv2"))
    model.add(layers.MaxPooling2D((2, 2), name="pool2"))
    model.add(layers.Conv2D(64, (3, 3), activation="relu", name="conv3"))
    model.add(layers.Flatten(name="flatten"))
    model.add(layers.Dense(64, activation="relu", name="dense1"))
    model.add(layers.Dense(classes, activation="softmax", name="softmax"))
    return model


def fit(split: Split, *, seed: int, epochs: float) -> tuple[keras.Sequential, dict[str, list[float]]]:
    """Return the network trained on `split`, and its training curves."""
    keras.utils.set_random_seed(seed)
    model = build_model(split.shape, split.classes)
    rate = warm_up_and_decay(split, peak=LEARNING_RATE, epochs=epochs, batch_size=BATCH_SIZE)
    optimizer = keras.optimizers.Adam(rate)
    curves = train(model, split, optimizer=optimizer, epochs=epochs, batch_size=BATCH_SIZE, seed=seed, checks=4)
    return model, curves


def measure(
    *, data: Data, seed: int = 0, epochs: float = 1.25, train_images: int = 60_000, digit: int = 23
) -> dict[str, Any]:
    """Return the network's test results, its costs, and what its layers respond to.

    digit: the test image whose feature maps are returned (`maps`); number 23 is the third image of a five.
    """
    split = prepare(data, train_images)
    model, curves = fit(split, seed=seed, epochs=epochs)
    # A quick run on fewer training images also examines fewer test images.
    some, many = slice(train_images // 30), slice(train_images // 6)
    return {
        "seed": seed,
        "epochs": epochs,
        **split.facts,
        **describe_network(model),
        **judge(model, split),
        "history": curves,
        "silence": silence(model, split.x_test[some]),
        "shift": shift_curve(model, split.x_test[some], split.y_test[some]),
        "border": blind_border(model, split.x_test[:5]),
        "label": int(split.y_test[digit]),
        "maps": activations(model, split.x_test[digit]),
        "weights": weights_of(model),
        "conv1": first_layer(model, split.x_test[digit]),
        "conv2": top_patches(model, "conv2", data.x_test[many], data.y_test[many]),
        "conv3": top_patches(model, "conv3", data.x_test[many], data.y_test[many]),
    }


def weights_of(model: keras.Sequential) -> dict[str, dict[str, Any]]:
    """Return kernel and bias of every layer that has weights, by layer name, in Keras's own shapes."""
    weighted = [layer for layer in model.layers if layer.get_weights()]
    return {layer.name: dict(zip(("kernel", "bias"), layer.get_weights(), strict=True)) for layer in weighted}


def restore(weights: Mapping[str, Any]) -> keras.Sequential:
    """Return the network with the weights that `weights_of` returned."""
    model = build_model(classes=weights["softmax"]["bias"].shape[0])
    for name, values in weights.items():
        model.get_layer(name).set_weights([values["kernel"], values["bias"]])
    return model


def first_layer(model: keras.Sequential, image: Any) -> dict[str, Any]:
    """Return conv1's kernels (32, 3, 3) and biases (32,), and its maps of one image before ReLU (26, 26, 32)."""
    kernels, biases = model.get_layer("conv1").get_weights()
    before = before_activation(model, "conv1")(image[None], training=False)
    return {"kernels": kernels[:, :, 0].transpose(2, 0, 1), "biases": biases, "before_relu": np.asarray(before)[0]}


def blind_border(model: keras.Sequential, images: Any) -> dict[str, Any]:
    """Return how far each pixel can move the output, influence (height, width), and how many pixels cannot at all."""
    effect = influence(model, images)
    unseen = effect == 0
    return {
        "influence": effect,
        "digits": len(images),
        "pixels": effect.size,
        "unseen_pixels": int(unseen.sum()),
        "unseen_share": float(unseen.mean()),
    }
