"""Resolves the arguments of a job in the child process that runs it: literals, images, files, results and datasets.

`SOURCES` maps the form of an argument to the function that turns it into a value.
"""

import ast
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from generator.disk import file_digest
from generator.errors import FactError, SourceError, suggest
from generator.runners.dataset import Dataset, load_dataset, nth_digit


@cache
def dataset_of(path: str) -> Dataset:
    """Return the dataset at `path`, read once per process."""
    return load_dataset(Path(path))


def digit(argument: Mapping[str, Any], job: Mapping[str, Any]) -> Any:
    """Return the n-th test image of a class as uint8 (height, width); the argument is (class, n), n by default 0."""
    label, nth = (*argument["value"], 0)[:2]
    return nth_digit(dataset_of(job["dataset"]), label, nth)


def random(argument: Mapping[str, Any], _: Mapping[str, Any]) -> Any:
    """Return random integers from 0 to 9 as int64 (height, width); the argument is (seed, height, width)."""
    import numpy as np

    seed, height, width = argument["value"]
    return np.random.default_rng(seed).integers(0, 10, (height, width))


def file(argument: Mapping[str, Any], job: Mapping[str, Any]) -> Path:
    """Return the path of a project file; raise SourceError if it has changed since the task's key was made."""
    path = Path(job["project"], argument["value"])
    if not path.is_file() or file_digest(path) != argument["source"]:
        raise SourceError(f"'{argument['value']}' has changed since the build began", hint="build again")
    return path


def result(argument: Mapping[str, Any], job: Mapping[str, Any]) -> Any:
    """Return a fact or array of an experiment, or the mapping below a prefix; with `each`, a list with one per seed."""
    source = argument["source"]
    path, bracket, index = argument["value"].partition("[")
    stem = path.removesuffix(".each").removesuffix("each") if path.split(".")[-1] == "each" else path
    if stem == path:
        value = look_up(stem, results_of(job, source), source)
        return value[read_index(index.removesuffix("]"))] if bracket else value
    names = [name for name in job["results"] if name.partition("#")[0] == source]
    return [look_up(stem, results_of(job, name), source) for name in names]


def read_index(text: str) -> Any:
    """Return the index written in `text`: numbers, slices and `...`, as between the brackets of a NumPy array."""
    node = ast.parse(f"a[{text}]", mode="eval").body
    return index_of(node.slice) if isinstance(node, ast.Subscript) else None


def index_of(node: ast.expr) -> Any:
    """Return the index, or tuple of indices, that a syntax tree stands for."""
    if isinstance(node, ast.Tuple):
        return tuple(index_of(item) for item in node.elts)
    if isinstance(node, ast.Slice):
        return slice(*(None if part is None else index_of(part) for part in (node.lower, node.upper, node.step)))
    return ast.literal_eval(node)


def results_of(job: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return all results of one run of an experiment, nested by name."""
    from generator.runners.experiment import read_results

    entry = job["results"][name]
    return read_results(entry["facts"], Path(entry["arrays"] or "no arrays"))


def look_up(path: str, results: Any, source: str) -> Any:
    """Return what the dotted `path` names in nested results; raise FactError, with the closest name as hint."""
    value, seen = results, source
    for name in filter(None, path.split(".")):
        if not isinstance(value, Mapping) or name not in value:
            known = [str(key) for key in value] if isinstance(value, Mapping) else []
            raise FactError(f"'{seen}' has no result '{name}'", hint=suggest(name, known))
        value, seen = value[name], f"{seen}.{name}"
    return value


SOURCES: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Any]] = {
    "literal": lambda argument, _: argument["value"],
    "digit": digit,
    "random": random,
    "file": file,
    "result": result,
    "dataset": lambda _, job: dataset_of(job["dataset"]),
}
