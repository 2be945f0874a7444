"""Every image that a network learns from, on one picture: a row for each class."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic
from figures.parts.arithmetic import Array
from figures.parts.words import Description
from generator.theme import NARROW_WIDTH, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure


CLASSES, EACH = (2, 12), (1, 24)
WIDTH, HEIGHT = 11.9, 5.8  # inches: of the wall, without the names of the classes


@dataclass(frozen=True, slots=True)
class FewShotWallTrace:
    """The images (classes, images of each, height, width) and the names of the classes."""

    images: Array
    names: tuple[int, ...]

    @property
    def each(self) -> int:
        """How many images there are of each class."""
        return int(self.images.shape[1])


def trace(*, images: ArrayLike, labels: ArrayLike) -> FewShotWallTrace:
    """Return all `images` (n, height, width), pixels from 0 to 255, sorted by their `labels` (n,).

    Within a class they keep their order. Raises ValueError if labels and images do not match, if the classes do not
    have equally many images, or if there are other than 2 to 12 classes of 1 to 24 images.
    """
    values = arithmetic.read_values(images, "images", "n, height, width")
    classes = arithmetic.read_values(labels, "labels", "n")
    if len(values) != len(classes):
        raise ValueError(f"there are {len(values)} images and {len(classes)} labels; give a label for each image")
    names, counts = np.unique(classes, return_counts=True)
    if len(set(counts.tolist())) != 1:
        raise ValueError(f"classes have {counts.min()} to {counts.max()} images; give equally many of each")
    if not CLASSES[0] <= len(names) <= CLASSES[1] or not EACH[0] <= counts[0] <= EACH[1]:
        raise ValueError(f"{counts[0]} images of {len(names)} classes do not fit; give up to 24 of each of 2 to 12")
    order = np.argsort(classes, kind="stable")
    wall = values[order].reshape(len(names), int(counts[0]), *values.shape[1:])
    return FewShotWallTrace(wall, tuple(int(name) for name in names))


def describe(trace: FewShotWallTrace) -> Description:
    """Return how many images there are; which is all that can be said of them in words."""
    total = len(trace.names) * trace.each
    names = ", ".join(map(str, trace.names))
    alt = f"{total} images: {trace.each} of each of the classes {names}, a row for each class."
    return Description(alt, (), {"total": total, "each": trace.each, "classes": len(trace.names)})


def draw(trace: FewShotWallTrace, theme: Theme) -> "Figure":
    """Return the wall, with the name of each class before its row."""
    from figures.parts import still

    rows, columns = len(trace.names), trace.each
    height, width = trace.images.shape[2:]
    pitch = min(WIDTH / columns, HEIGHT / rows * width / height)
    tall = pitch * height / width
    figure = still.new_figure(theme, height=rows * tall + 0.2)
    sheet = still.new_sheet(figure)
    largest = float(trace.images.max()) or 1.0
    for row, (name, images) in enumerate(zip(trace.names, trace.images, strict=True)):
        top = 0.1 + row * tall
        y = top + tall / 2 + 0.09
        still.write(sheet, 0.55, y, str(name), color=theme.input, points=still.HEADING, bold=True, align="right")
        for column, image in enumerate(images):
            place = {"left": 0.75 + column * pitch, "top": top, "width": 0.94 * pitch}
            still.draw_image(sheet, image, theme=theme, largest=largest, color=theme.rule, **place)
    return figure


def draw_narrow(trace: FewShotWallTrace, theme: Theme) -> "Figure":
    """Return the wall for a narrow page, at most ten images on a line."""
    from figures.parts import still

    columns = min(10, trace.each)
    height, width = trace.images.shape[2:]
    pitch = min(4.85 / columns, 0.9)
    tall, lines = pitch * height / width, -(-trace.each // columns)
    figure = still.new_figure(theme, NARROW_WIDTH, len(trace.names) * (lines * tall + 0.1) + 0.1)
    sheet = still.new_sheet(figure)
    largest = float(trace.images.max()) or 1.0
    for row, (name, images) in enumerate(zip(trace.names, trace.images, strict=True)):
        top = 0.1 + row * (lines * tall + 0.1)
        where = (0.45, top + tall / 2 + 0.09, 0.42)
        still.write_fitted(sheet, where, str(name), color=theme.input, points=still.HEADING, align="right", bold=True)
        for place, image in enumerate(images):
            down, across = divmod(place, columns)
            box = {"left": 0.6 + across * pitch, "top": top + down * tall, "width": 0.94 * pitch}
            still.draw_image(sheet, image, theme=theme, largest=largest, color=theme.rule, **box)
    return figure
