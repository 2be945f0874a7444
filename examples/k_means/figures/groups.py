"""k-means, round by round: each point goes to its nearest center, then each center to the middle of its points."""

from itertools import pairwise
from typing import Any

import numpy as np

from figures.parts.arithmetic import Array
from figures.parts.words import Description

ROLES = ("input", "kernel", "output", "window")


def trace(*, points: Array, centers: Array) -> Any:
    """Return the points (n, 2), the centers of each round (rounds + 1, k, 2), and the nearest center of each point."""
    points, centers = np.asarray(points), np.asarray(centers)
    if not 2 <= centers.shape[1] <= len(ROLES):
        raise ValueError(f"{centers.shape[1]} groups have not enough colors; take two to {len(ROLES)}")
    nearest = ((points[None, :, None] - centers[:, None]) ** 2).sum(axis=-1).argmin(axis=-1)
    return points, centers, nearest


def describe(trace: Any) -> Description:
    """Return the text alternative, a sentence for each round, and the facts."""
    points, centers, nearest = trace
    moved = [int((before != after).sum()) for before, after in pairwise(nearest)]
    steps = tuple(f"Round {n}: {count} points change their group." for n, count in enumerate(moved, start=1))
    alt = f"{len(points)} points in {centers.shape[1]} groups, after {len(moved)} rounds."
    return Description(alt, steps, {"points": len(points), "moved": moved, "rounds": len(moved)})


def compose(trace: Any, shown: int, sheet: Any) -> list[Any]:
    """Return the points in the colors of their groups, and the centers as frames, after so many rounds."""
    from figures.parts.keyframes import BOLD, Box, Boxes

    points, centers, nearest = trace
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.array([sheet.width - 4 * sheet.margin, sheet.height - 4 * sheet.margin])
    scale, dot = (room / (high - low)).min(), sheet.height / 40
    middle = np.array([sheet.width, sheet.height]) / 2

    def corners(places: Any, size: float) -> Any:
        return (places - (low + high) / 2) * scale * (1, -1) + middle - size / 2

    found = []
    for group, role in enumerate(ROLES[: centers.shape[1]]):
        own = tuple(map(tuple, corners(points[nearest[shown] == group], dot)))
        found += [Boxes(f"points {group}", own, dot, dot, role)] if own else []
        left, top = corners(centers[shown, group], 3 * dot)
        found.append(Box(f"center {group}", left, top, 3 * dot, 3 * dot, role, line=BOLD))
    return found


def draw(trace: Any, theme: Any, step: int | None = None) -> Any:
    """Return the whole picture, or the panel of one round."""
    from figures.parts.keyframes import draw_items
    from figures.parts.layout import PANEL, SLIDE

    if step is None:
        return draw_items(compose(trace, len(trace[1]) - 1, SLIDE), theme)
    return draw_items(compose(trace, step + 1, PANEL), theme, PANEL)


def animate(trace: Any, scene: Any) -> None:
    """Play the rounds; `play_keyframes` ends each with a mark."""
    from figures.parts.film import play_keyframes
    from figures.parts.keyframes import Keyframe
    from figures.parts.layout import SLIDE

    opening, *pictures = (compose(trace, shown, SLIDE) for shown in range(len(trace[1])))
    moments = [[Keyframe(tuple(picture), seconds=1)] for picture in pictures]
    play_keyframes(scene, opening, moments, describe(trace).steps, pictures[-1])
