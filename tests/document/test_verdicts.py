"""A verdict says of how many seeds it is, and what it rests on; nothing is said of one run but that it is one."""

import html
import math
import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.document.facts import Scope
from generator.document.verdicts import Sample, Verdict, rule_of
from generator.errors import FactError, Where
from generator.lecture.expressions import Seeds
from generator.lecture.roles import Role

HERE = Where("lectures/sample.md", 7)
THREE = {"accuracy": Seeds((0.97, 0.98, 0.99)), "parameters": 93_322, "curve": [0.9, Seeds((0.5, 0.6, 0.7))]}
NAMES = {
    "net": THREE,
    "worse": {"accuracy": Seeds((0.91, 0.92, 0.93)), "parameters": 101},
    "near": {"accuracy": Seeds((0.98, 0.985, 0.99))},
    "five": {"accuracy": Seeds((0.1, 0.2, 0.3, 0.4, 0.5))},
    "once": {"accuracy": 0.95},
    "also": {"accuracy": 0.94},
    "toy": {"height": 3, "shape": [3, 4], "name": "max", "lost": math.nan},
}
SCOPE = Scope(NAMES, {}, runs={"net": 3, "worse": 3, "near": 3, "five": 5, "once": 1, "also": 1})


def fill(left: str, right: str, *, plain: bool = False, scope: Scope = SCOPE) -> str:
    return scope.fill(Role("compare", (left, right), "", 7), "lectures/sample.md", plain=plain)


def detail(left: str, right: str) -> str:
    """Return what the page says of a comparison to whoever points at it."""
    (title,) = re.findall(r'title="([^"]*)"', fill(left, right))
    return html.unescape(title)


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ("net.accuracy", "worse.accuracy", "higher in all 3 seeds than"),
        ("worse.accuracy", "net.accuracy", "lower in all 3 seeds than"),
        ("net.accuracy", "near.accuracy", "too close for these 3 seeds to tell from"),
        ("net.accuracy", "five.accuracy", "higher in all seeds (3 against 5) than"),
        ("net.accuracy - 0.6", "five.accuracy", "too close for these seeds (3 against 5) to tell from"),
        ("net.accuracy", "0.9", "higher in all 3 seeds than"),
        ("0.975", "net.accuracy", "too close for these 3 seeds to tell from"),
        ("once.accuracy", "also.accuracy", "higher (one run each) than"),
        ("also.accuracy", "once.accuracy", "lower (one run each) than"),
        ("once.accuracy", "also.accuracy + 0.01", "the same (one run each) as"),
        ("once.accuracy", "0.9", "higher (one run) than"),
        ("net.accuracy", "once.accuracy", "higher (3 seeds against one run) than"),
        ("once.accuracy + 0.03", "net.accuracy", "too close (one run against 3 seeds) to tell from"),
        ("net.accuracy.each[0]", "worse.accuracy.each[0]", "higher (one run each) than"),
        ("net.accuracy.mean", "worse.accuracy.mean", "higher over 3 seeds than"),
        ("max(net.accuracy)", "min(worse.accuracy)", "higher over 3 seeds than"),
        ("net.curve[1]", "worse.accuracy", "lower in all 3 seeds than"),
        ("net.parameters", "worse.parameters", "higher than"),
        ("net.parameters", "93322", "the same as"),
        ("toy.height", "4", "lower than"),
    ],
)  # fmt: skip
def test_a_comparison_says_of_how_many_seeds_it_is(left, right, words):
    assert fill(left, right, plain=True) == words


def test_no_words_claim_what_no_seed_was_asked_for():
    said = [
        fill(f"{one}.accuracy", f"{other}.accuracy", plain=True)
        for one, other in product(NAMES, NAMES)
        if "toy" not in (one, other)
    ]
    assert [words for words in said if "whatever" in words or not re.search(r"seeds|one run", words)] == []


def test_a_verdict_tells_seeds_means_spread_and_margin():
    assert detail("net.accuracy", "worse.accuracy") == (
        "3 seeds each: mean 0.980 (standard deviation 0.01) against mean 0.920 (standard deviation 0.01); margin 0.06, "
        "6.0 standard deviations. Every seed of the one is above every seed of the other; between equals chance does "
        "that at most once in 10 times, one way or the other."
    )


def test_a_verdict_over_a_fixed_number_has_the_spread_of_one_side():
    assert detail("net.accuracy", "0.9") == (
        "3 seeds: mean 0.980 (standard deviation 0.01) against 0.9; margin 0.08, 8.0 standard deviations. "
        "Every seed is above."
    )


def test_what_overlaps_says_so():
    assert detail("net.accuracy", "near.accuracy").endswith("The ranges over the seeds overlap.")


def test_means_that_rounding_alone_parts_have_no_margin():
    one, other = (0.1, 0.2, 0.3), (0.15, 0.2, 0.25)
    verdict = Verdict(Sample(one, 3, True), Sample(other, 3, True))
    assert sum(one) != sum(other)
    assert (verdict.margin, verdict.needed) == (0, None)
    assert "; margin 0. The ranges" in verdict.detail


def test_one_run_says_that_it_tells_no_difference_from_chance():
    expected = "One run each: 0.95 against 0.94; margin 0.01. One run cannot tell a difference from chance."
    assert detail("once.accuracy", "also.accuracy") == expected


def test_what_no_seed_changes_needs_no_explanation():
    assert fill("net.parameters", "worse.parameters") == "higher than"


@pytest.mark.parametrize(
    ("text", "what"),
    [("toy.shape", "a list"), ("toy.name", "a text"), ("toy", "a group of facts"), ("net.curve", "a list"), ("toy.height > 2", "yes or no")],
)  # fmt: skip
def test_only_numbers_are_compared(text, what):
    with pytest.raises(FactError, match=f"is {what}, and cannot be compared") as caught:
        fill(text, "1")
    assert (caught.value.where, bool(caught.value.hint)) == (HERE, True)


def test_what_is_not_a_number_is_not_compared():
    with pytest.raises(FactError, match=r"'toy.lost' is nan, and cannot be compared"):
        fill("toy.lost", "1")


def test_a_figure_that_shows_results_shows_one_run():
    drawn = SCOPE.with_figure({"found": 0.9, "height": 2})
    assert fill("found", "height", plain=True, scope=drawn) == "lower than"
    measured = SCOPE.with_figure({"found": 0.9, "height": 2}, is_measured=True)
    assert fill("found", "height", plain=True, scope=measured) == "lower (one run each) than"


shares = st.lists(st.integers(0, 100), min_size=2, max_size=5).map(tuple)


@given(shares, shares)
@settings(deadline=None, derandomize=True)
def test_higher_is_said_only_where_every_pair_of_seeds_says_it(one, other):
    words = Verdict(Sample(one, len(one), True), Sample(other, len(other), True)).words
    assert words.startswith("higher in all") == all(a > b for a, b in product(one, other))
    assert words.startswith("lower in all") == all(a < b for a, b in product(one, other))


@pytest.mark.parametrize(
    ("spread", "margin", "sides", "needed"),
    [(1, 2, 2, 5), (1, 1, 2, 17), (1, 0.5, 2, 64), (1, 2, 1, 4), (1, 1, 1, 10), (1, 0.5, 1, 34)],
)
def test_the_seeds_that_a_difference_needs_are_those_of_the_power_tables(spread, margin, sides, needed):
    """Two-sided t tests at 5 % with a power of 80 %: for d = 1 and 0.5, 17 and 64 a group; of one group, 10 and 34."""
    here = Sample((margin - spread, margin, margin + spread), 3, True)
    there = Sample((-spread, 0, spread), 3, True) if sides == 2 else Sample((0,))
    assert Verdict(here, there).needed == needed


def test_equal_means_are_told_apart_by_no_number_of_seeds():
    assert Verdict(Sample((1, 2), 2, True), Sample((1.5,))).needed is None


@pytest.mark.parametrize(("seeds", "times"), [(2, 3), (3, 10), (4, 35)])
def test_the_rule_says_how_often_chance_parts_two_equals(seeds, times):
    """Counted over all orders in which the runs of two equals can stand."""
    orders = [order for order in product((0, 1), repeat=2 * seeds) if sum(order) == seeds]
    parted = [order for order in orders if sorted(order) in (list(order), list(order[::-1]))]
    assert len(orders) / len(parted) == times
    said = f"{seeds} runs against {seeds} part like this by chance at most once in {times} times"
    assert said in rule_of([1, seeds, seeds])


def test_where_each_experiment_is_one_run_there_is_no_rule():
    assert rule_of([1, 1]) == rule_of([]) == ""
