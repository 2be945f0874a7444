"""The lock on a project's results: builds hold it together, who removes results alone; it ends with its process."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.errors import LectureError


@contextmanager
def using_results(project: Path) -> Iterator[None]:
    """Hold the lock of `project` together with other builds; wait for who removes results."""
    with lock_file(project).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


@contextmanager
def removing_results(project: Path) -> Iterator[None]:
    """Hold the lock of `project` alone; raise LectureError when a build runs."""
    with lock_file(project).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LectureError("a build of this project is running", hint="try again when it has ended") from None
        yield


def lock_file(project: Path) -> Path:
    """Return the file whose lock it is; it is empty and stays."""
    path = project / ".lectern" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
