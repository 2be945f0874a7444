"""Chooses the learning rate of a way to learn from few images, by validation images and never by test images.

The images that are learned from here are other draws than those of `few_shot` (seeds from FIRST_SEED on).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lectures.experiments.parts.training import Data
from lectures.experiments.transferring import NEW, of_classes, share_right, transfer

FIRST_SEED = 1000


def measure(
    *,
    data: Data,
    weights: Mapping[str, Any],
    taken: int = 3,
    frozen: int = 3,
    rates: Sequence[float] = (0.0003, 0.001, 0.003, 0.01),
    shots: Sequence[int] = (20,),
    steps: int = 150,
    rounds: int = 1,
) -> dict[str, Any]:
    """Return the validation accuracy with each of `rates`, and the best of them.

    tried: the rates; accuracy: for each, the mean over `rounds` draws and all `shots`; by_shots: the same for each of
    the shots; best: the rate with the highest accuracy, the smallest of equals. Other parameters: as in `few_shot`.
    """
    split = of_classes(data, NEW)
    ordered = sorted(rates)
    table = np.zeros((len(ordered), len(shots), rounds))
    for row, rate in enumerate(ordered):
        for column, count in enumerate(shots):
            for draw in range(rounds):
                model = transfer(
                    weights, split, taken=taken, frozen=frozen, shots=count, rate=rate, steps=steps,
                    seed=FIRST_SEED + draw,
                )  # fmt: skip
                table[row, column, draw] = share_right(model, split.x_validation, split.y_validation)
    means = table.mean(axis=(1, 2))
    return {
        "tried": ordered,
        "shots": list(shots),
        "rounds": rounds,
        "validated_on": len(split.x_validation),
        "accuracy": means.tolist(),
        "by_shots": table.mean(axis=2).tolist(),
        "best": ordered[int(means.argmax())],
    }
