"""Files on disk: atomic writes, caches, file stamps, digests, canonical JSON and the versions of installed packages.

Seals: whatever is kept between builds begins with a digest of its name and its content. A file that was damaged, or
that bears another's name, is noticed when it is read, and counts as missing.

Caches: `cached` names an entry after the digest of all that it depends on, the code that computes it included, so an
entry never gets outdated. Cache files may be deleted at any time: that costs time, never a result.

Stamps: a cheap test whether files are unchanged, without reading them again; see `FileStamps`.
"""

import contextlib
import errno
import json
import marshal
import os
import re
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib import metadata
from io import FileIO
from pathlib import Path
from types import ModuleType
from typing import Any, Literal


class _ReadBuffer(threading.local):
    """A buffer for each thread; a new one for each file would take as long as hashing the file."""

    def __init__(self) -> None:
        self.view = memoryview(bytearray(1 << 18))


_READ_BUFFER = _ReadBuffer()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal; raise OSError if it cannot be read, as `open_file` does."""
    digest, view = sha256(), _READ_BUFFER.view
    with open_file(path) as file:
        while size := file.readinto(view):
            digest.update(view[:size])
    return digest.hexdigest()


def read_file(path: Path) -> bytes:
    """Return the bytes of a file; raise OSError if it cannot be read, as `open_file` does."""
    with open_file(path) as file:
        return file.read()


def open_file(path: Path, mode: Literal["rb", "ab"] = "rb") -> FileIO:
    """Open a file, without a buffer; raise OSError if that is not possible, and for a pipe or a device.

    To open a pipe may take for ever, as may reading one, and a device may never end.
    """
    flags = os.O_RDONLY if mode == "rb" else os.O_RDWR | os.O_CREAT | os.O_APPEND
    handle = os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC, 0o644)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return open(handle, mode, buffering=0)  # noqa: PTH123 (no path: what is open already)
    os.close(handle)
    raise OSError(errno.EINVAL, "it is no file, but a folder, a pipe or a device", str(path))


VERSION_LINE = re.compile(r"^Version:(.+)$", re.MULTILINE)


def write_atomically(path: Path, content: bytes, *, is_lasting: bool = True) -> None:
    """Write `content` to `path` so that no reader sees a half-written file, not even after a crash or on a full disk.

    is_lasting: whether this must also hold after a power cut; without, writing takes half the time.
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


def content_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, or of the names in a folder; the empty string if there is neither.

    Names that are hidden do not count, nor does the bytecode that Python leaves in a folder.
    """
    try:
        if path.is_file():
            return file_digest(path)
        names = sorted(name for name in os.listdir(path) if not name.startswith(".") and name != "__pycache__")  # noqa: PTH208
    except (OSError, ValueError):
        return ""
    return sha256("\0".join(names).encode(errors="surrogateescape")).hexdigest()


def differs(path: Path, content: bytes) -> bool:
    """Return whether the file at `path` is missing or has other content than `content`."""
    return not path.is_file() or path.stat().st_size != len(content) or path.read_bytes() != content


def write_changed(files: Mapping[str, bytes], folder: Path) -> Iterator[Path]:
    """Write those files that differ from what is in `folder`, each atomically; yield the path of each that is written.

    So whoever collects the paths has them, too, if the disk is full before the last.
    """
    for path, content in ((folder / name, content) for name, content in files.items()):
        if differs(path, content):
            write_atomically(path, content)
            yield path


def canonical_json(value: object) -> bytes:
    """Return `value` as JSON in its only spelling: keys sorted, no spaces, UTF-8; equal values give equal bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


@cache
def installed_version(package: str) -> str:
    """Return the version of an installed distribution; the empty string if it is not installed."""
    try:
        text = metadata.distribution(package).read_text("METADATA") or ""
    except metadata.PackageNotFoundError:
        return ""
    found = VERSION_LINE.search(text)  # same as `metadata.version`, which parses the whole description first
    return found[1].strip() if found else metadata.version(package)


DAY = 86_400  # seconds: how often a result is marked as used, and how long a good build counts
CACHE_ERRORS = (OSError, ValueError, EOFError, TypeError)  # raised by reading a cache file that is gone or damaged
CACHE_FOLDERS = (
    "bytecode",
    "code",
    "formulas",
    "recipes",
    "works",
)  # below .lectern/cache, each for one kind of cached values


def cached(project: Path, folder: str, depends_on: Iterable[str | bytes], compute: Callable[[], Any]) -> Any:
    """Return the value of `compute()`, which `marshal` must be able to write; from the cache if it is there.

    folder: one of CACHE_FOLDERS. depends_on: everything that the value depends on, including the digest of the code
    that computes it. What `compute` raises is passed on and not cached.
    """
    digest = sha256(sys.version.encode())
    for part in depends_on:
        digest.update(sha256(part.encode() if isinstance(part, str) else part).digest())
    path = project / ".lectern" / "cache" / folder / digest.hexdigest()
    with contextlib.suppress(*CACHE_ERRORS):
        return read_cached(path)
    values = compute()
    write_cached(path, values)
    return values


@cache
def digest_of_modules(*modules: ModuleType) -> str:
    """Return the SHA-256 of the source of some of our modules; in a cache key, it hides entries of older code."""
    return sha256(b"".join(Path(str(module.__file__)).read_bytes() for module in modules)).hexdigest()


def read_cached(path: Path) -> Any:
    """Return the values that `write_cached` wrote to a file; raise one of CACHE_ERRORS if it is gone or damaged."""
    return marshal.loads(read_sealed(path))  # noqa: S302 (written by this project, and checked)


def write_cached(path: Path, values: Any) -> None:
    """Write values to a sealed file; a disk error is ignored."""
    write_sealed(path, marshal.dumps(values))


def seal_of(name: str, content: bytes) -> bytes:
    """Return the seal, 32 bytes, of what is kept under `name`: a copy under another name has the wrong one."""
    return sha256(name.encode(errors="surrogateescape") + b"\0" + content).digest()


def read_sealed(path: Path) -> bytes:
    """Return the bytes that `write_sealed` wrote to a file; raise OSError if it is gone, ValueError if damaged."""
    content = read_file(path)
    if seal_of(path.name, content[32:]) != content[:32]:
        raise ValueError(f"{path.name} is damaged")
    return content[32:]


def write_sealed(path: Path, content: bytes) -> None:
    """Write bytes to a file, atomically and preceded by their seal; a disk error is ignored."""
    part = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(seal_of(path.name, content) + content)
        part.replace(path)


MIN_STAMP_AGE = 2_000_000_000  # nanoseconds: longer than a tick of any file system's clock

Stamp = tuple[int, int, int, int] | None  # inode, size, mtime, ctime; None for a path that does not exist


def take_stamp(path: str) -> Stamp:
    """Return the stamp of a file or a folder: numbers that the system changes with every write to it.

    `generator.commands.up_to_date`, which may import nothing, takes the same four of every source and every product.
    """
    try:
        status = os.stat(path)  # noqa: PTH116 (called for some hundred paths after every task)
    except (OSError, ValueError):
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


class FileStamps:
    """The stamps of files and folders, each taken before they were read, to see later whether any has changed.

    The stamp of a folder changes when an entry is added or removed. A stamp proves nothing if the file had just been
    written when it was taken: two writes within one tick of the system's clock may leave the same stamp, and whoever
    wrote may not have finished. `has_recent` notes that there is such a stamp; `are_current` is then always False.
    """

    def __init__(self) -> None:
        self.taken: dict[str, Stamp] = {}
        self.has_recent = False

    def look_at(self, path: str) -> None:
        """Take the stamp of a path, unless it has been taken before."""
        if path not in self.taken:
            stamp = self.taken[path] = take_stamp(path)
            if stamp is not None and time.time_ns() - max(stamp[2:]) < MIN_STAMP_AGE:
                self.has_recent = True

    def are_current(self) -> bool:
        """Return whether certainly nothing has changed; False if something may have."""
        return not self.has_recent and all(take_stamp(path) == stamp for path, stamp in self.taken.items())
