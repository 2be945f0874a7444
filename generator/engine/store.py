"""The store of artifacts by key: content-addressed, written atomically; and the lock on a project's results.

Files are stored as objects under their SHA-256; a record under the key names the objects and holds the facts. The
record is written last, so an interrupted write leaves none. It counts only while every object it names exists in its
full size and every package that the artifact was made with is still installed in the same version.

Builds share the lock; removing results needs it alone. It ends with the process that holds it.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.disk import DAY, canonical_json, installed_version, write_atomically
from generator.errors import LectureError


@dataclass(frozen=True, slots=True)
class Artifact:
    """What a task made: `files` (name to path in the store) and `facts`. `digest` identifies both."""

    key: str
    digest: str
    files: Mapping[str, Path]
    facts: Mapping[str, Any]


class Store:
    """The artifacts of one project, below `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def object_path(self, digest: str) -> Path:
        """Return the path of the object with this digest."""
        return self.folder / "objects" / digest[:2] / digest[2:]

    def record_path(self, key: str) -> Path:
        """Return the path of the record of `key`."""
        return self.folder / "records" / key[:2] / f"{key[2:]}.json"

    def get(self, key: str) -> Artifact | None:
        """Return the artifact of `key`, and mark it as used; None if there is none that can be trusted."""
        try:
            record = json.loads(self.record_path(key).read_bytes())
            if any(installed_version(name) != version for name, version in record["packages"].items()):
                return None
            files = {name: self.object_path(entry["digest"]) for name, entry in record["files"].items()}
            if any(path.stat().st_size != record["files"][name]["size"] for name, path in files.items()):
                return None
            mark_used(self.record_path(key))
            return Artifact(key, artifact_digest(record), files, record["facts"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def put(self, key: str, folder: Path, facts: Mapping[str, Any], packages: Mapping[str, str]) -> Artifact:
        """Store the files in `folder` and the facts under `key`, and return the artifact."""
        files: dict[str, Any] = {}
        for path in sorted(path for path in folder.iterdir() if path.is_file()):
            content = path.read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            files[path.name] = {"digest": digest, "size": len(content)}
            self.put_object(digest, content)
        record = {"files": files, "facts": dict(facts), "packages": dict(packages)}
        write_atomically(self.record_path(key), canonical_json(record))
        paths = {name: self.object_path(entry["digest"]) for name, entry in files.items()}
        return Artifact(key, artifact_digest(record), paths, json.loads(canonical_json(facts)))

    def put_object(self, digest: str, content: bytes) -> None:
        """Store `content`, unless an undamaged object of the same digest exists already."""
        path = self.object_path(digest)
        if not (path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest):
            write_atomically(path, content)
        path.chmod(0o444)


def mark_used(record: Path) -> None:
    """Set a record's modification time to now, at most once a day: `gc` removes what was not used for long."""
    if time.time() - record.stat().st_mtime > DAY:
        with contextlib.suppress(OSError):
            os.utime(record)


def artifact_digest(record: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an artifact's facts and files, whatever they were made from."""
    return hashlib.sha256(canonical_json([record["files"], record["facts"]])).hexdigest()


@contextmanager
def using_results(project: Path) -> Iterator[None]:
    """Hold the lock of `project`, shared with other builds; wait while results are being removed."""
    with lock_file(project).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


@contextmanager
def removing_results(project: Path) -> Iterator[None]:
    """Hold the lock of `project` exclusively; raise LectureError if a build is running."""
    with lock_file(project).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LectureError("a build of this project is running", hint="try again when it has ended") from None
        yield


def lock_file(project: Path) -> Path:
    """Return the file that is locked; it is empty and never removed."""
    path = project / ".lectern" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
