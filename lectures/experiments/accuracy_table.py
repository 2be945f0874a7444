"""Puts the accuracies of several experiments into one table, for a figure that takes them together."""

from collections.abc import Sequence
from typing import Any

import numpy as np


def measure(
    *, first: Sequence[float], second: Sequence[float], third: Sequence[float], fourth: Sequence[float]
) -> dict[str, Any]:
    """Return accuracy (4, seeds): a row for each experiment, its seeds in their order.

    first …: the accuracies of an experiment, as plain.accuracy.each. Raises ValueError for unlike numbers of seeds.
    """
    rows = [list(row) for row in (first, second, third, fourth)]
    if len({len(row) for row in rows}) != 1:
        raise ValueError(f"there are {', '.join(str(len(row)) for row in rows)} seeds; give equally many for each")
    return {"accuracy": np.array(rows, dtype=float)}
