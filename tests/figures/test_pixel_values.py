"""The picture and its window show the numbers of the image, each in its own pixel."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import sheet_flaws, words_of
from said_numbers import assert_says, quoted

from figures.pixel_values import describe, draw, trace
from generator.theme import DARK, LIGHT

IMAGE = np.random.default_rng(5).integers(0, 256, (28, 28), dtype=np.uint8)
PIXELS = arrays(np.uint8, st.tuples(st.integers(3, 14), st.integers(3, 14)), elements=st.sampled_from([0, 0, 7, 255]))


def test_the_window_is_cut_out_where_it_is_said_to_be() -> None:
    shown = trace(image=IMAGE, window=[2, 20, 4])
    assert shown.window.tolist() == IMAGE[2:6, 20:24].tolist()


@given(PIXELS)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_without_a_window_it_is_the_one_whose_numbers_differ_most(image: Any) -> None:
    shown = trace(image=image)
    size = min(8, *image.shape)
    places = [(i, j) for i in range(image.shape[0] - size + 1) for j in range(image.shape[1] - size + 1)]
    spreads = [image[i : i + size, j : j + size].astype(float).std() for i, j in places]
    assert shown.size == size
    assert shown.window.std() == pytest.approx(max(spreads))


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"image": IMAGE / 255}, "image is not made of pixels; give whole numbers from 0 to 255"),
        ({"image": IMAGE.astype(int) - 1}, "image is not made of pixels"),
        ({"image": [[0, 256, 0]] * 3}, "image is not made of pixels"),
        ({"image": IMAGE[0]}, r"image has shape \(28,\); give an array \(height, width\)"),
        ({"image": np.zeros((41, 28))}, "image is 41 × 28; its sides may have 3 to 40 pixels"),
        ({"window": [1, 2]}, r"window is \[1, 2\]; give row, column and size"),
        ({"window": [1, 2, 4.5]}, "give row, column and size"),
        ({"window": 8}, "window is 8; give row, column and size"),
        ({"window": [0, 0, 11]}, "the window has 11 pixels a side; 3 to 10 are legible"),
        ({"window": [-1, 0, 8]}, r"the window \[-1, 0, 8\] reaches beyond 28 × 28 pixels"),
        ({"window": [0, 21, 8]}, "reaches beyond 28 × 28 pixels; move it"),
    ],
)
def test_what_is_no_picture_or_no_window_of_it_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**({"image": IMAGE} | arguments))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("window", [None, [0, 0, 3], [18, 18, 10]])
def test_the_picture_fits_a_slide(theme: Any, window: list[int] | None) -> None:
    assert sheet_flaws(draw(trace(image=IMAGE, window=window), theme)) == []


@pytest.mark.parametrize("shape", [(3, 40), (40, 3)])
def test_a_picture_that_is_not_square_fits_too(shape: tuple[int, int]) -> None:
    assert sheet_flaws(draw(trace(image=np.full(shape, 255)), LIGHT)) == []


def test_every_number_of_the_window_is_written_in_its_order() -> None:
    shown = trace(image=IMAGE, window=[2, 20, 4])
    words = words_of(draw(shown, LIGHT))
    assert words[:16] == [str(value) for value in shown.window.flat]


@given(PIXELS, st.integers(3, 5))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(image: Any, size: int) -> None:
    row, column = image.shape[0] - min(size, *image.shape), 0
    size = image.shape[0] - row
    alt = describe(trace(image=image, window=[row, column, size])).alt
    zeros = int((image == 0).sum())
    share = zeros / image.size
    said = [*image.shape, 0, 255, zeros, image.size, 0, 100 * share, row, row + size - 1, column, column + size - 1]
    assert_says(alt, [*said, *quoted(image[row:, :size])])
    facts = describe(trace(image=image, window=[row, column, size])).facts
    assert (facts["zeros"], facts["numbers"], facts["zero_share"]) == (zeros, image.size, share)
