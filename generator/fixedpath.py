"""Fixed paths: what an expression on `__file__` names, read off its syntax; knows no file system.

`Path(__file__).parent / "fonts"` in `generator/theme.py` is `generator/fonts`, relative to the project.
"""

import ast
from collections.abc import Mapping
from pathlib import PurePosixPath

SAME = {"resolve", "absolute", "abspath", "realpath", "fspath", "Path", "PurePath", "str"}  # the same file again
Known = Mapping[str, str]


def fixed_path(node: ast.AST, known: Known) -> str | None:
    """Return the project path that `node` names, None where that is not fixed; `known` are names of paths."""
    match node:
        case ast.Name(id=name):
            return known.get(name)
        case ast.Attribute(value=inner, attr="parent"):
            return above(fixed_path(inner, known), 1)
        case ast.Subscript(value=ast.Attribute(value=inner, attr="parents"), slice=ast.Constant(value=int(steps))):
            return above(fixed_path(inner, known), steps + 1)
        case ast.BinOp(left=left, op=ast.Div(), right=ast.Constant(value=str(part))):
            return below(fixed_path(left, known), [part])
        case ast.Call():
            return fixed_call(node, known)
    return None


def fixed_call(node: ast.Call, known: Known) -> str | None:
    """Return what a call of `pathlib` or `os.path` names: of a function on a path, or of a method of one."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    inner = node.func.value if isinstance(node.func, ast.Attribute) else None
    method = None if inner is None else call_on(fixed_path(inner, known), name, node.args)
    if method is not None or not node.args:
        return method
    return call_on(fixed_path(node.args[0], known), name, node.args[1:])


def call_on(path: str | None, name: str, arguments: list[ast.expr]) -> str | None:
    """Return what the function or the method `name` makes of a path."""
    parts = [part.value for part in arguments if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    if len(parts) != len(arguments):
        return None
    if name in ("join", "joinpath"):
        return below(path, parts)
    if name == "with_name":
        return below(above(path, 1), parts)
    if name == "dirname":
        return above(path, 1)
    return path if name in SAME and not parts else None


def above(path: str | None, steps: int) -> str | None:
    """Return the folder so many steps above, the project for one further out."""
    for _ in range(steps):
        path = None if path is None else PurePosixPath(path).parent.as_posix()
    return path


def below(path: str | None, parts: list[str]) -> str | None:
    """Return what lies below a folder; not a fixed path where a part leads out of it."""
    if path is None or any(part.startswith("/") or ".." in part.split("/") for part in parts):
        return None
    return PurePosixPath(path, *parts).as_posix()
