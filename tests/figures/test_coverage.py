"""Pixels without influence are counted, and crossed out rather than only colored."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from said_numbers import assert_says

from figures.coverage import describe, draw, trace
from generator.theme import DARK, LIGHT

tables = hnp.arrays(
    np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.sampled_from([0, 0.5])
)


def border() -> np.ndarray:
    influence = np.ones((28, 28))
    influence[26:], influence[:, 26:] = 0, 0
    return influence


@given(tables)
def test_unseen_pixels_are_those_with_exactly_no_influence(influence: np.ndarray) -> None:
    assert describe(trace(influence=influence)).facts["unseen"] == int((influence == 0).sum())


def test_the_blind_border_of_the_lecture_has_108_pixels() -> None:
    words = describe(trace(influence=border()))
    assert words.facts["unseen"] == 108
    assert "108 of 784 pixels (13.8 %)" in words.alt
    assert "Never seen at all, counted from 1: rows 27 and 28 and columns 27 and 28." in words.alt


@pytest.mark.parametrize("wrong", [np.zeros(3), -np.ones((2, 2)), np.full((2, 2), np.nan)])
def test_influence_is_a_table_from_zero_up(wrong: np.ndarray) -> None:
    with pytest.raises(ValueError, match="influence is not a table"):
        trace(influence=wrong)


def test_the_image_has_the_size_of_the_influence() -> None:
    with pytest.raises(ValueError, match=r"image is \(3, 3\) and influence \(28, 28\); give"):
        trace(influence=border(), image=np.ones((3, 3)))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("image", [None, np.eye(28)])
def test_the_picture_fits_a_slide_and_writes_the_count(theme, image) -> None:
    figure = draw(trace(influence=border(), image=image), theme)
    assert figure.get_size_inches()[1] <= 6
    assert "108" in {text.get_text() for text in figure.axes[0].texts}


@given(tables)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(influence: Any) -> None:

    dark = influence == 0
    lines = [k + 1 for k in range(len(dark)) if dark[k].all()] + [
        k + 1 for k in range(dark.shape[1]) if dark[:, k].all()
    ]
    share = 100 * dark.sum() / dark.size
    said = [dark.sum(), dark.size, share, *([1, *lines] if lines else []), influence.max()]
    assert_says(describe(trace(influence=influence)).alt, said)
