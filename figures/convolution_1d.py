"""A convolution along one axis: the kernel slides over a signal, and each output stands below its window.

The same numbers are drawn again as bars, so that one can see how a difference finds edges and an average smooths. As
everywhere in Keras, the kernel is not flipped: strictly speaking, this is cross-correlation.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic, channels, keyframes
from figures.parts.arithmetic import Array, Pair
from figures.parts.keyframes import HEADING, SMALLEST, Box, Item, Keyframe, Line, Rules, Table, say
from figures.parts.layout import Run, fit_text
from figures.parts.sliding_window import choose_places
from figures.parts.words import Description, are_rounded, count_noun, equals, write_number

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme


LONGEST = 24  # cells of the padded signal
MOST_CHARACTERS = 4  # of a number


@dataclass(frozen=True, slots=True)
class SignalStep:
    """One position of the window: its `index` in the output, and how the number there comes about."""

    index: int
    operands: Array
    products: Array
    result: float


@dataclass(frozen=True, slots=True)
class SignalTrace:
    """A signal, a kernel and an output, each (length,); `padding` is (before, after), `padded` the signal with it."""

    input: Array
    kernel: Array
    strides: int
    padding: Pair
    padded: Array
    output: Array
    steps: tuple[SignalStep, ...]


def trace(
    *,
    input: ArrayLike,
    kernel: ArrayLike,
    strides: int = 1,
    padding: str = "valid",
    steps: int | Sequence[int] | None = None,
) -> SignalTrace:
    """Return Keras's Conv1D of one channel with one kernel, exact for integers.

    input, kernel: lists of numbers. padding: "valid", "same", "full", or "causal", which pads only before the signal,
    so that no output looks ahead. steps: which positions of the output are shown, either how many from the start, or a
    list of indices counted from 0; by default all of up to nine, and a selection of more.
    """
    signal, weights = _read(input, "input"), _read(kernel, "kernel")
    step = arithmetic.read_pair(strides, "strides")[1]
    around = _resolve(padding, len(signal), len(weights), step)
    padded = np.pad(signal, around)
    _refuse_long(padded, weights)
    seen = arithmetic.windows(padded[None], (1, len(weights)), (1, step))[0, :, 0]
    output = np.asarray((seen * weights).sum(axis=1))
    channels.refuse_long(output, "the output", MOST_CHARACTERS)
    chosen = choose_places(output[None], _choose(output) if steps is None else steps)
    shown = tuple(SignalStep(i, seen[i].copy(), seen[i] * weights, output[i].item()) for _, i in chosen)
    return SignalTrace(signal, weights, step, around, padded, output, shown)


def _read(values: ArrayLike, name: str) -> Array:
    """Return a list of numbers as an array."""
    return channels.read_array(values, name, "length")


def _resolve(padding: str, size: int, reach: int, strides: int) -> Pair:
    """Return how many zeros are added before and after the signal."""
    if padding == "causal":
        return reach - 1, 0
    if padding not in ("valid", "same", "full"):
        raise ValueError(f"there is no padding {padding!r}; there is 'valid', 'same', 'full' and 'causal'")
    return arithmetic.resolve_padding(padding, (1, size), (1, reach), (1, strides))[1]


def _choose(output: Array) -> list[int]:
    """Return the positions shown by default: all of up to nine, else the first three, both extremes and the last."""
    if len(output) <= 9:
        return list(range(len(output)))
    return sorted({0, 1, 2, int(output.argmax()), int(output.argmin()), len(output) - 1})


def _refuse_long(padded: Array, weights: Array) -> None:
    """Raise ValueError for what does not fit on a slide."""
    if len(padded) > LONGEST:
        raise ValueError(f"the signal with its padding has {len(padded)} numbers; at most {LONGEST} fit a slide")
    for name, values in (("input", padded), ("kernel", weights)):
        channels.refuse_long(values, name, MOST_CHARACTERS)


def describe(trace: SignalTrace) -> Description:
    """Return the alt text, one sentence per step, and the facts: lengths, padding, sums as text, the output."""
    before, after = trace.padding
    around = f"{count_noun(before, 'zero')} before and {after} after" if before or after else "no padding"
    alt = (
        f"Convolution along one axis: the kernel [{_list(trace.kernel)}] slides over the signal [{_list(trace.input)}] "
        f"with {around} and stride {trace.strides}. The output is [{_list(trace.output)}].{_say_unused(trace)} Below, "
        "signal and output stand as bars, each output under the middle of its window."
    )
    steps = tuple(f"Output {step.index + 1}: {write_sum(trace, step)}." for step in trace.steps)
    facts = {
        "length": {"input": len(trace.input), "kernel": len(trace.kernel), "output": len(trace.output)},
        "padding": {"before": before, "after": after},
        "strides": trace.strides,
        "sum": {"first": write_sum(trace, trace.steps[0]), "last": write_sum(trace, trace.steps[-1])},
        "largest": trace.output.max().item(),
        "smallest": trace.output.min().item(),
        "output": trace.output.tolist(),
    }
    return Description(alt, steps, facts)


def _list(values: Array) -> str:
    """Return numbers as text, separated by commas."""
    return ", ".join(write_number(value) for value in values) + (" (rounded)" if are_rounded(values) else "")


def _say_unused(trace: SignalTrace) -> str:
    """Return a sentence, after a space, that counts the numbers of the signal no window uses; "" if all are used."""
    places, before = len(trace.output), trace.padding[0]
    used = arithmetic.used_cells(len(trace.input), places, len(trace.kernel), trace.strides, before=before)
    last, between = arithmetic.count_unused(used)
    parts = [f"the last {count_noun(last, 'number')}"] * bool(last) + [f"{between} between the windows"] * bool(between)
    return f" No window uses {' and '.join(parts)}." if parts else ""


def write_sum(trace: SignalTrace, step: SignalStep) -> str:
    """Return the calculation at one step as text."""
    pairs = zip(step.operands, trace.kernel, strict=True)
    products = " + ".join(f"{write_number(value)} × {write_number(weight)}" for value, weight in pairs)
    sign = equals([*step.operands, *trace.kernel, step.result]).strip()
    return f"{products} {sign} {write_number(step.result)}"


def draw(trace: SignalTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return the whole convolution with its first step written out, or the small panel of one `step`."""
    from figures.parts.keyframes import draw_items
    from figures.parts.layout import PANEL

    if step is not None:
        return draw_items(compose_panel(trace, trace.steps[step]), theme, PANEL)
    return draw_items(SlideComposer(trace).compose_still(), theme)


def animate(trace: SignalTrace, scene: "Scene") -> None:
    """Animate the kernel sliding along the signal while the output grows under it, as numbers and as bars."""
    from figures.parts.film import play_keyframes

    layout = SlideComposer(trace)
    steps = [layout.step_keyframes(number) for number in range(len(trace.steps))]
    play_keyframes(scene, layout.compose_opening(), steps, describe(trace).steps, layout.compose_closing())


# Where everything stands, in pixels.
LEFT, RIGHT = 210.0, 1488.0  # the room for a row of numbers
LARGEST_CELL = 88.0
SIGNAL = 66.0  # middle of the first row of numbers
BARS = (345.0, 470.0), (495.0, 620.0)  # top and bottom of the signal's bars, and of the output's
FORMULA_Y = 682.0


class SlideComposer:
    """The layout of one trace's slide: what belongs together is stacked, each output under the middle of its window."""

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
        """Return where a row of numbers stands; the text is as large as the longest number allows."""
        size = max(SMALLEST, min(30.0, fit_text(keyframes.texts_of(values[None]), self.cell)))
        return Table(name, 1, len(values), left, center - self.cell / 2, self.cell, size)

    def _kernel(self, index: int) -> Table:
        """Return where the kernel stands, under its window, for the output `index`."""
        left = self.signal.left + index * self.trace.strides * self.cell
        return self._row("kernel", self.trace.kernel, left, self.kernel_y)

    def _output(self, index: int) -> Table:
        """Return where the output `index` stands."""
        kernel = self._kernel(index)
        size = self._row("output", self.trace.output, 0, 0).size
        top = self.output_y - self.cell / 2
        return Table(f"output {index}", 1, 1, kernel.left + self.shift, top, self.cell, size)

    def compose_still(self) -> list[Item]:
        """Return the picture of the first step, with the whole output."""
        return self._compose_done(self.trace.steps[0])

    def compose_closing(self) -> list[Item]:
        """Return the picture of the last step, with the whole output."""
        return self._compose_done(self.trace.steps[-1])

    def _compose_done(self, step: "SignalStep") -> list[Item]:
        """Return the picture of a step, with the whole output."""
        return [*self._compose(step, len(self.trace.output)), self._write_formula(step, is_done=True)]

    def compose_opening(self) -> list[Item]:
        """Return the picture before the kernel begins to move."""
        return [*self._draw_fixed(), *self._draw_output(0)]

    def step_keyframes(self, number: int) -> list[Keyframe]:
        """Return the keyframes of one step: the window arrives, the sum is written, the output grows."""
        step = self.trace.steps[number]
        arrived = self._compose(step, step.index)
        terms = [*arrived, self._write_formula(step, is_done=False)]
        done = [*self._compose(step, step.index + 1, "formula"), self._write_formula(step, is_done=True)]
        seconds = (1.0, 2.4, 1.2) if number == 0 else (0.8, 1.2, 0.9)
        return [Keyframe(tuple(items), time) for items, time in zip((arrived, terms, done), seconds, strict=True)]

    def _compose(self, step: "SignalStep", known: int, origin: str = "") -> list[Item]:
        """Return the picture with the window at a step and the first `known` numbers of the output.

        origin: the name of the item from which the newest of these numbers comes in a film, if any.
        """
        kernel, output = self._kernel(step.index), self._output(step.index)
        frame = Box(
            "window", kernel.left, SIGNAL - self.cell / 2, kernel.width, self.cell, "window", line=keyframes.BOLD
        )
        target = keyframes.ring("target", output, (0, 0))
        veil = replace(frame, name="veil", role="", fill="window", opacity=0.16)
        items = [*self._draw_fixed(), *self._draw_output(known), veil, frame, replace(target, name="target")]
        items += keyframes.draw_table(replace(kernel, name="kernel"), self.trace.kernel[None], "kernel")
        if origin:
            newest = keyframes.write_cell(output, (0, 0), step.result, origin=origin)
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
        items += keyframes.draw_input(self.signal, self.trace.padded[None], real[None])
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
            items += keyframes.draw_frame(table, "output", is_known=i < known)
            if i < known:
                items.append(keyframes.write_cell(table, (0, 0), value))
                items += self._draw_bar(f"output bar {i}", value, table.left, "output", BARS[1])
        return items

    def _height(self, value: float, band: tuple[float, float]) -> float:
        """Return the y of a value in a band of bars; both bands have the same scale."""
        low, high = self.limits
        return float(band[1] - (value - low) / ((high - low) or 1.0) * (band[1] - band[0]))

    def _draw_bar(self, name: str, value: float, left: float, role: str, band: tuple[float, float]) -> list[Item]:
        """Return a bar from zero up or down to a value; a value of zero is a dot on the zero line."""
        zero, end = self._height(0.0, band), self._height(float(value), band)
        inset = 0.2 * self.cell
        if value == 0:
            return [Box(name, left + self.cell / 2 - 4, zero - 4, 8, 8, fill=role)]
        bar = Box(name, left + inset, min(zero, end), self.cell - 2 * inset, abs(end - zero), fill=role)
        return [bar]

    def _write_formula(self, step: "SignalStep", *, is_done: bool) -> Line:
        """Return the calculation, without its result until `is_done`."""
        runs = write_runs(self.trace, step)
        return Line("formula" if is_done else "terms", tuple(runs if is_done else runs[:-2]), 768, FORMULA_Y, 38)


def write_runs(trace: "SignalTrace", step: "SignalStep") -> list[Run]:
    """Return the calculation at one step as colored runs of text."""
    runs: list[Run] = []
    for k, (value, weight) in enumerate(zip(step.operands, trace.kernel, strict=True)):
        runs += [("  +  ", "ink")] if k else []
        runs += [(write_number(value), "input"), (" × ", "ink"), (write_number(weight), "kernel")]
    sign = equals([*step.operands, *trace.kernel, step.result])
    return [*runs, (sign, "ink"), (write_number(step.result), "output")]


def compose_panel(trace: "SignalTrace", step: "SignalStep") -> list[Item]:
    """Return the small picture of one step: the window's numbers above the kernel's, the products, the result."""
    count = len(trace.kernel)
    cell, least = min(52.0, 300 / count), keyframes.PANEL_SMALLEST
    left = 110 + (300 - count * cell) / 2
    rows = (
        ("window", step.operands, 56.0, "input"),
        ("kernel", trace.kernel, 118.0, "kernel"),
        ("products", step.products, 180.0, "window"),
    )
    items: list[Item] = []
    for name, values, center, role in rows:
        table = keyframes.place(name, values[None], left, center, cell, least)
        items += keyframes.draw_table(replace(table, size=min(table.size, 20.0)), values[None], role)
        items.append(say(f"name {name}", name, 12, center + 6, 17, role, "left", is_bold=True))
    items.append(say("name output", f"output {step.index + 1}", 12, 252, 17, "output", "left", is_bold=True))
    middle = left + count * cell / 2
    box = Box("box", middle - 30, 226, 60, 40, "output")
    result = say("result", write_number(step.result), middle, 253, 20, is_bold=True)
    return [
        *items,
        replace(box, name="fill", role="", fill="output_tint"),
        box,
        result,
        Line("formula", tuple(write_runs(trace, step)), 210, 304, 17, limit=400),
    ]
