"""Hands tables of numbers to what works in a page, as a lecture names them: a digit, a map, learned kernels."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike


def measure(*, input: ArrayLike, kernels: ArrayLike | None = None) -> dict[str, Any]:  # noqa: A002 - what a layer takes
    """Return `input` (height, width) and `kernels` (count, height, width) as they are; without kernels, none.

    Raises ValueError for another number of axes, and for numbers that are not finite.
    """
    table = np.asarray(input)
    learned = np.zeros((0, 3, 3)) if kernels is None else np.asarray(kernels)
    for name, values, axes in (("input", table, 2), ("kernels", learned, 3)):
        if values.ndim != axes or not np.issubdtype(values.dtype, np.number) or not np.isfinite(values).all():
            raise ValueError(f"{name} has the shape {values.shape}; give numbers with {axes} axes, all of them finite")
    return {"input": table, "kernels": learned}
