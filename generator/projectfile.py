"""Project files that a lecture names: found inside the project alone, told by their SHA-256; reads no format."""

import hashlib
from difflib import get_close_matches
from pathlib import Path

from generator.errors import SourceError, Where


def find_file(name: str, project: Path, where: Where) -> Path:
    """Return the file `name` of the project, symbolic links followed.

    Raises SourceError, at `where` the file is asked for, when there is none, when it is a folder, or when it lies
    outside the project, be it by `..`, by an absolute path or by a link.
    """
    root = project.resolve()
    try:
        path = (root / name).resolve()
        if Path(name).is_absolute() or not path.is_relative_to(root):
            raise SourceError(f"'{name}' lies outside the project", where, "name a file inside the project")
        if path.is_dir():
            raise SourceError(f"'{name}' is a folder", where, "name a file in it")
        if not path.is_file():
            raise SourceError(f"there is no file '{name}'", where, nearest(path.relative_to(root), root))
    except (OSError, RuntimeError, ValueError) as error:  # a name too long, links in a circle, a null character
        raise SourceError(f"'{name}' cannot be read: {error}", where, "name a file inside the project") from None
    return path


def nearest(name: Path, root: Path) -> str:
    """Return the hint for a file that is not there: the most similar name in the last folder that is.

    A folder's name may be misspelt too: `model/net.keras` leads to `models/net.keras`.
    """
    last = next(part for part in (name, *name.parents) if (root / part.parent).is_dir())
    known = [entry.name for entry in (root / last.parent).iterdir() if not entry.name.startswith(".")]
    near = get_close_matches(last.name, known, n=1, cutoff=0.6)
    if not near:
        return "paths start at the project's folder"
    mended = last.with_name(near[0])
    whole = mended / name.relative_to(last)
    return f"did you mean '{(whole if (root / whole).is_file() else mended).as_posix()}'?"


def digest_named(name: str, project: Path, where: Where) -> str:
    """Return the SHA-256 of the project file `name`; raise SourceError where it cannot be found or read."""
    path = find_file(name, project, where)
    try:
        return file_digest(path)
    except OSError as error:
        raise SourceError(f"'{name}' cannot be read: {error.strerror}", where, "may you read it?") from None


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal; raise OSError where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
