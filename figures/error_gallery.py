"""The images a network gets wrong, each with its true class, the network's answer, and how sure it was of it.

These are the most confident mistakes, not a random sample: the high numbers do not mean that the network is sure
whenever it errs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from figures.parts.arithmetic import Array
from figures.parts.few_inks import with_few_inks
from figures.parts.words import Description, write_percent
from generator.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


NEEDED = ("images", "labels", "predictions", "confidences")
MOST, SURE = 40, 0.9  # images that fit on a slide; probability above which a mistake counts as confident
WIDTH, HEIGHT, TOP = 12.6, 5.15, 0.62  # inches: size of the grid of images, below a title of two lines, and its top
GAP, CAPTION = 0.14, 0.34  # inches: between rows, height of a caption
LARGEST = 1.9  # inches: side of an image


@dataclass(frozen=True, slots=True)
class Mistake:
    """One image (height, width), its true class, the class answered, and the probability given to that answer."""

    image: Array
    label: int
    answer: int
    confidence: float


@dataclass(frozen=True, slots=True)
class ErrorGalleryTrace:
    """The mistakes that are shown, in the given order; `total` is how many there are in all."""

    mistakes: tuple[Mistake, ...]
    total: int


def trace(*, mistakes: Mapping[str, Any], count: int = MOST) -> ErrorGalleryTrace:
    """Return the first `count` (at most 40) of a trained network's `mistakes`.

    mistakes: images (n, height, width), labels, predictions and confidences (n,), such as `mnist_convnet.mistakes`.
    Raises ValueError if a part is missing, they differ in length, an answer is right, or there are no mistakes.
    """
    missing = [name for name in NEEDED if name not in mistakes]
    if missing:
        raise ValueError(
            f"mistakes has no {missing[0]}; give the mistakes of a network, such as mnist_convnet.mistakes"
        )
    images, labels, answers, confidences = (np.asarray(mistakes[name]) for name in NEEDED)
    if images.ndim != 3 or not len(images) == len(labels) == len(answers) == len(confidences):
        raise ValueError(
            f"images has shape {images.shape} for {len(labels)} labels; give (n, height, width), one per label"
        )
    if not 1 <= count <= MOST:
        raise ValueError(f"count is {count}; 1 to {MOST} images fit a slide")
    if not len(images):
        raise ValueError("mistakes is empty; leave the figure out where a network makes none")
    if (labels == answers).any():
        raise ValueError("an answer is right; give the mistakes only")
    shown = zip(images[:count], labels, answers, confidences, strict=False)
    return ErrorGalleryTrace(tuple(Mistake(i, int(t), int(a), float(p)) for i, t, a, p in shown), len(images))


def describe(trace: ErrorGalleryTrace) -> Description:
    """Return each mistake in words (true → answered, and the confidence), and how many are confident."""
    each = "; ".join(f"{m.label} → {m.answer} ({write_percent(m.confidence)})" for m in trace.mistakes)
    sure = sum(m.confidence > SURE for m in trace.mistakes)
    alt = (
        f"{len(trace.mistakes)} of {trace.total} misclassified images, as true class → answer with the "
        f"probability that the network gave it: {each}. {sure} of them got more than {write_percent(SURE)}."
    )
    first = trace.mistakes[0]
    facts = {
        "shown": len(trace.mistakes),
        "confident": sure,
        "first": {"label": first.label, "answer": first.answer, "confidence": first.confidence},
    }
    return Description(alt, (), facts)


def draw(trace: ErrorGalleryTrace, theme: Theme) -> "Figure":
    """Return a grid of the images; under each, its true class, the answer, and the probability."""
    from figures.parts import still

    columns, side = _fit(len(trace.mistakes))
    rows = -(-len(trace.mistakes) // columns)
    figure = still.new_figure(theme, height=TOP + rows * (side + CAPTION + GAP) + 0.05)
    sheet = still.new_sheet(figure)
    step = min(WIDTH / columns, side + 0.9)
    left = (12.8 - columns * step) / 2
    runs = [
        ("true", theme.input),
        (" → ", theme.muted),
        ("answered", theme.wrong),
        (", and the probability", theme.muted),
    ]
    still.write_runs(sheet, left + (step - side) / 2, 0.34, runs, bold=True)
    for place, mistake in enumerate(trace.mistakes):
        row, column = divmod(place, columns)
        where = (left + column * step + (step - side) / 2, TOP + row * (side + CAPTION + GAP))
        _draw_mistake(sheet, mistake, theme, where, side)
    return figure


def _fit(count: int) -> tuple[int, float]:
    """Return the number of columns that makes the images largest, with room for captions, and their side in inches."""
    from figures.parts import still

    least = still.text_width("8 → 8  > 99 %", still.MIN_TEXT) + 0.12
    sizes = []
    for columns in range(1, count + 1):
        across, down = WIDTH / columns, HEIGHT / -(-count // columns)
        if across >= least:
            sizes.append((min(across - 0.16, down - CAPTION - GAP, LARGEST), -columns))
    side, columns = max(sizes)  # of equal sides, the fewest columns
    return -columns, side


def _draw_mistake(sheet: "Axes", mistake: Mistake, theme: Theme, where: tuple[float, float], side: float) -> None:
    """Draw one image and its caption."""
    from figures.parts import still

    left, top = where
    largest = float(mistake.image.max()) or 1.0
    image = with_few_inks(mistake.image, largest=largest)
    still.draw_image(sheet, image, left=left, top=top, width=side, theme=theme, largest=largest)
    points = still.MIN_TEXT if side < 1.3 else still.TEXT + 1
    runs = [(str(mistake.label), theme.input), (" → ", theme.muted), (str(mistake.answer), theme.wrong)]
    percent = f"  {write_percent(mistake.confidence)}"
    width = sum(still.text_width(text, points, bold=True) for text, _ in runs) + still.text_width(percent, points)
    y = top + side + 0.26
    end = still.write_runs(sheet, left + (side - width) / 2, y, runs, points=points, bold=True)
    still.write(sheet, end, y, percent, color=theme.muted, points=points)
