"""Ablations change one thing: the parameters, the data and the training stay, and the change is what it says."""

import numpy as np
import pytest
from small_networks import bars, data

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


ROUNDING = 1e-6  # of sums whose order depends on where in the map they lie


@pytest.mark.parametrize("pooling", ["max", "average", "strided"])
def test_however_maps_are_shrunk_the_parameters_are_as_many(pooling: str) -> None:
    from lectures.experiments.variants import build_variant

    model = build_variant(pooling=pooling)
    assert model.count_params() == 93_322
    assert model.get_layer("conv3").output.shape[1:] == (3, 3, 64)


def test_the_variant_with_max_pooling_is_the_convnet() -> None:
    from lectures.experiments.mnist_convnet import build_model
    from lectures.experiments.variants import build_variant

    ours, theirs = build_variant(), build_model()
    theirs.set_weights(ours.get_weights())
    images = np.random.default_rng(0).random((3, 28, 28, 1), dtype=np.float32)
    np.testing.assert_array_equal(ours(images), theirs(images))


def test_a_linear_network_is_one_layer() -> None:
    """Without ReLU and with average pooling, the scores of a sum are the sum of the scores."""
    from lectures.experiments.parts.probing import before_activation
    from lectures.experiments.variants import build_variant

    scores = before_activation(build_variant(activation="linear", pooling="average"), "softmax")
    one, two = np.random.default_rng(0).random((2, 1, 28, 28, 1), dtype=np.float32)
    nothing = np.zeros_like(one)
    left = np.asarray(scores(one + two)) + np.asarray(scores(nothing))
    np.testing.assert_allclose(left, np.asarray(scores(one)) + np.asarray(scores(two)), atol=1e-4)


def test_an_unknown_pooling_is_refused() -> None:
    from lectures.experiments.variants import build_variant

    with pytest.raises(ValueError, match="there is no pooling 'median' here; there are max, average, strided"):
        build_variant(pooling="median")


def test_shuffling_keeps_every_pixel_and_moves_all_images_alike() -> None:
    from lectures.experiments.variants import shuffle_pixels

    images = np.arange(2 * 28 * 28, dtype=np.float32).reshape(2, 28, 28, 1)
    shuffled = shuffle_pixels(images)
    assert sorted(shuffled[0].ravel()) == sorted(images[0].ravel())
    assert not np.array_equal(shuffled, images)
    np.testing.assert_array_equal(shuffled[1] - shuffled[0], np.full((28, 28, 1), 784))


@pytest.mark.parametrize("arguments", [{}, {"activation": "linear", "pooling": "average"}, {"network": "dense"},
                                       {"network": "small_dense"}, {"network": "softmax"}, {"shuffled": True}])  # fmt: skip
def test_an_ablation_says_what_was_left_out_and_how_it_did(arguments: dict) -> None:
    from lectures.experiments.ablation import measure

    found = measure(data=data(480), train_images=480, epochs=2, **arguments)
    assert 0 <= found["accuracy"] <= 1
    assert found["errors"] == round((1 - found["accuracy"]) * found["tested_on"])
    assert found["shuffled"] == arguments.get("shuffled", False)


def test_the_small_dense_network_has_about_as_many_parameters_as_the_convnet() -> None:
    from lectures.experiments.ablation import UNITS
    from lectures.experiments.mnist_convnet import build_model
    from lectures.experiments.mnist_dense import build_model as build_dense

    assert 0.99 < build_dense(units=UNITS["small_dense"]).count_params() / build_model().count_params() < 1


def test_an_unknown_network_is_refused() -> None:
    from lectures.experiments.ablation import measure

    with pytest.raises(ValueError, match="there is no network 'tree' here"):
        measure(data=data(), train_images=120, network="tree")


def test_downsampling_is_judged_as_the_convnet_is() -> None:
    from lectures.experiments.downsampling import measure

    found = measure(data=data(240), train_images=240, epochs=1, pooling="strided")
    assert (found["parameters"], found["tested_on"]) == (93_322 - 7 * 65, 60)
    assert found["macs"] < 2_794_240


def test_small_digits_lie_where_they_are_put() -> None:
    from lectures.experiments.corner import place, shrink

    small = shrink(np.ones((2, 28, 28, 1), np.float32))
    canvas = place(small, np.array([0, 14]), np.array([7, 14]))
    assert canvas.shape == (2, 28, 28, 1)
    assert (canvas.sum(), canvas[0, :14, 7:21].sum(), canvas[1, 14:, 14:].sum()) == (392, 196, 196)


def test_shrinking_takes_the_mean_of_four() -> None:
    from lectures.experiments.corner import shrink

    assert shrink(np.arange(16.0).reshape(1, 4, 4, 1))[0, :, :, 0].tolist() == [[2.5, 4.5], [10.5, 12.5]]


def test_jitter_moves_digits_up_and_left_by_at_most_as_much() -> None:
    from lectures.experiments.corner import place_split
    from lectures.experiments.parts.training import prepare

    x_train, y_train = bars(240, 0)
    source = data(240)
    source.x_train, source.y_train = np.full_like(x_train, 255), y_train
    moved = place_split(prepare(source, 240), jitter=3, seed=0).x_train[..., 0]
    tops = {int(np.flatnonzero(image.any(axis=1))[0]) for image in moved}
    assert tops == {11, 12, 13, 14}


@pytest.mark.parametrize("network", ["dense", "flatten", "global_max"])
def test_the_corner_test_asks_at_nine_places(network: str) -> None:
    from lectures.experiments.corner import measure

    found = measure(data=data(240), train_images=240, epochs=1, network=network)
    assert np.shape(found["grid"]) == (3, 3)
    assert found["accuracy"] == found["grid"][2][2]
    assert found["worst"] == min(min(row) for row in found["grid"])
    assert len(found["off"]) == 3


def test_maps_move_along_up_to_rounding_on_the_lattice_of_the_strides() -> None:
    from lectures.experiments.lattice import measure
    from lectures.experiments.mnist_convnet import build_model, weights_of

    found = measure(data=data(), weights=weights_of(build_model()), images=5)
    exact = {name: [shift for shift, error in zip(found["shifts"], errors, strict=True) if error < ROUNDING]
             for name, errors in found["errors"].items()}  # fmt: skip
    assert exact == {"conv1": [1, 2, 3, 4], "pool1": [2, 4], "conv2": [2, 4], "pool2": [4], "conv3": [4]}


def test_processor_time_is_told_as_ratios() -> None:
    from lectures.experiments.pace import measure

    found = measure(data=data(480), images=480, rounds=1)
    assert all(found[name] > 0 for name in ("average", "strided", "dense", "convnet_to_dense"))
    assert (found["images"], found["rounds"]) == (480, 1)
