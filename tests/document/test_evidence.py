"""A claim says in how many runs it was measured, and one that other seeds may well overturn is fragile."""

import pytest

from generator.document.evidence import explain_claim, find_fragile, say_measured
from generator.document.facts import Scope, check_claim
from generator.errors import Where
from generator.lecture.expressions import Seeds

HERE = Where("lectures/sample.md", 7)
NAMES = {
    "good": {"accuracy": Seeds((0.90, 0.91, 0.92)), "parameters": 5},
    "near": {"accuracy": Seeds((0.877, 0.887, 0.897))},  # below every run of `good`, 2.3 standard deviations apart
    "wide": {"accuracy": Seeds((0.70, 0.80, 0.89))},  # below every run of `good`, 1.7 standard deviations apart
    "poor": {"accuracy": Seeds((0.50, 0.51, 0.52))},
    "many": {"accuracy": Seeds(tuple(0.50 + 0.01 * (seed % 2) for seed in range(40)))},
    "once": {"accuracy": 0.7},
}
SCOPE = Scope(NAMES, {}, runs={"good": 3, "near": 3, "wide": 3, "poor": 3, "many": 40, "once": 1})


def fragile(condition: str) -> list[str]:
    """Return the warnings about a claim, which must hold."""
    assert check_claim(condition, SCOPE, HERE)
    return [str(warning) for warning in find_fragile(condition, SCOPE, HERE)]


def test_a_margin_below_two_standard_deviations_is_fragile_and_says_what_it_takes():
    assert fragile("good.accuracy > wide.accuracy") == [
        "lectures/sample.md:7: the claim is fragile: in 'good.accuracy > wide.accuracy' the means of 3 seeds are 0.113 "
        "apart, 1.7 standard deviations of the seeds, less than 2\n"
        "hint: between means it takes about 7 seeds to find a difference of this size in four tries of five: compare "
        ".mean with so many, or claim less; of all pairs, more seeds ask for more"
    ]


@pytest.mark.parametrize(
    "condition",
    [
        "good.accuracy > poor.accuracy",
        "good.accuracy > near.accuracy",
        "good.accuracy > 0.5",
        "good.parameters > 4",
        "once.accuracy > 0.69",
        "good.accuracy == good.accuracy.each[0] or good.accuracy > 0.5",
    ],
)
def test_a_wide_margin_is_not_fragile(condition):
    assert fragile(condition) == []


@pytest.mark.parametrize(
    "condition",
    [
        "good.accuracy > 0.895",
        "good.accuracy.min > 0.895",
        "good.accuracy.mean > 0.895",
        "mean(good.accuracy) > 0.895",
        "0.895 < good.accuracy",
        "not good.accuracy < 0.895",
        "0.5 < good.accuracy < 0.925",
        "not (good.accuracy < 0.895 or good.accuracy < 0.5)",
        "not (good.accuracy < 0.895 and good.accuracy > 0.5)",
        "good.accuracy - 0.895 > 0",
        "good.accuracy > 0.895 and once.accuracy > 0.5",
        "good.accuracy > 0.895 or good.accuracy > 0.95",
        "good.accuracy.mean - wide.accuracy.mean > 0.05",
    ],
)
def test_a_narrow_margin_is_fragile_however_it_is_written(condition):
    assert len(fragile(condition)) == 1


def test_of_two_conditions_with_or_one_that_is_sound_carries_the_claim():
    assert fragile("good.accuracy > 0.895 or good.accuracy > 0.5") == []
    assert fragile("not (good.accuracy < 0.895 and good.accuracy < 0.5)") == []


def test_each_narrow_margin_is_told():
    assert len(fragile("good.accuracy > 0.895 and good.accuracy > wide.accuracy")) == 2


def test_enough_seeds_make_a_small_margin_sound():
    assert fragile("many.accuracy.mean > 0.5") == []


def test_no_number_of_seeds_parts_what_is_equal():
    (told,) = fragile("good.accuracy.mean <= near.accuracy.mean + 0.023")
    assert "takes" in told or "no number of seeds" in told


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("good.accuracy > 0.5", "Measured with 3 seeds"),
        ("once.accuracy > 0.5", "Measured in one run"),
        ("once.accuracy > poor.accuracy", "Measured with 3 seeds, and in one run"),
        ("many.accuracy < good.accuracy", "Measured with 3 seeds, with 40 seeds"),
        ("shape.height > 2", "Measured"),
    ],
)
def test_a_claim_says_in_how_many_runs_it_was_measured(condition, words):
    assert say_measured(condition, SCOPE) == words


def test_a_claim_tells_seeds_means_spread_and_margin_of_what_the_seeds_decide():
    assert explain_claim("good.accuracy > poor.accuracy and good.parameters > 4 and once.accuracy > 0.5", SCOPE) == (
        "good.accuracy > poor.accuracy: 3 seeds each: mean 0.910 (standard deviation 0.01) against mean 0.510 "
        "(standard deviation 0.01); margin 0.4, 40.0 standard deviations."
    )


def test_the_extremes_of_one_fact_are_not_two_means_that_could_be_closer():
    assert fragile("wide.accuracy.max > 1.1 * wide.accuracy.min") == []
    assert explain_claim("wide.accuracy.max > 1.1 * wide.accuracy.min", SCOPE) == ""
