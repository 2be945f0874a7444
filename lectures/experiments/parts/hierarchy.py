"""What one value of a deep layer is made of: the values below that add most to it, down to patches of pixels.

A convolution's value before ReLU is its bias and a sum of weight × value over its window, so each value below has an
exact share. A value that comes through a max pooling comes from one place: the largest in the pooling's window. That
place is followed; all others are counted in `others`.
"""

from dataclasses import asdict, dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from lectures.experiments.parts.probing import activations, before_activation, receptive_fields

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Unit:
    """One value of a convolution: a place (row, column) in the map of a channel."""

    layer: str
    channel: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Part:
    """A value below, and what it adds to the one above: `weight` × `value` = `contribution`."""

    unit: Unit
    weight: float
    value: float
    contribution: float


@dataclass(frozen=True, slots=True)
class Node:
    """A unit in the tree of what it is made of.

    value: before ReLU. bias: the channel's own. contribution: to the node `parent` (its place in the list; -1: none).
    shown: the sum of what the children in the tree contribute; others: of all the rest, so that
    bias + shown + others = value. top, left, size: what the unit sees of the image, in pixels.
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
    model: keras.Sequential, image: Array, *, layer: str = "conv3", fan: int = 3, depth: int = 3
) -> dict[str, Any]:
    """Return the tree below the unit of `layer` that answers `image` (height, width, 1) most.

    fan: how many units are followed at each branch, those that contribute most; depth: levels, the top one included.
    Returned: image uint8 (height, width), nodes (a list of mappings as Node, parents first), terms: how many products
    each sum has, by layer.
    """
    maps, names = activations(model, image), convolutions(model)
    top = strongest_unit(layer, maps[layer])
    todo, nodes = [(Part(top, 0.0, 0.0, 0.0), -1, depth)], []
    while todo:
        part, parent, levels = todo.pop(0)
        parts = [] if levels == 1 or part.unit.layer == names[0] else parts_of(model, maps, part.unit)
        followed = sorted(parts, key=lambda item: -item.contribution)[:fan]
        nodes.append(_node(model, image, part, parent, (parts, followed)))
        todo += [(below, len(nodes) - 1, levels - 1) for below in followed]
    return {
        "image": np.rint(image[..., 0] * 255).astype(np.uint8),
        "nodes": [asdict(node) for node in nodes],
        "terms": {name: int(np.prod(model.get_layer(name).kernel.shape[:3])) for name in names},
    }


def convolutions(model: keras.Sequential) -> list[str]:
    """Return the names of the convolutions, in order."""
    return [layer.name for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]


def strongest_unit(layer: str, maps: Array) -> Unit:
    """Return where the `maps` (height, width, channels) of `layer` are largest."""
    row, column, channel = (int(place) for place in np.unravel_index(maps.argmax(), maps.shape))
    return Unit(layer, channel, row, column)


def parts_of(model: keras.Sequential, maps: dict[str, Array], unit: Unit) -> list[Part]:
    """Return every value that `unit` adds up, as a unit of the convolution below, with what it contributes.

    Raises ValueError where the layers are not convolutions without padding, with a max pooling between them.
    """
    layer = model.get_layer(unit.layer)
    below, pool = _between(model, layer)
    kernel = np.asarray(layer.kernel)[..., unit.channel]
    top, left = unit.row * layer.strides[0], unit.column * layer.strides[1]
    given = maps[pool.name][top : top + kernel.shape[0], left : left + kernel.shape[1]]
    shares = kernel.astype(np.float64) * given
    return [
        Part(
            _source(maps[below], pool, below, (top + i, left + j, channel)),
            float(kernel[i, j, channel]),
            float(given[i, j, channel]),
            float(shares[i, j, channel]),
        )
        for i, j, channel in np.ndindex(*shares.shape)
    ]


def _between(model: keras.Sequential, layer: keras.Layer) -> tuple[str, keras.Layer]:
    """Return the name of the convolution below `layer`, and the pooling between."""
    place = model.layers.index(layer)
    below, pool = model.layers[max(0, place - 2)], model.layers[max(0, place - 1)]
    fits = isinstance(below, keras.layers.Conv2D) and isinstance(pool, keras.layers.MaxPooling2D)
    if not fits or any(part.padding != "valid" for part in (below, pool, layer)):
        raise ValueError(f"{layer.name} cannot be followed; it takes convolution, max pooling, convolution, all valid")
    return str(below.name), pool


def _source(maps: Array, pool: keras.Layer, below: str, place: tuple[int, int, int]) -> Unit:
    """Return the unit of `below` whose value the pooling handed on to `place`, the first of equals."""
    row, column, channel = place
    top, left = row * pool.strides[0], column * pool.strides[1]
    window = maps[top : top + pool.pool_size[0], left : left + pool.pool_size[1], channel]
    down, across = divmod(int(window.argmax()), window.shape[1])
    return Unit(below, channel, top + down, left + across)


def _node(model: keras.Sequential, image: Array, part: Part, parent: int, parts: tuple[list[Part], list[Part]]) -> Node:
    unit = part.unit
    field = next(field for field in receptive_fields(model) if field.layer == unit.layer)
    before = np.asarray(before_activation(model, unit.layer)(image[None], training=False))
    value = float(before[0, unit.row, unit.column, unit.channel])
    bias = float(np.asarray(model.get_layer(unit.layer).bias)[unit.channel])
    everything, followed = ([item.contribution for item in group] for group in parts)
    shown = sum(followed)
    # A leaf is not taken apart: all that it adds up are pixels.
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
