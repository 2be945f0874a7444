"""The closure of a module: the files that it can reach by imports, found by AST and importing nothing.

A module that reaches for others by name at run time (`importlib`, `exec`, `eval`, `__import__`) counts as reaching the
whole project. Which statements in the files matter to a verb, `generator.reach` knows.
"""

import ast
import hashlib
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path

DYNAMIC = {"importlib", "exec", "eval", "__import__", "runpy"}
ROOTS = ("figures", "lectures", "generator")
PARSING = threading.Lock()  # Python 3.11 counts the depth of all threads' trees as one, and then raises SystemError


def all_files(project: Path) -> Iterator[Path]:
    """Yield every Python file of the project's content and engine."""
    for root in ROOTS:
        yield from (project / root).rglob("*.py")


def closure_files(module: str, project: Path) -> set[Path]:
    """Return the files of `module`, of its packages, and of all that they import inside the project."""
    found: set[Path] = set()
    waiting = list(module_files(module, project))
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        for name in imported_names(path, stamp(path)):
            if name == "*":
                waiting += all_files(project)
            else:
                waiting += module_files(name, project)
    return found


def packages_imported(module: str, project: Path) -> set[str]:
    """Return the top-level packages from outside the project that `module` can import."""
    names = {name for path in closure_files(module, project) for name in imported_names(path, stamp(path))}
    return {name.partition(".")[0] for name in names} - set(ROOTS)


def module_files(name: str, project: Path) -> Iterator[Path]:
    """Yield the files that importing `name` runs: its packages', its own, nothing outside the project."""
    parts = name.split(".")
    if parts[0] not in ROOTS:
        return
    for depth in range(1, len(parts) + 1):
        stem = project.joinpath(*parts[:depth])
        for path in (stem.with_suffix(".py"), stem / "__init__.py"):
            if path.is_file():
                yield path


def stamp(path: Path) -> tuple[int, int]:
    """Return what tells one state of a file from another within one build."""
    status = path.stat()
    return status.st_mtime_ns, status.st_size


@cache
def parse(path: Path, _: tuple[int, int]) -> ast.Module:
    """Return the syntax tree of a file; of one that is not Python, an empty one."""
    return parse_text(path.read_bytes())


def parse_text(text: str | bytes) -> ast.Module:
    """Return the syntax tree of `text`; of what is not Python, an empty one."""
    try:
        with PARSING:
            return ast.parse(text)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


@cache
def imported_names(path: Path, state: tuple[int, int]) -> frozenset[str]:
    """Return the dotted names that a file imports anywhere in it; `*` for whatever the project has."""
    return names_imported(parse(path, state))


def names_imported(tree: ast.Module) -> frozenset[str]:
    """Return the dotted names that are imported anywhere in `tree`; `*` for whatever the project has."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) or (isinstance(node, ast.Name) and node.id in DYNAMIC):
            names.add("*")
    return frozenset(names | ({"*"} if names & DYNAMIC else set()))


def tree_digest(folder: Path) -> str:
    """Return the SHA-256 of all files below `folder`, names and bytes."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
