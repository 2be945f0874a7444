"""Limits of one job, in its own process: how long it may take, and how much memory.

They are generous: they are there for what would never end, or would take the machine down with it.
"""

import os
import resource
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from generator.errors import LectureError

HOURS = 24.0  # that a job may take, unless the course says otherwise
SHARE = 0.9  # of the machine's memory that a job may take, unless the course says otherwise
GRACE = 5  # seconds in which a job that is out of time may say so itself, before its server says it and kills it
HINT = "make it smaller, or write into lectures/course.toml, below [limits], {name} = {more:g}"
MINUTES_HINT = "make it smaller, or give it more time in the front matter: {{…, timeout: {more:g}}}"
CGROUP = Path("/sys/fs/cgroup/memory.max")  # what the container may take that we are in, if we are in one


def seconds(limits: Mapping[str, Any]) -> float:
    """Return how many seconds a job may take by `limits`, which say it in `minutes` or, of any job, in `hours`."""
    return float(limits["minutes"]) * 60 if "minutes" in limits else float(limits.get("hours", HOURS)) * 3600


def out_of_time(limits: Mapping[str, Any]) -> LectureError:
    """Return what is said of a job that has taken longer than `limits` let it."""
    if "minutes" in limits:
        minutes = float(limits["minutes"])
        problem = f"it has taken longer than {minutes:g} minute{'s' * (minutes != 1)}"
        return LectureError(problem, hint=MINUTES_HINT.format(more=2 * minutes))
    hours = seconds(limits) / 3600
    hint = HINT.format(name="hours", more=2 * hours)
    return LectureError(f"it has taken longer than {hours:g} hours", hint=hint)


@contextmanager
def within_limits(limits: Mapping[str, Any]) -> Iterator[None]:
    """Raise LectureError in what takes longer, or more memory, than `limits` say: time, and gigabytes of `memory`.

    What does not listen, or is in a function written in C, is left to the server that has started this process.
    """
    size = float(limits.get("memory", 0)) * 1e9 or SHARE * machine_memory()

    def stop(_: int, __: FrameType | None) -> None:
        raise out_of_time(limits)

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds(limits))
    try:
        with at_most(size):
            yield
    except MemoryError as error:
        problem = f"it needs more memory than the {size / 1e9:.3g} GB that it may take"
        raise LectureError(problem, hint=HINT.format(name="memory", more=round(2 * size / 1e9, 1))) from error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


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
