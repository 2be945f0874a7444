"""Loads a dataset of labeled images from an .npz file, for experiments and figures; checks it before using it.

The file is not trusted: no pickles are loaded, and no array is decompressed before its size is known. A `<name>.toml`
next to `<name>.npz` describes the file and holds its SHA-256; without one, any file with the right layout is accepted.
"""

import tomllib
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.errors import DatasetError, Where

PARTS = ("x_train", "y_train", "x_test", "y_test")
LARGEST = 1 << 30  # bytes that one file may decompress to; MNIST takes 55 million

Images = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Gray images with their classes, split into training and test images.

    x_train, x_test: uint8 (images, height, width), 0 is background.
    y_train, y_test: uint8 (images,), the class of each image, from 0 to classes - 1.
    digest:          SHA-256 of the file, in hexadecimal.
    """

    name: str
    x_train: Images
    y_train: Images
    x_test: Images
    y_test: Images
    digest: str
    classes: int


@dataclass(frozen=True, slots=True)
class _Header:
    """The header of a .npy file: shape and type of the array that follows."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]


def load_dataset(path: Path) -> Dataset:
    """Return the content of the .npz file at `path`, once it has passed all checks.

    Raises DatasetError if the file is missing or is no .npz, if an array is missing, too large or of the wrong type or
    shape, or if the file is not the one described by the .toml next to it.
    """
    card = _read_card(path.with_suffix(".toml"))
    digest = _digest(path)
    if card.get("sha256", digest) != digest:
        raise _wrong(
            path,
            f"its SHA-256 is {digest[:12]}…, not {str(card['sha256'])[:12]}…",
            f"fetch the file again, or correct sha256 in {path.stem}.toml",
        )
    _check_headers(path, _read_headers(path))
    arrays = _read_arrays(path)
    classes = 1 + int(max(arrays["y_train"].max(), arrays["y_test"].max()))
    return Dataset(name=str(card.get("name", path.stem)), digest=digest, classes=classes, **arrays)


def nth_digit(dataset: Dataset, label: int, nth: int = 0) -> Images:
    """Return the `nth` test image of class `label`, from 0 in the file's order, as uint8 (height, width).

    Raises DatasetError if the class has no such image.
    """
    places = np.flatnonzero(dataset.y_test == label)
    if 0 <= nth < len(places):
        image: Images = dataset.x_test[places[nth]]
        return image
    known = f"there are {len(places)}, counted from 0"
    hint = known if len(places) else f"the classes are 0 to {dataset.classes - 1}"
    raise DatasetError(f"{dataset.name} has no test image {nth} of class {label}", hint=hint)


def _wrong(path: Path, problem: str, hint: str) -> DatasetError:
    return DatasetError(f"dataset {path.name}: {problem}", Where(str(path)), hint)


def _read_card(path: Path) -> Mapping[str, object]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(path, f"cannot be read: {error}", "see generator/datasets/mnist.toml for the form") from error


def _digest(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise _wrong(path, f"cannot be read: {error.strerror}", "check the path, and that the file is there") from error


def _read_headers(path: Path) -> dict[str, _Header]:
    """Return the header of each array; raise DatasetError unless all exist and are as large as their headers say."""
    layout = f"it takes the arrays {', '.join(PARTS)}, saved with numpy.savez_compressed"
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
            missing = [part for part in PARTS if f"{part}.npy" not in sizes]
            if missing:
                raise _wrong(path, f"has no {' and no '.join(missing)}", layout)
            total = sum(sizes[f"{part}.npy"] for part in PARTS)
            if total > LARGEST:
                raise _wrong(path, f"expands to {total:,} bytes", f"at most {LARGEST:,} are taken: use fewer images")
            return {part: _read_header(archive, part, sizes[f"{part}.npy"]) for part in PARTS}
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as error:
        raise _wrong(path, f"is not a NumPy .npz file ({error})", layout) from error


def _read_arrays(path: Path) -> dict[str, Images]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {part: archive[part] for part in PARTS}
    except (zipfile.BadZipFile, zlib.error, ValueError) as error:
        raise _wrong(path, f"is damaged ({error})", "fetch or save the file again") from error


def _read_header(archive: zipfile.ZipFile, part: str, size: int) -> _Header:
    with archive.open(f"{part}.npy") as stream:
        version = np.lib.format.read_magic(stream)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read(stream)
        promised = stream.tell() + dtype.itemsize * int(np.prod(shape, dtype=object))
    if promised != size:
        raise ValueError(f"{part} promises {promised:,} bytes and has {size:,}")
    return _Header(shape, dtype)


def _check_headers(path: Path, headers: Mapping[str, _Header]) -> None:
    for part, header in headers.items():
        if header.dtype != np.uint8:
            raise _wrong(path, f"{part} is {header.dtype}, not uint8", f"save it as {part}.astype('uint8')")
    for images, labels in (PARTS[:2], PARTS[2:]):
        shape, count = headers[images].shape, headers[labels].shape
        if len(shape) != 3 or not all(shape):
            raise _wrong(path, f"{images} has shape {shape}", "it takes grey images: (images, height, width)")
        if count != shape[:1]:
            raise _wrong(path, f"{labels} has shape {count} for {shape[0]} images", "it takes one class an image")
    train, test = headers["x_train"].shape[1:], headers["x_test"].shape[1:]
    if train != test:
        raise _wrong(path, f"training images are {train} and test images {test}", "make both the same size")
