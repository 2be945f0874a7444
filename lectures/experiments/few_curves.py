"""Watches the convnet overfit: its loss on the few images that it learns from, and on images that it never sees."""

from typing import Any

import numpy as np

from lectures.experiments.few_digits import BATCH_SIZE, STEPS, WATCHED, Way, build_way, draw, new_optimizer
from lectures.experiments.parts.few_images import Plan, train_few
from lectures.experiments.parts.training import Data, as_input


def measure(
    *,
    data: Data,
    seed: int = 0,
    per_class: int = 20,
    steps: int = STEPS,
    checks: int = 20,
    augment: str = "none",
    dropout: float = 0.0,
    weight_decay: float = 0.0,
) -> dict[str, Any]:
    """Return the training that `few_digits` makes, measured at `checks` moments and judged by no test image.

    history: steps, and loss and accuracy on the images that are learned from and on `watched_on` held-out training
    images, all with the weights of the moment, as at use. best: where the held-out loss is lowest, with that step, the
    losses and the held-out accuracy; last: the same after the last step. epochs: how often each image was shown.
    """
    way = Way(augment, dropout, weight_decay)
    chosen = draw(data, per_class, seed)
    x, y = as_input(data.x_train[chosen]), data.y_train[chosen]
    watched = as_input(data.x_train[-WATCHED:]), data.y_train[-WATCHED:]
    history = train_few(
        build_way(way, seed),
        x,
        y,
        plan=Plan(steps, BATCH_SIZE, checks),
        optimizer=new_optimizer(way, steps),
        seed=seed,
        validation=watched,
    )
    best = int(np.argmin(history["validation_loss"]))
    return {
        "seed": seed,
        "trained_on": len(chosen),
        "watched_on": len(watched[1]),
        "epochs": steps * BATCH_SIZE / len(chosen),
        "history": history,
        "best": at(history, best),
        "last": at(history, -1),
    }


def at(history: dict[str, list[float]], place: int) -> dict[str, float]:
    """Return what `history` holds at one measurement."""
    return {name: values[place] for name, values in history.items()}
