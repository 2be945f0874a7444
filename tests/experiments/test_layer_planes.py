"""Digits are followed through the network that Keras computes, in planes of largest variance that fit each other."""

import numpy as np
import pytest
from small_networks import data

from lectures.experiments.layer_planes import (
    LAYERS,
    inner_products,
    measure,
    nearest_others,
    plane_of,
    scale,
    turn,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]
POINTS = np.random.default_rng(0).normal(size=(30, 5)) * [5, 3, 1, 1, 1]


@pytest.fixture(scope="module")
def planes() -> dict:
    import keras

    from lectures.experiments.mnist_convnet import build_model, weights_of

    keras.utils.set_random_seed(0)
    model = build_model(classes=3)
    return {"model": model, **measure(data=data(), weights=weights_of(model), count=40)}


def test_the_results_can_be_kept(planes: dict) -> None:
    from generator.runners.experiment import split_results

    facts, arrays = split_results({name: value for name, value in planes.items() if name != "model"})
    assert [level["layer"] for level in facts["tour"]["levels"]] == [*LAYERS]
    assert arrays["tour.positions"].shape == (7, 40, 2)
    assert [level["values"] for level in facts["tour"]["levels"]] == [784, 21632, 5408, 7744, 1600, 576, 64]


def test_answers_are_those_of_the_network(planes: dict) -> None:
    source = data()
    images = source.x_test[:40, ..., None].astype(np.float32) / 255
    answers = planes["model"].predict(images, verbose=0).argmax(axis=1)
    assert planes["tour"]["answers"].tolist() == answers.tolist()
    assert planes["wrong"] == (answers != source.y_test[:40]).sum()


def test_a_plane_is_that_of_the_two_largest_components() -> None:
    centered = POINTS - POINTS.mean(axis=0)
    _, strengths, axes = np.linalg.svd(centered, full_matrices=False)
    plane, variance = plane_of(inner_products(POINTS))
    assert variance == pytest.approx((strengths[:2] ** 2).sum() / (strengths**2).sum())
    expected = scale(centered @ axes[:2].T)
    assert np.allclose(np.abs(plane), np.abs(expected))
    assert (plane**2).sum(axis=1).mean() == pytest.approx(1)


def test_a_plane_that_was_turned_and_mirrored_is_turned_back() -> None:
    plane = POINTS[:, :2]
    angle = 2.0
    other = plane @ np.array([[np.cos(angle), np.sin(angle)], [np.sin(angle), -np.cos(angle)]])
    assert np.allclose(turn(other, plane), plane)


def test_the_nearest_other_point_is_found() -> None:
    gaps = np.linalg.norm(POINTS[:, None] - POINTS, axis=2) + np.diag(np.full(30, np.inf))
    assert nearest_others(inner_products(POINTS)).tolist() == gaps.argmin(axis=1).tolist()


def test_the_share_of_the_same_class_is_counted_in_the_whole_space(planes: dict) -> None:
    source = data()
    images = source.x_test[:40].reshape(40, -1) / 255
    gaps = np.linalg.norm(images[:, None] - images, axis=2) + np.diag(np.full(40, np.inf))
    labels = source.y_test[:40]
    assert planes["tour"]["levels"][0]["same_class"] == pytest.approx((labels[gaps.argmin(axis=1)] == labels).mean())
