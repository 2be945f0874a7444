"""What is frozen does not move, what is taken is what was trained, and no choice looks at the test images."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


def bars(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return images of an upright bar at one of ten places, its class; each class is there equally often."""
    random = np.random.default_rng(seed)
    labels = random.permutation(np.arange(count) % 10).astype(np.uint8)
    images = random.integers(0, 40, (count, 28, 28), dtype=np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[4:24, 3 + 2 * label : 5 + 2 * label] = 250
    return images, labels


@pytest.fixture(scope="module")
def data() -> Any:
    x_train, y_train = bars(600, 0)
    x_test, y_test = bars(100, 1)
    return SimpleNamespace(x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test, digest="0")


@pytest.fixture(scope="module")
def weights() -> Any:
    """Return the weights of two untrained networks for five classes, as `digits_base` names them."""
    import keras

    from lectures.experiments.mnist_convnet import build_model, weights_of

    found = {}
    for number in range(2):
        keras.utils.set_random_seed(10 + number)
        found[f"net{number}"] = weights_of(build_model(classes=5))
    return found


def kernels(model: Any) -> list[np.ndarray]:
    return [model.get_layer(f"conv{number}").get_weights()[0] for number in (1, 2, 3)]


def test_only_images_of_the_classes_are_kept_and_labeled_from_zero(data: Any) -> None:
    from lectures.experiments.transferring import NEW, of_classes

    split = of_classes(data, NEW)
    kept = data.y_test >= 5
    np.testing.assert_array_equal(split.y_test, data.y_test[kept] - 5)
    np.testing.assert_allclose(split.x_test[..., 0] * 255, data.x_test[kept], atol=1e-3)
    assert split.classes == 5
    assert len(split.x_train) + len(split.x_validation) == (data.y_train >= 5).sum()


def test_a_class_without_images_is_refused(data: Any) -> None:
    from lectures.experiments.transferring import of_classes

    few = SimpleNamespace(**vars(data) | {"y_train": np.minimum(data.y_train, 8)})
    with pytest.raises(ValueError, match="there are no images of class 9"):
        of_classes(few, (5, 6, 7, 8, 9))


@pytest.mark.parametrize("taken", [0, 1, 2, 3])
def test_what_is_taken_is_what_was_trained_and_the_rest_is_not(data: Any, weights: Any, taken: int) -> None:
    from lectures.experiments.transferring import NEW, begin, of_classes

    model = begin(weights, of_classes(data, NEW), taken=taken, seed=1)
    same = [
        np.array_equal(kernel, weights["net1"][f"conv{number}"]["kernel"])
        for number, kernel in enumerate(kernels(model), start=1)
    ]
    assert same == [number <= taken for number in (1, 2, 3)]


def test_a_network_in_two_parts_computes_what_the_whole_does(data: Any, weights: Any) -> None:
    from lectures.experiments.transferring import NEW, begin, cut, features_of, of_classes

    split = of_classes(data, NEW)
    model = begin(weights, split, taken=3, seed=0)
    whole = model.predict(split.x_test[:8], verbose=0)
    for frozen in (0, 1, 2, 3):
        base, rest = cut(model, frozen)
        np.testing.assert_allclose(
            rest.predict(features_of(base, split.x_test[:8]), verbose=0), whole, rtol=1e-4, atol=1e-6
        )


@pytest.mark.parametrize(("taken", "frozen"), [(3, 3), (2, 2), (0, 3), (3, 0)])
def test_what_is_frozen_keeps_every_bit_and_what_is_not_moves(data: Any, weights: Any, taken: int, frozen: int) -> None:
    from lectures.experiments.transferring import NEW, begin, of_classes, transfer

    split = of_classes(data, NEW)
    start = kernels(begin(weights, split, taken=taken, seed=0))
    model = transfer(weights, split, taken=taken, frozen=frozen, shots=2, rate=1e-3, steps=2, seed=0)
    kept = [np.array_equal(before, after) for before, after in zip(start, kernels(model), strict=True)]
    assert kept == [number <= frozen for number in (1, 2, 3)]


@pytest.mark.parametrize("name", ["taken", "frozen"])
def test_more_convolutions_than_there_are_cannot_be_taken_or_frozen(data: Any, weights: Any, name: str) -> None:
    from lectures.experiments.transferring import NEW, of_classes, transfer

    split = of_classes(data, NEW)
    arguments: dict[str, Any] = {"taken": 0, "frozen": 0, "shots": 1, "rate": 1e-3, "steps": 1, "seed": 0, name: 4}
    with pytest.raises(ValueError, match=f"{name} is 4; the network has 3 convolutions"):
        transfer(weights, split, **arguments)


def test_a_base_that_did_not_move_still_knows_its_old_task(data: Any, weights: Any) -> None:
    from lectures.experiments.mnist_convnet import restore
    from lectures.experiments.transferring import NEW, OLD, back_on_old_task, begin, of_classes

    old = of_classes(data, OLD)
    model = begin(weights, of_classes(data, NEW), taken=3, seed=0)
    before = restore(weights["net0"]).predict(old.x_test, verbose=0)
    np.testing.assert_array_equal(back_on_old_task(model, weights, 0).predict(old.x_test, verbose=0), before)


def test_the_rate_is_chosen_without_the_test_images(data: Any, weights: Any) -> None:
    from lectures.experiments.few_shot_rate import measure

    other = SimpleNamespace(**vars(data) | {"x_test": data.x_test[::-1] // 2})
    found = [measure(data=some, weights=weights, rates=[0.01, 0.001], shots=[2], steps=3) for some in (data, other)]
    assert found[0] == found[1]
    assert found[0]["tried"] == [0.001, 0.01]
    best = max(zip(found[0]["accuracy"], [-rate for rate in found[0]["tried"]], strict=True))
    assert found[0]["best"] == -best[1]


def test_few_shots_are_measured_for_each_number_of_images(data: Any, weights: Any) -> None:
    from lectures.experiments.few_shot import measure

    found = measure(data=data, weights=weights, rate=1e-3, shots=[1, 3], steps=2)
    assert len(found["accuracy"]) == len(found["errors"]) == 2
    assert found["trainable"] == 37_253
    assert found["drawn"]["images"].shape == (5, 28, 28)
    assert sorted(found["drawn"]["labels"].tolist()) == [5, 6, 7, 8, 9]
    assert found["errors"] == [round((1 - share) * found["tested_on"]) for share in found["accuracy"]]


def test_unfreezing_measures_the_loss_on_the_way_and_what_is_forgotten(data: Any, weights: Any) -> None:
    from lectures.experiments.unfreezing import measure

    found = measure(data=data, weights=weights, rate=1e-3, shots=2, steps=4, checks=2, head_first=False)
    assert found["curves"]["steps"] == [0, 2, 4]
    assert found["forgotten"] == pytest.approx(found["old_before"] - found["old_after"])
    assert min(found["moved"]) > 0


def test_wrong_ranges_are_what_they_are_called(data: Any, weights: Any) -> None:
    from lectures.experiments.preprocessing import measure, spoil

    image = np.array([[[[0.0], [1.0]]]], np.float32)
    assert spoil(image, "bytes").max() == 255
    np.testing.assert_array_equal(spoil(image, "negative"), 1 - image)
    found = measure(data=data, weights=weights, shots=2, steps=2)
    assert set(found["learned"]) == {"right", "at_use", "everywhere", "negative", "negative_at_use"}


def test_a_frozen_normalization_keeps_its_averages_and_one_in_training_mode_does_not(data: Any) -> None:
    from lectures.experiments.frozen_norm import measure

    found = measure(data=data, epochs=0.2, shots=2, steps=3, train_images=600)
    assert found["frozen"]["changed"] == 0
    assert found["frozen"]["moved"] == 0
    assert found["frozen"]["old"] == found["old_before"]
    # Of the base only the averages move: a mean and a variance for each channel.
    assert 0 < found["adapting"]["changed"] <= found["averages"] == 2 * (16 + 32 + 32)
    assert found["adapting"]["moved"] > 0


def test_the_networks_of_the_base_begin_at_different_weights(data: Any) -> None:
    from lectures.experiments.digits_base import measure

    found = measure(data=data, epochs=0.1, train_images=600, networks=2)
    first, second = (found["weights"][name]["conv1"]["kernel"] for name in ("net0", "net1"))
    assert not np.array_equal(first, second)
    assert len(found["accuracy"]) == 2
    assert found["worst_accuracy"] == min(found["accuracy"])
