"""Computes what a layer costs, its parameters and multiplications, each with the formula written out."""

import math
from collections.abc import Sequence
from typing import Any

import keras


def cost_of(layer: keras.Layer) -> dict[str, Any]:
    """Return a layer's parameters and macs (multiply-accumulate operations for one image), formula and macs_formula.

    Layers without weights count as free, except Multiply, which multiplies its inputs value by value. So do the
    multiplications of layers that only scale by their weights, except BatchNormalization, which multiplies once for
    each value.
    """
    shapes = [weight.shape for weight in layer.get_weights()]
    if type(layer).__name__ == "Multiply":
        return _products(layer)
    if not shapes:
        return {"parameters": 0, "macs": 0, "formula": "0", "macs_formula": "0"}
    kind, places = type(layer).__name__, layer.output.shape[1:-1]
    bias = " + 1" if getattr(layer, "use_bias", False) else ""
    if kind == "SeparableConv2D":
        return _separable(layer, shapes, bias)
    if kind == "DepthwiseConv2D":
        *window, channels, multiplier = shapes[0]
        return _full(layer, window, channels * multiplier, bias)
    if hasattr(layer, "kernel"):
        return _full(layer, shapes[0][:-1], shapes[0][-1], bias)
    parameters, values = layer.count_params(), (*places, layer.output.shape[-1])
    macs = math.prod(values) if kind == "BatchNormalization" else 0
    return {
        "parameters": parameters,
        "macs": macs,
        "formula": f"{' + '.join(times(shape) for shape in shapes)} = {parameters:,}",
        "macs_formula": f"{times(values)} = {macs:,}" if macs else "0",
    }


def _full(layer: keras.Layer, taken: Sequence[int], channels: int, bias: str) -> dict[str, Any]:
    """Return the cost of a layer whose every output combines `taken` (a shape of) values, at each of its places."""
    places, parameters = layer.output.shape[1:-1], layer.count_params()
    macs = math.prod(places) * math.prod(taken) * channels
    return {
        "parameters": parameters,
        "macs": macs,
        "formula": f"({times(taken)}{bias}) · {channels:,} = {parameters:,}",
        "macs_formula": f"{times((*places, *taken, channels))} = {macs:,}",
    }


def _products(layer: keras.Layer) -> dict[str, Any]:
    """Return the cost of multiplying several maps: one multiplication a value for each input but the first."""
    values, more = layer.output.shape[1:], len(layer.input) - 1
    factors = (more, *values) if more > 1 else values
    macs = math.prod(factors)
    return {"parameters": 0, "macs": macs, "formula": "0", "macs_formula": f"{times(factors)} = {macs:,}"}


def _separable(layer: keras.Layer, shapes: Sequence[tuple[int, ...]], bias: str) -> dict[str, Any]:
    """Return the cost of a convolution in two steps: within each channel, then across channels."""
    depthwise, (_, _, between, channels) = shapes[0], shapes[1]
    places, parameters = layer.output.shape[1:-1], layer.count_params()
    macs = math.prod(places) * (math.prod(depthwise) + between * channels)
    return {
        "parameters": parameters,
        "macs": macs,
        "formula": f"{times(depthwise)} + ({between:,}{bias}) · {channels:,} = {parameters:,}",
        "macs_formula": f"{times(places)} · ({times(depthwise)} + {between:,} · {channels:,}) = {macs:,}",
    }


def times(numbers: Sequence[int]) -> str:
    """Return a product as text.

    >>> times((3, 3, 1024))
    '3 · 3 · 1,024'
    """
    return " · ".join(f"{number:,}" for number in numbers)
