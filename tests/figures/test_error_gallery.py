"""Every wrong answer stands under its image, with what it should have been."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import flaws
from said_numbers import assert_says

from figures.error_gallery import describe, draw, trace
from generator.theme import DARK, LIGHT

RANDOM = np.random.default_rng(3)


def mistakes(count: int) -> dict[str, Any]:
    """Return what a judged network brings along."""
    labels = RANDOM.integers(0, 10, count)
    return {
        "images": RANDOM.integers(0, 256, (count, 28, 28), dtype=np.uint8),
        "labels": labels,
        "predictions": (labels + RANDOM.integers(1, 10, count)) % 10,
        "confidences": np.sort(RANDOM.uniform(0.3, 1, count))[::-1].astype(np.float32),
    }


TWO = {
    "images": np.full((2, 4, 4), 9, np.uint8),
    "labels": np.array([4, 9]),
    "predictions": np.array([9, 4]),
    "confidences": np.array([0.999, 0.42]),
}


def test_the_first_are_shown_in_their_order() -> None:
    given = mistakes(60)
    shown = trace(mistakes=given, count=10)
    assert [m.label for m in shown.mistakes] == given["labels"][:10].tolist()
    assert (len(shown.mistakes), shown.total) == (10, 60)


def test_the_text_says_truth_answer_and_confidence_of_each() -> None:
    words = describe(trace(mistakes=TWO))
    assert "4 → 9 (> 99 %); 9 → 4 (42 %). 1 of them got more than 90 %." in words.alt
    assert words.facts == {"shown": 2, "confident": 1, "first": {"label": 4, "answer": 9, "confidence": 0.999}}


def test_a_probability_is_never_rounded_up_to_certainty() -> None:
    written = "".join(text.get_text() for text in draw(trace(mistakes=TWO), LIGHT).axes[0].texts)
    assert "> 99 %" in written
    assert "100 %" not in written


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"labels": None}, "mistakes has no labels; give the mistakes of a network"),
        ({"images": np.ones((2, 4))}, r"images has shape \(2, 4\) for 2 labels; give \(n, height, width\)"),
        ({"labels": np.array([4])}, r"images has shape \(2, 4, 4\) for 1 labels"),
        ({"labels": np.array([9, 9])}, "an answer is right; give the mistakes only"),
        ({name: TWO[name][:0] for name in TWO}, "mistakes is empty; leave the figure out"),
    ],
)
def test_what_are_no_mistakes_is_refused(changed: dict[str, Any], problem: str) -> None:
    given = {name: value for name, value in (TWO | changed).items() if value is not None}
    with pytest.raises(ValueError, match=problem):
        trace(mistakes=given)


@pytest.mark.parametrize("count", [0, 41])
def test_more_than_a_wall_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"count is {count}; 1 to 40 images fit a slide"):
        trace(mistakes=TWO, count=count)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("count", [1, 2, 5, 12, 23, 40])
def test_the_picture_fits_a_slide_with_legible_captions(theme: Any, count: int) -> None:
    figure = draw(trace(mistakes=mistakes(50), count=count), theme)
    assert figure.get_size_inches()[0] == pytest.approx(12.8)
    assert figure.get_size_inches()[1] <= 6
    assert flaws(figure) == []
    assert len(figure.axes[0].images) == count


@given(st.integers(1, 60), st.integers(1, 40))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(total: int, count: int) -> None:

    given, shown = mistakes(total), min(total, count)
    rows = [given[name][:count].tolist() for name in ("labels", "predictions", "confidences")]
    each = [number for label, answer, share in zip(*rows, strict=True) for number in (label, answer, 100 * share)]
    sure = sum(share > 0.9 for share in rows[2])
    assert_says(describe(trace(mistakes=given, count=count)).alt, [shown, total, *each, sure, 90])
