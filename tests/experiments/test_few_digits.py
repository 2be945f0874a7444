"""Trainings on a few images: what is drawn, what is changed in training alone, and what the folds are held against."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_networks import data

from lectures.experiments import few_curves, few_digits, few_folds

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


@pytest.fixture(scope="module")
def source():
    """Return bars, of which some are left besides those that watch."""
    return data(few_digits.WATCHED + 60, 40)


@pytest.fixture(scope="module")
def measured(source):
    return few_digits.measure(data=source, per_class=5, steps=20)


def test_the_results_agree_with_each_other(measured) -> None:
    confusion = measured["confusion"]
    assert (confusion.sum(), np.trace(confusion)) == (40, 40 - measured["errors"])
    assert measured["accuracy"] == 1 - measured["errors"] / 40
    assert measured["recall"][1] == confusion[1, 1] / confusion[1].sum()
    assert measured["swapped"] == {"two_five": 0, "six_nine": 0}
    assert (measured["trained_on"], measured["epochs"]) == (15, 20 * 32 / 15)


def test_what_was_learned_from_is_shown_class_by_class(measured, source) -> None:
    assert measured["drawn"]["labels"].tolist() == [0] * 5 + [1] * 5 + [2] * 5
    chosen = few_digits.draw(source, 5, 0)
    assert sorted(map(bytes, measured["drawn"]["images"])) == sorted(map(bytes, source.x_train[chosen]))


@given(st.integers(0, 200))
def test_images_that_watch_are_never_drawn(seed: int) -> None:
    source = data(few_digits.WATCHED + 60, 1)
    assert few_digits.draw(source, 5, seed).max() < 60


@pytest.mark.parametrize("augment", ["translate", "move", "flip", "turn"])
def test_augmentation_changes_images_in_training_only(augment: str) -> None:
    image = np.random.default_rng(0).random((20, 28, 28, 1)).astype(np.float32)
    changed = same = image
    for layer in few_digits.augmentations(augment, 0):
        changed, same = layer(changed, training=True), layer(same, training=False)
    assert np.array_equal(same, image)
    assert not np.allclose(changed, image)


def test_a_flip_is_of_left_and_right() -> None:
    image = np.random.default_rng(0).random((20, 28, 28, 1)).astype(np.float32)
    (flip,) = few_digits.augmentations("flip", 0)
    for before, after in zip(image, np.asarray(flip(image, training=True)), strict=True):
        assert np.array_equal(after, before) or np.array_equal(after, before[:, ::-1])


def test_an_unknown_augmentation_is_refused() -> None:
    with pytest.raises(ValueError, match="augment is 'shake'; it is one of none, translate, move, flip, turn"):
        few_digits.augmentations("shake", 0)


def test_a_remedy_leaves_the_weights_at_the_start_as_they_are() -> None:
    plain = few_digits.build_way(few_digits.Way(), 3)
    remedied = few_digits.build_way(few_digits.Way("move", 0.5, 0.1), 3)
    kept = [weights for layer in remedied.layers if layer.count_params() for weights in layer.get_weights()]
    kept = [weights for weights in kept if weights.dtype == np.float32]
    for ours, theirs in zip(plain.get_weights(), kept, strict=True):
        assert np.array_equal(ours, theirs)
    assert [layer.name for layer in remedied.layers if "dropout" in layer.name] == ["dropout_flatten", "dropout_dense1"]


def test_weights_decay_and_biases_do_not() -> None:
    import keras

    model = few_digits.build_way(few_digits.Way(), 0)
    optimizer = few_digits.new_optimizer(few_digits.Way(weight_decay=0.5), 10)
    before = {variable.path: variable.numpy() for variable in model.trainable_variables}
    for variable in model.trainable_variables:
        variable.assign_add(keras.ops.ones_like(variable) * ("bias" in variable.path))
    optimizer.apply(
        [keras.ops.zeros_like(variable) for variable in model.trainable_variables], model.trainable_variables
    )
    for variable in model.trainable_variables:
        shrunk = 1 if "bias" in variable.path else before[variable.path] * (1 - few_digits.PEAK / 10 * 0.5)
        np.testing.assert_allclose(variable.numpy(), np.broadcast_to(shrunk, variable.shape), rtol=1e-5)


def test_the_curves_are_those_of_the_same_training(source, measured) -> None:
    watched = few_curves.measure(data=source, per_class=5, steps=20, checks=4)
    assert watched["history"]["steps"] == [0, 5, 10, 15, 20]
    assert watched["last"]["loss"] == pytest.approx(measured["training"]["loss"], rel=1e-4)
    assert watched["best"]["validation_loss"] == min(watched["history"]["validation_loss"])


def test_folds_part_the_images_and_hold_every_class_equally_often() -> None:
    labels = np.random.default_rng(0).permutation(np.repeat([0, 1, 2], 8))
    parts = few_folds.split_evenly(labels, 4)
    assert sorted(np.concatenate(parts).tolist()) == list(range(24))
    assert all(np.bincount(labels[part]).tolist() == [2, 2, 2] for part in parts)


def test_folds_that_come_out_uneven_are_refused() -> None:
    with pytest.raises(ValueError, match="8 images of class 0 do not split into 3 folds; take a divisor"):
        few_folds.split_evenly(np.repeat([0, 1], 8), 3)


def test_folds_are_held_against_the_test_images(source) -> None:
    found = few_folds.measure(data=source, per_class=4, steps=8, folds=2, checks=4)
    assert (found["trained_on"], found["fold_size"], found["drawn"]) == (6, 6, 12)
    assert found["off"] == pytest.approx(np.mean(found["held_out"]) - np.mean(found["test"]))
    assert found["late"]["accuracy"] == found["test"][0]
    assert found["early"]["step"] in (0, 2, 4, 6, 8)


def test_the_weights_that_are_kept_are_those_of_the_lowest_loss() -> None:
    from small_networks import build

    model = build()
    keeper = few_folds.BestWeights(model)
    kept = {}
    for step, loss in enumerate([3.0, 1.0, 2.0]):
        model.set_weights([weights + 1 for weights in model.get_weights()])
        kept[step] = model.get_weights()
        keeper(step, {"validation_loss": loss})
    assert keeper.step == 1
    assert all(map(np.array_equal, keeper.rewind().get_weights(), kept[1]))
