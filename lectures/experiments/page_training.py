"""Trains a network so small that a page can train it too, from the same weights, on the same pictures, in their order.

Here Keras trains it, at several learning rates; the page does it in JavaScript (`:::{train_here}`). What both draw, the
first weights and the order of the pictures, comes from one generator of random numbers that is easily written twice.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import log, sqrt
from typing import Any

import keras
import numpy as np
from keras import layers

from lectures.experiments.parts.page_pictures import pack_pictures
from lectures.experiments.parts.training import Array, Data

NETWORK: tuple[Mapping[str, Any], ...] = (
    {"kind": "Conv2D", "filters": 8, "kernel_size": 3},
    {"kind": "ReLU"},
    {"kind": "MaxPooling2D", "pool_size": 2},
    {"kind": "Conv2D", "filters": 16, "kernel_size": 3},
    {"kind": "ReLU"},
    {"kind": "MaxPooling2D", "pool_size": 2},
    {"kind": "Flatten"},
    {"kind": "Dense", "units": 10},
)
LEVELS = 4  # shades of gray that are left of each picture: a page holds all of them in 170 kB
BATCH_SIZE, MOMENTUM = 40, 0.9
MEASURED_EVERY = 10  # steps
DIGITS = 32  # bits of a random number


def measure(
    *,
    data: Data,
    seed: int = 0,
    learned_from: int = 2000,
    judged_on: int = 500,
    passes: int = 8,
    step_sizes: Sequence[float] = (0.003, 0.03, 0.3),
    offered: Sequence[float] = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
) -> dict[str, Any]:
    """Return three trainings that differ in their learning rate alone, and all that a page needs to train likewise.

    learned_from, judged_on: how many training pictures it learns from, and how many of those after them it is judged
    on; no test picture is touched. step_sizes: the three learning rates; offered: those that the page offers, with the
    middle one to begin with. curves: the mean loss of each ten batches (`steps`, `names`, `first`, `second`, `third`).
    runs: for each rate how many of the held-out pictures are right after each pass. guessing_loss: that of equal
    probabilities. packed: all pictures and their classes, as `pack_pictures` packs them, first those that it learns
    from. Raises ValueError for too few pictures, and if there are not three rates, rising, that are offered.
    """
    check(data, learned_from + judged_on, step_sizes, offered)
    pictures = np.rint(data.x_train[: learned_from + judged_on] / 255 * (LEVELS - 1)).astype(np.uint8)
    labels = data.y_train[: len(pictures)]
    runs = [Run(rate, seed, pictures, labels, learned_from) for rate in step_sizes]
    losses = [run.train(passes) for run in runs]
    steps = [MEASURED_EVERY * (place + 1) for place in range(len(losses[0]))]
    names = [f"rate {rate:g}" for rate in step_sizes]
    curves = {"steps": steps, "names": names, **dict(zip(("first", "second", "third"), losses, strict=True))}
    return {
        "seed": seed, "network": [dict(layer) for layer in NETWORK], "parameters": runs[0].model.count_params(),
        "shape": [*pictures.shape[1:], 1], "levels": LEVELS, "batch_size": BATCH_SIZE, "momentum": MOMENTUM,
        "passes": passes, "steps": steps[-1], "every": MEASURED_EVERY,
        "trained_on": learned_from, "validated_on": judged_on, "rate": step_sizes[1], "offered": list(offered),
        "curves": curves, "runs": [run.facts for run in runs], "first_loss": runs[0].first_loss,
        "guessing_loss": log(NETWORK[-1]["units"]), "packed": pack_pictures(pictures, labels, LEVELS),
    }  # fmt: skip


def check(data: Data, pictures: int, step_sizes: Sequence[float], offered: Sequence[float]) -> None:
    """Raise ValueError if the data have fewer pictures, or the learning rates are not three of those offered."""
    if pictures > len(data.x_train):
        raise ValueError(f"{pictures:,} pictures are asked for, and the dataset has {len(data.x_train):,}; take fewer")
    if len(step_sizes) != 3 or list(step_sizes) != sorted(set(step_sizes)) or not set(step_sizes) <= set(offered):
        raise ValueError(f"step_sizes is {list(step_sizes)}; give three of {list(offered)}, the smallest first")


class Run:
    """One training: the network, what it learns from, and how it went."""

    def __init__(self, rate: float, seed: int, pictures: Array, labels: Array, learned_from: int) -> None:
        """pictures: uint8 (n, height, width), 0 to LEVELS - 1; those from `learned_from` on are held out."""
        self.rate, self.random = rate, random_from(seed)
        values = (pictures / (LEVELS - 1)).astype(np.float32)[..., None]
        self.x, self.watched_x = values[:learned_from], values[learned_from:]
        self.y, self.watched_y = labels[:learned_from], labels[learned_from:]
        self.model = build_model(values.shape[1:])
        set_weights(self.model, self.random)
        self.model.compile(
            keras.optimizers.SGD(rate, momentum=MOMENTUM),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        )
        self.right: list[int] = []
        self.first_loss = float(self.model.evaluate(self.watched_x, self.watched_y, verbose=0))

    def train(self, passes: int) -> list[float]:
        """Train for so many passes over the pictures; return the mean loss of each MEASURED_EVERY batches."""
        losses: list[float] = []
        for _ in range(passes):
            order = shuffled(len(self.x), self.random)
            for start in range(0, len(order), BATCH_SIZE):
                batch = order[start : start + BATCH_SIZE]
                losses.append(float(self.model.train_on_batch(self.x[batch], self.y[batch])))
            answers = self.model.predict(self.watched_x, batch_size=500, verbose=0).argmax(axis=1)
            self.right.append(int((answers == self.watched_y).sum()))
        whole = len(losses) // MEASURED_EVERY * MEASURED_EVERY
        return [float(mean) for mean in np.reshape(losses[:whole], (-1, MEASURED_EVERY)).mean(axis=1)]

    @property
    def facts(self) -> dict[str, Any]:
        """The learning rate, and the held-out pictures that were right after each pass, counted and as a share."""
        share = self.right[-1] / len(self.watched_y)
        return {"rate": self.rate, "right": self.right, "validation_accuracy": share}


def build_model(shape: tuple[int, ...]) -> keras.Sequential:
    """Return the network of NETWORK, untrained; its outputs are scores, before softmax."""
    make: dict[str, Callable[..., keras.layers.Layer]] = {
        "Conv2D": layers.Conv2D,
        "ReLU": layers.ReLU,
        "MaxPooling2D": layers.MaxPooling2D,
        "Flatten": layers.Flatten,
        "Dense": layers.Dense,
    }
    chain = [make[layer["kind"]](**{name: layer[name] for name in layer if name != "kind"}) for layer in NETWORK]
    return keras.Sequential([keras.Input(shape), *chain])


def set_weights(model: keras.Sequential, random: Iterator[float]) -> None:
    """Give each layer weights that are drawn evenly between the limits of Glorot and Bengio (2010), and biases of 0."""
    for layer in model.layers:
        if not layer.get_weights():
            continue
        kernel, bias = (weights.shape for weights in layer.get_weights())
        field = int(np.prod(kernel[:-2]))
        limit = sqrt(6 / (field * (kernel[-2] + kernel[-1])))
        drawn = [(2 * next(random) - 1) * limit for _ in range(int(np.prod(kernel)))]
        layer.set_weights([np.reshape(drawn, kernel), np.zeros(bias)])


def random_from(seed: int) -> Iterator[float]:
    """Yield random numbers from 0 to 1 that a seed repeats: mulberry32 (Tommy Ettinger, 2017)."""
    mask, state = (1 << DIGITS) - 1, seed
    while True:
        state = (state + 0x6D2B79F5) & mask
        mixed = (state ^ state >> 15) * (state | 1) & mask
        mixed ^= mixed + ((mixed ^ mixed >> 7) * (mixed | 61) & mask) & mask
        yield (mixed ^ mixed >> 14) / (mask + 1)


def shuffled(count: int, random: Iterator[float]) -> list[int]:
    """Return the numbers from 0 to count - 1 in an order that `random` draws (Fisher and Yates)."""
    order = list(range(count))
    for place in range(count - 1, 0, -1):
        other = int(next(random) * (place + 1))
        order[place], order[other] = order[other], order[place]
    return order
