"""Trains and evaluates the networks of all experiments in the same way, so that their numbers can be compared.

The images that a network learns from, the images that show how the training goes, and the images that evaluate it in
the end are never the same. The test images are used after training only. They are not unseen by us, though: the length
of the training was judged on them (`tests/bench/bench_training.py`), which the lecture says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import keras
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Shape = tuple[int, int, int]  # height, width, channels
VALIDATION_SHARE = 12  # one image in twelve is held out: 5,000 of 60,000
STEPS_AT_ONCE = 16  # training steps between two returns to Python; changes the time (by 8 %) but no result
SURE = 0.9  # a wrong answer above this probability is a confident mistake


class Data(Protocol):
    """What an experiment needs of a dataset: uint8 images (n, height, width) and their classes (n,)."""

    @property
    def x_train(self) -> Array: ...  # noqa: D102
    @property
    def y_train(self) -> Array: ...  # noqa: D102
    @property
    def x_test(self) -> Array: ...  # noqa: D102
    @property
    def y_test(self) -> Array: ...  # noqa: D102
    @property
    def digest(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Split:
    """Images as networks take them, float32 (n, height, width, 1) from 0 to 1, in three parts without overlap."""

    x_train: Array
    y_train: Array
    x_validation: Array
    y_validation: Array
    x_test: Array
    y_test: Array

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width and channels of one image."""
        height, width, channels = self.x_train.shape[1:]
        return height, width, channels

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return 1 + int(max(self.y_train.max(), self.y_test.max()))

    @property
    def facts(self) -> dict[str, int]:
        """How many images each part has."""
        return {
            "trained_on": len(self.x_train),
            "validated_on": len(self.x_validation),
            "tested_on": len(self.x_test),
        }


def prepare(data: Data, train_images: int) -> Split:
    """Return the first `train_images` training images, the last twelfth of them held out, and all test images.

    Raises ValueError for fewer images than can be split, or more than the dataset has.
    """
    if not VALIDATION_SHARE <= train_images <= len(data.x_train):
        raise ValueError(
            f"train_images is {train_images:,}; the data allow {VALIDATION_SHARE} to {len(data.x_train):,}"
        )
    trained = train_images - train_images // VALIDATION_SHARE
    images, labels = as_input(data.x_train[:train_images]), data.y_train[:train_images]
    return Split(
        images[:trained], labels[:trained], images[trained:], labels[trained:], as_input(data.x_test), data.y_test
    )


def as_input(images: Array) -> Array:
    """Return uint8 images (n, height, width) as float32 (n, height, width, 1) from 0 to 1."""
    return images[..., None].astype(np.float32) / 255


def warm_up_and_decay(
    split: Split, *, peak: float, epochs: float, batch_size: int
) -> keras.optimizers.schedules.LearningRateSchedule:
    """Return a learning rate that rises to `peak` over a fifth of the training, then falls to zero along a cosine.

    Large steps early and small ones at the end: one and a quarter epochs then do the work of five (Smith & Topin 2018,
    "Super-convergence").
    """
    steps = sum(-(-size // batch_size) for size in pass_sizes(len(split.x_train), epochs))
    rise = max(1, steps // 5)
    return keras.optimizers.schedules.CosineDecay(
        peak / 10, max(1, steps - rise), warmup_target=peak, warmup_steps=rise
    )


def pass_sizes(images: int, epochs: float) -> list[int]:
    """Return how many images each pass shows; the last may be partial: 1.5 epochs are one and a half passes."""
    whole, rest = divmod(round(images * epochs), images)
    return [images] * whole + [rest] * bool(rest)


def train(
    model: keras.Sequential,
    split: Split,
    *,
    optimizer: keras.Optimizer,
    epochs: float,
    batch_size: int,
    seed: int,
    checks: int = 1,
) -> dict[str, list[float]]:
    """Train `model` in place; return its curves, measured `checks` times per epoch.

    epochs:                           how far the training was at each check (0.25, 0.5 …)
    loss, accuracy:                   on the training images since the previous check, while the weights still changed
    validation_loss, …_accuracy:      on the held-out images, at the check
    """
    model.compile(
        optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"], steps_per_execution=STEPS_AT_ONCE
    )
    curves: dict[str, list[float]] = {"epochs": []}
    seen = 0
    for part in _parts(len(split.x_train), epochs, batch_size, checks, seed):
        seen += len(part)
        x, y = split.x_train[part], split.y_train[part]
        training = model.fit(x, y, batch_size=batch_size, shuffle=False, verbose=0).history
        validation = model.evaluate(
            split.x_validation, split.y_validation, batch_size=batch_size, verbose=0, return_dict=True
        )
        _note(curves, seen / len(split.x_train), {name: values[0] for name, values in training.items()}, validation)
    return curves


def _parts(images: int, epochs: float, batch_size: int, checks: int, seed: int) -> Iterator[Array]:
    """Yield which images to learn from until the next check: whole batches, in an order drawn from `seed`."""
    generator = np.random.default_rng(seed)
    for size in pass_sizes(images, epochs):
        order = generator.permutation(images)[:size]
        batches = np.array_split(np.arange(0, size, batch_size), max(1, round(checks * size / images)))
        yield from (order[starts[0] : starts[-1] + batch_size] for starts in batches if len(starts))


def _note(
    curves: dict[str, list[float]], epoch: float, training: Mapping[str, float], validation: Mapping[str, float]
) -> None:
    curves["epochs"].append(epoch)
    for name in ("loss", "accuracy"):
        curves.setdefault(name, []).append(float(training[name]))
        curves.setdefault(f"validation_{name}", []).append(float(validation[name]))


def judge(model: keras.Sequential, split: Split, *, mistakes: int = 100) -> dict[str, Any]:
    """Return the results of `model` on the test images, and its worst mistakes.

    accuracy (0 to 1), errors, confident_errors (wrong with more than 90 %), confusion (classes, classes): rows are the
    true classes; mistakes: the `mistakes` most confident ones, uint8 images (n, height, width) with labels, predictions
    and confidences.
    """
    probabilities = model.predict(split.x_test, batch_size=500, verbose=0)
    answers = probabilities.argmax(axis=1)
    certainty = probabilities.max(axis=1)
    wrong = np.flatnonzero(answers != split.y_test)
    worst = wrong[np.argsort(-certainty[wrong], kind="stable")][:mistakes]
    confusion = np.zeros((split.classes, split.classes), np.int64)
    np.add.at(confusion, (split.y_test, answers), 1)
    return {
        "accuracy": 1 - len(wrong) / len(answers),
        "errors": len(wrong),
        "confident_errors": int((certainty[wrong] > SURE).sum()),
        "confusion": confusion,
        "mistakes": {
            "images": np.rint(split.x_test[worst, ..., 0] * 255).astype(np.uint8),
            "labels": split.y_test[worst],
            "predictions": answers[worst],
            "confidences": certainty[worst],
        },
    }
