"""What a network relies on: each digit's outline on a map of how far its score falls when a small square is hidden.

The score is the value before softmax. A map shows what hiding does to this network's answer for this one digit; it does
not show what the network "looks at", and a region that matters little alone may matter together with another. The
control is the same picture of an untrained network, on a scale of its own: what such maps look like when nothing has
been learned.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from figures.parts.words import Description, write_percent
from generator.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


Array = NDArray[Any]
NEEDED = ("labels", "images", "scores", "drops", "size")
FAINT = 0.06  # of the scale: a smaller rise gets no dash


@dataclass(frozen=True, slots=True)
class OcclusionTrace:
    """Digits (n, height, width) with classes and scores (n,), and drops (n, height, width) by the square's center.

    limits: the ends (-a, a) of the scale that all maps share. size: of the square, in pixels. network: a name for it,
    written below.
    """

    labels: tuple[int, ...]
    images: Array
    scores: tuple[float, ...]
    drops: Array
    size: int
    limits: tuple[float, float]
    network: str = ""

    def write_score(self, value: float) -> str:
        """Return a score with as many decimals as the scale of the drops calls for."""
        decimals = 1 if self.limits[1] >= 1 else 2
        return f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", "−")  # + 0.0 turns -0.0 into 0.0

    @property
    def lowest(self) -> tuple[float, ...]:
        """The score that is left where hiding costs most, for each digit."""
        return tuple(score - float(drop.max()) for score, drop in zip(self.scores, self.drops, strict=True))


def trace(*, found: Mapping[str, Any], count: int = 10, network: str = "") -> OcclusionTrace:
    """Return the first `count` digits of `found`, the occlusion of an experiment, all on one scale.

    network: a name to be written below, such as "untrained". Raises ValueError if `found` lacks something, its parts do
    not fit together, or `count` is out of range.
    """
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise ValueError(f"found has no {missing[0]}; give it an occlusion, such as convnet_insight.occlusion")
    images, drops = np.asarray(found["images"]), np.asarray(found["drops"], dtype=float)
    if images.ndim != 3 or images.shape != drops.shape:
        raise ValueError(f"images has shape {images.shape} and drops {drops.shape}; give a map for each digit")
    if not np.isfinite(drops).all():
        raise ValueError("drops holds a value that is not finite; look for a training that diverged")
    if not 1 <= count <= min(10, len(images)):
        raise ValueError(f"count is {count}; there is room for 1 to {min(10, len(images))} digits")
    reach = float(np.abs(drops[:count]).max()) or 1.0
    return OcclusionTrace(
        labels=tuple(int(label) for label in found["labels"][:count]),
        images=images[:count],
        scores=tuple(float(score) for score in found["scores"][:count]),
        drops=drops[:count],
        size=int(found["size"]),
        limits=(-reach, reach),
        network=network,
    )


def describe(trace: OcclusionTrace) -> Description:
    """Return what hiding does to each digit's score: from which value to which, and where."""
    sentences = " ".join(_sentence(trace, place) for place in range(len(trace.labels)))
    network = f"Network: {trace.network}. " if trace.network else ""
    alt = (
        f"{network}{len(trace.labels)} digits, each under a map of how far the score of its class falls when "
        f"{trace.size} × {trace.size} pixels there are hidden. {sentences} At "
        f"{write_percent((trace.drops == 0).mean())} of the places nothing changes at all."
    )
    facts = {
        "size": trace.size,
        "labels": list(trace.labels),
        "scores": list(trace.scores),
        "lowest": list(trace.lowest),
        "largest_drop": float(trace.drops.max()),
        "largest_rise": float(-trace.drops.min()),
        "unchanged": float((trace.drops == 0).mean()),
    }
    return Description(alt, (), facts)


def _sentence(trace: OcclusionTrace, place: int) -> str:
    drops, label = trace.drops[place], trace.labels[place]
    if drops.max() <= 0:
        return f"The {label}: hiding a square nowhere lowers its score of {trace.write_score(trace.scores[place])}."
    row, column = peak_of(drops)
    more = int((drops == drops.max()).sum()) - 1
    scores = (trace.write_score(score) for score in (trace.scores[place], trace.lowest[place]))
    also = f" and just as low at {more} more {'place' if more == 1 else 'places'}" if more else ""
    return f"The {label}: from {' to '.join(scores)} around row {row + 1}, column {column + 1}{also}."


def peak_of(drops: Array) -> tuple[int, int]:
    """Return the row and the column of the largest drop in one map, the first of equals."""
    row, column = divmod(int(drops.argmax()), drops.shape[1])
    return row, column


def draw(trace: OcclusionTrace, theme: Theme) -> "Figure":
    """Return the digits in rows of five, each with its score before and at worst, and the scale below."""
    from figures.parts import still

    count = len(trace.labels)
    rows = -(-count // 5)
    columns = -(-count // rows)
    tile = 2.24 if rows == 2 else min(3.4, (12.6 - 0.3 * (columns - 1)) / columns)
    gap = (12.6 - columns * tile) / max(1, columns - 1) if columns == 5 else 0.4
    figure = still.new_figure(theme, height=rows * (tile + 0.36) + 0.62)
    sheet = still.new_sheet(figure)
    for place in range(count):
        down, across = divmod(place, columns)
        _draw_digit(sheet, trace, theme, place, (0.1 + across * (tile + gap), 0.34 + down * (tile + 0.36), tile))
    _draw_foot(sheet, trace, theme, rows * (tile + 0.36) + 0.12)
    return figure


def _draw_digit(
    sheet: "Axes", trace: OcclusionTrace, theme: Theme, place: int, where: tuple[float, float, float]
) -> None:
    from figures.parts import still

    left, top, tile = where
    image, drops = trace.images[place], trace.drops[place]
    still.write(sheet, left, top - 0.09, str(trace.labels[place]), color=theme.ink, points=still.HEADING, bold=True)
    scores = f"{trace.write_score(trace.scores[place])} → {trace.write_score(trace.lowest[place])}"
    still.write(sheet, left + tile, top - 0.09, scores, color=theme.muted, points=still.MIN_TEXT, align="right")
    _color(sheet, trace, theme, drops, where)
    still.draw_outline(sheet, image, left=left, top=top, width=tile, theme=theme)
    spot = tuple(middle - trace.size // 2 for middle in peak_of(drops))
    pixel = tile / image.shape[1]
    still.draw_place(sheet, (spot[0], spot[1]), trace.size, left=left, top=top, pixel=pixel, theme=theme)


def _color(sheet: "Axes", trace: OcclusionTrace, theme: Theme, drops: Array, where: tuple[float, float, float]) -> None:
    """Draw a map in colors; a dash in each cell where the score clearly rises keeps the sign visible in gray print."""
    from figures.parts import still

    left, top, tile = where
    cell = tile / drops.shape[1]
    extent = (left, left + tile, top + tile, top)
    sheet.imshow(still.color_cells(drops, trace.limits), extent=extent, interpolation="none", aspect="auto")
    is_below = drops < FAINT * trace.limits[0]
    still.draw_dashes(sheet, drops, is_below, left=left, top=top, cell=cell, limits=trace.limits)
    still.box(sheet, left, top, tile, tile, edgecolor=theme.padding, linewidth=still.HAIR)


def _draw_foot(sheet: "Axes", trace: OcclusionTrace, theme: Theme, top: float) -> None:
    from figures.parts import still

    still.draw_scale(sheet, trace.limits, left=0.1, top=top, width=2.6, theme=theme)
    words = f"how far the score falls with {trace.size} × {trace.size} pixels hidden (dashes: it rises)"
    still.write(sheet, 2.95, top + 0.15, words, color=theme.ink, points=still.MIN_TEXT)
    if trace.network:
        words = f"network: {trace.network}"
        still.write(sheet, 2.95, top + 0.41, words, color=theme.ink, points=still.MIN_TEXT, bold=True)
    still.write(
        sheet,
        12.7,
        top + 0.15,
        "box: where hiding costs most",
        color=theme.window,
        points=still.MIN_TEXT,
        align="right",
    )
