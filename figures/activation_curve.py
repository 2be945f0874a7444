"""Activation functions as curves, their slopes dashed: what a layer passes on, and what training passes back.

Where the slope is nearly zero, learning stops. This is not a ranking: which function works best has to be measured.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from figures.parts import arithmetic
from figures.parts.arithmetic import Array
from figures.parts.words import Description, write_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from generator.theme import Theme


REACH = 3.0  # the curves are drawn for inputs from −REACH to REACH
TABLE, LEAD = 4.25, 0.32  # inches: top of the table, its line spacing
FIRST, END = 1.05, 12.7  # inches: left and right edge of the row of plots
DASHES = (0, (4, 2))
MOST, MOST_MARKS = 5, 4  # functions, marked inputs
Function = Callable[[Array, float], Array]


def sigmoid(x: Array, _: float = 0) -> Array:
    """Return 1 / (1 + exp(−x)), without overflow."""
    small = np.exp(-np.abs(x))
    return np.asarray(np.where(x < 0, small, 1) / (1 + small))


def gelu(x: Array, _: float = 0) -> Array:
    """Return x · Φ(x), Φ being the standard normal distribution function (Hendrycks & Gimpel 2016); exact."""
    return np.asarray(x * _normal(x))


def _normal(x: Array) -> Array:
    """Return Φ(x), the share of a standard normal distribution below each x."""
    shares = [0.5 * (1 + math.erf(value / math.sqrt(2))) for value in np.ravel(x)]
    return np.reshape(shares, np.shape(x))


def _gelu_slope(x: Array, _: float) -> Array:
    return np.asarray(_normal(x) + x * np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi))


# Each function with its derivative. At a kink the derivative is the one from the left, as in TensorFlow.
FUNCTIONS: dict[str, tuple[Function, Function]] = {
    "relu": (lambda x, _: np.maximum(x, 0), lambda x, _: np.where(x > 0, 1.0, 0.0)),
    "sigmoid": (sigmoid, lambda x, _: sigmoid(x) * (1 - sigmoid(x))),
    "tanh": (lambda x, _: np.tanh(x), lambda x, _: 1 - np.tanh(x) ** 2),
    "leaky_relu": (lambda x, a: np.where(x > 0, x, a * x), lambda x, a: np.where(x > 0, 1.0, a)),
    "gelu": (gelu, _gelu_slope),
}
FORMULAS = {
    "relu": "max(0, x)",
    "sigmoid": "1 / (1 + exp(−x))",
    "tanh": "2 × sigmoid(2x) − 1",
    "leaky_relu": "x, below 0: {slope} × x",
    "gelu": "x × share of normal < x",
}
KINKED = ("relu", "leaky_relu")


@dataclass(frozen=True, slots=True)
class Activation:
    """One function: `values` and `slopes` at the trace's `x`, `marked` and `marked_slopes` at its marks."""

    name: str
    formula: str
    values: Array
    slopes: Array
    marked: Array
    marked_slopes: Array

    @property
    def steepest(self) -> float:
        """The largest slope."""
        return float(max(self.slopes.max(), self.marked_slopes.max()))

    @property
    def has_kink(self) -> bool:
        """Whether the slope jumps at 0."""
        return self.name in KINKED


@dataclass(frozen=True, slots=True)
class ActivationCurveTrace:
    """Inputs `x` from −3 to 3, the marked inputs in ascending order, and the functions."""

    x: Array
    marks: tuple[float, ...]
    activations: tuple[Activation, ...]


def trace(
    *,
    functions: Sequence[str] = ("relu", "sigmoid", "tanh", "leaky_relu"),
    marks: Sequence[float] = (-2, 0.5, 2),
    negative_slope: float = 0.2,
) -> ActivationCurveTrace:
    """Return one to five activation functions, as Keras defines them, with their derivatives.

    functions: any of "relu", "sigmoid", "tanh", "leaky_relu" and "gelu" (the exact one). marks: up to four inputs from
    −3 to 3 at which values and slopes are written. negative_slope: that of leaky_relu, from 0 up to but not including
    1, as in `keras.activations.leaky_relu`. Raises ValueError for anything else.
    """
    names = [functions] if isinstance(functions, str) else list(functions)
    for name in names:
        if name not in FUNCTIONS:
            raise ValueError(f"there is no activation {name!r} here; there is {', '.join(FUNCTIONS)}")
    if not 1 <= len(names) <= MOST or len(set(names)) < len(names):
        raise ValueError(f"functions is {names}; give one to {MOST} different ones")
    places = _read_marks(marks)
    if not 0 <= negative_slope < 1:
        raise ValueError(f"negative_slope is {negative_slope}; give a number from 0 up to, but not, 1")
    x = np.linspace(-REACH, REACH, 401)
    return ActivationCurveTrace(x, places, tuple(_compute(name, x, places, float(negative_slope)) for name in names))


def _read_marks(marks: Sequence[float]) -> tuple[float, ...]:
    """Return the marks in ascending order; raise ValueError if one is out of range or given twice."""
    places = arithmetic.read_values(marks, "marks", "numbers").astype(np.float64)
    if len(set(places)) < len(places) or len(places) > MOST_MARKS or (np.abs(places) > REACH).any():
        raise ValueError(f"marks is {list(marks)}; give up to {MOST_MARKS} different numbers from −3 to 3")
    return tuple(sorted(float(place) for place in places))


def _compute(name: str, x: Array, marks: Sequence[float], negative_slope: float) -> Activation:
    """Return one function with its values and slopes at `x` and at the marks."""
    value, slope = FUNCTIONS[name]
    at = np.array(marks)
    formula = FORMULAS[name].format(slope=write_number(negative_slope, 6))
    curves = [np.asarray(f(place, negative_slope)) for place in (x, at) for f in (value, slope)]
    return Activation(name, formula, *curves)


def describe(trace: ActivationCurveTrace) -> Description:
    """Return each function in words, with its values and slopes at the marks and its steepest slope."""
    words = " ".join(_say(trace, activation) for activation in trace.activations)
    alt = f"Activation functions from −3 to 3 as solid curves, their slopes dashed. {words}"
    facts = {
        activation.name: {
            "values": activation.marked.tolist(),
            "slopes": activation.marked_slopes.tolist(),
            "steepest": activation.steepest,
        }
        for activation in trace.activations
    }
    return Description(alt, (), facts)


def _say(trace: ActivationCurveTrace, activation: Activation) -> str:
    """Return the sentence about one function."""
    rows = zip(trace.marks, activation.marked, activation.marked_slopes, strict=True)
    places = ", ".join(
        f"at {write_number(x)} it is {write_number(value)} with slope {write_number(slope)}" for x, value, slope in rows
    )
    kink = "; at 0 its slope jumps" if activation.has_kink else ""
    steepest = f"its steepest slope is {write_number(activation.steepest)}{kink}"
    return f"{activation.name} ({activation.formula}): {places}; {steepest}."


def draw(trace: ActivationCurveTrace, theme: "Theme") -> "Figure":
    """Return one plot per function, all on one scale, and below each its values and slopes at the marks."""
    from figures.parts import still

    figure = still.new_figure(theme, height=TABLE + 0.45 + LEAD * len(trace.marks))
    sheet = still.new_sheet(figure)
    room = (END - FIRST) / len(trace.activations)
    lowest = min(float(activation.values.min()) for activation in trace.activations)
    limits = (min(-0.4, lowest - 0.2), REACH)
    for number, activation in enumerate(trace.activations):
        middle = FIRST + (number + 0.5) * room
        name, formula = activation.name, activation.formula
        still.write(sheet, middle, 0.34, name, color=theme.ink, points=still.HEADING, bold=True, align="center")
        still.write(sheet, middle, 0.64, formula, color=theme.muted, points=still.MIN_TEXT, align="center")
        width = min(room - 0.45, 4.0)
        axes = still.add_plot(figure, theme, left=middle - width / 2, top=0.85, width=width, height=TABLE - 1.4)
        _set_axes(axes, theme, limits, is_first=number == 0)
        _draw_curves(axes, trace, activation, theme)
        _write_column(sheet, activation, theme, middle)
    for row, mark in enumerate(trace.marks):
        label = f"x = {write_number(mark)}"
        still.write(sheet, 0.1, TABLE + 0.5 + LEAD * row, label, color=theme.input, points=still.MIN_TEXT, bold=True)
    return figure


def _set_axes(axes: "Axes", theme: "Theme", limits: tuple[float, float], *, is_first: bool) -> None:
    """Give every plot the same scale, labeled only on the first one, and lines through zero."""
    from figures.parts import still

    axes.set(xlim=(-REACH, REACH), ylim=limits)
    axes.set_xticks([-REACH, 0, REACH], [write_number(tick) for tick in (-REACH, 0.0, REACH)])
    ticks = [float(tick) for tick in range(math.ceil(limits[0]), int(limits[1]) + 1)]
    axes.set_yticks(ticks, [write_number(tick) if is_first else "" for tick in ticks])
    still.style_axes(axes, theme)
    axes.axhline(0, color=theme.rule, linewidth=still.HAIR, zorder=0)
    axes.axvline(0, color=theme.rule, linewidth=still.HAIR, zorder=0)


def _draw_curves(axes: "Axes", trace: ActivationCurveTrace, activation: Activation, theme: "Theme") -> None:
    """Draw the function solid and its slope dashed, with the marks on both; a jump of the slope is left open."""
    from figures.parts import still

    slopes = activation.slopes.copy()
    if activation.has_kink:
        slopes[np.isclose(trace.x, 0)] = np.nan
    axes.plot(trace.x, slopes, color=theme.kernel, linewidth=still.LINE + 0.6, linestyle=DASHES, clip_on=False)
    axes.plot(trace.x, activation.values, color=theme.output, linewidth=still.BOLD_LINE, clip_on=False)
    axes.plot(
        trace.marks,
        activation.marked_slopes,
        "D",
        markersize=7,
        markerfacecolor=theme.paper,
        markeredgecolor=theme.kernel,
        markeredgewidth=still.LINE,
        clip_on=False,
    )
    axes.plot(trace.marks, activation.marked, "o", markersize=9, color=theme.output, clip_on=False)


def _write_column(sheet: "Axes", activation: Activation, theme: "Theme", middle: float) -> None:
    """Write a function's values and slopes at the marks, each column headed by a sample of its line."""
    from figures.parts import still

    pairs = ((-0.5, "value", theme.output, activation.marked), (0.5, "slope", theme.kernel, activation.marked_slopes))
    for side, word, color, numbers in pairs:
        x = middle + side
        style = {"linewidth": still.BOLD_LINE} if word == "value" else {"linewidth": 2.2, "linestyle": DASHES}
        still.rule(sheet, [((x - 0.3, TABLE - 0.12), (x + 0.3, TABLE - 0.12))], color=color, **style)
        still.write(sheet, x, TABLE + 0.16, word, color=color, points=still.MIN_TEXT, bold=True, align="center")
        for row, number in enumerate(numbers):
            y = TABLE + 0.5 + LEAD * row
            still.write(sheet, x, y, write_number(number), color=theme.ink, points=still.TEXT, align="center")
