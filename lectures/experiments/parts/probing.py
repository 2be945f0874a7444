"""Examines a network: costs and receptive fields of its layers, outputs, silent channels, the influence of pixels.

Works on any `keras.Sequential` of convolutions, pooling, Flatten, Dense and the layers between them; every number is
read from the model.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers as kinds
from numpy.typing import NDArray

from lectures.experiments.parts.costing import cost_of

Array = NDArray[Any]
BATCH = 250  # images at once: the feature maps of a layer then stay below 25 MB
ACTIVATIONS = (kinds.Activation, kinds.ReLU, kinds.LeakyReLU, kinds.PReLU, kinds.ELU, kinds.Softmax)


def layer_facts(model: keras.Sequential) -> list[dict[str, Any]]:
    """Return a mapping for each layer: name, kind, input_shape, output_shape, parameters, macs and both formulas.

    Convolutions also have filters, kernel_size, strides, padding, activation; pooling layers kernel_size, strides,
    padding; dense layers units, activation. Layers with a window also have receptive_field and jump, in pixels of the
    image. A value that is the same for rows and columns is one number, else [rows, columns]. A dilated window also has
    dilation, and its kernel_size is always a pair, so that it is not mistaken for a window without holes.

    Shapes leave out the batch. macs: multiply-accumulate operations, for one image.
    """
    down, across = ({field.layer: field for field in receptive_fields(model, axis)} for axis in (0, 1))
    return [_facts_of(layer, down.get(layer.name), across.get(layer.name)) for layer in model.layers]


@dataclass(frozen=True, slots=True)
class Field:
    """The receptive field of a layer: which part of the image one value depends on, in pixels along one axis."""

    layer: str
    size: int  # how many pixels the value can see
    jump: int  # distance between the views of two neighbors
    start: int  # where the first value's view starts; below zero if it includes padding


@dataclass(frozen=True, slots=True)
class Window:
    """The window that slides over a layer's input, along rows and columns; dilation: distance between its cells."""

    kernel_size: tuple[int, int]
    strides: tuple[int, int]
    dilation: tuple[int, int]


def receptive_fields(model: keras.Sequential, axis: int = 0) -> list[Field]:
    """Return the receptive field of each convolution and pooling layer, in order, as far as there are feature maps.

    axis: 0 along rows (the same as along columns for square windows on square images), 1 along columns.
    """
    fields: list[Field] = []
    size, jump, start = 1, 1, 0
    for layer in model.layers:
        if not _keeps_maps(layer):
            break
        if (window := window_of(layer)) is None:
            continue
        reach = (window.kernel_size[axis] - 1) * window.dilation[axis] + 1
        # A window adds reach - 1 values of the layer below, and neighbors there are `jump` pixels apart.
        start -= _padding_before(layer, reach, window.strides[axis], axis) * jump
        size, jump = size + (reach - 1) * jump, jump * window.strides[axis]
        fields.append(Field(layer.name, size, jump, start))
    return fields


def _keeps_maps(layer: keras.Layer) -> bool:
    """Return whether a layer gives feature maps whose places correspond to those of its input."""
    moved = isinstance(layer, kinds.Reshape) and layer.input.shape != layer.output.shape
    return len(layer.output.shape) == 4 and not moved and not type(layer).__name__.startswith("Global")


def window_of(layer: keras.Layer) -> Window | None:
    """Return the window of a convolution or pooling layer, None for any other."""
    size = getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", None)
    return Window(_pair(size), _pair(layer.strides), _pair(getattr(layer, "dilation_rate", 1))) if size else None


def _pair(value: Any) -> tuple[int, int]:
    rows, columns = (value, value) if isinstance(value, int) else value
    return int(rows), int(columns)


def _one(rows: int, columns: int) -> int | list[int]:
    """Return the values of both axes: one number if they agree, else a list."""
    return rows if rows == columns else [rows, columns]


def _padding_before(layer: keras.Layer, reach: int, strides: int, axis: int) -> int:
    if layer.padding == "valid":
        return 0
    length, places = layer.input.shape[1 + axis], layer.output.shape[1 + axis]
    return int(max(0, (places - 1) * strides + reach - length) // 2)


def _facts_of(layer: keras.Layer, down: Field | None, across: Field | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"name": layer.name, "kind": type(layer).__name__}
    facts |= {key: getattr(layer, key) for key in ("filters", "units") if hasattr(layer, key)}
    if window := window_of(layer):
        facts |= _facts_of_window(window) | {"padding": layer.padding}
    if hasattr(layer, "activation"):
        facts["activation"] = getattr(layer.activation, "__name__", type(layer.activation).__name__)
    facts |= {"input_shape": list(layer.input.shape[1:]), "output_shape": list(layer.output.shape[1:])}
    if down and across:
        facts |= {"receptive_field": _one(down.size, across.size), "jump": _one(down.jump, across.jump)}
    return facts | cost_of(layer)


def _facts_of_window(window: Window) -> dict[str, Any]:
    facts: dict[str, Any] = {"kernel_size": _one(*window.kernel_size), "strides": _one(*window.strides)}
    if window.dilation != (1, 1):
        facts |= {"kernel_size": list(window.kernel_size), "dilation": _one(*window.dilation)}
    return facts


def activations(model: keras.Sequential, image: Array) -> dict[str, Array]:
    """Return each layer's output for one image (height, width, 1), float32, by layer name; `input` is the image."""
    outputs = _outputs_of(model, model.layers)(image[None])
    return {"input": image[..., 0]} | {
        layer.name: output[0] for layer, output in zip(model.layers, outputs, strict=True)
    }


def _outputs_of(model: keras.Sequential, chosen: Sequence[keras.Layer]) -> Callable[[Array], list[Array]]:
    """Return a function from images to a list of the outputs of `chosen` layers (Keras gives no list for one alone)."""
    part = keras.Model(model.inputs[0], [layer.output for layer in chosen])
    return lambda images: [np.asarray(output) for output in keras.tree.flatten(part(images, training=False))]


def before_activation(model: keras.Sequential, name: str) -> keras.Model:
    """Return the network up to layer `name`, without that layer's activation function if it has one."""
    layer = model.get_layer(name)
    if not hasattr(layer, "activation") or isinstance(layer, ACTIVATIONS):
        return keras.Model(model.inputs[0], layer.input if isinstance(layer, ACTIVATIONS) else layer.output)
    linear = type(layer).from_config(layer.get_config() | {"activation": "linear"})
    part = keras.Model(model.inputs[0], linear(layer.input))
    linear.set_weights(layer.get_weights())
    return part


def silence(model: keras.Sequential, images: Array) -> dict[str, dict[str, float]]:
    """Return for each layer with feature maps the share of zeros, and how many channels never rise above zero."""
    mapped = [layer for layer in model.layers if len(layer.output.shape) == 4]
    if not mapped:
        return {}
    outputs = _outputs_of(model, mapped)
    zeros = [0.0] * len(mapped)
    peaks: list[Array] = [np.zeros(layer.output.shape[-1]) for layer in mapped]
    for start in range(0, len(images), BATCH):
        batch = images[start : start + BATCH]
        for place, values in enumerate(outputs(batch)):
            zeros[place] += float((values == 0).mean()) * len(batch) / len(images)
            peaks[place] = np.maximum(peaks[place], values.max(axis=(0, 1, 2)))
    return {
        layer.name: {"zeros": share, "silent_channels": int((peak == 0).sum()), "channels": len(peak)}
        for layer, share, peak in zip(mapped, zeros, peaks, strict=True)
    }


def influence(model: keras.Sequential, images: Array, white: float = 1) -> Array:
    """Return how far any score moves at most when one pixel is set to `white`, float32 (height, width).

    Scores are the last layer's values before softmax. Exactly zero means that the network cannot see the pixel at all.
    """
    scores = before_activation(model, model.layers[-1].name)
    height, width = images.shape[1:3]
    effect = np.zeros((height, width), np.float32)
    # Compare results only at the same position in a batch of the same size: elsewhere, sums may be taken in another
    # order, and rounding would move scores that should not change at all.
    unchanged = np.repeat(images[None], width, axis=0)
    before = np.asarray(scores(unchanged.reshape(-1, *images.shape[1:]), training=False))
    for row in range(height):
        changed = unchanged.copy()
        changed[np.arange(width), :, row, np.arange(width)] = white
        after = np.asarray(scores(changed.reshape(-1, *images.shape[1:]), training=False))
        effect[row] = np.abs(after - before).reshape(width, -1).max(axis=1)
    return effect


def total(layers: list[dict[str, Any]], cost: str) -> int:
    """Return the sum of `cost` (parameters or macs) over all layers."""
    return sum(int(layer[cost]) for layer in layers)


def describe_network(model: keras.Sequential) -> Mapping[str, Any]:
    """Return the facts that every network has: parameters, macs, and the facts of each layer."""
    layers = layer_facts(model)
    return {"parameters": total(layers, "parameters"), "macs": total(layers, "macs"), "layers": layers}
