"""Where the parts of a transposed convolution stand: input, kernel, stamp, output, and the count of stamps."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from figures import tableau
from figures.arithmetic import Array, Pair
from figures.sliding import Run, equals, times, write_number, write_pair
from figures.tableau import HEADING, Beat, Box, Item, Line, Table, say

if TYPE_CHECKING:
    from figures.transposed_convolution import StampStep, TransposedTrace

INPUT, KERNEL, STAMP, OUTPUT, COUNT = 132.0, 360.0, 588.0, 930.0, 1330.0  # middles of the columns
MIDDLE = 350.0
CELL = 66.0
FORMULA_Y = 672.0


class Plate:
    """The slide of one trace."""

    def __init__(self, trace: "TransposedTrace") -> None:
        self.trace = trace
        wide = max(trace.canvas.shape)
        self.input = self._table("input", trace.input, INPUT, 168)
        self.kernel = self._table("kernel", trace.kernel, KERNEL, 168)
        self.stamp = self._table("stamp", self._widest_stamp(), STAMP, 168)
        self.output = self._table("output", trace.canvas, OUTPUT, 400 if wide > 6 else 336)
        self.count = self._table("count", trace.counts, COUNT, 330 if wide > 6 else 300)

    def _widest_stamp(self) -> Array:
        """Return the stamp with the longest number, which decides how large they all are written."""
        stamps = [step.stamp for step in self.trace.steps]
        return max(stamps, key=lambda stamp: max(len(write_number(value)) for value in stamp.flat))

    def _table(self, name: str, values: Array, middle: float, room: float) -> Table:
        """Return a table around the middle of its column."""
        cell = min(CELL, room / max(values.shape))
        return tableau.place(name, values, middle - cell * values.shape[1] / 2, MIDDLE, cell)

    def compose_opening(self) -> list[Item]:
        """Return the picture before the first stamp."""
        nothing = np.zeros(self.trace.canvas.shape, dtype=bool)
        return [
            *self._draw_fixed(),
            *self._draw_canvas(self.trace.canvas, nothing),
            *self._draw_counts(self.trace.counts * 0),
        ]

    def choose_step(self) -> "StampStep":
        """Return the step whose overlap says most, for a still."""
        return max(self.trace.steps, key=lambda step: (step.is_overlap.any(), abs(step.value)))

    def compose_still(self, step: "StampStep") -> list[Item]:
        """Return a step with every number of the output."""
        everywhere = np.ones(self.trace.canvas.shape, dtype=bool)
        return [
            *self._draw_fixed(),
            *self._draw_canvas(self.trace.canvas, everywhere),
            *self._draw_counts(self.trace.counts, everywhere),
            *self._point(step),
            *self._draw_stamp(step),
            self._conclude(),
        ]

    def film_step(self, number: int) -> list[Beat]:
        """Return the beats of one step: the cell is chosen, multiplies the kernel, and the stamp lands."""
        step = self.trace.steps[number]
        touched = self._count(step, 0) > 0
        before = [
            *self._draw_fixed(),
            *self._draw_canvas(step.before, touched),
            *self._draw_counts(self._count(step, 0)),
        ]
        chosen = [*before, *self._point(step)]
        stamped = [*chosen, *self._draw_stamp(step)]
        landed = self._land(step, is_last=number == len(self.trace.steps) - 1)
        times = (1.2, 1.8, 2.6) if number < 2 else (0.7, 0.9, 1.3)
        return [Beat(tuple(items), seconds) for items, seconds in zip((chosen, stamped, landed), times, strict=True)]

    def _land(self, step: "StampStep", *, is_last: bool) -> list[Item]:
        """Return the picture with a stamp on the canvas, each of its numbers come from the stamp."""
        is_whole = is_last and step.row * self.trace.input.shape[1] + step.column + 1 == self.trace.input.size
        known = np.ones(step.after.shape, dtype=bool) if is_whole else step.is_touched
        origins = {
            f"output {step.corner[0] + i} {step.corner[1] + j}": f"stamp {i} {j}"
            for i, j in np.ndindex(step.stamp.shape)
        }
        canvas = [
            replace(item, origin=origins.get(item.name, "")) if isinstance(item, Line) else item
            for item in self._draw_canvas(step.after, known)
        ]
        counts = self._draw_counts(self._count(step, 1), known if is_whole else None)
        end = self._conclude() if is_whole else self._write_overlap(step)
        return [*self._draw_fixed(), *canvas, *counts, *self._point(step), *self._draw_stamp(step), end]

    def _count(self, step: "StampStep", more: int) -> Array:
        """Return how many stamps lie on each cell before a step, or (`more` = 1) after it."""
        counts = np.zeros(self.trace.canvas.shape, dtype=np.int64)
        (down, across), (height, width) = self.trace.strides, self.trace.kernel.shape
        number = step.row * self.trace.input.shape[1] + step.column + more
        for i, j in list(np.ndindex(self.trace.input.shape))[:number]:
            counts[i * down : i * down + height, j * across : j * across + width] += 1
        return counts

    def _draw_fixed(self) -> list[Item]:
        """Return headings, input, kernel and signs."""
        trace = self.trace
        columns = (
            (self.input, "input", times(trace.input.shape), "input"),
            (self.kernel, "kernel", times(trace.kernel.shape), "kernel"),
            (self.stamp, "stamp", "cell × kernel", "window"),
            (self.output, "output", f"{times(trace.output.shape)}, {write_pair('stride', trace.strides)}", "output"),
            (self.count, "overlap", "stamps on each cell", "muted"),
        )
        items: list[Item] = []
        top = min(self.output.top, self.input.top, self.kernel.top)
        for table, name, note, role in columns:
            items.append(say(f"heading {name}", name, table.middle, top - 60, HEADING, role, is_bold=True))
            items.append(say(f"note {name}", note, table.middle, top - 22, 25, "muted"))
        items += tableau.draw_table(self.input, trace.input, "input")
        items += tableau.draw_table(self.kernel, trace.kernel, "kernel")
        items += tableau.draw_frame(self.stamp, "window", is_known=False)
        tables = (self.input, self.kernel, self.stamp, self.output)
        for left, right, sign in zip(tables[:-1], tables[1:], "×=→", strict=True):
            items.append(say(f"sign {sign}", sign, (left.right + right.left) / 2, MIDDLE + 13, HEADING, "muted"))
        return items

    def _point(self, step: "StampStep") -> list[Item]:
        """Return the frames around the input's cell and the place of its stamp."""
        cell, (height, width) = (step.row, step.column), self.trace.kernel.shape
        return [
            tableau.veil("cell veil", self.input, cell, (1, 1)),
            tableau.ring("cell", self.input, cell),
            tableau.ring("place", self.output, step.corner, (height, width)),
        ]

    def _draw_stamp(self, step: "StampStep") -> list[Item]:
        """Return the numbers of a stamp."""
        return tableau.write_table(self.stamp, step.stamp)

    def _draw_canvas(self, values: Array, known: Array) -> list[Item]:
        """Return the canvas as far as it is known; what is cut off is dashed and grey."""
        table, inside = self.output, self._inside()
        if inside.all():
            return tableau.fill_table(table, values, "output", known)
        (top, _), (left, _) = self.trace.crop
        size = (self.trace.output.shape[0], self.trace.output.shape[1])
        frame = tableau.ring("output inner", table, (top, left), size, "output", tableau.THIN)
        grid = [
            item for item in tableau.draw_frame(table, "output", is_known=False) if item.name == f"{table.name} grid"
        ]
        return [
            replace(frame, name="output fill", role="", fill="surface"),
            *(tableau.tint_cell(table, (int(i), int(j)), "output_tint") for i, j in np.argwhere(known & inside)),
            *grid,
            frame,
            Box("output frame", table.left, table.top, table.width, table.height, "padding", is_dashed=True),
            say("cut", "dashed: cut off", table.middle, table.top + table.height + 34, 24, "padding"),
            *tableau.write_table(table, values, where=known & inside),
            *tableau.write_table(table, values, "padding", where=known & ~inside),
        ]

    def _inside(self) -> Array:
        """Return which cells of the canvas are output."""
        (top, _), (left, _) = self.trace.crop
        height, width = self.trace.output.shape
        inside = np.zeros_like(self.trace.canvas, dtype=bool)
        inside[top : top + height, left : left + width] = True
        return inside

    def _draw_counts(self, counts: Array, where: Array | None = None) -> list[Item]:
        """Return the table of counts, the darker the more stamps lie on a cell."""
        table, most = self.count, int(self.trace.counts.max())
        items: list[Item] = tableau.draw_frame(table, "muted", is_known=False)
        for i, j in np.argwhere(counts > 0):
            tint = tableau.tint_cell(table, (int(i), int(j)), "output")
            items.append(replace(tint, opacity=round(0.5 * counts[i, j] / most, 3)))
        return [*items, *tableau.write_table(table, counts, where=counts > 0 if where is None else where)]

    def _write_overlap(self, step: "StampStep") -> Line:
        """Return one sum of an overlap, the largest; or that there is none."""
        if not step.is_overlap.any():
            return say("formula", "no overlap", 768, FORMULA_Y, 34, "muted")
        sizes = np.where(step.is_overlap, np.abs(step.before) + np.abs(step.after - step.before) + 1, 0)
        cell = divmod(int(sizes.argmax()), sizes.shape[1])
        return Line(f"sum {step.row} {step.column}", tuple(self._add(step, cell)), 768, FORMULA_Y, 34)

    def _add(self, step: "StampStep", cell: Pair) -> list[Run]:
        """Return what a stamp adds to a cell of the canvas."""
        before, after = step.before[cell], step.after[cell]
        added = after - before
        sign = "  −  " if added < 0 else "  +  "
        return [
            (f"row {cell[0] + 1}, column {cell[1] + 1}:  ", "muted"),
            (write_number(before), "output"),
            (sign, "ink"),
            (write_number(abs(added)), "window"),
            (equals([before, added, after]), "ink"),
            (write_number(after), "output"),
        ]

    def _conclude(self) -> Line:
        """Return what the count of stamps shows."""
        fewest, most = int(self.trace.counts.min()), int(self.trace.counts.max())
        if self.trace.is_even:
            text = (
                f"overlaps are even: {most} stamps on each cell away from the border"
                if most > 1
                else "one stamp on each cell"
            )
        elif not fewest:
            text = f"stamps leave gaps: 0 to {most} stamps on a cell"
        else:
            text = f"overlaps are uneven: {fewest} to {most} stamps on a cell"
        return say("conclusion", text, 768, FORMULA_Y, 34)


def compose_panel(trace: "TransposedTrace", step: "StampStep") -> list[Item]:
    """Return the small picture of one step: the cell's value, the kernel, the stamp, and the output with it."""
    least, (rows, columns) = tableau.PANEL_SMALLEST, trace.kernel.shape
    small = min(34.0, 112 / max(rows, columns))
    kernel = tableau.place("kernel", trace.kernel, 66, 92, small, least)
    stamp = tableau.place("stamp", step.stamp, 66, 92 + rows * small + 44, small, least)
    cell = min(34.0, 214 / max(trace.canvas.shape))
    output = tableau.place("output", trace.canvas, 410 - cell * trace.canvas.shape[1], 150, cell, least)
    is_last = (step.row + 1, step.column + 1) == trace.input.shape
    known = np.ones(step.after.shape, dtype=bool) if is_last else step.is_touched
    return [
        say("value", write_number(step.value), 26, 98, 22, "input", is_bold=True),
        say("times", "×", 50, 98, 17, "muted"),
        *tableau.draw_table(kernel, trace.kernel, "kernel"),
        say("equals", "=", 50, stamp.center + 6, 17, "muted"),
        *tableau.draw_table(stamp, step.stamp, "window"),
        say("name", f"{write_number(step.value)} × kernel", 10, 24, 16, "kernel", "left", is_bold=True),
        say("name output", "output", output.middle, 24, 16, "output", is_bold=True),
        *tableau.fill_table(output, step.after, "output", known),
        replace(tableau.ring("place", output, step.corner, (rows, columns)), line=4.0),
        say("note", f"input row {step.row + 1}, column {step.column + 1}", 210, 308, 16, "muted"),
    ]
