"""Where the parts of a depthwise convolution stand: a row a channel, and nothing between the rows."""

import itertools
from typing import TYPE_CHECKING

import numpy as np

from figures import channel_rows, tableau
from figures.arithmetic import Array
from figures.channel_rows import WIDEST, find_centers, place_rows
from figures.sliding import times, write_number
from figures.tableau import HEADING, Item, Rules, Table, say

if TYPE_CHECKING:
    from figures.depthwise import DepthwiseTrace

INPUT, KERNEL, OUTPUT = 330.0, 700.0, 1130.0  # middles of the columns
EQUALS = 915.0, 988.0  # the sign before the maps, where there is one kernel a channel, or two
MAP_OF_TWO = 205.0  # how wide a map is at most, where there are two a channel
FOOT = 656.0, 698.0


def compose(trace: "DepthwiseTrace") -> list[Item]:
    """Return the whole picture."""
    from figures.depthwise import write_comparison, write_parameters

    depth, multiplier = trace.kernels.shape[2], trace.kernels.shape[3]
    centers, inputs = find_centers(depth), place_rows("input", trace.padded, INPUT)
    items = [*_write_headings(trace), *channel_rows.label_channels(centers)]
    for c in range(depth):
        items += tableau.draw_input(inputs[c], trace.padded[..., c], trace.real)
    items += channel_rows.frame_window(inputs, (0, 0), (trace.kernels.shape[0], trace.kernels.shape[1]))
    for m in range(multiplier):
        items += _draw_kernels_and_maps(trace, m)
    middles = [(a + b) / 2 for a, b in itertools.pairwise(centers)]
    items.append(Rules("apart", tuple(((40, y), (1496, y)) for y in middles), "rule", 1.6))
    runs = ((write_parameters(trace), "kernel"), ("      " + write_comparison(trace), "muted"))
    items.append(
        say("apart words", "each channel stays by itself: nothing is summed across channels", 768, FOOT[0], 30)
    )
    return [*items, tableau.Line("parameters", runs, 768, FOOT[1], 25)]


def _draw_kernels_and_maps(trace: "DepthwiseTrace", number: int) -> list[Item]:
    """Return the kernels with one number, one a channel, the maps that they make, and the signs between."""
    depth, multiplier = trace.kernels.shape[2], trace.kernels.shape[3]
    values, made = trace.kernels[..., number], trace.output[..., number::multiplier]
    kernels, maps = place_kernels(values, number, multiplier), place_maps(made, number, multiplier)
    items: list[Item] = []
    for c in range(depth):
        kernel, table = kernels[c], maps[c]
        items += tableau.draw_table(kernel, values[..., c], "kernel")
        items += tableau.draw_table(table, made[..., c], "output")
        items.append(tableau.ring(f"target {number} {c}", table, (0, 0)))
        if number == 0:
            items.append(tableau.star(f"times {c}", (INPUT + 125 + kernel.left) / 2, kernel.center))
        if number == multiplier - 1:
            items.append(say(f"equals {c}", "=", EQUALS[multiplier - 1], kernel.center + 13, HEADING, "muted"))
        bias = trace.biases[c * multiplier + number]
        if bias:
            text = f"{'−' if bias < 0 else '+'} {write_number(abs(bias))}"
            items.append(say(f"bias {number} {c}", text, kernel.right + 12, kernel.center + 9, 25, "kernel", "left"))
    return items


def place_kernels(values: Array, number: int, multiplier: int) -> list[Table]:
    """Return where the kernels with one number stand; two a channel stand side by side, and are smaller."""
    middle, widest = (KERNEL, WIDEST) if multiplier == 1 else (KERNEL - 70 + 200 * number, 135)
    return place_rows(f"kernel {number}", values, middle, widest=widest)


def place_maps(made: Array, number: int, multiplier: int) -> list[Table]:
    """Return where the maps of the kernels with one number stand."""
    middle, widest = (OUTPUT, WIDEST) if multiplier == 1 else (OUTPUT + 15 + 230 * number, MAP_OF_TWO)
    return place_rows(f"map {number}", made, middle, widest=widest)


def _write_headings(trace: "DepthwiseTrace") -> list[Item]:
    """Return the names of the columns."""
    depth, multiplier = trace.kernels.shape[2], trace.kernels.shape[3]
    note = f"{depth} of {times(trace.kernels.shape[:2])}" if multiplier == 1 else f"{multiplier} a channel"
    note += ", + bias" if np.any(trace.biases) else ""
    aside = 0 if multiplier == 1 else 1
    return channel_rows.write_headings(
        (
            (INPUT, "input", times(trace.input.shape), "input"),
            (KERNEL + 30 * aside, "kernels", note, "kernel"),
            (OUTPUT + 130 * aside, "output", times(trace.output.shape), "output"),
        )
    )
