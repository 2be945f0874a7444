"""The bold line is the mean of the seeds, and what is said of it is what it does."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import flaws
from said_numbers import assert_says

from figures.loss_curves import describe, draw, trace
from generator.theme import DARK, LIGHT

STEPS = [0, 10, 20, 30]
GENTLE = [[0.9, 0.6, 0.5, 0.4], [1.0, 0.7, 0.55, 0.45]]
HARSH = [[0.9, 2.4, 1.1, 0.7], [1.0, 3.0, 1.3, 0.9]]
TWO = {"steps": STEPS, "names": ["gentle", "harsh"], "first": GENTLE, "second": HARSH}


@given(arrays(np.float64, st.tuples(st.integers(1, 4), st.just(4)), elements=st.floats(0.01, 50)))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_means_are_those_of_the_seeds(table: Any) -> None:
    shown = trace(**TWO | {"first": table})
    assert shown.ways[0].means == pytest.approx(table.mean(axis=0))
    assert describe(shown).facts["highest"][0] == pytest.approx(table.mean(axis=0).max())


def test_a_loss_that_rises_in_between_is_said_to_do_so() -> None:
    alt = describe(trace(**TWO)).alt
    assert "gentle (2 seeds): 0.95 at first, 0.43 at the end" in alt
    assert "harsh (2 seeds): 0.95 at first, 2.7 after 10 steps, 0.8 at the end" in alt


def test_a_single_row_is_one_seed() -> None:
    assert trace(**TWO | {"first": GENTLE[0]}).ways[0].losses == (tuple(GENTLE[0]),)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"names": ["a"]}, "there are 1 names for 2 ways"),
        ({"steps": [0]}, "give two or more rising whole numbers"),
        ({"steps": [0, 20, 10, 30]}, "give two or more rising whole numbers"),
        ({"first": [[1, 2]]}, r"the losses of gentle have shape \(1, 2\); give 4 for each seed"),
        ({"first": [1, 0, 1, 1]}, "not above 0; the axis is logarithmic"),
        ({"first": [1, float("nan"), 1, 1]}, "not above 0; the axis is logarithmic"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**TWO | arguments)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("count", [2, 4])
def test_the_picture_fits_a_slide(theme: Any, count: int) -> None:
    tables = dict(zip(("first", "second", "third", "fourth"), [GENTLE, HARSH, GENTLE, HARSH][:count], strict=False))
    names = ["gentle, head first", "harsh, all at once", "again", "and once more"][:count]
    figure = draw(trace(steps=STEPS, names=names, **tables), theme)
    assert figure.get_size_inches()[0] == pytest.approx(12.8)
    assert figure.get_size_inches()[1] <= 6
    assert flaws(figure) == []


def test_each_seed_has_a_line_and_so_has_the_mean() -> None:
    axes = draw(trace(**TWO), LIGHT).axes[1]
    labels = [line.get_label() for line in axes.get_lines()]
    assert labels.count("seed") == 4
    assert labels.count("mean") == 2


@given(arrays(np.float64, st.tuples(st.integers(1, 4), st.just(4)), elements=st.floats(0.01, 50)))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(table: Any) -> None:
    means, low = table.mean(axis=0), [0.5, 0.4, 0.3, 0.2]
    top = int(means.argmax())
    rise = [] if top in (0, 3) else [means[top], STEPS[top]]
    said = [STEPS[-1], len(table), means[0], *rise, means[-1], 1, low[0], low[-1]]
    assert_says(describe(trace(**TWO | {"first": table, "second": low})).alt, said)
