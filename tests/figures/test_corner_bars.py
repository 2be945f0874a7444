"""Bars away from a corner: the numbers are those of the experiment, and the digit stands where it was tested."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import flaws
from said_numbers import assert_says

from figures.corner_bars import MOVES, describe, draw, draw_question, trace
from generator.theme import DARK, LIGHT

GRID = [[0.102, 0.11, 0.09], [0.1, 0.074, 0.2], [0.12, 0.3, 0.954]]
OFF = [0.627, 0.186, 0.048]
CURED = {"second": np.full((3, 3), 0.94), "second_off": [0.95, 0.943, 1.0]}
IMAGE = np.random.default_rng(0).integers(0, 256, (28, 28))
ONE = {"image": IMAGE, "names": ["a convnet"], "first": GRID, "first_off": OFF}
TWO = {"image": IMAGE, "names": ["Flatten", "global maximum"], "first": GRID, "first_off": OFF, **CURED}
SHARES = arrays(np.float64, 12, elements=st.floats(0, 1))


@given(SHARES)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(shares: Any) -> None:
    alt = describe(trace(**ONE | {"first": shares[:9].reshape(3, 3), "first_off": shares[9:]})).alt
    home, middle, opposite = shares[8], shares[4], shares[0]
    percents = 100 * np.array([home, *shares[9:], middle, opposite])
    pairs = [
        number for percent, pixels in zip(percents[1:-1], (1, 2, 4, 7), strict=True) for number in (percent, pixels)
    ]
    assert_says(alt, [percents[0], *pairs, percents[-1], 14])


def test_the_facts_are_the_accuracies_in_the_order_of_the_places() -> None:
    facts = describe(trace(**TWO)).facts
    assert facts["pixels"] == [0, 1, 2, 4, 7, 14]
    assert facts["accuracies"][0] == [0.954, 0.627, 0.186, 0.048, 0.074, 0.102]


def test_each_image_has_the_digit_at_its_place_as_the_experiment_puts_it_there() -> None:
    images = trace(**ONE).images
    for image, pixels in zip(images, MOVES, strict=True):
        start = 14 - pixels
        small = image[start : start + 14, start : start + 14]
        assert small[3, 5] == IMAGE[6:8, 10:12].mean()
        assert image.sum() == pytest.approx(small.sum())


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_the_places_are_those_of_the_experiment() -> None:
    from lectures.experiments.corner import OFF, PLACES, place, shrink

    assert (0, *OFF, PLACES[2] - PLACES[1], PLACES[2] - PLACES[0]) == MOVES
    small = shrink(IMAGE[None, ..., None].astype(np.float32))
    theirs = place(small, np.array([0]), np.array([0]))[0, ..., 0]
    np.testing.assert_allclose(trace(**ONE).images[-1], theirs, rtol=1e-6)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"names": ["a", "b"]}, "there are 2 names for 1 networks; give one name a network"),
        ({"classes": 1}, "classes is 1; give 2 or more"),
        ({"second": GRID}, "there are 1 names for 2 networks"),
        ({"first_off": [0, 1]}, r"the tables of a convnet have shapes \(3, 3\) and \(2,\); give \(3, 3\) and \(3,\)"),
        ({"first_off": [0, 0, 2]}, "the tables of a convnet hold a number that is no share; give accuracies from 0"),
        ({"image": np.zeros((14, 14))}, r"image has shape \(14, 14\); give 28 rows of 28 pixels"),
    ],
)
def test_what_is_no_result_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**(ONE | arguments))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("arguments", [ONE, TWO])
def test_the_picture_fits_a_slide(theme: Any, arguments: dict[str, Any]) -> None:
    figure = draw(trace(**arguments), theme)
    assert figure.get_size_inches()[0] == pytest.approx(12.8)
    assert figure.get_size_inches()[1] <= 6
    assert flaws(figure) == []


def test_each_bar_has_its_number() -> None:
    written = [text.get_text() for text in draw(trace(**TWO), LIGHT).axes[0].texts]
    assert [text for text in written if text.endswith(" %")][3:] == [
        *("95 %", "63 %", "19 %", "5 %", "7 %", "10 %"),
        *("94 %", "95 %", "94 %", "100 %", "94 %", "94 %"),
    ]


def test_the_question_shows_the_places_and_no_result() -> None:
    asked, told = draw_question(trace(**ONE), LIGHT), draw(trace(**ONE), LIGHT)
    assert asked.get_size_inches().tolist() == told.get_size_inches().tolist()
    written = [text.get_text() for text in asked.axes[0].texts]
    assert "opposite corner" in written
    assert [text for text in written if text.endswith(" %")] == ["0 %", "50 %", "100 %"]
