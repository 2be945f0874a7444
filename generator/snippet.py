"""Snippets: the code a slide shows, its own or cut from a project file, so that nothing is ever retyped."""

import ast
from pathlib import Path

from generator.block import Code
from generator.errors import SourceError, Where, suggest
from generator.projectfile import find_file


def read_snippet(code: Code, project: Path, where: Where) -> str:
    """Return the text of `code`; raise SourceError when its file, or the function in it, is not there."""
    if not code.path:
        return code.text
    path = find_file(code.path, project, where)
    text = path.read_text(encoding="utf-8")
    if not code.function:
        return text.rstrip("\n")
    functions = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    if code.function not in functions:
        problem = f"'{code.path}' has no function '{code.function}'"
        raise SourceError(problem, where, suggest(code.function, list(functions)))
    return cut_function(functions[code.function], text.split("\n"))


def cut_function(function: ast.FunctionDef, lines: list[str]) -> str:
    """Return the function's lines without its docstring, which is written for who reads the file."""
    first, last = function.lineno, function.end_lineno or function.lineno
    kept = list(range(first, last + 1))
    if ast.get_docstring(function) is not None:
        doc = function.body[0]
        kept = [number for number in kept if not doc.lineno <= number <= (doc.end_lineno or doc.lineno)]
    return "\n".join(lines[number - 1] for number in kept)
