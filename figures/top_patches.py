"""What excites a channel most: the patches of real images with its largest values, one row for each channel.

Shows what an experiment found (`mnist_convnet.conv2`); computes nothing about a network itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from figures.parts.directions import NAMES, Direction, measure_direction
from figures.parts.few_inks import with_few_inks
from figures.parts.words import Description, count_noun, write_fixed, write_percent
from generator.theme import NARROW_WIDTH, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


Array = NDArray[Any]
NEEDED = ("channels", "patches", "activations", "mean", "classes", "boxes", "images", "labels", "receptive_field")


@dataclass(frozen=True, slots=True)
class TopPatchesTrace:
    """The strongest patches of some channels of one layer, strongest first.

    Arrays begin with (channels, patches): patches (…, size, size), activations, labels, boxes (…, 2) and, if the whole
    digits are to be shown, images (…, height, width). mean: (channels, size, size); classes: (channels, n).
    """

    layer: str
    channels: tuple[int, ...]
    patches: Array
    activations: Array
    labels: Array
    boxes: Array
    images: Array | None
    mean: Array
    classes: Array

    @property
    def directions(self) -> tuple[Direction, ...]:
        """Which way the strokes of each channel's mean patch run."""
        return tuple(measure_direction(patch) for patch in self.mean)

    @property
    def size(self) -> int:
        """Height and width of a patch: the receptive field, in pixels."""
        return int(self.patches.shape[-1])


def trace(
    *, found: Mapping[str, Any], layer: str = "", channels: int = 7, count: int = 12, whole: bool = False
) -> TopPatchesTrace:
    """Return the first `count` patches of the first `channels` channels in `found`, the top patches of an experiment.

    whole: show each patch within its digit, with a box around what the channel sees of it. Raises ValueError if `found`
    lacks something or has fewer channels or patches than that.
    """
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise ValueError(f"found has no {missing[0]}; give it the top patches of a layer, such as mnist_convnet.conv2")
    have, depth = np.shape(found["activations"])
    for name, wanted, limit in (("channels", channels, have), ("count", count, depth)):
        if not 1 <= wanted <= limit:
            raise ValueError(f"{name} is {wanted}; the experiment kept 1 to {limit}")
    part = np.s_[:channels, :count]
    return TopPatchesTrace(
        layer=layer,
        channels=tuple(int(number) for number in found["channels"][:channels]),
        patches=found["patches"][part],
        activations=found["activations"][part],
        labels=found["labels"][part],
        boxes=found["boxes"][part],
        images=found["images"][part] if whole else None,
        mean=found["mean"][:channels],
        classes=found["classes"][:channels],
    )


def describe(trace: TopPatchesTrace) -> Description:
    """Return what the wall of patches shows, with a sentence for each channel."""
    steps = tuple(_sentence(trace, row) for row in range(len(trace.channels)))
    where = f" of {trace.layer}" if trace.layer else ""
    alt = (
        f"{count_noun(len(trace.channels), 'channel')}{where}, one row each: of the patches searched, the "
        f"{trace.patches.shape[1]} of {trace.size} × {trace.size} pixels that excite the channel most, and the mean of "
        f"its strongest. {' '.join(steps)}"
    )
    names = [direction.name for direction in trace.directions]
    facts = {
        "size": trace.size,
        "channels": list(trace.channels),
        "strongest": float(trace.activations.max()),
        "directions": names,
        "angles": [direction.angle for direction in trace.directions],
        "coherences": [direction.coherence for direction in trace.directions],
        "strokes": {name or "none": names.count(name) for name in (*NAMES, "")},
        "purity": [float(row.max() / row.sum()) for row in trace.classes],
    }
    return Description(alt, steps, facts)


def _sentence(trace: TopPatchesTrace, row: int) -> str:
    strongest, weakest = (write_fixed(value) for value in (trace.activations[row].max(), trace.activations[row].min()))
    return (
        f"Channel {trace.channels[row]} responds with {strongest} down to {weakest}; "
        f"its strongest patches come from {common_classes(trace.classes[row])}{_say_others(trace.classes[row])}; their "
        f"mean {_say_direction(trace.directions[row])}."
    )


def _say_direction(direction: Direction) -> str:
    """Return in words which way the strokes of a mean patch run."""
    if not direction.name:
        return "has no single direction"
    return f"is {direction.name}, at {round(direction.angle) % 180}°"


def common_classes(counts: Sequence[int] | Array, most: int = 3) -> str:
    """Return the most common classes of the strongest patches, with their shares.

    >>> common_classes([0, 2, 0, 97, 0, 1])
    '3: 97 %, 1: 2 %, 5: 1 %'
    """
    shares = np.asarray(counts) / np.sum(counts)
    order = np.argsort(-shares, kind="stable")[:most]
    return ", ".join(f"{label}: {write_percent(shares[label])}" for label in order if shares[label])


def _say_others(counts: Array, named: int = 3) -> str:
    """Return the share of the classes that `common_classes` does not name, after a comma; "" if there are none."""
    rest = np.sort(counts)[:-named].sum() / np.sum(counts)
    return f", others: {write_percent(rest)}" if rest else ""


def draw(trace: TopPatchesTrace, theme: Theme, step: int | None = None) -> "Figure":
    """Return the wall of all channels, or with `step` a panel with the patches of that channel alone."""
    return _draw_wall(trace, theme) if step is None else _draw_panel(trace, theme, step)


def _draw_wall(trace: TopPatchesTrace, theme: Theme) -> "Figure":
    from figures.parts import still

    wall = _lay_out(trace)
    figure = still.new_figure(theme, height=wall.height)
    sheet = still.new_sheet(figure)
    _write_headings(sheet, trace, theme, wall)
    for row in range(len(trace.channels)):
        top = wall.top + row * wall.step
        for column in range(trace.activations.shape[1]):
            _draw_tile(sheet, trace, theme, (row, column), (wall.left + column * wall.step, top, wall.tile))
        _draw_mean(sheet, trace, theme, row, (wall.mean, top, wall.tile))
        _write_row(sheet, trace, theme, row, (wall.text, top + wall.tile / 2))
    return figure


def draw_narrow(trace: TopPatchesTrace, theme: Theme) -> "Figure":
    """Return the wall for a narrow page: the patches of a channel in two rows, below its number and its answers."""
    from figures.parts import still

    columns = -(-trace.activations.shape[1] // 2)
    tile = min(0.8, 5.25 / (columns + 2.3))
    step, mean = 0.75 + 2 * tile + 0.2, 5.45 - 2 * tile
    figure = still.new_figure(theme, NARROW_WIDTH, 1.0 + len(trace.channels) * step)
    sheet = still.new_sheet(figure)
    _write_narrow_headings(sheet, trace, theme)
    for row, channel in enumerate(trace.channels):
        top = 1.0 + row * step
        still.rule(sheet, [((0.15, top), (5.45, top))], color=theme.rule, linewidth=still.HAIR)
        still.write(sheet, 0.15, top + 0.3, str(channel), color=theme.ink, points=still.HEADING, bold=True)
        answers = f"{trace.activations[row, 0]:.2f} … {trace.activations[row, -1]:.2f}"
        still.write(sheet, 0.8, top + 0.3, answers, color=theme.output, bold=True)
        common = common_classes(trace.classes[row], most=3)
        still.write(sheet, 0.8, top + 0.55, common, color=theme.muted, points=still.MIN_TEXT)
        for place in range(trace.activations.shape[1]):
            down, across = divmod(place, columns)
            where = (0.15 + across * tile, top + 0.7 + down * tile, tile - 0.07)
            _draw_tile(sheet, trace, theme, (row, place), where)
        _draw_mean(sheet, trace, theme, row, (mean, top + 0.7, 2 * tile - 0.07))
    return figure


def _write_narrow_headings(sheet: "Axes", trace: TopPatchesTrace, theme: Theme) -> None:
    """Write what the numbers and the tiles below are."""
    from figures.parts import still

    note = f"{trace.size} × {trace.size} pixels each"
    if trace.images is not None:
        note = f"the box is what the channel sees: {trace.size} × {trace.size} pixels"
    digits = f"  digits in {int(trace.classes[0].sum())}"
    runs = [("channel", theme.muted), ("  answer", theme.output), (digits, theme.muted)]
    still.write_runs(sheet, 0.15, 0.3, runs)
    words = f"strongest to {trace.activations.shape[1]}th"
    still.write_runs(sheet, 0.15, 0.58, [(words, theme.ink), (", at the right their mean", theme.window)], bold=True)
    still.write(sheet, 0.15, 0.85, note, color=theme.muted, points=still.MIN_TEXT)


@dataclass(frozen=True, slots=True)
class _Wall:
    """Where the tiles of the wall stand, in inches."""

    left: float
    top: float
    tile: float
    step: float
    right: float
    mean: float
    text: float
    height: float


def _lay_out(trace: TopPatchesTrace) -> _Wall:
    rows, columns = trace.activations.shape
    left, top, gap, words = 0.95, 0.55, 0.07, 2.65
    step = min((5.95 - top) / rows, (12.8 - left - 0.4 - words) / (columns + 1))
    right = left + columns * step
    mean = right + 0.2
    return _Wall(left, top, step - gap, step, right - gap, mean, mean + step + 0.15, top + rows * step)


def _write_headings(sheet: "Axes", trace: TopPatchesTrace, theme: Theme, wall: _Wall) -> None:
    from figures.parts import still

    line = 0.36
    note = f"{trace.size} × {trace.size} pixels each"
    if trace.images is not None:
        note = f"the box is what the channel sees: {trace.size} × {trace.size} pixels"
    still.write(sheet, 0.1, line, "channel", color=theme.muted, points=still.MIN_TEXT)
    still.write(sheet, wall.left, line, "strongest", color=theme.ink, bold=True)
    middle = (wall.left + wall.right) / 2
    still.write(sheet, middle, line, note, color=theme.muted, points=still.MIN_TEXT, align="center")
    last = f"{trace.activations.shape[1]}th"
    still.write(sheet, wall.right, line, last, color=theme.ink, bold=True, align="right")
    number = int(trace.classes[0].sum())
    still.write(sheet, wall.mean, line, "mean", color=theme.ink, bold=True)
    still.write_runs(sheet, wall.text, line, [("answer", theme.output), (f"  digits in {number}", theme.muted)])


def _write_row(sheet: "Axes", trace: TopPatchesTrace, theme: Theme, row: int, place: tuple[float, float]) -> None:
    from figures.parts import still

    x, y = place
    still.write(sheet, 0.1, y + 0.07, str(trace.channels[row]), color=theme.ink, points=still.HEADING, bold=True)
    answers = f"{trace.activations[row, 0]:.2f} … {trace.activations[row, -1]:.2f}"
    still.write(sheet, x, y - 0.06, answers, color=theme.output, bold=True)
    common = common_classes(trace.classes[row], most=3)
    still.write(sheet, x, y + 0.21, common, color=theme.muted, points=still.MIN_TEXT)


def _draw_tile(
    sheet: "Axes",
    trace: TopPatchesTrace,
    theme: Theme,
    cell: tuple[int, int],
    place: tuple[float, float, float],
) -> None:
    """Draw one patch, or its whole digit with a box around the patch."""
    from figures.parts import still

    left, top, width = place
    if trace.images is None:
        still.draw_image(
            sheet, with_few_inks(trace.patches[cell], largest=255), left=left, top=top, width=width, theme=theme
        )
        return
    image, spot = with_few_inks(trace.images[cell], largest=255), trace.boxes[cell]
    still.draw_image(sheet, image, left=left, top=top, width=width, theme=theme)
    pixel = width / image.shape[1]
    still.draw_place(sheet, tuple(spot), trace.size, left=left, top=top, pixel=pixel, theme=theme)


def _draw_mean(
    sheet: "Axes", trace: TopPatchesTrace, theme: Theme, row: int, place: tuple[float, float, float]
) -> None:
    from figures.parts import still

    left, top, width = place
    mean = trace.mean[row]
    still.draw_image(sheet, mean, left=left, top=top, width=width, theme=theme, largest=mean.max(), color=theme.window)


def _draw_panel(trace: TopPatchesTrace, theme: Theme, row: int) -> "Figure":
    from figures.parts import still

    columns, count = 4, min(12, trace.activations.shape[1])
    figure = still.new_figure(theme, still.PANEL_WIDTH, still.PANEL_HEIGHT)
    sheet = still.new_sheet(figure)
    title = f"channel {trace.channels[row]}: {trace.activations[row, 0]:.1f} … {trace.activations[row, count - 1]:.1f}"
    still.write(sheet, 0.1, 0.3, title, color=theme.ink, points=still.TEXT, bold=True)
    step = min((still.PANEL_WIDTH - 0.1) / columns, (still.PANEL_HEIGHT - 0.45) / -(-count // columns))
    for place in range(count):
        down, across = divmod(place, columns)
        _draw_tile(sheet, trace, theme, (row, place), (0.1 + across * step, 0.45 + down * step, step - 0.08))
    return figure
