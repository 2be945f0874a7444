"""Measures how much of an image one value of a deep layer really depends on: its gradient, averaged over many images.

The receptive field is all that a value can depend on. In fact the pixels in its middle count far more than those at its
edge, because many paths lead from the middle and few from the edge (Luo et al. 2016, "Understanding the Effective
Receptive Field in Deep Convolutional Neural Networks").
"""

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from lectures.experiments.parts.probing import BATCH, before_activation, receptive_fields

Array = NDArray[Any]


def reach(model: keras.Sequential, images: Array, *, name: str = "conv3") -> dict[str, Any]:
    """Return how much the middle value of layer `name`, before ReLU, depends on each pixel, and its receptive field.

    images: float32 (count, height, width, 1). Returned: effect float32 (height, width), the absolute gradient, averaged
    over images and channels; top, left, size: the theoretical receptive field; half: the side of the smallest square
    around its middle that holds half of all effect.
    """
    part = before_activation(model, name)
    field = next(field for field in receptive_fields(model) if field.layer == name)
    row, column = (places // 2 for places in part.output.shape[1:3])
    effect = np.zeros(images.shape[1:3])
    for start in range(0, len(images), BATCH):
        effect += gradient_sizes(part, images[start : start + BATCH], (row, column)) / len(images)
    top, left = row * field.jump + field.start, column * field.jump + field.start
    return {
        "layer": name,
        "images": len(images),
        "effect": effect.astype(np.float32),
        "size": field.size,
        "top": top,
        "left": left,
        "half": half_square(effect, (top + field.size / 2, left + field.size / 2)),
    }


def gradient_sizes(part: keras.Model, images: Array, place: tuple[int, int], *, channels: int = 16) -> Array:
    """Return the absolute gradient of `part` at `place` for each pixel, summed over images (height, width).

    It is the mean over the first `channels` channels, each taken by itself: in the gradient of their sum they would
    cancel.
    """
    shown = tf.convert_to_tensor(images)
    total = np.zeros(images.shape[1:3])
    count = min(channels, part.output.shape[-1])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(shown)
        values = tf.unstack(part(shown, training=False)[:, place[0], place[1], :count], axis=-1)
    for value in values:
        total += np.abs(tape.gradient(value, shown).numpy()[..., 0]).sum(axis=0) / count
    return total


def half_square(effect: Array, middle: tuple[float, float]) -> int:
    """Return the side of the smallest square around `middle` (row, column) that holds at least half of all effect."""
    rows, columns = (np.abs(np.arange(size) + 0.5 - at) for size, at in zip(effect.shape, middle, strict=True))
    away = np.maximum(rows[:, None], columns)
    odd = round(2 * middle[0]) % 2  # sides are odd around the middle of a pixel, even around a corner
    for side in range(2 - odd, 2 * int(max(effect.shape)), 2):
        if effect[away < side / 2].sum() >= effect.sum() / 2:
            return side
    return 2 * int(max(effect.shape))
