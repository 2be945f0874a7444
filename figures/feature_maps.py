"""The feature maps of one layer for one image: one per channel, all on one color scale, silent channels counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from figures.parts.words import Description, write_fixed, write_percent
from generator.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


Array = NDArray[Any]
MOST_PEAKS = 8  # channels whose largest values are named


@dataclass(frozen=True, slots=True)
class FeatureMapsTrace:
    """The maps that are shown, of those a layer has.

    maps: (height, width, shown); channels and peaks: their numbers and largest values. Of the whole layer: limits, the
    color scale, from 0 to the largest value, or symmetric about 0 if a value is negative; silent, how many of `total`
    channels are zero everywhere; zeros, the share of all values that are zero.
    """

    layer: str
    image: Array | None
    maps: Array
    channels: tuple[int, ...]
    peaks: tuple[float, ...]
    limits: tuple[float, float]
    silent: int
    total: int
    zeros: float


def trace(
    *,
    maps: ArrayLike,
    image: ArrayLike | None = None,
    layer: str = "",
    pick: str | Sequence[int] = "top",
    count: int = 8,
) -> FeatureMapsTrace:
    """Return maps of one image; `maps` is the output of a layer (height, width, channels).

    image: what the network was shown (height, width). pick: "top" takes the `count` maps with the most contrast
    (standard deviation), "all" takes all in order, a list takes the channels with these numbers.
    Raises ValueError for maps of another shape, values that are not finite, or channels that do not exist.
    """
    values = np.asarray(maps, dtype=float)
    if values.ndim != 3 or not values.size:
        raise ValueError(f"maps has shape {values.shape}; give (height, width, channels), as in mnist_convnet.maps")
    if not np.isfinite(values).all():
        raise ValueError("maps holds a value that is not finite; look for a training that diverged")
    chosen = _choose(values, pick, count)
    shown = values[..., chosen]
    low, high = float(values.min()), float(values.max())
    reach = max(-low, high) or 1.0
    return FeatureMapsTrace(
        layer=layer,
        image=None if image is None else np.asarray(image, dtype=float).squeeze(),
        maps=shown,
        channels=tuple(chosen),
        peaks=tuple(float(peak) for peak in shown.max(axis=(0, 1))),
        limits=(-reach, reach) if low < 0 else (0.0, reach),
        silent=int((values == 0).all(axis=(0, 1)).sum()),
        total=values.shape[2],
        zeros=float((values == 0).mean()),
    )


def _choose(values: Array, pick: str | Sequence[int], count: int) -> list[int]:
    total = values.shape[2]
    if pick == "all":
        return list(range(total))
    if pick == "top":
        if not 1 <= count <= total:
            raise ValueError(f"count is {count}; the layer has {total} channels")
        order = np.argsort(-values.std(axis=(0, 1)), kind="stable")
        return [int(channel) for channel in order[:count]]
    if isinstance(pick, str) or not pick:
        raise ValueError(f'pick is {pick!r}; give "top", "all" or a list of channel numbers')
    wrong = [channel for channel in pick if not 0 <= channel < total]
    if wrong:
        raise ValueError(f"there is no channel {wrong[0]}; the layer has 0 to {total - 1}")
    return [int(channel) for channel in pick]


def describe(trace: FeatureMapsTrace) -> Description:
    """Return the maps in words: their size, the largest value of each, and how much is zero."""
    height, width, shown = trace.maps.shape
    where = f" of {trace.layer}" if trace.layer else ""
    pairs = list(zip(trace.channels, trace.peaks, strict=True))[:MOST_PEAKS]
    peaks = ", ".join(f"{channel} ({write_fixed(peak)})" for channel, peak in pairs)
    first = f", of the first {MOST_PEAKS}" if shown > MOST_PEAKS else ""
    alt = (
        f"{shown} of {trace.total} feature maps{where}, {height} × {width} each, on one color scale from "
        f"{write_fixed(trace.limits[0])} to {write_fixed(trace.limits[1])}. Largest value by channel{first}: {peaks}. "
        f"{_silence(trace)}, {write_percent(trace.zeros)} of all values are zero."
    )
    facts = {
        "silent": trace.silent,
        "channels": trace.total,
        "zeros": trace.zeros,
        "shown": list(trace.channels),
        "shape": {"height": height, "width": width},
    }
    return Description(alt, (), facts)


def _silence(trace: FeatureMapsTrace) -> str:
    return f"{trace.silent} of {trace.total} channels {'is' if trace.silent == 1 else 'are'} silent"


def draw(trace: FeatureMapsTrace, theme: Theme) -> "Figure":
    """Return the image, the maps in a grid beside it, and one color scale for all maps."""
    from figures.parts import still

    left = 0.1 if trace.image is None else 2.75
    columns, step = _fit(len(trace.channels), 12.75 - left, 5.05)
    rows = -(-len(trace.channels) // columns)
    figure = still.new_figure(theme, height=max(rows * step, 2.9) + 0.85)
    sheet = still.new_sheet(figure)
    if trace.image is not None:
        _draw_image(sheet, trace.image, theme, max(rows * step, 2.9) / 2)
    named = step > 1
    for place, channel in enumerate(trace.channels):
        down, across = divmod(place, columns)
        x, y = left + across * step, 0.1 + down * step
        if named:
            still.write(sheet, x, y + 0.17, str(channel), color=theme.muted, points=still.MIN_TEXT)
        _draw_one(sheet, trace, theme, place, (x, y + (0.24 if named else 0), step - (0.34 if named else 0.06)))
    _draw_foot(sheet, trace, theme, left, max(rows * step, 2.9) + 0.2)
    return figure


def _fit(count: int, width: float, height: float) -> tuple[int, float]:
    """Return the number of columns that makes `count` squares largest in `width` × `height` inches, and their side."""
    sizes = [(min(width / columns, height / -(-count // columns)), -columns) for columns in range(1, count + 1)]
    size, columns = max(sizes)  # of equal sizes, the fewest columns
    return -columns, min(size, 2.5)


def _draw_image(sheet: "Axes", image: Array, theme: Theme, middle: float) -> None:
    from figures.parts import still

    top, largest = middle - 1.15, float(image.max())
    still.draw_image(sheet, image, left=0.1, top=top + 0.1, width=2.1, theme=theme, largest=largest, color=theme.input)
    still.write(sheet, 0.1, top, f"input, {image.shape[0]} × {image.shape[1]}", color=theme.input, bold=True)


def _draw_one(
    sheet: "Axes", trace: FeatureMapsTrace, theme: Theme, place: int, where: tuple[float, float, float]
) -> None:
    from figures.parts import still

    left, top, width = where
    values = trace.maps[..., place]
    silent = not values.any()
    if silent:
        still.box(sheet, left, top, width, width, facecolor=theme.surface)
        still.rule(sheet, [((left, top + width), (left + width, top))], color=theme.padding, linewidth=still.HAIR)
    else:
        extent = (left, left + width, top + width, top)
        sheet.imshow(still.color_cells(values, trace.limits), extent=extent, interpolation="none", aspect="auto")
        _mark_negative(sheet, trace, values, where)
    still.box(sheet, left, top, width, width, edgecolor=theme.padding if silent else theme.output, linewidth=1.2)


def _mark_negative(sheet: "Axes", trace: FeatureMapsTrace, values: Array, where: tuple[float, float, float]) -> None:
    """Put a dash into cells clearly below zero, if they are large enough: the sign then survives printing in gray."""
    from figures.parts import still

    left, top, width = where
    cell = width / values.shape[1]
    if cell > 0.06:
        is_below = values < min(0, 0.1 * trace.limits[0])
        still.draw_dashes(sheet, values, is_below, left=left, top=top, cell=cell, limits=trace.limits)


def _draw_foot(sheet: "Axes", trace: FeatureMapsTrace, theme: Theme, left: float, top: float) -> None:
    from figures.parts import still

    height, width, shown = trace.maps.shape
    still.draw_scale(sheet, trace.limits, left=left, top=top, width=2.6, theme=theme)
    name = f"{trace.layer}: " if trace.layer else ""
    zeros = f"{write_percent(trace.zeros)} zeros"
    words = f"{name}{shown} of {trace.total} maps, {height} × {width} · {zeros} · {_silence(trace)}"
    still.write(sheet, left + 2.95, top + 0.15, words, color=theme.ink, points=still.MIN_TEXT)
