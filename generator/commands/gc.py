"""Removing results that no build has used for long; never while a build runs, and never a file that a record needs.

When a result was last used, the time of its record tells: builds set it, once a day.
"""

import contextlib
import json
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator.disk import CACHE_FOLDERS, DAY
from generator.engine.store import Store, removing_results
from generator.errors import LectureError

GIGABYTE = 10**9
LEFT_BEHIND = ("scratch",)  # below .lectern: what a build that was killed leaves
NOTES = ("journal", "cache/rendered", *(f"cache/{shelf}" for shelf in CACHE_FOLDERS))


@dataclass(frozen=True, slots=True)
class Record:
    """A record in the store: when it was last used, its own size, and the sizes of its objects by digest."""

    path: Path
    used: float
    size: int
    objects: dict[str, int]


@dataclass(slots=True)
class Tally:
    """What was removed (or would be), and what is left: files, and their bytes."""

    records: int = 0
    files: int = 0
    size: int = 0
    kept: list[Record] = field(default_factory=list)


def collect_garbage(folder: str, days: float, most: float, *, only_tell: bool) -> int:
    """Remove results not used for `days`, then the oldest until they take at most `most` bytes; return the exit code.

    only_tell: remove nothing, only print what would be.
    """
    project = Path(folder)
    try:
        with removing_results(project):
            tally = collect_store(Store(project / ".lectern" / "store"), days, most, only_tell=only_tell)
            remove_leftovers(project / ".lectern", days, tally, only_tell=only_tell)
    except LectureError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\nhint: is the folder yours to write?\n")
        return 1
    verb = "would free" if only_tell else "freed"
    left = size_of(tally.kept)
    sys.stdout.write(f"{verb} {tally.size / 1e6:.1f} MB: {tally.records} results, {tally.files} files\n")
    sys.stdout.write(f"kept {left / 1e6:.1f} MB: {len(tally.kept)} results\n")
    return 0


def collect_store(store: Store, days: float, most: float, *, only_tell: bool) -> Tally:
    """Remove what is too old or too much from `store`: records first, then the objects that no record names."""
    records = sorted(read_records(store), key=lambda record: record.used)
    kept = choose_kept(records, time.time() - days * DAY, most)
    tally = Tally(kept=kept)
    staying = {record.path for record in kept}
    for path in files_in(store.folder / "records"):
        if path not in staying:
            tally.records += path.suffix == ".json"
            remove(path, tally, only_tell=only_tell)
    needed = {store.object_path(digest) for record in kept for digest in record.objects}
    for path in files_in(store.folder / "objects"):
        if path not in needed:
            remove(path, tally, only_tell=only_tell)
    return tally


def choose_kept(records: Sequence[Record], oldest: float, most: float) -> list[Record]:
    """Return the records that stay, of `records` from old to new; an object that several share counts once."""
    kept: list[Record] = []
    taken: set[str] = set()
    total = 0
    for record in reversed(records):
        new = {digest: size for digest, size in record.objects.items() if digest not in taken}
        total += record.size + sum(new.values())
        if record.used < oldest or total > most:
            break
        taken |= new.keys()
        kept.append(record)
    return kept


def read_records(store: Store) -> Iterator[Record]:
    """Yield the records that can be read; any other is of no use to a build."""
    for path in files_in(store.folder / "records"):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            status = path.stat()
            files = json.loads(path.read_bytes())["files"].values()
            objects = {entry["digest"]: entry["size"] for entry in files}
            if path.suffix == ".json":
                yield Record(path, status.st_mtime, status.st_size, objects)


def remove_leftovers(home: Path, days: float, tally: Tally, *, only_tell: bool) -> None:
    """Remove what killed builds left, and notes on code and on tasks as old as results may be."""
    for name in LEFT_BEHIND:
        for path in files_in(home / name):
            remove(path, tally, only_tell=only_tell)
        if not only_tell:
            shutil.rmtree(home / name, ignore_errors=True)
    for path in (path for shelf in NOTES for path in files_in(home / shelf)):
        if path.stat().st_mtime < time.time() - days * DAY:
            remove(path, tally, only_tell=only_tell)


def files_in(folder: Path) -> list[Path]:
    """Return all files below a folder, none when there is no such folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file() or path.is_symlink())


def size_of(records: Sequence[Record]) -> int:
    """Return how many bytes records and their objects take, each object counted once."""
    objects = {digest: size for record in records for digest, size in record.objects.items()}
    return sum(record.size for record in records) + sum(objects.values())


def remove(path: Path, tally: Tally, *, only_tell: bool) -> None:
    """Remove a file and count it."""
    tally.files += 1
    tally.size += path.lstat().st_size
    if not only_tell:
        path.unlink()
