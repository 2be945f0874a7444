"""Gradient descent on a parabola, step by step."""

from itertools import pairwise
from typing import Any

import numpy as np

from figures.parts.words import Description

WIDEST = 2.2  # how far the picture goes to both sides


def trace(*, start: float, rate: float, steps: int = 5) -> Any:
    """Return the places of a walk down x², whose slope at x is 2x: each step goes `rate` times the slope back."""
    places = start * (1 - 2 * rate) ** np.arange(steps + 1)
    if not 1 <= steps <= 8 or np.abs(places).max() > WIDEST:
        raise ValueError(f"the walk leaves the picture; start between -{WIDEST} and {WIDEST}, at a rate below 1")
    return places


def describe(trace: Any) -> Description:
    """Return the text alternative, a sentence for each step, and the facts."""
    pairs = pairwise(trace)
    steps = tuple(f"At {x:.2f} the slope is about {2 * x:.2f}: go to {after:.2f}." for x, after in pairs)
    alt = f"A walk down a parabola in {len(steps)} steps, from {trace[0]:.2f} to {trace[-1]:.2f}."
    return Description(alt, steps, {"steps": len(steps), "start": float(trace[0]), "end": float(trace[-1])})


def compose(trace: Any, shown: int, sheet: Any) -> list[Any]:
    """Return the parabola, the places so far, and the one reached after so many steps."""
    from figures.parts.keyframes import NOTE, THIN, Box, Boxes, Rules, say

    wide, high = (sheet.width / 2 - sheet.margin) / WIDEST, (0.72 * sheet.height) / WIDEST**2
    ball, size = sheet.height / 20, min(NOTE, sheet.heading)

    def spot(x: float) -> tuple[float, float]:
        return sheet.width / 2 + x * wide, 0.82 * sheet.height - x * x * high

    curve = [spot(x) for x in np.linspace(-WIDEST, WIDEST, 60)]
    corners = [(x - ball / 2, y - ball / 2) for x, y in map(spot, trace[: shown + 1])]
    before = [Boxes("before", tuple(corners[:-1]), ball, ball, "input_tint")] if shown else []
    label = say("place", f"x = {trace[shown]:.2f}", sheet.width / 2, 0.95 * sheet.height, size)
    line = Rules("curve", tuple(pairwise(curve)), "muted", THIN)
    return [line, *before, Box("ball", *corners[-1], ball, ball, "kernel", "kernel"), label]


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
