"""Finds the project's modules, their statements and their imports; reads each file once, imports nothing.

A module is looked up in the project first, then in its library (see `generator.roots`), as Python does when it runs.

The statements of a file are cached on disk under the digest of its bytes and of the code that reads statements.
"""

import contextlib
import os
import threading
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from generator.disk import FileStamps, cached, digest_of_modules, read_file
from generator.engine.code_digest import import_effects, statements
from generator.engine.code_digest.statements import Alias, Statement, read_statements
from generator.roots import CODE_FOLDERS, roots_of

READERS = (statements, import_effects)  # the modules that read the statements of a file
SKIPPED_FOLDERS = ("__pycache__", "node_modules", "build")
ENVIRONMENT = "pyvenv.cfg"  # what a folder holds that is a Python environment

SavedRows = tuple[list[tuple[Any, ...]], list[list[tuple[Any, ...]]]]

READ: dict[tuple[str, str, bytes], list[Statement]] = {}  # by path, package and text


class Module:
    """A module of the project.

    path: its file, empty for a folder without `__init__.py`. bindings: for each name, the indices of the statements
    that bind it. stars: the modules from which it imports `*`.
    """

    def __init__(self, name: str, path: str, statements: list[Statement]) -> None:
        self.name, self.path, self.statements = name, path, statements
        self.bindings: dict[str, list[int]] = {}
        for place, statement in enumerate(statements):
            for bound in {*statement.names, *statement.writes}:
                self.bindings.setdefault(bound, []).append(place)
        self.stars = [alias.module for part in statements for alias in part.aliases if alias.name == "*"]


class ModuleIndex:
    """The modules of one project, each as it was when it was first read.

    stamps: of every file and folder that was looked at, also of missing ones: an answer changes if one is created.
    lock: to be held by callers in several threads.
    """

    def __init__(self, project: Path) -> None:
        self.project, self.roots = project, roots_of(project)
        self.stamps = FileStamps()
        self.modules: dict[str, Module | None] = {}
        self.imported: dict[str, set[str]] = {}
        self.digests: dict[str, str] = {}
        self.lock = threading.RLock()

    def find(self, name: str) -> Module | None:
        """Return the module `name`; None if it is not in the project."""
        if name not in self.modules:
            self.modules[name] = self.read(name)
        return self.modules[name]

    def read(self, name: str) -> Module | None:
        """Return the module `name`, read from the file that Python would import: a package before a module.

        A folder without `__init__.py` is a module without statements. None if there is no such module.
        """
        parts = name.split(".")
        if not all(part.isidentifier() for part in parts) or (len(parts) > 1 and self.find(parts[0]) is None):
            return None
        stem = "/".join(parts)
        for root in self.roots_for(stem):
            for path, package in ((f"{stem}/__init__.py", name), (f"{stem}.py", name.rpartition(".")[0])):
                with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                    return Module(name, path, self.statements(root, path, package))
        for folder in (root / stem for root in self.roots_for(stem)):
            # Of a folder of the project's code it counts only that it is there: an edit of a lecture changes its time.
            if parts[0] in CODE_FOLDERS and folder.is_dir():
                return Module(name, "", [])
            self.stamps.look_at(str(folder))
            if folder.is_dir() and any(folder.glob("*.py")):
                return Module(name, "", [])
        return None

    def roots_for(self, path: str) -> tuple[Path, ...]:
        """Return the folders in which a path is looked up; see `generator.roots.roots_for`."""
        return self.roots if path.partition("/")[0] in CODE_FOLDERS else self.roots[:1]

    def statements(self, root: Path, path: str, package: str) -> list[Statement]:
        """Return the statements of the file at `path` in `root`, cached under its path, package and text."""
        file = root / path
        self.stamps.look_at(str(file))
        text = read_file(file)
        cache_key = (path, package, text)
        if cache_key not in READ:
            reader_digest = digest_of_modules(*READERS)
            READ[cache_key] = load(
                cached(
                    self.project,
                    "code",
                    (*cache_key, reader_digest),
                    lambda: dump(read_statements(text, path, package)),
                )
            )
        return READ[cache_key]

    def submodules(self, name: str) -> Iterator[str]:
        """Yield the names of the modules in the package `name`, at any depth."""
        found: dict[str, None] = {}
        for root in self.roots_for(name.partition(".")[0]):
            folder = root.joinpath(*name.split("."))
            for place in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
                self.stamps.look_at(str(place))
            for path in sorted(folder.rglob("*.py")) if folder.is_dir() else ():
                parts = path.relative_to(root).with_suffix("").parts
                found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = None
        yield from found

    def packages(self, name: str) -> set[str]:
        """Return the top-level packages from outside the project that `name` may import, directly or indirectly."""
        if name not in self.imported:
            self.imported[name] = self.find_packages(name)
        return self.imported[name]

    def find_packages(self, name: str) -> set[str]:
        """Return what `packages` does, without its cache: follow the imports of `name` through the project."""
        waiting, seen, found = [name], set[str](), set[str]()
        while waiting:
            wanted = waiting.pop()
            if wanted in seen:
                continue
            seen.add(wanted)
            module = self.find(wanted)
            if module is None:
                found.add(wanted.partition(".")[0])
            else:
                waiting += [
                    imported
                    for part in module.statements
                    for alias in part.aliases
                    for imported in modules_run_by(alias)
                ]
        return found - set(CODE_FOLDERS)

    def files(self, path: str) -> dict[str, str]:
        """Return the SHA-256 of the file at `path`, or of each file below that folder, by path in the project.

        For the project itself (`.`), only the files in CODE_FOLDERS count. What is no file, such as a pipe, has no
        digest. A file of the project hides one of the same path in its library.
        """
        places = [(root, name) for name in (CODE_FOLDERS if path == "." else (path,)) for root in self.roots_for(name)]
        found: dict[str, str] = {}
        for root, place in places:
            for file in self.files_below(root / place):
                name = file.relative_to(root).as_posix()
                if name not in self.digests:
                    self.stamps.look_at(str(file))
                    self.digests[name] = sha256(read_file(file)).hexdigest() if file.is_file() else ""
                found[name] = self.digests[name]
        return found

    def files_below(self, place: Path) -> Iterator[Path]:
        """Yield the file `place`, or all files below the folder `place`.

        Left out are hidden ones, caches, build products, and Python environments.
        """
        self.stamps.look_at(str(place))
        if place.is_file():
            yield place
        for folder, folders, names in os.walk(place):
            self.stamps.look_at(folder)
            if ENVIRONMENT in names:
                folders.clear()
                continue
            folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS and not name.startswith("."))
            yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))


@cache
def modules_run_by(alias: Alias) -> list[str]:
    """Return the modules that an import may run, packages first.

    `from a.b import c` runs `a` and `a.b`, and `a.b.c` if that is a module and not a name in `a.b`.
    """
    parts = [*alias.runs.split("."), *([alias.attribute] if alias.attribute else [])]
    return [".".join(parts[:depth]) for depth in range(1, len(parts) + 1)]


def dump(statements: list[Statement]) -> SavedRows:
    """Return statements as plain tuples, which `marshal` can write: their fields, and the fields of their aliases."""
    rows = [tuple(part._replace(aliases=())) for part in statements]
    return rows, [[tuple(alias) for alias in part.aliases] for part in statements]


def load(saved: SavedRows) -> list[Statement]:
    """Return the statements that `dump` has turned into tuples."""
    pairs = zip(*saved, strict=True)
    return [Statement(*row)._replace(aliases=tuple(Alias(*alias) for alias in bound)) for row, bound in pairs]
