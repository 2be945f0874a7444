"""Traces one value of a deep layer to the values below that contribute most to it, down to patches of pixels.

A convolution's value before ReLU is its bias and a sum of weight × value over its window, so each value below has an
exact share. A value that comes out of max pooling comes from a single place: the largest in the pooling window. Only
that place is followed. The contributions of all values that are not followed are summed in `others`.
"""

from dataclasses import asdict, dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from lectures.experiments.parts.probing import activations, before_activation, layers_of, receptive_fields, sources_of

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Unit:
    """One value of a convolution: a place (row, column) in the feature map of a channel."""

    layer: str
    channel: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Part:
    """A value below a unit, and what it adds to the unit: `weight` × `value` = `contribution`."""

    unit: Unit
    weight: float
    value: float
    contribution: float


@dataclass(frozen=True, slots=True)
class Node:
    """A unit in the tree of contributions.

    value: before ReLU. bias: of the channel. contribution: to the node `parent` (its index in the list; -1: none).
    shown: the sum of the contributions of the node's children in the tree; others: of all the rest, so that bias +
    shown + others = value. top, left, size: the unit's receptive field, in pixels of the image.
    """

    layer: str
    channel: int
    row: int
    column: int
    value: float
    bias: float
    weight: float
    contribution: float
    parent: int
    shown: float
    others: float
    top: int
    left: int
    size: int


def trace_unit(
    model: keras.Model, image: Array, *, layer: str = "conv3", fan: int = 3, depth: int = 3
) -> dict[str, Any]:
    """Return the tree below the unit of `layer` that responds most to `image` (height, width, 1).

    fan: how many units are followed at each branch, largest contributions first. depth: number of levels, including the
    top.

    Returned: image uint8 (height, width), nodes (a list of mappings with the fields of Node, parents first), terms: by
    layer, how many products each sum has.
    """
    maps, names = activations(model, image), convolutions(model)
    top = strongest_unit(layer, maps[layer])
    todo, nodes = [(Part(top, 0.0, 0.0, 0.0), -1, depth)], []
    while todo:
        part, parent, levels = todo.pop(0)  # breadth first, so parents come before children
        parts = [] if levels == 1 or part.unit.layer == names[0] else parts_of(model, maps, part.unit)
        followed = sorted(parts, key=lambda item: -item.contribution)[:fan]
        nodes.append(_node(model, image, part, parent, (parts, followed)))
        todo += [(below, len(nodes) - 1, levels - 1) for below in followed]
    return {
        "image": np.rint(image[..., 0] * 255).astype(np.uint8),
        "nodes": [asdict(node) for node in nodes],
        "terms": {name: int(np.prod(model.get_layer(name).kernel.shape[:3])) for name in names},
    }


def convolutions(model: keras.Model) -> list[str]:
    """Return the names of the convolutions, in order."""
    return [layer.name for layer in layers_of(model) if isinstance(layer, keras.layers.Conv2D)]


def strongest_unit(layer: str, maps: Array) -> Unit:
    """Return the unit of `layer` with the largest value in `maps` (height, width, channels)."""
    row, column, channel = (int(place) for place in np.unravel_index(maps.argmax(), maps.shape))
    return Unit(layer, channel, row, column)


def parts_of(model: keras.Model, maps: dict[str, Array], unit: Unit) -> list[Part]:
    """Return every value that `unit` adds up, as a unit of the convolution below, with its contribution.

    Raises ValueError unless the layers are a convolution, max pooling and a convolution, all without padding.
    """
    layer = model.get_layer(unit.layer)
    below, pool = _between(model, layer)
    kernel = np.asarray(layer.kernel)[..., unit.channel]
    top, left = unit.row * layer.strides[0], unit.column * layer.strides[1]
    values = maps[pool.name][top : top + kernel.shape[0], left : left + kernel.shape[1]]
    shares = kernel.astype(np.float64) * values
    return [
        Part(
            _passed_on(maps[below], pool, below, (top + i, left + j, channel)),
            float(kernel[i, j, channel]),
            float(values[i, j, channel]),
            float(shares[i, j, channel]),
        )
        for i, j, channel in np.ndindex(*shares.shape)
    ]


def _between(model: keras.Model, layer: keras.Layer) -> tuple[str, keras.Layer]:
    """Return the name of the convolution below `layer`, and the pooling layer between them."""
    pool = _source(model, layer)
    below = _source(model, pool)
    fits = isinstance(below, keras.layers.Conv2D) and isinstance(pool, keras.layers.MaxPooling2D)
    if not fits or any(part.padding != "valid" for part in (below, pool, layer)):
        raise ValueError(f"{layer.name} cannot be followed; it takes convolution, max pooling, convolution, all valid")
    return str(below.name), pool


def _source(model: keras.Model, layer: keras.Layer) -> keras.Layer:
    """Return the layer whose output `layer` takes; the layer itself if it takes the image, or several outputs."""
    sources = sources_of(model)[layer.name]
    return model.get_layer(sources[0]) if len(sources) == 1 and sources[0] != "input" else layer


def _passed_on(maps: Array, pool: keras.Layer, below: str, place: tuple[int, int, int]) -> Unit:
    """Return the unit of `below` whose value the pooling passes on to `place`, the first of equals."""
    row, column, channel = place
    top, left = row * pool.strides[0], column * pool.strides[1]
    window = maps[top : top + pool.pool_size[0], left : left + pool.pool_size[1], channel]
    down, across = divmod(int(window.argmax()), window.shape[1])
    return Unit(below, channel, top + down, left + across)


def _node(model: keras.Model, image: Array, part: Part, parent: int, parts: tuple[list[Part], list[Part]]) -> Node:
    unit = part.unit
    field = next(field for field in receptive_fields(model) if field.layer == unit.layer)
    before = np.asarray(before_activation(model, unit.layer)(image[None], training=False))
    value = float(before[0, unit.row, unit.column, unit.channel])
    bias = float(np.asarray(model.get_layer(unit.layer).bias)[unit.channel])
    everything, followed = ([item.contribution for item in group] for group in parts)
    shown = sum(followed)
    # A leaf is not traced further: all but its bias comes from values that are not followed.
    others = sum(everything) - shown if everything else value - bias
    return Node(
        **asdict(unit),
        value=value,
        bias=bias,
        weight=part.weight,
        contribution=part.contribution,
        parent=parent,
        shown=shown,
        others=others,
        size=field.size,
        top=unit.row * field.jump + field.start,
        left=unit.column * field.jump + field.start,
    )
