"""What lies below a place of a drawing: paper, filled areas, the pixels of images."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generator.check.color import WHITE, Color, blend
from generator.check.drawing import Mark, Points


@dataclass(frozen=True, slots=True)
class Ground:
    """The color at a place, and whether an image has a part in it: then it is what the data says."""

    color: Color
    is_image: bool = False


class Layers:
    """The marks of a drawing that cover others: filled areas and images, with the box of each for a quick look."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        covers = [at for at, mark in enumerate(marks) if mark.rings and _is_cover(mark)]
        self.covers = [(at, marks[at]) for at in covers]
        boxes = [_box(mark) for _, mark in self.covers]
        self.low = np.array([low for low, _ in boxes]).reshape(-1, 2)
        self.high = np.array([high for _, high in boxes]).reshape(-1, 2)

    def at(self, point: Points, before: int) -> Ground:
        """Return the ground at a point when as many marks as `before` are painted, on white."""
        color, is_image = WHITE, False
        near = ((self.low <= point) & (point <= self.high)).all(axis=1)
        for number in np.flatnonzero(near):
            at, mark = self.covers[number]
            if at >= before:
                break
            if _is_inside(mark, point):
                fill, opacity = _color(mark, point)
                color, is_image = blend(fill, color, opacity), mark.pixels is not None
        return Ground(color, is_image)


def _is_cover(mark: Mark) -> bool:
    return mark.form == "image" or (mark.form == "shape" and mark.fill is not None and not mark.is_marker)


def _box(mark: Mark) -> tuple[Points, Points]:
    points = np.concatenate(mark.rings)
    return points.min(axis=0), points.max(axis=0)


def _color(mark: Mark, point: Points) -> tuple[Color, float]:
    if mark.pixels is None or mark.inverse is None:
        return mark.fill or WHITE, mark.opacity
    height, width = mark.pixels.shape[:2]
    column, row = (mark.inverse @ [*point, 1.0])[:2]
    pixel = mark.pixels[min(int(row), height - 1), min(int(column), width - 1)]
    red, green, blue, alpha = (float(channel) for channel in pixel)
    return (red, green, blue), mark.opacity * alpha / 255


def _is_inside(mark: Mark, point: Points) -> bool:
    """Whether a point lies in an odd number of a mark's outlines."""
    x, y = point
    crossings = 0
    for ring in mark.rings:
        (x0, y0), (x1, y1) = ring.T, np.roll(ring, -1, axis=0).T
        crosses = (y0 > y) != (y1 > y)
        rise = np.where(crosses, y1 - y0, 1.0)
        crossings += int(np.count_nonzero(crosses & (x < x0 + (y - y0) / rise * (x1 - x0))))
    return crossings % 2 == 1
