"""A transposed convolution as stamps: each input cell stamps its multiple of the kernel, and overlapping stamps add.

It makes a map larger; it undoes no convolution, in spite of a name that is sometimes given to it. How many stamps lie
on each cell is counted beside it: where the kernel size is no multiple of the stride the count is uneven, which is
where checkerboard patterns come from (Odena, Dumoulin & Olah 2016, doi.org/10.23915/distill.00003).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures import arithmetic, channels
from figures.arithmetic import Array, Padding, Pair
from figures.description import Description
from figures.sliding import choose_places, quote, times, write_number, write_pair

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme


@dataclass(frozen=True, slots=True)
class StampStep:
    """One input cell at `row`, `column`: its value, its stamp (kernel size), and the canvas before and after it.

    corner: where the stamp's first cell lies on the canvas.
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
    """An input, a kernel, and the canvas (height, width) on which all stamps lie; cropped, it is the output.

    counts: how many stamps lie on each cell of the canvas. crop: what padding "same" cuts off. inserted: the output
    again, as a convolution of `widened`, the input with zeros between and around its cells, with the turned kernel.
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
    def is_even(self) -> bool:
        """Whether, away from the border, every cell has equally many stamps: strides divide the kernel size."""
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
    the strides are larger than the kernel. steps: which input cells are shown, so many from the start or counted row
    by row from 0; by default all of up to nine.
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
    """Raise ValueError for what does not fit a slide."""
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
    """Return the canvas with the stamps of the first `last` cells (all, if None), and how many lie on each cell."""
    canvas, counts = np.zeros(size, np.result_type(image, weights)), np.zeros(size, np.int64)
    for i, j in list(np.ndindex(image.shape))[:last]:
        there = np.s_[
            i * strides[0] : i * strides[0] + len(weights), j * strides[1] : j * strides[1] + weights.shape[1]
        ]
        canvas[there] += image[i, j] * weights
        counts[there] += 1
    return canvas, counts


def _widen(image: Array, weights: Array, strides: Pair) -> Array:
    """Return the input with strides − 1 zeros between its cells and as many around as a full convolution needs."""
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
    """Return the text alternative, a sentence a step, and the facts: sizes, counts of stamps, the output."""
    uneven = "the same everywhere away from the border" if trace.is_even else "uneven, as in a checkerboard"
    cropped = (
        f", after the border is cut off from {times(trace.canvas.shape)}"
        if trace.output.shape != trace.canvas.shape
        else ""
    )
    alt = (
        f"Transposed convolution: each cell of the input, {quote(trace.input)}, stamps its multiple of the kernel, "
        f"{quote(trace.kernel)}, into the output, {write_pair('stride', trace.strides)}; overlapping stamps add up. "
        f"The output is {quote(trace.output)}{cropped}. The number of stamps on each cell is {uneven}: "
        f"{quote(trace.counts)}."
    )
    return Description(alt, tuple(_say(trace, step) for step in trace.steps), _collect_facts(trace))


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
        f"on rows {top + 1} to {top + height}, columns {left + 1} to {left + width}; {added}."
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
    """Return all stamps with the last one written out, or the small panel of step `step`."""
    from figures.composition import PANEL
    from figures.tableau_still import draw_tableau
    from figures.transposed_convolution_plate import Plate, compose_panel

    if step is not None:
        return draw_tableau(compose_panel(trace, trace.steps[step]), theme, PANEL)
    plate = Plate(trace)
    return draw_tableau(plate.compose_still(plate.choose_step()), theme)


def animate(trace: TransposedTrace, scene: "Scene") -> None:
    """Let each input cell stamp its multiple of the kernel into the output; the count of stamps grows beside it."""
    from figures.tableau_film import play_beats
    from figures.transposed_convolution_plate import Plate

    plate = Plate(trace)
    beats = [plate.film_step(number) for number in range(len(trace.steps))]
    play_beats(scene, plate.compose_opening(), beats, describe(trace).steps, plate.compose_still(trace.steps[-1]))
