"""Reads and checks the front matter, the YAML at the top of a lecture; knows nothing of the text below it."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from generator.errors import SourceError, Where, suggest
from generator.lecture.blocks import ExperimentUse

KINDS: dict[str, tuple[type, ...]] = {
    "title": (str,), "subtitle": (str,), "author": (str,), "lang": (str,), "minutes": (int, float),
    "dataset": (str,), "experiments": (dict,), "bibliography": (str,), "theme": (str,), "aspect": (str, int),
}  # fmt: skip
NAMES = {str: "text", int: "a number", float: "a number", dict: "a mapping"}
CHOICES = {"theme": ("light", "dark"), "aspect": ("16:9", "4:3")}


def read_front_matter(text: str, path: str) -> dict[str, Any]:
    """Return the checked fields of the front matter `text`, by name, and `lines`, the line of each.

    Raises SourceError, with the line in the file `path`, for an unknown field or an unfit value.
    """
    fields = load_yaml(text, path)
    for name, value in fields.items():
        line = line_of(text, name)
        if name not in KINDS:
            raise SourceError(f"front matter has no '{name}'", Where(path, line), suggest(name, list(KINDS)))
        if not isinstance(value, KINDS[name]) or isinstance(value, bool):
            problem = f"'{name}' is {NAMES[KINDS[name][0]]}, not {value!r}"
            raise SourceError(problem, Where(path, line), f"write {name}: {example(name)}")
    if not str(fields.get("title", "")).strip():
        raise SourceError("the lecture has no title", Where(path, 1), "begin with ---, title: …, ---")
    for name in CHOICES.keys() & fields.keys():
        fields[name] = read_choice(name, fields[name], Where(path, line_of(text, name)))
    fields["lines"] = {name: line_of(text, name) for name in fields}
    uses = fields.get("experiments") or {}
    fields["experiments"] = {name: read_use(name, use, path, text) for name, use in uses.items()}
    return fields


def read_choice(name: str, value: object, where: Where) -> str:
    """Return the value of the field `name` as text; raise SourceError at `where` if it is none of its CHOICES."""
    # YAML 1.1 reads an unquoted 16:9 as a number in base 60: 16 * 60 + 9.
    plain = f"{value // 60}:{value % 60}" if isinstance(value, int) else str(value)
    if plain not in CHOICES[name]:
        choices = " and ".join(f'"{choice}"' for choice in CHOICES[name])
        raise SourceError(f"there is no {name} '{plain}'", where, f"there are {choices}")
    return plain


def load_yaml(text: str, path: str) -> dict[str, Any]:
    """Return the mapping in the YAML `text`; raise SourceError, with the line, if it is not YAML or not a mapping."""
    try:
        fields = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = Where(path, (mark.line if mark else 0) + 2)
        reason = getattr(error, "problem", None) or "it cannot be read"
        raise SourceError(f"front matter is not YAML: {reason}", where, "write name: value lines") from None
    if not isinstance(fields, dict):
        raise SourceError("front matter is not a mapping", Where(path, 2), "write name: value lines")
    return fields


def read_use(name: str, use: object, path: str, text: str) -> ExperimentUse:
    """Return how the lecture uses the experiment `name`.

    use: the name of the recipe, or a mapping such as `{recipe: …, seeds: 3, units: 117}`, in which all keys but
    `recipe` and `seeds` are arguments of the recipe.
    """
    where = Where(path, line_of(text, name))
    if not re.fullmatch(r"[a-z][a-z_0-9]*", str(name)):
        raise SourceError(f"'{name}' cannot name an experiment", where, "use letters, digits and _")
    options: Mapping[str, Any] = {"recipe": use} if isinstance(use, str) else use if isinstance(use, dict) else {}
    recipe = options.get("recipe", name)
    if not options or not isinstance(recipe, str):
        raise SourceError(f"'{name}' does not say what to run", where, f"write {name}: the_experiment")
    rest = tuple(sorted((key, value) for key, value in options.items() if key not in ("recipe", "seeds")))
    return ExperimentUse(recipe, read_seeds(options.get("seeds", 1), where), rest, where.line)


def read_seeds(seeds: object, where: Where) -> tuple[int, ...]:
    """Return the seeds: 0, 1, … for a count, or those of a list, each once; raise SourceError for anything else."""
    if isinstance(seeds, int) and not isinstance(seeds, bool) and 1 <= seeds <= 99:
        return tuple(range(seeds))
    if isinstance(seeds, list) and seeds and all(type(seed) is int and seed >= 0 for seed in seeds):
        return tuple(dict.fromkeys(seeds))
    raise SourceError(f"seeds are a count or a list of integers, not {seeds!r}", where, "write seeds: 3")


def line_of(text: str, name: str) -> int:
    """Return the line of the lecture's file on which the key `name` stands; 2, where the YAML begins, without it."""
    for number, line in enumerate(text.split("\n"), start=2):
        if re.match(rf"^\s*['\"]?{re.escape(str(name))}['\"]?\s*:", line):
            return number
    return 2


def example(name: str) -> str:
    """Return an example of a value for the field `name`, for the hint of an error."""
    return {
        "minutes": "90",
        "experiments": "{convnet: mnist_convnet}",
        "aspect": '"4:3"',
        "bibliography": "lectures/references.bib",
        "theme": "dark",
    }.get(name, "some text")
