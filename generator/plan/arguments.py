"""Reads arguments as a lecture writes them.

Examples: `3`, `digit(5)`, `random(0, 6, 6)`, `file(models/net.keras)`, `net.conv1[0]`.

An argument is plain data, because it goes into keys and to a child process; only the child turns it into an array.
"""

import ast
import math
import re
from collections.abc import Mapping
from typing import Any

from generator.engine.task import Argument
from generator.errors import RecipeError, Where

CALLS = {"digit": (1, 2), "random": (3, 3)}  # for each, the fewest and the most arguments
LONGEST_SIDE = 256  # of an image of random numbers
GIVEN = re.compile(r"given\s*\(\s*([a-z][a-z_0-9]*(?:/[^()]*[^()\s])?)\s*\)")  # a name, and a file in its folder
FILE = re.compile(r"file\s*\((.*)\)", re.DOTALL)


def read_argument(text: str, where: Where) -> Argument:
    """Return the argument that `text` means: a bare word is a string, a dotted name is a result of an experiment.

    Raises RecipeError, at `where`, for a call that is not of one of the inputs or does not fit it.
    """
    if wanted := GIVEN.fullmatch(text.strip()):
        return Argument("given", wanted[1])
    if named := FILE.fullmatch(text.strip()):
        return Argument("file", read_path(named[1].strip(), where))
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return Argument("literal", text.strip())
    if isinstance(node, ast.Call):
        return read_call(node, where)
    inner = node.value if isinstance(node, ast.Subscript) else node
    if isinstance(inner, ast.Attribute) and dotted_name(inner):
        source, _, path = ast.unparse(node).partition(".")
        return Argument("result", path, source)
    value = read_literal(node, text)
    if not is_finite(value):
        raise RecipeError(f"'{text.strip()}' holds a number that is not finite", where, "write a finite number")
    return Argument("literal", value)


def is_finite(value: object) -> bool:
    """Return whether a value, or every value in a list or a mapping, is finite where it is a number."""
    if isinstance(value, (list, tuple)):
        return all(map(is_finite, value))
    if isinstance(value, Mapping):
        return all(map(is_finite, value.values()))
    return not isinstance(value, float) or math.isfinite(value)


def read_yaml(value: object, where: Where) -> Argument:
    """Return the argument that a value of the front matter means; a string is read as in a directive."""
    if not is_finite(value):
        raise RecipeError("a number is not finite", where, "write a finite number")
    return read_argument(value, where) if isinstance(value, str) else Argument("literal", value)


def read_path(text: str, where: Where) -> str:
    """Return the path inside `file(…)`, which may be in quotes; raise RecipeError if there is none."""
    path: Any = text
    if text[:1] in ("'", '"'):
        try:
            path = ast.literal_eval(text)
        except (SyntaxError, ValueError):
            path = ""
    if not isinstance(path, str) or not path.strip() or not path.isprintable():
        raise RecipeError(f"'file({text})' does not fit", where, "write file(models/net.keras)")
    return path


def read_literal(node: ast.expr, text: str) -> Any:
    """Return the value of a literal: a word without quotes is a string, `yes` and `no` (`true`, `false`) are Booleans.

    Whatever is not a literal is a string too: `text`, as written.
    """
    if isinstance(node, ast.Name):
        return {"yes": True, "true": True, "no": False, "false": False, "none": None}.get(node.id.lower(), node.id)
    try:
        return as_lists(ast.literal_eval(node))
    except ValueError:
        return text.strip()


def as_lists(value: Any) -> Any:
    """Return `value` with tuples turned into lists, as JSON does."""
    return [as_lists(item) for item in value] if isinstance(value, (list, tuple)) else value


def read_call(node: ast.Call, where: Where) -> Argument:
    """Return the argument `digit(…)` or `random(…)`; raise RecipeError unless its own arguments are whole numbers."""
    name = ast.unparse(node.func)
    if name not in CALLS:
        inputs = "the inputs are digit(label), random(seed, height, width), file(path), given(name)"
        raise RecipeError(f"'{name}(…)' is not an input", where, inputs)
    try:
        values = [ast.literal_eval(argument) for argument in node.args]
    except ValueError:
        values = []
    fewest, most = CALLS[name]
    if node.keywords or not fewest <= len(values) <= most or not all(type(v) is int and v >= 0 for v in values):
        example = {"digit": "digit(5) or digit(5, 2)", "random": "random(0, 6, 6)"}[name]
        raise RecipeError(f"'{ast.unparse(node)}' does not fit", where, f"write {example}")
    if name == "random" and max(values[1:]) > LONGEST_SIDE:
        hint = f"its sides are at most {LONGEST_SIDE}: nobody can see more numbers in a picture"
        raise RecipeError(f"'{ast.unparse(node)}' is too large", where, hint)
    return Argument(name, values)  # type: ignore[arg-type]


def dotted_name(node: ast.expr) -> str:
    """Return `a.b.c` for a chain of attributes, and an empty string for anything else."""
    if isinstance(node, ast.Attribute):
        prefix = dotted_name(node.value)
        return f"{prefix}.{node.attr}" if prefix else ""
    return node.id if isinstance(node, ast.Name) else ""


def result_name(source: str, place: int) -> str:
    """Return the name under which a task gets the results of the experiment `source` for the seed at index `place`.

    >>> result_name("net", 0), result_name("net", 2)
    ('net', 'net#2')
    """
    return source if place == 0 else f"{source}#{place}"
