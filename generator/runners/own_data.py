"""Loads the data of a course's own: arrays in an .npz, the columns of a .csv, the images in a folder.

`load_own_data` returns them as `Data`, arrays by name; an .npz laid out as those that come with Lectern (see
`dataset`) is a `Dataset`, from which figures can take digits. No pickle is loaded. Tasks that take other data do not
have this module in their keys.
"""

import csv
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.errors import DatasetError, Where, suggest
from generator.runners.dataset import LARGEST, PARTS, Dataset, load_dataset

Array = NDArray[Any]
IMAGES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp")
SPLITS = ("train", "test")
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?|nan", re.IGNORECASE)
WHOLE = re.compile(r"[-+]?\d{1,18}")


class NoSuchArrayError(DatasetError, AttributeError):
    """Data are asked for an array that they do not have."""


class Data(Mapping[str, Any]):
    """Arrays by name: `data["height"]`, or `data.height` where the name is one in Python."""

    def __init__(self, name: str, arrays: Mapping[str, Any]) -> None:
        self._name, self._arrays = name, dict(arrays)

    def __getitem__(self, name: str) -> Any:
        return self._arrays[name]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._arrays:
            raise NoSuchArrayError(f"data '{self._name}' have no '{name}'", hint=suggest(name, list(self._arrays)))
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def __repr__(self) -> str:
        return f"Data({', '.join(self)})"


def load_own_data(path: Path, name: str) -> Data | Dataset:
    """Return the data at `path`, a file or a folder; name: how the lecture writes it, by whose ending it is read.

    Raises DatasetError for what cannot be read or has nothing in it.
    """
    if name.endswith(".npz"):
        return load_arrays(path, name)
    if name.endswith((".csv", ".tsv")):
        return Data(name, dict(load_columns(path, name)))
    return Data(name, load_images(path, name))


def wrong(name: str, problem: str, hint: str) -> DatasetError:
    """Return the error for data that are not as they should be."""
    return DatasetError(f"data '{name}': {problem}", Where(name), hint)


# Arrays: one each, of any shape, in an .npz.


def load_arrays(path: Path, name: str) -> Data | Dataset:
    """Return the arrays of an .npz, labeled gray images as a Dataset; raise DatasetError as `load_own_data` does."""
    try:
        with zipfile.ZipFile(path) as archive:
            total = sum(entry.file_size for entry in archive.infolist())
        if total > LARGEST:
            raise wrong(name, f"it expands to {total:,} bytes", f"at most {LARGEST:,} are taken")
        with np.load(path, allow_pickle=False) as found:
            arrays = {part: found[part] for part in found.files}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise wrong(
            name, f"it is not a NumPy .npz file ({error})", "save arrays with numpy.savez_compressed"
        ) from error
    except ValueError as error:
        raise wrong(name, f"it cannot be read ({error})", "save numbers, Booleans and texts") from error
    if not arrays:
        raise wrong(name, "it has no arrays", "save arrays with numpy.savez_compressed(path, x=…, y=…)")
    return load_dataset(path) if is_labeled_images(arrays) else Data(name, arrays)


def is_labeled_images(arrays: Mapping[str, Array]) -> bool:
    """Return whether arrays are gray images with their classes, for training and for tests."""
    return all(part in arrays and arrays[part].dtype == np.uint8 for part in PARTS) and all(
        arrays[part].ndim == (3 if part.startswith("x") else 1) for part in PARTS
    )


# Tables: a column each, of whole numbers, numbers or texts, in a .csv.


def load_columns(path: Path, name: str) -> Iterator[tuple[str, Array]]:
    """Yield the columns of a table by name; raise DatasetError as `load_own_data` does."""
    header, rows = read_table(path, name)
    for number, column in enumerate(header):
        yield column, column_of([row[number] for row in rows])


def read_table(path: Path, name: str) -> tuple[list[str], list[list[str]]]:
    """Return the names of the columns of a table, and its rows; between values stand commas, semicolons or tabs."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise wrong(name, "its text is not UTF-8", "save the file with the encoding UTF-8") from None
    first = text.partition("\n")[0]
    # A value in quotes may have lines of its own, which stay; and some characters end a line only for `splitlines`.
    reader = csv.reader(StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        check_header(header, name)
        rows = list(rows_of(reader, len(header), name))
    except csv.Error as error:
        raise wrong(name, f"line {reader.line_num}: {error}", "a quote in a value in quotes is doubled") from error
    if not rows:
        raise wrong(name, "it has no rows", "below the names of the columns stands a line for each row")
    return header, rows


def rows_of(reader: Any, columns: int, name: str) -> Iterator[list[str]]:
    """Yield the rows that a `csv.reader` still has, without empty lines; raise DatasetError for one of other length."""
    for row in reader:
        if len(row) not in (0, columns):
            problem = f"line {reader.line_num} has {len(row)} values for {columns} columns"
            raise wrong(name, problem, "mend the line; a value with a comma in it stands in double quotes")
        if row:
            yield [cell.strip() for cell in row]


def check_header(header: Sequence[str], name: str) -> None:
    """Raise DatasetError unless the first line of a table names each column once."""
    if not any(header) or any(NUMBER.fullmatch(cell) for cell in header):
        raise wrong(name, "its first line does not name the columns", "write for example: height,width,kind")
    for column in header:
        if not column or header.count(column) > 1:
            problem = f"two columns are called '{column}'" if column else "a column has no name"
            raise wrong(name, problem, "give each column a name of its own in the first line")


def column_of(cells: Sequence[str]) -> Array:
    """Return a column as int64 if all of it are whole numbers, as float64 if all are numbers, else as texts.

    A number that is missing is not a number: NaN.
    """
    if all(WHOLE.fullmatch(cell) for cell in cells):
        return np.array([int(cell) for cell in cells], np.int64)
    if any(cells) and all(not cell or NUMBER.fullmatch(cell) for cell in cells):
        return np.array([float(cell) if cell else np.nan for cell in cells])
    return np.array(cells)


# Images: a folder for each class, in folders `train` and `test` or without these.


def load_images(folder: Path, name: str) -> dict[str, Any]:
    """Return the images in a folder, which has a folder for each class: `x`, `y` and the names of the classes.

    x: uint8 (images, height, width), or (images, height, width, 3) if any is in color. y: int64 (images,), the class
    of each, from 0, in alphabetical order. names: the names of the classes. classes: how many there are. In two folders
    `train` and `test` these are x_train, y_train, x_test and y_test. Raises DatasetError as `load_own_data` does.
    """
    splits = [folder / split for split in SPLITS]
    is_split = all(split.is_dir() for split in splits)
    places = dict(zip(("_train", "_test"), splits, strict=True)) if is_split else {"": folder}
    names = sorted({part.name for place in places.values() for part in place.iterdir() if part.is_dir()})
    names = [kind for kind in names if not kind.startswith(".")]
    found = {ending: list(images_in(place, names)) for ending, place in places.items()}
    for ending, images in found.items():
        if not images:
            hint = f"put images ({', '.join(IMAGES)}) into a folder for each class"
            raise wrong(name, f"'{places[ending].name}' has no images in folders of classes", hint)
    pictures = read_images([path for images in found.values() for path, _ in images], folder, name)
    sizes = np.cumsum([len(images) for images in found.values()])[:-1]
    arrays: dict[str, Any] = {f"x{ending}": part for ending, part in zip(found, np.split(pictures, sizes), strict=True)}
    arrays |= {f"y{ending}": np.array([kind for _, kind in images]) for ending, images in found.items()}
    return arrays | {"names": np.array(names), "classes": len(names)}


def images_in(folder: Path, names: Sequence[str]) -> Iterator[tuple[Path, int]]:
    """Yield the path and the class of each image, sorted, in the folders of the classes `names` in `folder`."""
    for number, name in enumerate(names):
        if (folder / name).is_dir():
            for path in sorted((folder / name).iterdir()):
                if path.suffix.lower() in IMAGES and not path.name.startswith("."):
                    yield path, number


def read_images(paths: Sequence[Path], folder: Path, name: str) -> Array:
    """Return images as one array, in gray if all are; raise DatasetError for one that is damaged or of another size."""
    from PIL import Image

    opened = []
    for path in paths:
        shown = path.relative_to(folder).as_posix()
        try:
            with Image.open(path) as image:
                opened.append(image.convert("L" if image.mode in ("1", "L", "I;16", "LA") else "RGB"))
        except OSError as error:
            raise wrong(name, f"the image '{shown}' cannot be read", "save it again, or take it away") from error
        if opened[-1].size != opened[0].size:
            one, other = ("x".join(map(str, image.size)) for image in (opened[0], opened[-1]))
            problem = f"'{shown}' has {other} pixels, and '{paths[0].relative_to(folder).as_posix()}' {one}"
            raise wrong(name, problem, "cut or scale all images to one size")
    mode = "L" if all(image.mode == "L" for image in opened) else "RGB"
    return np.stack([np.asarray(image.convert(mode)) for image in opened])
