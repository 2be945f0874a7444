"""SVG's transforms as matrices."""

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]  # 3 x 3, affine
_STEP: Final = re.compile(r"(\w+)\(([^)]*)\)")


def matrix_of(transform: str) -> Matrix:
    """Return the matrix of a transform attribute."""
    whole = np.eye(3)
    for name, text in _STEP.findall(transform):
        numbers = [float(number) for number in re.split(r"[\s,]+", text.strip())]
        whole = whole @ _step(name, numbers)
    return whole


def _step(name: str, numbers: list[float]) -> Matrix:
    if name == "matrix":
        a, b, c, d, e, f = numbers
        return np.array([[a, c, e], [b, d, f], [0, 0, 1]])
    if name == "translate":
        return np.array([[1, 0, numbers[0]], [0, 1, (*numbers, 0.0)[1]], [0, 0, 1]])
    if name == "scale":
        return np.diag([numbers[0], numbers[-1], 1.0])
    if name == "rotate":
        cos, sin = np.cos(np.radians(numbers[0])), np.sin(np.radians(numbers[0]))
        return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    return np.eye(3)
