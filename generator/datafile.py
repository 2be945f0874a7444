"""Where a lecture's dataset lies: a name of the project's own, or a path; opens nothing but to take its SHA-256."""

import hashlib
from pathlib import Path

from generator.errors import DatasetError, suggest

FOLDER = Path("generator") / "datasets"


def find_dataset(name: str, project: Path) -> tuple[Path, str]:
    """Return the file of the dataset `name` and its SHA-256 in hexadecimal; raise DatasetError when there is none."""
    own = project / FOLDER / f"{name}.npz"
    path = own if own.is_file() else project / name
    if not path.is_file() or path.suffix != ".npz":
        known = sorted(path.stem for path in (project / FOLDER).glob("*.npz"))
        hint = f"{suggest(name, known)} A path ends in .npz and starts at the project's folder"
        raise DatasetError(f"there is no dataset '{name}'", hint=hint)
    return path, hashlib.sha256(path.read_bytes()).hexdigest()
