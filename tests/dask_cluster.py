"""A Dask cluster on this machine: a scheduler and workers, each in a folder where nothing of ours can be imported."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from processes import end, wait_for

SERVE = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard"]
WORK = [
    sys.executable,
    "-m",
    "distributed.cli.dask_worker",
    "--nthreads",
    "1",
    "--no-nanny",
    "--no-dashboard",
    "--local-directory",
    ".",
]


def start(command: list[str], folder: Path, path: str = "") -> subprocess.Popen[bytes]:
    """Start a process of a cluster in a folder of its own, with modules to be found at `path`."""
    folder.mkdir()
    environment = {**os.environ, "PYTHONPATH": path}
    with (folder / "log.txt").open("wb") as log:
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True)


def address_in(log: Path) -> str:
    """Return the address that a scheduler prints when it is ready."""
    line = re.compile(r"Scheduler at:\s+(\w+://\S+)")
    wait_for(lambda: line.search(log.read_text()))
    return line.findall(log.read_text())[0]


@contextmanager
def standing_cluster(
    home: Path, workers: int, options: Sequence[str] = (), protocol: str = "tcp"
) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Give the address of a scheduler, and the processes: its own, then those of its workers of one thread each.

    options: further words for scheduler and workers. They end with the block.
    """
    processes = [start([*SERVE, "--protocol", protocol, *options], home / "scheduler")]
    try:
        address = address_in(home / "scheduler" / "log.txt")
        processes += [start([*WORK, *options, address], home / f"worker_{number}") for number in range(workers)]
        yield address, processes
    finally:
        for process in processes:
            end(process)
