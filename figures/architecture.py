"""A network drawn from left to right: a digit goes in, its feature maps stand in between, probabilities come out.

The maps are real ones, computed for that digit. Every size and count comes from `layers`, which an experiment reads
from its Keras model; none is written by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures.parts import still
from figures.parts.words import Description, count_noun, join, write_fixed
from generator.theme import STILL_WIDTH, Theme

Array = NDArray[Any]
NEEDED = ("name", "kind", "output_shape", "parameters", "macs")
ROOMY, MOST = 9, 14  # columns: up to ROOMY leave room for whole words, up to MOST fit on a slide


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer as it is drawn; `shape` is that of its output, without the batch dimension."""

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int
    macs: int
    window: tuple[int, ...]  # kernel or pool size, (rows, columns); () if it has none
    activation: str
    values: Array | None

    @property
    def is_map(self) -> bool:
        """Whether the layer's output is feature maps (height, width, channels) rather than a vector."""
        return len(self.shape) == 3

    @property
    def keeps(self) -> bool:
        """Whether the layer only changes values in place: a normalization, an activation function, dropout."""
        return not self.window and self.kind not in ("Input", "Dense", "Flatten", "Reshape")

    @property
    def size(self) -> str:
        """The output shape as text: 26 × 26 × 32."""
        return " × ".join(f"{n:,}" for n in self.shape)


@dataclass(frozen=True, slots=True)
class ArchitectureTrace:
    """The layers in order; the first one stands for the input."""

    layers: tuple[Layer, ...]

    @property
    def parameters(self) -> int:
        """The number of all weights and biases."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def macs(self) -> int:
        """The multiply-accumulate operations for one input."""
        return sum(layer.macs for layer in self.layers)

    @property
    def columns(self) -> tuple[Layer, ...]:
        """The layers as drawn: if there are more than ROOMY, those that keep the shape join the layer before them."""
        if len(self.layers) <= ROOMY:
            return self.layers
        columns = [self.layers[0]]
        for layer in self.layers[1:]:
            if layer.keeps and layer.shape == columns[-1].shape:
                columns[-1] = _join(columns[-1], layer)
            else:
                columns.append(layer)
        return tuple(columns)


def trace(*, layers: Sequence[Mapping[str, Any]], maps: Mapping[str, Array] | None = None) -> ArchitectureTrace:
    """Return the network of `layers` (a list such as `mnist_convnet.layers`), with each layer's output for one digit.

    maps: arrays by layer name, and the digit under `input`, such as `mnist_convnet.maps`; without it the stacks stay
    empty. Raises ValueError if a layer lacks a field, a map's shape is not its layer's, or the columns do not fit.
    """
    if not layers:
        raise ValueError("layers is empty; give the layers of a network, such as mnist_convnet.layers")
    for layer in layers:
        missing = [name for name in (*NEEDED, "input_shape") if name not in layer]
        if missing:
            raise ValueError(f"a layer has no {missing[0]}; give the layers of a network, such as mnist_convnet.layers")
    maps = maps or {}
    first = Layer("input", "Input", tuple(layers[0]["input_shape"]), 0, 0, (), "", maps.get("input"))
    read = ArchitectureTrace((first, *(_read(layer, maps.get(layer["name"])) for layer in layers)))
    if len(read.columns) > MOST:
        raise ValueError(
            f"the input and {len(read.columns) - 1} layers stand side by side, and {MOST} columns fit a slide; "
            f"give a part of the layers, such as net.layers[:{MOST - 1}]"
        )
    return read


def _join(column: Layer, layer: Layer) -> Layer:
    """Return one column for two layers: the second one's output at the cost of both; an input keeps its picture."""
    values = column.values if column.kind == "Input" or layer.values is None else layer.values
    parameters, macs = column.parameters + layer.parameters, column.macs + layer.macs
    return replace(column, values=values, parameters=parameters, macs=macs)


def _read(layer: Mapping[str, Any], values: Array | None) -> Layer:
    shape = tuple(layer["output_shape"])
    if values is not None and values.shape != shape:
        raise ValueError(f"{layer['name']} gives {shape}, its map is {values.shape}; take layers and maps of one run")
    size = layer.get("kernel_size", ())
    window = (size, size) if isinstance(size, int) else tuple(size)
    return Layer(
        layer["name"],
        layer["kind"],
        shape,
        layer["parameters"],
        layer["macs"],
        window,
        layer.get("activation", ""),
        values,
    )


def describe(trace: ArchitectureTrace) -> Description:
    """Return the network in words: each layer's output and parameters, and the totals."""
    first, *rest = trace.layers
    each = (f"{layer.name} ({layer.kind}) gives {layer.size}, {layer.parameters:,} parameters" for layer in rest)
    alt = (
        f"A network of {count_noun(len(rest), 'layer')} takes {first.size}. {'; '.join(each)}. "
        f"In all {trace.parameters:,} parameters and {trace.macs:,} multiplications."
    )
    last = rest[-1]
    facts: dict[str, object] = {"parameters": trace.parameters, "macs": trace.macs, "layers": len(rest)}
    if last.values is not None and last.values.ndim == 1:
        measure = "probability" if are_probabilities(last.values) else "score"
        facts |= {"answer": int(last.values.argmax()), measure: float(last.values.max())}
        alt += f" The answer to the digit shown is {_say_answer(last.values, measure)}."
    return Description(alt, (), facts)


def _say_answer(values: Array, measure: str) -> str:
    """Return the class with the largest probability or score, or all that tie, and how large it is."""
    largest = float(values.max())
    best = join([str(k) for k in np.flatnonzero(values == values.max())])
    is_sure = measure == "probability" and 0.995 <= largest < 1
    return f"{best} with {measure} {'> 0.99' if is_sure else write_fixed(largest)}"


def are_probabilities(values: Array) -> bool:
    """Return whether numbers are probabilities: none is negative, and their sum is 1 (within 0.01)."""
    return bool(values.min() >= 0 and abs(float(values.sum()) - 1) < 0.01)


def draw(trace: ArchitectureTrace, theme: Theme) -> "Figure":
    """Return the network: a picture of each layer above, the table of sizes and costs below."""
    return draw_network(trace.columns, theme, _sums(trace), _note(trace))


def _sums(trace: ArchitectureTrace) -> str:
    return f"{trace.parameters:,} parameters · {trace.macs:,} multiplications for one image"


def _note(trace: ArchitectureTrace) -> str:
    """Return the note that some layers share a column with the layer before; empty if none do."""
    joined = len(trace.columns) < len(trace.layers)
    return "layers that keep sizes stand with the layer before" if joined else ""


# The drawing: maps as stacks, vectors as columns, probabilities as bars, and a table of sizes below. Lengths in inches.
MIDDLE = 1.67  # from the top to the horizontal axis of all pictures
TABLE = 3.55  # from the top to the table
LINE = 0.33  # line spacing of the table
HEAD = 1.32  # width of the table's first column
TALL = 2.9  # height of the pictures
LARGEST = 0.98  # side of the largest map
DEPTH = 5  # how many maps of a stack are drawn
RIGHT, UP = 0.025, 0.46  # offset of a map from the one in front of it, for the largest maps
BARS = 14  # up to this many classes have a bar each

# What a layer of each kind does, longest wording first; `_fit` takes the first that fits the column.
OPERATIONS = {
    "Input": ("one image", "image"), "Dense": ("dense",), "Flatten": ("reshape",), "Reshape": ("reshape",),
    "GlobalAveragePooling2D": ("mean of all", "mean"), "GlobalMaxPooling2D": ("max of all", "max"),
    "BatchNormalization": ("normalize",), "SpatialDropout2D": ("dropout",),
    "Conv2D": ("conv",), "DepthwiseConv2D": ("depthwise", "conv"), "SeparableConv2D": ("separable", "conv"),
    "MaxPooling2D": ("max",), "AveragePooling2D": ("mean",),
}  # fmt: skip
# How Keras's own long layer names are abbreviated.
SHORT = (
    ("global_", ""),
    ("average_", "avg_"),
    ("_pooling2d", "_pool"),
    ("_normalization", "_norm"),
    ("_conv2d", "_conv"),
)


def draw_network(layers: Sequence[Layer], theme: Theme, sums: str, note: str = "") -> Figure:
    """Return the picture of `layers`, the first of which is the input; `sums` and `note` go under the table."""
    figure = still.new_figure(theme, height=TABLE + 5 * LINE + 0.62)
    sheet = still.new_sheet(figure)
    step = (STILL_WIDTH - HEAD - 0.05) / len(layers)
    middles = [HEAD + (place + 0.5) * step for place in range(len(layers))]
    _draw_table(sheet, layers, middles, theme)
    y = TABLE + 5 * LINE + 0.38
    still.write(sheet, STILL_WIDTH - 0.1, y, sums, color=theme.ink, bold=True, align="right")
    if note:
        still.write(sheet, 0.1, y, note, color=theme.muted, points=still.MIN_TEXT)
    tallest = max((layer.shape[0] for layer in layers if layer.is_map), default=1)
    for place, (layer, x) in enumerate(zip(layers, middles, strict=True)):
        last = place == len(layers) - 1
        _draw_layer(sheet, layer, (x, step), theme, tallest, last=last)
        if not last:
            _draw_arrow(sheet, x + step / 2, theme)
    return figure


def _draw_layer(
    sheet: Axes, layer: Layer, where: tuple[float, float], theme: Theme, tallest: int, *, last: bool
) -> None:
    """Draw one layer; `where` is the middle and the width of its column in inches."""
    x, step = where
    if layer.is_map:
        # the square root keeps small maps, such as 3 × 3 next to 28 × 28, large enough to be seen
        _draw_stack(sheet, layer, x, theme, min(LARGEST, step - 0.25) * (layer.shape[0] / tallest) ** 0.5)
    elif last and len(layer.shape) == 1 and layer.shape[0] <= BARS:
        _draw_bars(sheet, layer, where, theme)
    else:
        _draw_column(sheet, layer, x, theme)


def _draw_stack(sheet: Axes, layer: Layer, x: float, theme: Theme, width: float) -> None:
    """Draw up to DEPTH maps of a layer like a hand of cards, the most contrast in front; the input is one card."""
    depth = min(DEPTH, layer.shape[2])
    right, up = RIGHT * width / LARGEST, UP * width / LARGEST
    left = x - (width + (depth - 1) * right) / 2
    top = MIDDLE - width / 2 + (depth - 1) * up / 2
    color = theme.input if layer.kind == "Input" else theme.output
    for place, card in enumerate(_color_cards(layer, theme, depth)):
        behind = depth - 1 - place
        x, y = left + behind * right, top - behind * up
        sheet.imshow(card, extent=(x, x + width, y + width, y), interpolation="none", aspect="auto", zorder=2 * place)
        still.box(sheet, x, y, width, width, edgecolor=color, linewidth=1.2, zorder=2 * place + 1)


def _color_cards(layer: Layer, theme: Theme, depth: int) -> list[NDArray[np.uint8]]:
    """Return `depth` maps as RGB bytes, the front one last, on one scale per layer; plain tints without values."""
    if layer.values is None:
        tint = to_rgb(theme.input_tint if layer.kind == "Input" else theme.output_tint)
        return [np.rint(255 * np.full((1, 1, 3), tint)).astype(np.uint8)] * depth
    if layer.kind == "Input":
        return [still.image_colors(layer.values, theme, float(layer.values.max()) or 1.0)]
    chosen = np.argsort(layer.values.std(axis=(0, 1)), kind="stable")[-depth:]
    return [still.color_cells(layer.values[..., channel], _limits(layer.values)) for channel in chosen]


def _limits(values: Array) -> tuple[float, float]:
    """Return the color scale of a layer: from zero up, or symmetric about zero if a value is negative."""
    reach = float(np.abs(values).max()) or 1.0
    return (-reach if values.min() < 0 else 0.0, reach)


def _draw_column(sheet: Axes, layer: Layer, x: float, theme: Theme) -> None:
    """Draw a vector as one column of cells, always equally tall: a long one has thinner cells, but none is left out."""
    width = 0.2
    top = MIDDLE - TALL / 2
    if layer.values is not None:
        colors = still.color_cells(layer.values.reshape(-1, 1), _limits(layer.values))
        extent = (x - width / 2, x + width / 2, top + TALL, top)
        sheet.imshow(colors, extent=extent, interpolation="none", aspect="auto")
    still.box(sheet, x - width / 2, top, width, TALL, edgecolor=theme.output, linewidth=still.LINE)


def _draw_bars(sheet: Axes, layer: Layer, where: tuple[float, float], theme: Theme) -> None:
    """Draw the last layer as bars, one per class; the label of the largest value, the answer, is bold.

    A full bar is the probability 1. If the values are scores instead, the bars start at zero, on a scale that includes
    the smallest and the largest.
    """
    (x, step), count = where, layer.shape[0]
    high = min(0.29, TALL / count)
    left, width, top = x - min(0.3, step / 2 - 0.27), min(0.78, step - 0.35), MIDDLE - count * high / 2
    values = layer.values if layer.values is not None else np.zeros(count)
    answer = int(values.argmax()) if layer.values is not None else -1
    least, most = min(0.0, float(values.min())), max(1.0, float(values.max()))
    for label, value in enumerate(values):
        y = top + label * high
        color, bold = (theme.ink, True) if label == answer else (theme.muted, False)
        still.write(
            sheet,
            left - 0.07,
            y + high / 2 + 0.065,
            str(label),
            color=color,
            align="right",
            points=still.MIN_TEXT,
            bold=bold,
        )
        still.box(
            sheet,
            left,
            y + 0.04,
            width,
            high - 0.08,
            facecolor=theme.surface,
            edgecolor=theme.rule,
            linewidth=still.HAIR,
        )
        start, end = (left + width * (at - least) / (most - least) for at in (0.0, float(value)))
        still.box(sheet, min(start, end), y + 0.04, abs(end - start), high - 0.08, facecolor=theme.output)


def _draw_arrow(sheet: Axes, x: float, theme: Theme) -> None:
    tip = (x + 0.06, MIDDLE)
    lines = [((x - 0.07, MIDDLE), tip), ((x, MIDDLE - 0.055), tip), ((x, MIDDLE + 0.055), tip)]
    still.rule(sheet, lines, color=theme.muted, linewidth=still.LINE)


def _draw_table(sheet: Axes, layers: Sequence[Layer], middles: Sequence[float], theme: Theme) -> None:
    rows = ("layer", "", "gives", "parameters", "multiplications")
    for row, heading in enumerate(rows):
        still.write(sheet, 0.1, TABLE + (row + 0.7) * LINE, heading, color=theme.muted, points=still.MIN_TEXT)
    still.rule(
        sheet,
        [
            ((0.1, TABLE - 0.05), (STILL_WIDTH - 0.1, TABLE - 0.05)),
            ((0.1, TABLE + 2.02 * LINE), (STILL_WIDTH - 0.1, TABLE + 2.02 * LINE)),
        ],
        color=theme.rule,
        linewidth=still.HAIR,
    )
    room = (STILL_WIDTH - HEAD - 0.05) / len(layers) - 0.1
    for layer, x in zip(layers, middles, strict=True):
        texts = (_name(layer), _operation(layer), _size(layer), _count(layer.parameters), _count(layer.macs))
        role = theme.input if layer.kind == "Input" else theme.output
        colors = (theme.ink, theme.muted, role, theme.kernel, theme.ink)
        for row, (strings, color) in enumerate(zip(texts, colors, strict=True)):
            still.write(
                sheet,
                x,
                TABLE + (row + 0.7) * LINE,
                _fit(strings, room, bold=row == 0),
                color=color,
                points=still.MIN_TEXT,
                align="center",
                bold=row == 0,
            )


def _fit(strings: Sequence[str], room: float, *, bold: bool) -> str:
    """Return the first of `strings` at most `room` inches wide; if none is, the beginning of the last with "…"."""
    for string in strings:
        if still.text_width(string, still.MIN_TEXT, bold=bold) <= room:
            return string
    cut = strings[-1]
    while len(cut) > 1 and still.text_width(f"{cut}…", still.MIN_TEXT, bold=bold) > room:
        cut = cut[:-1]
    return f"{cut}…"


def _name(layer: Layer) -> tuple[str, ...]:
    """Return a layer's name, longest first: in full, abbreviated, and its last word (with its number) only."""
    short = layer.name
    for word, instead in SHORT:
        short = short.replace(word, instead)
    *before, last = short.replace("2d", "").split("_")
    return layer.name, short, f"{before[-1]}_{last}" if before and last.isdigit() else last


def _operation(layer: Layer) -> tuple[str, ...]:
    """Return what a layer does, the longest wording first."""
    words = OPERATIONS.get(layer.kind, (layer.activation or layer.kind.removesuffix("2D").lower(),))
    if not layer.window:
        return words
    window = " × ".join(map(str, layer.window))
    return *(f"{window} {word}" for word in words), window


def _size(layer: Layer) -> tuple[str, ...]:
    """Return a layer's output shape, 26 × 26 × 32, and shorter if maps are square: 26² × 32."""
    if not layer.is_map or layer.shape[0] != layer.shape[1]:
        return (layer.size,)
    return layer.size, f"{layer.shape[0]:,}² × {layer.shape[2]:,}"


def _count(number: int) -> tuple[str, ...]:
    """Return a count in full ("–" for 0), and in millions with three digits: 1.24 M."""
    return (f"{number:,}" if number else "–", f"{number / 1e6:.3g} M")
