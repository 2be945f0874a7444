"""Dropout: each step of training sets other values to zero and scales up the rest; at use, all stay as they are.

What is kept is divided by the share that is kept, so that the sum stays the same on average over the steps (Srivastava
et al. 2014, in the form that Keras uses: scaled in training, not at use). The masks are drawn from a seed.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic
from figures.parts.arithmetic import Array
from figures.parts.keyframes import (
    PANEL_SMALLEST,
    SMALLEST,
    Item,
    Keyframe,
    draw_frame,
    draw_table,
    place,
    say,
    tint_cell,
    write_table,
)
from figures.parts.layout import PANEL
from figures.parts.words import Description, write_number

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme


UNITS, STEPS = (2, 10), (1, 4)


@dataclass(frozen=True, slots=True)
class DropoutMasksTrace:
    """The values of some units (units,), which of them each training step keeps (steps, units), and the rate."""

    values: Array
    kept: Array
    rate: float

    @property
    def results(self) -> Array:
        """What the next layer gets in each training step (steps, units)."""
        return self.kept * self.values / (1 - self.rate)


def trace(*, values: ArrayLike, rate: float = 0.5, steps: int = 3, seed: int = 0) -> DropoutMasksTrace:
    """Return masks for `steps` training steps (1 to 4) that drop each of 2 to 10 values with the chance `rate`.

    values: a list, or a table of one row. Raises ValueError for a rate outside 0 to 0.9, and for values that do not
    fit or are not finite.
    """
    row = np.asarray(values, dtype=float)
    row = row[0] if row.ndim == 2 and len(row) == 1 else row
    if row.ndim != 1 or not UNITS[0] <= len(row) <= UNITS[1] or not np.isfinite(row).all():
        raise ValueError(f"values have shape {row.shape}; give one row of {UNITS[0]} to {UNITS[1]} finite numbers")
    if not 0 <= rate <= 0.9:
        raise ValueError(f"rate is {rate}; give the share that is dropped, from 0 to 0.9")
    if not STEPS[0] <= steps <= STEPS[1]:
        raise ValueError(f"steps is {steps}; {STEPS[0]} to {STEPS[1]} fit a slide")
    kept = np.random.default_rng(seed).random((steps, len(row))) >= rate
    return DropoutMasksTrace(arithmetic.read_matrix(row[None], "values")[0], kept, rate)


def describe(trace: DropoutMasksTrace) -> Description:
    """Return what each training step drops, and that nothing is dropped at use."""
    sentences = [*(_say_step(trace, k) for k in range(len(trace.kept))), _say_use(trace)]
    alt = f"The values {_list(trace.values)} with dropout of {trace.rate:g}. {' '.join(sentences)}"
    facts = {
        "units": len(trace.values),
        "steps": len(trace.kept),
        "rate": trace.rate,
        "factor": 1 / (1 - trace.rate),
        "dropped": [int((~row).sum()) for row in trace.kept],
        "sum": float(trace.values.sum()),
        "sums": [float(row.sum()) for row in trace.results],
    }
    return Description(alt, tuple(sentences), facts)


def _say_step(trace: DropoutMasksTrace, k: int) -> str:
    dropped, scale = int((~trace.kept[k]).sum()), write_number(round(1 / (1 - trace.rate), 3))
    return (
        f"Training step {k + 1} drops {dropped} of {len(trace.values)} values and multiplies the rest by {scale}: "
        f"the sum is {write_number(round(float(trace.results[k].sum()), 3))}."
    )


def _say_use(trace: DropoutMasksTrace) -> str:
    return (
        f"At use nothing is dropped and nothing scaled: the sum is {write_number(round(float(trace.values.sum()), 3))}."
    )


def _list(values: Array) -> str:
    return ", ".join(write_number(value) for value in values)


def draw(trace: DropoutMasksTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return the values, and below them what each step makes of them; or the small panel of one step."""
    from figures.parts.keyframes import draw_items

    if step is None:
        return draw_items(compose(trace, len(trace.kept) + 1), theme)
    return draw_items(compose_panel(trace, step), theme, PANEL)


def animate(trace: DropoutMasksTrace, scene: "Scene") -> None:
    """Show one training step after the other, then use."""
    from figures.parts.film import play_keyframes

    opening, *pictures = (compose(trace, shown) for shown in range(len(trace.kept) + 2))
    moments = [[Keyframe(tuple(picture), 1.2)] for picture in pictures]
    play_keyframes(scene, opening, moments, describe(trace).steps, pictures[-1])


# Composition: a row of cells for the values and one for each step, named at the left, their sums at the right.


def compose(trace: DropoutMasksTrace, shown: int) -> list[Item]:
    """Return the slide after `shown` steps; the last of them is use."""
    rows = len(trace.kept) + 2
    pitch = 630 / rows
    cell = min(0.78 * pitch, 1000 / len(trace.values))
    right = 300 + cell * len(trace.values) + 100
    items: list[Item] = [say("sum head", "sum", right, 46, 26, "muted")]
    for number in range(min(shown, rows - 1) + 1):
        center = 66 + (number + 0.5) * pitch
        items += _draw_row(trace, number - 1, (300, center, cell, SMALLEST))
        name, role = _name(trace, number - 1)
        items.append(say(f"row {number}", name, 270, center + 9, 27, role, "right", is_bold=True))
        total = trace.values.sum() if _is_whole(trace, number - 1) else trace.results[number - 1].sum()
        text = write_number(round(float(total), 3))
        items.append(say(f"sum {number}", text, right, center + 9, 27, role, is_bold=True))
    return items


def compose_panel(trace: DropoutMasksTrace, step: int) -> list[Item]:
    """Return the values above what one step makes of them."""
    cell = min(44.0, (PANEL.width - 24) / len(trace.values))
    left = (PANEL.width - cell * len(trace.values)) / 2
    items: list[Item] = []
    for number, center in ((-1, 100.0), (step, 220.0)):
        items += _draw_row(trace, number, (left, center, cell, PANEL_SMALLEST))
        name, role = _name(trace, number)
        items.append(say(f"row {number}", name, PANEL.width / 2, center - cell / 2 - 10, 17, role, is_bold=True))
    return items


def _is_whole(trace: DropoutMasksTrace, step: int) -> bool:
    """Whether a row shows all values: the first one, and use."""
    return step in (-1, len(trace.kept))


def _name(trace: DropoutMasksTrace, step: int) -> tuple[str, str]:
    if _is_whole(trace, step):
        return ("the values", "input") if step < 0 else ("at use", "output")
    return f"training step {step + 1}", "kernel"


def _draw_row(trace: DropoutMasksTrace, step: int, where: tuple[float, float, float, float]) -> list[Item]:
    """Return a row of cells: all values, or what a step keeps of them on a tint, and zeros on bare ground."""
    left, center, cell, least = where
    role = _name(trace, step)[1]
    if _is_whole(trace, step):
        table = place(f"values {step}", trace.values[None], left, center, cell, least)
        return draw_table(table, trace.values[None], role)
    results, kept = trace.results[step][None], trace.kept[step][None]
    table = place(f"values {step}", results, left, center, cell, least)
    tints = [tint_cell(table, (0, int(unit)), f"{role}_tint") for unit in np.flatnonzero(kept[0])]
    numbers = [*write_table(table, results, where=kept), *write_table(table, results * 0, "muted", where=~kept)]
    return [*draw_frame(table, role, is_known=False), *tints, *numbers]
