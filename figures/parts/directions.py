"""Which way strokes run, and which edges a kernel answers to: measured, not looked at.

Directions are those of the structure tensor (Bigün & Granlund 1987); edges are found by the response to drawn ones.
"""

from dataclasses import dataclass

import numpy as np

from figures.parts.arithmetic import Array

NAMES = ("level", "rising", "upright", "falling")  # each within 22.5° of 0°, 45°, 90°, 135°
LEAST = 0.5  # coherence from which there is one direction
LIKE = 0.7  # cosine from which a kernel is said to answer to a drawn pattern: half of its energy, or a little less


@dataclass(frozen=True, slots=True)
class Direction:
    """The angle in degrees of strokes, from 0 (level) counterclockwise to less than 180, and how much they agree.

    coherence: 1 if all gradients are parallel, 0 if no direction prevails.
    """

    angle: float
    coherence: float

    @property
    def name(self) -> str:
        """The direction in a word: level, rising, upright or falling; "" if no direction prevails."""
        return NAMES[round(self.angle / 45) % 4] if self.coherence >= LEAST else ""


def measure_direction(image: Array) -> Direction:
    """Return the direction of the strokes of an image (height, width), both at least 2; a flat image has none.

    >>> measure_direction(np.array([[0, 9, 0]] * 3)).name, measure_direction(np.tri(5)[::-1]).name
    ('upright', 'rising')
    """
    down, across = np.gradient(np.asarray(image, dtype=float))
    both, difference = 2 * float((down * across).sum()), float((across**2 - down**2).sum())
    total = float((down**2 + across**2).sum())
    gradient = np.degrees(np.arctan2(-both, difference)) / 2  # rows count downward, angles upward
    return Direction(float(gradient + 90) % 180, float(np.hypot(both, difference)) / total if total else 0.0)


def name_answer(kernel: Array) -> str:
    """Return which drawn pattern a kernel (height, width) answers to most, or "" if it is like none of them.

    The patterns are ink everywhere ("ink"), and the "upper", "lower", "left" and "right" edge of ink.

    >>> name_answer(np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]])), name_answer(np.array([[1, -1], [-1, 1]]))
    ('upper', '')
    """
    height, width = kernel.shape
    rows, columns = np.indices(kernel.shape)
    below, right = np.sign(rows - (height - 1) / 2), np.sign(columns - (width - 1) / 2)
    drawn = {"ink": np.ones(kernel.shape), "upper": below, "lower": -below, "left": right, "right": -right}
    lengths = {name: float(np.linalg.norm(pattern) * np.linalg.norm(kernel)) for name, pattern in drawn.items()}
    likeness = {name: float((kernel * drawn[name]).sum()) / length for name, length in lengths.items() if length}
    best = max(likeness, key=lambda name: likeness[name], default="")
    return best if likeness.get(best, 0.0) >= LIKE else ""
