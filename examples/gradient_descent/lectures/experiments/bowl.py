"""Gradient descent in a bowl that is ten times as steep one way as the other."""

from typing import Any

import numpy as np

STEEPNESS = np.array([1.0, 10.0])


def measure(*, seed: int = 0, rate: float = 0.05, steps: int = 40) -> dict[str, Any]:
    """Return the height at each step and at the end, from a start that the seed chooses on a circle."""
    angle = np.random.default_rng(seed).uniform(0, 2 * np.pi)
    place, heights = np.array([np.cos(angle), np.sin(angle)]), []
    for _ in range(steps + 1):
        heights.append(float((STEEPNESS * place**2).sum()))
        place = place - rate * 2 * STEEPNESS * place
    return {"rate": rate, "steps": steps, "start": heights[0], "height": heights[-1], "heights": heights}
