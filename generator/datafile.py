"""Where a lecture's dataset lies: a name of the project's own, or a path; opens nothing but to take its SHA-256."""

from pathlib import Path

from generator.errors import DatasetError, Where, suggest
from generator.projectfile import file_digest, find_file

FOLDER = Path("generator") / "datasets"


def find_dataset(name: str, project: Path, where: Where) -> tuple[Path, str]:
    """Return the file of the dataset `name` and its SHA-256 in hexadecimal.

    Raises, at `where` it is named, DatasetError when there is none, and SourceError when a path leads out of the
    project.
    """
    known = sorted(path.stem for path in (project / FOLDER).glob("*.npz"))
    if name not in known and not name.endswith(".npz"):
        hint = f"{suggest(name, known)} A path ends in .npz and starts at the project's folder"
        raise DatasetError(f"there is no dataset '{name}'", where, hint)
    path = find_file((FOLDER / f"{name}.npz").as_posix() if name in known else name, project, where)
    return path, file_digest(path)
