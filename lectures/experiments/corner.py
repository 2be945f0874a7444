"""Tests whether a network that learned small digits in one corner recognizes them elsewhere in the image."""

from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from lectures.experiments.parts.training import Data, Shape, Split, prepare
from lectures.experiments.variants import build_variant, fit_variant

Array = NDArray[Any]
PLACES = (0, 7, 14)  # tops and lefts of the small digit: nine places in all
OFF = (1, 2, 4)  # pixels up and left of where the digit was learned


def measure(
    *,
    data: Data,
    seed: int = 0,
    epochs: int = 5,
    train_images: int = 12_000,
    network: str = "flatten",
    jitter: int = 0,
    margin: int = 0,
    asked: int = 10_000,
) -> dict[str, Any]:
    """Return how well a network that learned digits at the bottom right recognizes them elsewhere.

    network: "dense" (512 units), "flatten" (the convnet) or "global_max" (the same convolutions, then the maximum of
    each feature map instead of Flatten). jitter: in training, each digit lies up to this many pixels up and left of the
    corner. margin: zeros padded around the image first, for "global_max". asked: how many test digits are classified at
    each place.

    Returned: accuracy: at the bottom right; grid (3, 3): at the nine places; off: 1, 2 and 4 pixels up and left of the
    bottom right; worst: the lowest of the grid; opposite: at the top left.
    """
    split = prepare(data, train_images)
    keras.utils.set_random_seed(seed)
    model = build_network(network, split.shape, split.classes, margin)
    fit_variant(model, place_split(split, jitter, seed), seed=seed, epochs=epochs)
    small, labels, corner = shrink(split.x_test[:asked]), split.y_test[:asked], PLACES[-1]
    grid = [[score(model, small, labels, (down, across)) for across in PLACES] for down in PLACES]
    off = [score(model, small, labels, (corner - pixels, corner - pixels)) for pixels in OFF]
    accuracies = [value for row in grid for value in row]
    return {
        "seed": seed,
        "epochs": epochs,
        "jitter": jitter,
        "margin": margin,
        **split.facts,
        "tested_on": len(small),
        "accuracy": grid[-1][-1],
        "grid": grid,
        "off": off,
        "worst": min(accuracies),
        "opposite": grid[0][0],
    }


def build_network(name: str, shape: Shape, classes: int, margin: int) -> keras.Sequential:
    """Return the untrained network called `name`; raise ValueError for an unknown name."""
    if name == "flatten":
        return build_variant(shape, classes)
    if name == "dense":
        hidden: list[keras.Layer] = [layers.Flatten(), layers.Dense(512, activation="relu")]
    elif name == "global_max":
        stages = [
            (layers.Conv2D(filters, 3, padding="same", activation="relu"), layers.MaxPooling2D())
            for filters in (32, 64)
        ]
        hidden = [
            layers.ZeroPadding2D(margin),
            *(layer for stage in stages for layer in stage),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.GlobalMaxPooling2D(),
            layers.Dense(64, activation="relu"),
        ]
    else:
        raise ValueError(f"there is no network '{name}' here; there are dense, flatten and global_max")
    return keras.Sequential([keras.Input(shape), *hidden, layers.Dense(classes, activation="softmax")])


def shrink(images: Array) -> Array:
    """Return images (n, height, width, 1) at half their size; each pixel is the mean of four."""
    count, height, width, _ = images.shape
    small: Array = images.reshape(count, height // 2, 2, width // 2, 2, 1).mean(axis=(2, 4))
    return small


def place(small: Array, tops: Array, lefts: Array) -> Array:
    """Return small images (n, h, w, 1) on empty images twice as large, each at its own top and left (n,)."""
    count, height, width, _ = small.shape
    canvas = np.zeros((count, 2 * height, 2 * width, 1), np.float32)
    rows = tops[:, None, None] + np.arange(height)[:, None]
    columns = lefts[:, None, None] + np.arange(width)
    canvas[np.arange(count)[:, None, None], rows, columns] = small
    return canvas


def place_split(split: Split, jitter: int, seed: int) -> Split:
    """Return `split` with small digits at the bottom right, at random up to `jitter` pixels up and left of it."""
    random = np.random.default_rng(seed)
    moved = {}
    for name in ("x_train", "x_validation", "x_test"):
        small = shrink(getattr(split, name))
        offsets = random.integers(0, jitter + 1, (2, len(small)))
        moved[name] = place(small, PLACES[-1] - offsets[0], PLACES[-1] - offsets[1])
    return Split(
        moved["x_train"], split.y_train, moved["x_validation"], split.y_validation, moved["x_test"], split.y_test
    )


def score(model: keras.Sequential, small: Array, labels: Array, at: tuple[int, int]) -> float:
    """Return the share of small digits that the network classifies correctly when all lie at `at`, (top, left)."""
    tops, lefts = (np.full(len(small), where) for where in at)
    answers = model.predict(place(small, tops, lefts), batch_size=500, verbose=0).argmax(axis=1)
    return float((answers == labels).mean())
