"""Where the parts of a depthwise separable convolution stand: two steps from left to right, their costs below."""

from typing import TYPE_CHECKING

from figures import channel_rows, tableau
from figures.arithmetic import Array
from figures.channel_rows import TOP, find_centers, place_rows
from figures.sliding import times
from figures.tableau import HEADING, Box, Item, Table, say

if TYPE_CHECKING:
    from figures.separable import SeparableTrace

INPUT, KERNEL, MIDDLE, WEIGHTS, OUTPUT = 280.0, 540.0, 800.0, 1080.0, 1360.0  # middles of the columns
ROWS_END = 540.0
CELL = 56.0
COSTS = (48.0, 800.0)  # left edges of the two comparisons
COST_TOP = 600.0


def compose(trace: "SeparableTrace") -> list[Item]:
    """Return the whole picture."""
    depth = len(trace.pointwise_weights)
    inputs, kernels = (
        place_rows("input", trace.padded, INPUT, ROWS_END),
        _rows("kernel", trace.depthwise_kernels, KERNEL),
    )
    middles, maps = _rows("middle", trace.middle, MIDDLE), _rows("map", trace.output, OUTPUT)
    items = [*_write_headings(trace), *channel_rows.label_channels(find_centers(depth, ROWS_END))]
    for c in range(depth):
        items += tableau.draw_input(inputs[c], trace.padded[..., c], trace.real)
        items += tableau.draw_table(kernels[c], trace.depthwise_kernels[..., c], "kernel")
        items += tableau.draw_table(middles[c], trace.middle[..., c], "window")
        items.append(tableau.star(f"star {c}", (inputs[c].right + kernels[c].left) / 2, kernels[c].center))
        x = (kernels[c].right + middles[c].left) / 2
        items.append(say(f"equals {c}", "=", x, kernels[c].center + 13, HEADING, "muted"))
        items.append(tableau.ring(f"source {c}", middles[c], (0, 0)))
    size = (trace.depthwise_kernels.shape[0], trace.depthwise_kernels.shape[1])
    items += channel_rows.frame_window(inputs, (0, 0), size)
    for f, table in enumerate(maps):
        items += tableau.draw_table(table, trace.output[..., f], "output")
        items.append(tableau.ring(f"target {f}", table, (0, 0)))
    return [*items, *_draw_weights(trace, middles[0], maps[0]), *_compare(trace)]


def _rows(name: str, values: Array, middle: float) -> list[Table]:
    """Return where the maps of one column stand."""
    return place_rows(name, values, middle, ROWS_END)


def _draw_weights(trace: "SeparableTrace", before: Table, after: Table) -> list[Item]:
    """Return the weights that mix the channels, and the signs around them."""
    y, weights = (TOP + ROWS_END) / 2, trace.pointwise_weights
    table = tableau.place("weights", weights, WEIGHTS - CELL * weights.shape[1] / 2, y, CELL)
    notes = [say("biases", "+ biases", WEIGHTS, table.top + table.height + 34, 25, "kernel")]
    return [
        *tableau.draw_table(table, weights, "kernel"),
        say("times", "×", (before.right + table.left) / 2, y + 13, HEADING, "muted"),
        say("equals", "=", (table.right + after.left) / 2, y + 13, HEADING, "muted"),
        *(notes if trace.biases.any() else []),
    ]


def _write_headings(trace: "SeparableTrace") -> list[Item]:
    """Return the names of the columns."""
    depth, filters = trace.pointwise_weights.shape
    return channel_rows.write_headings(
        (
            (INPUT, "input", times(trace.input.shape), "input"),
            (KERNEL, "1. depthwise", f"{depth} of {times(trace.depthwise_kernels.shape[:2])}", "kernel"),
            (MIDDLE, "maps", times(trace.middle.shape), "window"),
            (WEIGHTS, "2. pointwise", f"1 × 1, {depth} to {filters}", "kernel"),
            (OUTPUT, "output", times(trace.output.shape), "output"),
        )
    )


def _compare(trace: "SeparableTrace") -> list[Item]:
    """Return the costs of the separable and of the ordinary convolution as bars, each kind of cost on its own scale."""
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
