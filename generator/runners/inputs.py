"""Sources: what an argument stands for, in the child that uses it; NumPy is imported only here."""

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
    """Return the dataset of one job, read once."""
    return load_dataset(Path(path))


def digit(argument: Mapping[str, Any], job: Mapping[str, Any]) -> Any:
    """Return the n-th test image of a class, uint8 of height x width."""
    label, nth = (*argument["value"], 0)[:2]
    return nth_digit(dataset_of(job["dataset"]), label, nth)


def random(argument: Mapping[str, Any], _: Mapping[str, Any]) -> Any:
    """Return integers from 0 to 9 of a seed, int64 of height x width."""
    import numpy as np

    seed, height, width = argument["value"]
    return np.random.default_rng(seed).integers(0, 10, (height, width))


def file(argument: Mapping[str, Any], job: Mapping[str, Any]) -> Path:
    """Return the path of a project file, whose bytes are still those that the task's key tells of."""
    path = Path(job["project"], argument["value"])
    if not path.is_file() or file_digest(path) != argument["source"]:
        raise SourceError(f"'{argument['value']}' has changed since the build began", hint="build again")
    return path


def result(argument: Mapping[str, Any], job: Mapping[str, Any]) -> Any:
    """Return a fact or an array of an experiment, the mapping below a prefix, or one of them `each` seed."""
    source = argument["source"]
    path, bracket, index = argument["value"].partition("[")
    stem = path.removesuffix(".each").removesuffix("each") if path.split(".")[-1] == "each" else path
    if stem == path:
        value = look_up(stem, results_of(job, source), source)
        return value[read_index(index.removesuffix("]"))] if bracket else value
    names = [name for name in job["results"] if name.partition("#")[0] == source]
    return [look_up(stem, results_of(job, name), source) for name in names]


def read_index(text: str) -> Any:
    """Return the index that `text` means: numbers, slices and `...`, as between NumPy's brackets."""
    node = ast.parse(f"a[{text}]", mode="eval").body
    return index_of(node.slice) if isinstance(node, ast.Subscript) else None


def index_of(node: ast.expr) -> Any:
    """Return one index, or the tuple of them."""
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
    """Return what `path` names in nested results; raise FactError with the nearest name."""
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
