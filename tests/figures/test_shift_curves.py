"""Accuracy against a shift, with the ink that is lost on the way."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from said_numbers import assert_says

from figures.shift_curves import describe, draw, trace
from generator.theme import DARK, LIGHT

CONV = {"pixels": [0, 1, 2], "accuracy": [0.99, 0.9, 0.6], "ink_lost": [0.0, 0.001, 0.02]}
DENSE = {"pixels": [0, 1, 2], "accuracy": [0.98, 0.8, 0.6], "ink_lost": [0.0, 0.001, 0.02]}


def test_the_text_says_what_a_shift_costs() -> None:
    alt = describe(trace(names=["conv", "dense"], first=CONV, second=DENSE)).alt
    assert "conv 99.0 % unmoved, 90.0 % at 1 pixel, 60.0 % at 2 pixels" in alt
    assert "0.1 % of the ink is lost" in alt


def test_curves_at_other_shifts_are_refused() -> None:
    with pytest.raises(ValueError, match="the curves have different shifts; measure"):
        trace(names=["a", "b"], first=CONV, second=DENSE | {"pixels": [0, 2, 4]})


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"names": ["a"], "first": CONV, "second": DENSE}, "1 names for 2 curves; give"),
        ({"names": ["a"], "first": {"accuracy": []}}, "a curve has no pixels"),
        ({"names": ["a"], "first": []}, "a curve has no pixels"),
        ({"names": ["a"], "first": [CONV, {"accuracy": []}]}, "a curve has no pixels"),
        ({"names": ["a"], "first": [CONV, CONV | {"pixels": [0, 2, 4]}]}, "the curves have different shifts"),
        ({"names": ["a"], "first": CONV, "cost_at": 3}, "cost_at is 3; give one of the shifts 1, 2"),
        ({"names": ["a"], "first": CONV, "cost_at": 0}, "cost_at is 0; give one of the shifts 1, 2"),
    ],
)
def test_what_is_no_curve_is_refused(arguments: dict, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**arguments)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_names_stand_at_the_ends_apart_and_inside_the_picture(theme) -> None:
    figure = draw(trace(names=["convnet", "dense"], first=CONV, second=DENSE), theme)
    figure.draw_without_rendering()
    named = [text for text in figure.axes[1].texts if "%" in text.get_text()]
    one, other = (text.get_window_extent() for text in named)
    assert one.y1 <= other.y0 or other.y1 <= one.y0
    assert max(one.x1, other.x1) <= figure.bbox.x1


def test_lines_differ_in_mark_and_dash() -> None:
    axes = draw(trace(names=["a", "b"], first=CONV, second=DENSE), LIGHT).axes[1]
    assert axes.lines[1].get_marker() != axes.lines[2].get_marker()


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(0, 1)), min_size=1, max_size=5, unique_by=lambda each: each[0]))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(points: Any) -> None:

    pixels = [each[0] for each in points]
    curve = {"pixels": pixels, "accuracy": [each[1] for each in points], "ink_lost": [each[1] / 3 for each in points]}
    middle, said = len(points) // 2, []
    for k in sorted({0, middle, len(points) - 1}):
        said += [100 * points[k][1], *([pixels[k]] if pixels[k] else [])]
    alt = describe(trace(names=["a"], first=curve)).alt
    assert_says(alt, [*said, pixels[middle], 100 * points[middle][1] / 3])


WORSE = CONV | {"accuracy": [0.97, 0.7, 0.4]}


def test_of_several_seeds_the_mean_is_drawn_and_said() -> None:
    shown = trace(names=["conv", "dense"], first=[CONV, WORSE], second=[DENSE, DENSE], cost_at=2)
    assert shown.accuracies[0] == pytest.approx((0.98, 0.8, 0.5))
    assert "(mean of 2 seeds): conv 98.0 % unmoved, 80.0 % at 1 pixel, 50.0 % at 2 pixels" in describe(shown).alt
    figure = draw(shown, LIGHT)
    drawn = [line.get_ydata() for line in figure.axes[1].lines]
    assert any(list(line) == pytest.approx([98, 80, 50]) for line in drawn)
    assert any(list(line) == pytest.approx([97, 70, 40]) for line in drawn)
    assert figure.axes[1].get_title(loc="left") == "accuracy in %, mean of 2 seeds"


@pytest.mark.parametrize(
    ("accuracy", "word", "label"), [(0.6, "loses 39 points", "−39 points"), (1, "gains 1 point", "+1 point")]
)
def test_the_marked_shift_says_what_it_costs(accuracy: float, word: str, label: str) -> None:
    curve = CONV | {"accuracy": [0.99, 0.9, accuracy]}
    shown = trace(names=["conv"], first=curve, cost_at=2)
    assert f"By 2 pixels, conv {word}." in describe(shown).alt
    assert label in [text.get_text() for text in draw(shown, LIGHT).axes[1].texts]
