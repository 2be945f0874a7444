"""What is inside a network: its sizes and costs, what its layers answer, and what makes a channel answer most.

Works on any `keras.Sequential` of Conv2D, pooling, Flatten and Dense layers; every number is read from the model.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
BATCH = 250  # images at once: the maps of a layer then stay below 25 MB


def layer_facts(model: keras.Sequential) -> list[dict[str, Any]]:
    """Return one mapping a layer: name, kind, input_shape, output_shape, parameters, macs and how they are counted.

    Convolutions also say filters, kernel_size, strides, padding, activation; pooling layers kernel_size, strides,
    padding; dense layers units, activation. Both also say receptive_field and jump in pixels of the image.
    Shapes leave out the batch. macs: multiplications with a sum, for one image.
    """
    fields = {field.layer: field for field in receptive_fields(model)}
    return [_facts_of(layer, fields.get(layer.name)) for layer in model.layers]


@dataclass(frozen=True, slots=True)
class Field:
    """How much of the image one value of a layer depends on, in pixels along one axis."""

    layer: str
    size: int  # how many pixels the value can see
    jump: int  # how far apart two neighbors look
    start: int  # where the first value's view starts; below zero where padding is in it


def receptive_fields(model: keras.Sequential) -> list[Field]:
    """Return the receptive field of each convolution and pooling layer, in order (square windows, no dilation)."""
    fields: list[Field] = []
    size, jump, start = 1, 1, 0
    for layer in model.layers:
        if (window := _window(layer)) is None:
            continue
        kernel_size, strides = window
        size, start = size + (kernel_size - 1) * jump, start - _padding_before(layer, kernel_size, strides) * jump
        jump *= strides
        fields.append(Field(layer.name, size, jump, start))
    return fields


def _window(layer: keras.Layer) -> tuple[int, int] | None:
    size = getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", None)
    return (size[0], layer.strides[0]) if size else None


def _padding_before(layer: keras.Layer, kernel_size: int, strides: int) -> int:
    if layer.padding == "valid":
        return 0
    height, places = layer.input.shape[1], layer.output.shape[1]
    return int(max(0, (places - 1) * strides + kernel_size - height) // 2)


def _facts_of(layer: keras.Layer, field: Field | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"name": layer.name, "kind": type(layer).__name__}
    facts |= {key: getattr(layer, key) for key in ("filters", "units") if hasattr(layer, key)}
    if window := _window(layer):
        facts |= {"kernel_size": window[0], "strides": window[1], "padding": layer.padding}
    if hasattr(layer, "activation"):
        facts["activation"] = layer.activation.__name__
    facts |= {"input_shape": list(layer.input.shape[1:]), "output_shape": list(layer.output.shape[1:])}
    if field:
        facts |= {"receptive_field": field.size, "jump": field.jump}
    return facts | _cost(layer)


def _cost(layer: keras.Layer) -> dict[str, Any]:
    """Return parameters and macs of a layer, each with its formula as a lecturer would write it on the board."""
    weights = layer.get_weights()
    if not weights:
        return {"parameters": 0, "macs": 0, "formula": "0", "macs_formula": "0"}
    kernel, outputs = weights[0].shape, int(np.prod(layer.output.shape[1:]))
    taken, places = int(np.prod(kernel[:-1])), outputs // kernel[-1]
    terms = " · ".join(f"{size:,}" for size in kernel[:-1])
    grid = "".join(f"{size:,} · " for size in layer.output.shape[1:-1])
    parameters, macs = layer.count_params(), places * taken * kernel[-1]
    bias = " + 1" if layer.use_bias else ""
    return {
        "parameters": parameters,
        "macs": macs,
        "formula": f"({terms}{bias}) · {kernel[-1]:,} = {parameters:,}",
        "macs_formula": f"{grid}{terms} · {kernel[-1]:,} = {macs:,}",
    }


def activations(model: keras.Sequential, image: Array) -> dict[str, Array]:
    """Return what each layer makes of one image (height, width, 1), float32, by layer name; `input` is the image."""
    outputs = keras.Model(model.inputs[0], [layer.output for layer in model.layers])(image[None], training=False)
    return {"input": image[..., 0]} | {
        layer.name: np.asarray(output)[0] for layer, output in zip(model.layers, outputs, strict=True)
    }


def before_activation(model: keras.Sequential, name: str) -> keras.Model:
    """Return the network up to layer `name`, that layer without its activation function."""
    layer = model.get_layer(name)
    linear = type(layer).from_config(layer.get_config() | {"activation": "linear"})
    part = keras.Model(model.inputs[0], linear(layer.input))
    linear.set_weights(layer.get_weights())
    return part


def silence(model: keras.Sequential, images: Array) -> dict[str, dict[str, float]]:
    """Return for each layer with maps: the share of zeros in its output, and how many channels never answer at all."""
    mapping = [layer for layer in model.layers if len(layer.output.shape) == 4]
    part = keras.Model(model.inputs[0], [layer.output for layer in mapping])
    zeros = [0.0] * len(mapping)
    peaks: list[Array] = [np.zeros(layer.output.shape[-1]) for layer in mapping]
    for start in range(0, len(images), BATCH):
        batch = images[start : start + BATCH]
        for place, maps in enumerate(part(batch, training=False)):
            values = np.asarray(maps)
            zeros[place] += float((values == 0).mean()) * len(batch) / len(images)
            peaks[place] = np.maximum(peaks[place], values.max(axis=(0, 1, 2)))
    return {
        layer.name: {"zeros": share, "silent_channels": int((peak == 0).sum()), "channels": len(peak)}
        for layer, share, peak in zip(mapping, zeros, peaks, strict=True)
    }


def influence(model: keras.Sequential, images: Array) -> Array:
    """Return how far a score moves at most when one pixel is set to white, float32 (height, width).

    Scores are the last layer's values before softmax. Exactly zero means that the network cannot see the pixel at all.
    """
    scores = before_activation(model, model.layers[-1].name)
    height, width = images.shape[1:3]
    effect = np.zeros((height, width), np.float32)
    # Each image keeps its place in a batch of one size: elsewhere, sums may be taken in another order.
    usual = np.repeat(images[None], width, axis=0)
    before = np.asarray(scores(usual.reshape(-1, *images.shape[1:]), training=False))
    for row in range(height):
        white = usual.copy()
        white[np.arange(width), :, row, np.arange(width)] = 1
        after = np.asarray(scores(white.reshape(-1, *images.shape[1:]), training=False))
        effect[row] = np.abs(after - before).reshape(width, -1).max(axis=1)
    return effect


def total(layers: list[dict[str, Any]], what: str) -> int:
    """Return the sum of `what` (parameters or macs) over all layers."""
    return sum(int(layer[what]) for layer in layers)


def describe_network(model: keras.Sequential) -> Mapping[str, Any]:
    """Return the facts every network has: parameters, macs, and its layers one by one."""
    layers = layer_facts(model)
    return {"parameters": total(layers, "parameters"), "macs": total(layers, "macs"), "layers": layers}
