"""Which way the strokes of an image run, by the structure tensor (Bigün & Granlund 1987): measured, not looked at."""

from dataclasses import dataclass

import numpy as np

from figures.parts.arithmetic import Array

NAMES = ("level", "rising", "upright", "falling")  # each within 22.5° of 0°, 45°, 90°, 135°
LEAST = 0.5  # coherence from which there is one direction


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
