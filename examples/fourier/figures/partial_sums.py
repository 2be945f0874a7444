"""A square wave as a sum of sines, one more at each step."""

from itertools import pairwise
from typing import Any

import numpy as np

from figures.parts.words import Description


def trace(*, terms: int) -> Any:
    """Return places from 0 to 2π, the square wave there, and its partial sums of 1, 2, … `terms` sines as rows."""
    if not 1 <= terms <= 8:
        raise ValueError(f"{terms} sines do not fit; take one to eight")
    x = np.linspace(0, 2 * np.pi, 241)
    odd = 2 * np.arange(terms)[:, None] + 1
    return x, np.sign(np.sin(x)), np.cumsum(np.sin(odd * x) / odd, axis=0) * 4 / np.pi


def describe(trace: Any) -> Description:
    """Return the text alternative, a sentence for each step, and the facts."""
    tops = [float(row.max()) for row in trace[2]]
    steps = tuple(f"With {n} of the sines the sum reaches {top:.2f}." for n, top in enumerate(tops, start=1))
    alt = f"A square wave of height 1, and the sum of its first {len(tops)} sines, which reaches {tops[-1]:.2f}."
    return Description(alt, steps, {"terms": len(tops), "top": tops[-1]})


def compose(trace: Any, shown: int, sheet: Any) -> list[Any]:
    """Return the square wave, and the sum of so many sines; the zero line before the first."""
    from figures.parts.keyframes import BOLD, THIN, Rules

    x, wave, sums = trace
    rows = np.vstack([np.zeros_like(x), sums])
    wide, high = sheet.width - 2 * sheet.margin, 0.34 * sheet.height

    def line(name: str, values: Any, role: str, thick: float) -> Rules:
        spots = list(zip(sheet.margin + x / x[-1] * wide, sheet.height / 2 - values * high, strict=True))
        return Rules(name, tuple(pairwise(spots)), role, thick)

    return [line("wave", wave, "muted", THIN), line("sum", rows[shown], "kernel", BOLD)]


def draw(trace: Any, theme: Any, step: int | None = None) -> Any:
    """Return the whole picture, or the panel of one step."""
    from figures.parts.keyframes import draw_items
    from figures.parts.layout import PANEL, SLIDE

    if step is None:
        return draw_items(compose(trace, len(trace[2]), SLIDE), theme)
    return draw_items(compose(trace, step + 1, PANEL), theme, PANEL)


def animate(trace: Any, scene: Any) -> None:
    """Play the steps; `play_keyframes` ends each with a mark."""
    from figures.parts.film import play_keyframes
    from figures.parts.keyframes import Keyframe
    from figures.parts.layout import SLIDE

    opening, *pictures = (compose(trace, shown, SLIDE) for shown in range(len(trace[2]) + 1))
    moments = [[Keyframe(tuple(picture), seconds=1)] for picture in pictures]
    play_keyframes(scene, opening, moments, describe(trace).steps, pictures[-1])
