"""Imports a project's modules from source, never from bytecode, which hides an edit of the same size and time."""

import os
import sys
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, FileFinder, SourceFileLoader
from pathlib import Path
from typing import Any

from generator.roots import roots_of


class FreshLoader(SourceFileLoader):
    """Loads a module from source, never from a .pyc."""

    def path_stats(self, path: Any) -> Any:
        """Raise OSError, which makes the import system skip the bytecode cache."""
        raise OSError(path)


def bypass_bytecode_cache(project: Path) -> None:
    """Make imports of the project's modules skip the bytecode cache: all but the generator's own, which are many.

    The modules that a project finds in its library are imported in the same way.
    """
    roots = [str(root) for root in roots_of(project)]
    make = FileFinder.path_hook((ExtensionFileLoader, EXTENSION_SUFFIXES), (FreshLoader, [".py"]))

    def is_content(folder: str) -> bool:
        names = [project_name(folder, root) for root in roots]
        return any(name is not None and name.split("/")[0] != "generator" for name in names)

    def hook(folder: str) -> Any:
        if not is_content(folder):
            raise ImportError(folder)
        return make(folder)

    sys.path_hooks.insert(0, hook)
    for folder in [folder for folder in sys.path_importer_cache if is_content(folder)]:
        del sys.path_importer_cache[folder]


def project_name(path: str, project: str) -> str | None:
    """Return the path in the project of a file or folder that belongs to it, `.` for the project itself.

    None for what lies elsewhere, is hidden, or belongs to a Python environment that is installed in there.
    """
    for root in spellings(project):
        if path == root:
            return "."
        if path.startswith(f"{root}{os.sep}"):
            name = path[len(root) + 1 :]
            is_installed = sys.prefix.startswith(root) and path.startswith(f"{sys.prefix}{os.sep}")
            is_hidden = any(part.startswith(".") for part in name.split("/"))
            return None if is_installed or is_hidden else name
    return None


@cache
def spellings(project: str) -> tuple[str, ...]:
    """Return the path of the project as it is given, and without symbolic links if that is another."""
    return tuple({project: None, os.path.realpath(project): None})
