"""Memos: what was made of some bytes, kept on disk under the digest of them and of the code that made it.

A memo may get lost at any time, and one that is damaged is noticed when it is read: it costs work, never a result.
"""

import contextlib
import hashlib
import json
import marshal
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal; raise OSError where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


VERSION = re.compile(r"^Version:(.+)$", re.MULTILINE)


def write_atomically(path: Path, content: bytes, *, is_lasting: bool = True) -> None:
    """Write `content` to `path` so that a reader, a crash or a full disk never leaves a part of it there.

    is_lasting: whether that holds for a power cut too; what is no loss then is written in half the time without.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if is_lasting:
                file.flush()
                os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def file_state(path: Path) -> tuple[int, int] | None:
    """Return the size and the time of change of a file, in bytes and nanoseconds; None where there is none.

    `generator.commands.up_to_date`, which may import nothing, takes the same of every source.
    """
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns


def differs(path: Path, content: bytes) -> bool:
    """Return whether the file at `path` has other content than this, or is not there."""
    return not path.is_file() or path.read_bytes() != content


def write_changed(files: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Write the files that differ from those in `folder`, each atomically; return the paths of these."""
    changed = [(folder / name, content) for name, content in files.items() if differs(folder / name, content)]
    for path, content in changed:
        write_atomically(path, content)
    return [path for path, _ in changed]


def canonical_json(value: object) -> bytes:
    """Return the one JSON text of `value`."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


@cache
def installed_version(package: str) -> str:
    """Return the version of a distribution that is installed, empty when it is not."""
    try:
        text = metadata.distribution(package).read_text("METADATA") or ""
    except metadata.PackageNotFoundError:
        return ""
    found = VERSION.search(text)  # what `metadata.version` finds, without reading the whole description
    return found[1].strip() if found else metadata.version(package)


DAY = 86_400  # seconds: how often a result is marked as used, and how long a good build counts
CACHE_ERRORS = (OSError, ValueError, EOFError, TypeError)  # what reading a kept file raises that is gone or damaged
CACHE_FOLDERS = ("code", "recipes", "works")  # below .lectern/cache, each for memos of one kind


def cached(project: Path, shelf: str, about: Iterable[str | bytes], make: Callable[[], Any]) -> Any:
    """Return what `make` makes, of values that `marshal` can write; from a memo where there is one.

    about: all that the outcome depends on, the digest of the code that makes it among it. What `make` raises is passed
    on, and not kept.
    """
    name = sha256(sys.version.encode())
    for part in about:
        name.update(sha256(part.encode() if isinstance(part, str) else part).digest())
    path = project / ".lectern" / "cache" / shelf / name.hexdigest()
    with contextlib.suppress(*CACHE_ERRORS):
        return read_cached(path)
    made = make()
    write_cached(path, made)
    return made


@cache
def digest_of_modules(*modules: ModuleType) -> str:
    """Return the SHA-256 of the source of some modules of ours, for caches that new code must not read."""
    return sha256(b"".join(Path(str(module.__file__)).read_bytes() for module in modules)).hexdigest()


def read_cached(path: Path) -> Any:
    """Return the values that `keep` has written to a file; raise one of LOST where it is gone or damaged."""
    content = path.read_bytes()
    if sha256(content[32:]).digest() != content[:32]:
        raise ValueError("damaged")
    return marshal.loads(content[32:])  # noqa: S302 (written by this project, and checked)


def write_cached(path: Path, values: Any) -> None:
    """Write values to a file, behind their SHA-256: one that gets lost or damaged is noticed when it is read."""
    content = marshal.dumps(values)
    part = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(sha256(content).digest() + content)
        part.replace(path)


YOUNG = 2_000_000_000  # nanoseconds: longer than a tick of any file system's clock

Stamp = tuple[int, int, int, int] | None  # inode, size, times of content and of inode; None for what is not there


# Stamps: whether files and folders are still as they were when they were looked at, without reading them again.
#
# A stamp is what the system changes with every write and every entry of a folder. It is believed only within one
# process, and only where it was old when it was taken: two writes within one tick of the system's clock may leave the
# same stamp, and whoever writes may then still be at it.


def take_stamp(path: str) -> Stamp:
    """Return the stamp of a file or a folder."""
    try:
        status = os.stat(path)  # noqa: PTH116 (called for some hundred paths after every task)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


class FileStamps:
    """The stamps of what was looked at, each taken before that was read."""

    def __init__(self) -> None:
        self.taken: dict[str, Stamp] = {}
        self.is_young = False

    def look_at(self, path: str) -> None:
        """Take the stamp of a path, if it was not looked at before."""
        if path not in self.taken:
            stamp = self.taken[path] = take_stamp(path)
            if stamp is not None and time.time_ns() - max(stamp[2:]) < YOUNG:
                self.is_young = True

    def are_current(self) -> bool:
        """Return whether nothing has changed for sure; False where it may have."""
        return not self.is_young and all(take_stamp(path) == stamp for path, stamp in self.taken.items())
