"""Measures what a network loses without one of its ideas: locality (pixels shuffled) or non-linearity (no ReLU)."""

from dataclasses import replace
from typing import Any

import keras

from lectures.experiments.mnist_dense import build_model as build_dense
from lectures.experiments.parts.training import Data, Split, judge, prepare
from lectures.experiments.variants import build_softmax_regression, build_variant, fit_variant, shuffle_pixels

UNITS = {"dense": 512, "small_dense": 117}  # hidden units


def measure(
    *,
    data: Data,
    seed: int = 0,
    epochs: int = 3,
    train_images: int = 20_000,
    network: str = "convnet",
    pooling: str = "max",
    activation: str = "relu",
    shuffled: bool = False,
) -> dict[str, Any]:
    """Return parameter count, accuracy and errors of a network that lacks one of its ideas.

    network: "convnet" (with `pooling` and `activation`), "dense" (512 units), "small_dense" (117 units: about as many
    parameters as the convnet) or "softmax" (a single layer). shuffled: the pixels of all images are reordered by one
    permutation. Raises ValueError for an unknown network.
    """
    split = prepare(data, train_images)
    split = shuffle_split(split) if shuffled else split
    keras.utils.set_random_seed(seed)
    if network == "convnet":
        model = build_variant(split.shape, split.classes, pooling=pooling, activation=activation)
    elif network in UNITS:
        model = build_dense(split.shape, split.classes, UNITS[network])
    elif network == "softmax":
        model = build_softmax_regression(split.shape, split.classes)
    else:
        raise ValueError(f"there is no network '{network}' here; there are convnet, dense, small_dense and softmax")
    fit_variant(model, split, seed=seed, epochs=epochs)
    judged = judge(model, split)
    return {
        "seed": seed,
        "epochs": epochs,
        "shuffled": shuffled,
        **split.facts,
        "parameters": model.count_params(),
        "accuracy": judged["accuracy"],
        "errors": judged["errors"],
    }


def shuffle_split(split: Split) -> Split:
    """Return `split` with the pixels of every image reordered by the same permutation."""
    parts = ("x_train", "x_validation", "x_test")
    return replace(split, **{name: shuffle_pixels(getattr(split, name)) for name in parts})
