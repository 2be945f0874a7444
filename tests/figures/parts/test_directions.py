"""Strokes run as they were drawn, whatever their angle; what has no direction is not given one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures.parts.directions import measure_direction, name_answer


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


@given(
    st.sampled_from([("upper", 1, 0), ("lower", -1, 0), ("left", 0, 1), ("right", 0, -1)]),
    st.integers(2, 5),
    st.floats(0.1, 9),
)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_a_kernel_that_differs_across_an_edge_answers_to_it(
    case: tuple[str, int, int], side: int, scale: float
) -> None:
    name, down, across = case
    rows, columns = np.indices((side, side)) - (side - 1) / 2
    assert name_answer(scale * (down * rows + across * columns)) == name


@pytest.mark.parametrize(
    ("kernel", "name"),
    [
        ([[1, 2], [2, 1]], "ink"),
        ([[1, -1], [-1, 1]], ""),
        ([[-1, -2], [-2, -1]], ""),
        ([[0, 0], [0, 0]], ""),
        ([[2]], "ink"),
    ],
)
def test_a_kernel_that_is_like_no_edge_is_not_said_to_answer_to_one(kernel: list[list[int]], name: str) -> None:
    assert name_answer(np.array(kernel)) == name
