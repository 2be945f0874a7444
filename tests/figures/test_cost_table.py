"""Parameters and multiplications stand on scales of their own, and the verdict says when they disagree."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import flaws
from said_numbers import assert_says

from figures.cost_table import describe, draw, trace, write_ratio
from generator.theme import DARK, LIGHT

COURSE = {
    "names": ["convnet", "dense 512", "dense 117"],
    "parameters": [93_322, 407_050, 93_025],
    "macs": [2_794_240, 406_528, 92_898],
}
COUNTS = st.lists(st.tuples(st.integers(1, 10**8), st.integers(1, 10**8)), min_size=1, max_size=6)


@given(COUNTS)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_verdict_names_a_pair_with_fewer_parameters_and_more_work_if_there_is_one(counts: Any) -> None:
    parameters, macs = zip(*counts, strict=True)
    shown = trace(names=[str(k) for k in range(len(counts))], parameters=parameters, macs=macs)
    exists = any(a[0] < b[0] and a[1] > b[1] for a in counts for b in counts)
    assert (shown.reversal is not None) == exists
    if shown.reversal:
        one, other = shown.reversal
        assert one.parameters < other.parameters
        assert one.macs > other.macs


def test_the_convolutional_network_has_fewer_parameters_and_more_work() -> None:
    words = describe(trace(**COURSE))
    assert (
        words.facts["verdict"]
        == "convnet has fewer parameters than dense 512 (0.23 ×), but more multiplications (6.9 ×)."
    )
    assert "dense 512: 407,050 parameters (4.4 ×), 406,528 multiplications (0.15 ×)" in words.alt
    assert words.facts["mac_ratios"][1] == 406_528 / 2_794_240


@pytest.mark.parametrize(
    ("value", "text"), [(1, "0.1 ×"), (10, "1 ×"), (12, "1.2 ×"), (4_321, "432 ×"), (30_000, "3,000 ×")]
)
def test_a_ratio_has_two_digits_that_count(value: int, text: str) -> None:
    assert write_ratio(value, 10) == text


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"macs": [1]}, "there are 3 names, 3 parameters and 1 macs; give one of each"),
        ({"parameters": [0, 1, 2]}, "parameters holds 0; give whole numbers from 1 up"),
        ({"macs": [1.5, 1, 2]}, "macs holds 1.5; give whole numbers"),
        ({"macs": [float("nan"), 1, 2]}, "macs holds nan; give whole numbers"),
        ({"names": ["a"] * 7, "parameters": [1] * 7, "macs": [1] * 7}, "there are 7 networks; 1 to 6 fit"),
    ],
)
def test_what_are_no_costs_is_refused(changed: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**(COURSE | changed))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_the_picture_fits_a_slide(theme: Any, count: int) -> None:
    names = ["convnet", "dense 512", "dense 117", "with a name that is rather long", "e", "f"][:count]
    parameters, macs = (
        [93_322, 407_050, 93_025, 1, 12_345_678, 2][:count],
        [2_794_240, 406_528, 92_898, 1, 9, 1_234_567_890][:count],
    )
    figure = draw(trace(names=names, parameters=parameters, macs=macs), theme)
    assert figure.get_size_inches()[0] == pytest.approx(12.8)
    assert figure.get_size_inches()[1] <= 6
    assert flaws(figure) == []


@given(COUNTS)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(counts: Any) -> None:

    names, (parameters, macs) = "abcdef"[: len(counts)], zip(*counts, strict=True)
    said = []
    for ours, theirs in counts:
        said += [ours, ours / parameters[0], theirs, theirs / macs[0]]
    alt, *verdict = describe(trace(names=list(names), parameters=parameters, macs=macs)).alt.split(" has fewer")
    assert_says(alt, said)
    if verdict:
        one, other = (names.index(name) for name in (alt[-1], verdict[0].split("than ")[1][0]))
        assert_says(verdict[0], [parameters[one] / parameters[other], macs[one] / macs[other]])


@pytest.mark.parametrize(("value", "text"), [(999, "1.0 ×"), (1004, "1.0 ×"), (9960, "10 ×"), (996, "1.0 ×")])
def test_a_ratio_is_1_only_if_it_is_exactly_that(value: int, text: str) -> None:
    assert write_ratio(value, 1000) == text
