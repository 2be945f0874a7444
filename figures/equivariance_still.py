"""Draws two ways to a feature map with Matplotlib, and says where everything stands in the still and in the film."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from figures import board
from figures.arithmetic import Array
from figures.composition import SLIDE
from figures.equivariance import EquivarianceStep, EquivarianceTrace, say_error, say_shift
from figures.sliding import times, write_pair
from figures.tableau import Box, Item, Line, Rules, say
from figures.tableau_still import draw_tableau
from generator.theme import Theme

SIDE = 264.0  # pixels, a map's longer side at most
LEFTS = (44.0, 438.0, 832.0, 1226.0)
SCALE = 146.0  # where the scale of the maps stands
TOPS = (84.0, 428.0, 256.0)  # of the upper way, of the lower way, and of what stands between them
SPOTS = {  # column and row of each table
    "x": (0, 2), "conv(x)": (1, 0), "shift(x)": (1, 1), "shift(conv(x))": (2, 0), "conv(shift(x))": (2, 1),
    "difference": (3, 2),
}  # fmt: skip
ARROWS = (  # word, column it starts from, height, color
    ("convolve", 0, 302.0, "kernel"), ("shift", 0, 474.0, "window"), ("shift", 1, 216.0, "window"),
    ("convolve", 1, 560.0, "kernel"), ("compare", 2, 302.0, "muted"), ("compare", 2, 474.0, "muted"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A table of colors on the sheet: its first pixel at (`left`, `top`), `cell` pixels a value."""

    name: str
    values: Array
    left: float
    top: float
    cell: float
    limits: tuple[float, float]
    role: str

    def frame(self, values: Array) -> tuple[float, float, float, float]:
        """Return left, top, width and height of what is not 0 in `values`, or of all of it."""
        lit = values != 0 if values.any() else np.ones(values.shape, dtype=bool)
        rows, columns = np.flatnonzero(lit.any(axis=1)), np.flatnonzero(lit.any(axis=0))
        left, top = self.left + columns[0] * self.cell, self.top + rows[0] * self.cell
        return left, top, (columns[-1] - columns[0] + 1) * self.cell, (rows[-1] - rows[0] + 1) * self.cell


def compose_maps(trace: EquivarianceTrace, step: EquivarianceStep) -> dict[str, Table]:
    """Return the six tables by name; maps and difference share one scale, and shifts are equally far in all."""
    maps = [trace.output, step.shifted_first, step.convolved_first, step.difference]
    names = ("conv(x)", "conv(shift(x))", "shift(conv(x))", "difference")
    pixel = float(int(SIDE / max(trace.input.shape)))
    cell = pixel * max(trace.strides)
    if max(trace.output.shape) * cell > SIDE:  # unequal strides: no cell fits both
        cell = float(int(SIDE / max(trace.output.shape)))
    common, ink = limits_of(trace), board.color_limits(trace.input)
    inputs = {"x": trace.input, "shift(x)": step.input}
    placed = {name: _place(name, values, pixel, ink) for name, values in inputs.items()}
    return placed | {name: _place(name, values, cell, common) for name, values in zip(names, maps, strict=True)}


def limits_of(trace: EquivarianceTrace) -> tuple[float, float]:
    """Return one scale for all maps and differences of the film."""
    maps = [array for step in trace.steps for array in (step.shifted_first, step.difference)]
    return board.color_limits(trace.output, *maps)


def _place(name: str, values: Array, cell: float, limits: tuple[float, float]) -> Table:
    """Return a table in the middle of its square."""
    column, row = SPOTS[name]
    left, top = LEFTS[column] + (SIDE - values.shape[1] * cell) // 2, TOPS[row] + (SIDE - values.shape[0] * cell) // 2
    role = {"x": "input", "shift(x)": "input", "difference": "muted"}.get(name, "output")
    return Table(name, values, left, top, cell, limits, role)


def compose_scenery(trace: EquivarianceTrace) -> Iterator[Item]:
    """Yield what never moves: names, arrows, sizes, and where the object and its map stand at rest."""
    for name, (column, row) in SPOTS.items():
        role = {"x": "input", "shift(x)": "input", "difference": "ink"}.get(name, "output")
        yield say(name, name, LEFTS[column] + SIDE / 2, TOPS[row] - 16, 27, role, is_bold=True)
    for k, (word, column, y, role) in enumerate(ARROWS):
        start, end = LEFTS[column] + SIDE + 12, LEFTS[column + 1] - 12
        yield say(f"arrow {k}", word, (start + end) / 2, y - 12, 23, role)
        head = (((end - 11, y - 8), (end, y)), ((end - 11, y + 8), (end, y)))
        yield Rules(f"line {k}", (((start, y), (end, y)), *head), role, 2.6)
    sizes = f"kernel {times(trace.kernel.shape)}{write_pair(', stride', trace.strides)}"
    yield say("sizes", sizes, LEFTS[0], 104, 24, "muted", "left")


def compose_step(trace: EquivarianceTrace, number: int, maps: dict[str, Table]) -> Iterator[Item]:
    """Yield what belongs to one shift: its name, the frames around what moves, the verdict; -1: nothing moved yet."""
    step = trace.steps[number]
    is_moved = number >= 0
    shift = say_shift(step.shift if is_moved else (0, 0))
    yield say("shift", shift, LEFTS[0], 64, 34, "window", "left", is_bold=True)
    yield from _frame(maps["shift(x)"], trace.input, step.input if is_moved else trace.input)
    yield from _frame(maps["conv(shift(x))"], trace.output, step.shifted_first if is_moved else trace.output)
    yield from _frame(maps["shift(conv(x))"], trace.output, step.convolved_first if is_moved else trace.output)
    if is_moved:
        x, y = LEFTS[3] + SIDE / 2, TOPS[2] + SIDE + 42
        yield say("verdict", say_error(step), x, y, 32, "output" if step.is_exact else "wrong", is_bold=True)
        if not step.is_exact:
            need = ((f"would need {say_shift(trace.need(step))}", "muted"),)
            yield Line("reason", need, x, y + 36, 24, limit=330)


def _frame(table: Table, before: Array, after: Array) -> Iterator[Item]:
    """Yield the dashed place at rest and the place after the shift."""
    yield Box(f"{table.name} rest", *table.frame(before), "padding", is_dashed=True)
    yield Box(f"{table.name} moved", *table.frame(after), "window", line=3.4)


def compose_list(trace: EquivarianceTrace, count: int) -> Iterator[Item]:
    """Yield the verdicts on the first `count` shifts, a line each, under the input."""
    if count:
        yield say("list", "shift: difference", LEFTS[0], 566, 23, "muted", "left")
    for k, step in enumerate(trace.steps[:count]):
        verdict = ("0", "output") if step.is_exact else (f"{step.error:.2f}", "wrong")
        runs = ((f"{say_shift(step.shift)}: ", "ink"), verdict)
        yield Line(f"list {k}", runs, LEFTS[0], 596 + 28 * k, 23, "left", limit=380)


def draw_slide(trace: EquivarianceTrace, theme: Theme) -> Figure:
    """Return the whole picture at the step that says most."""
    maps = compose_maps(trace, trace.steps[trace.key])
    listed = compose_list(trace, len(trace.steps) if len(trace.steps) > 1 else 0)
    items = [*compose_scenery(trace), *compose_step(trace, trace.key, maps), *listed]
    figure = draw_tableau(items, theme)
    for table in maps.values():
        _draw_table(figure, table, theme)
    scale = {"left": LEFTS[0] / SLIDE.per_inch, "top": SCALE / SLIDE.per_inch, "width": 1.7}
    board.draw_scale(figure.axes[0], limits_of(trace), theme=theme, **scale)
    return figure


def _draw_table(figure: Figure, table: Table, theme: Theme) -> None:
    """Draw one table at its place on paper."""
    place = {"left": table.left / SLIDE.per_inch, "top": table.top / SLIDE.per_inch}
    width = table.values.shape[1] * table.cell / SLIDE.per_inch
    color = getattr(theme, table.role)
    board.draw_map(figure.axes[0], table.values, width=width, theme=theme, limits=table.limits, color=color, **place)


def draw_panel(trace: EquivarianceTrace, theme: Theme, step: int) -> Figure:
    """Return the two maps of one shift and their difference."""
    looked = trace.steps[step]
    figure = board.new_figure(theme, board.PANEL_WIDTH, board.PANEL_HEIGHT)
    sheet = board.new_sheet(figure)
    tables = (
        ("conv(shift(x))", looked.shifted_first, theme.output),
        ("shift(conv(x))", looked.convolved_first, theme.output),
        ("difference", looked.difference, theme.ink),
    )
    middle = board.PANEL_WIDTH / 2
    title = f"input {say_shift(looked.shift)}"
    board.write(sheet, middle, 0.4, title, color=theme.window, points=13, bold=True, align="center")
    cell = 1.3 / max(trace.output.shape)
    for k, (name, values, color) in enumerate(tables):
        x, width = 0.71 + 1.39 * k, cell * values.shape[1]
        board.write(sheet, x, 0.92, name, color=color, points=board.PANEL_TEXT, align="center")
        place = {"left": x - width / 2, "top": 1.02 + (1.3 - cell * values.shape[0]) / 2, "width": width}
        board.draw_map(sheet, values, theme=theme, limits=limits_of(trace), color=color, **place)
    color = theme.output if looked.is_exact else theme.wrong
    board.write(sheet, middle, 2.78, say_error(looked), color=color, points=14, bold=True, align="center")
    return figure
