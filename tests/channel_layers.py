"""Layers with channels that TensorFlow and the figures of channels can both compute, drawn by Hypothesis."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

INPUT = [
    [[1, 0, 2, 1], [0, 1, 1, 0], [2, 1, 0, 1], [1, 0, 1, 2]],
    [[0, 1, 0, 1], [1, 2, 0, 0], [0, 1, 1, 0], [2, 0, 0, 1]],
    [[1, 1, 0, 0], [0, 1, 0, 2], [1, 0, 2, 0], [0, 0, 1, 1]],
]
KERNELS = [
    [[1, 0, 1], [0, 1, 0], [0, 0, 1]],
    [[0, 1, 0], [1, -1, 1], [0, 1, 0]],
    [[0, 0, 0], [0, 2, 0], [0, 0, 0]],
]


def whole(shape: Any, most: int = 2) -> Any:
    """Return a strategy for arrays of small integers."""
    return arrays(np.int64, shape, elements=st.integers(-most, most))


@st.composite
def volumes(draw: Any, side: int = 4) -> Any:
    """Draw an input (height, width, channels)."""
    return draw(whole((draw(st.integers(3, side)), draw(st.integers(3, side)), draw(st.integers(1, 3)))))
