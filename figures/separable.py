"""A depthwise separable convolution: first one kernel for each channel, then 1 × 1 weights that mix the channels.

Beside it stands what it costs, in parameters and multiplications, and what an ordinary convolution of the same size
costs. The two are not the same function: this one can do less (Chollet 2017, arXiv:1610.02357; Howard et al. 2017,
arXiv:1704.04861).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic, channels, keyframes
from figures.parts.arithmetic import Array, Padding, Pair
from figures.parts.keyframes import HEADING, TOP, Box, Item, Table, find_centers, measure_cell, place_rows, say
from figures.parts.words import Description, quote, times, write_number, write_padding, write_pair

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from generator.theme import Theme


@dataclass(frozen=True, slots=True)
class Cost:
    """How many parameters a layer has, and how many multiplications it takes for one input."""

    parameters: int
    multiplications: int


@dataclass(frozen=True, slots=True)
class SeparableTrace:
    """An input (height, width, channels), equally many `middle` maps, and the output (height, width, filters).

    depthwise_kernels: (height, width, channels). pointwise_weights: (channels, filters). real: which places of the
    padded input are input. cost, full_cost: of this layer, and of an ordinary convolution of the same size.
    """

    input: Array
    depthwise_kernels: Array
    pointwise_weights: Array
    biases: Array
    strides: Pair
    padding: Padding
    padded: Array
    real: Array
    middle: Array
    output: Array

    @property
    def cost(self) -> Cost:
        """What the two small layers cost together; there is one bias for each filter."""
        depth, filters = self.pointwise_weights.shape
        places = self.output.size // filters
        weights = self.depthwise_kernels.size + depth * filters
        return Cost(int(weights + filters), int(places * weights))

    @property
    def full_cost(self) -> Cost:
        """What an ordinary convolution with kernels of the same height and width costs."""
        weights = self.depthwise_kernels.size * self.pointwise_weights.shape[1]
        filters = self.pointwise_weights.shape[1]
        return Cost(int(weights + filters), int(self.output.size // filters * weights))


def trace(
    *,
    input: ArrayLike,
    depthwise_kernels: ArrayLike,
    pointwise_weights: ArrayLike,
    biases: ArrayLike | None = None,
    strides: int = 1,
    padding: str | int | Sequence[Sequence[int]] = "valid",
    layout: Literal["keras", "tables"] = "keras",
) -> SeparableTrace:
    """Return what Keras's SeparableConv2D makes of up to three small channels, exact for integers.

    input: (height, width, channels). depthwise_kernels: (height, width, channels). pointwise_weights: (channels,
    filters). With layout "tables", input and depthwise kernels are a table for each channel.
    """
    image = channels.read_input(input, layout)
    kernels = channels.read_depthwise(depthwise_kernels, layout, image.shape[2], "depthwise_kernels")
    table = channels.read_array(pointwise_weights, "pointwise_weights", "channels, filters")
    if kernels.shape[3] != 1 or len(table) != image.shape[2]:
        count = image.shape[2]
        raise ValueError(
            f"the input has {count} channels; give {count} depthwise kernels and rows of pointwise_weights"
        )
    added, step = channels.read_biases(biases, table.shape[1]), arithmetic.read_pair(strides, "strides")
    around = channels.read_padding(padding, image, kernels, step)
    padded, real = channels.pad(image, around), np.pad(np.ones(image.shape[:2], dtype=bool), around)
    middle = channels.sum_channels(padded, kernels, step)[..., 0]
    output = middle @ table + added
    volumes = {"input": padded, "depthwise_kernels": kernels[..., 0], "the maps": middle, "the output": output}
    _refuse_large(volumes, table)
    return SeparableTrace(image, kernels[..., 0], table, added, step, around, padded, real, middle, output)


def _refuse_large(volumes: dict[str, Array], table: Array) -> None:
    """Raise ValueError for whatever does not fit a slide."""
    padded, kernels = volumes["input"], volumes["depthwise_kernels"]
    most = max(table.shape)
    channels.refuse_large(padded, rows=4 if most > 2 else 6, channels=3)
    if max(kernels.shape[:2]) > 3 or table.shape[1] > 3:
        raise ValueError(
            f"{table.shape[1]} filters with kernels of {times(kernels.shape[:2])}; at most 3 of 3 × 3 fit a slide"
        )
    channels.refuse_long(table, "pointwise_weights", 3)
    for name, values in volumes.items():
        cell = measure_cell(values.shape, values.shape[2], ROWS_END)
        channels.refuse_long(values, name, min(3, keyframes.characters(cell)))


def describe(trace: SeparableTrace) -> Description:
    """Return the text alternative and the facts: sizes, and the costs beside those of an ordinary convolution."""
    depth, filters = trace.pointwise_weights.shape
    rows = "; ".join(
        f"channel {c + 1}, {quote(trace.input[..., c])}, with the kernel {quote(trace.depthwise_kernels[..., c])} "
        f"makes {quote(trace.middle[..., c])}"
        for c in range(depth)
    )
    outputs = "; ".join(f"map {f + 1} is {quote(trace.output[..., f])}" for f in range(filters))
    cost, full = trace.cost, trace.full_cost
    alt = (
        f"Depthwise separable convolution, {write_padding(trace.padding)}, {write_pair('stride', trace.strides)}. "
        f"First each channel by itself: {rows}. Then at every place 1 × 1 weights, {quote(trace.pointwise_weights)}, "
        f"mix the channels{_say_biases(trace)}: {outputs}. It has {cost.parameters} parameters and takes "
        f"{cost.multiplications} multiplications; an ordinary convolution of this size has {full.parameters} and takes "
        f"{full.multiplications}."
        f"{channels.say_unused(trace.input, trace.depthwise_kernels, trace.output, trace.strides, trace.padding)}"
    )
    facts = {
        "input": dict(zip(("height", "width", "channels"), trace.input.shape, strict=True)),
        "shape": dict(zip(("height", "width", "channels"), trace.output.shape, strict=True)),
        "parameters": cost.parameters,
        "multiplications": cost.multiplications,
        "full": {"parameters": full.parameters, "multiplications": full.multiplications},
        "share": {
            "parameters": cost.parameters / full.parameters,
            "multiplications": cost.multiplications / full.multiplications,
        },
        "output": trace.output.tolist(),
    }
    return Description(alt, (), facts)


def _say_biases(trace: SeparableTrace) -> str:
    """Return the biases of the maps in words; "" if there are none."""
    named = ", ".join(write_number(bias) for bias in trace.biases)
    return f" and the biases {named} are added" if trace.biases.any() else ""


def draw(trace: SeparableTrace, theme: "Theme") -> "Figure":
    """Return both steps with their numbers, and below them the costs as bars beside an ordinary convolution's."""
    from figures.parts.keyframes import draw_items

    return draw_items(compose(trace), theme)


INPUT, KERNEL, MIDDLE, WEIGHTS, OUTPUT = 280.0, 540.0, 800.0, 1080.0, 1360.0  # middles of the columns
ROWS_END = 540.0
CELL = 56.0
COSTS = (48.0, 800.0)  # left edges of the two comparisons
COST_TOP = 600.0


# Composition of the slide: two steps from left to right, with their costs below.


def compose(trace: "SeparableTrace") -> list[Item]:
    """Return all items of the slide."""
    depth = len(trace.pointwise_weights)
    inputs, kernels = (
        place_rows("input", trace.padded, INPUT, ROWS_END),
        _rows("kernel", trace.depthwise_kernels, KERNEL),
    )
    middles, maps = _rows("middle", trace.middle, MIDDLE), _rows("map", trace.output, OUTPUT)
    items = [*_write_headings(trace), *keyframes.label_channels(find_centers(depth, ROWS_END))]
    for c in range(depth):
        items += keyframes.draw_input(inputs[c], trace.padded[..., c], trace.real)
        items += keyframes.draw_table(kernels[c], trace.depthwise_kernels[..., c], "kernel")
        items += keyframes.draw_table(middles[c], trace.middle[..., c], "window")
        items.append(keyframes.star(f"star {c}", (inputs[c].right + kernels[c].left) / 2, kernels[c].center))
        x = (kernels[c].right + middles[c].left) / 2
        items.append(say(f"equals {c}", "=", x, kernels[c].center + 13, HEADING, "muted"))
        items.append(keyframes.ring(f"source {c}", middles[c], (0, 0)))
    size = (trace.depthwise_kernels.shape[0], trace.depthwise_kernels.shape[1])
    items += keyframes.frame_window(inputs, (0, 0), size)
    for f, table in enumerate(maps):
        items += keyframes.draw_table(table, trace.output[..., f], "output")
        items.append(keyframes.ring(f"target {f}", table, (0, 0)))
    return [*items, *_draw_weights(trace, middles[0], maps[0]), *_compare(trace)]


def _rows(name: str, values: Array, middle: float) -> list[Table]:
    """Return where the maps of one column stand."""
    return place_rows(name, values, middle, ROWS_END)


def _draw_weights(trace: "SeparableTrace", before: Table, after: Table) -> list[Item]:
    """Return the weights that mix the channels, and the signs around them."""
    y, weights = (TOP + ROWS_END) / 2, trace.pointwise_weights
    table = keyframes.place("weights", weights, WEIGHTS - CELL * weights.shape[1] / 2, y, CELL)
    notes = [say("biases", "+ biases", WEIGHTS, table.top + table.height + 34, 25, "kernel")]
    return [
        *keyframes.draw_table(table, weights, "kernel"),
        say("times", "×", (before.right + table.left) / 2, y + 13, HEADING, "muted"),
        say("equals", "=", (table.right + after.left) / 2, y + 13, HEADING, "muted"),
        *(notes if trace.biases.any() else []),
    ]


def _write_headings(trace: "SeparableTrace") -> list[Item]:
    """Return the column headings."""
    depth, filters = trace.pointwise_weights.shape
    return keyframes.write_headings(
        (
            (INPUT, "input", times(trace.input.shape), "input"),
            (KERNEL, "1. depthwise", f"{depth} of {times(trace.depthwise_kernels.shape[:2])}", "kernel"),
            (MIDDLE, "maps", times(trace.middle.shape), "window"),
            (WEIGHTS, "2. pointwise", f"1 × 1, {depth} to {filters}", "kernel"),
            (OUTPUT, "output", times(trace.output.shape), "output"),
        )
    )


def _compare(trace: "SeparableTrace") -> list[Item]:
    """Return the costs of the separable and the ordinary convolution as bars, each kind of cost on its own scale."""
    cost, full = trace.cost, trace.full_cost
    return [
        *_draw_bars(COSTS[0], "parameters", cost.parameters, full.parameters),
        *_draw_bars(COSTS[1], "multiplications", cost.multiplications, full.multiplications),
    ]


def _draw_bars(left: float, name: str, separable: int, ordinary: int) -> list[Item]:
    """Return two bars with their numbers."""
    items: list[Item] = [say(f"cost {name}", name, left, COST_TOP, 25, "ink", "left", is_bold=True)]
    for k, (label, count) in enumerate((("separable", separable), ("ordinary", ordinary))):
        y, length = COST_TOP + 16 + 44 * k, 430 * count / max(separable, ordinary)
        fill = "kernel" if label == "separable" else "kernel_tint"
        items += [
            say(f"label {name} {label}", label, left, y + 27, 25, "muted", "left"),
            Box(f"bar {name} {label}", left + 135, y, length, 34, fill=fill),
            Box(f"bar line {name} {label}", left + 135, y, length, 34, "kernel"),
            say(
                f"count {name} {label}", f"{count:,}".replace(",", " "), left + 150 + length, y + 27, 27, "ink", "left"
            ),
        ]
    return items
