"""Where the parts of a convolution along one axis stand: everything that belongs together, one below the other."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from figures import tableau
from figures.arithmetic import Array
from figures.composition import fit_text
from figures.sliding import Run, equals, write_number
from figures.tableau import HEADING, SMALLEST, Beat, Box, Item, Line, Rules, Table, say

if TYPE_CHECKING:
    from figures.convolution_1d import SignalStep, SignalTrace

LEFT, RIGHT = 210.0, 1488.0
LARGEST_CELL = 88.0
SIGNAL = 66.0  # the middle of the first row of numbers
BARS = (345.0, 470.0), (495.0, 620.0)  # from where to where the bars of signal and output reach
FORMULA_Y = 682.0


class Plate:
    """The slide of one trace: each output stands under the middle of its window."""

    def __init__(self, trace: "SignalTrace") -> None:
        self.trace = trace
        self.cell = min((RIGHT - LEFT) / len(trace.padded), LARGEST_CELL)
        left = LEFT + ((RIGHT - LEFT) - self.cell * len(trace.padded)) / 2
        self.signal = self._row("signal", trace.padded, left, SIGNAL)
        self.kernel_y = SIGNAL + max(self.cell, 72.0) + 10
        self.output_y = self.kernel_y + max(self.cell, 72.0) + 24
        self.shift = self.cell * (len(trace.kernel) - 1) / 2  # from a window's left edge to its output's
        self.limits = min(0.0, trace.padded.min(), trace.output.min()), max(0.0, trace.padded.max(), trace.output.max())

    def _row(self, name: str, values: Array, left: float, center: float) -> Table:
        """Return where a row of numbers stands; its numbers are as large as the longest allows."""
        size = max(SMALLEST, min(30.0, fit_text(tableau.texts_of(values[None]), self.cell)))
        return Table(name, 1, len(values), left, center - self.cell / 2, self.cell, size)

    def _kernel(self, index: int) -> Table:
        """Return the kernel under its window at a place of the output."""
        left = self.signal.left + index * self.trace.strides * self.cell
        return self._row("kernel", self.trace.kernel, left, self.kernel_y)

    def _output(self, index: int) -> Table:
        """Return the cell of one number of the output."""
        kernel = self._kernel(index)
        size = self._row("output", self.trace.output, 0, 0).size
        top = self.output_y - self.cell / 2
        return Table(f"output {index}", 1, 1, kernel.left + self.shift, top, self.cell, size)

    def compose_still(self) -> list[Item]:
        """Return the first step, with all of the output."""
        return self._compose_done(self.trace.steps[0])

    def compose_closing(self) -> list[Item]:
        """Return the last step, with all of the output."""
        return self._compose_done(self.trace.steps[-1])

    def _compose_done(self, step: "SignalStep") -> list[Item]:
        """Return a step with every number of the output."""
        return [*self._compose(step, len(self.trace.output)), self._write_formula(step, is_done=True)]

    def compose_opening(self) -> list[Item]:
        """Return the picture before the kernel begins to move."""
        return [*self._draw_fixed(), *self._draw_output(0)]

    def film_step(self, number: int) -> list[Beat]:
        """Return the beats of one step: the window arrives, the sum is written, the output grows."""
        step = self.trace.steps[number]
        arrived = self._compose(step, step.index)
        terms = [*arrived, self._write_formula(step, is_done=False)]
        done = [*self._compose(step, step.index + 1, "formula"), self._write_formula(step, is_done=True)]
        seconds = (1.0, 2.4, 1.2) if number == 0 else (0.8, 1.2, 0.9)
        return [Beat(tuple(items), time) for items, time in zip((arrived, terms, done), seconds, strict=True)]

    def _compose(self, step: "SignalStep", known: int, origin: str = "") -> list[Item]:
        """Return the picture with the window at a step and the first `known` numbers of the output."""
        kernel, output = self._kernel(step.index), self._output(step.index)
        frame = Box("window", kernel.left, SIGNAL - self.cell / 2, kernel.width, self.cell, "window", line=tableau.BOLD)
        target = tableau.ring("target", output, (0, 0))
        veil = replace(frame, name="veil", role="", fill="window", opacity=0.16)
        items = [*self._draw_fixed(), *self._draw_output(known), veil, frame, replace(target, name="target")]
        items += tableau.draw_table(replace(kernel, name="kernel"), self.trace.kernel[None], "kernel")
        if origin:
            newest = tableau.write_cell(output, (0, 0), step.result, origin=origin)
            items = [newest if item.name == newest.name else item for item in items]
        return items

    def _draw_fixed(self) -> list[Item]:
        """Return the names of the rows, the signal and its bars."""
        real = np.zeros(len(self.trace.padded), dtype=bool)
        real[self.trace.padding[0] : self.trace.padding[0] + len(self.trace.input)] = True
        rows = (("signal", SIGNAL, "input"), ("kernel", self.kernel_y, "kernel"), ("output", self.output_y, "output"))
        items: list[Item] = [
            say(f"name {name}", name, 48, y + 12, HEADING - 2, role, "left", is_bold=True) for name, y, role in rows
        ]
        items += tableau.draw_input(self.signal, self.trace.padded[None], real[None])
        for (top, bottom), name in zip(BARS, ("signal", "output"), strict=True):
            items.append(say(f"bars {name}", f"{name} as bars", 48, (top + bottom) / 2 + 8, 23, "muted", "left"))
            zero = self._height(0.0, (top, bottom))
            items.append(Rules(f"zero {name}", (((self.signal.left, zero), (self.signal.right, zero)),), "muted", 1.6))
        for i, value in enumerate(self.trace.padded):
            items += self._draw_bar(f"signal bar {i}", value, self.signal.left + i * self.cell, "input", BARS[0])
        return items

    def _draw_output(self, known: int) -> list[Item]:
        """Return the cells of the output, and the numbers and bars of the first `known`."""
        items: list[Item] = []
        for i, value in enumerate(self.trace.output):
            table = self._output(i)
            items += tableau.draw_frame(table, "output", is_known=i < known)
            if i < known:
                items.append(tableau.write_cell(table, (0, 0), value))
                items += self._draw_bar(f"output bar {i}", value, table.left, "output", BARS[1])
        return items

    def _height(self, value: float, band: tuple[float, float]) -> float:
        """Return the y of a value; both bands have one scale."""
        low, high = self.limits
        return float(band[1] - (value - low) / ((high - low) or 1.0) * (band[1] - band[0]))

    def _draw_bar(self, name: str, value: float, left: float, role: str, band: tuple[float, float]) -> list[Item]:
        """Return a bar from zero to a value, up or down; a value of zero is a dot on the line."""
        zero, end = self._height(0.0, band), self._height(float(value), band)
        inset = 0.2 * self.cell
        if value == 0:
            return [Box(name, left + self.cell / 2 - 4, zero - 4, 8, 8, fill=role)]
        bar = Box(name, left + inset, min(zero, end), self.cell - 2 * inset, abs(end - zero), fill=role)
        return [bar]

    def _write_formula(self, step: "SignalStep", *, is_done: bool) -> Line:
        """Return the calculation; until it is done without its result."""
        runs = write_runs(self.trace, step)
        return Line("formula" if is_done else "terms", tuple(runs if is_done else runs[:-2]), 768, FORMULA_Y, 38)


def write_runs(trace: "SignalTrace", step: "SignalStep") -> list[Run]:
    """Return the calculation at one place in colored runs."""
    runs: list[Run] = []
    for k, (value, weight) in enumerate(zip(step.operands, trace.kernel, strict=True)):
        runs += [("  +  ", "ink")] if k else []
        runs += [(write_number(value), "input"), (" × ", "ink"), (write_number(weight), "kernel")]
    sign = equals([*step.operands, *trace.kernel, step.result])
    return [*runs, (sign, "ink"), (write_number(step.result), "output")]


def compose_panel(trace: "SignalTrace", step: "SignalStep") -> list[Item]:
    """Return the small picture of one step: the window's numbers over the kernel's, the products, the result."""
    count = len(trace.kernel)
    cell, least = min(52.0, 300 / count), tableau.PANEL_SMALLEST
    left = 110 + (300 - count * cell) / 2
    rows = (("window", step.operands, 56.0, "input"), ("kernel", trace.kernel, 118.0, "kernel"),
            ("products", step.products, 180.0, "window"))  # fmt: skip
    items: list[Item] = []
    for name, values, center, role in rows:
        table = tableau.place(name, values[None], left, center, cell, least)
        items += tableau.draw_table(replace(table, size=min(table.size, 20.0)), values[None], role)
        items.append(say(f"name {name}", name, 12, center + 6, 17, role, "left", is_bold=True))
    items.append(say("name output", f"output {step.index + 1}", 12, 252, 17, "output", "left", is_bold=True))
    middle = left + count * cell / 2
    box = Box("box", middle - 30, 226, 60, 40, "output")
    result = say("result", write_number(step.result), middle, 253, 20, is_bold=True)
    return [*items, replace(box, name="fill", role="", fill="output_tint"), box, result,
            Line("formula", tuple(write_runs(trace, step)), 210, 304, 17, limit=400)]  # fmt: skip
