"""The kernels a layer has learned, each above the map it makes of one image: alone, 3 × 3 numbers say little."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from figures.parts.directions import name_answer
from figures.parts.words import Description, join, write_fixed
from generator.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


Array = NDArray[Any]
ANSWERS = {
    "ink": "ink everywhere",
    "upper": "an upper edge of ink",
    "lower": "a lower edge",
    "left": "a left edge",
    "right": "a right edge",
}


@dataclass(frozen=True, slots=True)
class KernelsTrace:
    """Kernels (shown, height, width) with their channel numbers, and the maps (height, width, shown) they make, if any.

    limits, map_limits: the color scales of kernels and of maps, over all `total` of the layer.
    """

    kernels: Array
    channels: tuple[int, ...]
    maps: Array | None
    limits: tuple[float, float]
    map_limits: tuple[float, float]
    total: int


def trace(*, kernels: ArrayLike, maps: ArrayLike | None = None, count: int = 16) -> KernelsTrace:
    """Return the `count` kernels of `kernels` (n, height, width) whose maps have the most contrast, in channel order.

    maps: what they make of one image (height, width, n); without it, the kernels with the largest weights are taken.
    Contrast is the standard deviation. Raises ValueError if shapes do not match, or there are fewer kernels than
    `count`.
    """
    weights = np.asarray(kernels, dtype=float)
    if weights.ndim != 3 or not weights.size:
        raise ValueError(f"kernels has shape {weights.shape}; give (n, height, width), as mnist_convnet.conv1.kernels")
    if not 1 <= count <= len(weights):
        raise ValueError(f"count is {count}; there are {len(weights)} kernels")
    made = None if maps is None else np.asarray(maps, dtype=float)
    if made is not None and (made.ndim != 3 or made.shape[2] != len(weights)):
        raise ValueError(f"maps has shape {made.shape}; give (height, width, {len(weights)}), one map per kernel")
    strength = np.abs(weights).sum(axis=(1, 2)) if made is None else made.std(axis=(0, 1))
    chosen = np.sort(np.argsort(-strength, kind="stable")[:count])
    reach = float(np.abs(weights).max()) or 1.0
    return KernelsTrace(
        kernels=weights[chosen],
        channels=tuple(int(channel) for channel in chosen),
        maps=None if made is None else made[..., chosen],
        limits=(-reach, reach),
        map_limits=_limits(made),
        total=len(weights),
    )


def _limits(maps: Array | None) -> tuple[float, float]:
    if maps is None:
        return 0.0, 1.0
    low, high = float(maps.min()), float(maps.max())
    reach = max(-low, high) or 1.0
    return (-reach if low < 0 else 0.0), reach


def describe(trace: KernelsTrace) -> Description:
    """Return how many kernels are shown, the range of their weights, and which drawn pattern each answers to most."""
    shown, height, width = trace.kernels.shape
    answers = [name_answer(kernel) for kernel in trace.kernels]
    beneath = "" if trace.maps is None else " Beneath each is the map it makes of one image."
    alt = (
        f"{shown} of {trace.total} kernels, {height} × {width} weights each, from "
        f"{write_fixed(trace.kernels.min())} to {write_fixed(trace.kernels.max())}, negative weights marked "
        f"with a dash.{beneath} {_say_answers(answers)}"
    )
    facts = {"shown": list(trace.channels), "total": trace.total, "largest_weight": trace.limits[1]}
    facts |= {"answers": answers, "edges": {name or "none": answers.count(name) for name in (*ANSWERS, "")}}
    return Description(alt, (), facts)


def _say_answers(answers: list[str]) -> str:
    """Return how many kernels answer most to each drawn pattern, and how many to none of them."""
    counts = [(answers.count(name), words) for name, words in ANSWERS.items() if name in answers]
    rest = [f"{answers.count('')} to none of these"] if "" in answers else []
    return f"Strongest response: {join([*(f'{count} to {words}' for count, words in counts), *rest])}."


def draw(trace: KernelsTrace, theme: Theme) -> "Figure":
    """Return kernels in rows of up to eight, each above its map; one color scale for kernels and one for maps."""
    from figures.parts import still

    shown = len(trace.channels)
    rows = -(-shown // 8)
    columns = -(-shown // rows)
    tall = 1 if trace.maps is None else 2
    step = 12.7 / columns
    tile = min(step - 0.2, (5.05 / rows - 0.3 - 0.06 * tall) / tall, 1.9)
    row_height = 0.3 + tall * (tile + 0.06)
    figure = still.new_figure(theme, height=rows * row_height + 0.75)
    sheet = still.new_sheet(figure)
    for place in range(shown):
        down, across = divmod(place, columns)
        _draw_pair(sheet, trace, theme, place, (0.1 + across * step, down * row_height, tile))
    _draw_foot(sheet, trace, theme, rows * row_height + 0.15)
    return figure


def _draw_pair(sheet: "Axes", trace: KernelsTrace, theme: Theme, place: int, where: tuple[float, float, float]) -> None:
    from figures.parts import still

    x, y, tile = where
    still.write(sheet, x, y + 0.21, str(trace.channels[place]), color=theme.muted, points=still.MIN_TEXT)
    still.draw_map(
        sheet,
        trace.kernels[place],
        left=x,
        top=y + 0.27,
        width=tile,
        theme=theme,
        limits=trace.limits,
        color=theme.kernel,
    )
    if trace.maps is not None:
        top = y + 0.33 + tile
        colors = still.color_cells(trace.maps[..., place], trace.map_limits)
        sheet.imshow(colors, extent=(x, x + tile, top + tile, top), interpolation="none", aspect="auto")
        still.box(sheet, x, top, tile, tile, edgecolor=theme.output, linewidth=1.2)


def _draw_foot(sheet: "Axes", trace: KernelsTrace, theme: Theme, top: float) -> None:
    from figures.parts import still

    still.draw_scale(sheet, trace.limits, left=0.1, top=top, width=2.6, theme=theme)
    still.write(sheet, 2.95, top + 0.15, "weights", color=theme.kernel, points=still.MIN_TEXT, bold=True)
    if trace.maps is not None:
        still.draw_scale(sheet, trace.map_limits, left=4.6, top=top, width=2.6, theme=theme)
        still.write(sheet, 7.45, top + 0.15, "maps", color=theme.output, points=still.MIN_TEXT, bold=True)
    words = f"{len(trace.channels)} of {trace.total} kernels"
    still.write(sheet, 12.7, top + 0.15, words, color=theme.ink, points=still.MIN_TEXT, align="right")
