"""How much of the image one value sees: a box for each layer, on a real digit, and how much each pixel really counts.

The boxes are exact: nothing outside can change the value. Inside, pixels do not count alike; the second map, if there
is one, says how far the value moves with each (mean size of the gradient).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from figures import plates
from figures.description import Description
from generator.theme import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[Any]
NEEDED = ("name", "kernel_size", "strides", "padding", "input_shape", "output_shape")


@dataclass(frozen=True, slots=True)
class Box:
    """What the unit of `layer` in the middle sees: `size` pixels square from (top, left), below zero in the padding."""

    layer: str
    size: int
    jump: int
    top: int
    left: int


@dataclass(frozen=True, slots=True)
class Effect:
    """How much each pixel counts (height, width), and the side of the middle square that has half of it."""

    values: Array
    half: int
    images: int


@dataclass(frozen=True, slots=True)
class ReceptiveFieldTrace:
    """An image (height, width) and the boxes of its layers, the first layer first, each within the next."""

    image: Array
    boxes: tuple[Box, ...]
    effect: Effect | None


def trace(
    *, layers: Sequence[Mapping[str, Any]], image: ArrayLike, effect: Mapping[str, Any] | None = None
) -> ReceptiveFieldTrace:
    """Return what the middle unit of the last layer with a window sees of `image` (height, width), layer by layer.

    layers: facts as `mnist_convnet.layers`. effect: a measured reach, such as `convnet_insight.reach`.
    Sizes follow the recursion size + (k - 1) · jump, jump · stride (Araujo et al. 2019, "Computing Receptive Fields").
    Raises ValueError where something is lacking, or image, layers and effect are not of one network.
    """
    shown = np.asarray(image, dtype=float).squeeze()
    windows = [layer for layer in layers if "kernel_size" in layer]
    if not windows:
        raise ValueError("no layer has a window; give the layers of a convnet, such as mnist_convnet.layers")
    for layer in windows:
        missing = [name for name in NEEDED if name not in layer]
        if missing:
            raise ValueError(f"a layer has no {missing[0]}; give the layers of a convnet, such as mnist_convnet.layers")
    if shown.shape != tuple(windows[0]["input_shape"][:2]):
        raise ValueError(f"image has shape {shown.shape}; the network takes {tuple(windows[0]['input_shape'][:2])}")
    return ReceptiveFieldTrace(shown, tuple(find_boxes(windows)), _read(effect, shown.shape))


def _read(effect: Mapping[str, Any] | None, shape: tuple[int, ...]) -> Effect | None:
    if effect is None:
        return None
    missing = [name for name in ("effect", "half", "images") if name not in effect]
    if missing:
        raise ValueError(f"effect has no {missing[0]}; give a measured reach, such as convnet_insight.reach")
    values = np.asarray(effect["effect"], dtype=float)
    if values.shape != shape or not np.isfinite(values).all() or (values < 0).any():
        raise ValueError(f"effect has shape {values.shape}; give numbers from 0 up, one a pixel, {shape}")
    return Effect(values, int(effect["half"]), int(effect["images"]))


def find_boxes(windows: Sequence[Mapping[str, Any]]) -> list[Box]:
    """Return a box a layer: what the middle unit of the last sees, and what the unit in the middle of that sees."""
    places = _middle_units(windows)
    boxes: list[Box] = []
    size, jump, top, left = 1, 1, 0, 0  # top, left: where the first unit's view begins
    for layer, (row, column) in zip(windows, places, strict=True):
        size += (reach_of(layer) - 1) * jump
        above, before = padding_before(layer)
        top, left = top - above * jump, left - before * jump
        jump *= plates.read_side(layer, "strides")
        boxes.append(Box(layer["name"], size, jump, row * jump + top, column * jump + left))
    return boxes


def _middle_units(windows: Sequence[Mapping[str, Any]]) -> list[tuple[int, ...]]:
    """Return the row and column of a unit a layer: of the last the middle one, below it the middle of its window."""
    unit = tuple(places // 2 for places in windows[-1]["output_shape"][:2])
    units = [unit]
    for layer, below in zip(windows[:0:-1], windows[-2::-1], strict=True):
        middle, strides = (reach_of(layer) - 1) // 2, plates.read_side(layer, "strides")
        unit = tuple(
            min(max(0, place * strides - pad + middle), places - 1)
            for place, pad, places in zip(unit, padding_before(layer), below["output_shape"][:2], strict=True)
        )
        units.append(unit)
    return units[::-1]


def reach_of(layer: Mapping[str, Any]) -> int:
    """Return how many rows a window spans, the holes of a dilated one included."""
    return (plates.read_side(layer, "kernel_size") - 1) * plates.read_side(layer, "dilation") + 1


def padding_before(layer: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many rows and columns of padding come before the image: TensorFlow puts the odd one after."""
    if layer["padding"] == "valid":
        return 0, 0
    before = [
        max(0, (places - 1) * plates.read_side(layer, "strides") + reach_of(layer) - size) // 2
        for size, places in zip(layer["input_shape"][:2], layer["output_shape"][:2], strict=True)
    ]
    return before[0], before[1]


def describe(trace: ReceptiveFieldTrace) -> Description:
    """Return how much each layer sees, and how much of the last box really counts."""
    sizes = ", ".join(f"{box.layer} {box.size} × {box.size}" for box in trace.boxes)
    last = trace.boxes[-1]
    alt = (
        f"A digit of {trace.image.shape[0]} × {trace.image.shape[1]} pixels with nested boxes: what one value of each "
        f"layer sees. In pixels: {sizes}."
    )
    facts: dict[str, object] = {"layers": {box.layer: {"size": box.size, "jump": box.jump} for box in trace.boxes}}
    if trace.effect:
        half = trace.effect.half
        alt += (
            f" Beside it, how much each pixel moves a value of {last.layer}, mean of {trace.effect.images:,} digits: "
            f"half of all effect lies in the {half} × {half} pixels in the middle of the box."
        )
        facts["half"] = {"size": half, "area": half**2 / last.size**2}
    return Description(alt, (), facts)


def draw(trace: ReceptiveFieldTrace, theme: Theme) -> "Figure":
    """Return the digit with its boxes, each named beside it, and the effect of every pixel at the right."""
    from figures import nested_boxes

    return nested_boxes.draw_boxes(trace, theme)
