"""How a hand writes the ten digits: strokes in a box of height 1, from its top left corner, x to the right, y down."""

import math

Stroke = list[tuple[float, float]]


def arc(x: float, y: float, wide: float, tall: float, start: float, end: float, count: int = 14) -> Stroke:
    """Return points on an ellipse around (x, y), from one angle to another in degrees: 0 is right, 90 is below."""
    angles = [math.radians(start + (end - start) * step / (count - 1)) for step in range(count)]
    return [(x + wide * math.cos(angle), y + tall * math.sin(angle)) for angle in angles]


DIGITS: dict[int, list[Stroke]] = {
    0: [arc(0.35, 0.5, 0.32, 0.5, -90, 270, 24)],
    1: [[(0.22, 0.12), (0.36, 0.0), (0.34, 1.0)]],
    2: [[*arc(0.35, 0.28, 0.31, 0.28, -170, 40), (0.05, 1.0), (0.7, 0.97)]],
    3: [[*arc(0.32, 0.25, 0.28, 0.25, -150, 90), *arc(0.32, 0.74, 0.33, 0.26, -90, 150)]],
    4: [[(0.36, 0.0), (0.02, 0.6), (0.68, 0.6)], [(0.5, 0.3), (0.48, 1.0)]],
    5: [[(0.62, 0.02), (0.14, 0.0), (0.1, 0.44), *arc(0.3, 0.68, 0.32, 0.3, -110, 140)]],
    6: [[(0.5, 0.0), (0.24, 0.28), (0.06, 0.66), *arc(0.33, 0.72, 0.27, 0.27, 180, -180, 22)]],
    7: [[(0.02, 0.04), (0.62, 0.0), (0.26, 1.0)]],
    8: [[*arc(0.34, 0.25, 0.24, 0.24, 60, -260, 18), *arc(0.34, 0.74, 0.3, 0.26, -70, 250, 18), (0.5, 0.44)]],
    9: [[*arc(0.32, 0.28, 0.28, 0.27, 0, -360, 20), (0.58, 0.5), (0.5, 1.0)]],
}
PLACES = {"in the middle": (0.5, 0.5), "at the top left": (0.0, 0.0), "at the bottom right": (1.0, 1.0)}
SIZES = {"large": 0.62, "small": 0.34}  # heights, as shares of the pad


def placed(digit: int, place: str, size: str) -> list[Stroke]:
    """Return the strokes of a digit on a pad of side 1, with a margin for the pen."""
    across, down = PLACES[place]
    tall, wide, margin = SIZES[size], 0.7 * SIZES[size], 0.06
    left, top = (margin + share * (1 - 2 * margin - side) for share, side in ((across, wide), (down, tall)))
    return [[(left + tall * x, top + tall * y) for x, y in stroke] for stroke in DIGITS[digit]]
