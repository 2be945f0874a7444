"""Feature maps share one scale, and silent channels are counted, not stretched until they look alive."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from said_numbers import assert_says

from figures.feature_maps import describe, draw, trace
from generator.theme import DARK, LIGHT

layers = hnp.arrays(
    np.float32, hnp.array_shapes(min_dims=3, max_dims=3, max_side=6),
    elements=st.floats(-4, 4, width=32).map(lambda value: max(value, 0)),
)  # fmt: skip


def four_channels() -> np.ndarray:
    maps = np.zeros((3, 3, 4), np.float32)
    maps[0, 0] = [1, 0, 5, 2]
    return maps


def test_the_maps_with_most_contrast_come_first() -> None:
    assert trace(maps=four_channels(), count=3).channels == (2, 3, 0)


def test_all_takes_every_channel_in_order() -> None:
    assert trace(maps=four_channels(), pick="all").channels == (0, 1, 2, 3)


def test_a_list_takes_the_channels_it_names() -> None:
    shown = trace(maps=four_channels(), pick=[3, 1])
    assert shown.channels == (3, 1)
    assert shown.maps[0, 0].tolist() == [2, 0]


@given(layers)
def test_the_scale_is_that_of_the_whole_layer(maps: np.ndarray) -> None:
    assert trace(maps=maps, pick=[0]).limits == (0, float(maps.max()) or 1)


@given(layers)
def test_silent_channels_are_those_that_are_zero_everywhere(maps: np.ndarray) -> None:
    shown = trace(maps=maps, pick="all")
    assert shown.silent == sum(not maps[..., channel].any() for channel in range(maps.shape[2]))
    assert shown.zeros == pytest.approx((maps == 0).mean())


def test_negative_values_make_the_scale_symmetric() -> None:
    assert trace(maps=np.array([[[-3.0], [1.0]]]), count=1).limits == (-3, 3)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"maps": np.zeros((3, 3))}, r"maps has shape \(3, 3\); give"),
        ({"maps": np.full((2, 2, 1), np.nan)}, "not finite; look"),
        ({"maps": four_channels(), "count": 5}, "count is 5; the layer has 4 channels"),
        ({"maps": four_channels(), "pick": [4]}, "there is no channel 4; the layer has 0 to 3"),
        ({"maps": four_channels(), "pick": "best"}, "pick is 'best'; give"),
    ],
)
def test_what_cannot_be_shown_is_refused(arguments: dict, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**arguments)


def test_the_text_says_how_many_channels_are_silent() -> None:
    words = describe(trace(maps=four_channels(), layer="conv2", pick="all"))
    assert "1 of 4 channels is silent, 92 % of all values are zero" in words.alt
    assert words.facts["silent"] == 1


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("channels", [1, 8, 64])
def test_the_picture_fits_a_slide_and_its_text_stays_inside(theme, channels: int) -> None:
    maps = np.random.default_rng(0).random((5, 5, channels)) - 0.5
    figure = draw(trace(maps=maps, image=maps[..., 0] + 0.5, pick="all", layer="conv1 before ReLU"), theme)
    assert figure.get_size_inches()[1] <= 6
    figure.draw_without_rendering()
    frame = figure.bbox
    for text in figure.axes[0].texts:
        assert text.get_fontsize() >= 13
        assert text.get_window_extent().x1 <= frame.x1


def test_a_silent_channel_is_crossed_out_rather_than_colored() -> None:
    figure = draw(trace(maps=four_channels(), pick=[1]), LIGHT)
    assert len(figure.axes[0].images) == 1  # the scale alone


@given(layers, st.sampled_from(["all", "top"]), st.booleans())
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(maps: np.ndarray, pick: str, signed: bool) -> None:

    values = np.float64(maps) - (1.5 if signed else 0)
    height, width, total = maps.shape
    contrast = [values[:, :, k].std() for k in range(total)]
    ranked = sorted(range(total), key=lambda k: -contrast[k])
    shown = list(range(total)) if pick == "all" else ranked
    reach = np.abs(values).max() or 1
    low = -reach if values.min() < 0 else 0
    peaks = [number for k in shown for number in (k, values[:, :, k].max())]
    silent = sum(not values[:, :, k].any() for k in range(total))
    said = [total, total, height, width, low, reach, *peaks, silent, total, 100 * np.mean(values == 0)]
    assert_says(describe(trace(maps=values, pick=pick, count=total)).alt, said)


def test_where_more_than_eight_maps_are_shown_the_text_says_that_it_names_the_first() -> None:
    words = describe(trace(maps=np.ones((2, 2, 9)), pick="all"))
    assert "Largest value by channel, of the first 8: 0 (1.00)" in words.alt
