"""What is kept is scaled as Keras scales it, and at use nothing changes."""

import warnings
from typing import Any

import numpy as np
import pytest
from filming import Played, faults, play
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import PANEL_TEXT, flaws
from said_numbers import assert_says

from figures import dropout_masks
from figures.dropout_masks import describe, draw, trace
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import keras

VALUES = [3, 1, 4, 1, 5, 9, 2, 6]
CASES: dict[str, dict[str, Any]] = {
    "half": {"values": VALUES},
    "none": {"values": VALUES, "rate": 0.0},
    "most, four steps": {"values": [0.25, 12.5], "rate": 0.8, "steps": 4},
    "ten": {"values": list(range(10)), "rate": 0.2, "steps": 1},
}


@pytest.mark.parametrize("rate", [0.0, 0.25, 0.5, 0.8])
def test_values_are_kept_and_scaled_as_keras_does(rate: float) -> None:
    values = np.arange(1.0, 9)[None].astype("float32")
    found = keras.layers.Dropout(rate, seed=1)(values, training=True)
    shown = trace(values=values, rate=rate, steps=4)
    possible = {0.0, 1.0} if rate else {1.0}
    for result in (np.asarray(found)[0], *shown.results):
        ratio = np.round(result / values[0] * (1 - rate), 4)
        assert set(ratio.tolist()) <= possible


def test_the_sum_is_kept_on_average() -> None:
    sums = [trace(values=VALUES, rate=0.3, steps=4, seed=seed).results.sum(axis=1).mean() for seed in range(2000)]
    assert np.mean(sums) == pytest.approx(sum(VALUES), rel=0.01)


def test_the_same_seed_draws_the_same_masks_and_each_step_another() -> None:
    first, again, other = (trace(values=VALUES, seed=seed).kept.tolist() for seed in (1, 1, 2))
    assert first == again != other
    assert len({tuple(row) for row in first}) == 3


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"values": [1]}, "give one row of 2 to 10 finite numbers"),
        ({"values": list(range(11))}, "give one row of 2 to 10"),
        ({"values": [1, float("inf")]}, "finite numbers"),
        ({"rate": 1.0}, "rate is 1.0; give the share that is dropped, from 0 to 0.9"),
        ({"steps": 5}, "steps is 5; 1 to 4 fit a slide"),
    ],
)
def test_what_cannot_be_shown_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**({"values": VALUES} | arguments))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("name", CASES)
def test_stills_and_panels_have_their_sizes_and_their_texts_stand_apart(theme: Any, name: str) -> None:
    shown = trace(**CASES[name])
    figure = draw(shown, theme)
    assert figure.get_size_inches().tolist() == pytest.approx([12.8, 6.0])
    assert flaws(figure) == []
    for step in range(len(describe(shown).steps)):
        panel = draw(shown, theme, step=step)
        assert panel.get_size_inches().tolist() == pytest.approx([4.2, 3.2])
        assert flaws(panel, PANEL_TEXT) == []


@pytest.fixture(scope="module")
def played() -> Played:
    return play(dropout_masks, CASES["half"])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_film_says_its_steps_and_its_texts_stand_apart(played: Played) -> None:
    assert played.sentences[1:] == list(describe(played.trace).steps)
    assert faults(played) == []


@given(st.lists(st.integers(-9, 9), min_size=2, max_size=10), st.sampled_from([0.0, 0.2, 0.5]), st.integers(0, 99))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(values: list[int], rate: float, seed: int) -> None:
    shown = trace(values=values, rate=rate, seed=seed)
    words = describe(shown)
    for k, step in enumerate(words.steps[:-1]):
        dropped = len(values) - shown.kept[k].sum()
        total = sum(value / (1 - rate) for value, kept in zip(values, shown.kept[k], strict=True) if kept)
        assert_says(step, [k + 1, dropped, len(values), 1 / (1 - rate), total])
    assert_says(words.steps[-1], [sum(values)])
