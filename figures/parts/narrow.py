"""For the drawings of narrow pages: a sheet as wide as a phone, on which what a slide shows side by side is stacked."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from figures.parts.keyframes import Box, Boxes, Item, Letters, Line, Rules
from figures.parts.layout import PANEL, Point, Sheet


def narrow_sheet(height: float) -> Sheet:
    """Return a surface for a phone, as wide as `generator.theme.NARROW_WIDTH`; its text is 18.75 pixels or more."""
    return replace(PANEL, width=560, height=height, margin=20, min_text=18.75)


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
