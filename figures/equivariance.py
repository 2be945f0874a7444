"""Shift the input and the map shifts along: convolving and shifting may change places, on the lattice of the strides.

This is equivariance, and it is not invariance: the map does not stay as it is, it moves as the input moves. With
strides above 1 even that holds only for shifts by multiples of the strides; a shift between them gives other numbers,
not the same numbers elsewhere. Nor does it say that a whole network recognizes what it has learned at another place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from figures import arithmetic
from figures.arithmetic import Array, Pair
from figures.description import Description
from figures.sliding import times, write_number, write_pair

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme

SHIFTS = ((0, 1), (0, 4), (3, 4), (4, 4))
MOST_SHIFTS, FURTHEST, LARGEST = 5, 16, 64  # steps of a film, pixels, pixels


@dataclass(frozen=True, slots=True)
class EquivarianceStep:
    """One shift (rows down, columns to the right) and the two ways to a map.

    input: the shifted input; shifted_first: its map; convolved_first: the map of the input at rest, moved by the whole
    number of cells `moved` that fits best; all (height, width).
    """

    shift: Pair
    moved: Pair
    input: Array
    shifted_first: Array
    convolved_first: Array

    @property
    def difference(self) -> Array:
        """The map of the shifted input without the shifted map of the input."""
        return np.asarray(self.shifted_first - self.convolved_first)

    @property
    def is_exact(self) -> bool:
        """Whether the two ways give the same numbers, every one."""
        return not self.difference.any()

    @property
    def error(self) -> float:
        """The length (root of the sum of squares) of the difference, relative to that of the map."""
        return float(np.linalg.norm(self.difference) / np.linalg.norm(self.convolved_first))


@dataclass(frozen=True, slots=True)
class EquivarianceTrace:
    """The input on its background, its map `output`, and the shifts that are looked at."""

    input: Array
    kernel: Array
    strides: Pair
    output: Array
    steps: tuple[EquivarianceStep, ...]

    @property
    def key(self) -> int:
        """The step that stands for all in a still: the first that is not exact, or the last."""
        return next((k for k, step in enumerate(self.steps) if not step.is_exact), len(self.steps) - 1)

    def need(self, step: EquivarianceStep) -> tuple[float, float]:
        """Return by how many cells (down, right) the map would have to move."""
        return step.shift[0] / self.strides[0], step.shift[1] / self.strides[1]


def trace(
    *,
    input: ArrayLike,
    kernel: ArrayLike,
    shifts: Sequence[Sequence[int]] = SHIFTS,
    strides: int | Sequence[int] = 1,
) -> EquivarianceTrace:
    """Return an object moved by each of `shifts`, and what the convolution with `kernel` makes of it.

    input: a table (height, width); its blank border is cut off, and so much background (0) added that neither the
    object nor its map leaves the picture. shifts: up to five pairs (rows down, columns to the right), in pixels, each
    counted from the place of rest. Off the strides' lattice the map at rest is moved by the neighboring whole shift
    that fits best. Raises ValueError for shifts that cannot be drawn, an input or a map that is 0 everywhere.
    """
    places = [_read_shift(shift) for shift in shifts]
    if not 1 <= len(places) <= MOST_SHIFTS:
        raise ValueError(f"there are {len(places)} shifts; give 1 to {MOST_SHIFTS} pairs (rows, columns)")
    weights, step = arithmetic.read_matrix(kernel, "kernel"), arithmetic.read_pair(strides, "strides")
    canvas = _embed(_crop(arithmetic.read_matrix(input, "input")), weights.shape, step, places)
    output = arithmetic.correlate2d(canvas, weights, strides=step)
    if not output.any():
        raise ValueError("the map is 0 everywhere, so no shift can be seen in it; take another kernel or strides")
    looked = tuple(_look(canvas, weights, step, output, shift) for shift in places)
    return EquivarianceTrace(canvas, weights, step, output, looked)


def _read_shift(shift: Sequence[int]) -> Pair:
    """Return a shift as (rows down, columns to the right)."""
    numbers: list[Any] = list(shift) if isinstance(shift, (list, tuple)) else [shift]
    if len(numbers) != 2 or not all(isinstance(n, (int, np.integer)) and not isinstance(n, bool) for n in numbers):
        raise ValueError(f"a shift is {shift!r}; give a pair of whole numbers, (rows, columns)")
    if max(map(abs, numbers)) > FURTHEST:
        raise ValueError(f"a shift is {shift!r}; the furthest is {FURTHEST} pixels")
    return int(numbers[0]), int(numbers[1])


def _crop(image: Array) -> Array:
    """Return the part of an image that is not blank."""
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    if not len(rows):
        raise ValueError("the input is 0 everywhere; give an object on a background of 0")
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _embed(image: Array, reach: Sequence[int], strides: Pair, places: Sequence[Pair]) -> Array:
    """Return the object on a background that every window around it, wherever it moves to, fits into."""
    ends = [(min(0, *axis), max(0, *axis)) for axis in zip((0, 0), *places, strict=True)]
    free = [size - 1 + 2 * step - 1 for size, step in zip(reach, strides, strict=True)]  # and a cell of the map
    around = [(room - low, room + high) for room, (low, high) in zip(free, ends, strict=True)]
    canvas = np.pad(image, around)
    if max(canvas.shape) > LARGEST:
        raise ValueError(f"input and shifts need {times(canvas.shape)} pixels; at most {LARGEST} × {LARGEST} fit")
    return canvas


def _look(canvas: Array, weights: Array, strides: Pair, output: Array, shift: Pair) -> EquivarianceStep:
    """Return both ways to a map for one shift."""
    shifted = move(canvas, shift)
    found = arithmetic.correlate2d(shifted, weights, strides=strides)
    rows, columns = ({d // s, -(-d // s)} for d, s in zip(shift, strides, strict=True))
    choices = [(i, j) for i in sorted(rows) for j in sorted(columns)]
    best = min(choices, key=lambda choice: float(np.linalg.norm(found - move(output, choice))))
    return EquivarianceStep(shift, best, shifted, found, move(output, best))


def move(values: Array, shift: Pair) -> Array:
    """Return a table moved by (rows down, columns to the right); 0 moves in, what moves out is lost."""
    (height, width), (down, across) = values.shape, shift
    moved = np.zeros_like(values)
    kept = values[max(0, -down) : height - max(0, down), max(0, -across) : width - max(0, across)]
    moved[max(0, down) : height + min(0, down), max(0, across) : width + min(0, across)] = kept
    return moved


def say_shift(shift: tuple[float, float]) -> str:
    """Return a shift in words.

    >>> say_shift((3, -4)), say_shift((0, 0.5)), say_shift((0, 0))
    ('3 down, 4 left', '0.5 right', 'at rest')
    """
    names = (("down", "up"), ("right", "left"))
    parts = [f"{write_number(abs(way))} {name[way < 0]}" for way, name in zip(shift, names, strict=True) if way]
    return ", ".join(parts) or "at rest"


def say_error(step: EquivarianceStep) -> str:
    """Return the verdict on one shift."""
    return "exactly 0" if step.is_exact else f"relative error {step.error:.2f}"


def describe(trace: EquivarianceTrace) -> Description:
    """Return the text alternative, a sentence a shift, and the facts: shifts, errors, which are exact."""
    steps = tuple(_say(trace, step) for step in trace.steps)
    low, high = (write_number(value) for value in (trace.output.min(), trace.output.max()))
    alt = (
        f"Two ways to a feature map: shift the input and convolve, or convolve and shift the map. The input is "
        f"{times(trace.input.shape)} with its background, the kernel {times(trace.kernel.shape)}, "
        f"{write_pair('stride', trace.strides)}; the map is {times(trace.output.shape)} with values from {low} to "
        f"{high}. {' '.join(steps)}"
    )
    facts: Mapping[str, object] = {
        "shape": {"height": trace.output.shape[0], "width": trace.output.shape[1]},
        "strides": {"height": trace.strides[0], "width": trace.strides[1]},
        "shifts": [list(step.shift) for step in trace.steps],
        "errors": [step.error for step in trace.steps],
        "exact": [step.is_exact for step in trace.steps],
        "largest_error": max(step.error for step in trace.steps),
    }
    return Description(alt, steps, facts)


def _say(trace: EquivarianceTrace, step: EquivarianceStep) -> str:
    """Return the sentence of one shift."""
    where = say_shift(step.shift)
    start = f"Input {'moved ' if any(step.shift) else ''}{where}"
    if step.is_exact:
        moved = f" moved {say_shift(step.moved)}" if any(step.moved) else ""
        return f"{start}: its map is the map at rest{moved}; the difference is exactly 0."
    return (
        f"{start}: with {write_pair('stride', trace.strides)} the map would have to move "
        f"{say_shift(trace.need(step))}, but it moves by whole cells only; the best leaves a relative error of "
        f"{step.error:.2f}."
    )


def draw(trace: EquivarianceTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return both ways for the most telling shift with the errors of all, or the small panel of the shift `step`."""
    from figures.equivariance_still import draw_panel, draw_slide

    return draw_slide(trace, theme) if step is None else draw_panel(trace, theme, step)


def animate(trace: EquivarianceTrace, scene: "Scene") -> None:
    """Move the input, then look at its map; move the map at rest, and compare; a mark after each shift."""
    from figures.equivariance_film import animate_equivariance

    animate_equivariance(trace, scene, describe(trace).steps)
