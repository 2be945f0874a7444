"""A network at one moment of its training: kernels, the maps that they make of a digit, the answer, who is right.

It is meant to vary: `:vary: step = 0, 20, 100` lets a reader go through the training. Colors mean the same at every
moment, so that two states can be compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from figures.parts import arithmetic
from figures.parts.arithmetic import Array
from figures.parts.words import Description, count_noun, write_fixed, write_percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from generator.theme import Theme


FEWEST, MOST = 1, 7  # channels of a layer that are drawn
MOST_CLASSES = 12
NEEDED = ("steps", "kernels", "image", "label", "maps", "answers", "confusion")


@dataclass(frozen=True, slots=True)
class Maps:
    """Some maps of a layer (height, width, shown), the numbers of their channels, of how many, and their color scale.

    limits: of all channels at all moments.
    """

    layer: str
    maps: Array
    channels: tuple[int, ...]
    total: int
    limits: tuple[float, float]


@dataclass(frozen=True, slots=True)
class TrainingMomentTrace:
    """The network after `step` steps, the last of which is the step `last`.

    kernels (shown, height, width) belong to the first of the `maps`; limits: their color scale, over all moments.
    moved: how far each of them is from where it began. image, label: the digit; answers: its probabilities (classes,).
    confusion: counts of held-out images, true classes as rows.
    """

    step: int
    last: int
    kernels: Array
    limits: tuple[float, float]
    moved: Array
    image: Array
    label: int
    maps: tuple[Maps, ...]
    answers: Array
    confusion: Array

    @property
    def right(self) -> int:
        """How many held-out images were answered rightly."""
        return int(np.trace(self.confusion))

    @property
    def total(self) -> int:
        """How many held-out images there are."""
        return int(self.confusion.sum())

    @property
    def answer(self) -> int:
        """The most probable class of the digit."""
        return int(self.answers.argmax())


def trace(*, record: Mapping[str, Any], step: int = 0, count: int = 6) -> TrainingMomentTrace:
    """Return the network after `step` steps of training, one of those in the record.

    record: as `training_record.record`: `steps` (moments,), rising; `kernels` (moments, n, height, width); `image`
    (height, width) and its `label`; `maps` of one or two layers by name (moments, height, width, channels), the first
    made by the kernels; `answers` (moments, classes); `confusion` (moments, classes, classes), counts. count: how many
    kernels are shown (1 to 7), those that change most over the training, and how many maps of each layer, of the first
    those of these kernels. Raises ValueError if something is missing, does not match, or was not recorded.
    """
    if missing := [name for name in NEEDED if name not in record]:
        raise ValueError(f"record has no {missing[0]}; give the record of an experiment like training_record")
    steps = [int(each) for each in arithmetic.read_values(record["steps"], "steps", "moments")]
    if step not in steps:
        raise ValueError(f"step is {step}; recorded is the training after {', '.join(map(str, steps))} steps")
    kernels = arithmetic.read_values(record["kernels"], "kernels", "moments, n, height, width").astype(np.float64)
    answers = arithmetic.read_values(record["answers"], "answers", "moments, classes").astype(np.float64)
    confusion = arithmetic.read_values(record["confusion"], "confusion", "moments, classes, classes")
    layers = {
        str(name): arithmetic.read_values(maps, f"maps of {name}", "moments, height, width, channels")
        for name, maps in record["maps"].items()
    }
    _check(len(steps), kernels, layers, answers, confusion)
    if not FEWEST <= count <= min(MOST, kernels.shape[1]):
        raise ValueError(f"count is {count}, of {kernels.shape[1]} kernels; {FEWEST} to {MOST} fit a slide")
    moment = steps.index(step)
    moved = np.sqrt(((kernels - kernels[0]) ** 2).sum(axis=(2, 3)))
    shown = np.sort(np.argsort(-moved[-1], kind="stable")[:count])
    reach = float(np.abs(kernels).max()) or 1.0
    return TrainingMomentTrace(
        step, steps[-1], kernels[moment, shown], (-reach, reach), moved[moment, shown], np.asarray(record["image"]),
        int(record["label"]), _choose_maps(layers, moment, shown, count), answers[moment], confusion[moment],
    )  # fmt: skip


def _check(moments: int, kernels: Array, layers: Mapping[str, Array], answers: Array, confusion: Array) -> None:
    """Raise ValueError unless all parts of a record have the same moments, channels and classes."""
    if not 1 <= len(layers) <= 2:
        raise ValueError(f"there are maps of {count_noun(len(layers), 'layer')}; give those of one or two")
    parts = {"kernels": kernels, "answers": answers, "confusion": confusion, **layers}
    for name, values in parts.items():
        if len(values) != moments:
            raise ValueError(f"there are {moments} steps and {len(values)} moments of {name}; give as many of both")
    first = next(iter(layers.values()))
    if first.shape[-1] != kernels.shape[1]:
        raise ValueError(f"{kernels.shape[1]} kernels make {first.shape[-1]} maps; give both of the same layer")
    classes = answers.shape[1]
    if confusion.shape[1:] != (classes, classes) or not 2 <= classes <= MOST_CLASSES:
        raise ValueError(
            f"answers have {classes} classes, confusion is {confusion.shape[1]} × {confusion.shape[2]}; give the same, "
            f"2 to {MOST_CLASSES}"
        )
    if confusion.dtype.kind != "i" or (confusion < 0).any() or (confusion.sum(axis=(1, 2)) == 0).any():
        raise ValueError("confusion is not made of counts; give whole numbers from 0 up")


def _choose_maps(layers: Mapping[str, Array], moment: int, kernels: Array, count: int) -> tuple[Maps, ...]:
    """Return the maps of the kernels that are shown, and of a further layer those with the most contrast at the end."""
    chosen = []
    for place, (name, values) in enumerate(layers.items()):
        contrast = np.argsort(-values[-1].std(axis=(0, 1)), kind="stable")[:count]
        channels = kernels if place == 0 else np.sort(contrast)
        low, high = float(values.min()), float(values.max())
        reach = max(abs(low), abs(high)) or 1.0
        limits = (-reach if low < 0 else 0.0, reach)
        numbers = tuple(int(channel) for channel in channels)
        chosen.append(Maps(name, values[moment][..., channels], numbers, values.shape[-1], limits))
    return tuple(chosen)


def describe(trace: TrainingMomentTrace) -> Description:
    """Return how far the kernels have come, what the digit is taken for, and how many held-out images are right."""
    mean = float(trace.moved.mean())
    moved = f"on average {write_fixed(mean)} away from where they began" if trace.step else "still as they began"
    share = trace.right / trace.total
    wrong = trace.confusion - np.diag(np.diag(trace.confusion))
    true, answered = (int(place) for place in np.unravel_index(wrong.argmax(), wrong.shape))
    most = int(wrong.max())
    alt = (
        f"{name_moment(trace)[:1].upper()}{name_moment(trace)[1:]}: {trace.right:,} of {trace.total:,} held-out "
        f"digits are right ({write_percent(share, 1)}). The digit shown, a {trace.label}, is answered with "
        f"{trace.answer} ({write_percent(float(trace.answers.max()))}). "
        f"{count_noun(len(trace.kernels), 'kernel')} of {trace.maps[0].total} "
        f"{'is' if len(trace.kernels) == 1 else 'are'} {moved}. "
    )
    alt += f"Most often mistaken: {true} taken for {answered}, {_say_times(most)}." if most else "No digit is mistaken."
    facts = {
        "step": trace.step,
        "right": trace.right,
        "tested": trace.total,
        "accuracy": share,
        "label": trace.label,
        "answer": trace.answer,
        "share": float(trace.answers.max()),
        "mean_change": mean,
        "channels": list(trace.maps[0].channels),
        "mistaken": {"true": true, "answered": answered, "count": most},
    }
    return Description(alt, (), facts)


def _say_times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def name_moment(trace: TrainingMomentTrace) -> str:
    """Return after how many steps the moment is."""
    return f"after {count_noun(trace.step, 'step')}" if trace.step else "before training"


# The layout of the still, in inches: at the left a row for the kernels and one for the maps of each layer, with the
# digit beside those, below them the answer; at the right the confusion matrix.

LEFT, FIRST, TILE, APART = 2.2, 0.62, 0.86, 0.93
ROWS = (FIRST, 2.0, 3.38)
BARS_TOP, BARS_HEIGHT = 4.6, 0.8
MATRIX_LEFT, MATRIX_TOP, MATRIX = 9.0, 1.5, 3.35
HEIGHT = 5.85


def draw(trace: TrainingMomentTrace, theme: "Theme") -> "Figure":
    """Return kernels over maps over the answer, beside the confusion matrix."""
    from figures.parts import still

    figure = still.new_figure(theme, height=HEIGHT)
    sheet = still.new_sheet(figure)
    shown = len(trace.kernels)
    kernels = f"{shown} of {count_noun(trace.maps[0].total, 'kernel')}"
    _write_row(sheet, ROWS[0], kernels, theme.kernel)
    for k, kernel in enumerate(trace.kernels):
        still.draw_map(
            sheet, kernel, left=LEFT + k * APART, top=ROWS[0], width=TILE, theme=theme, limits=trace.limits,
            color=theme.kernel,
        )  # fmt: skip
    for top, layer in zip(ROWS[1:], trace.maps, strict=False):
        _write_row(
            sheet, top, f"{layer.maps.shape[-1]} of {count_noun(layer.total, 'map')} of {layer.layer}", theme.ink
        )
        for k in range(layer.maps.shape[-1]):
            width = TILE * min(1.0, layer.maps.shape[1] / layer.maps.shape[0])
            left = LEFT + k * APART
            still.draw_map(sheet, layer.maps[..., k], left=left, top=top, width=width, theme=theme, limits=layer.limits)
    still.write(sheet, 0.45, ROWS[1] - 0.14, "the digit", color=theme.input, bold=True)
    still.draw_image(sheet, trace.image, left=0.45, top=ROWS[1], width=1.2, theme=theme, color=theme.input)
    _draw_answer(sheet, trace, theme)
    _draw_confusion(sheet, trace, theme)
    return figure


def _write_row(sheet: "Axes", top: float, words: str, color: str) -> None:
    from figures.parts import still

    still.write(sheet, LEFT, top - 0.14, words, color=color, bold=True)


def _draw_answer(sheet: "Axes", trace: TrainingMomentTrace, theme: "Theme") -> None:
    """Draw a bar for the probability of each class of the digit, the most probable one in full color."""
    from figures.parts import still

    classes = len(trace.answers)
    across = 6 * APART / classes
    bottom = BARS_TOP + BARS_HEIGHT
    still.write(sheet, 0.45, bottom + 0.27, "the answer", color=theme.output, bold=True)
    for k, share in enumerate(trace.answers):
        left, height = LEFT + k * across, BARS_HEIGHT * float(share)
        is_best = k == trace.answer
        style = {"facecolor": theme.output if is_best else still.blend(theme.paper, theme.output, 0.35)}
        still.box(sheet, left + 0.08, bottom - height, across - 0.16, height, **style)
        color = theme.output if is_best else theme.muted
        still.write(sheet, left + across / 2, bottom + 0.27, str(k), color=color, align="center", bold=is_best)
    still.rule(sheet, [((LEFT, bottom), (LEFT + classes * across, bottom))], color=theme.muted, linewidth=still.LINE)
    words = write_percent(float(trace.answers.max()))
    still.write(sheet, LEFT + classes * across + 0.15, bottom, words, color=theme.output, bold=True)


def _draw_confusion(sheet: "Axes", trace: TrainingMomentTrace, theme: "Theme") -> None:
    """Draw the confusion matrix as a map of the shares of each true class, and write how many are right."""
    from figures.parts import still

    classes = len(trace.confusion)
    sums = np.maximum(trace.confusion.sum(axis=1, keepdims=True), 1)
    cell = MATRIX / classes
    still.write(sheet, MATRIX_LEFT, 0.48, name_moment(trace), color=theme.ink, points=still.HEADING, bold=True)
    still.write(sheet, MATRIX_LEFT, MATRIX_TOP - 0.44, "answered", color=theme.output, bold=True)
    still.write(sheet, MATRIX_LEFT - 0.42, MATRIX_TOP - 0.12, "true", color=theme.input, align="right", bold=True)
    still.draw_map(
        sheet, trace.confusion / sums, left=MATRIX_LEFT, top=MATRIX_TOP, width=MATRIX, theme=theme, limits=(0.0, 1.0)
    )
    for k in range(classes):
        middle = (k + 0.5) * cell
        still.write(sheet, MATRIX_LEFT + middle, MATRIX_TOP - 0.12, str(k), color=theme.output, align="center")
        y = MATRIX_TOP + middle + 0.09
        still.write(sheet, MATRIX_LEFT - 0.14, y, str(k), color=theme.input, align="right")
    end = still.write_runs(
        sheet,
        MATRIX_LEFT,
        MATRIX_TOP + MATRIX + 0.45,
        [(f"{trace.right:,}", theme.ink)],
        points=still.HEADING,
        bold=True,
    )
    words = f" of {trace.total:,} right"
    still.write(sheet, end, MATRIX_TOP + MATRIX + 0.45, words, color=theme.ink)
