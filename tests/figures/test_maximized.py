"""Optimized images stand above the real patches that they are compared with, answers on one scale."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import sheet_flaws, texts_of
from matplotlib.colors import to_rgba
from said_numbers import assert_says

from figures.maximized import describe, draw, trace
from generator.theme import DARK, LIGHT


def found(channels: int = 8) -> dict:
    random = np.random.default_rng(0)
    curves = np.sort(random.normal(2, 3, (channels, 5)), axis=1)
    return {
        "layer": "conv3", "steps": 4, "channels": np.arange(channels) * 7, "curves": curves, "values": curves[:, -1],
        "images": random.random((channels, 18, 18)), "patch_values": random.random(channels) * 5,
        "patches": random.integers(0, 256, (channels, 18, 18), dtype=np.uint8),
    }  # fmt: skip


def test_the_text_says_where_each_ascent_began_and_ended_and_what_is_real() -> None:
    source = found(1)
    source |= {"curves": np.array([[-0.5, 2, 5.25]]), "values": np.array([5.25]), "patch_values": np.array([4.0])}
    words = describe(trace(found=source, channels=1))
    assert "Channel 0: from −0.50 for noise to 5.25, real patch 4.00." in words.alt
    assert words.facts["beyond_real"] == 1


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"curves": None}, "found has no curves; give it maximized images"),
        ({"patches": np.zeros((8, 4, 4))}, r"images has shape \(8, 18, 18\) and patches \(8, 4, 4\); give a patch"),
        ({"images": np.full((8, 18, 18), np.nan)}, "images holds a value that is not finite; look for"),
    ],
)
def test_another_result_is_refused(change: dict, problem: str) -> None:
    source = {name: value for name, value in (found() | change).items() if value is not None}
    with pytest.raises(ValueError, match=problem):
        trace(found=source)


@pytest.mark.parametrize(("channels", "most"), [(0, 8), (9, 8), (4, 3)])
def test_more_channels_than_there_are_is_refused(channels: int, most: int) -> None:
    with pytest.raises(ValueError, match=f"channels is {channels}; there is room for 1 to {most}"):
        trace(found=found(most), channels=channels)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("channels", [1, 4, 6, 8])
def test_the_picture_fits_a_slide_and_writes_every_answer(theme, channels: int) -> None:
    kept = trace(found=found(), channels=channels)
    figure = draw(kept, theme)
    assert sheet_flaws(figure) == []
    written = {text.get_text() for text in texts_of(figure)}
    assert {f"{value:.2f}".replace("-", "−") for value in (*kept.values, *kept.patch_values)} <= written


def test_a_channel_that_answers_below_zero_has_no_bar() -> None:
    source = found(1) | {"values": np.array([-1.0]), "patch_values": np.array([-2.0])}
    bars = [patch for patch in draw(trace(found=source, channels=1), LIGHT).axes[0].patches if patch.get_fc()[3]]
    assert bars == []


@given(st.integers(1, 8), st.integers(0, 99), st.sampled_from([1, 1e-3]))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(channels: int, seed: int, scale: float) -> None:

    random, source = np.random.default_rng(seed), found()
    values = random.normal(size=(3, 8)) * scale
    source |= {"curves": np.stack([values[0], values[1]], axis=1), "values": values[1], "patch_values": values[2]}
    each = [number for k in range(channels) for number in (7 * k, *values[:, k])]
    alt = describe(trace(found=source, channels=channels)).alt
    assert_says(alt, [channels, 18, 18, 4, *each])
    assert "−0.00" not in alt


def test_a_bar_begins_behind_a_number_of_two_digits() -> None:
    source = found(1) | {"values": np.array([110.18]), "patch_values": np.array([8.76])}
    figure = draw(trace(found=source, channels=1), LIGHT)
    figure.draw_without_rendering()
    numbers = [text.get_window_extent() for text in texts_of(figure) if text.get_text() in ("110.18", "8.76")]
    bars = [
        patch.get_window_extent() for patch in figure.axes[0].patches if patch.get_facecolor() == to_rgba(LIGHT.output)
    ]
    assert len(numbers) == len(bars) == 2
    assert min(bar.x0 for bar in bars) > max(number.x1 for number in numbers)
