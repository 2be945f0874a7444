"""A depthwise separable convolution: first a kernel a channel, then 1 × 1 weights that mix the channels.

Beside it stands what it costs, parameters and multiplications, and what an ordinary convolution of the same size costs.
It is not the same function: it can do less (Chollet 2017, arXiv:1610.02357; Howard et al. 2017, arXiv:1704.04861).
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
from figures.separable_plate import ROWS_END
from figures.sliding import quote, times, write_padding, write_pair

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from generator.theme import Theme


@dataclass(frozen=True, slots=True)
class Cost:
    """How many parameters a layer has, and how many multiplications it takes for one input."""

    parameters: int
    multiplications: int


@dataclass(frozen=True, slots=True)
class SeparableTrace:
    """An input (height, width, channels), its `middle` maps, as many, and the output (height, width, filters).

    depthwise_kernels: (height, width, channels). pointwise_weights: (channels, filters). real: which places of the
    padded input are input. cost, full_cost: of this layer, and of an ordinary convolution of the same size.
    """

    input: Array
    depthwise_kernels: Array
    pointwise_weights: Array
    biases: Array
    strides: Pair
    padding: Padding
    padded: Array
    real: Array
    middle: Array
    output: Array

    @property
    def cost(self) -> Cost:
        """What the two small layers cost together; there is a bias a filter."""
        depth, filters = self.pointwise_weights.shape
        places = self.output.size // filters
        weights = self.depthwise_kernels.size + depth * filters
        return Cost(int(weights + filters), int(places * weights))

    @property
    def full_cost(self) -> Cost:
        """What an ordinary convolution with kernels of the same height and width costs."""
        weights = self.depthwise_kernels.size * self.pointwise_weights.shape[1]
        filters = self.pointwise_weights.shape[1]
        return Cost(int(weights + filters), int(self.output.size // filters * weights))


def trace(
    *,
    input: ArrayLike,
    depthwise_kernels: ArrayLike,
    pointwise_weights: ArrayLike,
    biases: ArrayLike | None = None,
    strides: int = 1,
    padding: str | int | Sequence[Sequence[int]] = "valid",
    layout: Literal["keras", "tables"] = "keras",
) -> SeparableTrace:
    """Return what Keras's SeparableConv2D makes of up to three small channels, exact for integers.

    input: (height, width, channels). depthwise_kernels: (height, width, channels). pointwise_weights: (channels,
    filters). With layout "tables" input and kernels are a table a channel.
    """
    image = channels.read_input(input, layout)
    kernels = channels.read_depthwise(depthwise_kernels, layout, image.shape[2], "depthwise_kernels")
    table = channels.read_array(pointwise_weights, "pointwise_weights", "channels, filters")
    if kernels.shape[3] != 1 or len(table) != image.shape[2]:
        count = image.shape[2]
        raise ValueError(
            f"the input has {count} channels; give {count} depthwise kernels and rows of pointwise_weights"
        )
    added, step = channels.read_biases(biases, table.shape[1]), arithmetic.read_pair(strides, "strides")
    around = channels.read_padding(padding, image, kernels, step)
    padded, real = channels.pad(image, around), np.pad(np.ones(image.shape[:2], dtype=bool), around)
    middle = channels.sum_channels(padded, kernels, step)[..., 0]
    output = middle @ table + added
    volumes = {"input": padded, "depthwise_kernels": kernels[..., 0], "the maps": middle, "the output": output}
    _refuse_large(volumes, table)
    return SeparableTrace(image, kernels[..., 0], table, added, step, around, padded, real, middle, output)


def _refuse_large(volumes: dict[str, Array], table: Array) -> None:
    """Raise ValueError for what does not fit a slide."""
    padded, kernels = volumes["input"], volumes["depthwise_kernels"]
    most = max(table.shape)
    channels.refuse_large(padded, rows=4 if most > 2 else 6, channels=3)
    if max(kernels.shape[:2]) > 3 or table.shape[1] > 3:
        raise ValueError(
            f"{table.shape[1]} filters with kernels of {times(kernels.shape[:2])}; at most 3 of 3 × 3 fit a slide"
        )
    channels.refuse_long(table, "pointwise_weights", 3)
    for name, values in volumes.items():
        cell = measure_cell(values.shape, values.shape[2], ROWS_END)
        channels.refuse_long(values, name, min(3, tableau.characters(cell)))


def describe(trace: SeparableTrace) -> Description:
    """Return the text alternative and the facts: sizes, and the costs beside those of an ordinary convolution."""
    depth, filters = trace.pointwise_weights.shape
    rows = "; ".join(
        f"channel {c + 1}, {quote(trace.input[..., c])}, with the kernel {quote(trace.depthwise_kernels[..., c])} "
        f"makes {quote(trace.middle[..., c])}"
        for c in range(depth)
    )
    outputs = "; ".join(f"map {f + 1} is {quote(trace.output[..., f])}" for f in range(filters))
    cost, full = trace.cost, trace.full_cost
    alt = (
        f"Depthwise separable convolution, {write_padding(trace.padding)}, {write_pair('stride', trace.strides)}. "
        f"First each channel by itself: {rows}. Then at every place 1 × 1 weights, {quote(trace.pointwise_weights)}, "
        f"mix the channels: {outputs}. It has {cost.parameters} parameters and takes {cost.multiplications} "
        f"multiplications; an ordinary convolution of this size has {full.parameters} and takes {full.multiplications}."
    )
    facts = {
        "input": dict(zip(("height", "width", "channels"), trace.input.shape, strict=True)),
        "shape": dict(zip(("height", "width", "channels"), trace.output.shape, strict=True)),
        "parameters": cost.parameters,
        "multiplications": cost.multiplications,
        "full": {"parameters": full.parameters, "multiplications": full.multiplications},
        "share": {
            "parameters": cost.parameters / full.parameters,
            "multiplications": cost.multiplications / full.multiplications,
        },
        "output": trace.output.tolist(),
    }
    return Description(alt, (), facts)


def draw(trace: SeparableTrace, theme: "Theme") -> "Figure":
    """Return both steps with their numbers, and below them the costs as bars beside the ordinary convolution's."""
    from figures.separable_plate import compose
    from figures.tableau_still import draw_tableau

    return draw_tableau(compose(trace), theme)
