"""Runs jobs on this machine, each in its own process, in an empty folder and with a fixed environment.

The process is forked from a fork server that has already imported the libraries which the job needs, so that heavy
libraries are loaded once per build. Closing a server ends its children with all the processes that they started.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.engine.library_caches import LibraryCaches
from generator.engine.workers import Workers
from generator.errors import SourceError
from generator.roots import roots_of

PATIENCE = 30  # seconds that a server has for importing its libraries and for ending its children
LONGEST_LOG = 20_000  # characters of what a job has printed, from its end, that are kept
CACHE = "cache"  # the folder in a fork server's home where its libraries cache things

# Results must not depend on the machine's number of cores, its language, its clock or the hash seed.
# The MALLOC variables keep freed memory, in pieces of up to 32 MB, for the next allocation: getting it from the system
# again for every frame takes up to a fifth of the time of a film.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC", "SOURCE_DATE_EPOCH": "0",
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1",
    "TF_ENABLE_ONEDNN_OPTS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "MPLBACKEND": "Agg",
    "MALLOC_MMAP_THRESHOLD_": f"{32 << 20}", "MALLOC_TRIM_THRESHOLD_": f"{128 << 20}",
}  # fmt: skip


# The machine's arithmetic, which whoever wants to see what depends on it can limit; results say what they were made on.
ARITHMETIC = ("ONEDNN_MAX_CPU_ISA", "TF_ENABLE_ONEDNN_OPTS")


@dataclass(slots=True)
class PendingJob:
    """A job whose result a thread is waiting for; the result stays empty if its process ended without one."""

    finished: threading.Event = field(default_factory=threading.Event)
    result: str = ""


class ForkServer:
    """A process that has imported `modules` and forks a child for each job; see `generator.runners.forkserver`."""

    def __init__(self, roots: Sequence[Path], home: Path, modules: Sequence[str]) -> None:
        """Start the process; `roots`: the folders in which it looks for modules, in this order."""
        cache = home / CACHE
        places = {"HOME": str(home), "MPLCONFIGDIR": str(cache / "matplotlib"), "XDG_CACHE_HOME": str(cache)}
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": os.pathsep.join(map(str, roots)),
            **ENVIRONMENT,
            **places,
        }
        environment |= {name: os.environ[name] for name in ARITHMETIC if name in os.environ}
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
        self.reader = threading.Thread(target=self.listen, daemon=True)
        self.reader.start()

    def run(self, folder: Path, job: str) -> str:
        """Let a child run `job`, JSON on one line, in `folder`; return its result, empty if it ended without one."""
        pending, name = PendingJob(), json.dumps(str(folder))  # as JSON it is one line, whatever is in it
        with self.lock:
            if self.ended or self.process.stdin is None:
                return ""
            self.waiting[name] = pending
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.write(f"{name}\0{job}\n".encode())
                self.process.stdin.flush()
        pending.finished.wait()
        return pending.result

    def listen(self) -> None:
        """Wake up the thread that waits for each job that ends; all of them once the server itself has ended."""
        for line in self.process.stdout or ():
            name, _, result = line.decode(errors="replace").rstrip("\n").partition("\0")
            if pending := self.waiting.pop(name, None):
                pending.result = result
                pending.finished.set()
        with self.lock:
            self.ended = True
            for pending in self.waiting.values():
                pending.finished.set()

    def close(self) -> None:
        """End the server, which ends its children; one that does not hear has PATIENCE seconds until it is killed."""
        if self.process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.terminate()
            self.process.wait()
        self.reader.join()
        if self.process.stdout:
            self.process.stdout.close()


class ForkServers:
    """The running fork servers, by project and modules; safe to use from several threads.

    unpack, keep: called with the folder in which the libraries of a server cache things, before it starts and after it
    has ended. library: the folders in which modules are looked up that are not in the project.
    """

    def __init__(
        self,
        unpack: Callable[[Path], None] = lambda _: None,
        keep: Callable[[Path], None] = lambda _: None,
        library: Sequence[Path] = (),
    ) -> None:
        self.unpack, self.keep, self.library = unpack, keep, library
        self.lock = threading.Lock()
        self.running: dict[tuple[Path, tuple[str, ...]], ForkServer] = {}
        self.closed = False

    def find(self, project: Path, modules: Sequence[str], scratch: Path) -> ForkServer:
        """Return the server for a project and modules, started in a folder below `scratch` if there is none or it died.

        Raise InterruptedError once the servers have been closed for good.
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
                self.unpack(home / CACHE)
                server = self.running[name] = ForkServer((project, *self.library), home, modules)
            return server

    def close(self, project: Path, *, kept: tuple[str, ...] | None = None) -> None:
        """End the servers of a project with their children, and remove their folders.

        kept: the modules of one that goes on, if any does.
        """
        with self.lock:
            for name in [name for name in self.running if name[0] == project and name[1] != kept]:
                server = self.running.pop(name)
                server.close()
                with contextlib.suppress(OSError):  # then the libraries of the next build begin anew
                    self.keep(server.home / CACHE)
                shutil.rmtree(server.home, ignore_errors=True)


def available_memory(path: Path = Path("/proc/meminfo")) -> float:
    """Return how many megabytes are free; infinity if the system does not say."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except OSError:
        return float("inf")
    free = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(free[0]) / 1024 if free else float("inf")


class LocalWorkers(Workers):
    """The workers of a build on one machine: a fork server for each set of modules, a child for each job."""

    def __init__(self, project: Path, slots: int = os.cpu_count() or 1) -> None:
        self.project, self.slots = project, slots
        self.roots = roots_of(project)
        caches = LibraryCaches(project / ".lectern" / "cache" / "libraries")
        self.servers = ForkServers(caches.unpack, caches.keep, self.roots[1:])

    def free_memory(self) -> float:
        """Return how many megabytes are free on this machine."""
        return available_memory()

    def run(self, folder: Path, job: Mapping[str, Any], modules: Sequence[str]) -> dict[str, Any]:
        """Run `job` in the empty `folder` in a process that has imported `modules`; its files go to `folder/out`.

        Return a dict of facts, packages and cost, or of what went wrong: problem, hint, traceback. Raise SourceError
        for a project in which Python could not find the modules.
        """
        if any(os.pathsep in str(root) for root in self.roots):
            problem = f"the path of the project has a '{os.pathsep}', which separates the paths that Python looks in"
            raise SourceError(problem, hint="rename the folder")
        server = self.servers.find(self.project, modules, folder.parent)
        result = read_result(server.run(folder, json.dumps(job)), (server.log, folder / "log.txt"))
        return {**result, "printed": read_end(folder / "log.txt").strip()}

    def close(self) -> None:
        """End all children that still run, and start no others."""
        self.servers.closed = True
        self.servers.close(self.project)


def read_result(text: str, logs: Iterable[Path]) -> dict[str, Any]:
    """Return the result that a child wrote; if there is none, it was killed or its server failed to start."""
    try:
        result: dict[str, Any] = json.loads(text)
    except ValueError:
        return ended_early("".join(map(read_end, logs)))
    return result


def ended_early(log: str) -> dict[str, Any]:
    """Return the result of a child that ended too early, given what it and its server printed."""
    last = log.strip().split("\n")[-1] or "it printed nothing"
    problem = f"the process ended before its end: {last}"
    hint = "is there enough memory? does it stop or kill what it has not started?"
    return {"problem": problem, "hint": hint, "traceback": log.strip()}


def read_end(path: Path) -> str:
    """Return the last LONGEST_LOG characters of a log; the empty string if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")[-LONGEST_LOG:]
    except OSError:
        return ""
