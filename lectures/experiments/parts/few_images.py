"""Draws a few images of each class, and trains networks on them for a number of steps.

With few images an epoch is a handful of steps, so that epochs cannot compare trainings on 50 images and on 10,000:
steps can. All that is measured on the way is measured with the weights of that moment, and without augmentation and
dropout, on the images that are learned from as on the others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Watch = Callable[[int, Mapping[str, float]], None]  # how many steps were taken, and what was measured after them
STEPS_AT_ONCE = 25  # training steps between two returns to Python; changes the time but no result
AT_ONCE = 500  # images of one batch when nothing is learned


@dataclass(frozen=True, slots=True)
class Plan:
    """How long a training takes: `steps` of `batch_size` images each, measured `checks` times at equal distances.

    The last check is after the last step. Raises ValueError for fewer steps than checks, or fewer than one check.
    """

    steps: int
    batch_size: int = 32
    checks: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be measured so often."""
        if not 1 <= self.checks <= self.steps:
            raise ValueError(f"there are {self.checks} checks in {self.steps} steps; take 1 to {self.steps}")

    @property
    def ends(self) -> list[int]:
        """After how many steps to measure: before the first, and at each check."""
        return [0, *(round(self.steps * check / self.checks) for check in range(1, self.checks + 1))]


def draw_few(labels: Array, per_class: int, seed: int) -> Array:
    """Return which images to learn from: `per_class` of each class, without replacement, in an order without pattern.

    labels: the classes (n,) of the images to choose from. Returned are indices (classes * per_class,). The same seed
    draws the same images, and a larger `per_class` of the same seed holds those of a smaller one. Raises ValueError for
    a class that has fewer images, and for a number below 1.
    """
    if per_class < 1:
        raise ValueError(f"per_class is {per_class}; draw at least one image of each class")
    random = np.random.default_rng(seed)
    drawn = []
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        if len(members) < per_class:
            raise ValueError(f"class {label} has {len(members):,} images; draw no more than that, not {per_class:,}")
        drawn.append(random.permutation(members)[:per_class])
    return random.permutation(np.concatenate(drawn))


def train_few(
    model: keras.Model,
    x: Array,
    y: Array,
    *,
    plan: Plan,
    optimizer: keras.Optimizer,
    seed: int,
    validation: tuple[Array, Array] | None = None,
    watch: Watch | None = None,
) -> dict[str, list[float]]:
    """Train `model` in place as long as `plan` says; return its curves, from before the first step to after the last.

    x, y:    the images and classes to learn from. Batches are drawn from `seed`: all images in a random order, then all
             again in another, and so on, so that each is shown equally often, or once less.
    watch:   called at each measurement with the number of steps and what was measured, as to keep the best weights.

    steps:                            how many steps were taken at each measurement
    loss, accuracy:                   on all of `x`, with the weights of that moment, as at use: nothing is dropped out
                                      and nothing augmented
    validation_loss, …_accuracy:      the same on the images of `validation`, if there are any
    """
    model.compile(
        optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"], steps_per_execution=STEPS_AT_ONCE
    )
    curves: dict[str, list[float]] = {"steps": []}
    order = shown_images(len(x), plan.steps * plan.batch_size, seed)
    for begin, end in zip([0, *plan.ends], plan.ends, strict=False):
        if end:
            part = order[begin * plan.batch_size : end * plan.batch_size]
            model.fit(x[part], y[part], batch_size=plan.batch_size, shuffle=False, verbose=0)
        measured = measure_on(model, x, y, validation)
        for name, value in {"steps": end, **measured}.items():
            curves.setdefault(name, []).append(value)
        if watch:
            watch(end, measured)
    return curves


def shown_images(images: int, count: int, seed: int) -> Array:
    """Return which image is shown at each of `count` places (count,): all in one order, then all in another."""
    random = np.random.default_rng(seed)
    return np.concatenate([random.permutation(images) for _ in range(-(-count // images))])[:count]


def measure_on(
    model: keras.Model, x: Array, y: Array, validation: tuple[Array, Array] | None = None
) -> dict[str, float]:
    """Return loss and accuracy of a compiled model on some images, and on those of `validation` under that prefix."""
    found: dict[str, float] = {}
    for prefix, part in (("", (x, y)), ("validation_", validation)):
        if part is not None:
            values = model.evaluate(*part, batch_size=AT_ONCE, verbose=0, return_dict=True)
            found |= {f"{prefix}{name}": float(values[name]) for name in ("loss", "accuracy")}
    return found
