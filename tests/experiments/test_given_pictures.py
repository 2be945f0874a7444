"""Pictures and weights from outside are read as they are, and refused where they are not what they should be."""

import gzip
import struct
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest


def write_idx(path: Path, values: np.ndarray) -> Path:
    """Write an array of bytes as an idx file, gzipped where its name says so."""
    content = bytes((0, 0, 8, values.ndim)) + struct.pack(f">{values.ndim}I", *values.shape) + values.tobytes()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the files of 240 small pictures: a bar at one of three places, and its class."""
    folder, random = tmp_path_factory.mktemp("idx"), np.random.default_rng(0)
    labels = random.permutation(np.arange(240) % 3).astype(np.uint8)
    images = random.integers(0, 40, (240, 28, 28), dtype=np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[4:24, 5 + 8 * label : 8 + 8 * label] = 250
    return write_idx(folder / "images-idx3-ubyte.gz", images), write_idx(folder / "labels-idx1-ubyte", labels)


def test_bytes_come_back_as_they_were_written(tmp_path: Path) -> None:
    from lectures.experiments.parts.idx import read_idx

    values = np.random.default_rng(1).integers(0, 256, (4, 3, 5), dtype=np.uint8)
    for name in ("a.gz", "a"):
        np.testing.assert_array_equal(read_idx(write_idx(tmp_path / name, values), 3), values)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is no idx file of bytes"),
        (b"PK\x03\x04 an archive", "is no idx file of bytes"),
        (bytes((0, 0, 13, 3)) + bytes(12), "is no idx file of bytes"),
        (bytes((0, 0, 8, 1)) + bytes(12), "has 1 axes, not 3; images have three"),
        (bytes((0, 0, 8, 3)) + struct.pack(">3I", 2, 2, 2) + bytes(7), "ends too early, or too late"),
        (b"\x1f\x8b\x08\x00", "is damaged"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    from lectures.experiments.parts.idx import read_idx

    path = tmp_path / "images"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=problem):
        read_idx(path, 3)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_a_base_is_trained_on_the_pictures_of_two_files(pair: tuple[Path, Path]) -> None:
    from lectures.experiments.picture_base import measure

    images, labels = pair
    found = measure(images=images, labels=labels, epochs=0.2, networks=1)
    assert (found["trained_on"], found["validated_on"], found["classes"]) == (220, 20, 3)
    assert found["weights"]["net0"]["conv3"]["kernel"].shape == (3, 3, 64, 64)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_files_that_do_not_go_together_are_refused(pair: tuple[Path, Path], tmp_path: Path) -> None:
    from lectures.experiments.picture_base import measure

    few = write_idx(tmp_path / "few", np.zeros(3, np.uint8))
    with pytest.raises(ValueError, match="has 240 pictures and few 3; give a pair"):
        measure(images=pair[0], labels=few)
    small = write_idx(tmp_path / "small", np.zeros((3, 8, 8), np.uint8))
    with pytest.raises(ValueError, match="give some of 28 x 28 pixels"):
        measure(images=small, labels=few)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_a_head_stands_on_a_large_network_from_a_weights_file(tmp_path: Path) -> None:
    import keras

    from lectures.experiments.application_features import measure

    random = np.random.default_rng(0)
    labels = (np.arange(240) % 10).astype(np.uint8)
    images = random.integers(0, 256, (240, 28, 28), dtype=np.uint8)
    data: Any = SimpleNamespace(x_train=images, y_train=labels, x_test=images[:40], y_test=labels[:40], digest="0")
    path = tmp_path / "mobilenet.weights.h5"
    keras.applications.MobileNet(weights=None, include_top=False, input_shape=(32, 32, 3)).save_weights(path)
    found = measure(data=data, weights=path, side=32, shots=2, steps=2)
    assert (found["features"], found["tested_on"]) == (1024, 20)
    path.write_bytes(b"no weights at all")
    with pytest.raises(ValueError, match=r"mobilenet\.weights\.h5 is no weights file of MobileNet"):
        measure(data=data, weights=path, side=32, shots=2, steps=2)
