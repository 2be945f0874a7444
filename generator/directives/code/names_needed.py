"""Finds what a function of a file needs from the rest of the file, so that it can be run without it.

That is read from the syntax: imports, assignments, functions and classes at the top level of the file, and what these
need in turn. Where a name cannot be found, or comes from the project itself, a reader of the notebook has no such
thing, and the function can only be shown.
"""

import ast
import builtins
from collections.abc import Iterator, Sequence

OWN_ROOTS = ("figures", "lectures", "generator")  # of modules that only the project has


def names_needed(function: str, tree: ast.Module, text: str) -> str | None:
    """Return the lines of the file, with this `text` and `tree`, that its `function` needs; None if they do not do.

    The lines are in the order of the file; an import is of the names alone that are needed.
    """
    bound = {name: node for node in tree.body for name in names_bound(node)}
    known, wanted = {function}, list(names_read(bound[function]))
    while wanted:
        name = wanted.pop()
        if name in known or (name not in bound and hasattr(builtins, name)):
            continue
        if name not in bound or is_own(bound[name]):
            return None
        known.add(name)
        wanted += names_read(bound[name])
    future = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    parts = [node for node in tree.body if node not in future and known & {*names_bound(node)} - {function}]
    return "\n".join([*map(ast.unparse, future), *(write(node, known, text) for node in parts)])


def names_bound(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement at the top level of a file binds."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from (shown_name(alias) for alias in node.names)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name))


def shown_name(alias: ast.alias) -> str:
    """Return the name that an import binds: of `import a.b` it is `a`."""
    return alias.asname or alias.name.partition(".")[0]


def names_read(node: ast.AST) -> set[str]:
    """Return the names that a statement reads and does not bind itself, annotations included."""
    names = [part for part in ast.walk(node) if isinstance(part, ast.Name)]
    own = {part.id for part in names if not isinstance(part.ctx, ast.Load)}
    own |= {part.arg for part in ast.walk(node) if isinstance(part, ast.arg)}
    own |= {part.name for part in ast.walk(node) if isinstance(part, ast.ExceptHandler) and part.name}
    own |= {
        name for part in ast.walk(node) if part is not node and isinstance(part, ast.stmt) for name in names_bound(part)
    }
    return {part.id for part in names} - own


def is_own(node: ast.stmt) -> bool:
    """Return whether a statement imports from the project itself."""
    modules: Sequence[str] = ()
    if isinstance(node, ast.ImportFrom):
        modules = [node.module or ""] if not node.level else [OWN_ROOTS[0]]
    elif isinstance(node, ast.Import):
        modules = [alias.name for alias in node.names]
    return any(module.partition(".")[0] in OWN_ROOTS for module in modules)


def write(node: ast.stmt, known: set[str], text: str) -> str:
    """Return a statement as it is written; an import without the names that are not `known`."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names = [alias for alias in node.names if shown_name(alias) in known]
        kept = ast.Import(names) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, names, node.level)
        return ast.unparse(kept)
    return ast.get_source_segment(text, node) or ast.unparse(node)
