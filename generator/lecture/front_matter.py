"""Reads and checks the front matter, the YAML at the top of a lecture; knows nothing of the text below it."""

import datetime as dt
import math
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import yaml

from generator.errors import SourceError, Where, suggest
from generator.lecture.blocks import ExperimentUse
from generator.lecture.macros import NO_MACROS, Macros, read_macros

KINDS: dict[str, tuple[type, ...]] = {
    "title": (str,), "subtitle": (str,), "author": (str,), "date": (str, dt.date), "version": (str, int),
    "license": (str,), "lang": (str,), "minutes": (int, float),
    "dataset": (str,), "experiments": (dict,), "bibliography": (str,), "theme": (str,), "aspect": (str, int),
    "macros": (dict,), "titles": (str,),
}  # fmt: skip
NAMES = {str: "text", int: "a number", float: "a number", dict: "a mapping"}
ONE_LINE = ("title", "subtitle", "author", "date", "version", "license")  # texts that pages show
UNFIT = re.compile(r"[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # halves of characters, and control characters
USE_OPTIONS = ("recipe", "seeds", "timeout")  # what an experiment's entry says that is no argument of its recipe
LONGEST_TIMEOUT = 60_000  # minutes: six weeks
CHOICES = {"theme": ("light", "dark"), "aspect": ("16:9", "4:3"), "titles": ("any", "sentences")}


Places = dict[tuple[str, ...], Where]  # of each key of the front matter, by it and the keys around it


def read_front_matter(text: str, path: str, macros: Macros = NO_MACROS) -> dict[str, Any]:
    """Return the checked fields of the front matter `text`, by name, and `lines`, the line of each.

    macros: those of the course, which the lecture's own are added to.

    Raises SourceError, with the line in the file `path`, for an unknown field, an unfit value, or a key given twice.
    """
    fields, found = load_yaml(text, path)
    places = defaultdict(lambda: Where(path, 2), found)  # a key may be written otherwise, such as `true`
    for name, value in fields.items():
        check_field(name, value, places[str(name),])
    if not str(fields.get("title", "")).strip():
        raise SourceError("the lecture has no title", Where(path, 1), "begin with ---, title: …, ---")
    for name in CHOICES.keys() & fields.keys():
        fields[name] = read_choice(name, fields[name], places[name,])
    fields |= {name: str(fields[name]) for name in ("date", "version") if name in fields}
    fields["macros"] = read_lecture_macros(fields.get("macros") or {}, text, places, macros)
    fields["lines"] = {name: places[name,].line for name in fields}
    uses = fields.get("experiments") or {}
    fields["experiments"] = {name: read_use(name, use, places["experiments", str(name)]) for name, use in uses.items()}
    return fields


def check_field(name: object, value: object, where: Where) -> None:
    """Raise SourceError, at `where`, if there is no field `name`, or if it cannot have this value."""
    if name not in KINDS:
        raise SourceError(f"front matter has no '{name}'", where, suggest(str(name), list(KINDS)))
    if not isinstance(value, KINDS[str(name)]) or isinstance(value, bool):
        problem = f"'{name}' is {NAMES[KINDS[str(name)][0]]}, not {value!r}"
        raise SourceError(problem, where, f"write {name}: {example(str(name))}")
    if name == "minutes" and not 0 < float(str(value)) < math.inf:
        raise SourceError(f"a lecture does not last {value} minutes", where, "write minutes: 90")


def read_choice(name: str, value: object, where: Where) -> str:
    """Return the value of the field `name` as text; raise SourceError at `where` if it is none of its CHOICES."""
    # YAML 1.1 reads an unquoted 16:9 as a number in base 60: 16 * 60 + 9.
    plain = f"{value // 60}:{value % 60}" if isinstance(value, int) else str(value)
    if plain not in CHOICES[name]:
        choices = " and ".join(f'"{choice}"' for choice in CHOICES[name])
        raise SourceError(f"there is no {name} '{plain}'", where, f"there are {choices}")
    return plain


def read_lecture_macros(own: Mapping[Any, Any], text: str, places: Places, known: Macros) -> Macros:
    """Return the macros of the front matter `text` together with those `known`.

    places: those of its keys. Raises SourceError as `read_macros` does, and for a definition that YAML cuts off: ` #`
    begins a comment there.
    """
    lines = text.split("\n")
    for name, definition in own.items():
        where = places["macros", str(name)]
        behind = re.search(rf"^\s*['\"]?{re.escape(str(name))}['\"]?\s*:.*?\s(#\d.*)$", lines[where.line - 2])
        if behind and behind[1].rstrip("'\" ") not in str(definition):
            problem = f"the macro '{name}' ends before '{behind[1]}', which YAML takes for a comment"
            raise SourceError(problem, where, f"put single quotes around it: '{name}': '…{behind[1]}'")
    return read_macros(own, lambda name: places["macros", name], known)


class Loader(yaml.SafeLoader):
    """Reads YAML; a value that is none of its kind (2026-13-45 as a date) is an error with a place, as others are."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 - the method's own
        """Return the value of a node; raise ConstructorError if it has none."""
        try:
            return super().construct_object(node, deep=deep)
        except ValueError as error:
            raise yaml.constructor.ConstructorError(None, None, str(error), node.start_mark) from None


def load_yaml(text: str, path: str) -> tuple[dict[str, Any], Places]:
    """Return the mapping in the YAML `text`, and the place of each of its keys.

    Raises SourceError, at the place, if it is not YAML, not a mapping, or if a mapping in it has a key twice.
    """
    loader, places = Loader(text), Places()
    try:
        node = loader.get_single_node()
        check_characters(node, path, set())
        find_keys(node, path, (), places, set())
        check_size(node, path)
        check_comments(node, text.split("\n"), path)
        fields = loader.construct_document(node) if node else {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "it cannot be read"
        hint = mend_line([*text.split("\n"), ""][mark.line if mark else 0])
        raise SourceError(f"front matter is not YAML: {reason}", place_of(mark, path), hint) from None
    except RecursionError:
        raise SourceError("front matter is nested too deeply", Where(path, 2), "write name: value lines") from None
    if not isinstance(fields, dict):
        raise SourceError("front matter is not a mapping", Where(path, 2), "write name: value lines")
    return fields, places


MOST_VALUES = 10_000  # of a front matter, with each alias written out


def check_size(node: Any, path: str) -> None:
    """Raise SourceError for YAML that is short as it is written and endless when its aliases are written out."""
    if node is not None and count_values(node, {}) > MOST_VALUES:
        hint = "write what it means instead of *aliases"
        raise SourceError("the front matter has too many values", place_of(node.start_mark, path), hint)


def count_values(node: Any, known: dict[int, int]) -> int:
    """Return how many values `node` holds with each alias written out, more than MOST_VALUES for one that holds itself.

    known: the counts of the nodes that were counted; a node that is being counted has too many.
    """
    if id(node) not in known:
        known[id(node)] = MOST_VALUES + 1
        items = () if isinstance(node, yaml.ScalarNode) else node.value
        parts = [part for item in items for part in (item if isinstance(item, tuple) else (item,))]
        known[id(node)] = 1 + sum(count_values(part, known) for part in parts)
    return known[id(node)]


def check_characters(node: Any, path: str, seen: set[int]) -> None:
    """Raise SourceError for a text in `node` with a character that no file can hold, written as an escape.

    seen: the nodes that were looked at.
    """
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if not isinstance(node, yaml.ScalarNode):
        for item in node.value:
            for part in item if isinstance(item, tuple) else (item,):
                check_characters(part, path, seen)
    elif found := UNFIT.search(node.value):
        hint = r"write the character itself, or \U and all its eight digits"
        raise SourceError(
            f"a text has U+{ord(found[0]):04X} in it, which no page can show", place_of(node.start_mark, path), hint
        )


def check_comments(node: Any, lines: list[str], path: str) -> None:
    """Raise SourceError for a comment behind a title, a subtitle or an author: in `Issue #3` it is part of the text."""
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if key.value in ONE_LINE and isinstance(value, yaml.ScalarNode) and value.style is None:
            mark = value.end_mark
            rest = lines[mark.line][mark.column :] if mark.line < len(lines) else ""
            if rest.lstrip().startswith("#"):
                column = mark.column + len(rest) - len(rest.lstrip()) + 1
                hint = f'put quotes around the text: {key.value}: "{value.value}{rest.rstrip()}"'
                problem = f"'{rest.strip()[:40]}' is a comment in YAML, and left away"
                raise SourceError(problem, Where(path, mark.line + 2, column), hint)


def place_of(mark: Any, path: str) -> Where:
    """Return the place in the lecture's file of a mark in its YAML, which begins on line 2."""
    return Where(path, mark.line + 2, mark.column + 1) if mark else Where(path, 2)


def find_keys(node: Any, path: str, around: tuple[str, ...], places: Places, seen: set[int]) -> None:
    """Add the place of each key of the mappings in `node` to `places`.

    Raises SourceError, at the second, if a mapping has a key twice: YAML would take the last in silence.

    around: the keys around the node. seen: the nodes that were looked at: one may be part of itself by an alias.
    """
    if node is None or id(node) in seen or isinstance(node, yaml.ScalarNode):
        return
    seen.add(id(node))
    own: Places = {}
    for item in node.value:
        key, value = item if isinstance(node, yaml.MappingNode) else (None, item)
        name = (*around, key.value if isinstance(key, yaml.ScalarNode) else "")
        if isinstance(key, yaml.ScalarNode):
            if name in own:
                hint = f"it stands on line {own[name].line} too: keep one of the two"
                raise SourceError(f"'{key.value}' is given twice", place_of(key.start_mark, path), hint)
            own[name] = place_of(key.start_mark, path)
        find_keys(value, path, name, places, seen)
    places |= own


def mend_line(line: str) -> str:
    """Return the hint for a `line` of front matter that is not YAML: mostly text with a sign that means something."""
    match = re.match(r"\s*(?P<name>\w+):[ \t]+(?P<text>[^\s\[{'\"].*)$", line)
    if "\t" in line:
        return "write spaces instead of tabs"
    if re.search(r'"[^"]*\\', line):
        return "put single quotes around text with backslashes"
    if match is None or '"' in match["text"]:
        return "write name: value lines"
    return f'put quotes around the text: {match["name"]}: "{match["text"].strip()}"'


def read_use(name: str, use: object, where: Where) -> ExperimentUse:
    """Return how the lecture uses the experiment `name`, which it says at `where`.

    use: the name of the recipe, or a mapping such as `{recipe: …, seeds: 3, units: 117}`, in which all keys but
    `recipe`, `seeds` and `timeout` are arguments of the recipe.
    """
    if not re.fullmatch(r"[a-z][a-z_0-9]*", str(name)):
        raise SourceError(f"'{name}' cannot name an experiment", where, "use letters, digits and _")
    options: Mapping[str, Any] = {"recipe": use} if isinstance(use, str) else use if isinstance(use, dict) else {}
    recipe = options.get("recipe", name)
    if not options or not isinstance(recipe, str):
        raise SourceError(f"'{name}' does not say what to run", where, f"write {name}: the_experiment")
    rest = tuple(sorted((key, value) for key, value in options.items() if key not in USE_OPTIONS))
    seeds, timeout = read_seeds(options.get("seeds", 1), where), read_timeout(options.get("timeout"), where)
    return ExperimentUse(recipe, seeds, rest, where.line, timeout)


def read_timeout(minutes: object, where: Where) -> float:
    """Return how many minutes a run may take, 0 for None; raise SourceError for anything but a positive number."""
    if minutes is None:
        return 0
    if isinstance(minutes, bool) or not isinstance(minutes, (int, float)) or not 0 < minutes < LONGEST_TIMEOUT:
        raise SourceError(f"a timeout is a number of minutes, not {minutes!r}", where, "write timeout: 60")
    return float(minutes)


def read_seeds(seeds: object, where: Where) -> tuple[int, ...]:
    """Return the seeds: 0, 1, … for a count, or those of a list, each once; raise SourceError for anything else."""
    if isinstance(seeds, int) and not isinstance(seeds, bool) and 1 <= seeds <= 99:
        return tuple(range(seeds))
    if isinstance(seeds, list) and seeds and all(type(seed) is int and seed >= 0 for seed in seeds):
        return tuple(dict.fromkeys(seeds))
    raise SourceError(f"seeds are a count or a list of integers, not {seeds!r}", where, "write seeds: 3")


def example(name: str) -> str:
    """Return an example of a value for the field `name`, for the hint of an error."""
    return {
        "minutes": "90",
        "experiments": "{convnet: mnist_convnet}",
        "aspect": '"4:3"',
        "version": '"1.10", in quotes',
        "macros": r"and below it \R: \mathbb{R}",
        "bibliography": "lectures/references.bib",
        "theme": "dark",
        "titles": "sentences",
    }.get(name, "some text")
