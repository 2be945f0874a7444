"""Puts the items of a picture elsewhere, larger or smaller: a narrow page stacks what a slide shows side by side."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from figures.parts.keyframes import Box, Boxes, Item, Letters, Line, Rules
from figures.parts.layout import Point


def move_items(items: Iterable[Item], start: Point, end: Point, scale: float = 1.0) -> list[Item]:
    """Return items with what was at `start` at `end`; lengths and sizes of text are `scale` times as large.

    Lines are as thick as before. All positions are pixels.
    """

    def move(point: Point) -> Point:
        return end[0] + scale * (point[0] - start[0]), end[1] + scale * (point[1] - start[1])

    return [_moved(item, move, scale) for item in items]


def _moved(item: Item, move: Callable[[Point], Point], scale: float) -> Item:
    """Return one item, its points moved by `move`."""
    if isinstance(item, Line):
        x, y = move((item.x, item.y))
        return replace(item, x=x, y=y, size=scale * item.size, limit=scale * item.limit)
    if isinstance(item, Letters):
        return replace(item, places=tuple(map(move, item.places)), size=scale * item.size)
    if isinstance(item, Rules):
        return replace(item, lines=tuple((move(a), move(b)) for a, b in item.lines))
    if isinstance(item, Boxes):
        corners = tuple(map(move, item.corners))
        return replace(item, corners=corners, width=scale * item.width, height=scale * item.height)
    left, top = move((item.left, item.top))
    if isinstance(item, Box):
        return replace(item, left=left, top=top, width=scale * item.width, height=scale * item.height)
    return replace(item, left=left, top=top, cell=scale * item.cell)
