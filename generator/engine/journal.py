"""The journal records what each task's key was made of when it was last built; only the command `why` reads it.

An entry is a file: the key and the seal on the first line, the rest as JSON on the second. The code that tasks reach
is in separate files, named by its digest, because many tasks share it. A lost or damaged entry costs `why` an answer,
but never a result, so writing does not wait until the entry is safely on the disk.
"""

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from generator.disk import canonical_json, read_file, seal_of, write_atomically
from generator.engine.code_digest.digest import digest_code
from generator.engine.code_digest.reachable import Parts
from generator.engine.store import mark_used
from generator.engine.task import Task

REACHED = "reached"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """The last build of a task: the `parts` of its key, and the `code` and `engine` whose digests are among these."""

    key: str
    task: str
    name: str
    path: str
    line: int
    parts: Mapping[str, Any]
    code: Parts
    engine: Parts


class Journal:
    """The journal of one project, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.noted: set[str] = set()

    def path(self, task: str) -> Path:
        """Return the path of the entry of the task with this id."""
        return self.folder / sha256(task.encode()).hexdigest()[:40]

    def has(self, task: Task, key: str) -> bool:
        """Return whether the recorded build of `task` is the one under `key`."""
        with contextlib.suppress(OSError, ValueError):
            return read_sealed_entry(self.path(task.id))[0] == key
        return False

    def note(self, task: Task, key: str, parts: Mapping[str, Any], code: Parts, engine: Parts) -> None:
        """Record a build of `task`; disk errors are ignored.

        code, engine: the code whose digests `parts` has under these names.
        """
        rest = {"task": task.id, "name": task.name, "path": task.where.path, "line": task.where.line, "parts": parts}
        with contextlib.suppress(OSError):
            self.note_reached(parts["code"], code)
            self.note_reached(parts["engine"], engine)
            content, path = canonical_json(rest), self.path(task.id)
            seal = seal_of(f"{path.name} {key}", content).hex()
            write_atomically(path, f"{key} {seal}\n".encode() + content, is_lasting=False)

    def note_reached(self, digest: str, reached: Parts) -> None:
        """Record what a digest of code was made of, unless that is recorded already."""
        if digest not in self.noted:
            path = self.folder / REACHED / digest
            content = canonical_json(reached)
            if path.is_file() and path.read_bytes() == content:
                mark_used(path)
            else:
                write_atomically(path, content, is_lasting=False)
            self.noted.add(digest)

    def read(self, task: str) -> JournalEntry | None:
        """Return the entry of the task with this id, or None."""
        return self.read_entry(self.path(task))

    def entries(self) -> Iterator[JournalEntry]:
        """Yield all entries, latest first."""
        for path in sorted(self.folder.glob("[0-9a-f]*"), key=lambda path: -path.stat().st_mtime_ns):
            if (entry := self.read_entry(path)) is not None:
                yield entry

    def read_entry(self, path: Path) -> JournalEntry | None:
        """Return the entry stored in a file; None if any part of it is missing or damaged."""
        try:
            key, content = read_sealed_entry(path)
            fields = json.loads(content)
            code, engine = (self.read_reached(fields["parts"][name]) for name in ("code", "engine"))
            return JournalEntry(key, **fields, code=code, engine=engine)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def read_reached(self, digest: str) -> Parts:
        """Return what a digest of code was made of; raise OSError or ValueError, say, if that is lost or damaged."""
        reached: Parts = json.loads(read_file(self.folder / REACHED / digest))
        if digest_code(reached) != digest:
            raise ValueError(f"{digest} is damaged")
        return reached


def read_sealed_entry(path: Path) -> tuple[str, bytes]:
    """Return the key and the rest of an entry; raise OSError if it is gone, ValueError if it is damaged."""
    first, _, content = read_file(path).partition(b"\n")
    key, _, seal = first.decode().partition(" ")
    if seal != seal_of(f"{path.name} {key}", content).hex():
        raise ValueError(f"{path.name} is damaged")
    return key, content
