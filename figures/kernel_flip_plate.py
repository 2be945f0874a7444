"""Where the parts of the comparison stand: one input on the left, and from it one row for each way to slide."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from figures import tableau
from figures.arithmetic import Array, Pair
from figures.sliding import Run, equals, times, write_number, write_padding
from figures.tableau import HEADING, Item, Line, Rules, say

if TYPE_CHECKING:
    from figures.kernel_flip import KernelFlipTrace

INPUT, KERNEL, OUTPUT = 270.0, 770.0, 1190.0  # middles of the columns
CENTERS = 178.0, 460.0  # of the two rows
SUMS = 650.0, 696.0
CELL = 60.0


def measure_output(shape: tuple[int, ...]) -> float:
    """Return how many pixels wide a cell of an output is."""
    return min(CELL, 190 / shape[0], 360 / shape[1])


def compose(trace: "KernelFlipTrace") -> list[Item]:
    """Return the whole picture."""
    cell = min(CELL, 440 / max(trace.padded.shape))
    middle = (CENTERS[0] + CENTERS[1]) / 2
    table = tableau.place("input", trace.padded, INPUT - cell * trace.padded.shape[1] / 2, middle, cell)
    real = np.pad(np.ones(trace.input.shape, dtype=bool), trace.padding)
    items: list[Item] = [
        say("heading input", "input", INPUT, table.top - 46, HEADING, "input", is_bold=True),
        say(
            "note input",
            f"{times(trace.input.shape)}, {write_padding(trace.padding)}",
            INPUT,
            table.top - 14,
            25,
            "muted",
        ),
        *tableau.draw_input(table, trace.padded, real),
        tableau.veil("veil", table, trace.place, _size(trace)),
        tableau.ring("window", table, trace.place, _size(trace)),
    ]
    fork = tuple(((table.right + 30, middle), (KERNEL - 150, y)) for y in CENTERS)
    items.append(Rules("fork", fork, "muted", 2.0))
    rows = (
        ("cross-correlation", "what Keras computes: the kernel as it is", trace.kernel, trace.correlated, (0, 0)),
        (
            "convolution",
            "in mathematics: the kernel turned by 180°",
            trace.flipped,
            trace.convolved,
            _last(trace.kernel),
        ),
    )
    for row, center, y in zip(rows, CENTERS, SUMS, strict=True):
        items += [*_draw_row(trace, row, center), _write_sum(trace, row[0], row[2], y)]
    return [*items, *_write_count(trace)]


def _size(trace: "KernelFlipTrace") -> Pair:
    """Return the rows and columns of the window."""
    return trace.kernel.shape[0], trace.kernel.shape[1]


def _last(kernel: Array) -> Pair:
    """Return the corner to which the first weight turns."""
    return kernel.shape[0] - 1, kernel.shape[1] - 1


def _draw_row(trace: "KernelFlipTrace", row: tuple[str, str, Array, Array, Pair], center: float) -> list[Item]:
    """Return one way to slide: its name, its kernel with the first weight framed, and its output."""
    name, note, kernel, output, corner = row
    size = min(CELL, 190 / kernel.shape[0])
    weights = tableau.place(f"kernel {name}", kernel, KERNEL - size * kernel.shape[1] / 2, center, size)
    cell = measure_output(output.shape)
    made = tableau.place(f"output {name}", output, OUTPUT - cell * output.shape[1] / 2, center, cell)
    left, y = KERNEL - 150, center - 122
    first = tableau.ring(
        f"first {name}", replace(weights, left=weights.left + 5, top=weights.top + 5), corner, role="ink"
    )
    return [
        Line(f"name {name}", ((name, "ink"),), left, y, HEADING - 2, "left", is_bold=True),
        say(f"note {name}", note, left + 24 + 15 * len(name), y, 25, "muted", "left"),
        *tableau.draw_table(weights, kernel, "kernel"),
        replace(first, width=size - 10, height=size - 10, line=2.6),
        say(f"equals {name}", "=", (weights.right + made.left) / 2, center + 13, HEADING, "muted"),
        *_draw_output(trace, made, output),
    ]


def _draw_output(trace: "KernelFlipTrace", table: tableau.Table, output: Array) -> list[Item]:
    """Return an output in which the numbers that differ are bold, on the color of the window."""
    items: list[Item] = tableau.draw_frame(table, "output")
    for i, j in np.ndindex(output.shape):
        number = tableau.write_cell(table, (i, j), output[i, j])
        differs = bool(trace.differs[i, j])
        items += [tableau.tint_cell(table, (i, j), "window_tint")] if differs else []
        items.append(replace(number, is_bold=differs))
    return [*items, tableau.ring(f"target {table.name}", table, trace.place)]


def _write_sum(trace: "KernelFlipTrace", name: str, kernel: Array, y: float) -> Line:
    """Return the sum at the window's place, written out."""
    runs: list[Run] = [(f"{name}:  ", "muted")]
    for k, (value, weight) in enumerate(zip(trace.window.flat, kernel.flat, strict=True)):
        runs += [("  +  ", "ink")] if k else []
        runs += [(write_number(value), "input"), (" × ", "ink"), (write_number(weight), "kernel")]
    total = (trace.window * kernel).sum().item()
    sign = equals([*trace.window.flat, *kernel.flat, total])
    return Line(f"sum {name}", (*runs, (sign, "ink"), (write_number(total), "output")), 768, y, 27)


def _write_count(trace: "KernelFlipTrace") -> list[Item]:
    """Return what is framed and what is bold, to the right of the outputs."""
    x, y, count = 1330.0, (CENTERS[0] + CENTERS[1]) / 2, int(trace.differs.sum())
    lines = (
        (f"{count} of {trace.differs.size}", "numbers differ", "(in bold)") if count else ("no number", "differs", "")
    )
    return [
        *(say(f"count {k}", text, x, y - 14 + 32 * k, 25, "window", "left") for k, text in enumerate(lines) if text),
        say("corner", "framed: the same weight", KERNEL, CENTERS[1] + 120, 23, "muted"),
    ]
