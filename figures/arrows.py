"""A network as circles and arrows: each circle is a channel (or a single number), each arrow connects two of them.

An arrow into a channel of a convolution is one kernel (height × width). The channel is the sum over all arrows into it,
plus one bias; a diagram of boxes hides these sums. The arrows into the first channel are bold: together they are that
channel's one filter. The style follows "Teaching CNNs" (UBC Master of Data Science, 2019).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from figures.parts.graph import refuse_branches
from figures.parts.words import Description, times
from generator.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


NEEDED = ("name", "kind", "input_shape", "output_shape", "parameters")
POOLING = ("MaxPooling2D", "AveragePooling2D", "GlobalMaxPooling2D", "GlobalAveragePooling2D")
# Layers in which a channel leads only to its own successor.
EACH = (*POOLING, "Dropout", "Activation", "ReLU", "Rescaling", "ZeroPadding2D", "Cropping2D")
MOST = 9  # layers in a row
ROWS = ("layer", "channels", "size", "arrows", "each")
MIDDLE, APART = 1.72, 0.62  # inches: y of the middle of a column, distance between its circles
TABLE, LINE, HEAD = 3.72, 0.34, 1.2  # inches: top of the table, line spacing, width of its first column
RADIUS, SMALL = 0.2, 0.12  # inches: radius of a map's circle, of a single number's


@dataclass(frozen=True, slots=True)
class Layer:
    """One column of `channels` circles, and the arrows that lead into it.

    size: of a map, such as "26 × 26"; empty if a circle is a single number. arrows: how many there are; each: what one
    of them stands for. is_full: whether every circle leads to every circle, rather than each to its own successor.
    """

    name: str
    channels: int
    size: str = ""
    arrows: int = 0
    each: str = ""
    is_full: bool = False


@dataclass(frozen=True, slots=True)
class ArrowsTrace:
    """The layers in order, the input first; of each, at most the first `shown` circles and the last are drawn."""

    layers: tuple[Layer, ...]
    shown: int


def trace(*, layers: Sequence[Mapping[str, Any]], shown: int = 3) -> ArrowsTrace:
    """Return the circles and arrows of a network, given by its layers (such as `mnist_convnet.layers`).

    shown: how many circles of a column are drawn before "…" and the last one. Raises ValueError for a kind of layer
    that cannot be drawn, one whose parameters are not those of arrows from every channel to every channel, or branches.
    """
    if not 1 <= len(layers) <= MOST:
        raise ValueError(f"there are {len(layers)} layers; 1 to {MOST} fit a slide")
    if not 1 <= shown <= 3:
        raise ValueError(f"shown is {shown}; 1 to 3 circles stand before the dots")
    for layer in layers:
        missing = [name for name in NEEDED if name not in layer]
        if missing:
            raise ValueError(f"a layer has no {missing[0]}; give the layers of a network, such as mnist_convnet.layers")
    refuse_branches(layers, "a row of circles")
    start = tuple(layers[0]["input_shape"])
    first = Layer("input", start[-1], times(start[:-1]))
    return ArrowsTrace((first, *(_read(layer) for layer in layers)), shown)


def _read(layer: Mapping[str, Any]) -> Layer:
    """Return one layer's circles and the arrows into them; raise ValueError if they cannot be drawn."""
    name, kind = str(layer["name"]), str(layer["kind"])
    before, after = tuple(layer["input_shape"]), tuple(layer["output_shape"])
    channels, size = int(after[-1]), times(after[:-1])
    if kind == "Flatten":
        return Layer(name, channels, size, channels, "1 value")
    if kind in EACH:
        return Layer(name, channels, size, channels, _say_pooling(layer))
    if kind not in ("Conv2D", "Dense"):
        raise ValueError(f"{name} is a {kind}, whose arrows are not known; there is Conv2D, Dense, Flatten and pooling")
    side = int(layer.get("kernel_size", 1)) if kind == "Conv2D" else 1
    arrows = int(before[-1]) * channels
    if layer["parameters"] not in (arrows * side * side, arrows * side * side + channels):
        raise ValueError(
            f"{name} has {layer['parameters']:,} parameters; arrows from every channel to every channel have "
            f"{arrows * side * side + channels:,}, so it is no plain {kind}"
        )
    return Layer(name, channels, size, arrows, f"{side} × {side}" if kind == "Conv2D" else "1 weight", is_full=True)


def _say_pooling(layer: Mapping[str, Any]) -> str:
    """Return what an arrow from a channel to its own successor stands for."""
    kind = str(layer["kind"])
    name = "max" if "Max" in kind else "mean" if "Average" in kind else ""
    if kind.startswith("Global"):
        return f"{name} of all"
    side = layer.get("kernel_size", 0)
    return f"{name} {side} × {side}" if name and side else "itself"


def choose(count: int, shown: int) -> list[int | None]:
    """Return the indices of the circles that are drawn; None stands for those left out.

    >>> choose(32, 3), choose(4, 3), choose(1, 3)
    ([0, 1, 2, None, 31], [0, 1, 2, 3], [0])
    """
    return list(range(count)) if count <= shown + 1 else [*range(shown), None, count - 1]


def describe(trace: ArrowsTrace) -> Description:
    """Return every layer in words: its circles, and what the arrows into it stand for."""
    first, *rest = trace.layers
    each = "; ".join(_say(layer) for layer in rest)
    alt = f"A network as circles and arrows. It begins with {_count(first)}. {each}."
    facts = {
        "arrows": {layer.name: layer.arrows for layer in rest},
        "channels": {layer.name: layer.channels for layer in trace.layers},
        "kernels": sum(layer.arrows for layer in rest if layer.is_full and layer.size),
    }
    return Description(alt, (), facts)


def _say(layer: Layer) -> str:
    """Return one layer in words."""
    way = "from every circle to every circle" if layer.is_full else "one into each circle"
    return f"{layer.name} has {_count(layer)}, with {layer.arrows:,} arrows, {way}, each {layer.each}"


def _count(layer: Layer) -> str:
    """Return how many circles a layer has, and what they are."""
    plural = "s" if layer.channels > 1 else ""
    return f"{layer.channels:,} channel{plural} of {layer.size}" if layer.size else f"{layer.channels:,} number{plural}"


def draw(trace: ArrowsTrace, theme: Theme) -> "Figure":
    """Return the circles and arrows, and below them a table of shapes and counts."""
    from figures.parts import still

    figure = still.new_figure(theme, height=TABLE + LINE * len(ROWS) + 0.5)
    sheet = still.new_sheet(figure)
    step = (12.75 - HEAD) / len(trace.layers)
    columns = [HEAD + (place + 0.5) * step for place in range(len(trace.layers))]
    for place in range(1, len(trace.layers)):
        pair, ends = trace.layers[place - 1 : place + 1], (columns[place - 1], columns[place])
        _draw_arrows(sheet, pair, trace.shown, theme, ends)
    for x, layer in zip(columns, trace.layers, strict=True):
        _draw_circles(sheet, layer, trace.shown, theme, x)
    _write_table(sheet, trace, theme, columns)
    runs = [
        ("bold: one filter", theme.kernel),
        (", all arrows into one circle; their sum and one bias make it", theme.muted),
    ]
    still.write_runs(sheet, 0.1, TABLE + LINE * len(ROWS) + 0.2, runs, points=still.MIN_TEXT)
    return figure


def _place(count: int, shown: int) -> dict[int | None, float]:
    """Return the y of each circle that is drawn, by index, and of the dots (None)."""
    chosen = choose(count, shown)
    return {index: MIDDLE + APART * (place - (len(chosen) - 1) / 2) for place, index in enumerate(chosen)}


def _radius(layer: Layer) -> float:
    """Return a circle's radius: a single number is drawn smaller than a map."""
    return RADIUS if layer.size else SMALL


def _draw_circles(sheet: "Axes", layer: Layer, shown: int, theme: Theme, x: float) -> None:
    """Draw a column of circles; those that stand for maps contain the channel's number."""
    from matplotlib.patches import Circle

    from figures.parts import still

    is_input = layer.name == "input"
    color, tint = (theme.input, theme.input_tint) if is_input else (theme.output, theme.output_tint)
    for index, y in _place(layer.channels, shown).items():
        if index is None:
            for down in (-0.1, 0.0, 0.1):
                sheet.add_patch(Circle((x, y + down), 0.025, facecolor=theme.muted, edgecolor="none", clip_on=False))
            continue
        style = {"facecolor": tint, "edgecolor": color, "linewidth": still.LINE, "clip_on": False, "zorder": 3}
        sheet.add_patch(Circle((x, y), _radius(layer), **style))
        if layer.size and index < 1000:
            points = still.MIN_TEXT
            still.write(sheet, x, y + 0.065, str(index), color=theme.ink, points=points, align="center").set_zorder(4)


def _draw_arrows(sheet: "Axes", layers: Sequence[Layer], shown: int, theme: Theme, columns: Sequence[float]) -> None:
    """Draw the arrows between two columns: those into the first circle bold, one-to-one ones (pooling) dashed."""
    from figures.parts import still

    (before, after), (x, x_end) = layers, columns
    starts = {i: y for i, y in _place(before.channels, shown).items() if i is not None}
    ends = {i: y for i, y in _place(after.channels, shown).items() if i is not None}
    pairs = [(a, b) for a in starts for b in ends if after.is_full or _is_own(a, b, before, after)]
    radii = (_radius(before), _radius(after))
    lines = {pair: _cut((x, starts[pair[0]]), (x_end, ends[pair[1]]), radii) for pair in pairs}
    if not after.is_full:
        shafts = list(lines.values())
        still.rule(sheet, shafts, color=theme.muted, linewidth=still.LINE, linestyle=(0, (3, 2)), zorder=1)
        still.rule(sheet, [head for line in shafts for head in _point(line)], color=theme.muted, linewidth=still.LINE)
        return
    bold, thin = ([line for (_, b), line in lines.items() if (b == 0) == is_first] for is_first in (True, False))
    for chosen, color, width, order in ((thin, theme.padding, 0.7, 1), (bold, theme.kernel, still.LINE + 0.4, 2)):
        heads = [head for line in chosen for head in _point(line)]
        still.rule(sheet, [*chosen, *heads], color=color, linewidth=width, zorder=order)


def _is_own(start: int, end: int, before: Layer, after: Layer) -> bool:
    """Return whether circle `start` leads to circle `end` in a layer that is not full.

    It leads to its own successor only; value i of a Flatten comes from channel i modulo the number of channels.
    """
    return start == (end if before.channels == after.channels else end % before.channels)


def _cut(start: tuple[float, float], end: tuple[float, float], radii: tuple[float, float]) -> Any:
    """Return the line from circle to circle, cut off a little outside both."""
    (x, y), (x_end, y_end) = start, end
    length = ((x_end - x) ** 2 + (y_end - y) ** 2) ** 0.5
    across, down = (x_end - x) / length, (y_end - y) / length
    out, into = radii[0] + 0.04, radii[1] + 0.05
    return (x + out * across, y + out * down), (x_end - into * across, y_end - into * down)


def _point(line: Any) -> list[Any]:
    """Return the two strokes of an arrowhead."""
    (x, y), (x_end, y_end) = line
    length = ((x_end - x) ** 2 + (y_end - y) ** 2) ** 0.5
    across, down = 0.09 * (x_end - x) / length, 0.09 * (y_end - y) / length
    return [((x_end - across + s * down * 0.5, y_end - down - s * across * 0.5), (x_end, y_end)) for s in (-1, 1)]


def _write_table(sheet: "Axes", trace: ArrowsTrace, theme: Theme, columns: Sequence[float]) -> None:
    """Write each layer's name, shape and arrows under its column."""
    from figures.parts import still
    from figures.parts.still import write_fitted

    still.rule(sheet, [((0.1, TABLE - 0.34), (12.7, TABLE - 0.34))], color=theme.muted, linewidth=still.LINE)
    for row, name in enumerate(ROWS):
        still.write(sheet, 0.1, TABLE + row * LINE, name, color=theme.muted, points=still.MIN_TEXT)
    for x, layer in zip(columns, trace.layers, strict=True):
        arrows = f"{layer.arrows:,}" if layer.arrows else ""
        texts = (layer.name, f"{layer.channels:,}", layer.size or "1 number", arrows, layer.each)
        for row, text in enumerate(texts):
            color = theme.kernel if row >= 3 and layer.is_full else theme.ink
            where = (x, TABLE + row * LINE, columns[1] - columns[0] - 0.08)
            write_fitted(sheet, where, text, color=color, points=still.MIN_TEXT, bold=row == 0)
