"""A depthwise convolution: each channel has its own kernel and gives its own map; nothing is summed across channels.

An ordinary convolution is different: its kernel is as deep as its input and sums over all channels.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic, channels, keyframes
from figures.parts.arithmetic import Array, Padding, Pair
from figures.parts.keyframes import HEADING, WIDEST, Item, Rules, Table, find_centers, measure_cell, place_rows, say
from figures.parts.words import Description, count_noun, quote, times, write_number, write_padding, write_pair

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from generator.theme import Theme


@dataclass(frozen=True, slots=True)
class DepthwiseTrace:
    """An input (height, width, channels), kernels (height, width, channels, multiplier), and the output.

    padded: the input with its padding; real: which of its cells are input. output: (height, width, channels ×
    multiplier), all maps of one channel before those of the next, as in Keras.
    """

    input: Array
    kernels: Array
    biases: Array
    strides: Pair
    padding: Padding
    padded: Array
    real: Array
    output: Array

    @property
    def parameters(self) -> int:
        """The number of the layer's weights and biases."""
        return int(self.kernels.size + self.biases.size)

    @property
    def multiplications(self) -> int:
        """The number of multiplications for the whole output."""
        return int(self.output.size * self.kernels[..., 0, 0].size)

    @property
    def full_parameters(self) -> int:
        """The number of parameters of an ordinary convolution to as many maps."""
        return int((self.kernels[..., 0].size + 1) * self.output.shape[2])


def trace(
    *,
    input: ArrayLike,
    kernels: ArrayLike,
    biases: ArrayLike | None = None,
    strides: int = 1,
    padding: str | int | Sequence[Sequence[int]] = "valid",
    layout: Literal["keras", "tables"] = "keras",
) -> DepthwiseTrace:
    """Return Keras's DepthwiseConv2D of up to three small channels, exact for integers.

    input: (height, width, channels). kernels: (height, width, channels), or (height, width, channels, multiplier) with
    up to two kernels per channel. With layout "tables", each is a list with one table per channel; kernels with a
    multiplier are a list of such lists.
    """
    image = channels.read_input(input, layout)
    weights = channels.read_depthwise(kernels, layout, image.shape[2])
    added = channels.read_biases(biases, weights.shape[2] * weights.shape[3])
    step = arithmetic.read_pair(strides, "strides")
    around = channels.read_padding(padding, image, weights, step)
    padded, real = channels.pad(image, around), np.pad(np.ones(image.shape[:2], dtype=bool), around)
    sums = channels.sum_channels(padded, weights, step)
    output = sums.reshape(*sums.shape[:2], -1) + added
    _refuse_large(padded, weights, output)
    return DepthwiseTrace(image, weights, added, step, around, padded, real, output)


def _refuse_large(padded: Array, weights: Array, output: Array) -> None:
    """Raise ValueError for what does not fit on a slide."""
    channels.refuse_large(padded, rows=5 if padded.shape[2] > 2 else 7, channels=3)
    if max(weights.shape[:2]) > 3 or weights.shape[3] > 2:
        raise ValueError(
            f"the kernels are {times(weights.shape[:2])}, {weights.shape[3]} per channel; "
            "at most 2 of 3 × 3 fit a slide"
        )
    widest = WIDEST if weights.shape[3] == 1 else MAP_OF_TWO
    for name, values in (("input", padded), ("kernels", weights), ("the output", output)):
        most = keyframes.characters(measure_cell(values.shape, padded.shape[2], widest=widest))
        channels.refuse_long(values, name, min(3, most))


def describe(trace: DepthwiseTrace) -> Description:
    """Return the alt text and the facts: sizes, and the parameters beside those of an ordinary convolution."""
    depth, multiplier = trace.kernels.shape[2:]
    rows = [
        f"channel {c + 1}, {quote(trace.input[..., c])}, with "
        + " and ".join(
            f"the kernel {quote(trace.kernels[..., c, m])}{_say_bias(trace, c * multiplier + m)} makes "
            f"{quote(trace.output[..., c * multiplier + m])}"
            for m in range(multiplier)
        )
        for c in range(depth)
    ]
    alt = (
        f"Depthwise convolution, {write_padding(trace.padding)}, {write_pair('stride', trace.strides)}; each channel "
        f"has its own kernel, and nothing is summed across channels: {'; '.join(rows)}. {write_parameters(trace)}; "
        f"{write_comparison(trace)}."
        f"{channels.say_unused(trace.input, trace.kernels, trace.output, trace.strides, trace.padding)}"
    )
    facts = {
        "input": dict(zip(("height", "width", "channels"), trace.input.shape, strict=True)),
        "kernel": dict(zip(("height", "width"), trace.kernels.shape[:2], strict=True)),
        "shape": dict(zip(("height", "width", "channels"), trace.output.shape, strict=True)),
        "depth_multiplier": multiplier,
        "parameters": trace.parameters,
        "full_parameters": trace.full_parameters,
        "multiplications": trace.multiplications,
        "formula": write_parameters(trace),
        "output": trace.output.tolist(),
    }
    return Description(alt, (), facts)


def _say_bias(trace: DepthwiseTrace, number: int) -> str:
    """Return the bias of a map in words; "" if the layer has none."""
    return f" and the bias {write_number(trace.biases[number])}" if trace.biases.any() else ""


def write_parameters(trace: DepthwiseTrace) -> str:
    """Return the number of parameters with its calculation."""
    each = f"({times(trace.kernels.shape[:2])} weights + 1 bias)"
    return f"{each} × {count_noun(trace.output.shape[2], 'map')} = {trace.parameters} parameters"


def write_comparison(trace: DepthwiseTrace) -> str:
    """Return how many parameters an ordinary convolution would have."""
    return f"an ordinary convolution to {count_noun(trace.output.shape[2], 'map')} has {trace.full_parameters}"


def draw(trace: DepthwiseTrace, theme: "Theme") -> "Figure":
    """Return one row per channel: the input, its kernel and its map; the first window and its result are framed."""
    from figures.parts.keyframes import draw_items

    return draw_items(compose(trace), theme)


# The layout: one row per channel, and nothing that leads from one row to another.
INPUT, KERNEL, OUTPUT = 330.0, 700.0, 1130.0  # middles of the columns, in pixels as all lengths here
EQUALS = 915.0, 988.0  # x of the "=" before the maps, with one kernel per channel and with two
MAP_OF_TWO = 205.0  # largest width of a map, with two kernels per channel
FOOT = 656.0, 698.0  # baselines of the lines at the bottom


def compose(trace: "DepthwiseTrace") -> list[Item]:
    """Return everything in the picture."""
    depth, multiplier = trace.kernels.shape[2], trace.kernels.shape[3]
    centers, inputs = find_centers(depth), place_rows("input", trace.padded, INPUT)
    items = [*_write_headings(trace), *keyframes.label_channels(centers)]
    for c in range(depth):
        items += keyframes.draw_input(inputs[c], trace.padded[..., c], trace.real)
    items += keyframes.frame_window(inputs, (0, 0), (trace.kernels.shape[0], trace.kernels.shape[1]))
    for m in range(multiplier):
        items += _draw_kernels_and_maps(trace, m)
    middles = [(a + b) / 2 for a, b in itertools.pairwise(centers)]
    items.append(Rules("apart", tuple(((40, y), (1496, y)) for y in middles), "rule", 1.6))
    runs = ((write_parameters(trace), "kernel"), ("      " + write_comparison(trace), "muted"))
    items.append(
        say("apart words", "each channel stays by itself: nothing is summed across channels", 768, FOOT[0], 30)
    )
    return [*items, keyframes.Line("parameters", runs, 768, FOOT[1], 25)]


def _draw_kernels_and_maps(trace: "DepthwiseTrace", number: int) -> list[Item]:
    """Return, for every channel, its kernel of this number (from 0), the map it gives, and the signs between them."""
    depth, multiplier = trace.kernels.shape[2], trace.kernels.shape[3]
    values, made = trace.kernels[..., number], trace.output[..., number::multiplier]
    kernels, maps = place_kernels(values, number, multiplier), place_maps(made, number, multiplier)
    items: list[Item] = []
    for c in range(depth):
        kernel, table = kernels[c], maps[c]
        items += keyframes.draw_table(kernel, values[..., c], "kernel")
        items += keyframes.draw_table(table, made[..., c], "output")
        items.append(keyframes.ring(f"target {number} {c}", table, (0, 0)))
        if number == 0:
            items.append(keyframes.star(f"times {c}", (INPUT + 125 + kernel.left) / 2, kernel.center))
        if number == multiplier - 1:
            items.append(say(f"equals {c}", "=", EQUALS[multiplier - 1], kernel.center + 13, HEADING, "muted"))
        bias = trace.biases[c * multiplier + number]
        if bias:
            text = f"{'−' if bias < 0 else '+'} {write_number(abs(bias))}"
            items.append(say(f"bias {number} {c}", text, kernel.right + 12, kernel.center + 9, 25, "kernel", "left"))
    return items


def place_kernels(values: Array, number: int, multiplier: int) -> list[Table]:
    """Return where the kernels of one number stand; two per channel stand side by side and are smaller."""
    middle, widest = (KERNEL, WIDEST) if multiplier == 1 else (KERNEL - 70 + 200 * number, 135)
    return place_rows(f"kernel {number}", values, middle, widest=widest)


def place_maps(made: Array, number: int, multiplier: int) -> list[Table]:
    """Return where the maps of the kernels of one number stand."""
    middle, widest = (OUTPUT, WIDEST) if multiplier == 1 else (OUTPUT + 15 + 230 * number, MAP_OF_TWO)
    return place_rows(f"map {number}", made, middle, widest=widest)


def _write_headings(trace: "DepthwiseTrace") -> list[Item]:
    """Return the headings of the columns."""
    depth, multiplier = trace.kernels.shape[2], trace.kernels.shape[3]
    note = f"{depth} of {times(trace.kernels.shape[:2])}" if multiplier == 1 else f"{multiplier} per channel"
    note += ", + bias" if np.any(trace.biases) else ""
    aside = 0 if multiplier == 1 else 1
    return keyframes.write_headings(
        (
            (INPUT, "input", times(trace.input.shape), "input"),
            (KERNEL + 30 * aside, "kernels", note, "kernel"),
            (OUTPUT + 130 * aside, "output", times(trace.output.shape), "output"),
        )
    )
