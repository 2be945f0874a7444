"""One task in a process of its own: in an empty folder, with a fixed environment, ended with all that it started.

The process is forked from one that has imported what the task needs, so that heavy libraries load once a build.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.engine.workers import Workers

# Results must depend on neither the machine's number of cores nor its language, clock or hash seed. Freed memory is
# kept for what asks next, in pieces of up to 32 MB: to be given each frame of a film anew costs up to a fifth of it.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC", "SOURCE_DATE_EPOCH": "0",
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1",
    "TF_ENABLE_ONEDNN_OPTS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "MPLBACKEND": "Agg",
    "MALLOC_MMAP_THRESHOLD_": f"{32 << 20}", "MALLOC_TRIM_THRESHOLD_": f"{128 << 20}",
}  # fmt: skip


@dataclass(slots=True)
class PendingJob:
    """Somebody who waits for the result of a job."""

    over: threading.Event = field(default_factory=threading.Event)
    result: str = ""


class ForkServer:
    """A process that has imported `modules` and forks a child a job; see `generator.runners.forkserver`."""

    def __init__(self, project: Path, home: Path, modules: Sequence[str]) -> None:
        cache = project / ".lectern" / "cache"
        places = {"HOME": str(home), "MPLCONFIGDIR": str(cache / "matplotlib"), "XDG_CACHE_HOME": str(cache)}
        environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(project), **ENVIRONMENT, **places}
        self.home, self.log = home, home / "log.txt"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "generator.runners.forkserver", *modules],
                cwd=home,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        self.lock = threading.Lock()
        self.waiting: dict[str, PendingJob] = {}
        self.ended = False
        self.ear = threading.Thread(target=self.listen, daemon=True)
        self.ear.start()

    def run(self, folder: Path, job: str) -> str:
        """Have a child run the job, JSON on one line, in `folder`; return its result, nothing where there is none."""
        asked = PendingJob()
        with self.lock:
            if self.ended or self.process.stdin is None:
                return ""
            self.waiting[str(folder)] = asked
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.write(f"{folder}\0{job}\n".encode())
                self.process.stdin.flush()
        asked.over.wait()
        return asked.result

    def listen(self) -> None:
        """Wake up who waits for a job that has ended; all of them, when the server itself ends."""
        for line in self.process.stdout or ():
            folder, _, result = line.decode().rstrip("\n").partition("\0")
            asked = self.waiting.pop(folder)
            asked.result = result
            asked.over.set()
        with self.lock:
            self.ended = True
            for asked in self.waiting.values():
                asked.over.set()

    def close(self) -> None:
        """End the server, which ends its children."""
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait()
        self.ear.join()
        if self.process.stdout:
            self.process.stdout.close()


class ForkServers:
    """The fork servers that are running, by project and modules; safe to ask from several threads."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.running: dict[tuple[Path, tuple[str, ...]], ForkServer] = {}
        self.closed = False

    def find(self, project: Path, modules: Sequence[str], scratch: Path) -> ForkServer:
        """Return a server, started below `scratch` when it is first asked for, and again if it died.

        Raises InterruptedError once they have been closed for good.
        """
        with self.lock:
            if self.closed:
                raise InterruptedError("the build was stopped")
            name = (project, tuple(modules))
            server = self.running.get(name)
            if server is not None and server.ended:
                server.close()
            if server is None or server.ended:
                home = Path(tempfile.mkdtemp(prefix="forkserver-", dir=scratch))
                server = self.running[name] = ForkServer(project, home, modules)
            return server

    def close(self, project: Path) -> None:
        """End the servers of a project, with their children, and remove their homes."""
        with self.lock:
            for name in [name for name in self.running if name[0] == project]:
                server = self.running.pop(name)
                server.close()
                shutil.rmtree(server.home, ignore_errors=True)


def available_memory(path: Path = Path("/proc/meminfo")) -> float:
    """Return how many megabytes are free; as many as one likes where the system does not say."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except OSError:
        return float("inf")
    free = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(free[0]) / 1024 if free else float("inf")


class LocalWorkers(Workers):
    """The children of one build: a fork server for each set of libraries that is asked for."""

    def __init__(self, project: Path, slots: int = os.cpu_count() or 1) -> None:
        self.project, self.slots = project, slots
        self.servers = ForkServers()

    def free_memory(self) -> float:
        """Return how many megabytes are free on this machine."""
        return available_memory()

    def run(self, folder: Path, job: Mapping[str, Any], modules: Sequence[str]) -> dict[str, Any]:
        """Run `job` in the empty `folder`, whose `out` gets its files, in a process that has imported `modules`.

        Return facts and packages, or what went wrong: problem, hint, traceback.
        """
        server = self.servers.find(self.project, modules, folder.parent)
        return read_result(server.run(folder, json.dumps(job)), (server.log, folder / "log.txt"))

    def close(self) -> None:
        """End every child that still runs, and let no other start."""
        self.servers.closed = True
        self.servers.close(self.project)


def read_result(text: str, logs: Iterable[Path]) -> dict[str, Any]:
    """Return what the child said; one that said nothing was ended from outside, or its server never began."""
    try:
        result: dict[str, Any] = json.loads(text)
    except ValueError:
        return ended_early("".join(map(read_end, logs)))
    return result


def ended_early(log: str) -> dict[str, Any]:
    """Return the result of a child that came to no end, given what it and its server printed."""
    last = log.strip().split("\n")[-1] or "it printed nothing"
    problem = f"the process ended before its end: {last}"
    return {"problem": problem, "hint": "is there enough memory?", "traceback": log.strip()}


def read_end(path: Path) -> str:
    """Return the last of what a log says, nothing where there is none."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")[-4000:]
    except OSError:
        return ""
