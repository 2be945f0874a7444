"""Limits of one job, in its own process: how long it may take, and how much memory.

They are generous: they are there for what would never end, or would take the machine down with it.
"""

import os
import resource
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from generator.errors import LectureError

HOURS = 24.0  # that a job may take, unless the course says otherwise
SHARE = 0.9  # of the machine's memory that a job may take, unless the course says otherwise
GRACE = 10  # seconds in which a job that is out of time may say so itself, before it is killed
HINT = "make it smaller, or write into lectures/course.toml, below [limits], {name} = {more:g}"
CGROUP = Path("/sys/fs/cgroup/memory.max")  # what the container may take that we are in, if we are in one


@contextmanager
def within_limits(limits: Mapping[str, Any]) -> Iterator[None]:
    """Raise LectureError in what takes longer, or more memory, than `limits` say: `hours`, and gigabytes of `memory`.

    What does not listen is killed a while later, with all that is in its process group.
    """
    hours = float(limits.get("hours", HOURS))
    size = float(limits.get("memory", 0)) * 1e9 or SHARE * machine_memory()
    problem = f"it has taken longer than {hours:g} hours"

    def stop(_: int, __: FrameType | None) -> None:
        raise LectureError(problem, hint=HINT.format(name="hours", more=2 * hours))

    watchdog = threading.Timer(hours * 3600 + GRACE, kill, (problem,))
    watchdog.daemon = True
    watchdog.start()
    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, hours * 3600)
    try:
        with at_most(size):
            yield
    except MemoryError as error:
        problem = f"it needs more memory than the {size / 1e9:.3g} GB that it may take"
        raise LectureError(problem, hint=HINT.format(name="memory", more=round(2 * size / 1e9, 1))) from error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        watchdog.cancel()


@contextmanager
def at_most(size: float) -> Iterator[None]:
    """Let this process, and those that it starts, have at most `size` bytes of data each."""
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = int(size) if hard == resource.RLIM_INFINITY else min(int(size), hard)
    with suppress(OSError, ValueError):  # where a system does not know this limit
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def machine_memory() -> float:
    """Return how many bytes of memory this machine has, or the container that we are in."""
    total = float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    with suppress(OSError, ValueError):  # no container, or one without a limit
        total = min(total, float(int(CGROUP.read_text(encoding="ascii"))))
    return total


def kill(problem: str) -> None:
    """Say `problem` in the log of this job, whose last line is told, and kill its process group."""
    os.write(2, f"\n{problem}\n".encode())
    os.killpg(0, signal.SIGKILL)
