"""Where the parts of a 1 × 1 convolution stand: the maps at the sides, between them the dense layer of one place."""

from typing import TYPE_CHECKING

from figures import channel_rows, tableau
from figures.channel_rows import BOTTOM, TOP, find_centers, place_rows
from figures.sliding import Run, equals, times, write_number
from figures.tableau import HEADING, Item, Line, Rules, Table, say

if TYPE_CHECKING:
    from figures.pointwise import PointwiseTrace

INPUT, PIXEL, WEIGHTS, RESULT, OUTPUT = 290.0, 520.0, 770.0, 1030.0, 1310.0  # middles of the columns
CELL = 66.0
FOOT = 660.0, 704.0


def compose(trace: "PointwiseTrace") -> list[Item]:
    """Return the whole picture."""
    from figures.pointwise import write_parameters

    depth = len(trace.weights)
    inputs, maps = place_rows("input", trace.input, INPUT), place_rows("map", trace.output, OUTPUT)
    items = [*_write_headings(trace), *channel_rows.label_channels(find_centers(depth))]
    for c, table in enumerate(inputs):
        items += tableau.draw_table(table, trace.input[..., c], "input")
    for f, table in enumerate(maps):
        items += [*tableau.draw_table(table, trace.output[..., f], "output"), _name_map(f, table)]
        items.append(tableau.ring(f"target {f}", table, trace.place))
    items += channel_rows.frame_window(inputs, trace.place, (1, 1))
    items += _draw_layer(trace, inputs, maps)
    items.append(_write_sum(trace))
    items.append(say("parameters", write_parameters(trace), 768, FOOT[1], 25, "kernel"))
    return items


def _name_map(number: int, table: Table) -> Line:
    """Return the name of a map, to its right."""
    return say(f"map name {number}", f"map {number + 1}", table.right + 14, table.center + 9, 25, "muted", "left")


def _draw_layer(trace: "PointwiseTrace", inputs: list[Table], maps: list[Table]) -> list[Item]:
    """Return the dense layer of one place: its numbers, its weights, its results, and lines from and to the maps."""
    middle = (TOP + BOTTOM) / 2
    pixel = tableau.place("pixel", trace.values[:, None], PIXEL - CELL / 2, middle, CELL)
    width = CELL * trace.weights.shape[1]
    weights = tableau.place("weights", trace.weights, WEIGHTS - width / 2, middle, CELL)
    result = tableau.place("result", trace.results[:, None], RESULT - CELL / 2, middle, CELL)
    gather = [_join(table, trace.place, pixel, c) for c, table in enumerate(inputs)]
    spread = [_join(table, trace.place, result, f, is_left=False) for f, table in enumerate(maps)]
    bias = [
        say("biases", "+ biases", WEIGHTS, weights.top + weights.height + 36, 25, "kernel"),
        say("bias values", _list(trace), WEIGHTS, weights.top + weights.height + 68, 25, "kernel"),
    ]
    return [
        Rules("gather", tuple(gather), "window", 2.0),
        Rules("spread", tuple(spread), "window", 2.0),
        *tableau.draw_table(pixel, trace.values[:, None], "window"),
        *tableau.draw_table(weights, trace.weights, "kernel"),
        *tableau.draw_table(result, trace.results[:, None], "window"),
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
    """Return the line between a map, at the height of the place, and a cell of the column of numbers beside it."""
    y, cell_y = table.top + (place[0] + 0.5) * table.cell, column.top + (row + 0.5) * column.cell
    if is_left:
        return (table.right + 4, y), (column.left - 2, cell_y)
    return (column.right + 2, cell_y), (table.left - 4, y)


def _write_sum(trace: "PointwiseTrace") -> Line:
    """Return the sum of the first map written out."""
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
    """Return the names of the columns, those in the middle right over their tables."""
    depth, filters = trace.weights.shape
    top = (TOP + BOTTOM) / 2 - CELL * max(depth, filters) / 2
    sides = (
        (INPUT, "input", times(trace.input.shape), "input"),
        (OUTPUT, "output", times(trace.output.shape), "output"),
    )
    items = channel_rows.write_headings(sides)
    for x, name, role in ((PIXEL, "pixel", "window"), (WEIGHTS, "weights", "kernel"), (RESULT, "result", "window")):
        items.append(say(f"heading {name}", name, x, top - 52, HEADING - 4, role, is_bold=True))
    note = f"{depth} × {filters}, the same everywhere"
    return [*items, say("note weights", note, WEIGHTS, top - 18, 24, "muted")]
