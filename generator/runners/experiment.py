"""Runs an experiment reproducibly and splits its results into facts, which are returned, and arrays, which are saved.

    {"accuracy": np.float32(0.99), "conv2": {"patches": ndarray}}
    -> facts  {"accuracy": 0.99, "conv2": {}}
    -> arrays {"conv2.patches": ndarray}

The experiment seeds its own random generators (`keras.utils.set_random_seed`). This module makes the same seed give the
same bytes, by fixing TensorFlow's ops and threads and the bytes of the .npz. `read_results` puts facts and arrays
together again for the figures that use them.
"""

import math
import os
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

# TensorFlow reads these when its first op runs, so it is not too late even if the experiment has already imported it.
# One thread by default: sums then have the same order on every machine, and parallel tasks do not compete for cores.
DETERMINISM = {
    "TF_DETERMINISTIC_OPS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}
NAME = re.compile(r"[A-Za-z0-9_]+")
NOT_FINITE = "look for a division by zero or a training that diverged"
KEPT = "a result is a number, a text, an array, or lists or mappings of them"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip can hold; a fixed date, so that equal arrays give equal bytes

Array = NDArray[Any]


def run(recipe: ModuleType, arguments: dict[str, Any], out: Path) -> dict[str, Any]:
    """Return the facts of `recipe.measure(**arguments)` and write its arrays to `out/arrays.npz`.

    Raises ValueError("problem; hint") if a result is of a type that cannot be saved or is not a finite number.
    """
    for name, value in DETERMINISM.items():
        os.environ.setdefault(name, value)
    facts, arrays = split_results(recipe.measure(**arguments))
    write_arrays(out / "arrays.npz", arrays)
    return facts


def split_results(results: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return (facts nested as in `results`, arrays by dotted name); raise ValueError as `run` does."""
    if not isinstance(results, Mapping):
        raise ValueError(f"measure returns {type(results).__name__}; return a mapping of names to results")  # noqa: TRY004
    arrays: dict[str, Array] = {}
    return dict(_facts(results, "", arrays)), arrays


def _facts(results: Mapping[str, object], prefix: str, arrays: dict[str, Array]) -> Iterator[tuple[str, Any]]:
    for key, value in results.items():
        if not isinstance(key, str) or not NAME.fullmatch(key):
            raise ValueError(f"{key!r} cannot name a result; use letters, digits and _")
        name = prefix + key
        if isinstance(value, np.ndarray) and value.ndim:
            arrays[name] = _checked(name, value)
        elif isinstance(value, Mapping):
            yield key, dict(_facts(value, f"{name}.", arrays))
        else:
            yield key, _plain(name, value)


def _checked(name: str, array: Array) -> Array:
    if array.dtype.kind not in "biufU":
        raise ValueError(f"{name} is an array of {array.dtype}; numbers, booleans and texts can be kept")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError(f"{name} holds numbers that are not finite; {NOT_FINITE}")
    return array


def _plain(name: str, value: object) -> Any:
    """Return `value` as JSON can hold it: NumPy scalars become Python numbers, tuples become lists."""
    if isinstance(value, np.generic | np.ndarray):
        value = value.item() if value.ndim == 0 else value
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{name} is {value}; {NOT_FINITE}")
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [_plain(f"{name}[{place}]", item) for place, item in enumerate(value)]
    if isinstance(value, Mapping):
        return {str(key): _plain(f"{name}.{key}", item) for key, item in value.items()}
    raise ValueError(f"{name} is {type(value).__name__}; {KEPT}")


def write_arrays(path: Path, arrays: Mapping[str, Array]) -> None:
    """Write an .npz whose bytes depend on `arrays` alone: entries are sorted, have a fixed date and are not compressed.

    The output of deflate differs between versions of zlib; NumPy reads uncompressed entries just as well.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(arrays):
            entry = zipfile.ZipInfo(f"{name}.npy", EPOCH)
            with archive.open(entry, "w", force_zip64=True) as stream:
                np.lib.format.write_array(stream, np.ascontiguousarray(arrays[name]), allow_pickle=False)


def read_results(facts: Mapping[str, Any], arrays_path: Path) -> "Results":
    """Return the results of `measure`, nested as they were; each array is read from its file on access."""
    tree: dict[str, Any] = {}
    _merge(tree, facts)
    if arrays_path.exists():
        with zipfile.ZipFile(arrays_path) as archive:
            names = [entry.removesuffix(".npy") for entry in archive.namelist()]
        for name in names:
            *folders, last = name.split(".")
            branch = tree
            for folder in folders:
                branch = branch.setdefault(folder, {})
            branch[last] = _Stored(arrays_path, name)
    return Results(tree)


def _merge(tree: dict[str, Any], facts: Mapping[str, Any]) -> None:
    for key, value in facts.items():
        tree[key] = value
        if isinstance(value, Mapping):
            tree[key] = {}
            _merge(tree[key], value)


class _Stored:
    """A reference to an array in an .npz file."""

    __slots__ = ("name", "path")

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name

    def read(self) -> Array:
        with np.load(self.path, allow_pickle=False) as archive:
            array: Array = archive[self.name]
        return array


class Results(Mapping[str, Any]):
    """A nested mapping of results; facts are returned as they are, arrays are read from their file at each access."""

    __slots__ = ("_tree",)

    def __init__(self, tree: Mapping[str, Any]) -> None:
        self._tree = tree

    def __getitem__(self, key: str) -> Any:
        value = self._tree[key]
        if isinstance(value, _Stored):
            return value.read()
        return Results(value) if isinstance(value, dict) else value

    def __iter__(self) -> Iterator[str]:
        return iter(self._tree)

    def __len__(self) -> int:
        return len(self._tree)

    def __repr__(self) -> str:
        return f"Results({', '.join(self)})"
