"""Numerals stand where the analysis put them, in both planes on one scale an axis, and errors can be seen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from legibility import sheet_flaws
from said_numbers import assert_says

from figures.embedding import describe, draw, spread, trace
from figures.parts.numerals import push_apart
from generator.theme import DARK, LIGHT


def found(count: int = 50, classes: int = 10) -> dict:
    random = np.random.default_rng(0)
    labels = random.integers(0, classes, count)
    levels = [{"layer": "pixels", "values": 784}, {"layer": "dense1", "values": 64}]

    def plane(layer: str, right: float) -> dict:
        points = random.normal(size=(count, 2))
        means = np.stack([points[labels == label].mean(axis=0) for label in np.unique(labels)])
        return {
            "layer": layer, "plane": points, "classes": np.unique(labels), "means": means, "variance": 0.25,
            "wrong": random.random(count) > right, "nearest_neighbor": right, "nearest_mean": right - 0.1,
        }  # fmt: skip

    return {
        "labels": labels, "levels": levels, "pixels": plane("pixels", 0.9), "last": plane("dense1", 0.98),
        "known": 4000, "asked": 2000,
    }  # fmt: skip


def test_the_text_gives_both_accuracies_of_both_spaces() -> None:
    words = describe(trace(found=found(), count=40)).alt
    assert words.startswith("40 test digits as numerals")
    assert "By pixels (784 values): nearest neighbor 90.0 % right, nearest class mean 80.0 %;" in words
    assert "By dense1 (64 values): nearest neighbor 98.0 % right, nearest class mean 88.0 %;" in words
    assert "2,000 test digits, classified by means of 4,000 training digits" in words


def test_facts_count_the_wrong_ones_that_are_shown() -> None:
    source = found()
    facts = describe(trace(found=source, count=30)).facts
    assert facts["pixels"]["wrong_shown"] == source["pixels"]["wrong"][:30].sum()
    assert (facts["shown"], facts["last"]["values"]) == (30, 64)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(hnp.arrays(np.float64, st.tuples(st.integers(1, 9), st.just(2)), elements=st.floats(-1e3, 1e3)))
def test_points_stay_in_their_panel_and_keep_their_proportions(points: np.ndarray) -> None:
    placed = spread(points, 0.1)
    assert (placed > [0.1, 1]).all()
    assert (placed < [6.25, 5.45]).all()
    ratio = placed - placed[0]
    reach = np.abs(points - points[0]).max()
    if reach > 1e-3:
        scale = np.abs(ratio).max() / reach
        assert np.allclose(ratio, (points - points[0]) * scale * [1, -1], atol=1e-6)


def test_labels_of_near_means_step_apart_and_others_stay() -> None:
    placed = push_apart(np.array([[1.0, 1], [1, 1], [1.1, 1], [4, 4]]), 0.3)
    gaps = [np.hypot(*(placed[i] - placed[j])) for i in range(4) for j in range(i)]
    assert min(gaps) > 0.29
    assert placed[3].tolist() == [4, 4]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda source: source.pop("last"), "found has no last; give it a separation"),
        (lambda source: source["pixels"].pop("means"), "a plane has no means; give a separation"),
        (lambda source: source["last"].update(plane=np.zeros((50, 3))), r"a plane has shape \(50, 3\); give 50 finite"),
        (
            lambda source: source["last"].update(plane=np.full((50, 2), np.nan)),
            r"a plane has shape \(50, 2\); give 50 finite",
        ),
    ],
)
def test_another_result_is_refused(change, problem: str) -> None:
    source = found()
    change(source)
    with pytest.raises(ValueError, match=problem):
        trace(found=source, count=10)


@pytest.mark.parametrize("count", [0, 51])
def test_more_points_than_there_are_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"count is {count}; the experiment kept 1 to 50 points"):
        trace(found=found(), count=count)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(("count", "classes"), [(1, 10), (50, 10), (50, 3)])
def test_the_picture_fits_a_slide(theme, count: int, classes: int) -> None:
    assert sheet_flaws(draw(trace(found=found(classes=classes), count=count), theme)) == []


def test_every_point_and_every_mean_is_drawn_once() -> None:
    figure = draw(trace(found=found(), count=50), LIGHT)
    drawn = sum(len(group.get_offsets()) for group in figure.axes[0].collections)
    assert drawn == 2 * (50 + 10)


def test_wrong_ones_are_larger_not_only_red() -> None:
    figure = draw(trace(found=found(), count=50), LIGHT)
    sizes = {tuple(group.get_facecolor()[0]): group.get_sizes()[0] for group in figure.axes[0].collections}
    assert len(set(sizes.values())) == 3


@given(st.integers(1, 50), st.floats(0.1, 1), st.floats(0, 1))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(count: int, right: float, variance: float) -> None:

    source = found()
    for name, share in (("pixels", right), ("last", right / 2)):
        source[name] |= {"nearest_neighbor": share, "nearest_mean": share / 3, "variance": variance}
    said = [784, 100 * right, 100 * right / 3, 100 * variance, 64, 50 * right, 50 * right / 3, 100 * variance]
    assert_says(describe(trace(found=source, count=count)).alt, [count, *said, 2000, 4000])
