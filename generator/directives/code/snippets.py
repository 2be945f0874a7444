"""Cuts the code that a lecture shows out of the project's files, so that a lecturer never retypes code."""

import ast
import warnings

from generator.errors import SourceError, Where, suggest

Function = ast.FunctionDef | ast.AsyncFunctionDef


def cut_snippet(name: str, function: str, text: str, where: Where) -> str:
    """Return the function called `function` in the `text` of the file `name`, or all of it if that is empty.

    Raises SourceError, at `where` the lecture names it, if there is no such function.
    """
    if not function:
        return text.rstrip("\n")
    functions = {node.name: node for node in parse_file(name, text, where).body if isinstance(node, Function)}
    if function not in functions:
        raise SourceError(f"'{name}' has no function '{function}'", where, suggest(function, list(functions)))
    return cut_function(functions[function], text.split("\n"))


def parse_file(name: str, text: str, where: Where) -> ast.Module:
    """Return the tree of the Python file `name`; raise SourceError, at `where` the lecture names it, if it is none."""
    try:
        with warnings.catch_warnings(action="ignore"):  # such as of a backslash: whoever runs the file is told
            return ast.parse(text)
    except SyntaxError as error:
        problem = f"'{name}' is not Python, line {error.lineno or 1}: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:  # a null character; brackets hundreds deep
        problem = f"'{name}' is not Python: {error}"
    raise SourceError(problem, where, "mend the file")


def cut_function(function: Function, lines: list[str]) -> str:
    """Return the function's source, with its decorators, without its docstring.

    That is meant for readers of the file, not of a slide. A docstring that shares a line with code, or that is all
    there is in the function, is kept, since no function would be left without it.
    """
    first = min((decorator.lineno for decorator in function.decorator_list), default=function.lineno)
    numbers = list(range(first, (function.end_lineno or function.lineno) + 1))
    if ast.get_docstring(function) is not None and len(function.body) > 1:
        doc, after = function.body[:2]
        span = range(doc.lineno, (doc.end_lineno or doc.lineno) + 1)
        before = lines[doc.lineno - 1].encode()[: doc.col_offset].strip()
        if not before and after.lineno not in span:
            numbers = [number for number in numbers if number not in span]
    return "\n".join(lines[number - 1] for number in numbers)
