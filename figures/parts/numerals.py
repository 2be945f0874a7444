"""Numerals as marks: clouds of points where ten classes cannot be told apart by color alone."""

from functools import lru_cache

import numpy as np
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from numpy.typing import NDArray

from figures.parts import still

Points = NDArray[np.float64]
TOLERANCE = 0.8  # pixels: of the outline of a small numeral; each corner of it costs time in a film


def numeral(string: str, *, bold: bool) -> Path:
    """Return the outline of a text as a marker, centered at the origin; Matplotlib scales it to the marker's size."""
    outline = TextPath((0, 0), string, prop=still.font(10, bold=bold))
    vertices = np.asarray(outline.vertices, dtype=float)
    middle = (vertices.min(axis=0) + vertices.max(axis=0)) / 2
    return Path(vertices - middle, outline.codes)


@lru_cache
def corners_of(string: str, height: float) -> list[Points]:
    """Return a text as polygons (n, 2) around the origin, as many pixels high as a numeral of `height` is."""
    marker = numeral(string, bold=True)
    tall = float(np.ptp(np.asarray(numeral("0", bold=True).vertices)[:, 1]))
    scaled = Path(np.asarray(marker.vertices) * height / tall, marker.codes)
    return [simplify(np.asarray(polygon), TOLERANCE) for polygon in scaled.to_polygons(closed_only=True)]


def simplify(line: Points, tolerance: float) -> Points:
    """Return a line (n, 2) without the points that lie nearer than `tolerance` to what remains (Douglas & Peucker)."""
    if len(line) < 3:
        return line
    start, way = line[0], line[-1] - line[0]
    gaps = line - start
    length = float(np.hypot(*way))
    far = np.abs(gaps[:, 0] * way[1] - gaps[:, 1] * way[0]) / length if length else np.hypot(gaps[:, 0], gaps[:, 1])
    middle = int(far.argmax())
    if far[middle] < tolerance:
        return line[[0, -1]]
    return np.concatenate([simplify(line[: middle + 1], tolerance)[:-1], simplify(line[middle:], tolerance)])


def push_apart(spots: Points, least: float) -> Points:
    """Return `spots` (n, 2) with pairs closer than `least` moved apart, so that large numerals can be read.

    Both points of such a pair move by half of what is missing. This is repeated, since it may bring one of them too
    close to a third.
    """
    placed = spots.copy()
    for _ in range(60):
        for one in range(len(placed)):
            for other in range(one):
                gap = placed[one] - placed[other]
                length = float(np.hypot(*gap))
                if length < least:
                    way = gap / length if length else np.array([1.0, 0.0])
                    placed[one] += way * (least - length) / 2
                    placed[other] -= way * (least - length) / 2
    return placed
