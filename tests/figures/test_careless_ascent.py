"""Images that never moved are counted and crossed out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import sheet_flaws, texts_of
from said_numbers import assert_says

from figures.careless_ascent import describe, draw, trace
from generator.theme import DARK, LIGHT


def found(channels: int = 64, stuck: int = 31) -> dict:
    random = np.random.default_rng(0)
    moved = random.permutation(np.arange(channels) >= stuck)
    return {"layer": "conv3", "steps": 30, "images": random.random((channels, 28, 28)), "moved": moved, "alive": stuck}


def test_the_text_and_the_facts_count_what_never_moved() -> None:
    source = found(6, 0)
    source["moved"][[1, 4]] = False
    words = describe(trace(found=source))
    assert "2 of 6 never moved, because the gradient there is zero: channels 1 and 4." in words.alt
    assert (words.facts["stuck"], words.facts["moved"]) == (2, 4)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"moved": None}, "found has no moved; give it a careless ascent"),
        ({"moved": np.ones(3, bool)}, r"images has shape \(64, 28, 28\) and moved \(3,\); give one of each"),
        ({"images": np.full((64, 28, 28), np.inf)}, "images holds a value that is not finite; look for"),
        ({"images": np.ones((65, 4, 4)), "moved": np.ones(65)}, "there are 65 channels; there is room for 1 to 64"),
    ],
)
def test_another_result_is_refused(change: dict, problem: str) -> None:
    source = {name: value for name, value in (found() | change).items() if value is not None}
    with pytest.raises(ValueError, match=problem):
        trace(found=source)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(("channels", "stuck"), [(1, 1), (5, 0), (32, 10), (64, 31), (64, 64)])
def test_the_picture_fits_a_slide_and_writes_the_count(theme, channels: int, stuck: int) -> None:
    figure = draw(trace(found=found(channels, stuck)), theme)
    assert sheet_flaws(figure) == []
    assert str(stuck) in {text.get_text() for text in texts_of(figure)}
    assert len(figure.axes[0].images) == channels


def test_each_image_that_never_moved_is_crossed_out() -> None:
    sheet = draw(trace(found=found()), LIGHT).axes[0]
    crosses = [patch for patch in sheet.patches if len(patch.get_path().vertices) == 4]
    assert len(crosses) == 31


@given(st.integers(1, 40), st.integers(0, 40), st.integers(0, 3))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(total: int, stuck: int, alive: int) -> None:

    source = {**found(total, min(stuck, total)), "alive": alive}
    still = [channel for channel, moved in enumerate(source["moved"]) if not moved]
    said = [len(still), total, *still, alive] if still else []
    assert_says(describe(trace(found=source)).alt, [total, 30, *said])


def test_where_all_images_moved_nothing_is_said_to_be_crossed_out() -> None:
    shown = trace(found=found(5, 0))
    assert describe(shown).alt.endswith("from the same gray noise. All of them moved.")
    assert not [text for text in texts_of(draw(shown, LIGHT)) if "crossed out" in text.get_text()]
