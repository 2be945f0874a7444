"""Softmax is TensorFlow's at every temperature, sums to one, keeps the largest, and survives large logits."""

import itertools
import warnings
from typing import Any

import numpy as np
import pytest
from filming import Played, faults, play
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import PANEL_TEXT, flaws
from said_numbers import assert_says

from figures import softmax
from figures.softmax import describe, draw, trace, write_logit, write_share
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

DIGITS = [-2.1, 0.4, 1.3, 4.2, -0.7, 5.1, 0.2, -3.5, 2.9, 1.1]
LOGITS = st.lists(st.floats(-50, 50, width=32), min_size=2, max_size=12)
HEATS = st.lists(st.floats(0.1, 20), min_size=1, max_size=3)
CASES: dict[str, dict[str, Any]] = {
    "ten digits": {"logits": DIGITS},
    "three temperatures": {"logits": DIGITS, "temperature": [1, 0.5, 3]},
    "names": {"logits": [1, 2, 3], "classes": ["cat", "dog", "hippo"], "temperature": 2},
    "all negative": {"logits": [-4, -2], "temperature": [2, 1]},
    "twelve": {"logits": list(range(12)), "temperature": [0.1, 10, 1, 2, 3]},
    "huge": {"logits": [1e9, -1e9, 0], "temperature": [1, 5]},
    "equal": {"logits": [0, 0, 0, 0]},
}


@given(LOGITS, HEATS)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_probabilities_are_tensorflows(logits: list[float], heats: list[float]) -> None:
    shown = trace(logits=logits, temperature=heats)
    for heat, row in zip(heats, shown.probabilities, strict=True):
        expected = tf.nn.softmax(tf.constant(logits, tf.float64) / heat).numpy()
        np.testing.assert_allclose(row, expected, atol=1e-12)


@given(LOGITS, HEATS)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_they_sum_to_one_and_the_order_is_that_of_the_logits(logits: list[float], heats: list[float]) -> None:
    shown = trace(logits=logits, temperature=heats)
    np.testing.assert_allclose(shown.probabilities.sum(axis=1), 1, atol=1e-12)
    assert (shown.probabilities[:, shown.winners[0]] == shown.probabilities.max(axis=1)).all()
    order = np.argsort(logits, kind="stable")
    assert (np.diff(shown.probabilities[:, order], axis=1) >= -1e-15).all()


def test_large_logits_do_not_overflow() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert trace(logits=[1000, 1001, -1e6]).probabilities[0] == pytest.approx([0.26894142, 0.73105858, 0])


def test_adding_a_number_to_all_logits_changes_nothing() -> None:
    moved = trace(logits=np.array(DIGITS) + 64)
    np.testing.assert_allclose(moved.probabilities, trace(logits=DIGITS).probabilities, atol=1e-12)


def test_a_high_temperature_evens_out_and_a_low_one_sharpens() -> None:
    cold, warm, hot = describe(trace(logits=DIGITS, temperature=[0.5, 1, 3])).facts["top"]
    assert cold > warm > hot


def test_the_words_say_the_sum_the_winner_and_each_temperature() -> None:
    words = describe(trace(logits=DIGITS, temperature=[1, 0.5]))
    assert "From each logit the largest, 5.1, is subtracted; exp makes every one positive" in words.steps[0]
    assert words.steps[0].endswith("their sum is about 1.579.")
    assert words.steps[1].endswith("class 5 has the most, 0.633.")
    assert words.steps[2].startswith("At temperature 0.5 class 5 has the most, 0.848: the probabilities are sharper")
    assert words.facts["winner"] == "5"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"logits": [1]}, "there are 1 logits; give 2 to 12"),
        ({"logits": [[1, 2]]}, r"logits has shape \(1, 2\); give an array \(classes\)"),
        ({"logits": [1, float("inf")]}, "logits holds a value that is not finite"),
        ({"logits": ["a", "b"]}, "logits is not made of numbers"),
        ({"classes": ["cat"]}, "1 classes for 10 logits; give one name"),
        ({"temperature": 0}, "temperature is 0; give numbers above zero"),
        ({"temperature": []}, r"temperature is \[\]; give a number, or a list of up to 5"),
        ({"temperature": "hot"}, "temperature is 'hot'; give a number"),
    ],
)
def test_a_bad_argument_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**{"logits": DIGITS, **arguments})


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


def test_a_still_writes_every_logit_and_probability() -> None:
    shown = trace(**CASES["three temperatures"])
    written = [text.get_text() for text in draw(shown, LIGHT).axes[0].texts]
    for text in [write_logit(v) for v in shown.logits] + [write_share(v) for v in shown.probabilities.flat]:
        written.remove(text)


def test_a_bar_is_as_long_as_its_number() -> None:
    from figures.parts.keyframes import Box
    from figures.softmax import compose_slide

    items = compose_slide(trace(logits=DIGITS))
    bars = {item.name: item.width for item in items if isinstance(item, Box)}
    shown = trace(logits=DIGITS).probabilities[0]
    for one, other in itertools.pairwise([3, 5, 8]):
        assert bars[f"prob bar {one}"] / bars[f"prob bar {other}"] == pytest.approx(shown[one] / shown[other])


@pytest.fixture(scope="module", params=["ten digits", "three temperatures", "names", "huge"])
def played(request: pytest.FixtureRequest) -> Played:
    return play(softmax, CASES[request.param])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_film_says_its_steps_and_its_texts_stand_apart(played: Played) -> None:
    assert played.sentences[1:] == list(describe(played.trace).steps)
    assert faults(played) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_film_ends_each_step_with_the_numbers_of_the_trace(played: Played) -> None:
    shown = played.trace
    opening, *steps = [[text.text for text in mark] for mark in played.marks]
    assert not {write_share(value) for value in shown.probabilities[0] if 0 < value < 1} & set(opening)
    for number, written in enumerate(steps):
        heat = max(0, number - 1)
        rows = [shown.exponentials[heat], *([shown.probabilities[heat]] if number else [])]
        for text in [write_logit(v) for v in shown.logits] + [write_share(v) for row in rows for v in row]:
            written.remove(text)


@given(
    st.lists(st.sampled_from([-800.0, -3.0, -0.5, 0.0, 1 / 3, 2.0, 2.0, 123.456, 1e5]), min_size=2, max_size=6),
    st.lists(st.sampled_from([0.015, 0.5, 1.0, 2.0, 100.0]), min_size=1, max_size=4),
)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(logits: Any, heats: Any) -> None:

    names = "abcdef"[: len(logits)]
    words = describe(trace(logits=logits, temperature=heats, classes=list(names)))
    rows = [np.exp((np.array(logits) - max(logits)) / heat) for heat in heats]
    shares = [row / row.sum() for row in rows]
    parts = [number for heat, share in zip(heats, shares, strict=True) for number in (heat, *share)]
    assert_says(words.alt, [len(logits), *logits, *parts, 1])
    best, total = [share.max() for share in shares], rows[0].sum()
    assert_says(words.steps[0], [max(logits), *([heats[0]] if heats[0] != 1 else []), total])
    assert_says(words.steps[1], [total, 1, best[0]])
    for number, step in enumerate(words.steps[2:], start=1):
        assert_says(step, [heats[number], best[number], heats[number - 1]])
        even = "even" if heats[number] > heats[number - 1] else "sharper"
        is_same = heats[number] == heats[number - 1] or len(set(logits)) == 1
        assert ("the same as at" if is_same else even) in step


def test_classes_that_tie_share_the_largest_probability() -> None:
    words = describe(trace(logits=[1, 3, 3], temperature=[1, 2, 2], classes=["cat", "dog", "owl"]))
    assert words.alt.endswith("and classes dog and owl share the largest at every temperature.")
    assert words.steps[1].endswith("and classes dog and owl share the most, 0.468 each.")
    assert words.steps[3].endswith("the probabilities are the same as at temperature 2.")
    assert words.facts["winners"] == ["dog", "owl"]


def test_no_probability_is_said_to_be_zero_or_one() -> None:
    words = describe(trace(logits=[0, 1000]))
    assert "the probabilities are < 0.001, > 0.999" in words.alt
