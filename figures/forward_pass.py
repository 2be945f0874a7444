"""One digit on its way through a network: the maps of each layer, then rows of numbers, at the end probabilities.

Of each layer with maps a few channels are drawn, those with the most contrast; a pooling shows the same ones as the
convolution before it. Every layer has its own color scale.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from figures.parts import still
from figures.parts.keyframes import PANEL_SMALLEST, Box, Item, Line, Rules, Shades, draw_items, measure, say, shade
from figures.parts.layout import PANEL
from figures.parts.words import Description, QuestionWords, count_noun, join, times, write_fixed, write_percent

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme


Array = NDArray[Any]
MOST_CHANNELS, MOST_CLASSES, LONGEST_ROW = 5, 10, 128  # drawn of a layer; at the end; of a row of numbers that is drawn


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer's name and output: maps (height, width, channels), or a row (values,).

    shown: which channels are drawn. is_weighted: whether it has learned something, and so begins a step of the film.
    """

    name: str
    output: Array
    shown: tuple[int, ...]
    is_weighted: bool

    @property
    def is_drawn(self) -> bool:
        """Whether the layer has a column of its own: maps, and rows that are not too long."""
        return self.output.ndim == 3 or self.output.size <= LONGEST_ROW

    @property
    def size(self) -> str:
        """The size of the output in words."""
        return times(self.output.shape)


@dataclass(frozen=True, slots=True)
class ForwardPassTrace:
    """The image (height, width) and the layers in order; the last gives the probabilities of the classes."""

    image: Array
    layers: tuple[Layer, ...]

    @property
    def probabilities(self) -> Array:
        """The probabilities of the classes."""
        return self.layers[-1].output

    @property
    def groups(self) -> list[list[int]]:
        """The layers of each step, by their places: one that has weights, and those without that follow it."""
        groups: list[list[int]] = []
        for place, layer in enumerate(self.layers):
            if layer.is_weighted or not groups:
                groups.append([])
            groups[-1].append(place)
        return groups


def trace(*, maps: Mapping[str, ArrayLike], layers: Sequence[Mapping[str, Any]], channels: int = 4) -> ForwardPassTrace:
    """Return what each layer makes of one image.

    maps: each layer's output by its name, and `input`, the image, as `mnist_convnet.maps`. layers: facts as
    `mnist_convnet.layers`, one path. channels: how many maps of a layer are drawn. Raises ValueError if the output of a
    layer is missing, the path branches, the last layer gives no probabilities, or there are more columns than fit.
    """
    if not 1 <= channels <= MOST_CHANNELS:
        raise ValueError(f"channels is {channels}; draw 1 to {MOST_CHANNELS}")
    missing = [name for name in ("input", *(layer["name"] for layer in layers)) if name not in maps]
    if missing:
        raise ValueError(f"maps has no {missing[0]}; give maps and layers of one network")
    image = np.asarray(maps["input"], dtype=float).squeeze()
    if image.ndim != 2:
        raise ValueError(f"the image has shape {image.shape}; give (height, width), as in mnist_convnet.maps.input")
    read: list[Layer] = []
    for place, layer in enumerate(layers):
        _check_path(layer, layers[place - 1]["name"] if place else "input")
        read.append(_read(layer, np.asarray(maps[layer["name"]], dtype=float), read, channels))
    found = ForwardPassTrace(image, tuple(read))
    _check_end(found)
    return found


def _check_path(layer: Mapping[str, Any], before: str) -> None:
    """Raise ValueError unless a layer takes the output of the one before."""
    if list(layer.get("inputs", [before])) != [before]:
        raise ValueError(f"{layer['name']} does not follow {before} alone; only one path of layers can be shown here")


def _read(layer: Mapping[str, Any], output: Array, before: Sequence[Layer], channels: int) -> Layer:
    """Return one layer, with the channels that are drawn of it."""
    if output.ndim not in (1, 3) or not output.size or not np.isfinite(output).all():
        raise ValueError(f"{layer['name']} has an output of shape {output.shape}; give finite maps or rows of numbers")
    is_weighted = bool(layer.get("parameters"))
    shown: tuple[int, ...] = ()
    if output.ndim == 3:
        contrast = np.argsort(-output.std(axis=(0, 1)), kind="stable")[:channels]
        shown = tuple(sorted(int(channel) for channel in contrast))
        if before and not is_weighted and before[-1].output.shape[-1] == output.shape[-1]:
            shown = before[-1].shown
    return Layer(str(layer["name"]), output, shown, is_weighted)


def _check_end(trace: ForwardPassTrace) -> None:
    """Raise ValueError unless the last layer gives probabilities, and all columns fit."""
    last = trace.layers[-1]
    is_share = last.output.ndim == 1 and last.output.min() >= 0 and abs(last.output.sum() - 1) < 1e-3
    if not is_share or last.output.size > MOST_CLASSES:
        raise ValueError(f"{last.name} does not give up to {MOST_CLASSES} probabilities; end with a softmax layer")
    wide = sum(column.room for column in _columns(trace))
    if wide > END - START - BARS:
        raise ValueError(f"{count_noun(len(trace.layers), 'layer')} do not fit a slide; give fewer of them")


def write_probability(value: float) -> str:
    """Return a probability in percent with one decimal, and never as 0 or 100 unless it is that."""
    return write_percent(value, 1)


def describe(trace: ForwardPassTrace) -> Description:
    """Return the alt text, a sentence for each step, and the facts."""
    steps = tuple(" ".join(_say(trace, place) for place in group) for group in trace.groups)
    order = np.argsort(-trace.probabilities, kind="stable")
    alt = f"One digit of {times(trace.image.shape)} pixels on its way through a network. {' '.join(steps)}"
    facts = {
        "answer": int(order[0]),
        "probability": float(trace.probabilities[order[0]]),
        "second": int(order[1]) if len(order) > 1 else int(order[0]),
        "layers": [layer.name for layer in trace.layers],
        "values": [int(layer.output.size) for layer in trace.layers],
    }
    return Description(alt, steps, facts)


def _say(trace: ForwardPassTrace, place: int) -> str:
    """Return the sentence about one layer."""
    layer = trace.layers[place]
    if place == len(trace.layers) - 1:
        best = int(trace.probabilities.argmax())
        return (
            f"{layer.name}: {layer.output.size} probabilities; the largest, "
            f"{write_probability(trace.probabilities[best])}, is that of {best}."
        )
    if layer.output.ndim == 3:
        height, width, channels = layer.output.shape
        largest = write_fixed(layer.output.max())
        return f"{layer.name}: {count_noun(channels, 'map')} of {height} × {width} values, the largest {largest}."
    above = int((layer.output > 0).sum())
    return f"{layer.name}: a row of {count_noun(layer.output.size, 'value')}, {above} of them above 0."


def draw(trace: ForwardPassTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return the whole way, or the small panel of one `step`."""
    if step is None:
        return draw_items(compose(trace, len(trace.layers)), theme)
    return draw_items(compose_panel(trace, trace.groups[step]), theme, PANEL)


def draw_question(trace: ForwardPassTrace, theme: "Theme") -> "Figure":
    """Return the digit before the network, whose layers are empty."""
    return draw_items(compose(trace, 0), theme)


def describe_question(trace: ForwardPassTrace) -> QuestionWords:
    """Return what is given: the digit, and the layers."""
    names = join([f"{layer.name} ({layer.size})" for layer in trace.layers])
    return QuestionWords(f"One digit of {times(trace.image.shape)} pixels before a network of the layers {names}.")


def animate(trace: ForwardPassTrace, scene: "Scene") -> None:
    """Let the digit pass layer by layer, map by map; a mark after the opening and after each step."""
    from figures.parts.map_film import MapPlayer

    player = MapPlayer(scene)
    player.begin(compose(trace, 0))
    scene.mark("The digit, and nothing computed yet.")
    for group, sentence in zip(trace.groups, describe(trace).steps, strict=True):
        for place in group:
            layer = trace.layers[place]
            maps = len(layer.shown) if layer.is_weighted else 0
            for count in range(1, maps):
                player.turn(compose(trace, place, drawn=count), 0.3)
            player.turn(compose(trace, place + 1), 0.5, wait=0.2)
        scene.mark(sentence)


# The layout, shared by the still and the film, in pixels: columns from left to right, at the end the bars.
START, END, BARS = 40.0, 1500.0, 300.0  # left and right edge, room of the bars
TOP, BOTTOM, GAP = 96.0, 632.0, 14.0  # of the columns, and between the maps of one
NAME, SIZE, ARROW = 27.0, 22.0, 34.0  # text sizes of a layer's name and of its size; room for an arrow
ROW = 34.0  # width of a row of numbers, which stands upright


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the picture: the image (place −1) or the layer at `place`, `side` pixels wide.

    note: the layers after it that have no column of their own.
    """

    place: int
    name: str
    size: str
    side: float
    note: str = ""

    @property
    def room(self) -> float:
        """The width that it needs with its name and size, and an arrow after it."""
        texts = [measure(text, SIZE, is_bold=False) for text in (self.size, self.note)]
        return max(self.side, measure(self.name, NAME, is_bold=True), *texts) + ARROW


def _columns(trace: ForwardPassTrace) -> list[Column]:
    """Return the columns before the bars; small maps are drawn larger than to scale, so that they can be seen."""
    columns = [Column(-1, "input", times(trace.image.shape), _side_of(trace.image, 1))]
    for place, layer in enumerate(trace.layers[:-1]):
        if layer.output.ndim == 3:
            columns.append(Column(place, layer.name, layer.size, _side_of(layer.output, len(layer.shown))))
        elif layer.is_drawn:
            columns.append(Column(place, layer.name, layer.size, ROW))
        else:
            columns[-1] = replace(columns[-1], note=f"{layer.name}: {layer.size}")
    return columns


def _side_of(values: Array, count: int) -> float:
    """Return how wide a map is drawn, in pixels, so that `count` of them fit one above the other."""
    height, width = values.shape[:2]
    tall = (BOTTOM - TOP - GAP * (max(count, 4) - 1)) / max(count, 4)
    cell = min((44 + 3.2 * width) / width, tall / height)
    return float(int(cell * 2) / 2 * width) if cell >= 1 else cell * width


def compose(trace: ForwardPassTrace, count: int, drawn: int = 0) -> list[Item]:
    """Return the slide after `count` layers, the others empty; of the next one, the first `drawn` maps are known."""
    columns = _columns(trace)
    spare = (END - START - BARS - sum(column.room for column in columns)) / len(columns)
    newest = max(column.place for column in columns if column.place < count + (drawn > 0))
    items: list[Item] = []
    left = START
    for column in columns:
        room = column.room + spare
        middle, known = left + (room - ARROW) / 2, drawn if column.place == count else MOST_CHANNELS
        items += _draw_column(trace, column, middle, known if column.place <= newest else 0)
        items += _name(column, middle, "muted" if column.place > newest else "window" if column.place == newest else "")
        items += _arrow(column, left + room - ARROW, spare)
        left += room
    return [*items, *_draw_bars(trace, END - BARS + 10, is_known=count == len(trace.layers))]


def _name(column: Column, middle: float, role: str) -> list[Item]:
    """Return a column's name above it, and its size below."""
    role = role or ("input" if column.place < 0 else "output")
    note = [say(f"{column.name} note", column.note, middle, BOTTOM + 74, SIZE, "muted")] if column.note else []
    return [
        say(f"{column.name} name", column.name, middle, TOP - 30, NAME, role, is_bold=True),
        say(f"{column.name} size", column.size, middle, BOTTOM + 44, SIZE, "muted"),
        *note,
    ]


def _arrow(column: Column, start: float, spare: float) -> list[Item]:
    """Return the arrow after a column."""
    y, end = (TOP + BOTTOM) / 2, start + ARROW - 4
    begin = max(start + 4 - spare / 2, end - 60)
    head = (((end - 9, y - 7), (end, y)), ((end - 9, y + 7), (end, y)))
    return [Rules(f"{column.name} arrow", (((begin, y), (end, y)), *head), "muted", 2.6)]


def _draw_column(trace: ForwardPassTrace, column: Column, middle: float, known: int) -> list[Item]:
    """Return the image, some maps of a layer, or its row, around the height of the middle; only `known` are filled."""
    center = (TOP + BOTTOM) / 2
    if column.place < 0:
        cell = column.side / trace.image.shape[1]
        place = (middle - column.side / 2, center - cell * trace.image.shape[0] / 2, cell)
        return [shade("input", trace.image, *place, (0.0, float(trace.image.max()) or 1.0), "input", is_image=True)]
    layer = trace.layers[column.place]
    limits = still.color_limits(layer.output)
    if layer.output.ndim == 1:
        return [_draw_row(layer, middle, limits, is_known=known > 0)]
    cell = column.side / layer.output.shape[1]
    tall = cell * layer.output.shape[0]
    left, top = middle - column.side / 2, center - (len(layer.shown) * (tall + GAP) - GAP) / 2
    return [
        shade(f"{layer.name} {c}", layer.output[..., c] * (k < known), left, top + k * (tall + GAP), cell, limits)
        for k, c in enumerate(layer.shown)
    ]


def _draw_row(layer: Layer, middle: float, limits: tuple[float, float], *, is_known: bool) -> Shades:
    """Return a row of numbers, upright, wide enough to be seen."""
    cell = min(ROW, (BOTTOM - TOP) / layer.output.size)
    wide = max(1, round(ROW / cell))
    values = np.repeat(layer.output[:, None] * is_known, wide, axis=1)
    return shade(layer.name, values, middle - wide * cell / 2, (TOP + BOTTOM - cell * len(values)) / 2, cell, limits)


def _draw_bars(trace: ForwardPassTrace, left: float, *, is_known: bool) -> list[Item]:
    """Return the probabilities as bars, that of the answer with its number; only the classes if they are not known."""
    best, count = int(trace.probabilities.argmax()), trace.probabilities.size
    pitch, longest = min(54.0, (BOTTOM - TOP) / count), BARS - 150
    top = (TOP + BOTTOM - pitch * count) / 2
    items: list[Item] = [
        say(
            "bars name",
            trace.layers[-1].name,
            left + 34,
            TOP - 30,
            NAME,
            "window" if is_known else "muted",
            "left",
            is_bold=True,
        ),
        Rules("bars zero", (((left + 34, top), (left + 34, top + pitch * count)),), "muted", 2.6),
    ]
    for k, value in enumerate(trace.probabilities):
        y, wide = top + k * pitch, max(1.0, float(value) * longest)
        is_best = is_known and k == best
        items.append(say(f"bars class {k}", str(k), left + 12, y + pitch / 2 + 9, 26, "ink", is_bold=is_best))
        if is_known:
            fill = "output" if is_best else "output_tint"
            items.append(Box(f"bars {k}", left + 34, y + 0.16 * pitch, wide, 0.68 * pitch, "output", fill))
    if not is_known:
        return items
    words, y = write_probability(trace.probabilities[best]), top + (best + 0.5) * pitch + 9
    x = left + 44 + max(1.0, float(trace.probabilities[best]) * longest)
    return [*items, say("bars answer", words, x, y, 26, "ink", "left", is_bold=True)]


def compose_panel(trace: ForwardPassTrace, group: Sequence[int]) -> list[Item]:
    """Return the small panel of a step: the maps of its layers, its row of numbers, or the bars."""
    if group[-1] == len(trace.layers) - 1:
        return _panel_of_bars(trace)
    drawn = [trace.layers[place] for place in group if trace.layers[place].is_drawn]
    room = PANEL.height / len(drawn)
    items: list[Item] = []
    for line, layer in enumerate(drawn):
        y = line * room
        items.append(
            say(f"{layer.name} name", f"{layer.name}: {layer.size}", 12, y + 26, 18, "output", "left", is_bold=True)
        )
        limits = still.color_limits(layer.output)
        if layer.output.ndim == 1:
            cell = (PANEL.width - 24) / layer.output.size
            values = np.repeat(layer.output[None], max(1, int(60 / cell)), axis=0)
            items.append(shade(layer.name, values, 12, y + 60, cell, limits))
            continue
        side = min((PANEL.width - 24) / len(layer.shown) - 8, room - 46)
        for k, channel in enumerate(layer.shown):
            left = 12 + k * (PANEL.width - 24) / len(layer.shown)
            values, cell = layer.output[..., channel], side / max(layer.output.shape[:2])
            items.append(shade(f"{layer.name} {channel}", values, left, y + 38, cell, limits))
    return items


def _panel_of_bars(trace: ForwardPassTrace) -> list[Item]:
    """Return the probabilities as small bars."""
    best, count = int(trace.probabilities.argmax()), trace.probabilities.size
    pitch = min(28.0, 280 / count)
    items: list[Item] = []
    for k, value in enumerate(trace.probabilities):
        y = 20 + k * pitch
        items.append(say(f"class {k}", str(k), 30, y + pitch / 2 + 6, 17, "ink", is_bold=k == best))
        fill = "output" if k == best else "output_tint"
        items.append(Box(f"bar {k}", 50, y + 3, max(1.0, 250 * float(value)), pitch - 6, "output", fill))
    words, y = write_probability(trace.probabilities[best]), 20 + best * pitch + pitch / 2 + 6
    x = 60 + max(1.0, 250 * float(trace.probabilities[best]))
    return [*items, Line("answer", ((words, "ink"),), x, y, PANEL_SMALLEST + 2, "left", is_bold=True)]
