"""A balanced draw of a few images, and a training on them that counts steps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_networks import bars, build

from lectures.experiments.parts.few_images import Plan, draw_few, shown_images, train_few

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]
LABELS = np.random.default_rng(5).permutation(np.repeat(np.arange(4), [9, 10, 11, 12]))


@given(st.integers(1, 9), st.integers(0, 1000))
def test_each_class_is_drawn_equally_often_and_no_image_twice(per_class: int, seed: int) -> None:
    drawn = draw_few(LABELS, per_class, seed)
    assert np.bincount(LABELS[drawn]).tolist() == [per_class] * 4
    assert len(set(drawn.tolist())) == len(drawn)


@given(st.integers(2, 9), st.integers(0, 1000))
def test_a_larger_draw_of_a_seed_holds_the_smaller_one(per_class: int, seed: int) -> None:
    assert set(draw_few(LABELS, per_class - 1, seed)) < set(draw_few(LABELS, per_class, seed))


def test_a_seed_draws_the_same_images_in_the_same_order_and_another_seed_others() -> None:
    assert draw_few(LABELS, 5, 1).tolist() == draw_few(LABELS, 5, 1).tolist()
    assert set(draw_few(LABELS, 5, 1)) != set(draw_few(LABELS, 5, 2))


def test_the_classes_of_a_draw_come_in_no_order() -> None:
    drawn = LABELS[draw_few(LABELS, 9, 0)]
    assert drawn.tolist() != sorted(drawn)


@pytest.mark.parametrize(
    ("per_class", "message"), [(10, "class 0 has 9 images; draw no more than that, not 10"), (0, "per_class is 0")]
)
def test_a_draw_that_cannot_be_made_is_refused(per_class: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw_few(LABELS, per_class, 0)


@given(st.integers(1, 30), st.integers(1, 200))
def test_every_image_is_shown_equally_often_or_once_less(images: int, count: int) -> None:
    shown = np.bincount(shown_images(images, count, 3), minlength=images)
    assert (shown.sum(), shown.max() - shown.min() <= 1) == (count, True)


def small_training(checks=1, **options):
    """Return a network trained on bars for 6 steps, and its curves."""
    import keras

    x, y = bars(30, 0)
    model = build(size=28)
    given = {"plan": Plan(6, 8, checks), "optimizer": keras.optimizers.SGD(0.05), "seed": 4, **options}
    return model, train_few(model, x[..., None] / 255, y, **given)


def test_the_steps_are_those_of_a_loop_over_the_same_batches() -> None:
    import keras

    model, curves = small_training(checks=3)
    x, y = bars(30, 0)
    by_hand = build(size=28)
    by_hand.compile(keras.optimizers.SGD(0.05), loss="sparse_categorical_crossentropy")
    for batch in shown_images(30, 48, 4).reshape(6, 8):
        by_hand.train_on_batch(x[batch][..., None] / 255, y[batch])
    for ours, theirs in zip(model.get_weights(), by_hand.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)
    assert curves["steps"] == [0, 2, 4, 6]


def test_curves_are_measured_at_the_moment_and_on_all_images_of_each_kind() -> None:
    x, y = bars(30, 0)
    held = bars(12, 1)
    validation = (held[0][..., None] / 255, held[1])
    model, curves = small_training(checks=2, validation=validation)
    for prefix, (images, labels) in (("", (x[..., None] / 255, y)), ("validation_", validation)):
        right = model.predict(images, verbose=0)[np.arange(len(labels)), labels]
        assert curves[f"{prefix}loss"][-1] == pytest.approx(-np.log(right).mean(), rel=1e-4)
    assert {len(values) for values in curves.values()} == {3}


def test_the_number_of_checks_changes_no_weight() -> None:
    once, often = (small_training(checks=checks)[0].get_weights() for checks in (1, 6))
    for ours, theirs in zip(once, often, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_who_watches_is_told_of_every_measurement() -> None:
    seen = []
    _, curves = small_training(checks=2, watch=lambda step, measured: seen.append((step, measured["loss"])))
    assert seen == list(zip(curves["steps"], curves["loss"], strict=True))


@pytest.mark.parametrize("checks", [0, 7])
def test_more_checks_than_steps_are_refused(checks: int) -> None:
    with pytest.raises(ValueError, match=f"there are {checks} checks in 6 steps; take 1 to 6"):
        Plan(6, checks=checks)
