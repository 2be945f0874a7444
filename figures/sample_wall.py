"""A wall of images from the dataset, each with its label, and how many images there are of each class.

The wall is the beginning of the dataset in its own order, not a selection: odd and badly written digits stay in.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts.arithmetic import Array
from figures.parts.few_inks import with_few_inks
from figures.parts.words import Description
from generator.theme import NARROW_WIDTH, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


MOST_SIDE, MOST_CLASSES = 10, 12
WALL, TOP = 5.3, 0.55  # inches
BARS = 8.9  # where the bars begin


@dataclass(frozen=True, slots=True)
class SampleWallTrace:
    """The images shown (n², height, width), their labels, and how many images each class has in total."""

    images: Array
    labels: Array
    counts: Array

    @property
    def side(self) -> int:
        """How many images stand in a row."""
        return int(len(self.labels) ** 0.5)


def trace(*, images: ArrayLike, labels: ArrayLike, n: int = 10) -> SampleWallTrace:
    """Return the first n × n of `images` (count, height, width), and the number of `labels` of each class.

    Raises ValueError if images and labels do not match, or there are fewer than n × n images.
    """
    values, classes = np.asarray(images), np.asarray(labels)
    if values.ndim != 3 or classes.ndim != 1 or len(values) > len(classes):
        raise ValueError(
            f"images has shape {values.shape} and labels {classes.shape}; give (count, height, width), and a label each"
        )
    if classes.dtype.kind not in "iu" or not len(classes) or classes.min() < 0 or classes.max() >= MOST_CLASSES:
        raise ValueError(f"labels are not classes; give whole numbers from 0 to at most {MOST_CLASSES - 1}")
    if not 1 <= n <= MOST_SIDE:
        raise ValueError(f"n is {n}; 1 to {MOST_SIDE} images per row are legible")
    if len(values) < n * n:
        raise ValueError(f"there are {len(values)} images for a wall of {n} × {n}; give {n * n} or take a smaller n")
    return SampleWallTrace(values[: n * n], classes[: n * n].astype(int), np.bincount(classes))


def describe(trace: SampleWallTrace) -> Description:
    """Return the labels row by row, and the count of every class."""
    rows = "; ".join(" ".join(map(str, row)) for row in trace.labels.reshape(trace.side, trace.side))
    counts = ", ".join(f"{label}: {count:,}" for label, count in enumerate(trace.counts))
    total = int(trace.counts.sum())
    alt = (
        f"{trace.side} × {trace.side} images with their labels, row by row: {rows}. "
        f"The {total:,} images by class: {counts}."
    )
    facts = {
        "shown": len(trace.labels),
        "total": total,
        "counts": [int(count) for count in trace.counts],
        "fewest": int(trace.counts.min()),
        "most": int(trace.counts.max()),
    }
    return Description(alt, (), facts)


def draw(trace: SampleWallTrace, theme: Theme) -> "Figure":
    """Return the wall, with each label to the right of its image, and beside it a bar for each class."""
    from figures.parts import still

    figure = still.new_figure(theme)
    sheet = still.new_sheet(figure)
    total = int(trace.counts.sum())
    still.write(
        sheet, 0.15, 0.34, f"the first {len(trace.labels)} images, with their labels", color=theme.ink, bold=True
    )
    across, down = 7.7 / trace.side, WALL / trace.side
    picture = min(down - 0.06, across - 0.3)
    points = float(np.clip(72 * picture * 0.35, still.MIN_TEXT, 26))
    largest = float(trace.images.max()) or 1.0
    for place, (image, label) in enumerate(zip(trace.images, trace.labels, strict=True)):
        row, column = divmod(place, trace.side)
        x, y = 0.15 + column * across, TOP + row * down
        inked = with_few_inks(image, largest=largest)
        still.draw_image(sheet, inked, left=x, top=y, width=picture, theme=theme, largest=largest, color=theme.rule)
        where = (x + picture + 0.08, y + picture / 2 + 0.35 * points / 72)
        still.write(sheet, *where, str(label), color=theme.input, points=points, bold=True)
    still.write(sheet, BARS - 0.35, 0.34, f"all {total:,} images by class", color=theme.ink, bold=True)
    _draw_counts(sheet, trace, theme)
    return figure


def draw_narrow(trace: SampleWallTrace, theme: Theme) -> "Figure":
    """Return the wall for a narrow page, with the bars below it."""
    from figures.parts import still

    pitch = 5.3 / trace.side
    picture = min(0.8 * pitch, pitch - 0.2)
    rows = -(-len(trace.labels) // trace.side)
    bars, step = 0.6 + rows * (picture + 0.08) + 0.7, 0.32
    figure = still.new_figure(theme, NARROW_WIDTH, bars + step * len(trace.counts) + 0.1)
    sheet = still.new_sheet(figure)
    words = f"the first {len(trace.labels)} images, with their labels"
    still.write(sheet, 0.15, 0.34, words, color=theme.ink, bold=True)
    largest = float(trace.images.max()) or 1.0
    for place, (image, label) in enumerate(zip(trace.images, trace.labels, strict=True)):
        row, column = divmod(place, trace.side)
        x, y = 0.15 + column * pitch, 0.55 + row * (picture + 0.08)
        still.draw_image(sheet, image, left=x, top=y, width=picture, theme=theme, largest=largest, color=theme.rule)
        still.write(
            sheet, x + picture + 0.04, y + picture / 2 + 0.07, str(label), color=theme.input, points=still.MIN_TEXT
        )
    words = f"all {int(trace.counts.sum()):,} images by class"
    still.write(sheet, 0.15, bars - 0.2, words, color=theme.ink, bold=True)
    for label, count in enumerate(trace.counts):
        y, long = bars + step * label, 3.6 * int(count) / int(trace.counts.max())
        still.write(sheet, 0.45, y + 0.22, str(label), color=theme.input, bold=True, align="right")
        paint = {"facecolor": theme.input_tint, "edgecolor": theme.input, "linewidth": still.HAIR}
        still.box(sheet, 0.6, y + 0.04, long, 0.22, **paint)
        still.write(sheet, 0.72 + long, y + 0.22, f"{int(count):,}", color=theme.ink)
    return figure


def _draw_counts(sheet: "Axes", trace: SampleWallTrace, theme: Theme) -> None:
    """Draw a bar for each class, with its count at the end."""
    from figures.parts import still

    step, most = WALL / len(trace.counts), int(trace.counts.max())
    still.rule(sheet, [((BARS, TOP), (BARS, TOP + WALL - 0.06))], color=theme.muted, linewidth=still.LINE)
    for label, count in enumerate(trace.counts):
        y = TOP + (label + 0.5) * step - 0.03
        long = 2.8 * int(count) / most
        still.write(sheet, BARS - 0.15, y + 0.07, str(label), color=theme.input, bold=True, align="right")
        thick = min(0.28, 0.6 * step)
        still.box(
            sheet,
            BARS,
            y - thick / 2,
            long,
            thick,
            facecolor=theme.input_tint,
            edgecolor=theme.input,
            linewidth=still.HAIR,
        )
        still.write(sheet, BARS + long + 0.12, y + 0.07, f"{int(count):,}", color=theme.ink)
