"""Rules without a network are those that they are called, and the images that they are shown with are what is said."""

import numpy as np
import pytest
from small_networks import data

from lectures.experiments.baselines import measure, nearest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


def test_the_nearest_is_the_one_of_the_smallest_distance() -> None:
    random = np.random.default_rng(0)
    rows, candidates = random.random((700, 9)), random.random((30, 9))
    apart = np.linalg.norm(rows[:, None] - candidates, axis=2)
    np.testing.assert_array_equal(nearest(rows, candidates), apart.argmin(axis=1))


def test_the_nearest_neighbor_is_that_among_the_images_that_are_not_held_back() -> None:
    given = data()
    found = measure(data=given, train_images=240)
    kept = slice(220)
    flat = given.x_train[kept].reshape(220, -1) / 255
    tests = given.x_test.reshape(60, -1) / 255
    answers = given.y_train[kept][np.linalg.norm(tests[:, None] - flat, axis=2).argmin(axis=1)]
    assert found["nearest_neighbor"]["errors"] == int((answers != given.y_test).sum())
    assert sum(found["counts"]) == found["trained_on"] == 220


def test_the_farthest_image_of_a_class_is_one_of_its_own() -> None:
    given = data()
    found = measure(data=given, train_images=240)["class_means"]
    for label, mean in enumerate(found["means"]):
        members = given.x_train[:220][given.y_train[:220] == label]
        apart = np.linalg.norm((members - mean).reshape(len(members), -1), axis=1) / 255
        assert found["farthest"]["distances"][label] == pytest.approx(apart.max(), rel=1e-5)
        np.testing.assert_allclose(found["farthest"]["images"][label], members[apart.argmax()], atol=1e-4)
