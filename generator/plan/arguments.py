"""Arguments as a lecture writes them: `3`, `digit(5)`, `random(0, 6, 6)`, `file(models/net.keras)`, `net.conv1[0]`.

An argument is plain data (it goes into keys and into a child process); the child turns it into an array.
"""

import ast
import re
from typing import Any

from generator.engine.task import Argument
from generator.errors import RecipeError, Where

CALLS = {"digit": (1, 2), "random": (3, 3)}
FILE = re.compile(r"file\s*\((.*)\)", re.DOTALL)


def read_argument(text: str, where: Where) -> Argument:
    """Return the argument that `text` means; a bare word is a string, a dotted name is a result."""
    if named := FILE.fullmatch(text.strip()):
        return Argument("file", read_path(named[1].strip(), where))
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return Argument("literal", text.strip())
    if isinstance(node, ast.Call):
        return read_call(node, where)
    inside = node.value if isinstance(node, ast.Subscript) else node
    if isinstance(inside, ast.Attribute) and dotted_name(inside):
        source, _, path = ast.unparse(node).partition(".")
        return Argument("result", path, source)
    return Argument("literal", read_literal(node, text))


def read_yaml(value: object, where: Where) -> Argument:
    """Return the argument that a value of the front matter means; a text may name a digit, a file or a result."""
    return read_argument(value, where) if isinstance(value, str) else Argument("literal", value)


def read_path(text: str, where: Where) -> str:
    """Return the path between the brackets of `file(…)`, which may stand in quotes."""
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
    """Return the plain value of a literal; words without quotes are text, yes and no are Booleans."""
    if isinstance(node, ast.Name):
        return {"yes": True, "true": True, "no": False, "false": False, "none": None}.get(node.id.lower(), node.id)
    try:
        return as_lists(ast.literal_eval(node))
    except ValueError:
        return text.strip()


def as_lists(value: Any) -> Any:
    """Return `value` with tuples as lists, as JSON has them."""
    return [as_lists(item) for item in value] if isinstance(value, (list, tuple)) else value


def read_call(node: ast.Call, where: Where) -> Argument:
    """Return the argument of `digit(…)` or `random(…)`, whose own arguments are whole numbers."""
    name = ast.unparse(node.func)
    if name not in CALLS:
        inputs = "the inputs are digit(label), random(seed, height, width), file(path)"
        raise RecipeError(f"'{name}(…)' is not an input", where, inputs)
    try:
        values = [ast.literal_eval(argument) for argument in node.args]
    except ValueError:
        values = []
    fewest, most = CALLS[name]
    if node.keywords or not fewest <= len(values) <= most or not all(type(v) is int and v >= 0 for v in values):
        example = {"digit": "digit(5) or digit(5, 2)", "random": "random(0, 6, 6)"}[name]
        raise RecipeError(f"'{ast.unparse(node)}' does not fit", where, f"write {example}")
    return Argument(name, values)  # type: ignore[arg-type]


def dotted_name(node: ast.expr) -> str:
    """Return `a.b.c` for a chain of attributes, else an empty text."""
    if isinstance(node, ast.Attribute):
        inside = dotted_name(node.value)
        return f"{inside}.{node.attr}" if inside else ""
    return node.id if isinstance(node, ast.Name) else ""


def result_name(source: str, place: int) -> str:
    """Return the name under which a task gets the results of `source`: bare for the first seed, else numbered."""
    return source if place == 0 else f"{source}#{place}"
