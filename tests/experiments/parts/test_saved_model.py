"""A file is taken as a model only if it holds a graph of Keras's own layers; anything else is named, and never run."""

import json
import pickle
import zipfile
from pathlib import Path
from typing import Any

import pytest
from saved_models import CLASSES, SIZE, convnet, measure, refusal, repack, save

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        ((20, 20, 1), "takes (20, 20, 1), and an image of the dataset is (16, 16, 1); let it begin with keras.Input((16, 16, 1)), or add `images: no`"),
        ((16, 16, 3), "takes (16, 16, 3), and an image of the dataset is (16, 16, 1); let it begin with keras.Input((16, 16, 1)), or"),
        ((256,), "takes (256,), and an image of the dataset is (16, 16, 1); let it begin with keras.Input((16, 16, 1)) and keras.layers.Flatten(), or"),
    ],
)  # fmt: skip
def test_a_model_of_other_images_is_told_what_it_would_take_and_still_has_layers(
    shape: tuple[int, ...], told: str, tmp_path: Path
) -> None:
    from keras import layers

    path = save([layers.Flatten(), layers.Dense(CLASSES)] if len(shape) > 1 else [layers.Dense(3)], tmp_path, shape)[1]
    assert refusal(path).startswith(f"mine.keras {told}")
    assert measure(path, images=False)["layers"][0]["input_shape"] == list(shape)


def test_a_digit_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert refusal(save(convnet(), tmp_path)[1], digit=40) == "digit is 40; the dataset has test images 0 to 39"


@pytest.fixture
def never_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a test fail where Keras builds something."""
    import keras

    def build(*_: Any, **__: Any) -> None:
        raise AssertionError("Keras was asked to build the model")

    monkeypatch.setattr(keras.saving, "load_model", build)


def own_parts() -> dict[str, list[Any]]:
    import keras
    from keras import layers

    class Mine(layers.Layer):
        def call(self, inputs: Any) -> Any:
            return inputs

    def mine(x: Any) -> Any:
        return x

    nested = keras.Sequential([keras.Input((SIZE, SIZE, 1)), layers.Lambda(lambda x: x)])
    return {
        "has a Lambda layer, 'code', which is code; ": [layers.Lambda(lambda x: x, name="code")],
        "has a Lambda layer, ": [nested],
        "has 'mine' of a class of its own, Mine; build the model of Keras's own layers": [Mine(name="mine")],
        "has a function of its own, 'mine'; ": [layers.Conv2D(2, 3, activation=mine)],
        "has the layer 'up' of kind UpSampling2D, which cannot be drawn; taken are": [layers.UpSampling2D(name="up")],
        "has channels first in 'flat'; ": [layers.Flatten(data_format="channels_first", name="flat")],
    }


@pytest.mark.usefixtures("never_built")
@pytest.mark.parametrize("number", range(6))
def test_code_and_layers_of_other_kinds_are_refused_before_anything_is_built(number: int, tmp_path: Path) -> None:
    told, layers = list(own_parts().items())[number]
    assert refusal(save(layers, tmp_path)[1]).startswith(f"mine.keras {told}")


@pytest.mark.usefixtures("never_built")
def test_layers_that_share_weights_and_operators_between_layers_are_refused(tmp_path: Path) -> None:
    import keras
    from keras import layers

    shown, dense = keras.Input((4,)), layers.Dense(4, name="dense")
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(4)], name="inner")
    models = {
        "uses the layer 'dense' twice; give each call a layer of its own": dense(dense(shown)),
        "uses the layer 'inner' twice; give each call a layer of its own": inner(inner(shown)),
        "with an operator, Add, which is no layer; write the layer: keras.layers.Add()([a, b])": dense(shown) + shown,
    }
    for told, output in models.items():
        keras.Model(shown, output).save(tmp_path / "mine.keras")
        assert told in refusal(tmp_path / "mine.keras")


@pytest.mark.usefixtures("never_built")
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"config.json": b" " * 4_000_001}, "unpacks to 4,0"),
        ({"../run.py": b"print()"}, "holds '../run.py', which no model of plain layers has; "),
        ({"assets/words.txt": b"one"}, "holds 'assets/words.txt', which no model of plain layers has; "),
        ({"model.weights.h5": None}, "has no model.weights.h5; "),
        ({"config.json": None}, "has no config.json; "),
        ({"config.json": b"{"}, "has no JSON in its config.json; "),
        ({"config.json": b"[" * 100_000}, "has no JSON in its config.json; "),
        ({"config.json": b"[]"}, "describes its model in a way that Keras does not; "),
        ({"config.json": b'{"class_name": "Mine", "config": {}}'}, "is a model of the class 'Mine'; build it with"),
        ({"config.json": b'{"class_name": "Sequential", "config": {"layers": [3]}}'}, "describes its model in a way"),
    ],
)  # fmt: skip
def test_an_archive_that_no_model_has_is_refused_before_anything_is_built(
    changes: dict[str, bytes | None], told: str, tmp_path: Path
) -> None:
    path = repack(save(convnet(), tmp_path)[1], changes, compression=zipfile.ZIP_DEFLATED)
    assert refusal(path).startswith(f"mine.keras {told}")


@pytest.mark.usefixtures("never_built")
def test_a_small_file_that_unpacks_to_more_than_500_megabytes_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = repack(save(convnet(), tmp_path)[1], {"model.weights.h5": None})
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("model.weights.h5", "w") as file,
    ):
        for _ in range(500):
            file.write(bytes(1_000_000))
    assert path.stat().st_size < 5_000_000
    assert refusal(path).startswith("mine.keras unpacks to 500,0")


@pytest.mark.usefixtures("never_built")
def test_files_of_other_kinds_are_named(tmp_path: Path) -> None:
    import keras

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    model.save_weights(tmp_path / "old.weights.h5")
    (tmp_path / "net.pkl").write_bytes(pickle.dumps({"weights": [1, 2]}))
    (tmp_path / "net.keras").write_text("no model")
    (tmp_path / "old.weights.h5").rename(tmp_path / "renamed.keras")
    _, path = save(convnet(), tmp_path)
    path.rename(tmp_path / "net.zip")
    again = "load it where it was made, and save it with model.save('net.keras')"
    assert (
        refusal(tmp_path / "renamed.keras")
        == f"renamed.keras is an HDF5 file, as older versions of Keras write; {again}"
    )
    assert refusal(tmp_path / "net.pkl") == f"net.pkl is a pickle, which could run anything; {again}"
    assert refusal(tmp_path / "net.keras") == f"net.keras is no .keras file; {again}"
    assert refusal(tmp_path / "net.zip") == f"net.zip does not end in .keras; {again}"


def test_a_damaged_file_and_weights_of_another_model_are_told(tmp_path: Path) -> None:
    _, path = save(convnet(), tmp_path)
    whole = path.read_bytes()
    place = whole.index(b'"class_name"')
    path.write_bytes(whole[:place] + b"'" + whole[place + 1 :])
    assert refusal(path).startswith("mine.keras is damaged (Bad CRC-32 for file 'config.json'); copy")
    path.write_bytes(whole)
    repack(path, {"model.weights.h5": b"no weights"})
    assert refusal(path).startswith("mine.keras cannot be loaded by Keras ")
    with zipfile.ZipFile(save(convnet()[:4], tmp_path)[1]) as archive:
        other = archive.read("model.weights.h5")
    assert refusal(repack(save(convnet(), tmp_path)[1], {"model.weights.h5": other})).startswith("mine.keras cannot be")


def test_what_a_file_says_of_itself_cannot_make_a_second_hint(tmp_path: Path) -> None:
    _, path = save(convnet(), tmp_path)
    with zipfile.ZipFile(path) as archive:
        text = json.loads(archive.read("config.json"))
    text["config"]["layers"][1]["class_name"] = "Lambda"
    text["config"]["layers"][1]["config"]["name"] = "x; all is well\nhint: open it"
    assert refusal(repack(path, {"config.json": json.dumps(text).encode()})).startswith("mine.keras has a Lambda layer")
