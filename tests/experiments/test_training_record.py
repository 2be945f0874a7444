"""What is kept of a training is what the network was at each moment."""

from typing import Any

import numpy as np
import pytest
from small_networks import data

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]
MOMENTS = (0, 2, 6)


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    from lectures.experiments.training_record import measure

    return measure(data=data(), train_images=240, moments=MOMENTS, digit=1)


def test_each_moment_has_its_kernels_maps_answers_and_counts(found: dict[str, Any]) -> None:
    record = found["record"]
    assert record["steps"].tolist() == list(MOMENTS)
    assert record["kernels"].shape == (3, 32, 3, 3)
    assert record["maps"]["conv1"].shape == (3, 26, 26, 32)
    assert record["maps"]["conv2"].shape == (3, 11, 11, 64)
    np.testing.assert_allclose(record["answers"].sum(axis=1), 1, rtol=1e-5)
    assert record["confusion"].sum(axis=(1, 2)).tolist() == [found["validated_on"]] * 3
    assert all((a != b).any() for a, b in zip(record["kernels"], record["kernels"][1:], strict=False))


def test_the_digit_is_the_first_of_its_class_that_is_held_out(found: dict[str, Any]) -> None:
    given = data()
    held_out = given.x_train[220:240][given.y_train[220:240] == 1]
    assert (found["record"]["image"] == held_out[0]).all()
    assert found["record"]["label"] == 1


def test_the_maps_before_training_are_what_the_kernels_make_of_the_digit(found: dict[str, Any]) -> None:
    record = found["record"]
    image = record["image"] / 255
    windows = np.lib.stride_tricks.sliding_window_view(image, (3, 3))
    made = np.maximum(0, np.einsum("yxij,kij->yxk", windows, record["kernels"][0]))  # biases begin at zero
    np.testing.assert_allclose(record["maps"]["conv1"][0], made, atol=1e-5)


def test_counts_have_the_true_class_as_their_row(found: dict[str, Any]) -> None:
    held_out = data().y_train[220:240]
    for counts in found["record"]["confusion"]:
        assert counts.sum(axis=1).tolist() == np.bincount(held_out, minlength=len(counts)).tolist()


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"moments": (1, 2)}, r"moments is \[1, 2\]; give two numbers of steps or more, rising, the first of them 0"),
        ({"moments": (0, 3, 3)}, "rising, the first of them 0"),
        ({"moments": (0,)}, "two numbers of steps or more"),
        ({"digit": 9}, "digit is 9; no held-out image is of that class"),
    ],
)
def test_what_cannot_be_kept_is_refused(given: dict[str, Any], problem: str) -> None:
    from lectures.experiments.training_record import measure

    with pytest.raises(ValueError, match=problem):
        measure(data=data(), train_images=240, **given)
