"""A 1 × 1 convolution: one small dense layer, the same at every place, that mixes the channels of that place.

It looks at no neighbors: what it changes is the number of channels. It is not the same as scaling each channel.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import channels, keyframes
from figures.parts.arithmetic import Array, Pair
from figures.parts.keyframes import (
    BOTTOM,
    HEADING,
    TOP,
    Item,
    Line,
    Rules,
    Table,
    find_centers,
    measure_cell,
    place_rows,
    say,
)
from figures.parts.layout import Run
from figures.parts.words import Description, count_noun, equals, quote, times, write_number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from generator.theme import Theme


@dataclass(frozen=True, slots=True)
class PointwiseTrace:
    """An input (height, width, channels), weights (channels, filters), an output (height, width, filters).

    place: the row and column that is shown in detail; there `values` (channels) become `results` (filters).
    """

    input: Array
    weights: Array
    biases: Array
    output: Array
    place: Pair

    @property
    def values(self) -> Array:
        """The channels' values at the place that is shown."""
        return np.asarray(self.input[self.place])

    @property
    def results(self) -> Array:
        """What these values become."""
        return np.asarray(self.output[self.place])

    @property
    def parameters(self) -> int:
        """How many weights and biases the layer has."""
        return int(self.weights.size + self.biases.size)

    @property
    def multiplications(self) -> int:
        """How many multiplications the whole output takes."""
        return int(self.output.size * self.weights.shape[0])


def trace(
    *,
    input: ArrayLike,
    weights: ArrayLike,
    biases: ArrayLike | None = None,
    place: Sequence[int] = (0, 0),
    layout: Literal["keras", "tables"] = "keras",
) -> PointwiseTrace:
    """Return what Keras's Conv2D with kernel size 1 makes of up to three small channels, exact for integers.

    input: (height, width, channels), or with layout "tables" a table for each channel. weights: (channels, filters), as
    in a Dense layer; this is Keras's kernel (1, 1, channels, filters) without its first two axes. place: the row and
    column that is shown in detail, from 0 (Lin, Chen & Yan 2014, arXiv:1312.4400).
    """
    image = channels.read_input(input, layout)
    table = channels.read_array(weights, "weights", "channels, filters")
    if len(table) != image.shape[2]:
        raise ValueError(
            f"weights have {len(table)} rows and the input has {image.shape[2]} channels; give one row per channel"
        )
    added = channels.read_biases(biases, table.shape[1])
    output = image @ table + added
    _refuse_large(image, table, output)
    return PointwiseTrace(image, table, added, output, _read_place(place, image))


def _read_place(place: Sequence[int], image: Array) -> Pair:
    """Return a row and a column of the input."""
    rows, columns, _ = image.shape
    numbers = [number for number in place if isinstance(number, (int, np.integer))]
    if len(place) != 2 or len(numbers) != 2 or not (0 <= numbers[0] < rows and 0 <= numbers[1] < columns):
        raise ValueError(f"place is {place!r}; give a row from 0 to {rows - 1} and a column from 0 to {columns - 1}")
    return int(numbers[0]), int(numbers[1])


def _refuse_large(image: Array, table: Array, output: Array) -> None:
    """Raise ValueError for what does not fit a slide."""
    most = max(image.shape[2], table.shape[1])
    channels.refuse_large(image, rows=5 if most > 2 else 7, channels=3, name="the input")
    if table.shape[1] > 3:
        raise ValueError(f"weights make {table.shape[1]} maps; at most 3 fit a slide with their numbers")
    channels.refuse_long(table, "weights", 3)
    for name, values in (("input", image), ("the output", output)):
        channels.refuse_long(values, name, min(3, keyframes.characters(measure_cell(values.shape, values.shape[2]))))


def describe(trace: PointwiseTrace) -> Description:
    """Return the text alternative and the facts: sizes, parameters, the sums at the place as text, the output."""
    depth, filters = trace.weights.shape
    inputs = "; ".join(f"channel {c + 1} is {quote(trace.input[..., c])}" for c in range(depth))
    outputs = "; ".join(f"map {f + 1} is {quote(trace.output[..., f])}" for f in range(filters))
    row, column = trace.place
    sums = "; ".join(f"map {f + 1}: {write_sum(trace, f)}" for f in range(filters))
    alt = (
        f"1 × 1 convolution of an input of {times(trace.input.shape)} ({inputs}) with weights {quote(trace.weights)}, "
        f"one row per channel and one column per map: at every place the same dense layer mixes the channels. At row "
        f"{row + 1}, column {column + 1}: {sums}. The output is {times(trace.output.shape)}: {outputs}. "
        f"{write_parameters(trace)}."
    )
    facts = {
        "input": dict(zip(("height", "width", "channels"), trace.input.shape, strict=True)),
        "shape": dict(zip(("height", "width", "channels"), trace.output.shape, strict=True)),
        "parameters": trace.parameters,
        "multiplications": trace.multiplications,
        "formula": write_parameters(trace),
        "sums": [write_sum(trace, f) for f in range(filters)],
        "output": trace.output.tolist(),
    }
    return Description(alt, (), facts)


def write_sum(trace: PointwiseTrace, number: int) -> str:
    """Return how one map's number at the place is computed."""
    weights, bias, result = trace.weights[:, number], trace.biases[number], trace.results[number]
    pairs = zip(trace.values, weights, strict=True)
    terms = " + ".join(f"{write_number(value)} × {write_number(weight)}" for value, weight in pairs)
    added = f" {'−' if bias < 0 else '+'} bias {write_number(abs(bias))}" if trace.biases.any() else ""
    return f"{terms}{added} {equals([*trace.values, *weights, bias, result]).strip()} {write_number(result)}"


def write_parameters(trace: PointwiseTrace) -> str:
    """Return the number of parameters with its calculation."""
    depth, filters = trace.weights.shape
    return f"(1 × 1 × {depth} weights + 1 bias) × {count_noun(filters, 'filter')} = {trace.parameters} parameters"


def draw(trace: PointwiseTrace, theme: "Theme") -> "Figure":
    """Return the channels, the numbers at one place, the weights that mix them, and the resulting maps."""
    from figures.parts.keyframes import draw_items

    return draw_items(compose(trace), theme)


INPUT, PIXEL, WEIGHTS, RESULT, OUTPUT = 290.0, 520.0, 770.0, 1030.0, 1310.0  # middles of the columns
CELL = 66.0
FOOT = 660.0, 704.0


# Composition of the slide: the maps at the sides, between them the dense layer at one place.


def compose(trace: "PointwiseTrace") -> list[Item]:
    """Return all items of the slide."""
    depth = len(trace.weights)
    inputs, maps = place_rows("input", trace.input, INPUT), place_rows("map", trace.output, OUTPUT)
    items = [*_write_headings(trace), *keyframes.label_channels(find_centers(depth))]
    for c, table in enumerate(inputs):
        items += keyframes.draw_table(table, trace.input[..., c], "input")
    for f, table in enumerate(maps):
        items += [*keyframes.draw_table(table, trace.output[..., f], "output"), _name_map(f, table)]
        items.append(keyframes.ring(f"target {f}", table, trace.place))
    items += keyframes.frame_window(inputs, trace.place, (1, 1))
    items += _draw_layer(trace, inputs, maps)
    items.append(_write_sum(trace))
    items.append(say("parameters", write_parameters(trace), 768, FOOT[1], 25, "kernel"))
    return items


def _name_map(number: int, table: Table) -> Line:
    """Return the name of a map, to the right of it."""
    return say(f"map name {number}", f"map {number + 1}", table.right + 14, table.center + 9, 25, "muted", "left")


def _draw_layer(trace: "PointwiseTrace", inputs: list[Table], maps: list[Table]) -> list[Item]:
    """Return the dense layer at one place: its inputs, weights and results, with lines from and to the maps."""
    middle = (TOP + BOTTOM) / 2
    pixel = keyframes.place("pixel", trace.values[:, None], PIXEL - CELL / 2, middle, CELL)
    width = CELL * trace.weights.shape[1]
    weights = keyframes.place("weights", trace.weights, WEIGHTS - width / 2, middle, CELL)
    result = keyframes.place("result", trace.results[:, None], RESULT - CELL / 2, middle, CELL)
    gather = [_join(table, trace.place, pixel, c) for c, table in enumerate(inputs)]
    spread = [_join(table, trace.place, result, f, is_left=False) for f, table in enumerate(maps)]
    bias = [
        say("biases", "+ biases", WEIGHTS, weights.top + weights.height + 36, 25, "kernel"),
        say("bias values", _list(trace), WEIGHTS, weights.top + weights.height + 68, 25, "kernel"),
    ]
    return [
        Rules("gather", tuple(gather), "window", 2.0),
        Rules("spread", tuple(spread), "window", 2.0),
        *keyframes.draw_table(pixel, trace.values[:, None], "window"),
        *keyframes.draw_table(weights, trace.weights, "kernel"),
        *keyframes.draw_table(result, trace.results[:, None], "window"),
        say("times", "×", (pixel.right + weights.left) / 2, middle + 13, HEADING, "muted"),
        say("equals", "=", (weights.right + result.left) / 2, middle + 13, HEADING, "muted"),
        *(bias if trace.biases.any() else []),
    ]


def _list(trace: "PointwiseTrace") -> str:
    """Return the biases, as text."""
    return ", ".join(write_number(bias) for bias in trace.biases)


def _join(
    table: Table, place: tuple[int, int], column: Table, row: int, *, is_left: bool = True
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the line between a map, at the height of the place, and a cell of the column beside it."""
    y, cell_y = table.top + (place[0] + 0.5) * table.cell, column.top + (row + 0.5) * column.cell
    if is_left:
        return (table.right + 4, y), (column.left - 2, cell_y)
    return (column.right + 2, cell_y), (table.left - 4, y)


def _write_sum(trace: "PointwiseTrace") -> Line:
    """Return the sum for the first map, written out."""
    row, column = trace.place
    runs: list[Run] = [(f"row {row + 1}, column {column + 1} of map 1:  ", "muted")]
    for c, (value, weight) in enumerate(zip(trace.values, trace.weights[:, 0], strict=True)):
        runs += [("  +  ", "ink")] if c else []
        runs += [(write_number(value), "input"), (" × ", "ink"), (write_number(weight), "kernel")]
    bias, result = trace.biases[0], trace.results[0]
    if trace.biases.any():
        runs += [("  −  bias " if bias < 0 else "  +  bias ", "ink"), (write_number(abs(bias)), "kernel")]
    sign = equals([*trace.values, *trace.weights[:, 0], bias, result])
    return Line("sum", (*runs, (sign, "ink"), (write_number(result), "output")), 768, FOOT[0], 34)


def _write_headings(trace: "PointwiseTrace") -> list[Item]:
    """Return the column headings; those in the middle stand right above their tables."""
    depth, filters = trace.weights.shape
    top = (TOP + BOTTOM) / 2 - CELL * max(depth, filters) / 2
    sides = (
        (INPUT, "input", times(trace.input.shape), "input"),
        (OUTPUT, "output", times(trace.output.shape), "output"),
    )
    items = keyframes.write_headings(sides)
    for x, name, role in ((PIXEL, "pixel", "window"), (WEIGHTS, "weights", "kernel"), (RESULT, "result", "window")):
        items.append(say(f"heading {name}", name, x, top - 52, HEADING - 4, role, is_bold=True))
    note = f"{depth} × {filters}, the same everywhere"
    return [*items, say("note weights", note, WEIGHTS, top - 18, 24, "muted")]
