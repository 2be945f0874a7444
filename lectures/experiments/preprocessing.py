"""Gives a pretrained base images of another range than those that it was trained on, and measures what that costs."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from lectures.experiments.parts.few_images import draw_few
from lectures.experiments.parts.training import Data
from lectures.experiments.transferring import HEAD_RATE, NEW, begin, learn, of_classes, share_right

Array = NDArray[Any]


def measure(
    *,
    data: Data,
    weights: Mapping[str, Any],
    seed: int = 0,
    shots: int = 20,
    steps: int = 150,
) -> dict[str, Any]:
    """Return the test accuracy on the digits 5 to 9 on frozen features, with images of the right range and of others.

    The base was trained on pixels from 0 to 1. right: the same here. at_use: the head learns from images from 0 to
    1, and those tested have 0 to 255, for the division was forgotten when the network was used. everywhere: 0 to 255
    when the head learns and when it is tested. negative: ink and paper exchanged, when it learns and when it is tested.
    negative_at_use: the head learns from images as they should be, and those tested are negatives. learned: in the same
    order, the accuracy on the images that the head learned from, as they were when it learned.
    """
    split = of_classes(data, NEW)
    few = draw_few(split.y_train, shots, seed)
    x, y = split.x_train[few], split.y_train[few]

    def learn_from(range_: str) -> keras.Sequential:
        model = begin(weights, split, taken=3, seed=seed)
        learn(model, spoil(x, range_), y, frozen=3, rate=HEAD_RATE, steps=steps, seed=seed)
        return model

    models = {range_: learn_from(range_) for range_ in ("right", "bytes", "negative")}
    pairs = {
        "right": ("right", "right"),
        "at_use": ("right", "bytes"),
        "everywhere": ("bytes", "bytes"),
        "negative": ("negative", "negative"),
        "negative_at_use": ("right", "negative"),
    }
    return {
        "seed": seed,
        "shots": shots,
        **{
            name: share_right(models[learned], spoil(split.x_test, tested), split.y_test)
            for name, (learned, tested) in pairs.items()
        },
        "learned": {name: share_right(models[learned], spoil(x, learned), y) for name, (learned, _) in pairs.items()},
    }


def spoil(images: Array, how: str) -> Array:
    """Return images from 0 to 1 as they are ("right"), from 0 to 255 ("bytes"), or with ink for paper ("negative")."""
    return {"right": images, "bytes": images * np.float32(255), "negative": 1 - images}[how]
