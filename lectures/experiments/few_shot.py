"""Learns the digits 5 to 9 from a few images of each, with trained convolutions or without, frozen or not."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lectures.experiments.parts.few_images import draw_few
from lectures.experiments.parts.training import Data
from lectures.experiments.transferring import NEW, begin, of_classes, share_right, trainable, transfer


def measure(
    *,
    data: Data,
    weights: Mapping[str, Any],
    rate: float,
    seed: int = 0,
    taken: int = 3,
    frozen: int = 3,
    shots: Sequence[int] = (5, 20, 100),
    steps: int = 150,
) -> dict[str, Any]:
    """Return how well a network names the test digits 5 to 9 after learning from so many `shots` of each class.

    weights: of trained networks, as `digits_base` gives them; seed k takes the k-th of them. taken: how many of the
    three convolutions begin with these weights. frozen: how many do not learn. rate: the largest learning rate.
    accuracy, errors: a number for each of `shots`; fewest, most: the accuracy with the fewest and the most. drawn: the
    images of the fewest shots (n, height, width), from 0 to 255, and their labels.
    """
    split = of_classes(data, NEW)
    accuracy = []
    for count in shots:
        model = transfer(weights, split, taken=taken, frozen=frozen, shots=count, rate=rate, steps=steps, seed=seed)
        accuracy.append(share_right(model, split.x_test, split.y_test))
    drawn = draw_few(split.y_train, min(shots), seed)
    return {
        "seed": seed,
        "shots": list(shots),
        "steps": steps,
        "rate": rate,
        "tested_on": len(split.x_test),
        "trainable": trainable(begin(weights, split, taken=taken, seed=seed), frozen),
        "accuracy": accuracy,
        "fewest": accuracy[0],
        "most": accuracy[-1],
        "errors": [round((1 - share) * len(split.x_test)) for share in accuracy],
        "drawn": {
            "images": np.rint(split.x_train[drawn, ..., 0] * 255).astype(np.uint8),
            "labels": np.array(NEW)[split.y_train[drawn]],
        },
    }
