"""Keeps the generator's compiled modules between builds, each by its very source.

Python's own `.pyc` files are believed for the time and the size of a source, so an edit of the same size in the same
second would be overlooked, and results of the old code kept under the key of the new one. Hence builds write none.
"""

import sys
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, FileFinder, SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any, Final

from generator.disk import cached
from generator.roots import CACHE_HOME

GENERATOR: Final = Path(__file__).parent


class CachedLoader(SourceFileLoader):
    """Loads a module from its source, which is compiled only if these bytes have not been yet."""

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - the signature of every loader
        """Return the code of the module; raise SyntaxError if the source has a mistake, OSError if it is gone."""
        source = self.get_data(self.path)
        depends_on: list[str | bytes] = [source, self.path, str(sys.flags.optimize)]
        code: CodeType = cached(CACHE_HOME, "bytecode", depends_on, lambda: self.source_to_code(source, self.path))
        return code


@cache  # once is enough
def keep_bytecode() -> None:
    """Let this process keep what it compiles of the generator, and find again what others have kept."""
    make = FileFinder.path_hook((ExtensionFileLoader, EXTENSION_SUFFIXES), (CachedLoader, [".py"]))

    def hook(folder: str) -> Any:
        if not Path(folder).is_relative_to(GENERATOR):
            raise ImportError(folder)
        return make(folder)

    sys.path_hooks.insert(0, hook)
    for folder in [folder for folder in sys.path_importer_cache if Path(folder).is_relative_to(GENERATOR)]:
        del sys.path_importer_cache[folder]
