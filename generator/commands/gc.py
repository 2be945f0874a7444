"""The `gc` command: removes results that no build has used for a long time.

It never runs while a build runs, and never removes an object that a remaining record names. The modification time of a
record says when its result was last used: builds set it, at most once a day.
"""

import contextlib
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator.disk import CACHE_FOLDERS, DAY
from generator.engine.store import Store, files_in, removing_results
from generator.errors import LectureError

GIGABYTE = 10**9
LEFTOVER_FOLDERS = ("scratch",)  # below .lectern: what killed builds leave behind
# Below .lectern: folders whose files are removed at the same age as results.
AGING_FOLDERS = ("journal", "logs", "cache/rendered", *(f"cache/{folder}" for folder in CACHE_FOLDERS))


@dataclass(frozen=True, slots=True)
class Record:
    """A record in the store: when it was last used, its own size in bytes, and the sizes of its objects by digest."""

    path: Path
    used: float
    size: int
    objects: dict[str, int]


@dataclass(slots=True)
class Tally:
    """What was removed (or would be): how many records, files and bytes; and `kept`, the records that are left."""

    records: int = 0
    files: int = 0
    size: int = 0
    kept: list[Record] = field(default_factory=list)


def collect_garbage(folder: str, days: float, max_size: float, *, dry_run: bool) -> int:
    """Remove the results that were not used for `days`, then the oldest beyond `max_size`; return the exit code.

    max_size: how many bytes all results may take. dry_run: remove nothing, only print what would be removed.
    """
    project = Path(folder)
    try:
        with removing_results(project):
            tally = collect_store(Store(project / ".lectern" / "store"), days, max_size, dry_run=dry_run)
            remove_leftovers(project / ".lectern", days, tally, dry_run=dry_run)
    except LectureError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\nhint: is the folder yours to write?\n")
        return 1
    verb = "would free" if dry_run else "freed"
    left = size_of(tally.kept)
    sys.stdout.write(f"{verb} {tally.size / 1e6:.1f} MB: {tally.records} results, {tally.files} files\n")
    sys.stdout.write(f"kept {left / 1e6:.1f} MB: {len(tally.kept)} results\n")
    return 0


def collect_store(store: Store, days: float, max_size: float, *, dry_run: bool) -> Tally:
    """Remove from `store` what is too old or too large (see `collect_garbage`), and return what was removed and kept.

    Records are removed before objects, so that a record never names an object that is gone.
    """
    records = sorted(read_records(store), key=lambda record: record.used)
    kept = choose_kept(records, time.time() - days * DAY, max_size)
    tally = Tally(kept=kept)
    kept_paths = {record.path for record in kept}
    for path in files_in(store.folder / "records"):
        if path not in kept_paths:
            tally.records += path.suffix == ".json"
            remove(path, tally, dry_run=dry_run)
    needed = {store.object_path(digest) for record in kept for digest in record.objects}
    for path in files_in(store.folder / "objects"):
        if path not in needed:
            remove(path, tally, dry_run=dry_run)
    return tally


def choose_kept(records: Sequence[Record], oldest: float, max_size: float) -> list[Record]:
    """Return the records to keep: the newest, none of them last used before `oldest`, in at most `max_size` bytes.

    records: sorted from the least to the most recently used. oldest: in seconds since the epoch. An object that several
    records share counts once.
    """
    kept: list[Record] = []
    counted: set[str] = set()
    total = 0
    for record in reversed(records):
        new = {digest: size for digest, size in record.objects.items() if digest not in counted}
        total += record.size + sum(new.values())
        if record.used < oldest or total > max_size:
            break
        counted |= new.keys()
        kept.append(record)
    return kept


def read_records(store: Store) -> Iterator[Record]:
    """Yield the records that can be read; a build cannot use any others."""
    for path in files_in(store.folder / "records"):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            status = path.stat()
            files = store.read_record(path.parent.name + path.stem)["files"].values()
            objects = {entry["digest"]: entry["size"] for entry in files}
            if path.suffix == ".json":
                yield Record(path, status.st_mtime, status.st_size, objects)


def remove_leftovers(home: Path, days: float, tally: Tally, *, dry_run: bool) -> None:
    """Remove what killed builds left behind, and the files of the journal and the caches that are older than `days`."""
    for name in LEFTOVER_FOLDERS:
        for path in files_in(home / name):
            remove(path, tally, dry_run=dry_run)
        if not dry_run:
            shutil.rmtree(home / name, ignore_errors=True)
    for path in (path for folder in AGING_FOLDERS for path in files_in(home / folder)):
        if path.stat().st_mtime < time.time() - days * DAY:
            remove(path, tally, dry_run=dry_run)


def size_of(records: Sequence[Record]) -> int:
    """Return how many bytes the records and their objects take; an object that several share counts once."""
    objects = {digest: size for record in records for digest, size in record.objects.items()}
    return sum(record.size for record in records) + sum(objects.values())


def remove(path: Path, tally: Tally, *, dry_run: bool) -> None:
    """Remove a file (unless `dry_run`) and count it."""
    tally.files += 1
    tally.size += path.lstat().st_size
    if not dry_run:
        path.unlink()
