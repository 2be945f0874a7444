"""A difference is claimed only where the spread of the seeds allows it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from said_numbers import assert_says

from figures.comparison import describe, draw, draw_question, trace
from figures.parts.words import Group, verdict
from generator.theme import DARK, LIGHT

shares = st.lists(st.floats(0.001, 1), min_size=1, max_size=5).map(tuple)


@given(shares, shares)
def test_above_means_that_every_seed_is_above(one: tuple[float, ...], other: tuple[float, ...]) -> None:
    words = verdict(Group("one", one), Group("other", other))
    assert words.startswith("one is above") == all(a > b for a in one for b in other)
    assert words.startswith("one is below") == all(a < b for a in one for b in other)


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ((0.9, 0.8, 0.9), (0.1, 0.2, 0.3), "a is above b in all 3 seeds"),
        ((0.1,), (0.2,), "a is below b in one run"),
        ((0.1,), (0.1,), "a is level with b in one run"),
        ((0.9, 0.8), (0.1,), "a is above b in all seeds (2 against 1)"),
        ((0.1, 0.3), (0.2, 0.3), "these 2 seeds cannot tell a from b"),
    ],
)
def test_a_verdict_says_of_how_many_seeds_it_is(one: tuple[float, ...], other: tuple[float, ...], words: str) -> None:
    assert verdict(Group("a", one), Group("b", other)) == words


@given(shares, shares)
def test_a_verdict_turns_round_with_its_groups(one: tuple[float, ...], other: tuple[float, ...]) -> None:
    words = verdict(Group("a", one), Group("b", other)), verdict(Group("b", other), Group("a", one))
    assert ("above" in words[0], "below" in words[0]) == ("below" in words[1], "above" in words[1])


def test_the_text_has_mean_and_range_of_every_group() -> None:
    alt = describe(trace(names=["MAX", "mean"], first=[0.99, 0.992], second=[0.991])).alt
    assert "MAX 99.10 % (2 seeds: 99.00 % to 99.20 %); mean 99.10 % (1 seed)" in alt
    assert "these seeds (2 against 1) cannot tell MAX from mean" in alt


def test_a_name_is_needed_for_every_group() -> None:
    with pytest.raises(ValueError, match="there are 2 names for 3 groups; give"):
        trace(names=["a", "b"], first=[1], second=[2], third=[3])


@pytest.mark.parametrize("wrong", [[], [[1, 2]], [float("nan")]])
def test_results_are_a_list_of_numbers(wrong: list) -> None:
    with pytest.raises(ValueError, match="the results of a are not a list of numbers; give"):
        trace(names=["a", "b"], first=wrong, second=[1])


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_picture_has_a_dot_for_every_seed_and_fits_a_slide(theme) -> None:
    groups = {"first": [0.9, 0.91, 0.92], "second": [0.8, 0.8], "third": [0.7], "fourth": [0.6]}
    figure = draw(trace(names=list("abcd"), **groups), theme)
    dots = [line for line in figure.axes[-1].lines if line.get_marker() == "o"]
    assert [len(line.get_xdata()) for line in dots] == [3, 2, 1, 1]
    assert figure.get_size_inches()[1] <= 6


def test_equal_results_can_be_drawn() -> None:
    draw(trace(names=["a", "b"], first=[0.5], second=[0.5]), LIGHT).draw_without_rendering()


@given(st.lists(st.lists(st.floats(0.001, 1), min_size=1, max_size=4), min_size=2, max_size=4), st.booleans())
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(groups: Any, percent: bool) -> None:

    names = ["ant", "bee", "cat", "dog"][: len(groups)]
    given = dict(zip(("first", "second", "third", "fourth"), groups, strict=False))
    alt = describe(trace(names=names, percent=percent, **given)).alt.partition(" Verdict:")[0]
    scale = 100 if percent else 1
    said = []
    for values in groups:
        mean, ends = scale * sum(values) / len(values), [scale * min(values), scale * max(values)]
        said += [mean, len(values), *(ends if len(values) > 1 else [])]
    assert_says(alt, said)


FOUR = {
    "names": ["net", "no max", "linear", "one layer"],
    "first": [0.9],
    "second": [0.8],
    "third": [0.7],
    "fourth": [0.7],
}


def test_a_bracket_joins_rows_in_the_picture_and_in_the_text() -> None:
    made = trace(**FOUR, bracket="linear, one layer | without ReLU = one layer")
    assert describe(made).alt.endswith(" A bracket joins linear and one layer: without ReLU = one layer.")
    texts = [text.get_text() for axes in draw(made, LIGHT).axes for text in axes.texts]
    assert "without ReLU =" in texts
    assert describe(trace(**FOUR)).alt.endswith(".")


def test_a_question_does_not_show_the_bracket() -> None:
    made = trace(**FOUR, bracket="linear, one layer | the same")
    texts = [text.get_text() for axes in draw_question(made, LIGHT).axes for text in axes.texts]
    assert "the same" not in texts
    assert draw_question(made, LIGHT).axes[1].get_position().bounds == draw(made, LIGHT).axes[1].get_position().bounds


@pytest.mark.parametrize(
    "wrong", ["linear, one layer", "one layer, linear | x", "linear | x", "linear, gone | x", "a, b | "]
)
def test_a_bracket_needs_two_groups_in_their_order_and_words(wrong: str) -> None:
    with pytest.raises(ValueError, match="give its first and its last group in their order, a bar and its words"):
        trace(**FOUR, bracket=wrong)
