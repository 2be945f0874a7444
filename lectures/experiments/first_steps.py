"""How a network learns: the kernels of its first layer after some steps, and a few steps on two weights alone."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from lectures.experiments.mnist_convnet import BATCH_SIZE, build_model, restore
from lectures.experiments.parts.training import Data, Split, prepare

Array = NDArray[Any]
STEPS = (0, 5, 20, 50, 100, 200)  # after how many steps the kernels are kept
SURFACE_IMAGES = 2000  # training images whose mean loss is the surface
SIDE = 41  # values of each weight at which the surface is measured
DESCENT_STEPS, OVERSHOOT_STEPS = 6, 3
FALL = 25  # how much lower the score of the class is at the start: there the loss is steep
CARELESS = 12  # times the good step size


def measure(*, data: Data, weights: Mapping[str, Any], seed: int = 0, train_images: int = 60_000) -> dict[str, Any]:
    """Return what can be seen of learning.

    weights: those of the trained convnet, as `mnist_convnet` gives them. kernel_history: the kernels of conv1 (steps,
    32, 3, 3) of a new network after so many steps of Adam. samples: three test digits with the trained network's
    probabilities: one that it is sure of, one that it is not, one that it gets wrong. descent, overshoot: gradient
    descent on two weights of the trained network's last layer, at a good and at too large a step size.
    """
    split = prepare(data, train_images)
    model = restore(weights)
    return {
        "seed": seed,
        "batch_size": BATCH_SIZE,
        **split.facts,
        "kernel_history": kernel_history(split, seed),
        "samples": pick_samples(model, split),
        **two_weights(model, split),
    }


def kernel_history(split: Split, seed: int) -> dict[str, Any]:
    """Return the kernels of the first layer of a new network after each of STEPS, in batches drawn from `seed`."""
    keras.utils.set_random_seed(seed)
    model = build_model(split.shape, split.classes)
    model.compile(keras.optimizers.Adam(), loss="sparse_categorical_crossentropy")
    order = np.random.default_rng(seed).permutation(len(split.x_train))
    kept = []
    for step in range(STEPS[-1] + 1):
        if step in STEPS:
            kept.append(model.get_layer("conv1").get_weights()[0][:, :, 0].transpose(2, 0, 1))
        batch = np.take(order, range(step * BATCH_SIZE, (step + 1) * BATCH_SIZE), mode="wrap")
        model.train_on_batch(split.x_train[batch], split.y_train[batch])
    return {"steps": np.array(STEPS), "kernels": np.array(kept)}


def pick_samples(model: keras.Sequential, split: Split) -> dict[str, Any]:
    """Return the test digits that `choose` chooses: images, labels, probabilities, and their numbers in the data."""
    probabilities = model.predict(split.x_test, batch_size=500, verbose=0)
    chosen = choose(probabilities, split.y_test)
    return {
        "numbers": chosen,
        "images": np.rint(split.x_test[chosen, ..., 0] * 255).astype(np.uint8),
        "labels": split.y_test[chosen],
        "probabilities": probabilities[chosen].astype(np.float64),
    }


def choose(probabilities: Array, labels: Array) -> Array:
    """Return which answers are the surest right one, the least sure right one, and the surest wrong one (3,).

    probabilities: (n, classes); labels: (n,). Raises ValueError if no answer is right, or none is wrong.
    """
    certainty, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    if right.all() or not right.any():
        raise ValueError(f"{right.sum()} of {len(right)} answers are right; samples need both kinds")
    sure, wrong = np.where(right, certainty, -1).argmax(), np.where(right, -1, certainty).argmax()
    return np.array([sure, np.where(right, certainty, 2).argmin(), wrong])


class TwoWeights:
    """The loss as a function of two weights of the last layer, all others as they were trained.

    The weights are those from two hidden units to one class. The loss is the mean cross-entropy of some images.
    """

    def __init__(self, hidden: Array, kernel: Array, bias: Array, labels: Array, label: int) -> None:
        """hidden: (n, units); kernel: (units, classes); bias: (classes,); labels: (n,); label: the class."""
        self.units = most_used(hidden[labels == label], kernel[:, label])
        self.hidden = hidden[:, self.units].astype(np.float64)
        self.trained = kernel[self.units, label].astype(np.float64)
        self.logits = (hidden @ kernel + bias).astype(np.float64)
        self.labels, self.label = labels, label

    def logits_at(self, weights: Array) -> Array:
        """Return the logits (n, classes) at these two weights."""
        moved = self.logits.copy()
        moved[:, self.label] += self.hidden @ (weights - self.trained)
        return moved

    def loss(self, weights: Array) -> float:
        """Return the mean cross-entropy at these two weights."""
        logits = self.logits_at(weights)
        top = logits.max(axis=1)
        total = np.log(np.exp(logits - top[:, None]).sum(axis=1)) + top
        return float((total - logits[np.arange(len(logits)), self.labels]).mean())

    def gradient(self, weights: Array) -> Array:
        """Return the gradient (2,) of the loss: the mean of (probability - is it the class?) times the unit's value."""
        logits = self.logits_at(weights)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        probability = powers[:, self.label] / powers.sum(axis=1)
        slope: Array = ((probability - (self.labels == self.label))[:, None] * self.hidden).mean(axis=0)
        return slope

    def curvature(self, weights: Array, step: float = 1e-3) -> float:
        """Return the largest second derivative in any direction, from differences of the gradient."""
        columns = [
            (self.gradient(weights + axis) - self.gradient(weights - axis)) / (2 * step) for axis in np.eye(2) * step
        ]
        return float(np.linalg.eigvalsh((np.array(columns) + np.array(columns).T) / 2)[-1])


def most_used(hidden: Array, weights: Array) -> Array:
    """Return the two hidden units that add most to a class's score, on the mean of its images (2,)."""
    return np.sort(np.argsort(-(hidden.mean(axis=0) * weights))[:2])


def two_weights(model: keras.Sequential, split: Split, label: int = 5) -> dict[str, Any]:
    """Return the loss surface over two weights to the class `label`, and gradient descent on it, good and careless.

    A step size of one over the largest curvature on the way is good: a step beyond two over the curvature goes up on
    the other side. The careless one is CARELESS times as large.
    """
    until_hidden = keras.Model(model.inputs, model.get_layer("dense1").output)
    images, labels = split.x_train[:SURFACE_IMAGES], split.y_train[:SURFACE_IMAGES]
    hidden = until_hidden.predict(images, batch_size=500, verbose=0)
    kernel, bias = model.get_layer("softmax").get_weights()
    surface = TwoWeights(hidden, kernel, bias, labels, label)
    offset = start_offset(surface)
    rate = 1 / max(surface.curvature(surface.trained + share * offset) for share in np.linspace(0, 1, 11))
    good = descend(surface, surface.trained + offset, rate, DESCENT_STEPS)
    careless = descend(surface, surface.trained + offset, CARELESS * rate, OVERSHOOT_STEPS)
    first, second = axes_around(np.concatenate([good["path"], careless["path"], [surface.trained]]))
    losses = np.array([[surface.loss(np.array([a, b])) for b in second] for a in first])
    names = [f"w{unit}" for unit in surface.units]
    axes = {"names": names, "first": first, "second": second, "losses": losses}
    return {"class": label, "images": len(images), "descent": {**axes, **good}, "overshoot": careless}


def start_offset(surface: TwoWeights) -> Array:
    """Return how far the start lies from the trained weights (2,): where the class's own score has fallen by FALL.

    Most of the fall is the first weight's, so that the way down is no straight line.
    """
    typical = surface.hidden[surface.labels == surface.label].mean(axis=0)
    mixed = np.array([1.0, 0.25]) * typical
    offset: Array = -FALL * mixed / (mixed @ typical)
    return offset


def descend(surface: TwoWeights, start: Array, rate: float, steps: int) -> dict[str, Any]:
    """Return gradient descent: its path (steps + 1, 2), the gradients (steps, 2) and the losses (steps + 1,) on it."""
    path, gradients = [start], []
    for _ in range(steps):
        gradients.append(surface.gradient(path[-1]))
        path.append(path[-1] - rate * gradients[-1])
    losses = np.array([surface.loss(point) for point in path])
    return {"rate": rate, "path": np.array(path), "gradients": np.array(gradients), "path_losses": losses}


def axes_around(points: Array, margin: float = 0.15) -> tuple[Array, Array]:
    """Return SIDE values of each weight, evenly spaced, that hold all points (n, 2) with some margin around them."""
    low, high = points.min(axis=0), points.max(axis=0)
    room = margin * np.maximum(high - low, 0.1 * (high - low).max())
    return tuple(np.linspace(low[axis] - room[axis], high[axis] + room[axis], SIDE) for axis in (0, 1))  # type: ignore[return-value]
