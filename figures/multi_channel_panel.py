"""The small picture of one number of a multi-channel convolution, for a filmstrip."""

from dataclasses import replace
from typing import TYPE_CHECKING

from figures import tableau
from figures.sliding import write_number
from figures.tableau import Item, Line, Rules, say

if TYPE_CHECKING:
    from figures.multi_channel import ChannelStep, MultiChannelTrace


INPUT, KERNEL, SUMS, TOTAL = 62.0, 178.0, 278.0, 368.0  # middles of the columns
ROOM, GAP = 226.0, 12.0  # for the rows of channels, and between them


def compose_panel(trace: "MultiChannelTrace", step: "ChannelStep") -> list[Item]:
    """Return the small picture of one step: each window, its slice of the kernel, its sum; then their total."""
    depth, rows = trace.input.shape[2], step.operands.shape[0]
    cell = min(32.0, (ROOM - GAP * (depth - 1)) / depth / rows)
    height = cell * rows * depth + GAP * (depth - 1)
    top = 40 + (ROOM - height) / 2
    items = _write_names(step, top - 16)
    for c in range(depth):
        center = top + cell * rows / 2 + c * (cell * rows + GAP)
        items += _draw_channel(trace, step, c, (center, cell))
        items.append(Rules(f"line {c}", (((SUMS + 26, center), (TOTAL - 30, top + height / 2)),), "muted", 1.4))
    box = tableau.Box("total box", TOTAL - 26, top + height / 2 - 24, 52, 48, "output")
    items += [replace(box, name="total fill", role="", fill="output_tint"), box]
    items.append(say("result", write_number(step.result), TOTAL, top + height / 2 + 8, 22, is_bold=True))
    return [*items, *_write_foot(trace, step)]


def _write_names(step: "ChannelStep", y: float) -> list[Item]:
    """Return the names of the columns."""
    columns = (
        (INPUT, "window", "input"),
        (KERNEL, f"kernel {step.filter + 1}", "kernel"),
        (SUMS, "sums", "window"),
        (TOTAL, f"map {step.filter + 1}", "output"),
    )
    return [say(f"name {name}", name, x, y, 16, role, is_bold=True) for x, name, role in columns]


def _draw_channel(
    trace: "MultiChannelTrace", step: "ChannelStep", channel: int, where: tuple[float, float]
) -> list[Item]:
    """Return one channel's window, its slice of the kernel and its sum; `where` is the middle's y and the cell."""
    (center, cell), width = where, step.operands.shape[1]
    items: list[Item] = []
    kernel = trace.kernels[..., step.filter]
    for name, values, middle in (("input", step.operands, INPUT), ("kernel", kernel, KERNEL)):
        left = middle - cell * width / 2
        table = tableau.place(f"{name} {channel}", values[..., channel], left, center, cell, tableau.PANEL_SMALLEST)
        items += tableau.draw_table(table, values[..., channel], name)
    return [
        *items,
        say(f"times {channel}", "×", (INPUT + KERNEL) / 2, center + 6, 17, "muted"),
        say(f"sum {channel}", write_number(step.sums[channel]), SUMS, center + 7, 20, "window"),
    ]


def _write_foot(trace: "MultiChannelTrace", step: "ChannelStep") -> list[Item]:
    """Return the calculation under a panel."""
    from figures.multi_channel import write_sum

    return [Line("formula", ((write_sum(trace, step), "ink"),), 210, 304, 17, limit=400)]
