"""A convolution over several channels: each channel has its own slice of the kernel, and all sums become one number.

What is missed most: a kernel is as deep as its input, and it makes one feature map, however many channels there are.
This is not one kernel for each channel with one map each: that would be a depthwise convolution.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic, channels, keyframes
from figures.parts.arithmetic import Array, Padding, Pair
from figures.parts.keyframes import (
    BOTTOM,
    CELL,
    HEADING,
    NOTE,
    TOP,
    WIDEST,
    Item,
    Keyframe,
    Line,
    Rules,
    Table,
    measure_cell,
    place_rows,
    say,
)
from figures.parts.layout import Run
from figures.parts.words import Description, about, equals, quote, times, write_number, write_padding, write_pair

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme


@dataclass(frozen=True, slots=True)
class ChannelStep:
    """One number of one output map: at `row`, `column` of map `filter`, all counted from 0.

    operands, products: (kernel height, kernel width, channels). sums: of each channel's products. result: the sum of
    these and the bias.
    """

    row: int
    column: int
    filter: int
    operands: Array
    products: Array
    sums: Array
    bias: float
    result: float


@dataclass(frozen=True, slots=True)
class MultiChannelTrace:
    """A convolution of an input (height, width, channels) with kernels (height, width, channels, filters).

    padded: the input with its padding; real: which places of it (height, width) are input. output: (height, width,
    filters).
    """

    input: Array
    kernels: Array
    biases: Array
    strides: Pair
    padding: Padding
    padded: Array
    real: Array
    output: Array
    steps: tuple[ChannelStep, ...]

    @property
    def parameters(self) -> int:
        """How many weights and biases the layer has."""
        return int(self.kernels.size + self.biases.size)

    @property
    def multiplications(self) -> int:
        """How many multiplications the whole output takes."""
        return int(self.output.size * self.kernels[..., 0].size)


def trace(
    *,
    input: ArrayLike,
    kernels: ArrayLike,
    biases: ArrayLike | None = None,
    strides: int | Sequence[int] = 1,
    padding: str | int | Sequence[Sequence[int]] = "valid",
    steps: int | Sequence[int] | None = None,
    layout: Literal["keras", "tables"] = "keras",
) -> MultiChannelTrace:
    """Return what Keras's Conv2D makes of up to three small channels with up to three kernels, exact for integers.

    input: (height, width, channels). kernels: (height, width, channels, filters). With layout "tables" they are written
    as by hand: the input as a table for each channel, the kernels as a table for each channel of each filter. steps:
    which numbers of the output are shown, either how many from the start, or a list of numbers counted from 0, place by
    place and at each place map by map.
    """
    image = channels.read_input(input, layout)
    weights = channels.read_kernels(kernels, layout, image.shape[2])
    added, step = channels.read_biases(biases, weights.shape[3]), arithmetic.read_pair(strides, "strides")
    around = channels.read_padding(padding, image, weights, step)
    padded, real = channels.pad(image, around), np.pad(np.ones(image.shape[:2], dtype=bool), around)
    channels.refuse_large(padded, rows=5 if image.shape[2] > 2 else 7, channels=3)
    output = channels.sum_channels(padded, weights, step).sum(axis=2) + added
    _refuse_large(padded, weights, output)
    seen = channels.windows(padded, (weights.shape[0], weights.shape[1]), step)
    chosen = _choose(output, steps)
    shown = tuple(_look(at, seen[at[:2]], weights[..., at[2]], added[at[2]].item()) for at in chosen)
    return MultiChannelTrace(image, weights, added, step, around, padded, real, output, shown)


def _refuse_large(padded: Array, weights: Array, output: Array) -> None:
    """Raise ValueError for kernels, feature maps or numbers that are too large for the slide."""
    filters, rows = output.shape[2], max(output.shape[:2])
    if max(weights.shape[:2]) > 3:
        raise ValueError(f"the kernels are {times(weights.shape[:2])}; at most 3 × 3 fit with their products")
    if filters > 3 or rows > (7, 6, 4)[filters - 1]:
        raise ValueError(
            f"{filters} maps of {times(output.shape[:2])} do not fit; take fewer filters or a smaller input"
        )
    cells = {
        "input": (padded, measure_cell(padded.shape, padded.shape[2])),
        "kernels": (weights, measure_cell(weights.shape, padded.shape[2])),
        "the output": (output, measure_map(output.shape, filters)),
    }
    for name, (values, cell) in cells.items():
        channels.refuse_long(values, name, min(3, keyframes.characters(cell)))


def _choose(output: Array, steps: int | Sequence[int] | None) -> list[tuple[int, int, int]]:
    """Return row, column and filter of each step; by default each map's first, one at the second place, the last."""
    count, filters = output.size, output.shape[2]
    if steps is None:
        steps = sorted({*range(filters), min(filters, count - 1), count - 1})
    numbers = list(range(min(int(steps), count))) if isinstance(steps, (int, np.integer)) else list(steps)
    if not numbers or any(not 0 <= k < count for k in numbers) or numbers != sorted(set(numbers)):
        raise ValueError(f"steps are {steps}; give rising numbers from 0 to {count - 1}, or how many")
    # k counts the maps within each place: k = (row * columns + column) * filters + filter
    return [(k // filters // output.shape[1], k // filters % output.shape[1], k % filters) for k in numbers]


def _look(at: tuple[int, int, int], operands: Array, weights: Array, bias: float) -> ChannelStep:
    """Return how one number of the output is computed."""
    products = operands * weights
    sums = products.sum(axis=(0, 1))
    return ChannelStep(*at, operands.copy(), products, sums, bias, (sums.sum() + bias).item())


def describe(trace: MultiChannelTrace) -> Description:
    """Return the text alternative, a sentence for each step, and the facts: sizes, parameters, the sums as text."""
    depth, filters = trace.input.shape[2], trace.output.shape[2]
    inputs = "; ".join(f"channel {c + 1} is {quote(trace.input[..., c])}" for c in range(depth))
    kernels = "; ".join(
        f"kernel {f + 1} is {' and '.join(quote(trace.kernels[..., c, f]) for c in range(depth))}{_say_bias(trace, f)}"
        for f in range(filters)
    )
    outputs = "; ".join(f"map {f + 1} is {quote(trace.output[..., f])}" for f in range(filters))
    count = "1 kernel" if filters == 1 else f"{filters} kernels"
    alt = (
        f"Convolution of an input of {times(trace.input.shape)} ({inputs}) with {count} of "
        f"{times(trace.kernels.shape[:3])} ({kernels}), {write_padding(trace.padding)}, "
        f"{write_pair('stride', trace.strides)}. Each channel's window is multiplied by its own slice of the kernel; "
        f"the sums of all channels and the bias make one number. {capitalize(outputs)}. "
        f"{capitalize(write_parameters(trace))}."
        f"{channels.say_unused(trace.input, trace.kernels, trace.output, trace.strides, trace.padding)}"
    )
    return Description(alt, tuple(_say(trace, step) for step in trace.steps), _collect_facts(trace))


def _say_bias(trace: MultiChannelTrace, number: int) -> str:
    """Return the bias of a filter in words; "" if the layer has none."""
    return f" with the bias {write_number(trace.biases[number])}" if trace.biases.any() else ""


def capitalize(text: str) -> str:
    """Return `text` with its first letter a capital, the rest unchanged."""
    return text[:1].upper() + text[1:]


def write_sum(trace: MultiChannelTrace, step: ChannelStep) -> str:
    """Return how the channels' sums and the bias add up; a single sum without a bias is the result itself."""
    if len(step.sums) == 1 and not trace.biases.any():
        return write_number(step.result)
    signed = [f"{'−' if value < 0 else '+'} {write_number(abs(value))}" for value in step.sums[1:]]
    bias = f" {'−' if step.bias < 0 else '+'} bias {write_number(abs(step.bias))}" if trace.biases.any() else ""
    sign = equals([*step.sums, step.bias, step.result]).strip()
    return f"{' '.join([write_number(step.sums[0]), *signed])}{bias} {sign} {write_number(step.result)}"


def write_parameters(trace: MultiChannelTrace) -> str:
    """Return the number of parameters with its calculation."""
    height, width, depth, filters = trace.kernels.shape
    named = "filter" if filters == 1 else "filters"
    count = f"{trace.parameters:,}".replace(",", " ")
    return f"({height} × {width} × {depth} weights + 1 bias) × {filters} {named} = {count} parameters"


def _say(trace: MultiChannelTrace, step: ChannelStep) -> str:
    """Return the sentence of one step."""
    where = f"row {step.row + 1}, column {step.column + 1}"
    depth = trace.input.shape[2]
    alone = depth == 1 and not trace.biases.any()
    sums = f"the sum of its one channel{' is' if alone else ''}" if depth == 1 else f"the sums of its {depth} channels"
    result = f" {about([step.result])}" if alone else ", "
    return f"Map {step.filter + 1}, {where}: {sums}{result}{write_sum(trace, step)}."


def _collect_facts(trace: MultiChannelTrace) -> dict[str, object]:
    """Return the numbers that a lecture may quote."""
    height, width, depth, filters = trace.kernels.shape
    rows, columns, _ = trace.output.shape
    return {
        "input": {"height": trace.input.shape[0], "width": trace.input.shape[1], "channels": depth},
        "kernel": {"height": height, "width": width, "channels": depth},
        "shape": {"height": rows, "width": columns, "channels": filters},
        "filters": filters,
        "weights": int(trace.kernels.size),
        "parameters": trace.parameters,
        "multiplications": trace.multiplications,
        "formula": write_parameters(trace),
        "sum": {"first": write_sum(trace, trace.steps[0]), "last": write_sum(trace, trace.steps[-1])},
        "output": trace.output.tolist(),
    }


def draw(trace: MultiChannelTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return the first number of the first map with all that it is computed from, or the small panel of step `step`."""
    from figures.parts.keyframes import draw_items
    from figures.parts.layout import PANEL

    if step is not None:
        return draw_items(compose_panel(trace, trace.steps[step]), theme, PANEL)
    return draw_items(SlideComposer(trace).compose_still(), theme)


def animate(trace: MultiChannelTrace, scene: "Scene") -> None:
    """Let each channel meet its slice and the sums become one number of one map; then comes the next kernel."""
    from figures.parts.film import play_keyframes

    slide = SlideComposer(trace)
    steps = [slide.step_keyframes(number) for number in range(len(trace.steps))]
    play_keyframes(scene, slide.compose_opening(), steps, describe(trace).steps, slide.compose_closing())


INPUT, KERNEL, PRODUCTS, SUMS, TOTAL, OUTPUT = 296.0, 560.0, 796.0, 986.0, 1150.0, 1356.0  # middles of the columns
FORMULA_Y, PARAMETERS_Y = 662.0, 706.0


# Composition of the slide: a row for each channel, from the input on the left to the output's maps on the right.


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step has come: how many channels show their products and sums, and what else is shown."""

    known: Array  # which numbers of the output are shown
    products: int = 0
    sums: int = 0
    terms: int | None = None  # the channel whose products are written out
    has_total: bool = False
    landing: str = ""  # the name of the item from which the result moves into the output


def measure_map(shape: tuple[int, ...], filters: int) -> float:
    """Return how many pixels wide a cell of an output map is when `filters` maps stand one below the other."""
    return min(CELL + 4, ((BOTTOM - TOP) / filters - 44) / shape[0], WIDEST / shape[1])


class SlideComposer:
    """Composes the slide of one trace: its still and the keyframes of its film."""

    def __init__(self, trace: "MultiChannelTrace") -> None:
        self.trace = trace
        self.depth, self.filters = trace.input.shape[2], trace.output.shape[2]
        self.centers = keyframes.find_centers(self.depth)
        self.middle = (TOP + BOTTOM) / 2
        self.inputs = place_rows("input", trace.padded, INPUT)
        self.kernels = place_rows("kernel", trace.kernels[..., 0], KERNEL)
        self.products = place_rows("products", trace.kernels[..., 0], PRODUCTS)
        self.maps = [self._place_map(f) for f in range(self.filters)]

    def _place_map(self, number: int) -> Table:
        """Return where one map of the output stands, below its name."""
        values = self.trace.output[..., number]
        room, cell = (BOTTOM - TOP) / self.filters, measure_map(values.shape, self.filters)
        center = self.middle if self.filters == 1 else TOP + room * (number + 0.5) + 16
        return keyframes.place(f"map {number}", values, OUTPUT - cell * values.shape[1] / 2, center, cell)

    def compose_still(self) -> list[Item]:
        """Return the first step with all that it is computed from, and every number of the output."""
        return self._compose_done(self.trace.steps[0])

    def compose_closing(self) -> list[Item]:
        """Return the last step in the same way, to end the film."""
        return self._compose_done(self.trace.steps[-1])

    def _compose_done(self, step: "ChannelStep") -> list[Item]:
        """Return a completed step, with every number of the output."""
        everything = np.ones(self.trace.output.shape, dtype=bool)
        return self.compose(step, Progress(everything, self.depth, self.depth, None, has_total=True))

    def compose_opening(self) -> list[Item]:
        """Return the slide before anything is computed."""
        return [*self._draw_fixed(self.trace.steps[0].filter), *self._draw_maps(self._known_before(None))]

    def step_keyframes(self, number: int) -> list[Keyframe]:
        """Return the keyframes of one step: the first step channel by channel, the others all channels at once."""
        step, known = self.trace.steps[number], self._known_before(number)
        start = Progress(known)
        states = [(start, 1.0), *(self._reveal_channels(start) if number == 0 else [])]
        done = replace(start, products=self.depth)
        states += [(done, 0.9)] if number else []
        done = replace(done, sums=self.depth)
        total, landed = replace(done, has_total=True), known.copy()
        landed[step.row, step.column, step.filter] = True
        states += [(done, 1.0), (total, 1.0), (replace(total, known=landed, landing="total"), 1.0)]
        return [Keyframe(tuple(self.compose(step, state)), seconds) for state, seconds in states]

    def _reveal_channels(self, start: Progress) -> list[tuple[Progress, float]]:
        """Return the states in which one channel after another gets its products, written out, and then their sum."""
        states = []
        for c in range(self.depth):
            states.append((replace(start, products=c + 1, sums=c, terms=c), 2.4))
            states.append((replace(start, products=c + 1, sums=c + 1, terms=c), 1.4))
        return states

    def _known_before(self, number: int | None) -> Array:
        """Return which numbers of the output are computed before step `number`; none if it is None."""
        known = np.zeros(self.trace.output.size, dtype=bool)
        if number is not None:
            step, (_, columns, filters) = self.trace.steps[number], self.trace.output.shape
            known[: (step.row * columns + step.column) * filters + step.filter] = True
        return known.reshape(self.trace.output.shape)

    def compose(self, step: "ChannelStep", progress: Progress) -> list[Item]:
        """Return the slide of a step at the given progress."""
        items = [*self._draw_fixed(step.filter), *self._draw_maps(progress.known, step, progress.landing)]
        corner = (step.row * self.trace.strides[0], step.column * self.trace.strides[1])
        size = (self.trace.kernels.shape[0], self.trace.kernels.shape[1])
        items += keyframes.frame_window(self.inputs, corner, size)
        items.append(keyframes.ring(f"target {step.filter}", self.maps[step.filter], (step.row, step.column)))
        for c in range(progress.products):
            items += keyframes.write_table(self.products[c], step.products[..., c])
        items += [self._write_channel_sum(step, c) for c in range(progress.sums)]
        if progress.has_total:
            items += [self._write_total(step), self._write_formula(step)]
        elif progress.terms is not None:
            items.append(self._write_terms(step, progress.terms, is_done=progress.sums > progress.terms))
        return items

    def _draw_fixed(self, number: int) -> list[Item]:
        """Return what stays while kernel `number` works: headings, tables, signs, the number of parameters."""
        items: list[Item] = [*self._write_headings(number), *keyframes.label_channels(self.centers)]
        for c, center in enumerate(self.centers):
            items += keyframes.draw_input(self.inputs[c], self.trace.padded[..., c], self.trace.real)
            kernel = replace(self.kernels[c], name=f"kernel {c} of {number}")
            items += keyframes.draw_frame(self.kernels[c], "kernel")
            items += keyframes.write_table(kernel, self.trace.kernels[..., c, number])
            items += keyframes.draw_frame(self.products[c], "window", is_known=False)
            items += self._draw_signs(c, center)
        items += self._draw_meeting()
        return items

    def _draw_signs(self, channel: int, center: float) -> list[Item]:
        """Return the signs between the tables of one channel, and the empty box of its sum."""
        places = ((INPUT + KERNEL) / 2 + 22, "×"), ((KERNEL + PRODUCTS) / 2, "="), ((PRODUCTS + SUMS) / 2 + 16, "→")
        signs = [say(f"sign {channel} {text}", text, x, center + 13, HEADING, "muted") for x, text in places]
        box = keyframes.Box(f"sum box {channel}", SUMS - 36, center - 30, 72, 60, "window")
        return [*signs, replace(box, name=f"sum fill {channel}", role="", fill="surface"), box]

    def _draw_meeting(self) -> list[Item]:
        """Return the lines from the sums to their total, the empty box of the total, and the arrow to the output."""
        lines = tuple(((SUMS + 40, y), (TOTAL - 44, self.middle)) for y in self.centers)
        box = keyframes.Box("total box", TOTAL - 40, self.middle - 36, 80, 72, "output")
        halfway = (TOTAL + 40 + min(table.left for table in self.maps)) / 2
        return [
            Rules("meeting", lines, "muted", 2.0),
            replace(box, name="total fill", role="", fill="surface"),
            box,
            say("to output", "→", halfway, self.middle + 13, HEADING, "muted"),
            say("plus", "total", TOTAL, self.middle - 50, 25, "muted"),
        ]

    def _write_headings(self, number: int) -> list[Item]:
        """Return the column headings with sizes, the number of parameters, and kernel `number`'s bias, if any."""
        kernel = "kernel" if self.filters == 1 else f"kernel {number + 1} of {self.filters}"
        bias = self.trace.biases[number].item()
        columns = (
            (INPUT, "input", times(self.trace.input.shape), "input"),
            (KERNEL, kernel, times(self.trace.kernels.shape[:3]), "kernel"),
            (PRODUCTS, "products", "cell by cell", "window"),
            (SUMS, "sums", "one per channel", "window"),
            (OUTPUT, "output", times(self.trace.output.shape), "output"),
        )
        items = keyframes.write_headings(columns)
        items.append(say("parameters", write_parameters(self.trace), 768, PARAMETERS_Y, 25, "kernel"))
        if self.trace.biases.any():
            sign = "−" if bias < 0 else "+"
            text = f"{sign} bias {write_number(abs(bias))}"
            items.append(say(f"bias {number}", text, TOTAL, self.middle + 68, NOTE, "kernel"))
        return items

    def _draw_maps(self, known: Array, step: "ChannelStep | None" = None, landing: str = "") -> list[Item]:
        """Return the output's maps with the numbers known so far; the newest one moves in from the item `landing`."""
        items: list[Item] = []
        for f, table in enumerate(self.maps):
            items += keyframes.fill_table(table, self.trace.output[..., f], "output", known[..., f])
            if self.filters > 1:
                items.append(say(f"map name {f}", f"map {f + 1}", table.middle, table.top - 12, 25, "muted"))
        if step is None or not landing:
            return items
        newest = keyframes.write_cell(self.maps[step.filter], (step.row, step.column), step.result, origin=landing)
        return [newest if item.name == newest.name else item for item in items]

    def _write_channel_sum(self, step: "ChannelStep", channel: int) -> Line:
        """Return the sum of one channel."""
        text = write_number(step.sums[channel])
        return say(f"sum {channel}", text, SUMS, self.centers[channel] + 11, 32)

    def _write_total(self, step: "ChannelStep") -> Line:
        """Return the result, in the box where the sums meet."""
        return say("total", write_number(step.result), TOTAL, self.middle + 12, 36, is_bold=True)

    def _write_terms(self, step: "ChannelStep", channel: int, *, is_done: bool) -> Line:
        """Return the products of one channel, written out, with their sum if `is_done`."""
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
        """Return the sums of the channels and the bias written out; for a single channel without bias its products."""
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


PANEL_INPUT, PANEL_KERNEL, PANEL_SUMS, PANEL_TOTAL = 62.0, 178.0, 278.0, 368.0  # middles of the columns
ROOM, GAP = 226.0, 12.0  # for the rows of channels, and between them


# Composition of the small panel of one step, for a filmstrip.


def compose_panel(trace: "MultiChannelTrace", step: "ChannelStep") -> list[Item]:
    """Return the small panel of one step: each window, its slice of the kernel and its sum, then the total."""
    depth, rows = trace.input.shape[2], step.operands.shape[0]
    cell = min(32.0, (ROOM - GAP * (depth - 1)) / depth / rows)
    height = cell * rows * depth + GAP * (depth - 1)
    top = 40 + (ROOM - height) / 2
    items = _write_names(step, top - 16)
    for c in range(depth):
        center = top + cell * rows / 2 + c * (cell * rows + GAP)
        items += _draw_channel(trace, step, c, (center, cell))
        items.append(
            Rules(f"line {c}", (((PANEL_SUMS + 26, center), (PANEL_TOTAL - 30, top + height / 2)),), "muted", 1.4)
        )
    box = keyframes.Box("total box", PANEL_TOTAL - 26, top + height / 2 - 24, 52, 48, "output")
    items += [replace(box, name="total fill", role="", fill="output_tint"), box]
    items.append(say("result", write_number(step.result), PANEL_TOTAL, top + height / 2 + 8, 22, is_bold=True))
    return [*items, *_write_foot(trace, step)]


def _write_names(step: "ChannelStep", y: float) -> list[Item]:
    """Return the names of the columns."""
    columns = (
        (PANEL_INPUT, "window", "input"),
        (PANEL_KERNEL, f"kernel {step.filter + 1}", "kernel"),
        (PANEL_SUMS, "sums", "window"),
        (PANEL_TOTAL, f"map {step.filter + 1}", "output"),
    )
    return [say(f"name {name}", name, x, y, 16, role, is_bold=True) for x, name, role in columns]


def _draw_channel(
    trace: "MultiChannelTrace", step: "ChannelStep", channel: int, where: tuple[float, float]
) -> list[Item]:
    """Return one channel's window, slice of the kernel and sum; `where` is its center's y and the size of a cell."""
    (center, cell), width = where, step.operands.shape[1]
    items: list[Item] = []
    kernel = trace.kernels[..., step.filter]
    for name, values, middle in (("input", step.operands, PANEL_INPUT), ("kernel", kernel, PANEL_KERNEL)):
        left = middle - cell * width / 2
        table = keyframes.place(f"{name} {channel}", values[..., channel], left, center, cell, keyframes.PANEL_SMALLEST)
        items += keyframes.draw_table(table, values[..., channel], name)
    return [
        *items,
        say(f"times {channel}", "×", (PANEL_INPUT + PANEL_KERNEL) / 2, center + 6, 17, "muted"),
        say(f"sum {channel}", write_number(step.sums[channel]), PANEL_SUMS, center + 7, 20, "window"),
    ]


def _write_foot(trace: "MultiChannelTrace", step: "ChannelStep") -> list[Item]:
    """Return the calculation at the foot of a panel."""
    return [Line("formula", ((write_sum(trace, step), "ink"),), 210, 304, 17, limit=400)]
