"""Trains the course's convnet on pictures of something else, such as clothes: a base from a task that is far away.

The pictures are in the format of MNIST, as those of Fashion-MNIST (Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747).
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from lectures.experiments.mnist_convnet import fit, weights_of
from lectures.experiments.parts.idx import read_idx
from lectures.experiments.parts.training import prepare
from lectures.experiments.transferring import share_right

SIDE = 28  # pixels: the base reads digits afterwards


def measure(*, images: Path, labels: Path, seed: int = 0, epochs: float = 0.5, networks: int = 3) -> dict[str, Any]:
    """Return the weights of `networks` networks as `digits_base` does, trained on the pictures of an idx file.

    images, labels: idx files. One picture in twelve is held out, and accuracy (a list, a number each) is measured on
    those. Raises ValueError for files that do not go together, or pictures of another size.
    """
    pictures, classes = read_idx(images, 3), read_idx(labels, 1)
    if len(pictures) != len(classes):
        raise ValueError(
            f"{images.name} has {len(pictures):,} pictures and {labels.name} {len(classes):,}; give a pair"
        )
    if pictures.shape[1:] != (SIDE, SIDE):
        raise ValueError(f"the pictures are {pictures.shape[1:]}; give some of {SIDE} x {SIDE} pixels")
    held = SimpleNamespace(x_train=pictures, y_train=classes, x_test=pictures[:0], y_test=classes[:0], digest="")
    held.x_test, held.y_test = pictures[-1:], classes[-1:]  # `prepare` wants test pictures; none is looked at
    split = prepare(held, len(pictures))
    found = [fit(split, seed=seed + number, epochs=epochs)[0] for number in range(networks)]
    accuracy = [share_right(model, split.x_validation, split.y_validation) for model in found]
    return {
        "seed": seed,
        "epochs": epochs,
        "networks": networks,
        "trained_on": len(split.x_train),
        "validated_on": len(split.x_validation),
        "classes": split.classes,
        "accuracy": accuracy,
        "mean_accuracy": float(np.mean(accuracy)),
        "weights": {f"net{number}": weights_of(model) for number, model in enumerate(found)},
    }
