"""Numbers that others have published, and what our arithmetic makes of the same examples."""

import numpy as np
import pytest

from figures.parts.arithmetic import correlate2d
from figures.transposed_convolution import _stamp_all

# "How convolutional neural networks work": a cross on 9 × 9 pixels of −1 and 1 under a diagonal, averaged by nine.
CROSS = -np.ones((9, 9), dtype=np.int64)
for step in range(1, 8):
    CROSS[step, step] = CROSS[step, 8 - step] = 1
DIAGONAL = 2 * np.eye(3, dtype=np.int64) - 1
PUBLISHED = [0.77, -0.11, 0.11, 0.33, 0.55, -0.11, 0.33]  # its first row, cut after two decimals


def test_the_cross_under_a_diagonal_is_as_published_once_it_is_divided_by_nine() -> None:
    made = correlate2d(CROSS, DIAGONAL)
    assert (np.trunc(made[0] / 9 * 100) / 100).tolist() == PUBLISHED
    assert (made.max() / 9, made.shape) == (1.0, (7, 7))
    assert made[0, 0] == 7  # Keras adds, and does not divide


# Input, output, padding, kernel, strides of the guide to convolution arithmetic; its dilated row has no transpose there.
ROWS = [
    (4, 2, 0, 3, 1),
    (5, 6, 2, 4, 1),
    (5, 5, 1, 3, 1),
    (5, 7, 2, 3, 1),
    (5, 2, 0, 3, 2),
    (5, 3, 1, 3, 2),
    (6, 3, 1, 3, 2),
]


@pytest.mark.parametrize(("size", "places", "padding", "kernel_size", "strides"), ROWS)
def test_stamping_leads_back_to_the_size_it_came_from_and_is_the_adjoint(
    size: int, places: int, padding: int, kernel_size: int, strides: int
) -> None:
    random = np.random.default_rng(0)
    image, kernel, other = (random.integers(-9, 9, (n, n)) for n in (size, kernel_size, places))
    there = correlate2d(image, kernel, strides=strides, padding=padding)
    assert there.shape == (places, places)
    canvas, _ = _stamp_all(other, kernel, (strides, strides), [(places - 1) * strides + kernel_size] * 2)
    left_over = (size + 2 * padding - kernel_size) % strides
    back = np.pad(canvas, (0, left_over))[padding : padding + size, padding : padding + size]
    assert back.shape == (size, size)
    assert (there * other).sum() == (image * back).sum()
