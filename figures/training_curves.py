"""How training goes: loss and accuracy on the images that are learned from, and on held-out ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from figures.parts.words import Description, QuestionWords, write_percent
from generator.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


QUANTITIES = ("loss", "accuracy")
HEIGHT = 5.2  # inches
# Why training may look worse than held-out images where the network still learns fast.
MEASURED = (
    "Training: mean over the batches since the mark before, while the network was still learning, so it lags. "
    "Held-out: at the mark."
)


@dataclass(frozen=True, slots=True)
class Curve:
    """One quantity during training: its values on training and on held-out images, at the same times."""

    quantity: str
    training: tuple[float, ...]
    validation: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class TrainingCurvesTrace:
    """The curves of one training; `epochs` is how far it was at each measurement.

    steps: how many of the axis's `unit` make an epoch, as "batches"; 1 if the axis is in epochs.
    """

    epochs: tuple[float, ...]
    curves: tuple[Curve, ...]
    title: str
    steps: int = 1
    unit: str = "epochs"

    @property
    def places(self) -> tuple[float, ...]:
        """How far the training was at each measurement, in the axis's unit."""
        return tuple(self.steps * epoch for epoch in self.epochs)


def trace(
    *,
    history: Mapping[str, Sequence[float]],
    quantities: Sequence[str] = QUANTITIES,
    title: str = "",
    images: int = 0,
    batch_size: int = 0,
) -> TrainingCurvesTrace:
    """Return the curves in an experiment's `history`: epochs, loss, accuracy, validation_loss, validation_accuracy.

    The values of training are means over the batches since the measurement before, those on held-out images are
    measured at it. images: how many are trained on, as convnet.trained_on; the axis then counts the images shown, or
    with `batch_size` the batches, and marks the epochs. Raises ValueError if a curve is missing, is not as long as
    epochs, or holds a number that is not finite.
    """
    unknown = [quantity for quantity in quantities if quantity not in QUANTITIES]
    if unknown or not quantities:
        raise ValueError(f"quantities is {list(quantities)}; give some of {', '.join(QUANTITIES)}")
    epochs = _numbers(history, "epochs", None)
    curves = tuple(
        Curve(name, _numbers(history, name, len(epochs)), _numbers(history, f"validation_{name}", len(epochs)))
        for name in quantities
    )
    return TrainingCurvesTrace(epochs, curves, title, *_read_axis(images, batch_size))


def _read_axis(images: int, batch_size: int) -> tuple[int, str]:
    """Return how many units of the axis make an epoch, and their name."""
    for name, value in (("images", images), ("batch_size", batch_size)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 0:
            raise ValueError(f"{name} is {value!r}; give a whole number")
    if batch_size and not images:
        raise ValueError("batch_size says nothing without images; give how many are trained on, as convnet.trained_on")
    if not images:
        return 1, "epochs"
    return (-(-int(images) // int(batch_size)), "batches") if batch_size else (int(images), "training images shown")


def _numbers(history: Mapping[str, Sequence[float]], name: str, length: int | None) -> tuple[float, ...]:
    if name not in history:
        raise ValueError(f"history has no {name}; give an experiment's curves, such as mnist_convnet.history")
    values = tuple(float(value) for value in history[name])
    if not values or not np.isfinite(values).all():
        raise ValueError(f"{name} is empty or not finite; look for a training that diverged")
    if length is not None and len(values) != length:
        raise ValueError(f"{name} has {len(values)} values for {length} epochs; take all curves of one training")
    return values


def describe(trace: TrainingCurvesTrace) -> Description:
    """Return the curves in words: where each starts and ends; facts: the last values and the gap between them."""
    sentences = [_sentence(curve) for curve in trace.curves]
    passes = f"{trace.epochs[-1]:g} epoch{'' if trace.epochs[-1] == 1 else 's'}"
    counted = f", {trace.places[-1]:,.0f} {trace.unit}" if trace.steps > 1 else ""
    alt = f"Curves over {passes}{counted}. {' '.join(sentences)} {MEASURED}"
    facts: dict[str, object] = {"epochs": trace.epochs[-1]}
    for curve in trace.curves:
        facts[curve.quantity] = {
            "training": curve.training[-1],
            "validation": curve.validation[-1],
            "gap": curve.training[-1] - curve.validation[-1],
        }
    return Description(alt, (), facts)


def _sentence(curve: Curve) -> str:
    ends = [
        f"{_say(curve.quantity, values[0])} to {_say(curve.quantity, values[-1])}"
        for values in (curve.training, curve.validation)
    ]
    return f"{curve.quantity.capitalize()} goes from {ends[0]} in training, and from {ends[1]} on held-out images."


def _say(quantity: str, value: float) -> str:
    return f"{value:.3f}" if quantity == "loss" else write_percent(value, 1)


def draw(trace: TrainingCurvesTrace, theme: Theme, step: int | None = None) -> "Figure":
    """Return the curves side by side, or with `step` one of them alone as a panel."""
    from figures.parts import still

    if step is not None:
        figure = still.new_figure(theme, still.PANEL_WIDTH, still.PANEL_HEIGHT)
        box = {"left": 0.75, "top": 0.5, "width": 2.3, "height": 2.05}
        _draw_curve(figure, trace, theme, trace.curves[step], box)
        return figure
    figure = still.new_figure(theme, height=HEIGHT)
    sheet = still.new_sheet(figure)
    for curve, box in zip(trace.curves, _boxes(trace), strict=True):
        _draw_curve(figure, trace, theme, curve, box)
    still.write(sheet, 0.9, HEIGHT - 0.12, MEASURED, color=theme.muted, points=still.MIN_TEXT)
    return figure


def draw_question(trace: TrainingCurvesTrace, theme: Theme) -> "Figure":
    """Return the same axes without the curves."""
    from figures.parts import still

    figure = still.new_figure(theme, height=HEIGHT)
    for curve, box in zip(trace.curves, _boxes(trace), strict=True):
        _set_axes(still.add_plot(figure, theme, **box), trace, curve, theme)
    return figure


def describe_question(trace: TrainingCurvesTrace) -> QuestionWords:
    """Return what the axes are of."""
    quantities = " and ".join(curve.quantity for curve in trace.curves)
    return QuestionWords(f"Empty axes of {quantities} over {trace.epochs[-1]:g} epochs.")


def _boxes(trace: TrainingCurvesTrace) -> list[dict[str, float]]:
    """Return the place of each plot in inches, side by side."""
    room = 12.8 / len(trace.curves)
    return [{"left": place * room + 0.9, "top": 0.6, "width": room - 2.35, "height": 3.45}
            for place in range(len(trace.curves))]  # fmt: skip


def _draw_curve(
    figure: "Figure", trace: TrainingCurvesTrace, theme: Theme, curve: Curve, box: dict[str, float]
) -> None:
    """Draw both lines of a quantity with their names; they differ in dash and mark as well as in color."""
    from figures.parts import still

    axes = still.add_plot(figure, theme, **box)
    scale = 1.0 if curve.quantity == "loss" else 100.0
    training, validation = (scale * np.array(values) for values in (curve.training, curve.validation))
    axes.plot(
        trace.places,
        training,
        color=theme.kernel,
        linewidth=still.LINE,
        linestyle=(0, (4, 2)),
        marker="s",
        markersize=5.5,
        clip_on=False,
    )
    axes.plot(
        trace.places,
        validation,
        color=theme.input,
        linewidth=still.BOLD_LINE,
        marker="o",
        markersize=6.5,
        clip_on=False,
    )
    _set_axes(axes, trace, curve, theme)
    low, high = axes.get_ylim()
    least = (high - low) * 0.62 / box["height"]
    names = _apart([(training[-1], "training", theme.kernel), (validation[-1], "held-out", theme.input)], least)
    for y, value, name, color in names:
        points = still.MIN_TEXT
        still.write(
            axes,
            trace.places[-1] * 1.04,
            y,
            f"{name}\n{_say(curve.quantity, value / scale)}",
            color=color,
            points=points,
            bold=True,
            valign="center",
        )


def _set_axes(axes: "Axes", trace: TrainingCurvesTrace, curve: Curve, theme: Theme) -> None:
    from figures.parts import still

    last = trace.places[-1]
    axes.set_xlim(0, last)
    if trace.steps > 1:
        _mark_epochs(axes, trace, theme, is_falling=curve.quantity == "loss")
    else:
        axes.set_xticks(range(0, int(last) + 1, max(1, int(last) // 5)))
    if curve.quantity == "loss":
        axes.set_ylim(0, 1.05 * max(*curve.training, *curve.validation))
    else:
        lowest = 100 * min(*curve.training, *curve.validation)
        axes.set_ylim(lowest - 0.05 * (100 - lowest), 100)
    axes.set_xlabel(trace.unit)
    still.style_axes(axes, theme)
    axes.grid(axis="y", color=theme.rule, linewidth=still.HAIR)
    unit = "loss (cross-entropy)" if curve.quantity == "loss" else "accuracy in %"
    heading = f"{trace.title}: {unit}" if trace.title else unit
    axes.set_title(heading, loc="left", fontproperties=still.font(still.TEXT, bold=True), color=theme.ink, pad=12)


def _mark_epochs(axes: "Axes", trace: TrainingCurvesTrace, theme: Theme, *, is_falling: bool) -> None:
    """Count the axis in its unit, and draw a line where an epoch ends, with its number where no curve runs."""
    from figures.parts import still

    axes.locator_params(axis="x", nbins=4)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    whole = int(trace.epochs[-1])
    for epoch in range(1, whole + 1, max(1, whole // 5)):
        place = epoch * trace.steps
        axes.axvline(place, color=theme.muted, linewidth=still.HAIR, linestyle=(0, (2, 3)))
        y, words = 0.97 if is_falling else 0.07, f"epoch {epoch} "
        text = still.write(
            axes, place, y, words, color=theme.muted, points=still.MIN_TEXT, align="right", valign="center"
        )
        text.set_transform(axes.get_xaxis_transform())


def _apart(names: list[tuple[float, str, str]], least: float) -> list[tuple[float, float, str, str]]:
    """Return (y, value, name, color) with the two heights at least `least` apart, the values' order unchanged."""
    below, above = sorted(names)
    push = max(0.0, least - (above[0] - below[0])) / 2
    return [(below[0] - push, *below), (above[0] + push, *above)]
