"""How often a fair coin shows heads."""

from typing import Any

import numpy as np


def measure(*, seed: int = 0, tosses: int = 100) -> dict[str, Any]:
    """Return the shares of heads and tails among so many tosses, and how far the first is from a half."""
    heads = np.random.default_rng(seed).integers(0, 2, tosses).mean()
    return {"tosses": tosses, "shares": [heads, 1 - heads], "miss": abs(heads - 0.5)}
