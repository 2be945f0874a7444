"""How a network's feature maps shrink: each as a square to scale, hatched where the next layer drops cells.

Sizes do not simply halve: 11 pools to 5, and the eleventh row and column are never looked at. This is not the network's
cost: a small map with many channels can belong to the most expensive layer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts import arithmetic, still, words
from figures.parts.arithmetic import Array, Pair
from figures.parts.graph import refuse_branches
from figures.parts.words import Description, times
from generator.theme import NARROW_WIDTH, Theme

NEEDED = ("name", "kind", "input_shape", "output_shape")
MOST = 8  # rungs; more do not fit a slide
WORDS = {"Conv2D": "conv", "DepthwiseConv2D": "depthwise", "MaxPooling2D": "max", "AveragePooling2D": "average"}


@dataclass(frozen=True, slots=True)
class Rung:
    """One layer with a window; sizes are (height, width).

    kernel_size: how far the window reaches, including the holes of a dilated one.
    """

    name: str
    kind: str
    kernel_size: int
    strides: int
    padding: str
    before: Pair
    after: Pair
    channels: int
    dilation: int = 1

    @property
    def side(self) -> int:
        """How many rows of its input a window uses."""
        return (self.kernel_size - 1) // self.dilation + 1

    @property
    def used(self) -> tuple[Array, Array]:
        """Which rows, and which columns, of the input some window uses, bool."""
        rows, columns = (self._use(size, places) for size, places in zip(self.before, self.after, strict=True))
        return rows, columns

    def _use(self, size: int, places: int) -> Array:
        pad = arithmetic.same_padding(size, self.kernel_size, self.strides)[0] if self.padding == "same" else 0
        return arithmetic.used_cells(size, places, self.side, self.strides, before=pad, spread=self.dilation)

    @property
    def dropped(self) -> Pair:
        """How many rows and columns at the end of the input no window reaches."""
        rows, columns = self.used
        return arithmetic.count_unused(rows)[0], arithmetic.count_unused(columns)[0]

    @property
    def skipped(self) -> Pair:
        """How many rows and columns lie between the windows, or in the holes of a dilated one."""
        rows, columns = self.used
        return arithmetic.count_unused(rows)[1], arithmetic.count_unused(columns)[1]

    @property
    def unused(self) -> tuple[str, ...]:
        """What no window uses, in words: "1 row", "1 column"; empty if all is used."""
        return name_lines((self.dropped[0] + self.skipped[0], self.dropped[1] + self.skipped[1]))

    @property
    def operation(self) -> str:
        """The window and what it does: "3 × 3 conv"."""
        word = WORDS.get(self.kind, self.kind)
        step = "" if self.strides == (1 if "Conv" in self.kind else self.kernel_size) else f", stride {self.strides}"
        holes = "" if self.dilation == 1 else f", dilation {self.dilation}"
        return f"{self.side} × {self.side} {word}{step}{holes}"

    @property
    def formula(self) -> str:
        """The calculation of the height."""
        size, reach, step = self.before[0], self.kernel_size, self.strides
        if self.padding == "same":
            return f"⌈{size} / {step}⌉" if step > 1 else "same"
        if step == 1:
            return f"{size} − {reach} + 1"
        return f"⌊{size} / {step}⌋" if step == reach else f"⌊({size} − {reach}) / {step}⌋ + 1"


def name_lines(counts: Pair) -> tuple[str, ...]:
    """Return numbers of rows and columns in words, without what there is none of.

    >>> name_lines((1, 0)), name_lines((2, 1))
    (('1 row',), ('2 rows', '1 column'))
    """
    pairs = zip(counts, ("row", "column"), strict=True)
    return tuple(words.count_noun(number, noun) for number, noun in pairs if number)


@dataclass(frozen=True, slots=True)
class SizeLadderTrace:
    """The size and channels of the first map, and a rung for each layer with a window."""

    size: Pair
    channels: int
    rungs: tuple[Rung, ...]

    @property
    def maps(self) -> tuple[Pair, ...]:
        """The sizes of all maps, the input's first."""
        return self.size, *(rung.after for rung in self.rungs)


def trace(*, layers: Sequence[Mapping[str, Any]]) -> SizeLadderTrace:
    """Return the sizes of all feature maps of a network.

    layers: a list as `mnist_convnet.layers`, read from a Keras model. Layers without a window (dropout, activation) are
    skipped; the ladder ends where maps end (Flatten, Dense). Raises ValueError if a layer lacks something, sizes
    contradict the layer, the maps branch, or there are too many layers for a slide.
    """
    if isinstance(layers, Mapping) or not len(layers):
        raise ValueError("layers is no list of layers; give the layers of a network, such as mnist_convnet.layers")
    for layer in layers:
        missing = [name for name in NEEDED if name not in layer]
        if missing:
            raise ValueError(f"a layer has no {missing[0]}; give the layers of a network, such as mnist_convnet.layers")
    refuse_branches(_take_maps(layers), "a ladder")
    rungs = tuple(_read(layer) for layer in _take_maps(layers) if "kernel_size" in layer)
    if not 1 <= len(rungs) <= MOST:
        raise ValueError(f"{len(rungs)} layers have windows; give a network with 1 to {MOST} convolutions and poolings")
    *size, channels = layers[0]["input_shape"]
    return SizeLadderTrace((int(size[0]), int(size[1])), int(channels), rungs)


def _take_maps(layers: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the layers up to the first that does not take and give maps (height, width, channels)."""
    taken = []
    for layer in layers:
        if len(layer["input_shape"]) != 3 or len(layer["output_shape"]) != 3:
            break
        taken.append(layer)
    return taken


def _read(layer: Mapping[str, Any]) -> Rung:
    """Return a layer as a rung, after checking its output's size against its window."""
    size, step, holes = (arithmetic.read_side(layer, name) for name in ("kernel_size", "strides", "dilation"))
    size, padding = (size - 1) * holes + 1, str(layer.get("padding", "valid"))
    before, after = (_pair(layer[key]) for key in ("input_shape", "output_shape"))
    room = [-(-n // step) if padding == "same" else (n - size) // step + 1 for n in before]
    if (room[0], room[1]) != after:
        raise ValueError(
            f"{layer['name']} gives {times(after)}, but a window of {size} with stride {step} makes "
            f"{times(room)} of {times(before)}; give the layers as the model says them"
        )
    return Rung(layer["name"], layer["kind"], size, step, padding, before, after, int(layer["output_shape"][2]), holes)


def _pair(shape: Sequence[int]) -> Pair:
    return int(shape[0]), int(shape[1])


def describe(trace: SizeLadderTrace) -> Description:
    """Return every layer with its window, the sizes before and after, and what it drops."""
    words = "; ".join(_say(rung) for rung in trace.rungs)
    sizes = [height for height, _ in trace.maps]
    alt = f"The maps of a network as squares to scale, {' → '.join(map(str, sizes))} cells high: {words}."
    facts: dict[str, object] = {
        "sizes": sizes,
        "first": sizes[0],
        "last": sizes[-1],
        "dropped": {rung.name: {"rows": rung.dropped[0], "columns": rung.dropped[1]} for rung in trace.rungs},
        "skipped": {rung.name: {"rows": rung.skipped[0], "columns": rung.skipped[1]} for rung in trace.rungs},
        "formula": {rung.name: f"{rung.formula} = {rung.after[0]}" for rung in trace.rungs},
    }
    return Description(alt, (), facts)


def _say(rung: Rung) -> str:
    """Return one layer in words."""
    between = "in its holes" if rung.dilation > 1 else "between its windows"
    parts = [f"drops {' and '.join(name_lines(rung.dropped))}"] * any(rung.dropped)
    parts += [f"skips {' and '.join(name_lines(rung.skipped))} {between}"] * any(rung.skipped)
    unused = f" and {' and '.join(parts)}" if parts else ""
    return f"{rung.name} ({rung.operation}) makes {times(rung.after)} from {times(rung.before)}{unused}"


def draw(trace: SizeLadderTrace, theme: "Theme") -> "Figure":
    """Return the maps on one line from left to right, each layer above its arrow, sizes and what is dropped below."""
    return draw_ladder(trace, theme)


def draw_narrow(trace: SizeLadderTrace, theme: "Theme") -> "Figure":
    """Return the maps for a narrow page: one below the other, each layer between them, sizes at the right."""
    scale = 1.9 / max(max(size) for size in trace.maps)
    tops, y = [], 0.15
    for number, (rows, _) in enumerate(trace.maps):
        tops.append(y)
        y += max(scale * rows, LEAD * len(_below(trace, number)) + 0.1) + STEP
    skips = any(rung.unused for rung in trace.rungs)
    figure = still.new_figure(theme, NARROW_WIDTH, y - STEP + (0.95 if skips else 0.6))
    sheet = still.new_sheet(figure)
    for number, (size, top) in enumerate(zip(trace.maps, tops, strict=True)):
        after = trace.rungs[number] if number < len(trace.rungs) else None
        x, ground = 1.3 - scale * size[1] / 2, top + scale * size[0]
        _draw_map(sheet, (x, scale), size, theme, after, role="output" if number else "input", ground=ground)
        _write_below(sheet, _below(trace, number), theme, 3.9, top - 0.1)
        if after:
            _draw_step_down(sheet, after, theme, (max(ground, tops[number + 1] - STEP), tops[number + 1]))
    _draw_narrow_key(sheet, trace, theme, y - STEP + 0.45)
    return figure


def _draw_step_down(sheet: Axes, rung: Rung, theme: Theme, ends: tuple[float, float]) -> None:
    """Draw a layer's arrow from one map down to the next, with its texts beside it."""
    top, y = ends[0] + 0.08, ends[1] - 0.08
    head = [((1.3 - 0.06, y - 0.09), (1.3, y)), ((1.3 + 0.06, y - 0.09), (1.3, y))]
    still.rule(sheet, [((1.3, top), (1.3, y)), *head], color=theme.muted, linewidth=still.LINE)
    (name, role), (operation, second) = _above(rung)
    x, below = 1.5 + still.text_width(name, still.MIN_TEXT, bold=True) / 2, (top + y) / 2 + 0.07
    still.write_middle(sheet, x, below, ((name, role),), theme, points=still.MIN_TEXT, bold=True)
    x = 2 * x - 1.5 + 0.15 + still.text_width(operation, still.MIN_TEXT) / 2
    still.write_middle(sheet, x, below, ((operation, second),), theme, points=still.MIN_TEXT)


def _draw_narrow_key(sheet: Axes, trace: SizeLadderTrace, theme: Theme, y: float) -> None:
    """Explain the frame in the corner and the hatching, one below the other."""
    for row, (told, color, mark) in enumerate(_key_of(trace, theme)):
        top = y + 0.35 * row - 0.17
        still.box(sheet, 0.3, top, 0.2, 0.2, edgecolor=color, linewidth=still.LINE)
        if mark == "/":
            still.rule(sheet, [((0.3, top + 0.2), (0.5, top))], color=color, linewidth=still.LINE)
        still.write(sheet, 0.62, top + 0.17, told, color=theme.ink, points=still.MIN_TEXT)


STEP = 0.55  # inches between two maps on a narrow page: room for an arrow
GROUND = 3.72  # inches: the line on which the maps stand
TALLEST, WIDEST = 3.0, 12.5
NARROWEST = 0.5  # smallest gap between two maps: room for an arrow
APART = 0.18  # smallest space between two texts
LEAD = 0.28  # from line to line
Lines = list[tuple[str, str]]  # texts, each with the name of its role


# Drawing: squares to scale on one line, as far apart as their texts need.


def draw_ladder(trace: SizeLadderTrace, theme: Theme) -> Figure:
    """Return the maps on one line from left to right, each layer above its arrow, sizes and what is dropped below."""
    figure = still.new_figure(theme, height=5.85)
    sheet = still.new_sheet(figure)
    scale, lefts = arrange(trace)
    for number, (left, size) in enumerate(zip(lefts, trace.maps, strict=True)):
        after = trace.rungs[number] if number < len(trace.rungs) else None
        _draw_map(sheet, (left, scale), size, theme, after, role="output" if number else "input")
        _write_below(sheet, _below(trace, number), theme, left + scale * size[1] / 2)
        if after:
            _draw_step(sheet, after, theme, (left + scale * size[1], lefts[number + 1], scale))
    _draw_key(sheet, trace, theme)
    return figure


def arrange(trace: SizeLadderTrace) -> tuple[float, list[float]]:
    """Return how many inches a cell is, and where each map begins: as large as texts and gaps allow, centered."""
    scale = TALLEST / max(height for height, _ in trace.maps)
    # Texts do not shrink with the maps, so the scale is found by trying, not by division.
    while (across := sum(_steps(trace, scale)) + sum(_overhang(trace, scale))) > WIDEST and scale > 0.01:
        scale *= 0.99
    x = (12.8 - across) / 2 + _overhang(trace, scale)[0]
    lefts = []
    for step in _steps(trace, scale):
        lefts.append(x)
        x += step
    return scale, lefts


def _steps(trace: SizeLadderTrace, scale: float) -> list[float]:
    """Return the distance from each map's left edge to that of the next; for the last map its width."""
    widths = [scale * width for _, width in trace.maps]
    labels = [_wide(_below(trace, number)) for number in range(len(widths))]
    steps = []
    for number, rung in enumerate(trace.rungs):
        beside = (widths[number] + widths[number + 1]) / 2
        needed = max((labels[number] + labels[number + 1]) / 2, _wide(_above(rung))) + APART
        steps.append(widths[number] + max(NARROWEST, needed - beside))
    return [*steps, widths[-1]]


def _overhang(trace: SizeLadderTrace, scale: float) -> tuple[float, float]:
    """Return how far texts reach beyond the first and the last map."""
    first, last = ((_wide(_below(trace, number)) - scale * trace.maps[number][1]) / 2 for number in (0, -1))
    return max(0.0, first), max(0.0, last)


def _above(rung: Rung) -> Lines:
    """Return the lines above a layer's arrow: its name and its window."""
    return [(rung.name, "ink"), (rung.operation, "kernel")]


def _below(trace: SizeLadderTrace, number: int) -> Lines:
    """Return the lines below a map: its size, how that is computed, channels, and what the next layer drops of it."""
    number %= len(trace.maps)
    channels = [trace.channels, *(rung.channels for rung in trace.rungs)][number]
    made = trace.rungs[number - 1].formula if number else "input"
    lines = [(times(trace.maps[number]), "ink"), (made, "muted"), (words.count_noun(channels, "channel"), "muted")]
    after = trace.rungs[number] if number < len(trace.rungs) else None
    if after is None or not after.unused:
        return lines
    verb = "leaves out" if any(after.skipped) else "drops"
    return [*lines, (f"{after.name} {verb}", "wrong"), (", ".join(after.unused), "wrong")]


def _wide(lines: Lines) -> float:
    """Return the width of the widest line; the first one is written large or bold."""
    return max(
        still.text_width(text, still.HEADING if text[0].isdigit() and not number else still.MIN_TEXT, bold=True)
        for number, (text, _) in enumerate(lines)
        if text[0] not in "⌊⌈"
    )


def _draw_map(
    sheet: Axes,
    where: tuple[float, float],
    size: Pair,
    theme: Theme,
    after: Rung | None,
    *,
    role: str,
    ground: float = GROUND,
) -> None:
    """Draw a map to scale; what the next layer drops of it is hatched, that layer's window stands in its corner."""
    (x, scale), (rows, columns) = where, size
    top, color = ground - scale * rows, getattr(theme, role)
    still.box(sheet, x, top, scale * columns, scale * rows, facecolor=getattr(theme, f"{role}_tint"))
    if after:
        _hatch(sheet, after.used, theme, (x, top, scale))
    still.box(sheet, x, top, scale * columns, scale * rows, edgecolor=color, linewidth=still.LINE)
    if after:
        tall, wide = (min(after.kernel_size, n) for n in size)
        still.box(sheet, x, top, scale * wide, scale * tall, edgecolor=theme.window, linewidth=still.LINE)


def _hatch(sheet: Axes, used: tuple[Array, Array], theme: Theme, where: tuple[float, float, float]) -> None:
    """Strike out the rows and columns of a map that no window uses, cell by cell."""
    x, top, scale = where
    corners = [(x + int(j) * scale, top + int(i) * scale) for i, j in np.argwhere(~np.outer(*used))]
    still.boxes(sheet, corners, scale, facecolor=theme.paper)
    still.rule(sheet, [((a, b + scale), (a + scale, b)) for a, b in corners], color=theme.wrong, linewidth=still.LINE)


def _write_below(sheet: Axes, lines: Lines, theme: Theme, middle: float, ground: float = GROUND) -> None:
    """Write the lines below a map, the size in large type."""
    (size, role), *others = lines
    y = ground + 0.34
    still.write_middle(sheet, middle, y, ((size, role),), theme, points=still.HEADING, bold=True)
    for number, line in enumerate(others):
        still.write_middle(sheet, middle, y + 0.02 + LEAD * (number + 1), (line,), theme, points=still.MIN_TEXT)


def _draw_step(sheet: Axes, rung: Rung, theme: Theme, where: tuple[float, float, float]) -> None:
    """Draw a layer's arrow at half the height of the smaller map, and its texts above the taller map."""
    left, right, scale = where
    low, high = sorted((rung.before[0], rung.after[0]))
    y, x, middle = GROUND - scale * low / 2, right - 0.1, (left + right) / 2
    head = [((x - 0.09, y - 0.06), (x, y)), ((x - 0.09, y + 0.06), (x, y))]
    still.rule(sheet, [((left + 0.1, y), (x, y)), *head], color=theme.muted, linewidth=still.LINE)
    y = GROUND - scale * high - 0.14
    (name, role), (operation, second) = _above(rung)
    still.write_middle(sheet, middle, y - 0.27, ((name, role),), theme, points=still.MIN_TEXT, bold=True)
    still.write_middle(sheet, middle, y, ((operation, second),), theme, points=still.MIN_TEXT)


def _draw_key(sheet: Axes, trace: SizeLadderTrace, theme: Theme) -> None:
    """Explain the frame in the corner and the hatching."""
    still.draw_key(sheet, 5.7, _key_of(trace, theme), theme)


def _key_of(trace: SizeLadderTrace, theme: Theme) -> list[tuple[str, str, str]]:
    """Return what the frame in the corner and the hatching mean, each with its color and its mark."""
    parts = [("the next layer’s window, to scale", theme.window, "-")]
    if any(rung.unused for rung in trace.rungs):
        skips = any(any(rung.skipped) for rung in trace.rungs)
        parts.append(("no window uses it" if skips else "dropped: no window reaches it", theme.wrong, "/"))
    return parts
