"""Finds the patches of real images that excite each channel of a layer most.

Images are ranked by a channel's values before the activation function, so that even a channel that never fires has an
order. An image contributes at most one place to a channel; otherwise twelve patches could be one digit twelve times.
"""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers as kinds
from numpy.typing import NDArray

from lectures.experiments.parts.probing import (
    BATCH,
    Field,
    before_activation,
    layers_of,
    receptive_fields,
    sources_of,
)

Array = NDArray[Any]
RULE = (
    "of the channels that answer, those whose strongest patches resemble each other most (mean correlation over all "
    "pairs), leaving out those whose mean patch looks like that of a channel already taken (correlation above 0.7)"
)
ALIKE = 0.7
ELEMENTWISE = (kinds.Activation, kinds.ReLU, kinds.LeakyReLU, kinds.ELU)


@dataclass(frozen=True, slots=True)
class Places:
    """For each channel, the images (`numbers`) with its strongest values, and where in its map (row, column) these are.

    All arrays are (channels, n), strongest first; `values` are before the activation function.
    """

    numbers: Array
    rows: Array
    columns: Array
    values: Array

    def at(self, part: Any) -> "Places":
        """Return the places that the index `part` selects from each array."""
        return Places(self.numbers[part], self.rows[part], self.columns[part], self.values[part])


def answering_layer(model: keras.Model, name: str) -> str:
    """Return the layer whose output enters the activation: the BatchNormalization after `name`, or `name` itself."""
    layer, after = model.get_layer(name), _layer_after(model, name)
    normalized = isinstance(after, kinds.BatchNormalization) and is_linear(layer)
    return str(after.name) if after is not None and normalized else name


def activation_after(model: keras.Model, name: str) -> Any:
    """Return the activation that follows layer `name`: its own, that of what takes it, or the linear one."""
    layer, after = model.get_layer(name), _layer_after(model, name)
    if not is_linear(layer):
        return layer.activation
    return after if isinstance(after, ELEMENTWISE) else keras.activations.linear


def is_linear(layer: keras.Layer) -> bool:
    """Return whether a layer has no activation function of its own."""
    return getattr(layer, "activation", keras.activations.linear) is keras.activations.linear


def _layer_after(model: keras.Model, name: str) -> keras.Layer | None:
    """Return the only layer that takes the output of layer `name`; None if there is none, or more than one."""
    sources = sources_of(model)
    after = [layer for layer in layers_of(model) if name in sources[layer.name]]
    return after[0] if len(after) == 1 else None


def strongest_places(model: keras.Model, name: str, images: Array, n: int) -> Places:
    """Return the `n` strongest places of each channel of layer `name` in `images` (count, height, width, 1)."""
    part = before_activation(model, name)
    height, width, channels = part.output.shape[1:]
    peaks, spots = [], []
    for start in range(0, len(images), BATCH):
        maps = np.asarray(part(images[start : start + BATCH], training=False)).reshape(-1, height * width, channels)
        spots.append(maps.argmax(axis=1))
        peaks.append(np.take_along_axis(maps, spots[-1][:, None], axis=1)[:, 0])
    values, where = np.concatenate(peaks).T, np.concatenate(spots).T
    numbers = np.argsort(-values, axis=1, kind="stable")[:, :n]
    rows, columns = np.divmod(np.take_along_axis(where, numbers, axis=1), width)
    return Places(numbers, rows, columns, np.take_along_axis(values, numbers, axis=1))


def cut_patches(images: Array, places: Places, field: Field, across: Field) -> Array:
    """Return what each place sees, uint8 (channels, n, size, size); pixels outside the image are background.

    field, across: the layer's receptive field along rows and along columns.
    """
    rows = (places.rows * field.jump + field.start)[..., None, None] + np.arange(field.size)[:, None]
    columns = (places.columns * across.jump + across.start)[..., None, None] + np.arange(across.size)
    height, width = images.shape[1:3]
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    numbers = places.numbers[..., None, None]
    cut: Array = images[numbers, rows.clip(0, height - 1), columns.clip(0, width - 1)] * inside
    return cut


def resemblance(patches: Array) -> Array:
    """Return each channel's mean correlation between its patches, -1 to 1 (channels,); a blank patch counts as 0."""
    flat = _standardized(patches.reshape(*patches.shape[:2], -1))
    n = patches.shape[1]
    alike = flat @ flat.transpose(0, 2, 1)
    # The trace is each patch's correlation with itself, which says nothing.
    paired: Array = (alike.sum(axis=(1, 2)) - np.trace(alike, axis1=1, axis2=2)) / (n * (n - 1))
    return paired


def choose_channels(patches: Array, values: Array, count: int) -> Array:
    """Return `count` channel numbers by RULE, best first; if there are too few, those left out by RULE follow.

    values: the channels' values for `patches`, before the activation function (channels, n).
    """
    means = _standardized(patches.mean(axis=1).reshape(len(patches), -1))
    answering = values.min(axis=1) > 0
    # -2 is below any correlation: channels with a patch that does not activate them come last.
    order = np.argsort(-np.where(answering, resemblance(patches), -2), kind="stable")
    taken: list[int] = []
    for channel in order:
        if all(means[channel] @ means[other] <= ALIKE for other in taken):
            taken.append(int(channel))
    rest = [int(channel) for channel in order if channel not in taken]
    return np.array((taken + rest)[:count])


def _standardized(rows: Array) -> Array:
    """Return `rows` (…, length) with mean 0 and norm 1; a constant row becomes zero."""
    centered = rows.astype(np.float64) - rows.mean(axis=-1, keepdims=True)
    length = np.linalg.norm(centered, axis=-1, keepdims=True)
    unit: Array = np.divide(centered, length, out=np.zeros_like(centered), where=length > 0)
    return unit


def top_patches(
    model: keras.Model,
    name: str,
    images: Array,
    labels: Array,
    *,
    channels: int = 16,
    n: int = 12,
    white: float = 1,
) -> dict[str, Any]:
    """Return the `n` strongest patches of `channels` channels of layer `name`, chosen by RULE.

    images, labels: uint8 (count, height, width) and the class of each. white: the model's value for a pixel of 255.

    Returned arrays, channels in the order of RULE: patches uint8 (channels, n, size, size), activations (channels, n),
    boxes (channels, n, 2): row and column of the patch's top left pixel, images (channels, n, height, width),
    image_numbers and labels (channels, n), mean (channels, size, size) and classes (channels, classes): mean patch and
    class counts of the 100 strongest.
    """
    field, across = (next(one for one in receptive_fields(model, axis) if one.layer == name) for axis in (0, 1))
    answering = answering_layer(model, name)
    inputs = images[..., None].astype(np.float32) / 255 * np.float32(white)
    places = strongest_places(model, answering, inputs, min(100, len(images)))
    patches = cut_patches(images, places.at(np.s_[:, :n]), field, across)
    chosen = choose_channels(patches, places.values[:, :n], channels)
    numbers = places.numbers[chosen]
    counts = [np.bincount(labels[row], minlength=int(labels.max()) + 1) for row in numbers]
    corners = np.stack([places.rows * field.jump + field.start, places.columns * across.jump + across.start], axis=-1)
    return {
        "receptive_field": field.size,
        "jump": field.jump,
        "rule": RULE,
        "searched": len(images),
        "channels": chosen,
        "resemblance": resemblance(patches)[chosen],
        "patches": patches[chosen],
        "activations": np.asarray(activation_after(model, answering)(places.values[chosen, :n])),
        "boxes": corners[chosen, :n],
        "image_numbers": numbers[:, :n],
        "images": images[numbers[:, :n]],
        "labels": labels[numbers[:, :n]],
        "mean": cut_patches(images, places.at(chosen), field, across).mean(axis=1),
        "classes": np.stack(counts),
    }
