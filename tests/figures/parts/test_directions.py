"""Strokes run as they were drawn, whatever their angle; what has no direction is not given one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures.parts.directions import measure_direction


def stroke(angle: float, size: int = 21, wide: float = 2.0) -> np.ndarray:
    """Return a soft stroke through the middle of a disk, `angle` degrees counterclockwise from level."""
    up, right = (size // 2 - np.indices((size, size))[0]), np.indices((size, size))[1] - size // 2
    away = up * np.cos(np.radians(angle)) - right * np.sin(np.radians(angle))
    return np.exp(-((away / wide) ** 2) - (up**2 + right**2) / size**2)


@given(st.floats(0, 179.99))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_drawn_stroke_has_its_angle_within_three_degrees(angle: float) -> None:
    found = measure_direction(stroke(angle))
    assert abs((found.angle - angle + 90) % 180 - 90) < 3
    assert 0 <= found.angle < 180
    assert found.coherence > 0.5


@pytest.mark.parametrize(
    ("angle", "name"), [(0, "level"), (45, "rising"), (90, "upright"), (135, "falling"), (175, "level")]
)
def test_a_direction_has_a_name(angle: float, name: str) -> None:
    assert measure_direction(stroke(angle)).name == name


@pytest.mark.parametrize("image", [np.zeros((5, 5)), stroke(0) + stroke(90), np.hypot(*np.indices((9, 9)) - 4.0)])
def test_what_is_flat_crossed_or_round_has_no_direction(image: np.ndarray) -> None:
    assert measure_direction(image).name == ""
