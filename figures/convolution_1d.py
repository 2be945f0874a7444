"""A convolution along one axis: the kernel slides over a signal, and the output is aligned with what it looked at.

Numbers above, the same numbers as bars below, so that a difference is seen to find edges and an average to smooth. As
everywhere in Keras the kernel is not flipped: strictly, this is cross-correlation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures import arithmetic, channels
from figures.arithmetic import Array, Pair
from figures.description import Description
from figures.sliding import choose_places, equals, write_number

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme

LONGEST = 24  # cells of a signal with its padding
MOST_CHARACTERS = 4


@dataclass(frozen=True, slots=True)
class SignalStep:
    """One place of the window: `index` in the output, and what makes the number there."""

    index: int
    operands: Array
    products: Array
    result: float


@dataclass(frozen=True, slots=True)
class SignalTrace:
    """A signal, a kernel and an output, each (length,); `padding` is (before, after); `padded` holds both."""

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
    """Return what Keras's Conv1D makes of one channel, exact for integers.

    input, kernel: lists of numbers. padding: "valid", "same", "full", or "causal", which pads before the signal only,
    so that no output looks ahead. steps: which places of the output are shown, so many from the start or counted from
    0; by default all of up to nine, and of more a choice.
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
    """Return how many zeros stand before and after the signal."""
    if padding == "causal":
        return reach - 1, 0
    if padding not in ("valid", "same", "full"):
        raise ValueError(f"there is no padding {padding!r}; there is 'valid', 'same', 'full' and 'causal'")
    return arithmetic.resolve_padding(padding, (1, size), (1, reach), (1, strides))[1]


def _choose(output: Array) -> list[int]:
    """Return the places that are shown by default: all of up to nine, else the first three, the extremes, the last."""
    if len(output) <= 9:
        return list(range(len(output)))
    return sorted({0, 1, 2, int(output.argmax()), int(output.argmin()), len(output) - 1})


def _refuse_long(padded: Array, weights: Array) -> None:
    """Raise ValueError for what does not fit a slide."""
    if len(padded) > LONGEST:
        raise ValueError(f"the signal with its padding has {len(padded)} numbers; at most {LONGEST} fit a slide")
    for name, values in (("input", padded), ("kernel", weights)):
        channels.refuse_long(values, name, MOST_CHARACTERS)


def describe(trace: SignalTrace) -> Description:
    """Return the text alternative, a sentence a step, and the facts: lengths, padding, sums as text, the output."""
    before, after = trace.padding
    around = f"{before} zeros before and {after} after" if before or after else "no padding"
    alt = (
        f"Convolution along one axis: the kernel [{_list(trace.kernel)}] slides over the signal [{_list(trace.input)}] "
        f"with {around} and stride {trace.strides}. The output is [{_list(trace.output)}]. Below, signal and output "
        "stand as bars, each output under the middle of its window."
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
    """Return numbers as text."""
    return ", ".join(write_number(value) for value in values)


def write_sum(trace: SignalTrace, step: SignalStep) -> str:
    """Return the sum at one place, written out."""
    pairs = zip(step.operands, trace.kernel, strict=True)
    products = " + ".join(f"{write_number(value)} × {write_number(weight)}" for value, weight in pairs)
    sign = equals([*step.operands, *trace.kernel, step.result]).strip()
    return f"{products} {sign} {write_number(step.result)}"


def draw(trace: SignalTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return the whole convolution with its first step written out, or the small panel of step `step`."""
    from figures.composition import PANEL
    from figures.convolution_1d_plate import Plate, compose_panel
    from figures.tableau_still import draw_tableau

    if step is not None:
        return draw_tableau(compose_panel(trace, trace.steps[step]), theme, PANEL)
    return draw_tableau(Plate(trace).compose_still(), theme)


def animate(trace: SignalTrace, scene: "Scene") -> None:
    """Let the kernel slide along the signal; the output grows under it, as numbers and as bars."""
    from figures.convolution_1d_plate import Plate
    from figures.tableau_film import play_beats

    plate = Plate(trace)
    beats = [plate.film_step(number) for number in range(len(trace.steps))]
    play_beats(scene, plate.compose_opening(), beats, describe(trace).steps, plate.compose_closing())
