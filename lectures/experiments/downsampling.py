"""Compares three ways to shrink feature maps at equal parameters: max pooling, average pooling, strides of two."""

from typing import Any

import keras

from lectures.experiments.parts.probing import describe_network
from lectures.experiments.parts.training import Data, judge, prepare
from lectures.experiments.variants import build_variant, fit_variant


def measure(
    *, data: Data, seed: int = 0, epochs: float = 1.25, train_images: int = 60_000, pooling: str = "average"
) -> dict[str, Any]:
    """Return test results and costs of the convnet with `pooling` "max", "average" or "strided"."""
    split = prepare(data, train_images)
    keras.utils.set_random_seed(seed)
    model = build_variant(split.shape, split.classes, pooling=pooling)
    fit_variant(model, split, seed=seed, epochs=epochs)
    return {"seed": seed, "epochs": epochs, **split.facts, **describe_network(model), **judge(model, split)}
