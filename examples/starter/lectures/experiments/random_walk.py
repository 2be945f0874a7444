"""Walkers on a line: at each step a coin says whether they go left or right."""

from typing import Any

import numpy as np


def measure(*, seed: int = 0, steps: int = 100, walkers: int = 2000) -> dict[str, Any]:
    """Return how far the walkers are from their start at the end, on average, and the way of the first one."""
    random = np.random.default_rng(seed)
    ways = random.choice((-1, 1), size=(walkers, steps)).cumsum(axis=1)
    return {
        "steps": steps,
        "walkers": walkers,
        "distance": np.abs(ways[:, -1]).mean(),
        "returned": (ways == 0).any(axis=1).mean(),
        "way": ways[0],
    }
