"""A running total: numbers are added up, one after the other."""

from typing import Any

import numpy as np

from figures.parts.words import Description


def trace(*, numbers: list[int]) -> Any:
    """Return an array of two rows: the numbers, and below each the total so far."""
    if not 1 <= len(numbers) <= 8:
        raise ValueError(f"{len(numbers)} numbers do not fit; give one to eight")
    return np.array([numbers, np.cumsum(numbers)])


def describe(trace: Any) -> Description:
    """Return the text alternative, a sentence for each step, and the facts."""
    numbers, total = ", ".join(str(number) for number in trace[0]), int(trace[1, -1])
    steps = tuple(f"{after - number} + {number} = {after}." for number, after in trace.T)
    return Description(f"The numbers {numbers} add up to {total}.", steps, {"total": total})


def compose(trace: Any, shown: int, sheet: Any) -> list[Any]:
    """Return what the sheet shows after so many steps: two tables, the lower one filled step by step."""
    from figures.parts import keyframes

    count = trace.shape[1]
    cell = min(120, sheet.width / (count + 1))
    left, middle = (sheet.width - count * cell) / 2, sheet.height / 2
    above = keyframes.place("numbers", trace[:1], left, middle - 0.7 * cell, cell, keyframes.PANEL_SMALLEST)
    below = keyframes.place("totals", trace[1:], left, middle + 0.7 * cell, cell, keyframes.PANEL_SMALLEST)
    known = np.arange(count)[None] < shown
    return [*keyframes.draw_table(above, trace[:1], "input"), *keyframes.fill_table(below, trace[1:], "output", known)]


def draw(trace: Any, theme: Any, step: int | None = None) -> Any:
    """Return the whole picture, or the panel of one step."""
    from figures.parts.keyframes import draw_items
    from figures.parts.layout import PANEL, SLIDE

    if step is None:
        return draw_items(compose(trace, trace.shape[1], SLIDE), theme)
    return draw_items(compose(trace, step + 1, PANEL), theme, PANEL)


def animate(trace: Any, scene: Any) -> None:
    """Play the steps; `play_keyframes` ends each with a mark."""
    from figures.parts.film import play_keyframes
    from figures.parts.keyframes import Keyframe
    from figures.parts.layout import SLIDE

    opening, *pictures = (compose(trace, shown, SLIDE) for shown in range(trace.shape[1] + 1))
    moments = [[Keyframe(tuple(picture), seconds=1)] for picture in pictures]
    play_keyframes(scene, opening, moments, describe(trace).steps, pictures[-1])
