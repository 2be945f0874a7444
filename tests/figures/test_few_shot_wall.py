"""Every image is on the wall once, in the row of its class."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import flaws
from said_numbers import assert_says

from figures.few_shot_wall import describe, draw, trace
from generator.theme import DARK, LIGHT

IMAGES = np.random.default_rng(0).integers(1, 256, (12, 5, 5))
LABELS = np.array([2, 0, 1] * 4)


def test_every_image_stands_in_the_row_of_its_class_in_its_own_order() -> None:
    shown = trace(images=IMAGES, labels=LABELS)
    assert shown.names == (0, 1, 2)
    for row, name in zip(shown.images, shown.names, strict=True):
        assert np.array_equal(row, IMAGES[name == LABELS])


def test_the_wall_is_counted() -> None:
    assert describe(trace(images=IMAGES, labels=LABELS)).facts == {"total": 12, "each": 4, "classes": 3}


@pytest.mark.parametrize(
    ("labels", "problem"),
    [
        (LABELS[:-1], "there are 12 images and 11 labels; give a label for each image"),
        ([0] * 5 + [1] * 7, "classes have 5 to 7 images; give equally many of each"),
        ([0] * 12, "12 images of 1 classes do not fit; give up to 24 of each of 2 to 12"),
    ],
)
def test_what_makes_no_wall_is_refused(labels: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(images=IMAGES, labels=labels)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_two_hundred_images_fill_a_slide_and_each_is_drawn(theme: Any) -> None:
    images = np.tile(IMAGES[0], (200, 1, 1))
    figure = draw(trace(images=images, labels=np.repeat(range(10), 20)), theme)
    assert figure.get_size_inches()[0] == pytest.approx(12.8)
    assert figure.get_size_inches()[1] <= 6.0
    assert len(figure.axes[0].images) == 200
    assert flaws(figure) == []


@given(st.sets(st.integers(0, 30), min_size=2, max_size=12), st.integers(1, 24))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(classes: set[int], each: int) -> None:
    labels = np.repeat(sorted(classes), each)
    alt = describe(trace(images=np.ones((len(labels), 2, 2)), labels=labels)).alt
    assert_says(alt, [len(labels), each, *sorted(classes)])
