"""Receptive fields: what one value of each layer sees, as boxes on a real digit, and how much each pixel really counts.

The boxes are exact: nothing outside can change the value. Where a network branches, a box spans what any path sees.
Inside, pixels do not count equally: the second map, if there is one, shows how far the value moves with each (mean size
of the gradient).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from figures.parts import arithmetic, still
from figures.parts.arithmetic import NEEDED, padding_before, window_span
from figures.parts.graph import read_graph
from figures.parts.seeing import find_views, middle_units, see
from figures.parts.words import Description, join, times
from generator.theme import Theme

Array = NDArray[Any]
MOST = 8  # boxes whose names stand beside the digit


@dataclass(frozen=True, slots=True)
class Box:
    """What the middle unit of `layer` sees: `size` pixels square from (top, left), negative in the padding.

    rows, columns: those of the image that it does see; fewer where the box has holes or reaches beyond the border.
    pixels: how many it sees; where paths meet, not every row in every column.
    """

    layer: str
    size: int
    jump: int
    top: int
    left: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    pixels: int

    @property
    def is_whole(self) -> bool:
        """Whether it sees each of its rows in each of its columns."""
        return self.pixels == len(self.rows) * len(self.columns)

    @property
    def seen(self) -> str:
        """How many rows and columns of pixels it sees, or how many pixels, as text."""
        return times((len(self.rows), len(self.columns))) if self.is_whole else f"{self.pixels:,}"

    @property
    def sees_all(self) -> bool:
        """Whether it sees every pixel of the box."""
        return self.pixels == self.size**2

    @property
    def has_holes(self) -> bool:
        """Whether there are pixels between those that it sees."""
        lines = (self.rows, self.columns)
        return not self.is_whole or any(line[-1] - line[0] >= len(line) for line in lines if line)


@dataclass(frozen=True, slots=True)
class Effect:
    """How much each pixel counts (height, width), and the side of the central square that holds half of it."""

    values: Array
    half: int
    images: int


@dataclass(frozen=True, slots=True)
class ReceptiveFieldTrace:
    """An image (height, width) and one box for each layer, from the smallest on; in a chain each is within the next."""

    image: Array
    boxes: tuple[Box, ...]
    effect: Effect | None


def trace(
    *, layers: Sequence[Mapping[str, Any]], image: ArrayLike, effect: Mapping[str, Any] | None = None
) -> ReceptiveFieldTrace:
    """Return what the middle unit of the last layer with a window sees of `image` (height, width), layer by layer.

    layers: facts as `mnist_convnet.layers`. effect: measured by an experiment, such as `convnet_insight.reach`. Sizes
    follow the recursion size + (k - 1) · jump, jump · stride (Araujo et al. 2019, "Computing Receptive Fields"); where
    paths meet, a box spans those of all. Raises ValueError if something is missing, if image, layers and effect do not
    belong to one network, if there are too many boxes, or paths meet that no box can span.
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
    boxes = find_boxes(windows) if read_graph(layers).is_chain else find_boxes_of_graph(layers)
    if len(boxes) > MOST:
        raise ValueError(
            f"the names of {MOST} boxes fit beside the digit, and there are {len(boxes)}; give a part of the layers, "
            "such as net.layers[:8]"
        )
    return ReceptiveFieldTrace(shown, tuple(boxes), _read(effect, shown.shape))


def _read(effect: Mapping[str, Any] | None, shape: tuple[int, ...]) -> Effect | None:
    if effect is None:
        return None
    missing = [name for name in ("effect", "half", "images") if name not in effect]
    if missing:
        raise ValueError(f"effect has no {missing[0]}; give a measured reach, such as convnet_insight.reach")
    values = np.asarray(effect["effect"], dtype=float)
    if values.shape != shape or not np.isfinite(values).all() or (values < 0).any():
        raise ValueError(f"effect has shape {values.shape}; give numbers from 0 up, one per pixel, {shape}")
    return Effect(values, int(effect["half"]), int(effect["images"]))


def find_boxes(windows: Sequence[Mapping[str, Any]]) -> list[Box]:
    """Return a box for each layer: what its unit of `_middle_units` sees."""
    places = _middle_units(windows)
    boxes: list[Box] = []
    size, jump, top, left = 1, 1, 0, 0  # top, left: where the first unit's receptive field begins
    for number, (layer, (row, column)) in enumerate(zip(windows, places, strict=True)):
        size += (window_span(layer) - 1) * jump
        above, before = padding_before(layer)
        top, left = top - above * jump, left - before * jump
        jump *= arithmetic.read_side(layer, "strides")
        rows, columns = (
            arithmetic.look_through(windows[: number + 1], at, axis)[-1] for axis, at in ((0, row), (1, column))
        )
        corner = row * jump + top, column * jump + left
        pixels = len(rows) * len(columns)
        boxes.append(Box(layer["name"], size, jump, *corner, tuple(rows), tuple(columns), pixels))
    return boxes


def find_boxes_of_graph(layers: Sequence[Mapping[str, Any]]) -> list[Box]:
    """Return a box for each window that the last one, or a merge behind it, stands on: all that lead to its middle."""
    views = find_views(layers)
    last = max(views)
    boxes: list[Box] = []
    for place, (row, column) in middle_units(layers, last).items():
        layer, view = layers[place], views[place]
        if "kernel_size" in layer or place == last:
            corner = row * view.jump + view.top, column * view.jump + view.left
            pixels = see(layers, place, (row, column))
            rows, columns = (tuple(sorted({pixel[axis] for pixel in pixels})) for axis in (0, 1))
            boxes.insert(0, Box(str(layer["name"]), view.size, view.jump, *corner, rows, columns, len(pixels)))
    return sorted(boxes, key=lambda box: box.size)


def _middle_units(windows: Sequence[Mapping[str, Any]]) -> list[tuple[int, ...]]:
    """Return row and column of one unit of each layer: the last one's middle, then the middle of each window below."""
    unit = tuple(places // 2 for places in windows[-1]["output_shape"][:2])
    units = [unit]
    for layer, below in zip(windows[:0:-1], windows[-2::-1], strict=True):
        middle, strides = (window_span(layer) - 1) // 2, arithmetic.read_side(layer, "strides")
        unit = tuple(
            min(max(0, place * strides - pad + middle), places - 1)
            for place, pad, places in zip(unit, padding_before(layer), below["output_shape"][:2], strict=True)
        )
        units.append(unit)
    return units[::-1]


def describe(trace: ReceptiveFieldTrace) -> Description:
    """Return how much each layer sees, and how much of the last box really counts."""
    sizes = ", ".join(_say(box) for box in trace.boxes)
    last = trace.boxes[-1]
    alt = (
        f"A digit of {trace.image.shape[0]} × {trace.image.shape[1]} pixels with "
        f"{'nested ' * _are_nested(trace.boxes)}boxes: what one value of each layer sees. In pixels: {sizes}."
    )
    facts: dict[str, object] = {
        "layers": {box.layer: {"size": box.size, "jump": box.jump, "pixels": box.pixels} for box in trace.boxes}
    }
    if trace.effect:
        half = trace.effect.half
        alt += (
            f" Beside it, how much each pixel moves a value of {last.layer}, mean of {trace.effect.images:,} digits: "
            f"half of all effect lies in the {half} × {half} pixels in the middle of the box."
        )
        facts["half"] = {"size": half, "area": half**2 / last.size**2}
    return Description(alt, (), facts)


def _are_nested(boxes: Sequence[Box]) -> bool:
    """Return whether each box lies within the next; those of two branches may lie side by side."""
    edges = [(box.top, box.left, -box.top - box.size, -box.left - box.size) for box in boxes]
    return all(inner >= outer for one, next_ in pairwise(edges) for inner, outer in zip(one, next_, strict=True))


def _say(box: Box) -> str:
    """Return the size of a box, and how much of it is seen where that is not all."""
    size = f"{box.layer} {box.size} × {box.size}"
    is_cut = any(not line or line[-1] - line[0] + 1 < box.size for line in (box.rows, box.columns))
    why = join(["with holes"] * box.has_holes + ["partly in the padding"] * is_cut)
    return size if box.sees_all else f"{size} ({why}: it sees {box.seen} pixels)"


def draw(trace: ReceptiveFieldTrace, theme: Theme) -> "Figure":
    """Return the digit with its boxes, each named beside it, and on the right how much every pixel counts."""
    return draw_boxes(trace, theme)


TOP, SIDE = 0.5, 4.65
NAMES = 0.35  # from the digit to the names of its boxes


# Drawing: nested boxes on a digit, named at its side, and the map of how much each pixel counts.


def draw_boxes(trace: "ReceptiveFieldTrace", theme: Theme) -> Figure:
    """Return the figure for a slide."""
    figure = still.new_figure(theme, height=TOP + SIDE + (0.72 if trace.effect else 0.15))
    sheet = still.new_sheet(figure)
    left = 0.1 if trace.effect else 2.6
    still.write(sheet, left, 0.34, "what one value can see", color=theme.window, bold=True)
    largest = float(trace.image.max()) or 1.0
    still.draw_image(
        sheet, trace.image, left=left, top=TOP, width=SIDE, theme=theme, largest=largest, color=theme.input
    )
    for box in trace.boxes:
        _draw_box(sheet, trace, box, left, theme)
    for order, box in enumerate(reversed(trace.boxes)):
        _name_box(sheet, trace, box, (left, order), theme)
    if trace.effect:
        _draw_effect(sheet, trace, trace.effect, 12.7 - SIDE, theme)
    return figure


def _pixel(trace: "ReceptiveFieldTrace") -> float:
    """Return how wide one pixel of the image is drawn, in inches."""
    return SIDE / float(trace.image.shape[1])


def _draw_box(sheet: Axes, trace: "ReceptiveFieldTrace", box: "Box", left: float, theme: Theme) -> None:
    place = (box.top, box.left)
    still.draw_place(sheet, place, box.size, left=left, top=TOP, pixel=_pixel(trace), theme=theme)


def _name_box(sheet: Axes, trace: "ReceptiveFieldTrace", box: "Box", where: tuple[float, int], theme: Theme) -> None:
    """Write a box's name beside the digit, with a line to its right edge; the largest on top, so that none cross."""
    left, order = where
    pixel, x = _pixel(trace), left + SIDE + NAMES
    room = SIDE / len(trace.boxes)
    y = TOP + (order + 0.5) * room
    at = (left + (box.left + box.size) * pixel, TOP + (box.top + min(1, box.size / 2)) * pixel)
    still.rule(sheet, [(at, (x - 0.1, y))], color=theme.paper, linewidth=still.BOLD_LINE, alpha=0.7)
    still.rule(sheet, [(at, (x - 0.1, y))], color=theme.window, linewidth=1.0)
    still.boxes(sheet, [(at[0] - 0.035, at[1] - 0.035)], 0.07, facecolor=theme.window)
    still.write(sheet, x, y - 0.02, box.layer, color=theme.ink, bold=True, points=still.HEADING)
    words = f"{f'{box.seen} of ' if box.has_holes else ''}{box.size} × {box.size} pixels"
    still.write(sheet, x, y + 0.26, words, color=theme.muted, points=still.MIN_TEXT)


def _draw_effect(sheet: Axes, trace: "ReceptiveFieldTrace", effect: "Effect", left: float, theme: Theme) -> None:
    """Draw how much each pixel counts, the box that can count, and the square with half of all effect (dashed)."""
    last, pixel = trace.boxes[-1], _pixel(trace)
    title = f"how much each pixel moves {last.layer}"
    still.write(sheet, left, 0.34, title, color=theme.output, bold=True)
    limits = (0.0, float(effect.values.max()) or 1.0)
    still.draw_map(sheet, effect.values, left=left, top=TOP, width=SIDE, theme=theme, limits=limits, color=theme.output)
    x, y = left + last.left * pixel, TOP + last.top * pixel
    whole = (x, y, last.size * pixel, last.size * pixel)
    still.draw_double(sheet, whole, color=theme.window, theme=theme, linewidth=still.LINE)
    inset = (last.size - effect.half) / 2 * pixel
    side = effect.half * pixel
    half = (x + inset, y + inset, side, side)
    width = still.LINE + 0.4
    still.draw_double(sheet, half, color=theme.window, theme=theme, linewidth=width, linestyle=(0, (4, 2)))
    still.draw_scale(sheet, limits, left=left, top=TOP + SIDE + 0.15, width=1.15, theme=theme)
    words = f"dashed: half of all effect, {effect.half} × {effect.half} pixels"
    still.write(sheet, 12.7, TOP + SIDE + 0.32, words, color=theme.ink, points=still.MIN_TEXT, align="right")
    words = f"mean gradient of {effect.images:,} digits"
    still.write(sheet, left - 0.25, TOP + SIDE + 0.32, words, color=theme.muted, points=still.MIN_TEXT, align="right")
