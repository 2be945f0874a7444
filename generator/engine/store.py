"""The store: from a key to an artifact; content-addressed, atomic, never trusted half-written.

Objects lie under their SHA-256, records under their key. A record is written last, and counts only while every object
it names is there in its full size and every package it was made with is still installed in that version.
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
    """What a task made: `files` by name as paths into the store, and `facts`. `digest` identifies both."""

    key: str
    digest: str
    files: Mapping[str, Path]
    facts: Mapping[str, Any]


class Store:
    """The artifacts of one project, below `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def object_path(self, digest: str) -> Path:
        """Return where the object of `digest` lies."""
        return self.folder / "objects" / digest[:2] / digest[2:]

    def record_path(self, key: str) -> Path:
        """Return where the record of `key` lies."""
        return self.folder / "records" / key[:2] / f"{key[2:]}.json"

    def get(self, key: str) -> Artifact | None:
        """Return the artifact of `key`, or None when there is none that can be trusted."""
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
        """Keep the files of `folder` and the facts under `key`, and return the artifact."""
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
        """Keep `content`, unless the same object is there already, whole."""
        path = self.object_path(digest)
        if not (path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest):
            write_atomically(path, content)
        path.chmod(0o444)


def mark_used(record: Path) -> None:
    """Note on a record that it is used, once a day; who removes old results goes by it."""
    if time.time() - record.stat().st_mtime > DAY:
        with contextlib.suppress(OSError):
            os.utime(record)


def artifact_digest(record: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what an artifact is: its facts and its files, not how it came to be."""
    return hashlib.sha256(canonical_json([record["files"], record["facts"]])).hexdigest()


# The lock on a project's results: builds hold it together, who removes results alone; it ends with its process.


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
