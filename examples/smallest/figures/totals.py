"""Numbers are added up, one after the other: a picture, and a film of it."""

from typing import Any

import numpy as np

from figures.parts import keyframes
from figures.parts.layout import PANEL, SLIDE
from figures.parts.words import Description


def trace(*, numbers: list[int]) -> Any:
    """Return a row of the totals after each number."""
    return np.cumsum(numbers)[None]


def describe(trace: Any) -> Description:
    """Return the words for all of it, a sentence for each step, and what texts may quote."""
    said = tuple(f"The total is {total}." for total in trace[0])
    return Description(f"The total grows to {trace[0, -1]}.", said, {"total": int(trace[0, -1])})


def compose(trace: Any, shown: int, sheet: Any) -> list[Any]:
    """Return what the sheet shows after so many numbers."""
    cell = min(150, sheet.width / (trace.size + 1))
    left, middle = (sheet.width - trace.size * cell) / 2, sheet.height / 2
    table = keyframes.place("totals", trace, left, middle, cell, keyframes.PANEL_SMALLEST)
    return keyframes.fill_table(table, trace, "output", np.arange(trace.size)[None] < shown)


def draw(trace: Any, theme: Any, step: int | None = None) -> Any:
    """Return the whole picture, or the panel of one step."""
    shown, sheet = (trace.size, SLIDE) if step is None else (step + 1, PANEL)
    return keyframes.draw_items(compose(trace, shown, sheet), theme, sheet)


def animate(trace: Any, scene: Any) -> None:
    """Play a second for each number; the film waits after each."""
    from figures.parts.film import play_keyframes

    first, *others = ([*compose(trace, shown, SLIDE)] for shown in range(trace.size + 1))
    moments = [[keyframes.Keyframe(tuple(picture), seconds=1)] for picture in others]
    play_keyframes(scene, first, moments, describe(trace).steps, others[-1])
