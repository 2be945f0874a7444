"""A dataset is believed only after it was checked."""

import io
import zipfile
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from generator.errors import DatasetError
from generator.runners.dataset import Dataset, load_dataset, nth_digit

MNIST = Path(__file__).parents[2] / "generator" / "datasets" / "mnist.npz"


def small_parts(classes: int = 3, count: int = 12) -> dict[str, np.ndarray]:
    images = np.arange(count * 4 * 5, dtype=np.uint8).reshape(count, 4, 5)
    labels = (np.arange(count) % classes).astype(np.uint8)
    return {"x_train": images, "y_train": labels, "x_test": images[::2].copy(), "y_test": labels[::2].copy()}


def save(folder: Path, parts: dict[str, np.ndarray]) -> Path:
    path = folder / "small.npz"
    np.savez_compressed(path, **parts)
    return path


@pytest.fixture(scope="module")
def mnist() -> Dataset:
    return load_dataset(MNIST)


def test_mnist_has_the_published_number_of_images_of_each_class(mnist: Dataset) -> None:
    assert np.bincount(mnist.y_train).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(mnist.y_test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert (mnist.x_train.shape, mnist.x_test.shape) == ((60_000, 28, 28), (10_000, 28, 28))
    assert (mnist.name, mnist.classes) == ("MNIST", 10)


def test_the_digest_is_that_of_the_file(mnist: Dataset) -> None:
    assert mnist.digest == sha256(MNIST.read_bytes()).hexdigest()


def test_a_digit_is_counted_from_zero_in_the_order_of_the_test_images(mnist: Dataset) -> None:
    assert np.array_equal(nth_digit(mnist, 5, 2), mnist.x_test[mnist.y_test == 5][2])
    assert nth_digit(mnist, 7).shape == (28, 28)


@pytest.mark.parametrize(("label", "nth", "hint"), [(10, 0, "classes are 0 to 9"), (5, 892, "there are 892")])
def test_a_digit_that_does_not_exist_is_refused(mnist: Dataset, label: int, nth: int, hint: str) -> None:
    with pytest.raises(DatasetError, match=hint):
        nth_digit(mnist, label, nth)


def test_another_file_of_the_same_layout_needs_no_card(tmp_path: Path) -> None:
    dataset = load_dataset(save(tmp_path, small_parts(classes=4)))
    assert (dataset.name, dataset.classes, dataset.x_test.shape) == ("small", 4, (6, 4, 5))


def test_the_card_beside_a_file_names_it(tmp_path: Path) -> None:
    path = save(tmp_path, small_parts())
    path.with_suffix(".toml").write_text(f'name = "Tiny"\nsha256 = "{sha256(path.read_bytes()).hexdigest()}"\n')
    assert load_dataset(path).name == "Tiny"


def refusal(path: Path) -> str:
    with pytest.raises(DatasetError) as caught:
        load_dataset(path)
    assert caught.value.hint
    assert "\n" not in caught.value.problem
    return caught.value.problem


def test_a_file_that_is_not_what_its_card_says_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, small_parts())
    path.with_suffix(".toml").write_text(f'sha256 = "{"0" * 64}"\n')
    assert "not 000000000000…" in refusal(path)


def test_an_unreadable_card_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, small_parts())
    path.with_suffix(".toml").write_text("sha256 = ")
    assert "small.toml: cannot be read" in refusal(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "none.npz")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"<html>not found</html>"])
def test_a_file_that_is_no_npz_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "page.npz"
    path.write_bytes(content)
    assert "is not a NumPy .npz file" in refusal(path)


@pytest.mark.parametrize("part", ["x_train", "y_train", "x_test", "y_test"])
def test_a_missing_part_is_named(tmp_path: Path, part: str) -> None:
    parts = small_parts()
    del parts[part]
    assert f"has no {part}" in refusal(save(tmp_path, parts))


@pytest.mark.parametrize(
    ("part", "change", "problem"),
    [
        ("x_train", lambda a: a.astype(np.float32), "x_train is float32, not uint8"),
        ("y_test", lambda a: a.astype(np.int64), "y_test is int64, not uint8"),
        ("x_test", lambda a: a[..., None], "x_test has shape (6, 4, 5, 1)"),
        ("x_train", lambda a: a[:0], "x_train has shape (0, 4, 5)"),
        ("y_train", lambda a: a[:-1], "y_train has shape (11,) for 12 images"),
        ("x_test", lambda a: a[:, :, 1:], "training images are (4, 5) and test images (4, 4)"),
    ],
)
def test_a_part_of_another_type_or_shape_is_refused(tmp_path: Path, part, change, problem) -> None:
    parts = small_parts()
    parts[part] = change(parts[part])
    assert problem in refusal(save(tmp_path, parts))


def test_a_pickle_in_the_file_is_never_opened(tmp_path: Path) -> None:
    parts = small_parts()
    parts["y_test"] = np.array([{}] * 6, dtype=object)
    refusal(save(tmp_path, parts))


def test_a_small_file_that_expands_to_gigabytes_is_refused_before_it_is_expanded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part in ("y_train", "x_test", "y_test"):
            archive.writestr(f"{part}.npy", b"")
        with archive.open("x_train.npy", "w") as stream:
            block = bytes(1 << 24)
            for _ in range(65):
                stream.write(block)
    assert path.stat().st_size < 6_000_000
    assert "expands to 1,090,519,040 bytes" in refusal(path)


def test_a_header_that_promises_more_than_the_file_holds_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, small_parts())
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "|u1", "fortran_order": False, "shape": (10**12, 28, 28)})
    with zipfile.ZipFile(path) as archive:
        rest = {name: archive.read(name) for name in archive.namelist() if name != "x_train.npy"}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x_train.npy", header.getvalue())
        for name, content in rest.items():
            archive.writestr(name, content)
    assert "x_train promises 784,000,000,000,128 bytes" in refusal(path)


@pytest.mark.parametrize("place", [0.3, 0.6])
def test_damaged_content_is_refused(tmp_path: Path, place: float) -> None:
    parts = small_parts(count=600)
    parts["x_train"] = np.random.default_rng(0).integers(0, 256, (600, 4, 5), dtype=np.uint8)
    path = save(tmp_path, parts)
    content = bytearray(path.read_bytes())
    content[int(len(content) * place)] ^= 0xFF
    path.write_bytes(content)
    assert "small.npz" in refusal(path)
