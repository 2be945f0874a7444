"""Arguments of a figure as a lecture writes them: literals, `digit(5)`, `random(0, 6, 6)`, `net.maps.conv1[..., 3]`.

An argument is plain data (it goes into keys and into a child process); the child turns it into an array.
"""

import ast
from dataclasses import dataclass
from typing import Any, Literal

from generator.errors import RecipeError, Where

CALLS = {"digit": (1, 2), "random": (3, 3)}


@dataclass(frozen=True, slots=True)
class Argument:
    """What stands behind `:name:`: the `form` of it, its plain `value`, and the experiment a result comes from."""

    form: Literal["literal", "digit", "random", "result", "dataset"]
    value: Any
    source: str = ""


def read_argument(text: str, where: Where) -> Argument:
    """Return the argument that `text` means; a bare word is a string, a dotted name is a result."""
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
        raise RecipeError(
            f"'{name}(…)' is not an input", where, "the inputs are digit(label), random(seed, height, width)"
        )
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
