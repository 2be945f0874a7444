"""Kernels stand in their row and column, on one scale, and what is said of their way is measured on it."""

from typing import Any

import numpy as np
import pytest
from filming import Played, faults, play
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import PANEL_TEXT, flaws, sheet_flaws, words_of
from said_numbers import assert_says

from figures import kernel_history
from figures.kernel_history import describe, draw, trace
from figures.parts.still import color_cells
from generator.theme import DARK, LIGHT


def example(moments: int = 4, n: int = 12, shape: tuple[int, int] = (3, 3), seed: int = 0) -> dict[str, Any]:
    """Return kernels that wander."""
    ways = np.random.default_rng(seed).normal(size=(moments, n, *shape)) / 5
    return {"steps": [0, 1, 20, 300, 1500, 1800, 2000, 2200, 2400, 12345][:moments], "kernels": ways.cumsum(axis=0)}


HISTORY = example()
CASES: dict[str, dict[str, Any]] = {
    "usual": {"history": HISTORY},
    "full": {"history": example(10)},
    "one": {"history": example(2, 1), "count": 1},
    "three, wide": {"history": example(3, 5, (2, 7)), "channels": [4, 0, 2]},
    "five, high": {"history": example(3, 5, (7, 2)), "count": 5},
    "all zero": {"history": {"steps": [0, 5], "kernels": np.zeros((2, 8, 3, 3))}},
}


def test_the_kernels_that_end_farthest_from_where_they_began_are_shown_in_channel_order() -> None:
    kernels = np.zeros((3, 10, 3, 3))
    kernels[1, 5] = 100  # far away for a while
    kernels[2, [7, 2, 4], 0, 0] = [-3, 2, 1]
    assert trace(history={"steps": [0, 1, 2], "kernels": kernels}, count=2).channels == (2, 7)


def test_a_lecture_may_choose_the_kernels_and_their_order() -> None:
    shown = trace(history=HISTORY, channels=[7, 2])
    assert shown.channels == (7, 2)
    assert (shown.kernels == HISTORY["kernels"][:, [7, 2]]).all()
    assert "those that change most" not in describe(shown).alt


def test_the_scale_is_that_of_all_kernels_at_all_moments() -> None:
    low, high = trace(history=HISTORY, count=1).limits
    assert -low == high == np.abs(HISTORY["kernels"]).max()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"history": {"steps": [0, 1]}}, "history has no kernels; give steps"),
        ({"history": HISTORY | {"steps": [0, 1, 2]}}, "there are 3 steps and 4 moments; give 2 to 10 of both"),
        ({"history": example(1)}, "there are 1 steps and 1 moments"),
        ({"history": HISTORY | {"steps": [0, 2, 2, 3]}}, "steps do not rise; give whole numbers"),
        ({"history": HISTORY | {"steps": [0, 0.5, 2, 3]}}, "steps do not rise; give whole numbers"),
        ({"history": HISTORY | {"kernels": np.ones((4, 3, 3))}}, r"kernels has shape \(4, 3, 3\); give an array"),
        ({"history": example(4, 3, (9, 3))}, "the kernels are 9 × 3; up to 7 cells a side are told apart"),
        ({"count": 9}, "count is 9, of 12 kernels; 1 to 8 fit a slide"),
        ({"channels": [1, 1]}, r"channels is \[1, 1\]; give 1 to 8 numbers, each once"),
        ({"channels": [12]}, r"channels is \[12\]; there are kernels 0 to 11"),
    ],
)
def test_what_is_no_history_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**({"history": HISTORY} | arguments))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("name", CASES)
def test_stills_and_panels_have_their_sizes_and_their_texts_stand_apart(theme: Any, name: str) -> None:
    shown = trace(**CASES[name])
    assert sheet_flaws(draw(shown, theme)) == []
    for step in range(len(describe(shown).steps)):
        panel = draw(shown, theme, step=step)
        assert panel.get_size_inches().tolist() == pytest.approx([4.2, 3.2])
        assert flaws(panel, PANEL_TEXT) == []
        assert len(panel.axes[0].images) == len(shown.channels)


def test_a_kernel_stands_in_its_row_and_column() -> None:
    shown = trace(history=HISTORY, channels=[7, 2])
    images = draw(shown, LIGHT).axes[0].images[:-1]  # the last one is the scale
    corners = [(round(image.get_extent()[3], 6), round(image.get_extent()[0], 6)) for image in images]
    assert corners == sorted(corners)
    for image, (k, moment) in zip(images, np.ndindex(2, 4), strict=True):
        assert (image.get_array() == color_cells(shown.kernels[moment, k], shown.limits)).all()


def test_how_far_each_kernel_moved_is_written_behind_it() -> None:
    shown = trace(history=HISTORY, count=3)
    words = words_of(draw(shown, LIGHT))
    for k, channel in enumerate(shown.channels):
        moved = np.linalg.norm(HISTORY["kernels"][-1, channel] - HISTORY["kernels"][0, channel])
        assert words[words.index(str(channel), 8 if k else 0) + 1] == f"{moved:.2f}"


@pytest.fixture(scope="module", params=["usual", "one", "three, wide"])
def played(request: pytest.FixtureRequest) -> Played:
    return play(kernel_history, CASES[request.param])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_film_says_its_steps_and_its_texts_stand_apart(played: Played) -> None:
    assert played.sentences[1:] == list(describe(played.trace).steps)
    assert faults(played) == []
    captions = [
        [text.text for text in mark if "training" in text.text or "after" in text.text] for mark in played.marks
    ]
    assert captions[:2] == [["before training"], ["after 1 step"]]


@given(st.integers(2, 5), st.integers(1, 9), st.integers(0, 99), st.booleans())
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(moments: int, n: int, seed: int, chosen: bool) -> None:
    history = example(moments, n, (2, 3), seed)
    kernels, steps = history["kernels"], history["steps"]
    moved = np.array([[np.linalg.norm(kernels[t, k] - kernels[0, k]) for k in range(n)] for t in range(moments)])
    channels = [n - 1] if chosen else sorted(sorted(range(n), key=lambda k: -moved[-1, k])[:8])
    shown = trace(history=history, count=min(n, 8), channels=channels if chosen else None)
    assert shown.channels == tuple(channels)
    words = describe(shown)
    most, least = (pick(channels, key=lambda k: moved[-1, k]) for pick in (max, min))
    ends = [most, moved[-1, most], *([least, moved[-1, least]] if len(channels) > 1 else [])]
    weights = kernels[:, channels]
    assert_says(words.alt, [len(channels), n, 2, 3, moments, *steps, weights.min(), weights.max(), *ends])
    for t in range(1, moments):
        far = max(channels, key=lambda k: moved[t, k])
        mean = moved[t, channels].mean()
        assert_says(words.steps[t - 1], [steps[t], mean, *([far, moved[t, far]] if len(channels) > 1 else [])])
