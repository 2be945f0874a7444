"""The wall is the beginning of the data in its own order, and every class is counted."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import flaws
from said_numbers import assert_says

from figures.sample_wall import describe, draw, trace
from generator.theme import DARK, LIGHT

RANDOM = np.random.default_rng(5)
IMAGES = RANDOM.integers(0, 256, (120, 8, 8), dtype=np.uint8)
LABELS = np.concatenate([np.arange(10, dtype=np.uint8), RANDOM.integers(0, 10, 110, dtype=np.uint8)])


def test_the_first_images_are_shown_in_their_order() -> None:
    shown = trace(images=IMAGES, labels=LABELS, n=4)
    assert (shown.images == IMAGES[:16]).all()
    assert shown.labels.tolist() == LABELS[:16].tolist()


def test_all_labels_are_counted_not_only_those_shown() -> None:
    facts = describe(trace(images=IMAGES, labels=LABELS, n=2)).facts
    assert facts["counts"] == [int((label == LABELS).sum()) for label in range(10)]
    assert (facts["total"], facts["shown"]) == (120, 4)


def test_labels_may_outnumber_the_images() -> None:
    assert trace(images=IMAGES[:9], labels=LABELS, n=3).counts.sum() == 120


def test_the_text_has_labels_row_by_row_and_counts() -> None:
    alt = describe(trace(images=IMAGES[:4], labels=np.array([7, 2, 1, 0]), n=2)).alt
    assert alt.startswith("2 × 2 images with their labels, row by row: 7 2; 1 0. The 4 images by class: 0: 1, 1: 1")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"images": IMAGES[0]}, r"images has shape \(8, 8\) and labels \(120,\); give"),
        ({"labels": LABELS[:9]}, r"and labels \(9,\); give \(count, height, width\), and a label each"),
        ({"labels": LABELS / 2}, "labels are not classes; give whole numbers"),
        ({"labels": LABELS + 5}, "labels are not classes; give whole numbers from 0 to at most 11"),
        ({"n": 11}, "n is 11; 1 to 10 images per row are legible"),
        ({"images": IMAGES[:8], "n": 3}, "there are 8 images for a wall of 3 × 3; give 9"),
    ],
)
def test_what_is_no_sample_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**({"images": IMAGES, "labels": LABELS} | arguments))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("n", [1, 3, 6, 10])
def test_the_picture_fits_a_slide(theme: Any, n: int) -> None:
    figure = draw(trace(images=IMAGES, labels=LABELS, n=n), theme)
    assert figure.get_size_inches().tolist() == pytest.approx([12.8, 6.0])
    assert flaws(figure) == []
    assert len(figure.axes[0].images) == n * n


@given(st.integers(1, 6), st.integers(0, 99))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(n: int, seed: int) -> None:

    labels = np.random.default_rng(seed).integers(0, 12, 200)
    counts = [int((labels == k).sum()) for k in range(labels.max() + 1)]
    classes = [number for k, count in enumerate(counts) for number in (k, count)]
    alt = describe(trace(images=IMAGES, labels=labels, n=n)).alt
    assert_says(alt, [n, n, *labels[: n * n], 200, *classes])
