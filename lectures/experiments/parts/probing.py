"""Examines a network: costs and receptive fields of its layers, outputs, silent channels, the influence of pixels.

Works on any `keras.Sequential`, and any `keras.Model` whose layers are a graph and called once each, of convolutions,
pooling, Flatten, Dense, the layers between them, and those that merge (Add, Concatenate …); every number is read from
the model.
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


def layer_facts(model: keras.Model) -> list[dict[str, Any]]:
    """Return a mapping for each layer: name, kind, inputs, input_shape, output_shape, parameters, macs, both formulas.

    Each layer stands behind those whose outputs it takes. inputs: their names; `input` is the image. A layer that takes
    several also has input_shapes, and its input_shape is the first of them.

    Convolutions also have filters, kernel_size, strides, padding, activation; pooling layers kernel_size, strides,
    padding; dense layers units, activation. Layers with a window also have receptive_field and jump, in pixels of the
    image. A value that is the same for rows and columns is one number, else [rows, columns]. A dilated window also has
    dilation, and its kernel_size is always a pair, so that it is not mistaken for a window without holes.

    Shapes leave out the batch. macs: multiply-accumulate operations, for one image.
    """
    down, across = ({field.layer: field for field in receptive_fields(model, axis)} for axis in (0, 1))
    sources = sources_of(model)
    return [
        _facts_of(layer, sources[layer.name], down.get(layer.name), across.get(layer.name))
        for layer in layers_of(model)
    ]


def layers_of(model: keras.Model) -> list[keras.Layer]:
    """Return the layers of a network, each behind those whose outputs it takes, without input layers."""
    return [layer for layer in model.layers if not isinstance(layer, kinds.InputLayer)]


def sources_of(model: keras.Model) -> dict[str, tuple[str, ...]]:
    """Return for each layer the names of those whose outputs it takes; the only image of a network is `input`."""
    layers = layers_of(model)
    if isinstance(model, keras.Sequential):
        before = ["input", *(layer.name for layer in layers)]
        return {layer.name: (source,) for source, layer in zip(before, layers, strict=False)}
    names = {id(layer.output): layer.name for layer in layers}
    names |= {id(tensor): "input" if len(model.inputs) == 1 else tensor.name for tensor in model.inputs}
    return {layer.name: tuple(names[id(tensor)] for tensor in inputs_of(layer)) for layer in layers}


def inputs_of(layer: keras.Layer) -> list[keras.KerasTensor]:
    """Return the tensors that a layer takes."""
    return list(keras.tree.flatten(layer.input))


def output_layers(model: keras.Model) -> list[keras.Layer]:
    """Return the layers that give the network's outputs."""
    layers = layers_of(model)
    if isinstance(model, keras.Sequential):
        return layers[-1:]
    return [next(layer for layer in layers if layer.output is tensor) for tensor in model.outputs]


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


def receptive_fields(model: keras.Model, axis: int = 0) -> list[Field]:
    """Return the receptive field of each layer with a window, or with several inputs, as far as there are feature maps.

    Of several paths to a layer, the field spans all that any of them sees. A layer has none if its paths have different
    jumps, or if one of them leads through a layer that loses places; so has all that stands on it, and all layers of a
    network with several images. axis: 0 along rows (the same as along columns for square windows on square images), 1
    along columns.
    """
    sources = sources_of(model)
    found: dict[str, Field | None] = {"input": Field("input", 1, 1, 0)}
    for layer in layers_of(model):
        below = [found.get(source) for source in sources[layer.name]]
        found[layer.name] = _field_of(layer, [field for field in below if field], len(below), axis)
    shown = (layer.name for layer in layers_of(model) if window_of(layer) or len(sources[layer.name]) > 1)
    return [field for name in shown if (field := found[name])]


def _field_of(layer: keras.Layer, below: Sequence[Field], inputs: int, axis: int) -> Field | None:
    """Return a layer's receptive field from the fields `below` of its `inputs`; None if it has none."""
    if not _keeps_maps(layer) or len(below) < inputs or len({field.jump for field in below}) > 1:
        return None
    start, end = min(field.start for field in below), max(field.start + field.size for field in below)
    size, jump = end - start, below[0].jump
    if (window := window_of(layer)) is None:
        return Field(layer.name, size, jump, start)
    reach = (window.kernel_size[axis] - 1) * window.dilation[axis] + 1
    # A window adds reach - 1 values of the layer below, and neighbors there are `jump` pixels apart.
    start -= _padding_before(layer, reach, window.strides[axis], axis) * jump
    return Field(layer.name, size + (reach - 1) * jump, jump * window.strides[axis], start)


def _keeps_maps(layer: keras.Layer) -> bool:
    """Return whether a layer gives feature maps whose places correspond to those of its input."""
    if len(layer.output.shape) != 4 or type(layer).__name__.startswith("Global"):
        return False
    # Without a window, sizes stay where values keep their places; but Multiply may also spread one value over a map.
    sizes = {tensor.shape[1:3] for tensor in inputs_of(layer)} | {layer.output.shape[1:3]}
    moved = isinstance(layer, kinds.Reshape) and layer.input.shape != layer.output.shape
    return not moved and (window_of(layer) is not None or len(sizes) == 1)


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


def _facts_of(layer: keras.Layer, sources: tuple[str, ...], down: Field | None, across: Field | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"name": layer.name, "kind": type(layer).__name__, "inputs": list(sources)}
    facts |= {key: getattr(layer, key) for key in ("filters", "units") if hasattr(layer, key)}
    if window := window_of(layer):
        facts |= _facts_of_window(window) | {"padding": layer.padding}
    if hasattr(layer, "activation"):
        facts["activation"] = getattr(layer.activation, "__name__", type(layer.activation).__name__)
    shapes = [list(tensor.shape[1:]) for tensor in inputs_of(layer)]
    facts |= {"input_shape": shapes[0], "output_shape": list(layer.output.shape[1:])}
    facts |= {"input_shapes": shapes} if len(shapes) > 1 else {}
    if down and across:
        facts |= {"receptive_field": _one(down.size, across.size), "jump": _one(down.jump, across.jump)}
    return facts | cost_of(layer)


def _facts_of_window(window: Window) -> dict[str, Any]:
    facts: dict[str, Any] = {"kernel_size": _one(*window.kernel_size), "strides": _one(*window.strides)}
    if window.dilation != (1, 1):
        facts |= {"kernel_size": list(window.kernel_size), "dilation": _one(*window.dilation)}
    return facts


def activations(model: keras.Model, image: Array) -> dict[str, Array]:
    """Return each layer's output for one image (height, width, 1), float32, by layer name; `input` is the image."""
    layers = layers_of(model)
    outputs = _outputs_of(model, layers)(image[None])
    return {"input": image[..., 0]} | {layer.name: output[0] for layer, output in zip(layers, outputs, strict=True)}


def _outputs_of(model: keras.Model, chosen: Sequence[keras.Layer]) -> Callable[[Array], list[Array]]:
    """Return a function from images to a list of the outputs of `chosen` layers (Keras gives no list for one alone)."""
    part = keras.Model(model.inputs[0], [layer.output for layer in chosen])
    return lambda images: [np.asarray(output) for output in keras.tree.flatten(part(images, training=False))]


def before_activation(model: keras.Model, name: str) -> keras.Model:
    """Return the network up to layer `name`, without that layer's activation function if it has one."""
    layer = model.get_layer(name)
    if not hasattr(layer, "activation") or isinstance(layer, ACTIVATIONS):
        return keras.Model(model.inputs[0], layer.input if isinstance(layer, ACTIVATIONS) else layer.output)
    linear = type(layer).from_config(layer.get_config() | {"activation": "linear"})
    part = keras.Model(model.inputs[0], linear(layer.input))
    linear.set_weights(layer.get_weights())
    return part


def silence(model: keras.Model, images: Array) -> dict[str, dict[str, float]]:
    """Return for each layer with feature maps the share of zeros, and how many channels never rise above zero."""
    mapped = [layer for layer in layers_of(model) if len(layer.output.shape) == 4]
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


def influence(model: keras.Model, images: Array, white: float = 1) -> Array:
    """Return how far any score moves at most when one pixel is set to `white`, float32 (height, width).

    Scores are the values of the last layer, or of all that give outputs, before softmax. Exactly zero means that the
    network cannot see the pixel at all.
    """
    scores = _scores_of(model)
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


def _scores_of(model: keras.Model) -> keras.Model:
    """Return the network without the activation functions of its output layers; several outputs as one vector."""
    parts = [before_activation(model, layer.name) for layer in output_layers(model)]
    if len(parts) == 1:
        return parts[0]
    outputs = [kinds.Flatten()(part(model.inputs[0])) for part in parts]
    return keras.Model(model.inputs[0], kinds.Concatenate()(outputs))


def total(layers: list[dict[str, Any]], cost: str) -> int:
    """Return the sum of `cost` (parameters or macs) over all layers."""
    return sum(int(layer[cost]) for layer in layers)


def describe_network(model: keras.Model) -> Mapping[str, Any]:
    """Return the facts that every network has: parameters, macs, and the facts of each layer."""
    layers = layer_facts(model)
    return {"parameters": total(layers, "parameters"), "macs": total(layers, "macs"), "layers": layers}
