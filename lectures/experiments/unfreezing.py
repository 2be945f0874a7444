"""Lets trained convolutions learn again: how the loss goes, and what is left of the task that they came from."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from lectures.experiments.parts.few_images import Plan, draw_few, train_few
from lectures.experiments.parts.training import Data
from lectures.experiments.transferring import (
    BATCH_SIZE,
    HEAD_RATE,
    NEW,
    OLD,
    back_on_old_task,
    begin,
    learn,
    of_classes,
    share_right,
)

WATCHED = 500  # validation images whose loss is measured on the way


def measure(
    *,
    data: Data,
    weights: Mapping[str, Any],
    rate: float,
    seed: int = 0,
    head_first: bool = True,
    shots: int = 20,
    steps: int = 150,
    checks: int = 15,
) -> dict[str, Any]:
    """Return what happens when all layers of a pretrained network learn the digits 5 to 9 at a constant `rate`.

    head_first: whether a new head learns on the frozen convolutions first. curves: steps, loss and validation_loss
    at each of `checks`. accuracy: on the test digits 5 to 9 at the end. old_before, old_after: the accuracy of the
    convolutions on the test digits 0 to 4, under the head that they were trained with. moved: how far the weights of
    each convolution moved, as a share of their length.
    """
    split, old = of_classes(data, NEW), of_classes(data, OLD)
    model = begin(weights, split, taken=3, seed=seed)
    few = draw_few(split.y_train, shots, seed)
    x, y = split.x_train[few], split.y_train[few]
    before = [layer.get_weights()[0] for layer in model.layers if layer.name.startswith("conv")]
    known = share_right(back_on_old_task(model, weights, seed), old.x_test, old.y_test)
    if head_first:
        learn(model, x, y, frozen=3, rate=HEAD_RATE, steps=steps, seed=seed)
    watched = split.x_validation[:WATCHED], split.y_validation[:WATCHED]
    plan, optimizer = Plan(steps, BATCH_SIZE, checks), keras.optimizers.Adam(rate)
    curves = train_few(model, x, y, plan=plan, optimizer=optimizer, seed=seed, validation=watched)
    after = [layer.get_weights()[0] for layer in model.layers if layer.name.startswith("conv")]
    left = share_right(back_on_old_task(model, weights, seed), old.x_test, old.y_test)
    return {
        "seed": seed,
        "rate": rate,
        "shots": shots,
        "steps": steps,
        "watched": WATCHED,
        "curves": curves,
        "highest_loss": max(curves["validation_loss"]),
        "last_loss": curves["validation_loss"][-1],
        "accuracy": share_right(model, split.x_test, split.y_test),
        "old_before": known,
        "old_after": left,
        "forgotten": known - left,
        "moved": [float(np.linalg.norm(b - a) / np.linalg.norm(a)) for a, b in zip(before, after, strict=True)],
    }
