"""Things one below the other in a box: as large as they fit, and never out of it. All lengths are slide pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

SCALES: Final = tuple(0.96**power for power in range(60))  # of the size that a thing has where there is room


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide: its upper left corner, its width and its height."""

    left: float
    top: float
    width: float
    height: float

    def inset(self, across: float, down: float) -> "Box":
        """Return the box less a margin on every side."""
        return Box(self.left + across, self.top + down, self.width - 2 * across, self.height - 2 * down)


class Item(Protocol):
    """What can stand in a box."""

    def least(self, width: float, scale: float) -> float:
        """Return the height that it needs in this width at this scale."""

    def most(self, width: float, scale: float) -> float:
        """Return the height up to which it makes use of more."""

    def draw(self, sheet: Any, box: Box, scale: float) -> None:
        """Draw it into the box, whose height is between the two."""


def needed(items: Sequence[Item], width: float, scale: float, gap: float) -> float:
    """Return the height that items need one below the other."""
    return sum(item.least(width, scale) for item in items) + max(0, len(items) - 1) * gap * scale


def choose_scale(items: Sequence[Item], box: Box, gap: float) -> float:
    """Return the largest scale at which the items fit into the box."""
    return next((scale for scale in SCALES if needed(items, box.width, scale, gap) <= box.height), SCALES[-1])


def draw_all(sheet: Any, items: Sequence[Item], box: Box, gap: float = 22, scale: float | None = None) -> None:
    """Draw items one below the other; what room is left goes to those that can use it."""
    scale = scale or choose_scale(items, box, gap)
    spare = max(0.0, box.height - needed(items, box.width, scale, gap))
    top = box.top
    for item in items:
        least = item.least(box.width, scale)
        more = min(spare, item.most(box.width, scale) - least)
        spare -= more
        item.draw(sheet, Box(box.left, top, box.width, least + more), scale)
        top += least + more + gap * scale
