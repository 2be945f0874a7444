"""The Fourier series of a square wave: how far its partial sums are from the wave."""

from typing import Any

import numpy as np


def measure(*, terms: int = 5, places: int = 20_000) -> dict[str, Any]:
    """Return the mean distance of the partial sum of the odd sines from the wave, and how far it shoots over."""
    x = (np.arange(places) + 0.5) * np.pi / places  # from 0 to π, where the wave is 1
    total = sum(np.sin((2 * k + 1) * x) / (2 * k + 1) for k in range(terms)) * 4 / np.pi
    return {"terms": terms, "distance": np.abs(total - 1).mean(), "overshoot": total.max() - 1}
