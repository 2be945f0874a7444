"""The store of artifacts by key: content-addressed, written atomically; and the lock on a project's results.

Files are stored as objects under their SHA-256; a record under the key names the objects and holds the facts. The
record is written last, so an interrupted write leaves none. It begins with a seal over its bytes, the key among them.
It counts only while its seal is whole, the bytes of every object it names have the digest that is their name, every
package that the artifact was made with is still installed in the same version, and every file of the project that the
task was seen to read is as it was. Nothing is believed for its name, its size or its time: whoever gets an artifact may
use its files.

Builds share the lock; removing results needs it alone. It ends with the process that holds it.
"""

import contextlib
import errno
import fcntl
import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from io import FileIO
from pathlib import Path
from typing import Any

from generator.disk import (
    DAY,
    canonical_json,
    file_digest,
    installed_version,
    open_file,
    read_file,
    seal_of,
    write_atomically,
)
from generator.engine.observed_files import Observed, ObservedFiles
from generator.errors import LectureError


@dataclass(frozen=True, slots=True)
class Artifact:
    """What a task made: `files` (name to path in the store) and `facts`. `digest` identifies both.

    machine: on what, as far as what a network learns depends on it; empty for what learns nothing. packages: the
    installed packages that the task has used, with their versions.
    """

    key: str
    digest: str
    files: Mapping[str, Path]
    facts: Mapping[str, Any]
    machine: str = ""
    packages: Mapping[str, str] = field(default_factory=dict)


class Store:
    """The artifacts of one project, below `folder`.

    project: whose files the tasks have read; by default the one whose `.lectern/store` the folder is.
    """

    def __init__(self, folder: Path, project: Path | None = None) -> None:
        self.folder = folder
        self.observed = ObservedFiles(project or folder.parent.parent)

    def object_path(self, digest: str) -> Path:
        """Return the path of the object with this digest."""
        return Path(f"{self.folder}/objects/{digest[:2]}/{digest[2:]}")

    def record_path(self, key: str) -> Path:
        """Return the path of the record of `key`."""
        return Path(f"{self.folder}/records/{key[:2]}/{key[2:]}.json")

    def read_record(self, key: str) -> dict[str, Any]:
        """Return the record of `key`; raise OSError if there is none, ValueError if its seal is broken."""
        return unseal_record(read_file(self.record_path(key)), key)

    def get(self, key: str) -> Artifact | None:
        """Return the artifact of `key`, and mark it as used; None if there is none that can be trusted."""
        try:
            record = self.read_record(key)
            if any(installed_version(name) != version for name, version in record["packages"].items()):
                return None
            if self.observed.changed(record["observed"]):
                return None
            files = {name: self.object_path(entry["digest"]) for name, entry in record["files"].items()}
            if any(file_digest(path) != record["files"][name]["digest"] for name, path in files.items()):
                return None
            mark_used(self.record_path(key))
            return Artifact(key, record["digest"], files, record["facts"], record["machine"], record["packages"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def put(
        self,
        key: str,
        folder: Path,
        facts: Mapping[str, Any],
        packages: Mapping[str, str],
        observed: Observed | None = None,
        machine: str = "",
    ) -> Artifact:
        """Store the files in `folder` and the facts under `key`, and return the artifact.

        observed: the files of the project that the task has read besides those that its key is made of. machine: what
        of it the results depend on, in words.
        """
        files: dict[str, Any] = {}
        for path in sorted(path for path in folder.iterdir() if path.is_file()):
            content = path.read_bytes()
            digest = sha256(content).hexdigest()
            files[path.name] = {"digest": digest, "size": len(content)}
            self.put_object(digest, content)
        digest = artifact_digest(files, facts)
        record = {"files": files, "facts": dict(facts), "packages": dict(packages), "observed": dict(observed or {}),
                  "machine": machine}  # fmt: skip
        write_atomically(self.record_path(key), seal_record({**record, "digest": digest}, key))
        paths = {name: self.object_path(entry["digest"]) for name, entry in files.items()}
        return Artifact(key, digest, paths, json.loads(canonical_json(facts)), machine, dict(packages))

    def put_object(self, digest: str, content: bytes) -> None:
        """Store `content`, unless an undamaged object of the same digest exists already."""
        path = self.object_path(digest)
        if not (path.is_file() and file_digest(path) == digest):
            write_atomically(path, content)
        path.chmod(0o444)

    def damage(self) -> Iterator[tuple[Path, str]]:
        """Yield the path of each record and each object that is not what was stored, with what is wrong.

        Reads every byte, whoever needs it.
        """
        named: set[Path] = set()
        for path in stored_files(self.folder / "records"):
            try:
                record = self.read_record(path.parent.name + path.stem)
                named |= {self.object_path(entry["digest"]) for entry in record["files"].values()}
            except (OSError, ValueError):
                yield path, "this record is not as it was written"
        for path in sorted({*named, *stored_files(self.folder / "objects")}):
            if (problem := self.object_problem(path)) is not None:
                yield path, problem

    def object_problem(self, path: Path) -> str | None:
        """Return what is wrong with the object at `path`; None if it is what was stored."""
        try:
            is_good = self.object_path(file_digest(path)) == path
        except OSError as error:
            return f"this file of a result cannot be read: {error.strerror}"
        return None if is_good else "the bytes of this file of a result are not those that were stored"


SEAL = re.compile(rb'\{"seal":"([0-9a-f]{64})",')


def seal_record(record: Mapping[str, Any], key: str) -> bytes:
    """Return the bytes of the record of `key`: JSON whose first entry is the seal of all that follows it."""
    content = canonical_json({**record, "key": key})
    return b'{"seal":"%s",' % seal_of(key, content).hex().encode() + content[1:]


def unseal_record(content: bytes, key: str) -> dict[str, Any]:
    """Return the record of `key` from its bytes; raise ValueError if they are not what `seal_record` wrote."""
    found = SEAL.match(content)
    if found is None or seal_of(key, b"{" + content[found.end() :]).hex().encode() != found[1]:
        raise ValueError(f"the record {key} is damaged")
    record: dict[str, Any] = json.loads(content)
    return record


def files_in(folder: Path) -> list[Path]:
    """Return all files below a folder, sorted; an empty list if the folder does not exist."""
    return sorted(path for path in folder.rglob("*") if path.is_file() or path.is_symlink())


def stored_files(folder: Path) -> list[Path]:
    """Return the files below a folder of the store, sorted, without what a killed build has not finished writing."""
    return [path for path in files_in(folder) if not path.name.startswith(".")]


def mark_used(record: Path) -> None:
    """Set a record's modification time to now, at most once a day: `gc` removes what was not used for long."""
    if time.time() - record.stat().st_mtime > DAY:
        with contextlib.suppress(OSError):
            os.utime(record)


def artifact_digest(files: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an artifact's files (their digests by name) and facts, whatever they were made from."""
    return sha256(canonical_json([files, facts])).hexdigest()


@contextmanager
def using_results(project: Path) -> Iterator[None]:
    """Hold the lock of `project`, shared with other builds; wait while results are being removed."""
    with open_lock(project) as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


@contextmanager
def removing_results(project: Path) -> Iterator[None]:
    """Hold the lock of `project` exclusively; raise LectureError if a build is running."""
    with open_lock(project) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LectureError("a build of this project is running", hint="try again when it has ended") from None
        yield


def open_lock(project: Path) -> FileIO:
    """Open the file that is locked, which is empty and never removed; raise LectureError if it is none."""
    path = project / ".lectern" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return open_file(path, "ab")
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EISDIR, errno.ENXIO):
            raise
        raise LectureError("'.lectern/lock' is no file, but a folder, a pipe or a device", hint="remove it") from None
