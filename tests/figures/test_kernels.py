"""Kernels stand above the maps they make, each on its common scale."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from said_numbers import assert_says

from figures.kernels import describe, draw, trace
from generator.theme import DARK, LIGHT

RANDOM = np.random.default_rng(0)
KERNELS = RANDOM.normal(size=(32, 3, 3))


def test_the_kernels_whose_maps_have_most_contrast_are_shown_in_channel_order() -> None:
    maps = np.zeros((4, 4, 32))
    maps[0, 0, [20, 3, 7]] = [5, 9, 7]
    assert trace(kernels=KERNELS, maps=maps, count=2).channels == (3, 7)


def test_without_maps_the_largest_weights_are_shown() -> None:
    weights = np.ones((5, 3, 3))
    weights[3] *= -2
    assert trace(kernels=weights, count=1).channels == (3,)


def test_the_scale_of_weights_is_symmetric_about_zero_and_that_of_all_kernels() -> None:
    low, high = trace(kernels=KERNELS, count=2).limits
    assert -low == high == np.abs(KERNELS).max()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"kernels": np.ones((3, 3))}, r"kernels has shape \(3, 3\); give"),
        ({"kernels": KERNELS, "count": 33}, "count is 33; there are 32 kernels"),
        ({"kernels": KERNELS, "maps": np.ones((4, 4, 3))}, r"maps has shape \(4, 4, 3\); give"),
    ],
)
def test_what_does_not_fit_is_refused(arguments: dict, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**arguments)


def test_the_text_says_how_many_are_shown() -> None:
    assert describe(trace(kernels=KERNELS, count=4)).alt.startswith("4 of 32 kernels, 3 × 3 weights each, from −")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("count", [1, 8, 16, 32])
@pytest.mark.parametrize("maps", [None, RANDOM.random((26, 26, 32))])
def test_the_picture_fits_a_slide(theme, count: int, maps) -> None:
    figure = draw(trace(kernels=KERNELS, maps=maps, count=count), theme)
    assert figure.get_size_inches()[1] <= 6
    assert min(text.get_fontsize() for text in figure.axes[0].texts) >= 13


@given(st.integers(1, 5), st.integers(1, 3), st.integers(0, 99), st.booleans())
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(total: int, side: int, seed: int, mapped: bool) -> None:

    weights = np.random.default_rng(seed).normal(size=(total, side, 2)) / 50
    maps = np.random.default_rng(seed + 1).normal(size=(4, 4, total)) if mapped else None
    count = 1 + seed % total
    spread = [maps[:, :, k].std() if mapped else np.abs(weights[k]).sum() for k in range(total)]
    chosen = weights[sorted(range(total), key=lambda k: -spread[k])[:count]]
    edge, ways = np.sign(np.arange(side) - (side - 1) / 2)[:, None] * np.ones(2), [np.ones((side, 2))]
    ways += [edge, -edge, np.ones((side, 1)) * [-1, 1], np.ones((side, 1)) * [1, -1]]
    likes = [
        [(kernel * way).sum() / (np.linalg.norm(kernel) * np.linalg.norm(way) or 1) for way in ways]
        for kernel in chosen
    ]
    best = [int(np.argmax(like)) if max(like) >= 0.7 else 5 for like in likes]
    said = [count, total, side, 2, chosen.min(), chosen.max(), *(best.count(k) for k in range(6) if k in best)]
    assert_says(describe(trace(kernels=weights, maps=maps, count=count)).alt, said)
