"""Where the names of curves stand, each at the end of its own: apart from each other, and on the sheet."""

from collections.abc import Sequence


def spread(heights: Sequence[float], least: float, ends: tuple[float, float]) -> list[float]:
    """Return `heights` (measured downward), moved so that neighbors are `least` apart and all lie between `ends`."""
    # First push down from the top, then up from the bottom: the second pass brings back what left at the end.
    placed, (top, bottom) = list(heights), ends
    order = sorted(range(len(placed)), key=lambda place: placed[place])
    for count, place in enumerate(order):
        above = placed[order[count - 1]] + least if count else top
        placed[place] = max(placed[place], above)
    for count, place in enumerate(reversed(order)):
        placed[place] = min(placed[place], bottom - least * count)
    return placed
