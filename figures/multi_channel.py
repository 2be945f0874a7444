"""A convolution over several channels: every channel has its own slice of the kernel, and their sums become one number.

What is missed most: a kernel is as deep as its input, and it makes one map, however many channels there are. It must
not be mistaken for one kernel a channel with one map each, which is a depthwise convolution.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from figures import arithmetic, channels, tableau
from figures.arithmetic import Array, Padding, Pair
from figures.channel_rows import measure_cell
from figures.description import Description
from figures.multi_channel_plate import measure_map
from figures.sliding import equals, quote, times, write_number, write_padding, write_pair

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme


@dataclass(frozen=True, slots=True)
class ChannelStep:
    """One number of one output map: at `row`, `column` of map `filter`, all from 0.

    operands, products: (kernel height, kernel width, channels). sums: of each channel's products. result: their sum
    and the bias.
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

    padded: the input with its padding; real: which of its places (height, width) are input. output: (height, width,
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
        """How many products make the whole output."""
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

    input: (height, width, channels). kernels: (height, width, channels, filters). With layout "tables", as one writes
    them by hand: a table a channel, and for each filter a table a channel. steps: which numbers of the output are
    shown, so many from the start or counted place by place and at each place map by map, from 0.
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
    """Raise ValueError for kernels or maps, or numbers in them, that do not fit the picture."""
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
        channels.refuse_long(values, name, min(3, tableau.characters(cell)))


def _choose(output: Array, steps: int | Sequence[int] | None) -> list[tuple[int, int, int]]:
    """Return which numbers become steps; by default each map's first, one of the second place, and the last."""
    count, filters = output.size, output.shape[2]
    if steps is None:
        steps = sorted({*range(filters), min(filters, count - 1), count - 1})
    numbers = list(range(min(int(steps), count))) if isinstance(steps, (int, np.integer)) else list(steps)
    if not numbers or any(not 0 <= k < count for k in numbers) or numbers != sorted(set(numbers)):
        raise ValueError(f"steps are {steps}; give rising numbers from 0 to {count - 1}, or how many")
    return [(k // filters // output.shape[1], k // filters % output.shape[1], k % filters) for k in numbers]


def _look(at: tuple[int, int, int], operands: Array, weights: Array, bias: float) -> ChannelStep:
    """Return how one number comes about."""
    products = operands * weights
    sums = products.sum(axis=(0, 1))
    return ChannelStep(*at, operands.copy(), products, sums, bias, (sums.sum() + bias).item())


def describe(trace: MultiChannelTrace) -> Description:
    """Return the text alternative, a sentence a step, and the facts: sizes, parameters, the sums as text."""
    depth, filters = trace.input.shape[2], trace.output.shape[2]
    inputs = "; ".join(f"channel {c + 1} is {quote(trace.input[..., c])}" for c in range(depth))
    kernels = "; ".join(
        f"kernel {f + 1} is " + " and ".join(quote(trace.kernels[..., c, f]) for c in range(depth))
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
    )
    return Description(alt, tuple(_say(trace, step) for step in trace.steps), _collect_facts(trace))


def capitalize(text: str) -> str:
    """Return `text` with a capital at its beginning, the rest as it is."""
    return text[:1].upper() + text[1:]


def write_sum(trace: MultiChannelTrace, step: ChannelStep) -> str:
    """Return how the channels' sums and the bias make one number; a single sum without a bias is that number."""
    if len(step.sums) == 1 and not trace.biases.any():
        return write_number(step.result)
    signed = [f"{'−' if value < 0 else '+'} {write_number(abs(value))}" for value in step.sums[1:]]
    bias = f" {'−' if step.bias < 0 else '+'} bias {write_number(abs(step.bias))}" if trace.biases.any() else ""
    sign = equals([*step.sums, step.bias, step.result]).strip()
    return f"{' '.join([write_number(step.sums[0]), *signed])}{bias} {sign} {write_number(step.result)}"


def write_parameters(trace: MultiChannelTrace) -> str:
    """Return the count of parameters, as it comes about."""
    height, width, depth, filters = trace.kernels.shape
    named = "filter" if filters == 1 else "filters"
    count = f"{trace.parameters:,}".replace(",", " ")
    return f"({height} × {width} × {depth} weights + 1 bias) × {filters} {named} = {count} parameters"


def _say(trace: MultiChannelTrace, step: ChannelStep) -> str:
    """Return the sentence of one step."""
    where = f"row {step.row + 1}, column {step.column + 1}"
    depth = trace.input.shape[2]
    sums = "the sum of its one channel" if depth == 1 else f"the sums of its {depth} channels"
    return f"Map {step.filter + 1}, {where}: {sums}, {write_sum(trace, step)}."


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
    """Return the first number of the first map with all that makes it, or the small panel of step `step`."""
    from figures.composition import PANEL
    from figures.multi_channel_panel import compose_panel
    from figures.multi_channel_plate import Plate
    from figures.tableau_still import draw_tableau

    if step is not None:
        return draw_tableau(compose_panel(trace, trace.steps[step]), theme, PANEL)
    return draw_tableau(Plate(trace).compose_still(), theme)


def animate(trace: MultiChannelTrace, scene: "Scene") -> None:
    """Let each channel meet its slice; the sums meet in one number of one map; then the next kernel takes its turn."""
    from figures.multi_channel_plate import Plate
    from figures.tableau_film import play_beats

    plate = Plate(trace)
    beats = [plate.film_step(number) for number in range(len(trace.steps))]
    play_beats(scene, plate.compose_opening(), beats, describe(trace).steps, plate.compose_closing())
