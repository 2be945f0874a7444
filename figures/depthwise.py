"""A depthwise convolution: every channel has a kernel of its own and makes a map of its own; nothing is summed across.

It must not be mistaken for an ordinary convolution, whose kernel is as deep as its input and sums all channels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from figures import arithmetic, channels, tableau
from figures.arithmetic import Array, Padding, Pair
from figures.channel_rows import WIDEST, measure_cell
from figures.depthwise_plate import MAP_OF_TWO
from figures.description import Description
from figures.sliding import quote, times, write_padding, write_pair

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from generator.theme import Theme


@dataclass(frozen=True, slots=True)
class DepthwiseTrace:
    """An input (height, width, channels), kernels (height, width, channels, multiplier), and what they make.

    padded: the input with its padding; real: which of its places are input. output: (height, width, channels ×
    multiplier), the maps of one channel after the other, as in Keras.
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
        """How many weights and biases the layer has."""
        return int(self.kernels.size + self.biases.size)

    @property
    def multiplications(self) -> int:
        """How many products make the whole output."""
        return int(self.output.size * self.kernels[..., 0, 0].size)

    @property
    def full_parameters(self) -> int:
        """How many an ordinary convolution to as many maps would have."""
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
    """Return what Keras's DepthwiseConv2D makes of up to three small channels, exact for integers.

    input: (height, width, channels). kernels: (height, width, channels), or with up to two kernels a channel (height,
    width, channels, multiplier). With layout "tables", a table a channel; with a multiplier, a list of these.
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
    """Raise ValueError for what does not fit a slide."""
    channels.refuse_large(padded, rows=5 if padded.shape[2] > 2 else 7, channels=3)
    if max(weights.shape[:2]) > 3 or weights.shape[3] > 2:
        raise ValueError(
            f"the kernels are {times(weights.shape[:2])}, {weights.shape[3]} a channel; at most 2 of 3 × 3 fit a slide"
        )
    widest = WIDEST if weights.shape[3] == 1 else MAP_OF_TWO
    for name, values in (("input", padded), ("kernels", weights), ("the output", output)):
        most = tableau.characters(measure_cell(values.shape, padded.shape[2], widest=widest))
        channels.refuse_long(values, name, min(3, most))


def describe(trace: DepthwiseTrace) -> Description:
    """Return the text alternative and the facts: sizes, parameters beside those of an ordinary convolution."""
    depth, multiplier = trace.kernels.shape[2:]
    rows = [
        f"channel {c + 1}, {quote(trace.input[..., c])}, with "
        + " and ".join(
            f"the kernel {quote(trace.kernels[..., c, m])} makes {quote(trace.output[..., c * multiplier + m])}"
            for m in range(multiplier)
        )
        for c in range(depth)
    ]
    alt = (
        f"Depthwise convolution, {write_padding(trace.padding)}, {write_pair('stride', trace.strides)}; each channel "
        f"has its own kernel, and nothing is summed across channels: {'; '.join(rows)}. {write_parameters(trace)}; "
        f"{write_comparison(trace)}."
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


def write_parameters(trace: DepthwiseTrace) -> str:
    """Return the count of parameters, as it comes about."""
    each = f"({times(trace.kernels.shape[:2])} weights + 1 bias)"
    return f"{each} × {trace.output.shape[2]} maps = {trace.parameters} parameters"


def write_comparison(trace: DepthwiseTrace) -> str:
    """Return how many parameters an ordinary convolution would have."""
    return f"an ordinary convolution to {trace.output.shape[2]} maps has {trace.full_parameters}"


def draw(trace: DepthwiseTrace, theme: "Theme") -> "Figure":
    """Return a row a channel: the input, its kernel, the map they make; the first window and its number are framed."""
    from figures.depthwise_plate import compose
    from figures.tableau_still import draw_tableau

    return draw_tableau(compose(trace), theme)
