"""Writes down a training while it runs: after some steps the first kernels, the maps of one digit, and who is right."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from lectures.experiments.mnist_convnet import BATCH_SIZE, build_model
from lectures.experiments.parts.probing import activations
from lectures.experiments.parts.training import Data, Split, prepare

Array = NDArray[Any]
LAYERS = ("conv1", "conv2")  # whose maps are kept


def measure(
    *,
    data: Data,
    seed: int = 0,
    train_images: int = 60_000,
    moments: Sequence[int] = (0, 5, 20, 50, 100, 200, 400),
    digit: int = 5,
) -> dict[str, Any]:
    """Return what a new convnet is after each number of steps of Adam in `moments`, rising, the first 0.

    digit: the class of the held-out image whose maps are kept, the first of its class; no test image is touched.

    record: steps (moments,); kernels of conv1 (moments, n, height, width); image uint8 (height, width) and its label;
    maps of this image by layer (moments, height, width, channels), and answers, its probabilities (moments, classes);
    confusion of the `validated_on` held-out images (moments, classes, classes), true classes as rows. Raises ValueError
    for moments that do not rise from 0, and for a class without an image.
    """
    if len(moments) < 2 or moments[0] != 0 or any(a >= b for a, b in pairwise(moments)):
        raise ValueError(f"moments is {list(moments)}; give two numbers of steps or more, rising, the first of them 0")
    split = prepare(data, train_images)
    found = np.flatnonzero(split.y_validation == digit)
    if not len(found):
        raise ValueError(f"digit is {digit}; no held-out image is of that class")
    image = split.x_validation[found[0]]
    return {
        "seed": seed,
        "batch_size": BATCH_SIZE,
        **split.facts,
        "record": {
            "steps": np.array(moments),
            "image": np.rint(image[..., 0] * 255).astype(np.uint8),
            "label": digit,
            **keep_moments(split, image, seed, moments),
        },
    }


def keep_moments(split: Split, image: Array, seed: int, moments: Sequence[int]) -> dict[str, Any]:
    """Train a new network in batches drawn from `seed`; return what `measure` keeps of each moment."""
    keras.utils.set_random_seed(seed)
    model = build_model(split.shape, split.classes)
    model.compile(keras.optimizers.Adam(), loss="sparse_categorical_crossentropy")
    order = np.random.default_rng(seed).permutation(len(split.x_train))
    kept = []
    for step in range(moments[-1] + 1):
        if step in moments:
            kept.append(examine(model, split, image))
        batch = np.take(order, range(step * BATCH_SIZE, (step + 1) * BATCH_SIZE), mode="wrap")
        model.train_on_batch(split.x_train[batch], split.y_train[batch])
    return {
        "kernels": np.array([each["kernels"] for each in kept]),
        "maps": {name: np.array([each["maps"][name] for each in kept]) for name in LAYERS},
        "answers": np.array([each["answers"] for each in kept]),
        "confusion": np.array([each["confusion"] for each in kept]),
    }


def examine(model: keras.Sequential, split: Split, image: Array) -> dict[str, Any]:
    """Return the network's first kernels, its maps and answer for an image, and its confusion of held-out images."""
    outputs = activations(model, image)
    answers = model.predict(split.x_validation, batch_size=500, verbose=0).argmax(axis=1)
    confusion = np.zeros((split.classes, split.classes), np.int64)
    np.add.at(confusion, (split.y_validation, answers), 1)
    return {
        "kernels": model.get_layer("conv1").get_weights()[0][:, :, 0].transpose(2, 0, 1),
        "maps": {name: outputs[name] for name in LAYERS},
        "answers": outputs["softmax"],
        "confusion": confusion,
    }
