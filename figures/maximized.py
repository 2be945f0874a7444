"""Images generated to excite a channel, above the real patches that excite it most, with the channel's values for both.

Both have the same norm, so the values can be compared. The ascent finds one of many images that would do, not a
prototype: it may drive the value beyond what any real digit reaches.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from figures.parts.few_inks import with_few_inks
from figures.parts.words import Description, count_noun, write_fixed
from generator.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


Array = NDArray[Any]
NEEDED = ("layer", "steps", "channels", "images", "values", "curves", "patches", "patch_values")
MOST = 8


@dataclass(frozen=True, slots=True)
class MaximizedTrace:
    """Optimized images from 0 to 1 and real patches from 0 to 255, both (channels, size, size), with their values.

    begun: the channels' values for the noise that the ascent started from.
    """

    layer: str
    channels: tuple[int, ...]
    images: Array
    values: tuple[float, ...]
    begun: tuple[float, ...]
    patches: Array
    patch_values: tuple[float, ...]
    steps: int


def trace(*, found: Mapping[str, Any], channels: int = 6) -> MaximizedTrace:
    """Return the first `channels` channels of `found`, the maximized images of an experiment.

    Raises ValueError if `found` lacks something, its parts do not fit together, or it has fewer channels.
    """
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise ValueError(f"found has no {missing[0]}; give it maximized images, such as convnet_insight.maximized")
    images, patches = np.asarray(found["images"], dtype=float), np.asarray(found["patches"], dtype=float)
    if images.ndim != 3 or images.shape != patches.shape:
        raise ValueError(f"images has shape {images.shape} and patches {patches.shape}; give a patch for each image")
    if not np.isfinite(images).all():
        raise ValueError("images holds a value that is not finite; look for an ascent that diverged")
    if not 1 <= channels <= min(MOST, len(images)):
        raise ValueError(f"channels is {channels}; there is room for 1 to {min(MOST, len(images))}")
    return MaximizedTrace(
        layer=found["layer"],
        channels=tuple(int(number) for number in found["channels"][:channels]),
        images=images[:channels],
        values=tuple(float(value) for value in found["values"][:channels]),
        begun=tuple(float(curve[0]) for curve in found["curves"][:channels]),
        patches=patches[:channels],
        patch_values=tuple(float(value) for value in found["patch_values"][:channels]),
        steps=int(found["steps"]),
    )


def describe(trace: MaximizedTrace) -> Description:
    """Return each channel's value for the noise, the optimized image and the best real patch."""
    written = (map(write_fixed, values) for values in (trace.begun, trace.values, trace.patch_values))
    rows = zip(trace.channels, *written, strict=True)
    each = " ".join(
        f"Channel {channel}: from {begun} for noise to {value}, real patch {real}."
        for channel, begun, value, real in rows
    )
    size = trace.images.shape[1]
    alt = (
        f"{count_noun(len(trace.channels), 'channel')} of {trace.layer}: an image of {size} × {size} pixels, optimized "
        f"in {count_noun(trace.steps, 'step')} to excite the channel, above the real patch that excites it most of "
        f"those searched; both have the same norm. {each}"
    )
    facts = {
        "channels": list(trace.channels),
        "values": list(trace.values),
        "patch_values": list(trace.patch_values),
        "beyond_real": sum(made > real for made, real in zip(trace.values, trace.patch_values, strict=True)),
        "steps": trace.steps,
        "size": size,
    }
    return Description(alt, (), facts)


def draw(trace: MaximizedTrace, theme: Theme) -> "Figure":
    """Return two rows, optimized above real, with the channel's number above and its value below each image."""
    from figures.parts import still

    count, left = len(trace.channels), 1.75
    step = min((12.75 - left) / count, 2.18)
    tile = step - 0.16
    figure = still.new_figure(theme, height=2 * tile + 1.95)
    sheet = still.new_sheet(figure)
    still.write(sheet, 0.1, 0.32, trace.layer, color=theme.ink, bold=True)
    tops = (0.45, 0.45 + tile + 0.5)
    _name_row(sheet, ("optimized", f"{trace.steps} steps", "from noise"), tops[0] + tile / 2, theme.kernel, theme)
    _name_row(sheet, ("real", "the best patch,", "same norm"), tops[1] + tile / 2, theme.input, theme)
    values = (*trace.values, *trace.patch_values)
    room = 0.08 + max(still.text_width(write_fixed(value), still.TEXT, bold=True) for value in values)
    for place in range(count):
        x = left + place * step
        words = f"channel {trace.channels[place]}"
        still.write(sheet, x, 0.32, words, color=theme.ink, bold=True, points=still.MIN_TEXT)
        made = (trace.images[place], 1.0, trace.values[place], theme.kernel)
        real = (trace.patches[place], 255.0, trace.patch_values[place], theme.input)
        for (image, white, value, color), top in zip((made, real), tops, strict=True):
            _draw_tile(sheet, image / white, (x, top, tile), theme, color)
            _draw_answer(sheet, value, value / max(*values, 1e-9) * (tile - room), (x, top + tile, room), theme)
    words = "green: the channel's value before ReLU, all on one scale"
    still.write(sheet, left, tops[1] + tile + 0.85, words, color=theme.muted, points=still.MIN_TEXT)
    return figure


def _name_row(sheet: "Axes", words: tuple[str, ...], middle: float, color: str, theme: Theme) -> None:
    from figures.parts import still

    still.write(sheet, 0.1, middle - 0.14, words[0], color=color, bold=True, points=still.HEADING)
    for row, line in enumerate(words[1:]):
        y = middle + 0.2 + 0.28 * row
        still.write(sheet, 0.1, y, line, color=theme.muted, points=still.MIN_TEXT)


def _draw_tile(sheet: "Axes", image: Array, where: tuple[float, float, float], theme: Theme, color: str) -> None:
    from figures.parts import still

    left, top, tile = where
    inked = with_few_inks(image, largest=1.0, inks=32)  # the tiles are large
    still.draw_image(sheet, inked, left=left, top=top, width=tile, theme=theme, largest=1.0, color=color)


def _draw_answer(sheet: "Axes", value: float, length: float, where: tuple[float, float, float], theme: Theme) -> None:
    """Draw a value below its image, and behind it, `room` inches further on, a bar of this length."""
    from figures.parts import still

    left, top, room = where
    still.write(sheet, left, top + 0.27, write_fixed(value), color=theme.output, points=still.TEXT, bold=True)
    if length > 0:
        still.box(sheet, left + room, top + 0.14, length, 0.13, facecolor=theme.output)
