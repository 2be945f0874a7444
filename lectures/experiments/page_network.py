"""Takes a trained network for a page, in which it answers live: rounds its weights, and measures what that changes.

Trains nothing. The page and Keras compute from the same rounded weights, so that a page can be compared with what Keras
returns here.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from lectures.experiments.keras_file import brightest
from lectures.experiments.mnist_convnet import restore
from lectures.experiments.parts.page_network import count_values, round_weights, write_network
from lectures.experiments.parts.probing import activations, describe_network
from lectures.experiments.parts.saved_model import load_network
from lectures.experiments.parts.training import Data, as_input

Array = NDArray[Any]
BATCH = 500  # images at once


def measure(
    *,
    data: Data,
    weights: Mapping[str, Any] | None = None,
    path: Path | None = None,
    digit: int = 23,
    misread: int = 10,
) -> dict[str, Any]:
    """Return the network with `weights`, given as `mnist_convnet.weights`, or that of the `.keras` file at `path`.

    digit: the test image whose feature maps are returned (`maps`). misread: how many test digits that the network gets
    wrong are offered.

    network: the graph and the rounded weights, as `parts.page_network` writes them. white: the network's value for full
    ink. layers, parameters, macs: of the
    network. numbers, values: how many weights, and values of all layers for one image. accuracy, accuracy_before: of
    the rounded network and of the one before; changed: how many of the `tested_on` answers rounding has changed.
    digits: test digits to choose from, the first of each class that is read correctly, then some that are not: images
    uint8 (n, height, width), classes, and the rounded network's probabilities (n, classes).

    Raises ValueError if both or neither is given, for a layer that a page cannot compute, and for a network that gives
    no probabilities of classes.
    """
    if (weights is None) == (path is None):
        raise ValueError("one network is needed; give either weights or path")
    shape, labels = (*data.x_test.shape[1:], 1), data.y_test
    model = restore(weights) if weights is not None else load_network(Path(str(path)), shape)
    white = brightest(model)
    images = as_input(data.x_test) * np.float32(white)
    before = classify(model, images)
    numbers = round_weights(model)
    network = write_network(model)
    after = classify(model, images)
    answers = after.argmax(axis=1)
    chosen = choose(answers, labels, misread)
    return {
        **describe_network(model),
        "network": network,
        "white": white,
        "numbers": numbers,
        "values": count_values(network["graph"]),
        "tested_on": len(labels),
        "accuracy_before": float((before.argmax(axis=1) == labels).mean()),
        "accuracy": float((answers == labels).mean()),
        "changed": int((before.argmax(axis=1) != answers).sum()),
        "largest_change": float(np.abs(before - after).max()),
        "label": int(labels[digit]),
        "maps": activations(model, images[digit]),
        "digits": {
            "images": data.x_test[chosen],
            "classes": [int(label) for label in labels[chosen]],
            "probabilities": after[chosen],
        },
    }


def classify(model: keras.Model, images: Array) -> Array:
    """Return the probabilities of the classes (n, classes); raise ValueError if the network gives none."""
    answers = np.asarray(model.predict(images, batch_size=BATCH, verbose=0))
    if answers.ndim != 2 or answers.min() < 0 or np.abs(answers.sum(axis=1) - 1).max() > 1e-3:
        raise ValueError("the network gives no probabilities of classes; let it end with a softmax layer")
    return answers


def choose(answers: Array, labels: Array, misread: int) -> list[int]:
    """Return the numbers of the first image of each class that is read correctly, then of the first that are not."""
    right, wrong = answers == labels, np.flatnonzero(answers != labels)
    firsts = [np.flatnonzero(right & (labels == label))[:1] for label in range(int(labels.max()) + 1)]
    return [int(number) for number in np.concatenate([*firsts, wrong[:misread]])]
