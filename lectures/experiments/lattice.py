"""Move the digit, and see whether each layer's maps move along: exactly so on the lattice of its strides."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from lectures.experiments.mnist_convnet import restore
from lectures.experiments.parts.probing import receptive_fields
from lectures.experiments.parts.training import Data, as_input

Array = NDArray[Any]
MARGIN = 12  # pixels of background around the picture, so that nothing leaves it


def measure(*, data: Data, weights: Mapping[str, Any], images: int = 20, furthest: int = 4) -> dict[str, Any]:
    """Return how far each layer's maps are from having moved with the digit, for shifts of 1 to `furthest` pixels.

    weights: as `mnist_convnet.weights`. shifts: in pixels; jump: of each layer, how many pixels lie between two
    neighbors of its map; errors: by layer, one number a shift. An error is the length of the difference between the
    moved digit's map and the digit's map moved (by the nearest whole number of places, whichever fits better), as a
    share of the map's length: 0 means that the map has moved along exactly.
    """
    model = restore(weights)
    still = np.pad(as_input(data.x_test[:images]), ((0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN), (0, 0)))
    trunk = widen(model, still.shape[1])
    before = trunk(still, training=False)
    fields = receptive_fields(model)
    errors: dict[str, list[float]] = {field.layer: [] for field in fields}
    for pixels in range(1, furthest + 1):
        after = trunk(np.roll(still, pixels, axis=2), training=False)
        for field, first, second in zip(fields, before, after, strict=True):
            errors[field.layer].append(distance(np.asarray(first), np.asarray(second), pixels / field.jump))
    return {
        "shifts": list(range(1, furthest + 1)),
        "jump": {field.layer: field.jump for field in fields},
        "errors": errors,
        "images": images,
    }


def widen(model: keras.Sequential, side: int) -> keras.Model:
    """Return the layers of `model` that have maps, for pictures of `side` pixels; its outputs are all of the maps."""
    inputs = keras.Input((side, side, model.inputs[0].shape[-1]))
    maps, made = inputs, []
    for layer in model.layers:
        if len(layer.output.shape) == 4:
            maps = layer(maps)
            made.append(maps)
    return keras.Model(inputs, made)


def distance(before: Array, after: Array, places: float) -> float:
    """Return how far `after` is from `before` moved right by `places`, or by the whole numbers around it."""
    steps = {int(np.floor(places)), int(np.ceil(places))}
    return min(_distance(before, after, step) for step in steps)


def _distance(before: Array, after: Array, step: int) -> float:
    width = before.shape[2] - step
    difference = after[:, :, step:] - before[:, :, :width]
    return float(np.linalg.norm(difference) / np.linalg.norm(before))
