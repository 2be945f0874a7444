"""A warning: images from the usual gradient ascent, one per channel of a layer, and how many of them never changed.

The usual recipe starts from gray noise and climbs the channel's value after ReLU. If a channel is silent on the noise,
its gradient is exactly zero and nothing happens: the image is still the noise, and must not be shown as what the
channel looks for. Such a channel need not be dead: real digits may well activate it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from figures.parts.few_inks import with_few_inks
from figures.parts.words import Description, count_noun, join
from generator.theme import NARROW_WIDTH, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


Array = NDArray[Any]
NEEDED = ("layer", "steps", "images", "moved", "alive")
MOST = 64  # channels


@dataclass(frozen=True, slots=True)
class CarelessAscentTrace:
    """The result for each channel: images (channels, height, width) from 0 to 1, and whether each ever moved.

    alive: how many of the channels whose images never moved respond to real digits.
    """

    layer: str
    steps: int
    images: Array
    moved: tuple[bool, ...]
    alive: int

    @property
    def stuck(self) -> int:
        """How many images never moved."""
        return len(self.moved) - sum(self.moved)


def trace(*, found: Mapping[str, Any]) -> CarelessAscentTrace:
    """Return the images of `found`, an experiment's careless ascent (such as `convnet_insight.careless`).

    Raises ValueError if `found` lacks a part, its shapes do not match, a value is not finite, or it has more than 64
    channels.
    """
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise ValueError(f"found has no {missing[0]}; give it a careless ascent, such as convnet_insight.careless")
    images, moved = np.asarray(found["images"], dtype=float), np.asarray(found["moved"], dtype=bool)
    if images.ndim != 3 or moved.shape != images.shape[:1]:
        raise ValueError(f"images has shape {images.shape} and moved {moved.shape}; give one of each per channel")
    if not 1 <= len(images) <= MOST:
        raise ValueError(f"there are {len(images)} channels; there is room for 1 to {MOST}")
    if not np.isfinite(images).all():
        raise ValueError("images holds a value that is not finite; look for an ascent that diverged")
    moves = tuple(bool(value) for value in moved)
    return CarelessAscentTrace(found["layer"], int(found["steps"]), images, moves, int(found["alive"]))


def describe(trace: CarelessAscentTrace) -> Description:
    """Return how many channels never moved, and which."""
    total, stuck = len(trace.moved), [str(channel) for channel, moved in enumerate(trace.moved) if not moved]
    alt = (
        f"{count_noun(total, 'image')}, one per channel of {trace.layer}, each after {count_noun(trace.steps, 'step')} "
        f"up the value after ReLU from the same gray noise. {_say_stuck(trace, stuck)}"
    )
    facts = {
        "channels": total,
        "stuck": len(stuck),
        "moved": total - len(stuck),
        "share": len(stuck) / total,
        "alive": trace.alive,
        "steps": trace.steps,
    }
    return Description(alt, (), facts)


def _say_stuck(trace: CarelessAscentTrace, stuck: list[str]) -> str:
    """Return which images never moved, and how many of their channels respond to real digits."""
    if not stuck:
        return "All of them moved."
    named = f"channel {stuck[0]}" if len(stuck) == 1 else f"channels {join(stuck)}"
    return (
        f"{len(stuck)} of {len(trace.moved)} never moved, because the gradient there is zero: {named}. They are "
        f"crossed out; of these channels, {trace.alive} {'responds' if trace.alive == 1 else 'respond'} to real digits."
    )


def draw(trace: CarelessAscentTrace, theme: Theme) -> "Figure":
    """Return all images in rows of sixteen; those that never moved are crossed out, and counted above."""
    from figures.parts import still

    total = len(trace.moved)
    columns = min(16, total)
    rows = -(-total // columns)
    step = min(12.68 / columns, 1.6)
    figure = still.new_figure(theme, height=rows * step + 1.3)
    sheet = still.new_sheet(figure)
    x = still.write_runs(sheet, 0.1, 0.72, [(str(trace.stuck), theme.wrong)], points=40, bold=True) + 0.15
    still.write(sheet, x, 0.42, f"of {total} images never moved", color=theme.ink, points=still.HEADING, bold=True)
    words = f"after ReLU, a channel of {trace.layer} that is silent on the starting noise has gradient 0"
    still.write(sheet, x, 0.74, words, color=theme.muted, points=still.MIN_TEXT)
    for channel in range(total):
        down, across = divmod(channel, columns)
        _draw_tile(sheet, trace, channel, (0.1 + across * step, 0.95 + down * step, step - 0.09), theme)
    if not trace.stuck:
        return figure
    foot = 0.95 + rows * step + 0.2
    words = f"crossed out: still the noise, after {trace.steps} steps"
    still.write(sheet, 0.1, foot, words, color=theme.wrong, points=still.MIN_TEXT)
    words = f"{trace.alive} of these {trace.stuck} channels respond to real digits"
    still.write(sheet, 12.7, foot, words, color=theme.ink, points=still.MIN_TEXT, align="right")
    return figure


def draw_narrow(trace: CarelessAscentTrace, theme: Theme) -> "Figure":
    """Return the same for a narrow page, in rows of eight."""
    from figures.parts import still

    total, columns = len(trace.moved), min(8, len(trace.moved))
    step = min(5.35 / columns, 1.3)
    words = f"after ReLU, a channel of {trace.layer} that is silent on the starting noise has gradient 0"
    lines = still.break_lines(words, 5.3, still.MIN_TEXT)
    top = 0.95 + 0.26 * len(lines)
    foot = top + -(-total // columns) * step + 0.2
    figure = still.new_figure(theme, NARROW_WIDTH, foot + 0.42)
    sheet = still.new_sheet(figure)
    x = still.write_runs(sheet, 0.15, 0.68, [(str(trace.stuck), theme.wrong)], points=40, bold=True) + 0.15
    still.write(sheet, x, 0.65, f"of {total} images never moved", color=theme.ink, points=still.HEADING, bold=True)
    for row, line in enumerate(lines):
        still.write(sheet, 0.15, 0.98 + 0.26 * row, line, color=theme.muted, points=still.MIN_TEXT)
    for channel in range(total):
        down, across = divmod(channel, columns)
        _draw_tile(sheet, trace, channel, (0.15 + across * step, top + down * step, step - 0.07), theme)
    if trace.stuck:
        words = f"crossed out: still the noise, after {trace.steps} steps"
        still.write(sheet, 0.15, foot, words, color=theme.wrong, points=still.MIN_TEXT)
        words = f"{trace.alive} of these {trace.stuck} channels respond to real digits"
        still.write(sheet, 0.15, foot + 0.28, words, color=theme.ink, points=still.MIN_TEXT)
    return figure


def _draw_tile(
    sheet: "Axes", trace: CarelessAscentTrace, channel: int, where: tuple[float, float, float], theme: Theme
) -> None:
    from figures.parts import still

    left, top, tile = where
    moved = trace.moved[channel]
    color = theme.padding if moved else theme.wrong
    image = with_few_inks(trace.images[channel], largest=1.0)
    still.draw_image(sheet, image, left=left, top=top, width=tile, theme=theme, largest=1.0, color=color)
    if not moved:
        lines = [((left, top), (left + tile, top + tile)), ((left, top + tile), (left + tile, top))]
        still.rule(sheet, lines, color=theme.wrong, linewidth=still.LINE)
