"""Syntax trees without what is never evaluated: docstrings, and the annotations of local variables."""

import ast
import threading
from collections.abc import Iterator
from hashlib import sha256

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
PARSING = threading.Lock()  # Python 3.11 counts the depth of all threads' trees as one, and then raises SystemError
Defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def parse_text(text: str | bytes) -> ast.Module:
    """Return the syntax tree of `text`; of what is not Python, an empty one."""
    try:
        with PARSING:
            return ast.parse(text)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def drop_docstrings(tree: ast.Module) -> None:
    """Take from a tree the docstrings, and the annotations of local variables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | Defined) and node.body and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for local in within(node):
                if isinstance(local, ast.AnnAssign):
                    local.annotation = ast.Constant(None)


def within(function: ast.AST) -> Iterator[ast.AST]:
    """Yield what a function itself consists of, the insides of other definitions left out."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            yield node
            yield from within(node)


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()
