"""Measures what happens to a network's answers when the digit moves."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def shifted(images: Array, right: int) -> Array:
    """Return `images` (n, height, width, …) moved right by `right` pixels; background moves in from the left."""
    moved = np.zeros_like(images)
    moved[:, :, right:] = images[:, :, : images.shape[2] - right]
    return moved


def shift_curve(model: keras.Sequential, images: Array, labels: Array, *, furthest: int = 8) -> dict[str, list[float]]:
    """Return how accurately a network classifies `images` moved to the right by 0 to `furthest` pixels.

    pixels: the shifts; accuracy (0 to 1) at each; ink_lost: the share of all brightness that has left the image.
    """
    curve: dict[str, list[float]] = {"pixels": [], "accuracy": [], "ink_lost": []}
    brightness = float(images.sum(dtype=np.float64))
    for pixels in range(furthest + 1):
        moved = shifted(images, pixels)
        answers = model.predict(moved, batch_size=500, verbose=0).argmax(axis=1)
        curve["pixels"].append(pixels)
        curve["accuracy"].append(float((answers == labels).mean()))
        curve["ink_lost"].append(1 - float(moved.sum(dtype=np.float64)) / brightness)
    return curve
