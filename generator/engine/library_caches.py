"""Keeps what libraries cache for themselves, such as Matplotlib's list of fonts, in one sealed file between builds.

A library believes its own cache, and a damaged list of fonts would draw a picture in another font. So each fork server
gets a copy of what is sealed, and what it has added is sealed when it has ended.
"""

import contextlib
from pathlib import Path

from generator.disk import CACHE_ERRORS, read_cached, write_cached

KEPT_FOLDERS = ("matplotlib", "fontconfig")  # whatever else a job leaves in its cache goes with the build


class LibraryCaches:
    """The caches of libraries, sealed in the file `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, bytes]:
        """Return the cached files by their paths; empty if there are none, or damaged ones."""
        with contextlib.suppress(*CACHE_ERRORS):
            return dict(read_cached(self.path))
        return {}

    def unpack(self, folder: Path) -> None:
        """Write the cached files into `folder`."""
        for name, content in self.read().items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)

    def keep(self, folder: Path) -> None:
        """Seal the files that libraries have left in `folder`, with those that are sealed already."""
        kept = self.read()
        found = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for name in KEPT_FOLDERS
            for path in (folder / name).rglob("*")
            if path.is_file()
        }
        if not found.items() <= kept.items():
            write_cached(self.path, {**kept, **found})
