"""A transposed convolution as stamps: each input cell stamps its multiple of the kernel, and overlapping stamps add up.

It makes a feature map larger; it undoes no convolution, despite a name that it is sometimes given. Beside it, the
stamps on each cell are counted: where the kernel size is not a multiple of the stride, the count is uneven, which is
where checkerboard patterns come from (Odena, Dumoulin & Olah 2016, doi.org/10.23915/distill.00003).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic, channels, keyframes
from figures.parts.arithmetic import Array, Padding, Pair
from figures.parts.keyframes import HEADING, Box, Item, Keyframe, Line, Table, say
from figures.parts.layout import Run
from figures.parts.sliding_window import choose_places
from figures.parts.words import Description, equals, quote, times, write_number, write_pair

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme


@dataclass(frozen=True, slots=True)
class StampStep:
    """One input cell at `row`, `column`: its value, its stamp (kernel size), and the canvas before and after it.

    corner: where on the canvas the stamp's first cell lies.
    """

    row: int
    column: int
    value: float
    stamp: Array
    corner: Pair
    before: Array
    after: Array
    is_touched: Array  # which cells of the canvas have a stamp on them afterwards
    is_overlap: Array  # and which of these have more than one


@dataclass(frozen=True, slots=True)
class TransposedTrace:
    """An input, a kernel, and the canvas (height, width) that holds all stamps; cropped, it is the output.

    counts: how many stamps lie on each cell of the canvas. crop: what padding "same" cuts off. inserted: the output
    computed in another way, by convolving `widened`, the input with zeros between and around its cells, with the
    flipped kernel.
    """

    input: Array
    kernel: Array
    strides: Pair
    crop: Padding
    canvas: Array
    counts: Array
    output: Array
    widened: Array
    inserted: Array
    steps: tuple[StampStep, ...]

    @property
    def is_cropped(self) -> bool:
        """Whether the border is cut off."""
        return self.output.shape != self.canvas.shape

    @property
    def is_even(self) -> bool:
        """Whether every cell away from the border has equally many stamps: strides divide the kernel size."""
        return all(size % step == 0 for size, step in zip(self.kernel.shape, self.strides, strict=True))


def trace(
    *,
    input: ArrayLike,
    kernel: ArrayLike,
    strides: int | Sequence[int] = 2,
    padding: str = "valid",
    steps: int | Sequence[int] | None = None,
) -> TransposedTrace:
    """Return what Keras's Conv2DTranspose makes of one channel, exact for integers.

    Sizes are Keras's: with "same" input × strides; with "valid" (input − 1) × strides + kernel, but input × strides if
    the strides are larger than the kernel. steps: which input cells are shown, either how many from the start, or a
    list counted row by row from 0; by default all, if there are at most nine.
    """
    image, weights = arithmetic.read_matrix(input, "input"), arithmetic.read_matrix(kernel, "kernel")
    step = arithmetic.read_pair(strides, "strides")
    crop = _read_crop(padding, weights, step)
    size = [(i - 1) * s + max(k, s) for i, k, s in zip(image.shape, weights.shape, step, strict=True)]
    _refuse_large(image, weights, size)
    canvas, counts = _stamp_all(image, weights, step, size)
    widened = _widen(image, weights, step)
    whole = arithmetic.correlate2d(widened, weights[::-1, ::-1])
    for name, values in (("input", image), ("kernel", weights), ("the output", canvas)):
        channels.refuse_long(values, name, 3)
    chosen = choose_places(image, steps)
    shown = tuple(_look(place, image, weights, step, canvas.shape) for place in chosen)
    return TransposedTrace(
        image, weights, step, crop, canvas, counts, cut(canvas, crop), widened, cut(whole, crop), shown
    )


def _read_crop(padding: str, weights: Array, strides: Pair) -> Padding:
    """Return how many rows and columns are cut off; "same" cuts more at the end, as TensorFlow does."""
    if padding not in ("valid", "same"):
        raise ValueError(f"there is no padding {padding!r} of a transposed convolution; there is 'valid' and 'same'")
    if padding == "valid":
        return (0, 0), (0, 0)
    excess = [max(k - s, 0) for k, s in zip(weights.shape, strides, strict=True)]
    return (excess[0] // 2, excess[0] - excess[0] // 2), (excess[1] // 2, excess[1] - excess[1] // 2)


def _refuse_large(image: Array, weights: Array, size: Sequence[int]) -> None:
    """Raise ValueError for whatever does not fit a slide."""
    if max(*image.shape, *weights.shape) > 4:
        raise ValueError(f"input {times(image.shape)}, kernel {times(weights.shape)}: at most 4 × 4 fit a slide")
    if max(size) > 9:
        raise ValueError(
            f"the stamps reach over {times(size)} cells; at most 9 × 9 fit: take a smaller input or strides"
        )


def cut(canvas: Array, crop: Padding) -> Array:
    """Return a canvas without what is cut off at its ends."""
    (top, bottom), (left, right) = crop
    return canvas[top : canvas.shape[0] - bottom, left : canvas.shape[1] - right]


def _stamp_all(
    image: Array, weights: Array, strides: Pair, size: Sequence[int], last: int | None = None
) -> tuple[Array, Array]:
    """Return the canvas with the stamps of the first `last` cells (None: all), and how many lie on each cell."""
    canvas, counts = np.zeros(size, np.result_type(image, weights)), np.zeros(size, np.int64)
    for i, j in list(np.ndindex(image.shape))[:last]:
        there = np.s_[
            i * strides[0] : i * strides[0] + len(weights), j * strides[1] : j * strides[1] + weights.shape[1]
        ]
        canvas[there] += image[i, j] * weights
        counts[there] += 1
    return canvas, counts


def _widen(image: Array, weights: Array, strides: Pair) -> Array:
    """Return the input with strides − 1 zeros between its cells, and as many around as a full convolution needs."""
    size = [(i - 1) * s + 1 for i, s in zip(image.shape, strides, strict=True)]
    spread = np.zeros(size, image.dtype)
    spread[:: strides[0], :: strides[1]] = image
    ends = [(k - 1, k - 1 + max(s - k, 0)) for k, s in zip(weights.shape, strides, strict=True)]
    return np.pad(spread, ends)


def _look(place: Pair, image: Array, weights: Array, strides: Pair, size: Sequence[int]) -> StampStep:
    """Return what one input cell adds to the canvas."""
    number = place[0] * image.shape[1] + place[1]
    before, _ = _stamp_all(image, weights, strides, size, number)
    after, counts = _stamp_all(image, weights, strides, size, number + 1)
    corner = (place[0] * strides[0], place[1] * strides[1])
    value = image[place]
    here = np.zeros(size, dtype=bool)
    here[corner[0] : corner[0] + len(weights), corner[1] : corner[1] + weights.shape[1]] = True
    overlap = here & (counts > 1)
    return StampStep(*place, value.item(), value * weights, corner, before, after, counts > 0, overlap)


def describe(trace: TransposedTrace) -> Description:
    """Return the text alternative, a sentence for each step, and the facts: sizes, counts of stamps, the output."""
    cropped = f", after the border is cut off from {times(trace.canvas.shape)}" if trace.is_cropped else ""
    where = " before that" if trace.is_cropped else ""
    alt = (
        f"Transposed convolution: each cell of the input, {quote(trace.input)}, stamps its multiple of the kernel, "
        f"{quote(trace.kernel)}, into the output, {write_pair('stride', trace.strides)}; overlapping stamps add up. "
        f"The output is {quote(trace.output)}{cropped}. The number of stamps on each cell{where} is "
        f"{_judge_counts(trace)}: {quote(trace.counts)}."
    )
    return Description(alt, tuple(_say(trace, step) for step in trace.steps), _collect_facts(trace))


def _judge_counts(trace: TransposedTrace) -> str:
    """Return how the numbers of stamps are spread over the canvas."""
    if trace.counts.min() == trace.counts.max():
        return "the same everywhere"
    if not trace.counts.all():
        return "0 where the strides leave gaps"
    if trace.is_even:
        return "the same everywhere away from the border"
    is_checkered = all(len(set(line)) > 1 for line in (trace.counts.max(axis=0), trace.counts.max(axis=1)))
    return "uneven, as in a checkerboard" if is_checkered else "uneven, in stripes"


def _name_lines(noun: str, first: int, count: int) -> str:
    """Return a range of rows or columns, counted from 1, in words."""
    return f"{noun} {first + 1}" if count == 1 else f"{noun}s {first + 1} to {first + count}"


def _say(trace: TransposedTrace, step: StampStep) -> str:
    """Return the sentence of one step."""
    top, left = step.corner
    height, width = trace.kernel.shape
    overlap = int(step.is_overlap.sum())
    added = (
        f"{overlap} of its cells {'lies' if overlap == 1 else 'lie'} on earlier stamps and add up"
        if overlap
        else "no overlap"
    )
    return (
        f"Input row {step.row + 1}, column {step.column + 1}: {write_number(step.value)} times the kernel is stamped "
        f"on {_name_lines('row', top, height)}, {_name_lines('column', left, width)}; {added}."
    )


def _collect_facts(trace: TransposedTrace) -> dict[str, object]:
    """Return the numbers that a lecture may quote."""
    return {
        "input": dict(zip(("height", "width"), trace.input.shape, strict=True)),
        "kernel": dict(zip(("height", "width"), trace.kernel.shape, strict=True)),
        "shape": dict(zip(("height", "width"), trace.output.shape, strict=True)),
        "strides": dict(zip(("height", "width"), trace.strides, strict=True)),
        "cropped": {"rows": sum(trace.crop[0]), "columns": sum(trace.crop[1])},
        "stamps": {"fewest": int(trace.counts.min()), "most": int(trace.counts.max())},
        "is_even": trace.is_even,
        "output": trace.output.tolist(),
    }


def draw(trace: TransposedTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return all stamps with one of them written out, or the small panel of step `step`."""
    from figures.parts.keyframes import draw_items
    from figures.parts.layout import PANEL

    if step is not None:
        return draw_items(compose_panel(trace, trace.steps[step]), theme, PANEL)
    slide = SlideComposer(trace)
    return draw_items(slide.compose_still(slide.choose_step()), theme)


def animate(trace: TransposedTrace, scene: "Scene") -> None:
    """Let each input cell stamp its multiple of the kernel onto the output; the count of stamps grows beside it."""
    from figures.parts.film import play_keyframes

    slide = SlideComposer(trace)
    steps = [slide.step_keyframes(number) for number in range(len(trace.steps))]
    play_keyframes(scene, slide.compose_opening(), steps, describe(trace).steps, slide.compose_still(trace.steps[-1]))


INPUT, KERNEL, STAMP, OUTPUT, COUNT = 132.0, 360.0, 588.0, 930.0, 1330.0  # middles of the columns
MIDDLE = 350.0
CELL = 66.0
FORMULA_Y = 672.0


# Composition of the slide: input, kernel, stamp, output, and the count of stamps.


class SlideComposer:
    """Composes the slide of one trace: its still and the keyframes of its film."""

    def __init__(self, trace: "TransposedTrace") -> None:
        self.trace = trace
        wide = max(trace.canvas.shape)
        self.input = self._table("input", trace.input, INPUT, 168)
        self.kernel = self._table("kernel", trace.kernel, KERNEL, 168)
        self.stamp = self._table("stamp", self._widest_stamp(), STAMP, 168)
        self.output = self._table("output", trace.canvas, OUTPUT, 400 if wide > 6 else 336)
        self.count = self._table("count", trace.counts, COUNT, 330 if wide > 6 else 300)

    def _widest_stamp(self) -> Array:
        """Return the stamp with the longest number, which decides the text size of all stamps."""
        stamps = [step.stamp for step in self.trace.steps]
        return max(stamps, key=lambda stamp: max(len(write_number(value)) for value in stamp.flat))

    def _table(self, name: str, values: Array, middle: float, room: float) -> Table:
        """Return a table centered in its column."""
        cell = min(CELL, room / max(values.shape))
        return keyframes.place(name, values, middle - cell * values.shape[1] / 2, MIDDLE, cell)

    def compose_opening(self) -> list[Item]:
        """Return the slide before the first stamp."""
        nothing = np.zeros(self.trace.canvas.shape, dtype=bool)
        return [
            *self._draw_fixed(),
            *self._draw_canvas(self.trace.canvas, nothing),
            *self._draw_counts(self.trace.counts * 0),
        ]

    def choose_step(self) -> "StampStep":
        """Return the step to be written out in a still: one with an overlap, if possible, and the largest value."""
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

    def step_keyframes(self, number: int) -> list[Keyframe]:
        """Return the keyframes of one step: the cell is chosen, multiplies the kernel, and the stamp lands."""
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
        return [
            Keyframe(tuple(items), seconds) for items, seconds in zip((chosen, stamped, landed), times, strict=True)
        ]

    def _land(self, step: "StampStep", *, is_last: bool) -> list[Item]:
        """Return the slide with a stamp on the canvas, where each of its numbers has moved in from the stamp."""
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
        items += keyframes.draw_table(self.input, trace.input, "input")
        items += keyframes.draw_table(self.kernel, trace.kernel, "kernel")
        items += keyframes.draw_frame(self.stamp, "window", is_known=False)
        tables = (self.input, self.kernel, self.stamp, self.output)
        for left, right, sign in zip(tables[:-1], tables[1:], "×=→", strict=True):
            items.append(say(f"sign {sign}", sign, (left.right + right.left) / 2, MIDDLE + 13, HEADING, "muted"))
        return items

    def _point(self, step: "StampStep") -> list[Item]:
        """Return the frames around the input's cell and around the place of its stamp."""
        cell, (height, width) = (step.row, step.column), self.trace.kernel.shape
        return [
            keyframes.veil("cell veil", self.input, cell, (1, 1)),
            keyframes.ring("cell", self.input, cell),
            keyframes.ring("place", self.output, step.corner, (height, width)),
        ]

    def _draw_stamp(self, step: "StampStep") -> list[Item]:
        """Return the numbers of a stamp."""
        return keyframes.write_table(self.stamp, step.stamp)

    def _draw_canvas(self, values: Array, known: Array) -> list[Item]:
        """Return the canvas with the numbers known so far; what is cut off is dashed and gray."""
        table, inside = self.output, self._inside()
        if inside.all():
            return keyframes.fill_table(table, values, "output", known)
        (top, _), (left, _) = self.trace.crop
        size = (self.trace.output.shape[0], self.trace.output.shape[1])
        frame = keyframes.ring("output inner", table, (top, left), size, "output", keyframes.THIN)
        grid = [
            item for item in keyframes.draw_frame(table, "output", is_known=False) if item.name == f"{table.name} grid"
        ]
        return [
            replace(frame, name="output fill", role="", fill="surface"),
            *(keyframes.tint_cell(table, (int(i), int(j)), "output_tint") for i, j in np.argwhere(known & inside)),
            *grid,
            frame,
            Box("output frame", table.left, table.top, table.width, table.height, "padding", is_dashed=True),
            say("cut", "dashed: cut off", table.middle, table.top + table.height + 34, 24, "padding"),
            *keyframes.write_table(table, values, where=known & inside),
            *keyframes.write_table(table, values, "padding", where=known & ~inside),
        ]

    def _inside(self) -> Array:
        """Return which cells of the canvas belong to the output."""
        (top, _), (left, _) = self.trace.crop
        height, width = self.trace.output.shape
        inside = np.zeros_like(self.trace.canvas, dtype=bool)
        inside[top : top + height, left : left + width] = True
        return inside

    def _draw_counts(self, counts: Array, where: Array | None = None) -> list[Item]:
        """Return the table of counts, darker the more stamps lie on a cell."""
        table, most = self.count, int(self.trace.counts.max())
        items: list[Item] = keyframes.draw_frame(table, "muted", is_known=False)
        for i, j in np.argwhere(counts > 0):
            tint = keyframes.tint_cell(table, (int(i), int(j)), "output")
            items.append(replace(tint, opacity=round(0.45 * counts[i, j] / most, 3)))
        return [*items, *keyframes.write_table(table, counts, where=counts > 0 if where is None else where)]

    def _write_overlap(self, step: "StampStep") -> Line:
        """Return the largest sum of an overlap, written out, or that there is none."""
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
    """Return the small panel of one step: the cell's value, the kernel, the stamp, and the output with it."""
    least, (rows, columns) = keyframes.PANEL_SMALLEST, trace.kernel.shape
    small = min(34.0, 112 / max(rows, columns))
    kernel = keyframes.place("kernel", trace.kernel, 66, 92, small, least)
    stamp = keyframes.place("stamp", step.stamp, 66, 92 + rows * small + 44, small, least)
    cell = min(34.0, 214 / max(trace.canvas.shape))
    output = keyframes.place("output", trace.canvas, 410 - cell * trace.canvas.shape[1], 150, cell, least)
    is_last = (step.row + 1, step.column + 1) == trace.input.shape
    known = np.ones(step.after.shape, dtype=bool) if is_last else step.is_touched
    return [
        say("value", write_number(step.value), 26, 98, 22, "input", is_bold=True),
        say("times", "×", 50, 98, 17, "muted"),
        *keyframes.draw_table(kernel, trace.kernel, "kernel"),
        say("equals", "=", 50, stamp.center + 6, 17, "muted"),
        *keyframes.draw_table(stamp, step.stamp, "window"),
        say("name", f"{write_number(step.value)} × kernel", 10, 24, 16, "kernel", "left", is_bold=True),
        say("name output", "output", output.middle, 24, 16, "output", is_bold=True),
        *keyframes.fill_table(output, step.after, "output", known),
        replace(keyframes.ring("place", output, step.corner, (rows, columns)), line=4.0),
        say("note", f"input row {step.row + 1}, column {step.column + 1}", 210, 308, 16, "muted"),
    ]
