"""Pooling, window by window: each window keeps its largest value, its average, or only its top left value."""

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


NAMES = {"max": "Max pooling", "average": "Average pooling", "strided": "Sampling the top left value"}


@dataclass(frozen=True, slots=True)
class PoolingStep:
    """One window: `row`, `column` in the output, the cells of the window, and the result.

    operands, real: (pool height, pool width); `real` is False for padding. chosen: (row, column) in the window of the
    value that is kept, the first of equals; None for an average.
    """

    row: int
    column: int
    operands: Array
    real: Array
    chosen: Pair | None
    result: float


@dataclass(frozen=True, slots=True)
class PoolingTrace:
    """A whole pooling: `padded`, `real` and `output` are (height, width); `steps` are the windows that are shown."""

    input: Array
    pool_size: Pair
    strides: Pair
    padding: Padding
    mode: str
    padded: Array
    real: Array
    output: Array
    steps: tuple[PoolingStep, ...]

    @property
    def shape(self) -> Pair:
        """The output's height and width."""
        return self.output.shape[0], self.output.shape[1]


def trace(
    *,
    input: ArrayLike,
    pool_size: int | Sequence[int] = 2,
    strides: int | Sequence[int] | None = None,
    padding: str = "valid",
    mode: str = "max",
    steps: int | Sequence[int] | None = None,
) -> PoolingTrace:
    """Return what Keras's MaxPooling2D or AveragePooling2D makes of one feature map (height, width).

    strides: the pool size unless given. padding: "valid" drops rows and columns that fill no window, "same" adds cells
    that never count. mode: "max", "average", or "strided", which keeps the top left value of each window. steps: which
    places of the output are shown; by default all, or a selection if there are more than nine.
    """
    image, size = arithmetic.read_matrix(input, "input"), arithmetic.read_pair(pool_size, "pool_size")
    step = size if strides is None else arithmetic.read_pair(strides, "strides")
    around = arithmetic.resolve_pool_padding(padding, image.shape, size, step, mode)
    output = arithmetic.pool2d(image, size, strides=step, padding=padding, mode=mode)
    padded, real = np.pad(image, around), np.pad(np.ones(image.shape, dtype=bool), around)
    seen, counted = arithmetic.windows(padded, size, step), arithmetic.windows(real, size, step)
    chosen = choose_places(output, steps)
    shown = tuple(_look(place, seen[place], counted[place], output[place], mode) for place in chosen)
    return PoolingTrace(image, size, step, around, mode, padded, real, output, shown)


def _look(place: Pair, operands: Array, real: Array, result: Array, mode: str) -> PoolingStep:
    """Return what happens in one window; argmax gives the first of equal values."""
    kept: Pair | None = (0, 0)
    if mode == "max":
        kept = divmod(int(np.where(real, operands, -np.inf).argmax()), operands.shape[1])
    elif mode == "average":
        kept = None
    return PoolingStep(*place, operands.copy(), real.copy(), kept, np.asarray(result).item())


def describe(trace: PoolingTrace) -> Description:
    """Return the text alternative, a sentence for each window, and the facts: sizes, what is dropped, the output."""
    view = look(trace)
    steps = [
        f"Row {place.row + 1}, column {place.column + 1} of the output: {place.short or place.formula}."
        for place in view.places
    ]
    steps[-1] += drop_sentence(view)
    alt = (
        f"{NAMES[trace.mode]} in windows of {times(trace.pool_size)}, {write_pair('stride', trace.strides)}, over the "
        f"input, {quote(trace.input)}, with {write_padding(trace.padding)}. "
        f"The output is {quote(trace.output)}.{drop_sentence(view)}"
    )
    return Description(alt, tuple(steps), _collect_facts(trace, view))


def _collect_facts(trace: PoolingTrace, view: Sliding) -> Mapping[str, object]:
    """Return the numbers that a lecture may quote."""
    facts: dict[str, object] = {
        "shape": {"height": trace.shape[0], "width": trace.shape[1]},
        "input": {"height": trace.input.shape[0], "width": trace.input.shape[1]},
        "pool_size": {"height": trace.pool_size[0], "width": trace.pool_size[1]},
        "padding": dict(zip(("top", "bottom", "left", "right"), sum(trace.padding, ()), strict=True)),
        "strides": {"height": trace.strides[0], "width": trace.strides[1]},
        "dropped": {"rows": view.dropped_lines[0], "columns": view.dropped_lines[1]},
        "skipped": {"rows": view.skipped_lines[0], "columns": view.skipped_lines[1]},
    }
    return facts | ({"output": trace.output.tolist()} if trace.output.size <= 100 else {})


def look(trace: PoolingTrace) -> Sliding:
    """Return the trace as a picture of a sliding window."""
    kind = {"max": "maximum", "average": "average", "strided": "top left"}[trace.mode]
    notes = {
        "input": f"{times(trace.input.shape)}, {write_padding(trace.padding)}",
        "window": times(trace.pool_size),
        "output": f"{times(trace.shape)}, {kind} of {times(trace.pool_size)}",
    }
    return Sliding(
        padded=trace.padded,
        real=trace.real,
        kernel=None,
        kernel_size=trace.pool_size,
        strides=trace.strides,
        output=trace.output,
        places=tuple(_place(trace.mode, step) for step in trace.steps),
        pad_text="",
        notes=notes,
    )


def _place(mode: str, step: PoolingStep) -> Place:
    """Return a step as a position of the sliding window."""
    chosen = step.chosen[0] * step.operands.shape[1] + step.chosen[1] if step.chosen else None
    short = _shorten(mode, step) if step.real.sum() > 12 else None
    return Place(step.row, step.column, _write(mode, step), short, chosen)


def _write(mode: str, step: PoolingStep) -> Formula:
    """Return the calculation with every value in the window that counts."""
    values, result = step.operands[step.real], (write_number(step.result), "output")
    terms = tuple(((write_number(value), "input"),) for value in values)
    sign = (equals([*values, step.result]), "ink")
    if mode == "max":
        return Formula(terms, ",  ", ((")", "ink"), sign, result), (("max(", "ink"),))
    if mode == "average":
        share: tuple[Run, ...] = ((f")  ÷  {len(values)}", "ink"), sign, result)
        return Formula(terms, "  +  ", share, (("(", "ink"),))
    left_out: tuple[Run, ...] = (("  without looking at  ", "muted"),) if len(values) > 1 else ()
    others = ((", ".join(write_number(value) for value in values[1:]), "input"),) if len(values) > 1 else ()
    return Formula(((("keep  ", "ink"), result),), "", (*left_out, *others))


def _shorten(mode: str, step: PoolingStep) -> Formula:
    """Return the calculation of a large window without listing its values."""
    count, result = int(step.real.sum()), (write_number(step.result), "output")
    name = {"max": "the largest of", "average": "the average of", "strided": "the first of"}[mode]
    return Formula((((f"{name} {count} values", "ink"),),), "", ((equals([step.result]), "ink"), result))


def draw(trace: PoolingTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return the whole pooling with its first window written out, or the small panel of step `step`."""
    from figures.parts.sliding_still import draw_panel, draw_slide

    return draw_slide(look(trace), theme) if step is None else draw_panel(look(trace), theme, step)


def draw_question(trace: PoolingTrace, theme: "Theme") -> "Figure":
    """Return the same tables with a sign in place of the output."""
    from figures.parts import sliding_still

    return sliding_still.draw_question(look(trace), theme)


def describe_question(trace: PoolingTrace) -> QuestionWords:
    """Return what is computed, and from what."""
    return QuestionWords(
        f"{NAMES[trace.mode]} whose output is not shown yet, in windows of {times(trace.pool_size)}, "
        f"{write_pair('stride', trace.strides)}, over the input, {quote(trace.input)}, with "
        f"{write_padding(trace.padding)}."
    )


def animate(trace: PoolingTrace, scene: "Scene") -> None:
    """Let the window slide and ring the value that it keeps; at the end, hatch what no window reaches."""
    from figures.parts.sliding_film import animate_sliding

    animate_sliding(look(trace), scene, describe(trace).steps)
