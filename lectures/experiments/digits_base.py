"""Trains the course's convnet on the digits 0 to 4 alone, several times: the networks that transfer starts from."""

from typing import Any

import numpy as np

from lectures.experiments.mnist_convnet import build_model, fit, weights_of
from lectures.experiments.parts.probing import describe_network
from lectures.experiments.parts.training import Data
from lectures.experiments.transferring import NEW, OLD, of_classes, share_right


def measure(
    *, data: Data, seed: int = 0, epochs: float = 0.5, train_images: int = 60_000, networks: int = 3
) -> dict[str, Any]:
    """Return the weights of `networks` networks, from as many random starts, and what they do on the digits 0 to 4.

    weights: by the name of the network (net0 …), as `weights_of` returns them. accuracy: a list, a number each.
    train_images: how many images of all ten classes; those of 0 to 4 among them are learned from.
    """
    split = of_classes(data, OLD, train_images)
    found = [fit(split, seed=seed + number, epochs=epochs)[0] for number in range(networks)]
    accuracy = [share_right(model, split.x_test, split.y_test) for model in found]
    new = of_classes(data, NEW)
    return {
        "seed": seed,
        "epochs": epochs,
        "networks": networks,
        **split.facts,
        "new": new.facts,
        **describe_network(build_model(split.shape, split.classes)),
        "accuracy": accuracy,
        "mean_accuracy": float(np.mean(accuracy)),
        "worst_accuracy": min(accuracy),
        "weights": {f"net{number}": weights_of(model) for number, model in enumerate(found)},
    }
