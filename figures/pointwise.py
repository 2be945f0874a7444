"""A 1 × 1 convolution: at every place one small dense layer, the same everywhere, mixes the channels of that place.

It looks at no neighbors: what it changes is the number of channels. It must not be mistaken for scaling each channel.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from figures import channels, tableau
from figures.arithmetic import Array, Pair
from figures.channel_rows import measure_cell
from figures.description import Description
from figures.sliding import equals, quote, times, write_number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from generator.theme import Theme


@dataclass(frozen=True, slots=True)
class PointwiseTrace:
    """An input (height, width, channels), weights (channels, filters), an output (height, width, filters).

    place: the row and column that are looked at; there `values` (channels) become `results` (filters).
    """

    input: Array
    weights: Array
    biases: Array
    output: Array
    place: Pair

    @property
    def values(self) -> Array:
        """The channels at the place that is looked at."""
        return np.asarray(self.input[self.place])

    @property
    def results(self) -> Array:
        """What they become."""
        return np.asarray(self.output[self.place])

    @property
    def parameters(self) -> int:
        """How many weights and biases the layer has."""
        return int(self.weights.size + self.biases.size)

    @property
    def multiplications(self) -> int:
        """How many products make the whole output."""
        return int(self.output.size * self.weights.shape[0])


def trace(
    *,
    input: ArrayLike,
    weights: ArrayLike,
    biases: ArrayLike | None = None,
    place: Sequence[int] = (0, 0),
    layout: Literal["keras", "tables"] = "keras",
) -> PointwiseTrace:
    """Return what Keras's Conv2D with kernel size 1 makes of up to three small channels, exact for integers.

    input: (height, width, channels), or with layout "tables" a table a channel. weights: (channels, filters), as a
    Dense layer has them, which is Keras's kernel (1, 1, channels, filters) without its first two axes. place: the row
    and column that are looked at, from 0 (Lin, Chen & Yan 2014, arXiv:1312.4400).
    """
    image = channels.read_input(input, layout)
    table = channels.read_array(weights, "weights", "channels, filters")
    if len(table) != image.shape[2]:
        raise ValueError(
            f"weights have {len(table)} rows and the input has {image.shape[2]} channels; give a row a channel"
        )
    added = channels.read_biases(biases, table.shape[1])
    output = image @ table + added
    _refuse_large(image, table, output)
    return PointwiseTrace(image, table, added, output, _read_place(place, image))


def _read_place(place: Sequence[int], image: Array) -> Pair:
    """Return a row and a column of the input."""
    rows, columns, _ = image.shape
    numbers = [number for number in place if isinstance(number, (int, np.integer))]
    if len(place) != 2 or len(numbers) != 2 or not (0 <= numbers[0] < rows and 0 <= numbers[1] < columns):
        raise ValueError(f"place is {place!r}; give a row from 0 to {rows - 1} and a column from 0 to {columns - 1}")
    return int(numbers[0]), int(numbers[1])


def _refuse_large(image: Array, table: Array, output: Array) -> None:
    """Raise ValueError for what does not fit a slide."""
    most = max(image.shape[2], table.shape[1])
    channels.refuse_large(image, rows=5 if most > 2 else 7, channels=3, name="the input")
    if table.shape[1] > 3:
        raise ValueError(f"weights make {table.shape[1]} maps; at most 3 fit a slide with their numbers")
    channels.refuse_long(table, "weights", 3)
    for name, values in (("input", image), ("the output", output)):
        channels.refuse_long(values, name, min(3, tableau.characters(measure_cell(values.shape, values.shape[2]))))


def describe(trace: PointwiseTrace) -> Description:
    """Return the text alternative and the facts: sizes, parameters, the sums at the place as text, the output."""
    depth, filters = trace.weights.shape
    inputs = "; ".join(f"channel {c + 1} is {quote(trace.input[..., c])}" for c in range(depth))
    outputs = "; ".join(f"map {f + 1} is {quote(trace.output[..., f])}" for f in range(filters))
    row, column = trace.place
    sums = "; ".join(f"map {f + 1}: {write_sum(trace, f)}" for f in range(filters))
    alt = (
        f"1 × 1 convolution of an input of {times(trace.input.shape)} ({inputs}) with weights {quote(trace.weights)}, "
        f"a row a channel and a column a map: at every place the same dense layer mixes the channels. At row "
        f"{row + 1}, column {column + 1}: {sums}. The output is {times(trace.output.shape)}: {outputs}. "
        f"{write_parameters(trace)}."
    )
    facts = {
        "input": dict(zip(("height", "width", "channels"), trace.input.shape, strict=True)),
        "shape": dict(zip(("height", "width", "channels"), trace.output.shape, strict=True)),
        "parameters": trace.parameters,
        "multiplications": trace.multiplications,
        "formula": write_parameters(trace),
        "sums": [write_sum(trace, f) for f in range(filters)],
        "output": trace.output.tolist(),
    }
    return Description(alt, (), facts)


def write_sum(trace: PointwiseTrace, number: int) -> str:
    """Return how one map's number at the place comes about."""
    weights, bias, result = trace.weights[:, number], trace.biases[number], trace.results[number]
    pairs = zip(trace.values, weights, strict=True)
    terms = " + ".join(f"{write_number(value)} × {write_number(weight)}" for value, weight in pairs)
    added = f" {'−' if bias < 0 else '+'} bias {write_number(abs(bias))}" if trace.biases.any() else ""
    return f"{terms}{added} {equals([*trace.values, *weights, bias, result]).strip()} {write_number(result)}"


def write_parameters(trace: PointwiseTrace) -> str:
    """Return the count of parameters, as it comes about."""
    depth, filters = trace.weights.shape
    return f"(1 × 1 × {depth} weights + 1 bias) × {filters} filters = {trace.parameters} parameters"


def draw(trace: PointwiseTrace, theme: "Theme") -> "Figure":
    """Return the channels, the numbers at one place, the weights that mix them, and the maps that come of it."""
    from figures.pointwise_plate import compose
    from figures.tableau_still import draw_tableau

    return draw_tableau(compose(trace), theme)
