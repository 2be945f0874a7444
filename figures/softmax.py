"""Softmax: scores of any size become positive numbers that sum to one, and the largest stays the largest.

A temperature divides the scores first: below 1 it sharpens, above 1 it evens out. The result is not a measure of how
sure one may be: probabilities that sum to one are not yet calibrated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic
from figures.parts.arithmetic import Array
from figures.parts.keyframes import FORMULA, HAIR, HEADING, NOTE, Box, Item, Keyframe, Line, Rules, say
from figures.parts.words import Description, about, join, write_number

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
    def winners(self) -> tuple[int, ...]:
        """The classes with the largest logit: one, or several that tie."""
        return tuple(int(k) for k in np.flatnonzero(self.logits == self.logits.max()))


def trace(
    *, logits: ArrayLike, temperature: float | Sequence[float] = 1, classes: Sequence[str] | None = None
) -> SoftmaxTrace:
    """Return the softmax of 2 to 12 logits (classes,) at one or several temperatures, in the order given (Bridle 1990).

    temperature: the logits are divided by it (Hinton, Vinyals & Dean 2015, equation 1). classes: names, by default
    numbers from 0. Raises ValueError for logits that are not finite numbers, or a temperature that is not above zero.
    """
    scores = arithmetic.read_values(logits, "logits", "classes").astype(np.float64)
    if not FEWEST <= len(scores) <= MOST:
        raise ValueError(f"there are {len(scores)} logits; give {FEWEST} to {MOST}")
    names = tuple(map(str, range(len(scores)) if classes is None else classes))
    if len(names) != len(scores) or max(map(len, names)) > 10:
        raise ValueError(f"{len(names)} classes for {len(scores)} logits; give one name of up to 10 letters per logit")
    heats = _read_temperatures(temperature)
    exponentials = np.exp((scores - scores.max())[None, :] / np.array(heats)[:, None])
    return SoftmaxTrace(scores, names, heats, exponentials, exponentials / exponentials.sum(axis=1, keepdims=True))


def _read_temperatures(temperature: float | Sequence[float]) -> tuple[float, ...]:
    """Return one or more temperatures as a tuple; raise ValueError for too many, or one below 0.01."""
    heats = np.atleast_1d(np.asarray(temperature))
    if heats.dtype.kind not in "iuf" or heats.ndim != 1 or not 1 <= len(heats) <= MOST_TEMPERATURES:
        raise ValueError(f"temperature is {temperature!r}; give a number, or a list of up to {MOST_TEMPERATURES}")
    if not (np.isfinite(heats) & (heats >= 0.01)).all():
        raise ValueError(f"temperature is {temperature!r}; give numbers above zero, at least 0.01")
    return tuple(float(heat) for heat in heats)


def write_share(value: float) -> str:
    """Return an exponential, of which 1 is the largest, with three decimals; what only rounds to 0 or 1 as < or >.

    None is 0: where floating point has none so small, that is not the number's fault.

    >>> write_share(0.25), write_share(1.0), write_share(0.00001), write_share(0.99999)
    ('0.250', '1', '< 0.001', '> 0.999')
    """
    return "1" if value == 1 else write_probability(value)


def write_probability(value: float) -> str:
    """Return a softmax's probability with three decimals; of two or more, none is ever quite 0 or 1.

    >>> write_probability(0.25), write_probability(0.0), write_probability(1.0)
    ('0.250', '< 0.001', '> 0.999')
    """
    return "< 0.001" if value < 0.0005 else "> 0.999" if value >= 0.9995 else f"{value:.3f}"


def write_logit(value: float) -> str:
    """Return a logit as text, with few digits if it is large."""
    return write_number(value) if abs(value) < 100 else f"{value:.3g}".replace("e+0", "e").replace("-", "−")


def write_heat(value: float) -> str:
    """Return a temperature as text, with all the digits that a lecture gives.

    >>> write_heat(1.0), write_heat(0.015)
    ('1', '0.015')
    """
    return write_number(value, 6)


def describe(trace: SoftmaxTrace) -> Description:
    """Return logits, probabilities at each temperature, and a sentence for each step."""
    named = ", ".join(f"{name}: {write_logit(logit)}" for name, logit in zip(trace.classes, trace.logits, strict=True))
    rows = [
        f"at temperature {write_heat(heat)} the probabilities are "
        f"{', '.join(write_probability(value) for value in row)}"
        for heat, row in zip(trace.temperatures, trace.probabilities, strict=True)
    ]
    alt = (
        f"Softmax of {len(trace.classes)} logits as bars ({named}): {'; '.join(rows)}. Before they are rounded they "
        f"sum to 1, and {_name_winners(trace)} the largest at every temperature."
    )
    return Description(alt, tuple(_sentences(trace)), _collect(trace))


def _name_winners(trace: SoftmaxTrace) -> str:
    """Return the subject and verb of a sentence about the largest probability."""
    names = [trace.classes[k] for k in trace.winners]
    return f"class {names[0]} has" if len(names) == 1 else f"classes {join(names)} share"


def _sentences(trace: SoftmaxTrace) -> list[str]:
    """Return the sentences of the steps: the exponentials, the division, and one for each further temperature."""
    largest, named, rest = write_logit(trace.logits.max()), _name_winners(trace), write_heat(trace.temperatures[0])
    divided = "" if trace.temperatures[0] == 1 else f" and the rest divided by the temperature {rest}"
    total = f"{about(trace.sums[:1], 3)}{write_number(trace.sums[0], 3)}"
    first = (
        f"From each logit the largest, {largest}, is subtracted{divided}; exp makes every one positive, and their sum "
        f"is {total}."
    )
    each = "" if len(trace.winners) == 1 else " each"
    top = [f"{write_probability(row[trace.winners[0]])}{each}" for row in trace.probabilities]
    second = f"Each is divided by their sum, {total}: the probabilities sum to 1, and {named} the most, {top[0]}."
    others = [
        f"At temperature {write_heat(heat)} {named} the most, {top[number]}: {_compare(trace, number)}."
        for number, heat in enumerate(trace.temperatures)
        if number
    ]
    return [first, second, *others]


def _compare(trace: SoftmaxTrace, number: int) -> str:
    """Return how the probabilities at one temperature differ from those at the one before it."""
    heat, before = trace.temperatures[number], trace.temperatures[number - 1]
    if heat == before or len(trace.winners) == len(trace.classes):
        return f"the probabilities are the same as at temperature {write_heat(before)}"
    change = "more even" if heat > before else "sharper"
    return f"the probabilities are {change} than at temperature {write_heat(before)}, their order is the same"


def _collect(trace: SoftmaxTrace) -> dict[str, object]:
    """Return the numbers that a lecture may quote."""
    return {
        "winner": trace.classes[trace.winners[0]],
        "winners": [trace.classes[k] for k in trace.winners],
        "probability": float(trace.probabilities[0, trace.winners[0]]),
        "sum": float(trace.sums[0]),
        "probabilities": [[float(value) for value in row] for row in trace.probabilities],
        "top": [float(row[trace.winners[0]]) for row in trace.probabilities],
        "temperatures": list(trace.temperatures),
    }


def draw(trace: SoftmaxTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return logits, exponentials and probabilities, or up to three temperatures; or the small panel of one step."""
    from figures.parts.keyframes import draw_items
    from figures.parts.layout import PANEL, SLIDE

    if step is None:
        return draw_items(compose_slide(trace), theme, SLIDE)
    return draw_items(compose_panel(trace, step), theme, PANEL)


def animate(trace: SoftmaxTrace, scene: "Scene") -> None:
    """Let the exponentials grow bar by bar, divide them by their sum, then walk through the other temperatures."""
    from figures.parts.film import play_keyframes

    steps = compose_steps(trace)
    play_keyframes(scene, compose_opening(trace), steps, describe(trace).steps, steps[-1][-1].items)


STILL_TEMPERATURES = 3
SLOW, QUICK, FAST = 2.2, 1.2, 0.35  # seconds for the first bar, the second, each later one
CAPTION = 694  # the baseline of the calculation


# Composition: a row for each class, a column for logits, exponentials and each set of probabilities.


@dataclass(frozen=True, slots=True)
class BarArea:
    """The area of a picture that bars may fill, in pixels, and the sizes used on it."""

    left: float
    right: float
    top: float
    bottom: float
    pitch: float  # largest distance from row to row
    text: float
    heading: float
    note: float
    gap: float


SLIDE_AREA = BarArea(56, 1488, 118, 636, 96, 27, HEADING, NOTE, 40)
PANEL_AREA = BarArea(8, 412, 34, 312, 48, 15.5, 17, 0, 14)


@dataclass(frozen=True, slots=True)
class Bars:
    """A column of bars: name, role, heading, note, a value and a text for each class, and the ends of its scale."""

    name: str
    role: str
    heading: str
    note: str
    values: tuple[float, ...]
    texts: tuple[str, ...]
    limits: tuple[float, float]


def _logits(trace: SoftmaxTrace) -> Bars:
    values = tuple(float(value) for value in trace.logits)
    note = f"{len(values)} scores of any size"
    limits = (min(0.0, *values), max(0.0, *values))
    return Bars("logits", "input", "logits", note, values, tuple(map(write_logit, values)), limits)


def _exponentials(trace: SoftmaxTrace, number: int) -> Bars:
    values = tuple(float(value) for value in trace.exponentials[number])
    heat = trace.temperatures[number]
    inner = "logit − largest"
    note = f"exp({inner})" if heat == 1 else f"exp(({inner}) ÷ {write_heat(heat)})"
    return Bars("exp", "window", "exponentials", note, values, tuple(map(write_share, values)), (0.0, 1.0))


def _probabilities(trace: SoftmaxTrace, number: int, name: str = "prob", heading: str = "probabilities") -> Bars:
    values = tuple(float(value) for value in trace.probabilities[number])
    note = f"each ÷ {write_number(trace.sums[number], 3)}"
    if heading != "probabilities":
        note = "probabilities"
    return Bars(name, "output", heading, note, values, tuple(map(write_probability, values)), (0.0, 1.0))


def compose_slide(trace: SoftmaxTrace) -> list[Item]:
    """Return the still: three columns for a single temperature, else the logits beside up to three temperatures."""
    if len(trace.temperatures) == 1:
        columns = [_logits(trace), _exponentials(trace, 0), _probabilities(trace, 0)]
        return [*compose(trace, columns, SLIDE_AREA), _sum_line(trace, 0)]
    shown = range(min(len(trace.temperatures), STILL_TEMPERATURES))
    heads = [f"T = {write_heat(trace.temperatures[number])}" for number in shown]
    columns = [_probabilities(trace, number, f"prob{number}", heads[number]) for number in shown]
    words = "a low temperature T sharpens, a high one evens out; the order never changes"
    return [*compose(trace, [_logits(trace), *columns], SLIDE_AREA), say("caption", words, 768, CAPTION, 30)]


def _sum_line(trace: SoftmaxTrace, number: int) -> Line:
    """Return the line that says which sum the exponentials are divided by, and what the result sums to."""
    total = write_number(trace.sums[number], 3)
    heat = f"temperature {write_heat(trace.temperatures[number])}:  " if len(trace.temperatures) > 1 else ""
    runs = (
        (heat, "muted"),
        ("sum of the exponentials ", "ink"),
        (total, "window"),
        ("  →  each ÷ ", "ink"),
        (total, "window"),
        ("  →  sum of the probabilities ", "ink"),
        ("1", "output"),
    )
    return Line("caption", runs, 768, CAPTION, 30)


def compose_panel(trace: SoftmaxTrace, step: int) -> list[Item]:
    """Return the small panel of a step: the column it starts from beside the column it makes."""
    heat = f"T = {write_heat(trace.temperatures[step - 1])}" if step > 1 else ""
    pairs = {0: [_logits(trace), _exponentials(trace, 0)], 1: [_exponentials(trace, 0), _probabilities(trace, 0)]}
    columns = pairs[step] if step < 2 else [_logits(trace), _probabilities(trace, step - 1, heading=heat)]
    return compose(trace, columns, PANEL_AREA)


def compose_opening(trace: SoftmaxTrace) -> list[Item]:
    """Return the slide before the first step: the logits, and the headings of the columns to come."""
    return _compose_film(trace, 0, 0, 0)


def _compose_film(trace: SoftmaxTrace, number: int, exponentials: int, probabilities: int) -> list[Item]:
    """Return the film's slide at temperature `number`, with as many bars of the two columns as given."""
    columns = [_logits(trace), _exponentials(trace, number), _probabilities(trace, number)]
    known = {"exp": exponentials, "prob": probabilities}
    items = compose(trace, columns, SLIDE_AREA, known)
    is_sum_known = exponentials == len(trace.classes)
    return [item for item in items if is_sum_known or item.name != "prob note"]


def compose_steps(trace: SoftmaxTrace) -> list[list[Keyframe]]:
    """Return the keyframes of each step."""
    count = len(trace.classes)
    first = [Keyframe((*_compose_film(trace, 0, k + 1, 0), _exponent_line(trace, k)), _pace(k)) for k in range(count)]
    first.append(Keyframe((*_compose_film(trace, 0, count, 0), _total_line(trace)), 1.2))
    second = [
        Keyframe((*_compose_film(trace, 0, count, k + 1), _division_line(trace, k)), _pace(k)) for k in range(count)
    ]
    second.append(Keyframe((*_compose_film(trace, 0, count, count), _sum_line(trace, 0)), 1.2))
    others = [
        [Keyframe((*_compose_film(trace, number, count, count), _sum_line(trace, number)), 1.6)]
        for number in range(1, len(trace.temperatures))
    ]
    return [first, second, *others]


def _pace(k: int) -> float:
    return SLOW if k == 0 else QUICK if k == 1 else FAST


def _exponent_line(trace: SoftmaxTrace, k: int) -> Line:
    """Return the calculation of one exponential."""
    heat, largest = trace.temperatures[0], write_logit(trace.logits.max())
    largest = f"({largest})" if largest.startswith("−") else largest
    inner: tuple[tuple[str, str], ...] = ((write_logit(trace.logits[k]), "input"), (f" − {largest}", "ink"))
    if heat != 1:
        inner = (("(", "ink"), *inner, (f") ÷ {write_heat(heat)}", "ink"))
    result = ((")  ≈  ", "ink"), (write_share(trace.exponentials[0, k]), "window"))
    return Line("caption", (("exp(", "ink"), *inner, *result), 768, CAPTION, FORMULA)


def _division_line(trace: SoftmaxTrace, k: int) -> Line:
    """Return the calculation of one probability."""
    runs = (
        (write_share(trace.exponentials[0, k]), "window"),
        ("  ÷  ", "ink"),
        (write_number(trace.sums[0], 3), "window"),
        ("  ≈  ", "ink"),
        (write_probability(trace.probabilities[0, k]), "output"),
    )
    return Line("caption", runs, 768, CAPTION, FORMULA)


def _total_line(trace: SoftmaxTrace) -> Line:
    runs = (("the exponentials sum to  ", "ink"), (write_number(trace.sums[0], 3), "window"))
    return Line("caption", runs, 768, CAPTION, FORMULA)


def compose(
    trace: SoftmaxTrace, columns: Sequence[Bars], area: BarArea, known: dict[str, int] | None = None
) -> list[Item]:
    """Return columns of bars side by side, classes on the left; `known`: how many bars a column already shows."""
    count = len(trace.classes)
    pitch = min(area.pitch, (area.bottom - area.top) / count)
    top = area.top + (area.bottom - area.top - count * pitch) / 2
    label = 0.62 * area.text * max(len(name) for name in trace.classes) + 0.5 * area.text
    width = (area.right - area.left - label - area.gap * (len(columns) - 1)) / len(columns)
    items: list[Item] = []
    for k, name in enumerate(trace.classes):
        y = top + (k + 0.5) * pitch + 0.35 * area.text
        items.append(
            say(
                f"class {k}",
                name,
                area.left + label - 0.5 * area.text,
                y,
                area.text,
                "muted",
                "right",
                is_bold=k in trace.winners,
            )
        )
    for number, bars in enumerate(columns):
        left = area.left + label + number * (width + area.gap)
        items += _head(bars, left + width / 2, area)
        shown = count if known is None else known.get(bars.name, count)
        items += _draw_bars(bars, (left, top, width, pitch), area, shown, trace.winners)
    return items


def _head(bars: Bars, middle: float, area: BarArea) -> list[Item]:
    """Return a column's heading, and the note below it where there is room."""
    y = area.top - (64 if area.note else 14)
    lines: list[Item] = [say(f"{bars.name} head", bars.heading, middle, y, area.heading, bars.role, is_bold=True)]
    if area.note:
        lines.append(say(f"{bars.name} note", bars.note, middle, area.top - 24, area.note, "muted"))
    return lines


def _draw_bars(
    bars: Bars, where: tuple[float, float, float, float], area: BarArea, shown: int, winners: Sequence[int]
) -> list[Item]:
    """Return the bars of one column with their numbers, from a common zero; the winners' bars are solid."""
    left, top, width, pitch = where
    low, high = bars.limits
    longest = max(len(text) for text in bars.texts) if bars.name == "logits" else len("< 0.001")
    room = 0.58 * area.text * longest + 0.4 * area.text  # the same at every temperature, so that bars can be compared
    scale = (width - room * (2 if low < 0 else 1)) / ((high - low) or 1.0)
    zero = left + (room if low < 0 else 0) - low * scale
    items: list[Item] = [Rules(f"{bars.name} zero", (((zero, top), (zero, top + len(bars.values) * pitch)),), "muted")]
    for k, (value, text) in enumerate(zip(bars.values[:shown], bars.texts[:shown], strict=True)):
        y, long = top + k * pitch, max(abs(value) * scale, 0.5)
        x, fill = (zero - long if value < 0 else zero), bars.role if k in winners else f"{bars.role}_tint"
        items.append(Box(f"{bars.name} bar {k}", x, y + 0.14 * pitch, long, 0.72 * pitch, bars.role, fill, HAIR))
        end, align = (x - 0.35 * area.text, "right") if value < 0 else (x + long + 0.35 * area.text, "left")
        baseline = y + 0.5 * pitch + 0.35 * area.text
        items.append(say(f"{bars.name} text {k}", text, end, baseline, area.text, "ink", align, is_bold=k in winners))
    return items
