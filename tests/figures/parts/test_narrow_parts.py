"""What a slide shows side by side is put elsewhere: all of it, and larger or smaller as a whole."""

from dataclasses import replace

import pytest

from figures.parts.keyframes import Box, Boxes, Item, Letters, Rules, say, shade
from figures.parts.narrow import move_items

LINE = say("a", "words", 110, 220, 30)
ITEMS: list[tuple[Item, Item]] = [
    (LINE, replace(LINE, x=20, y=40, size=15, limit=LINE.limit / 2)),
    (Box("b", 110, 220, 40, 60, "ink"), Box("b", 20, 40, 20, 30, "ink")),
    (Boxes("c", ((110, 220), (130, 240)), 8, 6, "ink"), Boxes("c", ((20, 40), (30, 50)), 4, 3, "ink")),
    (Letters("d", "x", ((110, 220),), 24), Letters("d", "x", ((20, 40),), 12)),
    (Rules("e", (((110, 220), (130, 240)),), "ink", 3), Rules("e", (((20, 40), (30, 50)),), "ink", 3)),
    (shade("f", [[1.0, 0.0]], 110, 220, 10, (0, 1)), shade("f", [[1.0, 0.0]], 20, 40, 5, (0, 1))),
]


@pytest.mark.parametrize(("item", "moved"), ITEMS, ids=[type(item).__name__ for item, _ in ITEMS])
def test_an_item_is_moved_with_all_its_points(item: Item, moved: Item) -> None:
    assert move_items([item], (100, 200), (15, 30), 0.5) == [moved]
