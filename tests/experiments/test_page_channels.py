"""What excites a channel is cut from real test images, and what is lost without it is counted."""

import zlib
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from saved_models import save
from small_networks import data

from lectures.experiments.page_channels import measure
from lectures.experiments.parts.patches import top_patches

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(3)
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        keras.layers.Conv2D(3, 3, activation="relu", name="first"),
        keras.layers.BatchNormalization(name="norm"),
        keras.layers.MaxPooling2D(name="pool"),
        keras.layers.Conv2D(4, 3, activation="relu", name="second"),
        keras.layers.Flatten(),
        keras.layers.Dense(3, activation="softmax"),
    ])  # fmt: skip


@pytest.fixture(scope="module")
def found(model: keras.Model, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("net") / "net.keras"
    model.save(path)
    return measure(data=data(), path=path, digit=2, judged_on=40, patches=3)


def unpack(packed: np.ndarray, pixels: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return packed patches (count, pixels) in four grays, and their classes."""
    content = np.frombuffer(zlib.decompress(packed.tobytes(), -15), np.uint8)
    grays = (content[:-count, None] >> np.arange(0, 8, 2)) & 3
    return grays.ravel()[: count * pixels].reshape(count, pixels), content[-count:]


def test_layers_with_weights_and_maps_have_patches(found: dict[str, Any]) -> None:
    assert found["layers"] == [
        {"name": "first", "channels": 3, "patch": [3, 3]},
        {"name": "second", "channels": 4, "patch": [8, 8]},
    ]
    assert (found["patches"], found["searched"]) == (3, 60)


@pytest.mark.parametrize(("name", "side", "channels"), [("first", 3, 3), ("second", 8, 4)])
def test_patches_are_the_strongest_of_the_test_images(
    found: dict[str, Any], tmp_path: Path, model: keras.Model, name: str, side: int, channels: int
) -> None:
    from lectures.experiments.parts.page_network import round_weights

    round_weights(model)
    given = data()
    best = top_patches(model, name, given.x_test, given.y_test, channels=channels, n=3)
    order = np.argsort(best["channels"])
    grays, classes = unpack(found["packed"][name], side * side, 3 * channels)
    wanted = np.rint(best["patches"][order] / 255 * 3).astype(np.uint8)
    np.testing.assert_array_equal(grays, wanted.reshape(-1, side * side))
    np.testing.assert_array_equal(classes, best["labels"][order].ravel())


def test_without_the_most_needed_channel_of_each_layer_the_fewest_answers_are_right(
    found: dict[str, Any], model: keras.Model
) -> None:
    given = data()
    images = given.x_test[..., None].astype(np.float32) / 255
    for row in found["silenced"]["rows"]:
        place = [layer.name for layer in model.layers].index(row["layer"])
        maps = keras.Model(model.inputs, model.layers[place].output).predict(images, verbose=0)
        right, shares = [], []
        for channel in range(maps.shape[-1]):
            values = maps * (np.arange(maps.shape[-1]) != channel)
            for layer in model.layers[place + 1 :]:
                values = layer(values)
            right.append(int((np.argmax(values, axis=1)[:40] == given.y_test[:40]).sum()))
            shares.append(np.array(values)[2])
        most = row["channel"] - 1
        assert (row["right"], most) == (min(right), right.index(min(right)))
        assert row["answer"] == shares[most].argmax()
        assert row["share"] == pytest.approx(shares[most][given.y_test[2]], abs=1e-3)


def test_a_network_without_maps_is_refused(tmp_path: Path) -> None:
    _, path = save([keras.layers.Flatten(), keras.layers.Dense(3, "softmax")], tmp_path, (28, 28, 1))
    with pytest.raises(ValueError, match="no layer of the network has weights and maps; take one with a convolution"):
        measure(data=data(), path=path, digit=2, judged_on=10)


def test_more_images_than_there_are_cannot_be_judged() -> None:
    with pytest.raises(ValueError, match="judged_on is 61; the data have 60 test images"):
        measure(data=data(), path=Path("net.keras"), judged_on=61)


@pytest.mark.parametrize("given", [{}, {"weights": {}, "path": Path("net.keras")}])
def test_one_network_is_needed(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="one network is needed; give either weights or path"):
        measure(data=data(), **given)
