"""A network drawn from left to right: a digit goes in, its feature maps stand in between, probabilities come out.

A network that branches is drawn as a graph: each layer to the right of those whose outputs it takes, skip connections
as lines that pass what they skip. The maps are real ones, computed for that digit. Every size and count comes from
`layers`, which an experiment reads from its Keras model; none is written by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from figures.parts import still
from figures.parts.graph import Graph, input_shape, read_graph
from figures.parts.graph_layout import Layout, Wire, arrange, rank
from figures.parts.words import Description, count_noun, join, write_fixed
from generator.theme import STILL_HEIGHT, STILL_WIDTH, Theme

Array = NDArray[Any]
IMAGE = "input"  # the name of the image in facts and maps
NEEDED = ("name", "kind", "output_shape", "parameters", "macs")
ROOMY, MOST = 9, 14  # columns: up to ROOMY leave room for whole words, up to MOST fit on a slide
MOST_RANKS = 12  # columns of a graph with several rows: it also needs room for lines between the texts
# What a layer with several inputs does with their outputs: in words, in short, and as a sign between their names.
MERGES = {
    "Add": ("adds up {}", "sum", " + "), "Subtract": ("takes the difference of {}", "difference", " − "),
    "Multiply": ("multiplies {}", "product", " · "), "Average": ("takes the mean of {}", "mean", ""),
    "Maximum": ("takes the largest of {}", "largest", ""), "Minimum": ("takes the smallest of {}", "smallest", ""),
    "Concatenate": ("puts side by side the channels of {}", "joined", ""),
}  # fmt: skip
# The same of two.
MERGES_OF_TWO = {"Add": "adds {} to {}", "Multiply": "multiplies {} by {}", "Subtract": "takes from {} {}"}
OUTPUT = "the output of "


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
        return not self.window and self.kind not in ("Input", "Dense", "Flatten", "Reshape", *MERGES)

    @property
    def size(self) -> str:
        """The output shape as text: 26 × 26 × 32."""
        return " × ".join(f"{n:,}" for n in self.shape)


@dataclass(frozen=True, slots=True)
class ArchitectureTrace:
    """The layers in order, the inputs first; `graph` says which takes the output of which, by their places here."""

    layers: tuple[Layer, ...]
    graph: Graph

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
        """The layers of a chain as drawn: of more than ROOMY, those that keep the shape join the layer before them."""
        if len(self.layers) <= ROOMY:
            return self.layers
        columns = [self.layers[0]]
        for layer in self.layers[1:]:
            if layer.keeps and layer.shape == columns[-1].shape:
                columns[-1] = _join(columns[-1], layer)
            else:
                columns.append(layer)
        return tuple(columns)

    @property
    def drawn(self) -> "ArchitectureTrace":
        """The graph as drawn: if it has more than ROOMY columns, those that keep the shape join the only one before."""
        if max(rank(self.graph)) < ROOMY:
            return self
        places: list[int] = []  # of each layer in `joined`
        joined: list[Layer] = []
        taken: list[tuple[int, ...]] = []
        for layer, sources in zip(self.layers, self.graph.taken, strict=True):
            if self._can_join(layer, sources):
                places.append(places[sources[0]])
                joined[places[-1]] = _join(joined[places[-1]], layer)
            else:
                places.append(len(joined))
                joined.append(layer)
                taken.append(tuple(places[source] for source in sources))
        return ArchitectureTrace(tuple(joined), Graph(tuple(layer.name for layer in joined), tuple(taken)))

    def _can_join(self, layer: Layer, sources: tuple[int, ...]) -> bool:
        """Whether a layer only changes in place what it alone takes."""
        if len(sources) != 1 or not layer.keeps or len(self.graph.takers(sources[0])) > 1:
            return False
        return layer.shape == self.layers[sources[0]].shape


def trace(*, layers: Sequence[Mapping[str, Any]], maps: Mapping[str, Array] | None = None) -> ArchitectureTrace:
    """Return the network of `layers` (a list such as `mnist_convnet.layers`), with each layer's output for one digit.

    layers: each may say in `inputs` whose outputs it takes; without, it takes that of the one before.
    maps: arrays by layer name, and the digit under `input`, such as `mnist_convnet.maps`; without it the stacks stay
    empty. Raises ValueError if a layer lacks a field, a map's shape is not its layer's, or the network does not fit.
    """
    if not layers:
        raise ValueError("layers is empty; give the layers of a network, such as mnist_convnet.layers")
    for layer in layers:
        missing = [name for name in (*NEEDED, "input_shape") if name not in layer]
        if missing:
            raise ValueError(f"a layer has no {missing[0]}; give the layers of a network, such as mnist_convnet.layers")
    maps, graph = maps or {}, read_graph(layers)
    inputs = [_read_input(graph, number, layers, maps) for number in range(graph.outside)]
    read = ArchitectureTrace((*inputs, *(_read(layer, maps.get(layer["name"])) for layer in layers)), graph)
    if graph.is_chain:
        check_columns(read)
    else:
        check_layout(read.drawn.graph)
    return read


def _read_input(graph: Graph, number: int, layers: Sequence[Mapping[str, Any]], maps: Mapping[str, Array]) -> Layer:
    """Return an input, with the shape that the first layer that takes it says; only the image has its picture."""
    taker = graph.takers(number)[0]
    shape = input_shape(layers[taker - graph.outside], graph.taken[taker].index(number))
    name = graph.names[number]
    return Layer(name, "Input", shape, 0, 0, (), "", maps.get(name) if name == IMAGE else None)


def check_columns(network: ArchitectureTrace) -> None:
    """Raise ValueError if a chain has more columns than fit a slide."""
    if len(network.columns) > MOST:
        raise ValueError(
            f"the input and {len(network.columns) - 1} layers stand side by side, and {MOST} columns fit a slide; "
            f"give a part of the layers, such as net.layers[:{MOST - 1}]"
        )


def check_layout(graph: Graph) -> None:
    """Raise ValueError if a graph has more columns, more rows or more lines than fit a slide."""
    part = "give a part of the layers, such as net.layers[:9]"
    columns = rank(graph)  # counted first: to arrange a network of hundreds of layers takes long
    most = MOST if len(set(columns)) == len(columns) else MOST_RANKS
    if max(columns) >= most:
        raise ValueError(f"the longest path has {max(columns) + 1} columns, and {most} fit a slide; {part}")
    if Sheet(arrange(graph)).height > STILL_HEIGHT:
        raise ValueError(f"the network has too many lines that skip layers to be drawn on a slide; {part}")


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
    count, rest = trace.graph.outside, trace.layers[trace.graph.outside :]
    each = (
        f"{layer.name} ({layer.kind}){_say_inputs(trace, count + number)} gives {layer.size}, "
        f"{layer.parameters:,} parameters"
        for number, layer in enumerate(rest)
    )
    takes = join([layer.size if count == 1 else f"{layer.name} of {layer.size}" for layer in trace.layers[:count]])
    alt = (
        f"A network of {count_noun(len(rest), 'layer')} takes {takes}. {'; '.join(each)}. "
        f"{_say_branches(trace)}"
        f"In all {trace.parameters:,} parameters and {trace.macs:,} multiplications."
    )
    last = rest[-1]
    facts: dict[str, object] = {"parameters": trace.parameters, "macs": trace.macs, "layers": len(rest)}
    if len(trace.graph.ends) == 1 and last.values is not None and last.values.ndim == 1:
        measure = "probability" if are_probabilities(last.values) else "score"
        facts |= {"answer": int(last.values.argmax()), measure: float(last.values.max())}
        alt += f" The answer to the digit shown is {_say_answer(last.values, measure)}."
    return Description(alt, (), facts)


def _say_inputs(trace: ArchitectureTrace, place: int) -> str:
    """Return whose outputs a layer takes, and what it does with several; in a chain nothing: it is the one before."""
    if trace.graph.is_chain:
        return ""
    sources, kind = trace.graph.taken[place], trace.layers[place].kind
    if len(sources) == 1:
        return f" takes {_say_source(trace, sources[0])} and"
    if len(sources) == 2 and kind in MERGES_OF_TWO:
        one, other = (_say_source(trace, source) for source in sources)
        if other.startswith(OUTPUT) and one.startswith(OUTPUT):
            other = f"that of {other.removeprefix(OUTPUT)}"
        return f" {MERGES_OF_TWO[kind].format(one, other)} and"
    return f" {MERGES[kind][0].format(_say_sources(trace, sources))} and"


def _say_sources(trace: ArchitectureTrace, sources: Sequence[int]) -> str:
    """Return what comes out of several layers, in words."""
    if all(source >= trace.graph.outside for source in sources):
        return f"the outputs of {join([trace.graph.names[source] for source in sources])}"
    return join([_say_source(trace, source) for source in sources])


def _say_source(trace: ArchitectureTrace, source: int) -> str:
    """Return what comes out of a layer, or what comes in, in words."""
    name = trace.graph.names[source]
    return f"{OUTPUT}{name}" if source >= trace.graph.outside else f"the {name}" if name == IMAGE else name


def _say_branches(trace: ArchitectureTrace) -> str:
    """Return a sentence for each output that more than one layer takes, and one for several ends."""
    graph = trace.graph
    said = ""
    for node in range(len(graph.taken)):
        takers = [graph.names[taker] for taker in graph.takers(node)]
        if len(takers) > 1:
            what = _say_source(trace, node)
            said += f"{what[0].upper()}{what[1:]} goes to {join(takers)}. "
    ends = [graph.names[end] for end in graph.ends]
    return said + (f"It gives the outputs of {join(ends)}. " if len(ends) > 1 else "")


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
    if trace.graph.is_chain:
        return draw_network(trace.columns, theme, _sums(trace), _note(trace))
    return draw_graph(trace, theme)


def _sums(trace: ArchitectureTrace) -> str:
    return f"{trace.parameters:,} parameters · {trace.macs:,} multiplications for one image"


def _note(trace: ArchitectureTrace) -> str:
    """Return the note that some layers share a column with the layer before; empty if none do."""
    joined = len(trace.columns if trace.graph.is_chain else trace.drawn.layers) < len(trace.layers)
    return "layers that keep the size are drawn with the layer before" if joined else ""


# The drawing: maps as stacks, vectors as columns, probabilities as bars, and a table of sizes below. Lengths in inches.
MIDDLE = 1.67  # from the top to the horizontal axis of all pictures
TABLE = 3.55  # from the top to the table
LINE = 0.33  # line spacing of the table
HEAD = 1.32  # width of the table's first column
TALL = 2.9  # height of the pictures
LARGEST = 0.98  # side of the largest map
DEPTH = 5  # how many maps of a stack are drawn
RIGHT, UP = 0.025, 0.46  # offset of a map from the one in front of it, for the largest maps
CELL = 0.2  # width of a vector
BARS = 14  # up to this many classes have a bar each

ROWS = ("layer", "", "gives", "parameters", "multiplications")
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


def _draw_stack(
    sheet: Axes, layer: Layer, x: float, theme: Theme, width: float, *, middle: float = MIDDLE, rise: float = UP
) -> None:
    """Draw up to DEPTH maps of a layer like a hand of cards, the most contrast in front; the input is one card."""
    depth = min(DEPTH, layer.shape[2])
    right, up = RIGHT * width / LARGEST, rise * width / LARGEST
    left = x - (width + (depth - 1) * right) / 2
    top = middle - width / 2 + (depth - 1) * up / 2
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


def _draw_column(
    sheet: Axes, layer: Layer, x: float, theme: Theme, *, middle: float = MIDDLE, tall: float = TALL
) -> None:
    """Draw a vector as one column of cells, always equally tall: a long one has thinner cells, but none is left out."""
    width = CELL
    top = middle - tall / 2
    if layer.values is not None:
        colors = still.color_cells(layer.values.reshape(-1, 1), _limits(layer.values))
        extent = (x - width / 2, x + width / 2, top + tall, top)
        sheet.imshow(colors, extent=extent, interpolation="none", aspect="auto")
    still.box(sheet, x - width / 2, top, width, tall, edgecolor=theme.output, linewidth=still.LINE)


def _draw_bars(
    sheet: Axes, layer: Layer, where: tuple[float, float], theme: Theme, *, middle: float = MIDDLE, tall: float = TALL
) -> None:
    """Draw the last layer as bars, one per class; the label of the largest value, the answer, is bold.

    A full bar is the probability 1. If the values are scores instead, the bars start at zero, on a scale that includes
    the smallest and the largest.
    """
    (x, step), count = where, layer.shape[0]
    high = min(0.29, tall / count)
    left, width, top = x - min(0.3, step / 2 - 0.27), min(0.78, step - 0.35), middle - count * high / 2
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
    for row, heading in enumerate(ROWS):
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
        _write_texts(sheet, layer, _operation(layer), (x, TABLE, LINE), theme, room)


def _write_texts(
    sheet: Axes, layer: Layer, operation: tuple[str, ...], where: tuple[float, float, float], theme: Theme, room: float
) -> None:
    """Write what there is to say of a layer in ROWS lines; where: their middle, their top, and from line to line."""
    x, top, line = where
    texts = (_name(layer), operation, _size(layer), _count(layer.parameters), _count(layer.macs))
    role = theme.input if layer.kind == "Input" else theme.output
    colors = (theme.ink, theme.muted, role, theme.kernel, theme.ink)
    for row, (strings, color) in enumerate(zip(texts, colors, strict=True)):
        text, y = _fit(strings, room, bold=row == 0), top + (row + 0.7) * line
        still.write(sheet, x, y, text, color=color, points=still.MIN_TEXT, align="center", bold=row == 0)


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
    if layer.kind == "Input" and layer.name != IMAGE:
        return ("comes in",)
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


# The drawing of a graph: a card for each layer, its picture above its texts, in the column and row of the layout. Lines
# lead from the right of a picture to the left of another; they rise and fall between columns, where nothing stands.
GAP = 0.26  # between the texts of two columns
EDGE, FOOT = 0.12, 0.45  # above and below the rows
BENT = 1.36  # width of a column with bars and a line that bends before them
TRACK = 0.17  # from line to line between two rows
# By the number of rows: how tall a picture is, from line to line of texts, how much a hand of maps rises.
CARDS = {1: (2.7, 0.29, UP), 2: (1.05, 0.235, 0.1), 3: (0.5, 0.215, 0.06), 4: (0.25, 0.205, 0.0)}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where the nodes of a layout stand on a slide, in inches."""

    layout: Layout

    tall: int = -1  # the node of the answer if its picture may be taller than a row: it stands alone in the last column

    @property
    def picture(self) -> float:
        """How tall the picture of a layer is."""
        return CARDS[self.layout.height][0]

    def picture_of(self, node: int) -> float:
        """Return how tall the picture of a node is."""
        return CARDS[1][0] if node == self.tall else self.picture

    @property
    def line(self) -> float:
        """From line to line of the texts below it."""
        return CARDS[self.layout.height][1]

    @property
    def card(self) -> float:
        """How tall a row is."""
        return self.picture + len(ROWS) * self.line + 0.06

    @property
    def step(self) -> float:
        """How wide a column is."""
        return (STILL_WIDTH - HEAD - 0.05) / self.layout.width

    @property
    def room(self) -> float:
        """How wide texts may be: in one row, no line passes them."""
        return self.step - (0.1 if self.layout.height == 1 else GAP)

    @property
    def height(self) -> float:
        """How tall the whole picture is."""
        return self.top_of(self.layout.height) - self._lines(self.layout.height) + FOOT

    def top_of(self, row: int) -> float:
        """Return where a row begins."""
        return EDGE + row * self.card + sum(self._lines(gap) for gap in range(row + 1))

    def _lines(self, gap: int) -> float:
        """Return the height of the lines in a gap."""
        return TRACK * self.layout.tracks(gap)

    def middle_of(self, node: int) -> tuple[float, float]:
        """Return the middle of a node's picture."""
        x = HEAD + (self.layout.columns[node] + 0.5) * self.step
        y = self.top_of(self.layout.rows[node]) + self.picture / 2
        if node == self.tall:
            half, texts = self.picture_of(node) / 2, len(ROWS) * self.line
            y = min(max(y, EDGE + half), self.height - FOOT - texts - half)
        return x, y

    def height_of(self, wire: Wire) -> float:
        """Return at which height a line passes columns."""
        if wire.row >= 0:
            return self.top_of(wire.row) + self.picture / 2
        return self.top_of(wire.gap) - TRACK * (wire.track + 0.5)

    def gap_before(self, column: int) -> float:
        """Return the middle of the space before a column."""
        return HEAD + column * self.step


def draw_graph(trace: ArchitectureTrace, theme: Theme) -> Figure:
    """Return the picture of a network that branches."""
    shown = trace.drawn
    place = place_cards(shown)
    figure = still.new_figure(theme, height=place.height)
    sheet = still.new_sheet(figure)
    halves = [_draw_card(sheet, shown, node, place, theme) for node in range(len(shown.layers))]
    for edge in shown.graph.edges:
        _draw_wire(sheet, edge, place, halves, theme)
    _head_rows(sheet, place, theme)
    y = place.height - 0.15
    still.write(sheet, STILL_WIDTH - 0.1, y, _sums(trace), color=theme.ink, bold=True, align="right")
    still.write(sheet, 0.1, y, _note(trace), color=theme.muted, points=still.MIN_TEXT)
    return figure


def place_cards(shown: ArchitectureTrace) -> Sheet:
    """Return where the layers stand; an answer that stands alone in the last column has room for a bar a class."""
    layout = arrange(shown.graph)
    last = [node for node, column in enumerate(layout.columns) if column == layout.width - 1]
    place = Sheet(layout)
    is_answer = len(last) == 1 and has_bars(shown, last[0], place, CARDS[1][0])
    return Sheet(layout, last[0]) if is_answer else place


def has_bars(shown: ArchitectureTrace, node: int, place: Sheet, tall: float) -> bool:
    """Return whether a result is drawn as bars: there are few, and room for their numbers and for lines that bend."""
    layer, layout = shown.layers[node], place.layout
    bends = layout.height > 1 or any(source != node - 1 for source in shown.graph.taken[node])
    room = place.step >= BENT or not bends
    return len(layer.shape) == 1 and layer.shape[0] <= min(BARS, tall / 0.2) and room and layer.kind != "Input"


def _head_rows(sheet: Axes, place: Sheet, theme: Theme) -> None:
    """Say what the lines below a picture are, left of the first one."""
    first = place.layout.columns.index(0)
    top = place.top_of(place.layout.rows[first]) + place.picture
    for row, heading in enumerate(ROWS):
        y = top + (row + 0.7) * place.line
        still.write(sheet, 0.1, y, heading, color=theme.muted, points=still.MIN_TEXT)


def _draw_card(sheet: Axes, shown: ArchitectureTrace, node: int, place: Sheet, theme: Theme) -> float:
    """Draw a layer's picture and its texts; return half the width of the picture."""
    layer, (x, y) = shown.layers[node], place.middle_of(node)
    operation, tall = _merge_words(shown, node) or _operation(layer), place.picture_of(node)
    _write_texts(sheet, layer, operation, (x, y + tall / 2, place.line), theme, place.room)
    if layer.is_map:
        return _draw_hand(sheet, shown, layer, (x, y), place, theme)
    if node in shown.graph.ends and has_bars(shown, node, place, tall):
        _draw_bars(sheet, layer, (x, place.step), theme, middle=y, tall=tall)
        return min(0.3, place.step / 2 - 0.27) + 0.22
    _draw_column(sheet, layer, x, theme, middle=y, tall=tall - 0.1)
    return CELL / 2


def _draw_hand(
    sheet: Axes, shown: ArchitectureTrace, layer: Layer, middle: tuple[float, float], place: Sheet, theme: Theme
) -> float:
    """Draw a layer's maps like a hand of cards; return half of its width."""
    depth, rise = min(DEPTH, layer.shape[2]), CARDS[place.layout.height][2]
    # The largest hand fills the height; the square root keeps small maps large enough to be seen.
    largest = min(LARGEST, place.step - GAP - 0.1, (place.picture - 0.05) / (1 + (DEPTH - 1) * rise / LARGEST))
    tallest = max(one.shape[0] for one in shown.layers if one.is_map)
    width = float(largest * (layer.shape[0] / tallest) ** 0.5)
    _draw_stack(sheet, layer, middle[0], theme, width, middle=middle[1], rise=rise)
    return width * (1 + (depth - 1) * RIGHT / LARGEST) / 2


def _merge_words(shown: ArchitectureTrace, node: int) -> tuple[str, ...]:
    """Return what a layer does with its inputs, the longest wording first; nothing if it takes only one."""
    names, kind = [shown.graph.names[source] for source in shown.graph.taken[node]], shown.layers[node].kind
    if kind not in MERGES:
        return ()
    _, short, sign = MERGES[kind]
    return (sign.join(names), short) if sign else (short,)


def _draw_wire(sheet: Axes, edge: tuple[int, int], place: Sheet, halves: Sequence[float], theme: Theme) -> None:
    """Draw the line from one layer's picture to another's, with its arrow."""
    source, target = edge
    (x, y), (right, low) = place.middle_of(source), place.middle_of(target)
    start, end = place.layout.columns[source], place.layout.columns[target]
    wire = next((wire for wire in place.layout.wires if (wire.source, wire.target) == edge), None)
    stops = [(x + halves[source] + 0.05, y)]
    if wire is not None:
        across = place.height_of(wire)
        stops += [(place.gap_before(start + 1), across), (place.gap_before(end), across)]
    tip = (right - halves[target] - 0.05, low)
    path = _bend(stops, tip, place.gap_before(start + 1), place.gap_before(end))
    style = {"facecolor": "none", "edgecolor": theme.muted, "linewidth": still.LINE, "clip_on": False, "zorder": 0.5}
    sheet.add_patch(PathPatch(path, capstyle="round", **style))
    head = [((tip[0] - 0.07, tip[1] + side), tip) for side in (-0.055, 0.055)]
    still.rule(sheet, head, color=theme.muted, linewidth=still.LINE)


def _bend(stops: Sequence[tuple[float, float]], tip: tuple[float, float], first: float, last: float) -> Path:
    """Return a line from the first of `stops` to `tip` that rises and falls only around `first` and `last`."""
    points, codes = [stops[0]], [Path.MOVETO]
    heights = [stops[0][1], *([stops[1][1]] if len(stops) > 1 else []), tip[1]]
    turns = [first, last] if len(stops) > 1 else [first]
    for at, before, after in zip(turns, heights, heights[1:], strict=False):
        if before == after:
            continue
        points += [(at - GAP / 2, before), (at, before), (at, after), (at + GAP / 2, after)]
        codes += [Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
    return Path([*points, tip], [*codes, Path.LINETO])
