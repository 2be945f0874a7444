"""Hidden squares are shown at the place and with the sign that the experiment measured."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import sheet_flaws
from said_numbers import assert_says

from figures.occlusion import describe, draw, peak_of, trace
from generator.theme import DARK, LIGHT


def found(count: int = 10) -> dict:
    random = np.random.default_rng(0)
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 6:22, 10:16] = 255
    drops = np.zeros((count, 28, 28))
    drops[:, 4:24, 8:18] = random.normal(size=(count, 20, 10))
    return {
        "size": 5, "labels": np.arange(count), "images": images, "drops": drops, "scores": np.linspace(6, 12, count),
    }  # fmt: skip


def test_all_maps_share_one_scale_that_is_symmetric_about_zero() -> None:
    source = found()
    low, high = trace(found=source).limits
    assert -low == high == np.abs(source["drops"]).max()


def test_what_is_left_of_a_score_is_the_score_less_the_largest_drop() -> None:
    source = found(1)
    source["drops"][0] = 0
    source["drops"][0, 10, 12] = 4.5
    kept = trace(found=source, count=1)
    assert kept.lowest == (1.5,)
    assert "The 0: from 6.0 to 1.5 around row 11, column 13." in describe(kept).alt


def test_small_scores_are_written_with_two_decimals_and_no_minus_zero() -> None:
    source = found(1)
    source |= {"drops": source["drops"] / 100, "scores": np.array([0.0])}
    kept = trace(found=source, count=1, network="untrained")
    assert [kept.write_score(score) for score in (-0.001, -0.126, 2)] == ["0.00", "−0.13", "2.00"]
    assert describe(kept).alt.startswith("Network: untrained. 1 digits")


def test_the_first_of_equal_drops_is_marked() -> None:
    assert peak_of(np.array([[0, 2.0], [2, 1]])) == (0, 1)


def test_the_facts_say_how_much_is_unchanged() -> None:
    facts = describe(trace(found=found())).facts
    assert facts["unchanged"] == pytest.approx(1 - 200 / 784)
    assert facts["largest_rise"] > 0


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"drops": None}, "found has no drops; give it an occlusion"),
        ({"drops": np.zeros((10, 4, 4))}, r"images has shape \(10, 28, 28\) and drops \(10, 4, 4\); give a map"),
        ({"drops": np.full((10, 28, 28), np.nan)}, "drops holds a value that is not finite; look for"),
    ],
)
def test_another_result_is_refused(change: dict, problem: str) -> None:
    source = {name: value for name, value in (found() | change).items() if value is not None}
    with pytest.raises(ValueError, match=problem):
        trace(found=source)


@pytest.mark.parametrize("count", [0, 4])
def test_more_digits_than_there_are_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"count is {count}; there is room for 1 to 3 digits"):
        trace(found=found(3), count=count)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("count", [1, 3, 5, 7, 10])
def test_the_picture_fits_a_slide(theme, count: int) -> None:
    figure = draw(trace(found=found(), count=count, network="untrained"), theme)
    assert sheet_flaws(figure) == []
    assert len(figure.axes[0].images) == count + 1  # and the scale


def test_cells_that_raise_the_score_carry_a_dash() -> None:
    source = found(1)
    source["drops"][:] = 0
    source["drops"][0, 3, 3:6] = [-2, -2, 2]
    sheet = draw(trace(found=source, count=1), LIGHT).axes[0]
    assert 2 in {len(patch.get_path().vertices) // 2 for patch in sheet.patches if hasattr(patch, "get_path")}


@given(st.integers(1, 10), st.integers(0, 99), st.sampled_from([1.0, 0.01, -1.0]))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(count: int, seed: int, scale: float) -> None:

    random, source = np.random.default_rng(seed), found()
    drops = random.integers(-3, 4, (10, 28, 28)) * scale
    drops[0] = -np.abs(drops[0]) if seed % 2 else drops[0]
    source |= {"drops": drops, "scores": random.normal(size=10) * 5}
    said = [count, 5, 5]
    for label in range(count):
        score, best = source["scores"][label], drops[label].max()
        places = np.argwhere(drops[label] == best)
        more = [len(places) - 1] if len(places) > 1 else []
        said += [label, score] if best <= 0 else [label, score, score - best, *(places[0] + 1), *more]
    assert_says(describe(trace(found=source, count=count)).alt, [*said, 100 * np.mean(drops[:count] == 0)])


def test_a_digit_that_no_square_hurts_and_places_that_tie_are_said_so() -> None:
    source = found(2)
    source["drops"][0] = -1
    source["drops"][1] = 2
    alt = describe(trace(found=source, count=2)).alt
    assert (
        "The 0: hiding a square nowhere lowers its score of 6.0. The 1: from 12.0 to 10.0 around row 1, column 1 and just as low at 783"
        in alt
    )
