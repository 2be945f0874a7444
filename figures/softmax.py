"""Softmax: scores of any size become positive numbers that sum to one, and the largest stays the largest.

A temperature divides the scores first: below 1 it sharpens, above 1 it evens out. Not to be mistaken for a measure of
how sure one may be: probabilities that sum to one are not yet calibrated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures import plates
from figures.arithmetic import Array
from figures.description import Description
from figures.sliding import write_number

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme

FEWEST, MOST = 2, 12  # classes
MOST_TEMPERATURES = 5


@dataclass(frozen=True, slots=True)
class SoftmaxTrace:
    """Logits (classes,), and for each temperature a row of `exponentials` and `probabilities` (temperatures, classes).

    exponentials: exp((logit − largest) / temperature), so that the largest is 1 and nothing overflows.
    """

    logits: Array
    classes: tuple[str, ...]
    temperatures: tuple[float, ...]
    exponentials: Array
    probabilities: Array

    @property
    def sums(self) -> Array:
        """The sum of the exponentials at each temperature."""
        return np.asarray(self.exponentials.sum(axis=1))

    @property
    def winner(self) -> int:
        """The class with the largest logit, the first of equals."""
        return int(self.logits.argmax())


def trace(
    *, logits: ArrayLike, temperature: float | Sequence[float] = 1, classes: Sequence[str] | None = None
) -> SoftmaxTrace:
    """Return softmax of 2 to 12 logits (classes,) at one temperature or several, in their order (Bridle 1990).

    temperature: the logits are divided by it (Hinton, Vinyals & Dean 2015, equation 1). classes: names, by default
    numbers from 0. Raises ValueError for logits that are not finite numbers, or a temperature that is not above zero.
    """
    scores = plates.read_values(logits, "logits", "classes").astype(np.float64)
    if not FEWEST <= len(scores) <= MOST:
        raise ValueError(f"there are {len(scores)} logits; give {FEWEST} to {MOST}")
    names = tuple(map(str, range(len(scores)) if classes is None else classes))
    if len(names) != len(scores) or max(map(len, names)) > 10:
        raise ValueError(f"{len(names)} classes for {len(scores)} logits; give one name of up to 10 letters a logit")
    heats = _read_temperatures(temperature)
    exponentials = np.exp((scores - scores.max())[None, :] / np.array(heats)[:, None])
    return SoftmaxTrace(scores, names, heats, exponentials, exponentials / exponentials.sum(axis=1, keepdims=True))


def _read_temperatures(temperature: float | Sequence[float]) -> tuple[float, ...]:
    """Return temperatures as a tuple."""
    heats = np.atleast_1d(np.asarray(temperature))
    if heats.dtype.kind not in "iuf" or heats.ndim != 1 or not 1 <= len(heats) <= MOST_TEMPERATURES:
        raise ValueError(f"temperature is {temperature!r}; give a number, or a list of up to {MOST_TEMPERATURES}")
    if not (np.isfinite(heats) & (heats >= 0.01)).all():
        raise ValueError(f"temperature is {temperature!r}; give numbers above zero, at least 0.01")
    return tuple(float(heat) for heat in heats)


def write_share(value: float) -> str:
    """Return a number from 0 to 1 with three digits; what only rounds to an end says on which side of it it is.

    >>> write_share(0.25), write_share(1.0), write_share(0.00001), write_share(0.99999)
    ('0.250', '1', '< 0.001', '> 0.999')
    """
    if value in (0, 1):
        return f"{value:.0f}"
    return "< 0.001" if value < 0.0005 else "> 0.999" if value >= 0.9995 else f"{value:.3f}"


def write_logit(value: float) -> str:
    """Return a logit as text, short where it is large."""
    return write_number(value) if abs(value) < 100 else f"{value:.3g}".replace("e+0", "e").replace("-", "−")


def describe(trace: SoftmaxTrace) -> Description:
    """Return logits, probabilities at each temperature, and a sentence for the exponentials and each temperature."""
    named = ", ".join(f"{name}: {write_logit(logit)}" for name, logit in zip(trace.classes, trace.logits, strict=True))
    rows = [
        f"at temperature {write_number(heat)} the probabilities are {', '.join(write_share(value) for value in row)}"
        for heat, row in zip(trace.temperatures, trace.probabilities, strict=True)
    ]
    alt = (
        f"Softmax of {len(trace.classes)} logits as bars ({named}): {'; '.join(rows)}. They sum to 1, and class "
        f"{trace.classes[trace.winner]} has the largest at every temperature."
    )
    return Description(alt, tuple(_sentences(trace)), _collect(trace))


def _sentences(trace: SoftmaxTrace) -> list[str]:
    """Return the sentences of the steps: the exponentials, the division, one for each further temperature."""
    largest, winner = write_logit(trace.logits.max()), trace.classes[trace.winner]
    rest = write_number(trace.temperatures[0])
    divided = "" if trace.temperatures[0] == 1 else f" and the rest divided by the temperature {rest}"
    first = (
        f"From each logit the largest, {largest}, is subtracted{divided}; exp makes every one positive, and their sum "
        f"is {write_number(trace.sums[0], 3)}."
    )
    top = [write_share(row[trace.winner]) for row in trace.probabilities]
    second = (
        f"Each is divided by the sum {write_number(trace.sums[0], 3)}: the probabilities sum to 1, and class {winner} "
        f"has the most, {top[0]}."
    )
    others = [
        f"At temperature {write_number(heat)} class {winner} has {top[number]}: the probabilities are "
        f"{'more even' if heat > trace.temperatures[number - 1] else 'sharper'}, their order is the same."
        for number, heat in enumerate(trace.temperatures)
        if number
    ]
    return [first, second, *others]


def _collect(trace: SoftmaxTrace) -> dict[str, object]:
    """Return the numbers that a lecture may quote."""
    return {
        "winner": trace.classes[trace.winner],
        "probability": float(trace.probabilities[0, trace.winner]),
        "sum": float(trace.sums[0]),
        "probabilities": [[float(value) for value in row] for row in trace.probabilities],
        "top": [float(row[trace.winner]) for row in trace.probabilities],
        "temperatures": list(trace.temperatures),
    }


def draw(trace: SoftmaxTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return logits, exponentials and probabilities, or up to three temperatures; or the small panel of one step."""
    from figures.composition import PANEL, SLIDE
    from figures.softmax_tableau import compose_panel, compose_slide
    from figures.tableau_still import draw_tableau

    if step is None:
        return draw_tableau(compose_slide(trace), theme, SLIDE)
    return draw_tableau(compose_panel(trace, step), theme, PANEL)


def animate(trace: SoftmaxTrace, scene: "Scene") -> None:
    """Let the exponentials grow bar by bar, divide them by their sum, then walk through the other temperatures."""
    from figures.softmax_tableau import compose_opening, compose_steps
    from figures.tableau_film import play_beats

    steps = compose_steps(trace)
    play_beats(scene, compose_opening(trace), steps, describe(trace).steps, steps[-1][-1].items)
