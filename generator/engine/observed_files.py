"""The project's files that tasks were seen to read, beside those in their keys: what each holds now, and its stamp.

A result names them with their digests, as it names the packages that it was made with (`generator.runners.observing`
sees them while the task runs). The stamps are for the next build's fast check.
"""

import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.disk import Stamp, content_digest, take_stamp
from generator.roots import find_in_roots

Observed = Mapping[str, str]  # by path in the project: the digest of a file or of a folder's names (`content_digest`)


class ObservedFiles:
    """The observed files of one project; each is read once a build unless it changes.

    stamps: of each file that was asked for, by its path, as it was before it was first read.
    """

    def __init__(self, project: Path) -> None:
        self.project = project
        self.stamps: dict[str, Stamp] = {}
        self.lock = threading.Lock()
        self.known: dict[str, tuple[Stamp, str]] = {}

    def changed(self, observed: Observed) -> list[str]:
        """Return the paths of those files that no longer have the digest that they had when they were observed."""
        return [name for name, digest in observed.items() if self.digest(name) != digest]

    def digest(self, name: str) -> str:
        """Return the digest of a file, or of the names in a folder; the empty string if there is neither."""
        path = find_in_roots(name, self.project)
        with self.lock:
            stamp = take_stamp(str(path))
            self.stamps.setdefault(str(path), stamp)
            found = self.known.get(name)
            if found is None or found[0] != stamp:
                found = self.known[name] = (stamp, content_digest(path))
            return found[1]

    def forget(self, names: Iterable[str]) -> None:
        """Read these files again when they are next asked for, even if their stamps are the same."""
        with self.lock:
            for name in names:
                self.known.pop(name, None)
