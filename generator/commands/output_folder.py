"""Where a command may write its pages, and which of the files there are its own.

`.lectern/pages` records, for each output folder, the files that commands have made in it, each with its stamp. What is
not recorded, or was changed since, is somebody else's: a folder of such files is refused, and none is ever removed.
"""

import contextlib
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from generator.disk import CACHE_ERRORS, Stamp, read_cached, take_stamp, write_cached
from generator.errors import SourceError
from generator.lecture.course import folder_inside

RECORDS: Final = Path(".lectern", "pages")
BUILD: Final = "build"  # the folder that is ours by its name: whatever it holds, pages may be added
# Folders that one command alone writes: pages of another would replace its own.
OWNERS: Final[Mapping[str, str]] = {
    BUILD: "build",
    "build/gallery": "gallery",
    "build/site": "site",
}
SOURCES: Final = ("lectures", "figures", "generator", "docs", "tests", "setup")
HINT: Final = "name a new folder, such as build/draft, or an empty one"


def check_output_folder(project: Path, name: str, command: str) -> str:
    """Return the path, relative to the project, of the folder `name` that `command` is to write its pages into.

    Raises SourceError for a folder outside the project, one of its sources, one that is hidden, one that belongs to
    another command, and one that holds files which no command of ours has made.
    """
    folder = folder_inside(project, name)
    first, owner = folder.partition("/")[0], OWNERS.get(folder, command)
    if first in SOURCES or any(part.startswith(".") for part in folder.split("/")):
        raise SourceError(f"no pages may be written into '{folder}': it holds sources, or is hidden", hint=HINT)
    if command != owner:
        raise SourceError(f"'{folder}' is for the pages of the command '{owner}'", hint=HINT)
    if first != BUILD and not record_path(project, folder).is_file() and is_used(project / folder):
        raise SourceError(f"'{folder}' holds files that no build has made", hint=HINT)
    return folder


def is_used(path: Path) -> bool:
    """Return whether there is a file at `path`, or a folder that is not empty."""
    return any(path.iterdir()) if path.is_dir() else path.exists()


def record_path(project: Path, folder: str) -> Path:
    """Return the path of the record of what was made in an output folder."""
    return project / RECORDS / folder.replace("%", "%25").replace("/", "%2F")


def read_record(project: Path, folder: str) -> dict[str, Stamp]:
    """Return the stamps of the files that were made in an output folder, by their paths in it.

    The record is empty if it is gone or damaged.
    """
    with contextlib.suppress(*CACHE_ERRORS):
        return dict(read_cached(record_path(project, folder)))
    return {}


def record_made(project: Path, folder: str, names: Iterable[str]) -> None:
    """Record that the files `names`, as their paths in an output folder, have been made by a command of ours."""
    before = read_record(project, folder)
    made = {**before, **{name: take_stamp(str(project / folder / name)) for name in names}}
    if made != before:
        write_cached(record_path(project, folder), made)


def remove_made(project: Path, folder: str, is_gone: Callable[[str], bool]) -> list[str]:
    """Remove those files that commands of ours have made in an output folder and that `is_gone`.

    Returns their paths in it. A file that was changed since stays. Folders that are empty afterwards are removed, too.
    """
    made = read_record(project, folder)
    gone = {name: stamp for name, stamp in made.items() if is_gone(name)}
    removed = [name for name, stamp in gone.items() if stamp and take_stamp(str(project / folder / name)) == stamp]
    for name in removed:
        (project / folder / name).unlink()
        with contextlib.suppress(OSError):  # one of them is not empty
            for parent in list(Path(name).parents)[:-1]:
                (project / folder / parent).rmdir()
    if gone:
        write_cached(record_path(project, folder), {name: made[name] for name in made.keys() - gone.keys()})
    return removed


def refuse_link(folder: Path) -> None:
    """Raise SourceError if a folder that pages are to be written into is a link: it may lead to anywhere."""
    if folder.is_symlink():
        problem = f"{os.path.relpath(folder)} is a link, and nothing is written through links"
        raise SourceError(problem, hint="remove the link, or put a folder in its place")
