"""The journal: of each task, what its key was made of when it was last built; only `why` reads it.

An entry is a file: the key, and on the next line the rest as JSON; the code that tasks reach is in files that they
share, named by its digest. One that is lost costs an answer, no result: no build waits until it is on the disk.
"""

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from generator.disk import canonical_json, write_atomically
from generator.engine.code_digest.reachable import Parts
from generator.engine.store import mark_used
from generator.engine.task import Task

REACHED = "reached"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """The last build of a task: `parts` of its key, and the `code` and the `engine` behind two of them."""

    key: str
    task: str
    name: str
    path: str
    line: int
    parts: Mapping[str, Any]
    code: Parts
    engine: Parts


class Journal:
    """The entries of one project, below `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.noted: set[str] = set()

    def path(self, task: str) -> Path:
        """Return where the entry of the task with this id lies."""
        return self.folder / sha256(task.encode()).hexdigest()[:40]

    def has(self, task: Task, key: str) -> bool:
        """Return whether the last build of `task` that is written down is the one under `key`."""
        with contextlib.suppress(OSError), self.path(task.id).open("rb") as file:
            return file.readline() == f"{key}\n".encode()
        return False

    def note(self, task: Task, key: str, parts: Mapping[str, Any], code: Parts, engine: Parts) -> None:
        """Write down a build of `task`; a disk that is full is no reason to fail.

        code, engine: what is behind the digests of that name in `parts`; many tasks share it.
        """
        rest = {"task": task.id, "name": task.name, "path": task.where.path, "line": task.where.line, "parts": parts}
        with contextlib.suppress(OSError):
            self.note_reached(parts["code"], code)
            self.note_reached(parts["engine"], engine)
            write_atomically(self.path(task.id), f"{key}\n".encode() + canonical_json(rest), is_lasting=False)

    def note_reached(self, digest: str, reached: Parts) -> None:
        """Write down what a digest of code was made of, unless that is written."""
        if digest not in self.noted:
            path = self.folder / REACHED / digest
            if path.is_file() and path.stat().st_size:
                mark_used(path)
            else:
                write_atomically(path, canonical_json(reached), is_lasting=False)
            self.noted.add(digest)

    def read(self, task: str) -> JournalEntry | None:
        """Return the entry of the task with this id, if there is one."""
        return self.read_entry(self.path(task))

    def entries(self) -> Iterator[JournalEntry]:
        """Yield all entries, the latest first."""
        for path in sorted(self.folder.glob("[0-9a-f]*"), key=lambda path: -path.stat().st_mtime_ns):
            if (entry := self.read_entry(path)) is not None:
                yield entry

    def read_entry(self, path: Path) -> JournalEntry | None:
        """Return the entry in a file, None where there is none that can be read whole."""
        try:
            key, _, rest = path.read_bytes().partition(b"\n")
            told = json.loads(rest)
            code, engine = (self.read_reached(told["parts"][name]) for name in ("code", "engine"))
            return JournalEntry(key.decode(), **told, code=code, engine=engine)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def read_reached(self, digest: str) -> Parts:
        """Return what a digest of code was made of; raise OSError or ValueError where that is lost."""
        reached: Parts = json.loads((self.folder / REACHED / digest).read_bytes())
        return reached
