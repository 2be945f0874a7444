"""Every seed is a dot, lines go through the means, and a gain is claimed only beyond the seeds."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import flaws
from said_numbers import assert_says

from figures.transfer_curve import describe, draw, trace
from generator.theme import DARK, LIGHT

SHOTS = [5, 20, 100]
SCRATCH = [[0.75, 0.78, 0.81], [0.885, 0.889, 0.893], [0.936, 0.938, 0.94]]
RANDOM = [[0.73, 0.737, 0.74], [0.83, 0.832, 0.834], [0.84, 0.843, 0.846]]
FROZEN = [[0.86, 0.872, 0.885], [0.918, 0.921, 0.925], [0.936, 0.938, 0.94]]
TUNED = [[0.857, 0.866, 0.875], [0.92, 0.921, 0.922], [0.937, 0.938, 0.939]]
NAMES = ["from scratch", "random, frozen", "pretrained, frozen", "pretrained, fine-tuned"]
FOUR = {"shots": SHOTS, "names": NAMES, "first": SCRATCH, "second": RANDOM, "third": FROZEN, "fourth": TUNED}


@given(arrays(np.float64, (3, 4), elements=st.floats(0, 1)))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_means_are_those_of_the_seeds(table: Any) -> None:
    assert trace(shots=SHOTS, names=["a"], first=table).ways[0].means == pytest.approx(table.mean(axis=1))


def test_tables_with_a_row_for_each_seed_are_turned() -> None:
    turned = {name: np.transpose(FOUR[name]) for name in ("first", "second", "third", "fourth")}
    assert trace(**{**FOUR, **turned}, rows="seeds") == trace(**FOUR)
    numbers = trace(shots=SHOTS, names=["a"], first=[0.5, 0.6, 0.7], rows="seeds")
    assert numbers.ways[0].values == ((0.5,), (0.6,), (0.7,))


def test_a_gain_is_claimed_only_where_no_seed_of_one_reaches_the_other() -> None:
    assert trace(**FOUR).verdicts == (
        "random, frozen is below from scratch in all 3 seeds",
        "pretrained, frozen is above from scratch in all 3 seeds",
        "pretrained, fine-tuned is above from scratch in all 3 seeds",
    )
    mixed = trace(shots=[5], names=["a", "b"], first=[[0.7, 0.8]], second=[[0.75, 0.9]])
    assert mixed.verdicts == ("these 2 seeds cannot tell b from a",)


def test_the_text_has_mean_and_range_at_every_number_of_shots() -> None:
    words = describe(trace(**FOUR))
    assert "from scratch: 78.0 % with 5 (75.0 % to 81.0 %), 88.9 % with 20 (88.5 % to 89.3 %)" in words.alt
    assert "With 5: random, frozen is below from scratch" in words.alt
    assert words.facts["gains"][1] == pytest.approx([0.872333 - 0.78, 0.921333 - 0.889, 0], abs=1e-5)


def test_one_number_a_number_of_shots_will_do() -> None:
    words = describe(trace(shots=[1, 10], names=["a"], first=[0.2, 0.4]))
    assert words.alt.endswith("a: 20.0 % with 1, 40.0 % with 10.")


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"names": NAMES[:3]}, "there are 3 names for 4 tables; give one name per table"),
        ({"shots": [20, 5, 100]}, r"shots are \[20, 5, 100\]; give rising whole numbers"),
        ({"shots": [0, 5, 100]}, "shots are"),
        ({"second": [[0.1, 0.2]]}, r"the table of random, frozen has shape \(1, 2\); give 3 rows \(shots\) of seeds"),
        ({"second": 100 * np.array(RANDOM)}, "holds a number that is no share; give accuracies from 0 to 1"),
    ],
)
def test_what_is_no_curve_is_refused(changed: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**(FOUR | changed))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("shots", [SHOTS, [10, 100, 1_000]])
def test_the_picture_fits_a_slide_and_has_a_dot_a_seed(theme: Any, count: int, shots: list[int]) -> None:
    tables = dict(zip(("first", "second", "third", "fourth"), [SCRATCH, RANDOM, FROZEN, TUNED][:count], strict=False))
    figure = draw(trace(shots=shots, names=NAMES[:count], **tables), theme)
    assert figure.get_size_inches()[0] == pytest.approx(12.8)
    assert figure.get_size_inches()[1] <= 6
    assert flaws(figure) == []
    dots = [line for line in figure.axes[1].lines if line.get_label() == "seeds"]
    assert sum(len(line.get_xdata()) for line in dots) == 9 * count
    assert len({line.get_marker() for line in dots}) == count


def test_a_long_name_stays_on_the_sheet() -> None:
    assert flaws(draw(trace(shots=SHOTS, names=["pretrained on clothes, then fine-tuned"], first=SCRATCH), LIGHT)) == []


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_equal_and_extreme_results_can_be_drawn(value: float) -> None:
    figure = draw(trace(shots=[1], names=NAMES, first=[value], second=[value], third=[value], fourth=[value]), LIGHT)
    assert flaws(figure) == []


@given(arrays(np.float64, (3, 2, 2), elements=st.floats(0, 1)))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(tables: Any) -> None:

    alt = describe(trace(shots=[5, 20], names=["a", "b", "c"], first=tables[0], second=tables[1], third=tables[2])).alt
    said = [
        number
        for table in 100 * tables
        for shots, seeds in zip((5, 20), table, strict=True)
        for number in (seeds.mean(), shots, seeds.min(), seeds.max())
    ]
    assert_says(alt.partition(" With 5:")[0], said)
