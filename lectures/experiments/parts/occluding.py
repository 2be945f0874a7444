"""Measures which parts of a digit a network relies on: hides a small square and sees how far the class score falls.

The score is the logit, the value before softmax: a probability near one hides large changes. Hiding means painting
background, so that hiding background changes nothing at all (Zeiler & Fergus 2014, "Visualizing and Understanding
Convolutional Networks", section 4.2, where the square is gray and the score a probability).
"""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from lectures.experiments.parts.probing import before_activation

Array = NDArray[Any]


def occlude(model: keras.Sequential, images: Array, labels: Array, numbers: Array, *, size: int = 5) -> dict[str, Any]:
    """Return how far the class scores of the test digits `numbers` fall when a square of side `size` is blanked.

    images, labels: float32 (count, height, width, 1) from 0 to 1, and the class of each.

    Returned arrays, one row for each digit: labels, numbers (of the test images), images uint8 (digits, height, width),
    scores (digits,), drops (digits, height, width): by the square's center, negative where the score rises; lowest
    (digits,): the lowest score that is left; changed (digits,): at how many places the answer is another class;
    follows_ink: the correlation of all drops with the brightness that the square hides there.
    """
    shown = images[numbers]
    logits = before_activation(model, model.layers[-1].name)
    found = [hidden_scores(logits, image, size=size) for image in shown]
    classes = labels[numbers]
    scores = np.array([before[label] for (before, _), label in zip(found, classes, strict=True)])
    left = np.stack([after[..., label] for (_, after), label in zip(found, classes, strict=True)])
    drops = scores[:, None, None] - left
    answers = np.stack([after.argmax(axis=-1) for _, after in found])
    return {
        "size": size,
        "numbers": numbers,
        "labels": classes,
        "images": np.rint(shown[..., 0] * 255).astype(np.uint8),
        "scores": scores,
        "drops": drops,
        "lowest": left.min(axis=(1, 2)),
        "changed": (answers != classes[:, None, None]).sum(axis=(1, 2)),
        "follows_ink": correlate(drops, hidden_brightness(shown[..., 0], size)),
    }


def first_right(model: keras.Sequential, images: Array, labels: Array, *, among: int = 2000) -> Array:
    """Return the number of the first image of each class that `model` classifies correctly.

    Searches the first `among` images. Raises ValueError if it classifies none correctly.
    """
    right = model.predict(images[:among], batch_size=500, verbose=0).argmax(axis=1) == labels[:among]
    classes, first = np.unique(labels[:among][right], return_index=True)
    if not len(classes):
        raise ValueError(f"the network gets none of {len(right)} test images right; train it longer")
    numbers: Array = np.flatnonzero(right)[first]
    return numbers


def hidden_scores(logits: keras.Model, image: Array, *, size: int) -> tuple[Array, Array]:
    """Return the scores of `image` (classes,), and with a square blanked around each pixel (height, width, classes)."""
    height, width = image.shape[:2]
    # Compare results only at the same position in a batch of the same size: elsewhere, sums may be taken in another
    # order, and rounding would move scores that should not change at all.
    unchanged = np.repeat(image[None], width, axis=0)
    before = np.asarray(logits(unchanged, training=False))
    after = []
    for row in range(height):
        hidden = unchanged.copy()
        for column in range(width):
            hidden[column, around(row, size), around(column, size)] = 0
        after.append(np.asarray(logits(hidden, training=False)) - before)
    return before[0], before[0] + np.stack(after)


def hidden_brightness(images: Array, size: int) -> Array:
    """Return the sum of `images` (n, height, width) under the square around each pixel."""
    before = size // 2
    padded = np.pad(images, ((0, 0), (before, size - 1 - before), (before, size - 1 - before)))
    hidden: Array = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2)).sum(axis=(3, 4))
    return hidden


def correlate(one: Array, other: Array) -> float:
    """Return the correlation of two arrays of one shape, -1 to 1; 0 if one of them is constant."""
    varies = one.std() > 0 and other.std() > 0
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1]) if varies else 0.0


def around(middle: int, size: int) -> slice:
    """Return the `size` places around `middle`, fewer at the border; an even size has one more before it."""
    start = middle - size // 2
    return slice(max(0, start), start + size)
