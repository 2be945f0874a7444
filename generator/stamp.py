"""Stamps: whether files and folders are still as they were when they were looked at, without reading them again.

A stamp is what the system changes with every write and every entry of a folder. It is believed only within one
process, and only where it was old when it was taken: two writes within one tick of the system's clock may leave the
same stamp, and whoever writes may then still be at it.
"""

import os
import time

YOUNG = 2_000_000_000  # nanoseconds: longer than a tick of any file system's clock

Stamp = tuple[int, int, int, int] | None  # inode, size, times of content and of inode; None for what is not there


def take_stamp(path: str) -> Stamp:
    """Return the stamp of a file or a folder."""
    try:
        status = os.stat(path)  # noqa: PTH116 (called for some hundred paths after every task)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


class Stamps:
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
