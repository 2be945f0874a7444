"""Augmentation's changes are TensorFlow's, a strength of 0 changes nothing, and what is wrong is said to be wrong."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import flaws
from said_numbers import assert_says

from figures.augmentation_sheet import describe, draw, trace, transform
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

SIX = np.zeros((28, 28), np.uint8)
SIX[5:24, 9:13] = SIX[14:24, 17:20] = SIX[14:17, 9:20] = SIX[21:24, 9:20] = 250
IMAGES = arrays(np.float64, st.tuples(st.integers(2, 9), st.integers(2, 9)), elements=st.integers(0, 255).map(float))


def project(image: Any, shift: tuple[float, float], angle: float, zoom: float) -> Any:
    """Return what TensorFlow makes of the same change: its matrix takes a pixel of the output to one of the input."""
    cosine, sine = np.cos(np.radians(angle)) / zoom, np.sin(np.radians(angle)) / zoom
    y, x = (image.shape[0] - 1) / 2, (image.shape[1] - 1) / 2
    down, across = y + shift[0], x + shift[1]
    matrix = [cosine, -sine, x - cosine * across + sine * down, sine, cosine, y - sine * across - cosine * down, 0, 0]
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=tf.constant(image[None, :, :, None], tf.float32), transforms=tf.constant([matrix], tf.float32),
        output_shape=image.shape, interpolation="BILINEAR", fill_mode="CONSTANT", fill_value=0.0,
    )[0, :, :, 0].numpy()  # fmt: skip


@given(IMAGES, st.tuples(st.floats(-4, 4), st.floats(-4, 4)), st.floats(-180, 180), st.floats(0.5, 1.5))
@settings(max_examples=120, deadline=None, derandomize=True)
def test_a_change_is_tensorflows(image: Any, shift: tuple[float, float], angle: float, zoom: float) -> None:
    ours = transform(image, shift=shift, angle=angle, zoom=zoom)
    theirs = project(image, shift, angle, zoom)
    np.testing.assert_allclose(ours, theirs, atol=255 * 1e-5)


@given(IMAGES)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_a_strength_of_0_changes_nothing(image: Any) -> None:
    assert all((variant.image == image).all() for variant in trace(image=image, shift=0, angle=0, zoom=0).harmless)


@given(IMAGES, st.integers(-3, 3), st.integers(-3, 3))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_a_whole_shift_moves_pixels_and_invents_none(image: Any, down: int, across: int) -> None:
    moved = transform(image, shift=(down, across))
    for (row, column), value in np.ndenumerate(moved):
        from_row, from_column = row - down, column - across
        is_inside = 0 <= from_row < image.shape[0] and 0 <= from_column < image.shape[1]
        assert value == (image[from_row, from_column] if is_inside else 0)


def test_a_turn_to_the_left_is_counterclockwise() -> None:
    quarter = transform(np.array([[0, 0, 5], [0, 0, 0], [0, 0, 0]], float), angle=90)
    np.testing.assert_allclose(quarter, [[5, 0, 0], [0, 0, 0], [0, 0, 0]], atol=1e-12)


def test_flips_and_half_a_turn_are_wrong_and_said_to_be() -> None:
    shown = trace(image=SIX)
    assert [variant.name for variant in shown.harmful] == [
        "flipped left to right",
        "flipped upside down",
        "turned 180°",
    ]
    assert (shown.harmful[2].image == np.rot90(SIX, 2)).all()
    alt = describe(shown).alt
    assert "Wrong for digits, and marked as such: flipped left to right (few digits survive it)" in alt
    assert "turned 180° (6 and 9 trade places)." in alt
    assert "20 % larger (" in alt
    assert "%%" not in alt.replace(" ", "")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"shift": 15}, "shift is 15; give a strength from 0 to 14"),
        ({"angle": -1}, "angle is -1; give a strength from 0 to 45"),
        ({"zoom": 0.6}, "zoom is 0.6; give a strength from 0 to 0.5"),
        ({"zoom": float("nan")}, "zoom is nan; give a strength"),
        ({"image": np.ones((2, 2, 1))}, r"image has shape \(2, 2, 1\); give a table"),
    ],
)
def test_a_bad_argument_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**({"image": SIX} | arguments))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("strengths", [{}, {"shift": 2.5, "angle": 22.5, "zoom": 0.125}])
def test_the_picture_fits_a_slide(theme: Any, strengths: dict[str, float]) -> None:
    figure = draw(trace(image=SIX, **strengths), theme)
    assert figure.get_size_inches()[0] == pytest.approx(12.8)
    assert figure.get_size_inches()[1] <= 6
    assert flaws(figure) == []
    assert [text.get_text() for text in figure.axes[0].texts].count("wrong:") == 3


@given(IMAGES, st.integers(0, 1), st.sampled_from([0, 7.5, 15]), st.sampled_from([0.07, 0.2]))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(image: Any, shift: int, angle: float, zoom: float) -> None:

    alt = describe(trace(image=image, shift=shift, angle=angle, zoom=zoom)).alt
    changes = [
        ((0, shift), 0, 1),
        ((-shift, 0), 0, 1),
        ((0, 0), angle, 1),
        ((0, 0), -angle, 1),
        ((0, 0), 0, 1 + zoom),
        ((0, 0), 0, 1 - zoom),
    ]
    inks = [100 * float(transform(image, shift=s, angle=a, zoom=z).sum()) / (image.sum() or 1) for s, a, z in changes]
    strengths = [shift, shift, angle, angle, 100 * zoom, 100 * zoom]
    said = [number for pair in zip(strengths, inks, strict=True) for number in pair]
    assert_says(alt, [*image.shape, *said, 180, 6, 9])
