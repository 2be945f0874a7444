"""Where the parts of a multi-channel convolution stand: a row a channel, from the input to the output's maps."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from figures import channel_rows, tableau
from figures.arithmetic import Array
from figures.channel_rows import BOTTOM, CELL, TOP, WIDEST, place_rows
from figures.sliding import Run, equals, times, write_number
from figures.tableau import HEADING, NOTE, Beat, Item, Line, Rules, Table, say

if TYPE_CHECKING:
    from figures.multi_channel import ChannelStep, MultiChannelTrace

INPUT, KERNEL, PRODUCTS, SUMS, TOTAL, OUTPUT = 296.0, 560.0, 796.0, 986.0, 1150.0, 1356.0  # middles of the columns
FORMULA_Y, PARAMETERS_Y = 662.0, 706.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step has come: how many channels have their products, and their sums; what else is there."""

    known: Array  # which numbers of the output are there
    products: int = 0
    sums: int = 0
    terms: int | None = None  # the channel whose products are written out
    has_total: bool = False
    landing: str = ""  # the name of the thing from which the result comes


def measure_map(shape: tuple[int, ...], filters: int) -> float:
    """Return how many pixels wide a cell of an output map is, when `filters` of them stand one below the other."""
    return min(CELL + 4, ((BOTTOM - TOP) / filters - 44) / shape[0], WIDEST / shape[1])


class Plate:
    """The slide of one trace."""

    def __init__(self, trace: "MultiChannelTrace") -> None:
        self.trace = trace
        self.depth, self.filters = trace.input.shape[2], trace.output.shape[2]
        self.centers = channel_rows.find_centers(self.depth)
        self.middle = (TOP + BOTTOM) / 2
        self.inputs = place_rows("input", trace.padded, INPUT)
        self.kernels = place_rows("kernel", trace.kernels[..., 0], KERNEL)
        self.products = place_rows("products", trace.kernels[..., 0], PRODUCTS)
        self.maps = [self._place_map(f) for f in range(self.filters)]

    def _place_map(self, number: int) -> Table:
        """Return where one map of the output stands, its name above it."""
        values = self.trace.output[..., number]
        room, cell = (BOTTOM - TOP) / self.filters, measure_map(values.shape, self.filters)
        center = self.middle if self.filters == 1 else TOP + room * (number + 0.5) + 16
        return tableau.place(f"map {number}", values, OUTPUT - cell * values.shape[1] / 2, center, cell)

    def compose_still(self) -> list[Item]:
        """Return the first step with all that makes it; every number of the output is there."""
        return self._compose_done(self.trace.steps[0])

    def compose_closing(self) -> list[Item]:
        """Return the last step in the same way."""
        return self._compose_done(self.trace.steps[-1])

    def _compose_done(self, step: "ChannelStep") -> list[Item]:
        """Return a step with every number of the output."""
        everything = np.ones(self.trace.output.shape, dtype=bool)
        return self.compose(step, Progress(everything, self.depth, self.depth, None, has_total=True))

    def compose_opening(self) -> list[Item]:
        """Return the picture before anything is computed."""
        return [*self._draw_fixed(self.trace.steps[0].filter), *self._draw_maps(self._known_before(None))]

    def film_step(self, number: int) -> list[Beat]:
        """Return the beats of one step: the first channel by channel, the others at once."""
        step, known = self.trace.steps[number], self._known_before(number)
        start = Progress(known)
        states = [(start, 1.0), *(self._meet_slowly(start) if number == 0 else [])]
        done = replace(start, products=self.depth)
        states += [(done, 0.9)] if number else []
        done = replace(done, sums=self.depth)
        total, landed = replace(done, has_total=True), known.copy()
        landed[step.row, step.column, step.filter] = True
        states += [(done, 1.0), (total, 1.0), (replace(total, known=landed, landing="total"), 1.0)]
        return [Beat(tuple(self.compose(step, state)), seconds) for state, seconds in states]

    def _meet_slowly(self, start: Progress) -> list[tuple[Progress, float]]:
        """Return how one channel after the other gets its products, written out, and then their sum."""
        states = []
        for c in range(self.depth):
            states.append((replace(start, products=c + 1, sums=c, terms=c), 2.4))
            states.append((replace(start, products=c + 1, sums=c + 1, terms=c), 1.4))
        return states

    def _known_before(self, number: int | None) -> Array:
        """Return which numbers of the output come before a step."""
        known = np.zeros(self.trace.output.size, dtype=bool)
        if number is not None:
            step, (_, columns, filters) = self.trace.steps[number], self.trace.output.shape
            known[: (step.row * columns + step.column) * filters + step.filter] = True
        return known.reshape(self.trace.output.shape)

    def compose(self, step: "ChannelStep", progress: Progress) -> list[Item]:
        """Return the picture of a step as far as it has come."""
        items = [*self._draw_fixed(step.filter), *self._draw_maps(progress.known, step, progress.landing)]
        corner = (step.row * self.trace.strides[0], step.column * self.trace.strides[1])
        size = (self.trace.kernels.shape[0], self.trace.kernels.shape[1])
        items += channel_rows.frame_window(self.inputs, corner, size)
        items.append(tableau.ring(f"target {step.filter}", self.maps[step.filter], (step.row, step.column)))
        for c in range(progress.products):
            items += tableau.write_table(self.products[c], step.products[..., c])
        items += [self._write_channel_sum(step, c) for c in range(progress.sums)]
        if progress.has_total:
            items += [self._write_total(step), self._write_formula(step)]
        elif progress.terms is not None:
            items.append(self._write_terms(step, progress.terms, is_done=progress.sums > progress.terms))
        return items

    def _draw_fixed(self, number: int) -> list[Item]:
        """Return what stands still while a kernel works: headings, tables, signs, the count of parameters."""
        items: list[Item] = [*self._write_headings(number), *channel_rows.label_channels(self.centers)]
        for c, center in enumerate(self.centers):
            items += tableau.draw_input(self.inputs[c], self.trace.padded[..., c], self.trace.real)
            kernel = replace(self.kernels[c], name=f"kernel {c} of {number}")
            items += tableau.draw_frame(self.kernels[c], "kernel")
            items += tableau.write_table(kernel, self.trace.kernels[..., c, number])
            items += tableau.draw_frame(self.products[c], "window", is_known=False)
            items += self._draw_signs(c, center)
        items += self._draw_meeting()
        return items

    def _draw_signs(self, channel: int, center: float) -> list[Item]:
        """Return the signs between the tables of one channel, and the empty place of its sum."""
        places = ((INPUT + KERNEL) / 2 + 22, "×"), ((KERNEL + PRODUCTS) / 2, "="), ((PRODUCTS + SUMS) / 2 + 16, "→")
        signs = [say(f"sign {channel} {text}", text, x, center + 13, HEADING, "muted") for x, text in places]
        box = tableau.Box(f"sum box {channel}", SUMS - 36, center - 30, 72, 60, "window")
        return [*signs, replace(box, name=f"sum fill {channel}", role="", fill="surface"), box]

    def _draw_meeting(self) -> list[Item]:
        """Return the lines along which the sums meet, the empty place of their total, and the bias below it."""
        lines = tuple(((SUMS + 40, y), (TOTAL - 44, self.middle)) for y in self.centers)
        box = tableau.Box("total box", TOTAL - 40, self.middle - 36, 80, 72, "output")
        halfway = (TOTAL + 40 + min(table.left for table in self.maps)) / 2
        return [
            Rules("meeting", lines, "muted", 2.0),
            replace(box, name="total fill", role="", fill="surface"),
            box,
            say("to output", "→", halfway, self.middle + 13, HEADING, "muted"),
            say("plus", "total", TOTAL, self.middle - 50, 25, "muted"),
        ]

    def _write_headings(self, number: int) -> list[Item]:
        """Return the names of the columns with their sizes, and the count of parameters."""
        from figures.multi_channel import write_parameters

        kernel = "kernel" if self.filters == 1 else f"kernel {number + 1} of {self.filters}"
        bias = self.trace.biases[number].item()
        columns = (
            (INPUT, "input", times(self.trace.input.shape), "input"),
            (KERNEL, kernel, times(self.trace.kernels.shape[:3]), "kernel"),
            (PRODUCTS, "products", "cell by cell", "window"),
            (SUMS, "sums", "one a channel", "window"),
            (OUTPUT, "output", times(self.trace.output.shape), "output"),
        )
        items = channel_rows.write_headings(columns)
        items.append(say("parameters", write_parameters(self.trace), 768, PARAMETERS_Y, 25, "kernel"))
        if self.trace.biases.any():
            sign = "−" if bias < 0 else "+"
            text = f"{sign} bias {write_number(abs(bias))}"
            items.append(say(f"bias {number}", text, TOTAL, self.middle + 68, NOTE, "kernel"))
        return items

    def _draw_maps(self, known: Array, step: "ChannelStep | None" = None, landing: str = "") -> list[Item]:
        """Return the maps of the output as far as they are known; the newest number comes from `landing`."""
        items: list[Item] = []
        for f, table in enumerate(self.maps):
            items += tableau.fill_table(table, self.trace.output[..., f], "output", known[..., f])
            if self.filters > 1:
                items.append(say(f"map name {f}", f"map {f + 1}", table.middle, table.top - 12, 25, "muted"))
        if step is None or not landing:
            return items
        newest = tableau.write_cell(self.maps[step.filter], (step.row, step.column), step.result, origin=landing)
        return [newest if item.name == newest.name else item for item in items]

    def _write_channel_sum(self, step: "ChannelStep", channel: int) -> Line:
        """Return the sum of one channel."""
        text = write_number(step.sums[channel])
        return say(f"sum {channel}", text, SUMS, self.centers[channel] + 11, 32)

    def _write_total(self, step: "ChannelStep") -> Line:
        """Return the result where the sums meet."""
        return say("total", write_number(step.result), TOTAL, self.middle + 12, 36, is_bold=True)

    def _write_terms(self, step: "ChannelStep", channel: int, *, is_done: bool) -> Line:
        """Return the products of one channel written out."""
        pairs = zip(step.operands[..., channel].flat, self.trace.kernels[..., channel, step.filter].flat, strict=True)
        runs: list[Run] = [(f"channel {channel + 1}:  ", "muted")]
        for k, (value, weight) in enumerate(pairs):
            runs += [("  +  ", "ink")] if k else []
            runs += [(write_number(value), "input"), (" × ", "ink"), (write_number(weight), "kernel")]
        total = step.sums[channel]
        end: list[Run] = [(equals([*step.products[..., channel].flat, total]), "ink"), (write_number(total), "window")]
        runs += end if is_done else []
        return Line(f"terms {channel} {is_done}", tuple(runs), 48, FORMULA_Y, 28, "left")

    def _write_formula(self, step: "ChannelStep") -> Line:
        """Return the sums of the channels and the bias, written out; of one channel alone its products."""
        if self.depth == 1 and not self.trace.biases.any():
            return replace(self._write_terms(step, 0, is_done=True), x=768.0, align="center")
        runs: list[Run] = []
        for c, total in enumerate(step.sums):
            sign = ("−" if total < 0 else "") if c == 0 else ("  −  " if total < 0 else "  +  ")
            runs += [(sign, "ink")] if sign else []
            runs.append((write_number(abs(total)), "window"))
        if self.trace.biases.any():
            runs += [("  −  bias " if step.bias < 0 else "  +  bias ", "ink"), (write_number(abs(step.bias)), "kernel")]
        runs += [(equals([*step.sums, step.bias, step.result]), "ink"), (write_number(step.result), "output")]
        return Line("formula", tuple(runs), 768, FORMULA_Y, 36)
