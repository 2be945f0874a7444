"""Tests whether each layer's feature maps move along when the digit moves.

They do so exactly where the shift is a multiple of the layer's jump, that is, on the lattice of its strides.
"""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from lectures.experiments.mnist_convnet import restore
from lectures.experiments.parts.probing import receptive_fields
from lectures.experiments.parts.training import Data, as_input

Array = NDArray[Any]
MARGIN = 12  # pixels of background around the image, so that the digit never leaves it


def measure(*, data: Data, weights: Mapping[str, Any], images: int = 20, furthest: int = 4) -> dict[str, Any]:
    """Return how far each layer's maps are from having moved with the digit, for shifts of 1 to `furthest` pixels.

    weights: as `mnist_convnet.weights`. Returned: shifts, in pixels; jump: by layer, the distance in pixels between two
    neighbors in its map; errors: by layer, one number for each shift. An error is the norm of the difference between
    the moved digit's map and the digit's map moved by shift / jump places (rounded down or up, whichever fits better),
    as a share of the map's norm: 0 means that the map has moved along exactly.
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
    """Return the layers of `model` that have feature maps, for images of `side` pixels; all maps are outputs."""
    inputs = keras.Input((side, side, model.inputs[0].shape[-1]))
    maps, outputs = inputs, []
    for layer in model.layers:
        if len(layer.output.shape) == 4:
            maps = layer(maps)
            outputs.append(maps)
    return keras.Model(inputs, outputs)


def distance(before: Array, after: Array, places: float) -> float:
    """Return the relative distance of `after` from `before` moved right by `places`, rounded to fit best."""
    steps = {int(np.floor(places)), int(np.ceil(places))}
    return min(_distance(before, after, step) for step in steps)


def _distance(before: Array, after: Array, step: int) -> float:
    width = before.shape[2] - step
    difference = after[:, :, step:] - before[:, :, :width]
    return float(np.linalg.norm(difference) / np.linalg.norm(before))
