"""Looks at the processes of this machine, for tests of what must have ended."""

import os
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 120  # seconds: a machine under ten other loads passes too


def wait_for(condition: Callable[[], object]) -> None:
    """Return when `condition` holds; fail after PATIENCE seconds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited for {PATIENCE} s"
        os.sched_yield()


def processes_in(folder: Path) -> list[int]:
    """Return the processes whose working folder is below `folder`."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if link.readlink().is_relative_to(folder):
                found.append(int(link.parent.name))
        except OSError:
            continue
    return found
