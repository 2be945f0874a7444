"""A row for each channel: what the pictures of several channels have in common. Pixels of a slide, as in `tableau`."""

from collections.abc import Sequence

from figures import tableau
from figures.arithmetic import Array, Pair
from figures.tableau import HEADING, Item, Table, say

TOP, BOTTOM, GAP = 108.0, 608.0, 18.0  # of the rows
CELL = 56.0
WIDEST = 250.0  # a table, whatever its shape


def measure_row(count: int, bottom: float = BOTTOM) -> float:
    """Return how high one of `count` rows is."""
    return (bottom - TOP - GAP * (count - 1)) / count


def measure_cell(shape: tuple[int, ...], count: int, bottom: float = BOTTOM, widest: float = WIDEST) -> float:
    """Return how many pixels wide a cell is in one of `count` rows."""
    return min(CELL, measure_row(count, bottom) / max(shape[0], 3), widest / shape[1])


def find_centers(count: int, bottom: float = BOTTOM) -> list[float]:
    """Return the y in the middle of each row."""
    row = measure_row(count, bottom)
    return [TOP + row / 2 + k * (row + GAP) for k in range(count)]


def place_rows(name: str, values: Array, middle: float, bottom: float = BOTTOM, widest: float = WIDEST) -> list[Table]:
    """Return where the channels of `values` (height, width, channels) stand, one below the other around `middle`."""
    count = values.shape[2]
    cell = measure_cell(values.shape, count, bottom, widest)
    left = middle - cell * values.shape[1] / 2
    return [
        tableau.place(f"{name} {c}", values[..., c], left, center, cell)
        for c, center in enumerate(find_centers(count, bottom))
    ]


def label_channels(centers: Sequence[float]) -> list[Item]:
    """Return the names of the channels at the left margin."""
    return [say(f"channel {c}", f"channel {c + 1}", 40, y + 9, 25, "muted", "left") for c, y in enumerate(centers)]


def frame_window(tables: Sequence[Table], corner: Pair, size: Pair) -> list[Item]:
    """Return the window at one place, the same in every channel."""
    items: list[Item] = []
    for c, table in enumerate(tables):
        items += [tableau.veil(f"veil {c}", table, corner, size), tableau.ring(f"window {c}", table, corner, size)]
    return items


def write_headings(columns: Sequence[tuple[float, str, str, str]]) -> list[Item]:
    """Return the name (in a role's color) and the note over each column, given as (x, name, note, role)."""
    items: list[Item] = []
    for x, name, note, role in columns:
        items.append(say(f"heading {name}", name, x, 48, HEADING, role, is_bold=True))
        items.append(say(f"note {role} {x}", note, x, 86, 25, "muted"))
    return items
