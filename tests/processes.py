"""Processes that tests start: they end with their test, whatever becomes of it, and so does all that they have started."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

PATIENCE = 300  # seconds that an event may take on a machine which others keep busy; none takes ten on one that is free


@contextlib.contextmanager
def running(command: Sequence[str], **options: Any) -> Iterator[subprocess.Popen]:
    """Start a process in a group of its own, and kill the group at the end of the block."""
    process = subprocess.Popen(command, start_new_session=True, **options)
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen) -> None:
    """Kill a process that leads its group, and the group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            stream.close()
    process.wait(PATIENCE)


def code_of(process: subprocess.Popen) -> int:
    """Return the exit code of a process that leads its group, once it has ended; it does not outlive this call."""
    try:
        return process.wait(PATIENCE)
    finally:
        end(process)


def wait_for(condition: Callable[[], object]) -> None:
    """Return when `condition` holds; fail if it does not within PATIENCE."""
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit, f"waited for {PATIENCE} s"
        time.sleep(0.01)  # it is the event that is waited for; looking without a pause would slow it down


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


def end_all_in(folder: Path) -> None:
    """Kill every process whose working folder is below `folder`, also one that has left its group."""
    for process in processes_in(folder):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
