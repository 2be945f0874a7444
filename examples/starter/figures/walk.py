"""A walk on a line, step by step."""

from typing import Any

import numpy as np

from figures.parts.words import Description


def trace(*, steps: list[int]) -> Any:
    """Return the places of a walk that starts at 0 and goes one to the right (1) or to the left (-1) at each step."""
    if not 1 <= len(steps) <= 8 or not {*steps} <= {-1, 1}:
        raise ValueError("this is no walk of one to eight steps; give a list of 1 and -1")
    return np.cumsum([0, *steps])


def describe(trace: Any) -> Description:
    """Return the text alternative, a sentence for each step, and the facts."""
    ways = ["right" if step > 0 else "left" for step in np.diff(trace)]
    steps = tuple(f"Step {n}: to the {way}, to {trace[n]}." for n, way in enumerate(ways, start=1))
    facts = {"steps": len(ways), "end": int(trace[-1]), "distance": abs(int(trace[-1]))}
    return Description(f"A walk of {len(ways)} steps, {', '.join(ways)}, ends at {trace[-1]}.", steps, facts)


def compose(trace: Any, shown: int, sheet: Any) -> list[Any]:
    """Return what the sheet shows after so many steps: the line, and how often the walker was at each of its places."""
    from figures.parts import keyframes

    far = max(1, int(np.abs(trace).max()))
    line = np.arange(-far, far + 1)[None]
    visits = (trace[: shown + 1, None] == line).sum(axis=0)[None]
    cell = min(150, sheet.width / (2 * far + 2))
    left, middle = (sheet.width - (2 * far + 1) * cell) / 2, sheet.height / 2
    places = keyframes.place("places", line, left, middle - 0.6 * cell, cell, keyframes.PANEL_SMALLEST)
    counts = keyframes.place("visits", visits, left, middle + 0.9 * cell, cell, keyframes.PANEL_SMALLEST)
    size = min(keyframes.NOTE, sheet.heading)
    words = (("place", places), ("times there", counts))
    labels = [keyframes.say(word, word, left, table.top - 0.4 * size, size, "muted", "left") for word, table in words]
    walker = keyframes.ring("walker", places, (0, int(trace[shown]) + far))
    tables = keyframes.draw_table(places, line, "input"), keyframes.fill_table(counts, visits, "output", visits > 0)
    return [*labels, *tables[0], *tables[1], walker]


def draw(trace: Any, theme: Any, step: int | None = None) -> Any:
    """Return the whole picture, or the panel of one step."""
    from figures.parts.keyframes import draw_items
    from figures.parts.layout import PANEL, SLIDE

    if step is None:
        return draw_items(compose(trace, len(trace) - 1, SLIDE), theme)
    return draw_items(compose(trace, step + 1, PANEL), theme, PANEL)


def animate(trace: Any, scene: Any) -> None:
    """Play the steps; `play_keyframes` ends each with a mark."""
    from figures.parts.film import play_keyframes
    from figures.parts.keyframes import Keyframe
    from figures.parts.layout import SLIDE

    opening, *pictures = (compose(trace, shown, SLIDE) for shown in range(len(trace)))
    moments = [[Keyframe(tuple(picture), seconds=1)] for picture in pictures]
    play_keyframes(scene, opening, moments, describe(trace).steps, pictures[-1])
