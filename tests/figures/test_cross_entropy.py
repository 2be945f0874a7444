"""Losses are Keras's; every view shows the right class's probability, its logarithm, and the mean."""

import math
import warnings
from typing import Any

import numpy as np
import pytest
from filming import Played, faults, play
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import PANEL_TEXT, flaws, texts_of
from said_numbers import assert_says

from figures import cross_entropy
from figures.cross_entropy import compose, describe, draw, place_images, trace, write_loss, write_probability
from figures.parts.keyframes import Box
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import keras

IMAGES = np.random.default_rng(3).integers(0, 256, (4, 28, 28))


def samples(*rows: list[float], labels: list[int] | None = None, classes: int = 10) -> dict[str, Any]:
    """Return images with the softmax of rows of logits, which are filled up with zeros; the first class is right."""
    logits = np.zeros((len(rows), classes))
    for k, row in enumerate(rows):
        logits[k, : len(row)] = row
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    right = [0] * len(rows) if labels is None else labels
    return {"images": IMAGES[: len(rows)], "labels": np.array(right), "probabilities": shares}


USUAL = samples([9], [1, 1.2], [0, 6, 2])
CASES: dict[str, dict[str, Any]] = {
    "three": {"samples": USUAL},
    "two classes": {"samples": samples([1, 0], [0, 3], classes=2), "count": 2},
    "four, all sure": {"samples": samples([9], [12], [20], [30]), "count": 4},
    "hopeless": {"samples": samples([0, 200], [0, 30], [5], labels=[0, 0, 0], classes=12)},
    "exactly certain": {"samples": {**USUAL, "probabilities": np.eye(10)[[0, 0, 0]]}},
}
LOGITS = st.lists(st.floats(-30, 30), min_size=2, max_size=12)


@given(st.lists(st.tuples(st.floats(0.001, 0.999), st.integers(0, 3)), min_size=2, max_size=4))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_losses_are_keras_own(given_: list[tuple[float, int]]) -> None:
    labels = [label for _, label in given_]
    shares = np.array([[p if k == label else (1 - p) / 3 for k in range(4)] for p, label in given_])
    shown = trace(
        samples={"images": IMAGES[: len(labels)], "labels": labels, "probabilities": shares}, count=len(labels)
    )
    expected = keras.losses.sparse_categorical_crossentropy(np.array(labels), shares.astype("float32")).numpy()
    np.testing.assert_allclose(shown.losses, expected, rtol=1e-4, atol=1e-6)
    assert shown.loss == pytest.approx(float(np.mean(expected)), rel=1e-4, abs=1e-6)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"samples": {"images": IMAGES}}, "samples has no labels; give images, labels and probabilities"),
        ({"samples": {**USUAL, "labels": [0, 0]}}, "there are 3 images, 2 labels and 3 rows"),
        ({"samples": {**USUAL, "labels": [0, 0, 10]}}, "labels are not classes; give whole numbers from 0 to 9"),
        ({"samples": {**USUAL, "labels": [0.0, 0.5, 1.0]}}, "labels are not classes"),
        ({"samples": {**USUAL, "probabilities": np.ones((3, 10))}}, "of an image do not sum to one; give what softmax"),
        ({"samples": {**USUAL, "probabilities": np.ones((3, 1))}}, "there are 1 classes; 2 to 12 fit"),
        ({"samples": {**USUAL, "probabilities": np.eye(10)[[0, 0, 1]]}}, "has probability 0, and its loss is infinite"),
        ({"count": 1}, "count is 1, of 3 images; 2 to 4 fit a slide"),
        ({"count": 4}, "count is 4, of 3 images"),
    ],
)
def test_what_is_no_sample_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**({"samples": USUAL} | arguments))


@given(st.floats(1e-12, 1, exclude_max=True))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_who_takes_the_logarithm_of_what_is_written_gets_nearly_what_is_written(p: float) -> None:
    said, loss = write_probability(p), write_loss(-math.log(p))
    if said.startswith(">"):
        assert loss.startswith("<")
        return
    told = -math.log(float(said.replace("−", "-")))
    assert told == pytest.approx(float(loss), rel=0.06, abs=0.006)


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


def test_a_bar_is_as_high_as_its_probability_and_each_mark_lies_on_its_loss() -> None:
    shown = trace(samples=USUAL)
    boxes = {item.name: item for item in compose(shown, 3) if isinstance(item, Box)}
    bars = [boxes[f"bar 1 {c}"].height for c in (0, 1)]
    assert bars[0] / bars[1] == pytest.approx(shown.probabilities[1, 0] / shown.probabilities[1, 1])
    marks = [boxes[f"mark {k}"].top for k in range(3)]
    rise = (marks[0] - marks[2]) / (marks[0] - marks[1])
    assert rise == pytest.approx((shown.losses[2] - shown.losses[0]) / (shown.losses[1] - shown.losses[0]))


def test_every_image_is_drawn_once_and_a_panel_has_only_its_own() -> None:
    shown = trace(samples=USUAL)
    assert len(place_images(shown, LIGHT)) == len(draw(shown, LIGHT).axes[0].images) == 3
    assert [len(draw(shown, LIGHT, step=step).axes[0].images) for step in range(4)] == [1, 1, 1, 0]


def test_the_still_writes_every_loss_and_the_mean() -> None:
    shown = trace(samples=USUAL)
    words = [text.get_text() for text in texts_of(draw(shown, LIGHT))]
    for k in range(3):
        assert f"≈ {write_loss(shown.losses[k])}" in words
    assert words[-1].endswith(describe(shown).steps[-1].partition(": ")[2].rstrip("."))


@pytest.fixture(scope="module", params=["three", "four, all sure", "hopeless"])
def played(request: pytest.FixtureRequest) -> Played:
    return play(cross_entropy, CASES[request.param])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_film_says_its_steps_and_its_texts_stand_apart(played: Played) -> None:
    assert played.sentences[1:] == list(describe(played.trace).steps)
    assert faults(played) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_film_shows_a_loss_only_once_its_step_is_there(played: Played) -> None:
    losses = [write_loss(loss) for loss in played.trace.losses]
    for number, mark in enumerate(played.marks[:-1]):
        written = [text.text.removeprefix("≈ ") for text in mark]
        assert sum(text in losses for text in written) == number


@given(st.data(), st.integers(2, 6), st.integers(2, 4))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(data: Any, classes: int, count: int) -> None:
    value = st.sampled_from([-40.0, -3.0, 0.0, 0.0, 0.5, 2.0, 7.0, 30.0])
    rows = data.draw(st.lists(st.lists(value, min_size=classes, max_size=classes), min_size=count, max_size=count))
    labels = data.draw(st.lists(st.integers(0, classes - 1), min_size=count, max_size=count))
    given_ = samples(*rows, labels=labels, classes=classes)
    shares = [row[label] for row, label in zip(given_["probabilities"], labels, strict=True)]
    losses = [-math.log(p) for p in shares]
    words = describe(trace(samples=given_, count=count))
    each = [number for three in zip(labels, shares, losses, strict=True) for number in three]
    assert_says(words.alt, [0, 1, count, *each, np.mean(losses)])
    for k, step in enumerate(words.steps[:-1]):
        best = given_["probabilities"][k].argmax()
        rival = [best, given_["probabilities"][k, best]] if given_["probabilities"][k, best] > shares[k] else []
        said = [losses[k]] if 0 < losses[k] < 1e-6 else [shares[k], losses[k]]
        assert_says(step, [labels[k], shares[k], *rival, *said])
    assert_says(words.steps[-1], [*losses, count, np.mean(losses)])
