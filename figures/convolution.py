"""A convolution, cell by cell: the window slides over the input, and each position gives one number of the output."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic
from figures.parts.arithmetic import Array, Padding, Pair
from figures.parts.layout import Run
from figures.parts.sliding_window import Formula, Place, Sliding, choose_places, drop_sentence
from figures.parts.words import (
    Description,
    QuestionWords,
    equals,
    quote,
    times,
    write_number,
    write_padding,
    write_pair,
)

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme


@dataclass(frozen=True, slots=True)
class ConvolutionStep:
    """One position of the window: its `row` and `column` in the output, and how the number there comes about.

    operands, products: (kernel height, kernel width). sum: of the products. result: after bias and activation.
    """

    row: int
    column: int
    operands: Array
    products: Array
    sum: float
    result: float


@dataclass(frozen=True, slots=True)
class ConvolutionTrace:
    """A whole convolution: `padded` and `output` are (height, width), `steps` are the positions that are shown."""

    input: Array
    kernel: Array
    strides: Pair
    padding: Padding
    dilation_rate: Pair
    bias: float
    activation: str | None
    padded: Array
    output: Array
    steps: tuple[ConvolutionStep, ...]

    @property
    def shape(self) -> Pair:
        """The output's height and width."""
        return self.output.shape[0], self.output.shape[1]


def trace(
    *,
    input: ArrayLike,
    kernel: ArrayLike,
    strides: int | Sequence[int] = 1,
    padding: str | int | Sequence[Sequence[int]] = "valid",
    dilation_rate: int | Sequence[int] = 1,
    bias: float = 0,
    activation: str | None = None,
    steps: int | Sequence[int] | None = None,
) -> ConvolutionTrace:
    """Return a Keras convolution of one channel with one kernel, which is not flipped.

    input, kernel: tables (height, width); integers are computed exactly. padding: as in Keras, or "full", a number of
    cells, or ((top, bottom), (left, right)). activation: None or "relu". steps: which positions of the output are
    shown, either how many from the start, or a list of indices counted row by row from 0; by default all of up to nine,
    and a selection of more.
    """
    image, weights = arithmetic.read_matrix(input, "input"), arithmetic.read_matrix(kernel, "kernel")
    step, spread = arithmetic.read_pair(strides, "strides"), arithmetic.read_pair(dilation_rate, "dilation_rate")
    _check(bias, activation)
    reach = arithmetic.reach_of(weights.shape, spread)
    around = arithmetic.resolve_padding(padding, image.shape, reach, step)
    output = arithmetic.correlate2d(image, weights, strides=step, padding=around, dilation_rate=spread, bias=bias)
    output = np.maximum(output, 0) if activation else output
    padded = np.pad(image, around)
    seen = arithmetic.windows(padded, weights.shape, step, spread)
    chosen = choose_places(output, steps)
    shown = tuple(_look(place, seen[place], weights, output[place]) for place in chosen)
    return ConvolutionTrace(image, weights, step, around, spread, bias, activation, padded, output, shown)


def _check(bias: float, activation: str | None) -> None:
    """Raise ValueError for a bias that is not a number, or an activation that cannot be drawn."""
    if not isinstance(bias, (int, float, np.number)) or not np.isfinite(bias):
        raise ValueError(f"bias is {bias!r}; give one number")
    if activation not in (None, "relu"):
        raise ValueError(f"there is no activation {activation!r} here; there is 'relu', or none")


def _look(place: Pair, operands: Array, weights: Array, result: float) -> ConvolutionStep:
    """Return the operands, products and result at one position."""
    products = operands * weights
    return ConvolutionStep(*place, operands.copy(), products, products.sum().item(), np.asarray(result).item())


def describe(trace: ConvolutionTrace) -> Description:
    """Return the alt text, one sentence per step, and the facts: sizes, padding, the sums as text, the output."""
    view = look(trace)
    steps = [_say(step, place) for step, place in zip(trace.steps, view.places, strict=True)]
    steps[-1] += drop_sentence(view)
    activation = ", then ReLU" if trace.activation else ""
    bias = f", plus a bias of {write_number(trace.bias)}" if trace.bias else ""
    alt = (
        f"Convolution: the kernel, {quote(trace.kernel)}, slides over the input, {quote(trace.input)}, with "
        f"{write_padding(trace.padding)} and {write_pair('stride', trace.strides)}"
        f"{write_pair(', dilation', trace.dilation_rate, 1)}{bias}{activation}. "
        f"The output is {quote(trace.output)}.{drop_sentence(view)}"
    )
    return Description(alt, tuple(steps), _collect_facts(trace, view))


def _say(step: ConvolutionStep, place: Place) -> str:
    """Return the sentence about one step, with the calculation written out if it is short."""
    formula = place.formula if step.products.size <= 12 else place.short
    return f"Row {step.row + 1}, column {step.column + 1} of the output: {formula}."


def _collect_facts(trace: ConvolutionTrace, view: Sliding) -> Mapping[str, object]:
    """Return the numbers that a lecture may quote."""
    facts: dict[str, object] = {
        "shape": {"height": trace.shape[0], "width": trace.shape[1]},
        "input": {"height": trace.input.shape[0], "width": trace.input.shape[1]},
        "kernel": {"height": trace.kernel.shape[0], "width": trace.kernel.shape[1]},
        "padding": dict(zip(("top", "bottom", "left", "right"), sum(trace.padding, ()), strict=True)),
        "strides": {"height": trace.strides[0], "width": trace.strides[1]},
        "dropped": {"rows": view.dropped_lines[0], "columns": view.dropped_lines[1]},
        "skipped": {"rows": view.skipped_lines[0], "columns": view.skipped_lines[1]},
        "sum": {"first": str(view.places[0].formula), "last": str(view.places[-1].formula)},
        "multiplications": int(trace.output.size * trace.kernel.size),
    }
    return facts | ({"output": trace.output.tolist()} if trace.output.size <= 100 else {})


def look(trace: ConvolutionTrace) -> Sliding:
    """Return the trace as a `Sliding`, from which the still, the panels and the film are drawn."""
    bias = f", bias {write_number(trace.bias)}" if trace.bias else ""
    notes = {
        "input": f"{times(trace.input.shape)}, {write_padding(trace.padding)}",
        "window": "what the kernel sees",
        "kernel": f"{times(trace.kernel.shape)}{write_pair(', dilation', trace.dilation_rate, 1)}{bias}",
        "output": f"{times(trace.shape)}, {write_pair('stride', trace.strides)}"
        + (", ReLU" if trace.activation else ""),
    }
    return Sliding(
        padded=trace.padded,
        real=np.pad(np.ones(trace.input.shape, dtype=bool), trace.padding),
        kernel=trace.kernel,
        kernel_size=trace.kernel.shape,
        strides=trace.strides,
        output=trace.output,
        places=tuple(Place(step.row, step.column, _write(trace, step), _shorten(trace, step)) for step in trace.steps),
        dilation_rate=trace.dilation_rate,
        notes=notes,
    )


def _write(trace: ConvolutionTrace, step: ConvolutionStep) -> Formula:
    """Return the sum with every product written out."""
    pairs = zip(step.operands.flat, trace.kernel.flat, strict=True)
    terms = [((write_number(x), "input"), (" × ", "ink"), (write_number(w), "kernel")) for x, w in pairs]
    return Formula(tuple(terms), "  +  ", _conclude(trace, step))


def _shorten(trace: ConvolutionTrace, step: ConvolutionStep) -> Formula:
    """Return the sum with one term per row of the kernel; for a large kernel, only the number of products."""
    if len(step.products) > 8:
        return Formula((((f"the sum of {step.products.size} products", "ink"),),), "", _conclude(trace, step))
    first, *others = step.products.sum(axis=1)
    signed = [(" − " if total < 0 else " + ") + write_number(abs(total)) for total in others]
    terms = [((text, "ink"),) for text in (write_number(first), *signed)]
    return Formula(tuple(terms), "", _conclude(trace, step, (first, *others)), (("row by row: ", "muted"),))


def _conclude(trace: ConvolutionTrace, step: ConvolutionStep, sums: Sequence[float] = ()) -> tuple[Run, ...]:
    """Return what follows the products, or their `sums`: the bias, the result and, if there is one, the activation."""
    sign = equals([*(sums or (*step.operands.flat, *trace.kernel.flat)), step.sum, trace.bias])
    plus = "  +  " if trace.bias > 0 else "  −  "
    bias = ((plus, "ink"), (write_number(abs(trace.bias)), "kernel")) if trace.bias else ()
    if not trace.activation:
        return (*bias, (sign, "ink"), (write_number(step.result), "output"))
    total = write_number(step.sum + trace.bias)
    return (*bias, (f"{sign}{total}", "ink"), (", ReLU: ", "muted"), (write_number(step.result), "output"))


def draw(trace: ConvolutionTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return the whole convolution with its first step written out, or the small panel of one `step`."""
    from figures.parts.sliding_still import draw_panel, draw_slide

    return draw_slide(look(trace), theme) if step is None else draw_panel(look(trace), theme, step)


def draw_question(trace: ConvolutionTrace, theme: "Theme") -> "Figure":
    """Return the same tables with a sign in place of the output."""
    from figures.parts import sliding_still

    return sliding_still.draw_question(look(trace), theme)


def describe_question(trace: ConvolutionTrace) -> QuestionWords:
    """Return what is computed, and from what."""
    return QuestionWords(
        f"A convolution whose output is not shown yet. The kernel, {quote(trace.kernel)}, slides over the input, "
        f"{quote(trace.input)}, with {write_padding(trace.padding)} and {write_pair('stride', trace.strides)}"
        f"{write_pair(', dilation', trace.dilation_rate, 1)}."
    )


def animate(trace: ConvolutionTrace, scene: "Scene") -> None:
    """Animate the sliding kernel: the first sums term by term, the others faster; mark the scene after each step."""
    from figures.parts.sliding_film import animate_sliding

    animate_sliding(look(trace), scene, describe(trace).steps)
